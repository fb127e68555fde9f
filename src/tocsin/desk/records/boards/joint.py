"""The joint list: on duty, not acknowledged, alone, inside the named places; the worst first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Min

from tocsin import posture
from tocsin.desk.people.models import Agency
from tocsin.desk.records.models import Bulletin, Order, Recipient
from tocsin.desk.records.picture import Seen
from tocsin.desk.records.standing import grounds_of
from tocsin.posture import CrewRole, JointRow, Member, OnDuty, Picture, Unit, key_of

MOST_SHOWN = 200
_PREFIX = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLine:
    """One person of the list.

    Attributes:
        row: rank, company, place, in words.
        told: his row in the bulletin.
        call_sign: of his unit; empty where none names him.
        how: how he was found in the unit, where that was not by his login.
    """

    row: JointRow
    told: Recipient
    call_sign: str
    how: str

    @property
    def is_worst(self) -> bool:
        """Whether he is alone, or may be, where it was said."""
        return self.row.rank is posture.Rank.ALONE_IN_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class JointList:
    """The worst of the list, and how many there are.

    Attributes:
        lines: at most `MOST_SHOWN`.
        total: all on duty who have not acknowledged.
        worst: those of them who are alone, or may be, where it was said.
        places: names of the places, in words; empty where everywhere counts.
    """

    lines: tuple[JointLine, ...]
    total: int
    worst: int
    places: tuple[str, ...]

    def first(self, many: int) -> "JointList":
        """The same with fewer lines."""
        return replace(self, lines=self.lines[:many])


def joint_of(orders: Sequence[Order], seen: Seen) -> JointList:
    """Everybody on duty whom a bulletin of the orders' threats waits for, and where he stands."""
    told = _waiting(orders)
    finder = _Finder(seen.picture)
    found = {row.pk: finder.find(row) for row in told}
    picture = finder.completed(found, told)
    places = [ground for order in orders for ground in grounds_of(order)]
    people = {
        _word(found[row.pk], row): (row, found[row.pk])
        for row in sorted(told, key=lambda one: one.since, reverse=True)
    }
    rows = posture.joint_list(
        [_on_duty(word, row) for word, (row, _) in people.items()], picture, places, seen.limits
    )
    lines = tuple(_line(row, *people[row.person.person], picture) for row in rows[:MOST_SHOWN])
    return JointList(
        lines=lines,
        total=len(rows),
        worst=sum(row.rank is posture.Rank.ALONE_IN_PLACE for row in rows),
        places=tuple(dict.fromkeys(place.name for place in places)),
    )


def _waiting(orders: Iterable[Order]) -> list[Recipient]:
    """The people of the live bulletins who have not acknowledged and are not off duty.

    Those of a dispatch center are left to the list of who was not told: they sit in it, and none
    of them is sent.
    """
    threats = {order.threat_id for order in orders}
    rows = Recipient.objects.filter(
        bulletin__threat__in=threats,
        bulletin__state=Bulletin.State.RELEASED,
        must_acknowledge=True,
        acknowledged_at=None,
        stopped_at=None,
    )
    rows = rows.exclude(agency__kind=Agency.Kind.DISPATCH)
    rows = rows.select_related("person", "agency", "bulletin")
    return list(rows.annotate(told_at=Min("deliveries__sent_at")))


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody was found: the unit, the word by which its crew names him, and how."""

    unit: str
    word: str
    how: str


class _Finder:
    """Finds people in crews: by login, by name within their agency, else by call sign."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._by_name: dict[tuple[str, str], tuple[str, str]] = {}
        for key, unit in picture.units.items():
            for member in unit.members:
                for name in {member.person, member.name} - {""}:
                    self._by_name.setdefault((unit.agency, name), (key, member.person))

    def find(self, row: Recipient) -> _Place | None:
        """Where he is; None where no unit names him."""
        login = row.person.login
        for word in (login, f"{_PREFIX}{login}"):
            if word in self._picture.crews:
                return _Place(self._picture.crews[word][0], word, "")
        named = self._by_name.get((row.agency.key, row.person.name))
        if named:
            return _Place(*named, "by his name")
        key = key_of(row.agency.key, row.person.unit)
        unit = self._picture.units.get(key)
        if row.person.unit and unit is not None and not unit.members and unit.crew_count != 0:
            return _Place(key, login, "by his call sign alone")
        return None

    def completed(self, found: Mapping[int, _Place | None], told: Iterable[Recipient]) -> Picture:
        """The picture with those in it whom the record, not the feed, puts into a unit."""
        units = dict(self._picture.units)
        names = {row.pk: row.person.name for row in told}
        for pk, place in found.items():
            if place and not units[place.unit].members:
                units[place.unit] = _with(units[place.unit], place.word, names[pk])
        return replace(self._picture, units=units)


def _with(unit: Unit, word: str, name: str) -> Unit:
    member = Member(person=word, name=name, role=CrewRole.OFFICER)
    return replace(unit, members=(member,))


def _word(place: _Place | None, row: Recipient) -> str:
    return place.word if place else row.person.login


def _on_duty(word: str, row: Recipient) -> OnDuty:
    told_at: datetime | None = row.told_at  # type: ignore[attr-defined] # annotated
    return OnDuty(person=word, name=row.person.name, agency=row.agency.key, told_at=told_at)


def _line(row: JointRow, told: Recipient, place: _Place | None, picture: Picture) -> JointLine:
    unit = picture.units.get(row.unit) if row.unit else None
    return JointLine(
        row=row,
        told=told,
        call_sign=unit.call_sign if unit else "",
        how=place.how if place else "",
    )
