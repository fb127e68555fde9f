"""The joint list: who is on duty, has not acknowledged, is alone, and is where it was said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from tocsin.posture.alone import Company, Standing, in_minutes, who_is_alone
from tocsin.posture.limits import Limits
from tocsin.posture.near import Picture
from tocsin.posture.order import Ground, is_inside
from tocsin.posture.unit import Status, Unit

_LAST = datetime.max.replace(tzinfo=UTC)


class Rank(IntEnum):
    """How urgent a person is; one is the worst."""

    ALONE_IN_PLACE = 1
    IN_PLACE = 2
    ALONE_ELSEWHERE = 3
    OTHERWISE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDuty:
    """A person on duty whom a bulletin concerns.

    Attributes:
        person: his key, the one that crews name him by.
        name: for showing.
        agency: the agency's key.
        has_acknowledged: whether he answered.
        told_at: when he was first told; None where he was not.
    """

    person: str
    name: str
    agency: str
    has_acknowledged: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRow:
    """One person of the joint list.

    Attributes:
        person: who.
        unit: key of his unit; empty where none names him.
        rank: how urgent.
        company: alone, together, at a station, or not known.
        is_in_place: whether he is inside a named place; None where it is not known.
        reasons: of the rank, in words.
    """

    person: OnDuty
    unit: str
    rank: Rank
    company: Company
    is_in_place: bool | None
    reasons: tuple[str, ...]


def joint_list(
    people: Iterable[OnDuty], picture: Picture, places: Sequence[Ground], limits: Limits
) -> tuple[JointRow, ...]:
    """All on duty who have not acknowledged, the worst first.

    Whoever is not known to have company counts as alone, and whoever is not known to be elsewhere
    counts as in the place; the reasons say so. Where no place is named, all are in it. Within a
    rank, whoever is known to be alone comes first, then who was never told, then who waits longest.
    """
    crews = _by_person(picture)
    standings: dict[str, dict[str, Standing]] = {}
    rows = [
        _row(person, crews.get(person.person, ()), picture, places, (limits, standings))
        for person in people
        if not person.has_acknowledged
    ]
    return tuple(sorted(rows, key=_urgency))


def _by_person(picture: Picture) -> dict[str, tuple[Unit, ...]]:
    """The units that name each person."""
    found: dict[str, tuple[Unit, ...]] = {}
    for unit in picture.units.values():
        if unit.status is not Status.OFF_DUTY:
            for member in unit.members:
                found[member.person] = (*found.get(member.person, ()), unit)
    return found


def _row(
    person: OnDuty,
    units: tuple[Unit, ...],
    picture: Picture,
    places: Sequence[Ground],
    judging: tuple[Limits, dict[str, dict[str, Standing]]],
) -> JointRow:
    limits, made = judging
    waited = _waited(person, picture.at)
    if len(units) != 1:
        text = "No unit names him." if not units else "Two units name him."
        is_in = None if places else True
        return JointRow(
            person=person,
            unit="",
            rank=Rank.ALONE_IN_PLACE,
            company=Company.NOT_KNOWN,
            is_in_place=is_in,
            reasons=(
                waited,
                f"{text} Where he is, and with whom, is not known: he counts as alone.",
            ),
        )
    unit = units[0]
    if unit.key not in made:
        made[unit.key] = {one.person: one for one in who_is_alone(unit, picture, limits)}
    standing = made[unit.key][person.person]
    is_in, where = _place(unit, standing, picture.at, places, limits)
    return JointRow(
        person=person,
        unit=unit.key,
        rank=_rank(standing.company, is_in),
        company=standing.company,
        is_in_place=is_in,
        reasons=(waited, _of_company(standing), where),
    )


def _waited(person: OnDuty, now: datetime) -> str:
    if person.told_at is None:
        return "Not told yet."
    return f"Told {in_minutes(now - person.told_at)} ago, not acknowledged."


def _of_company(standing: Standing) -> str:
    if standing.company is Company.NOT_KNOWN:
        return f"{standing.reason} He counts as alone."
    return standing.reason


def _place(
    unit: Unit, standing: Standing, now: datetime, places: Sequence[Ground], limits: Limits
) -> tuple[bool | None, str]:
    """Whether he is in a named place, and the sentence on it."""
    if not places:
        return True, "No place is named: everywhere counts."
    at = unit.position
    if at is None or not standing.is_present:
        return None, "Where he is is not known: he counts as in the place."
    age = now - at.at
    names = [place.name for place in places if is_inside((place,), at.lon, at.lat)]
    if names:
        return True, f"In {names[0]}, seen {in_minutes(age)} ago."
    if age > limits.stale_after:
        return None, f"Seen elsewhere {in_minutes(age)} ago: he counts as in the place."
    return False, f"Outside the places named, seen {in_minutes(max(age, timedelta(0)))} ago."


def _rank(company: Company, is_in: bool | None) -> Rank:
    is_alone = company in {Company.ALONE, Company.NOT_KNOWN}
    if is_in is not False:
        return Rank.ALONE_IN_PLACE if is_alone else Rank.IN_PLACE
    return Rank.ALONE_ELSEWHERE if is_alone else Rank.OTHERWISE


def _urgency(row: JointRow) -> tuple[int, bool, bool, datetime, str]:
    told_at = row.person.told_at
    is_known = row.company is Company.ALONE and row.is_in_place is not None
    return (row.rank, not is_known, told_at is not None, told_at or _LAST, row.person.name)
