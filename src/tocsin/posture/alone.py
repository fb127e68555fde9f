"""Who is alone: judged for each person, in words, and never "safe" where it is not known."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.posture.limits import Limits
from tocsin.posture.near import Near, Picture
from tocsin.posture.taking import age, is_stale
from tocsin.posture.unit import (
    SECONDS,
    CrewRole,
    DoubtKind,
    Member,
    Status,
    Unit,
    officers_aboard,
)

_MINUTE = timedelta(minutes=1)

_UNDERMINING = (DoubtKind.CLOCK, DoubtKind.CALL_SIGN, DoubtKind.CREW)
"""Doubts under which nobody is said to have company."""


class Company(StrEnum):
    """Whether a person has an officer with him."""

    ALONE = "alone"
    NOT_KNOWN = "not_known"
    TOGETHER = "together"
    AT_STATION = "at_station"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One person's company.

    Attributes:
        unit: key of his unit.
        person: his key or name; empty where the crew is known by number alone.
        name: for showing; the call sign where no person is named.
        company: alone, not known, together, or at a station.
        reason: a sentence.
        is_present: whether he is with his unit.
    """

    unit: str
    person: str
    name: str
    company: Company
    reason: str
    is_present: bool = True


def who_is_alone(
    unit: Unit, picture: Picture, limits: Limits, *, counts_others: bool = True
) -> tuple[Standing, ...]:
    """The company of each person of a unit; of the crew as one where persons are not known.

    Args:
        unit: whose crew.
        picture: all units, with who is near whom; its moment is now.
        limits: the settings.
        counts_others: whether another unit nearby is company.
    """
    now = picture.at
    blind = why_not_known(unit, now, limits)
    if blind:
        return _of_all(unit, Company.NOT_KNOWN, blind)
    if unit.status is Status.STATION:
        return _of_all(unit, Company.AT_STATION, f"{unit.call_sign} is at a station.")
    beside = company_beside(unit, picture, limits) if counts_others else ""
    if not unit.members:
        return (_of_count(unit, beside, limits),)
    return tuple(
        _of_member(unit, member, beside, picture) if member.is_present else _away(unit, member, now)
        for member in unit.members
    )


def why_not_known(unit: Unit, now: datetime, limits: Limits) -> str:
    """Why nothing can be said of the crew's company; empty where something can."""
    if is_stale(unit, now, limits):
        return f"{unit.call_sign} was last heard of {in_minutes(age(unit, now))} ago."
    if unit.crew_at is None:
        return f"Nobody said who is in {unit.call_sign}."
    if now - unit.crew_at > limits.crew_stale_after:
        return f"Who is in {unit.call_sign} was last said {in_minutes(now - unit.crew_at)} ago."
    return ""


def company_beside(unit: Unit, picture: Picture, limits: Limits) -> str:
    """The sentence on another unit that stands close enough for long enough; empty for none."""
    for near in picture.near.get(unit.key, ()):
        other = picture.units[near.other]
        if _counts(unit, other, near, picture.at, limits):
            how_long = in_minutes(picture.at - near.since)
            return f"{other.call_sign} is {near.distance_m:.0f} m away, for {how_long} now."
    return ""


def in_minutes(length: timedelta) -> str:
    """A length of time in words: seconds below two minutes, then minutes, then hours."""
    if length < 2 * _MINUTE:
        return f"{max(0, int(length.total_seconds()))} s"
    minutes = length // _MINUTE
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"


def _counts(unit: Unit, other: Unit, near: Near, now: datetime, limits: Limits) -> bool:
    """Whether the other unit is company: an officer is known to be in it, and it stays."""
    if why_not_known(other, now, limits) or is_undermined(other):
        return False
    aboard = officers_aboard(other)
    if not (aboard or (aboard is None and is_crew_trusted(other, limits))):
        return False
    is_same_call = (
        unit.assignment is not None
        and other.assignment is not None
        and unit.assignment.call == other.assignment.call
    )
    return is_same_call or now - near.since >= limits.near_for


def is_undermined(unit: Unit) -> bool:
    """Whether a doubt forbids to say that the crew has company, or is company."""
    return any(doubt.kind in _UNDERMINING for doubt in unit.doubts)


def is_crew_trusted(unit: Unit, limits: Limits) -> bool:
    """Whether a crew known by number alone is taken for officers."""
    return limits.counts_are_officers and not unit.members and bool(unit.crew_count)


def _of_all(unit: Unit, company: Company, reason: str) -> tuple[Standing, ...]:
    """The same for everybody of the unit."""
    if not unit.members:
        return (_whole(unit, company, reason),)
    return tuple(
        Standing(
            unit=unit.key,
            person=member.person,
            name=member.shown,
            company=company if member.is_present else Company.NOT_KNOWN,
            reason=reason,
            is_present=member.is_present,
        )
        for member in unit.members
    )


def _whole(unit: Unit, company: Company, reason: str) -> Standing:
    return Standing(unit=unit.key, person="", name=unit.call_sign, company=company, reason=reason)


def _of_count(unit: Unit, beside: str, limits: Limits) -> Standing:
    """The company of a crew that is known by number alone."""
    count = unit.crew_count or 0
    doubts = [doubt.text for doubt in unit.doubts if doubt.kind in _UNDERMINING]
    if count == 0:
        text = f"{unit.call_sign} says that nobody is aboard."
        return _whole(unit, Company.NOT_KNOWN, text)
    if beside or (count > 1 and limits.counts_are_officers):
        company = Company.NOT_KNOWN if doubts else Company.TOGETHER
        return _whole(unit, company, " ".join([beside or f"{count} are aboard.", *doubts]))
    if count == 1:
        return _whole(unit, Company.ALONE, f"One is aboard {unit.call_sign}.")
    text = f"{count} are aboard {unit.call_sign}; nobody said whether they are officers."
    return _whole(unit, Company.NOT_KNOWN, text)


def _of_member(unit: Unit, member: Member, beside: str, picture: Picture) -> Standing:
    """The company of a person who is with the unit."""
    company, reason = _judge(unit, member, beside, picture)
    if company is Company.TOGETHER and is_undermined(unit):
        company = Company.NOT_KNOWN
        texts = [doubt.text for doubt in unit.doubts if doubt.kind in _UNDERMINING]
        reason = " ".join([reason, *texts])
    return Standing(
        unit=unit.key, person=member.person, name=member.shown, company=company, reason=reason
    )


def _judge(unit: Unit, member: Member, beside: str, picture: Picture) -> tuple[Company, str]:
    """Whether he has company: by his crew, by another unit; else what forbids to call him alone."""
    others = [other for other in unit.present if other is not member]
    seconds = [other for other in others if other.role in SECONDS]
    twice = [one for one in (member, *seconds) if len(picture.crews.get(one.person, ())) > 1]
    if member not in twice:
        sure = [other for other in seconds if other not in twice]
        if sure:
            return Company.TOGETHER, f"With {sure[0].shown} in {unit.call_sign}."
        if beside:
            return Company.TOGETHER, beside
    unsure = _unsure(unit, others, twice)
    if unsure:
        return Company.NOT_KNOWN, unsure
    return Company.ALONE, _alone(unit, member, picture.at)


def _unsure(unit: Unit, others: list[Member], twice: list[Member]) -> str:
    """What forbids to call somebody alone; empty where nothing does."""
    if twice:
        return f"{twice[0].shown} is listed in two units."
    unsure = [other for other in others if other.role is CrewRole.NOT_KNOWN]
    if unsure:
        return f"Nobody said whether {unsure[0].shown} is an officer."
    if unit.crew_count is not None and unit.crew_count > len(unit.members):
        return f"{unit.crew_count} are said to be aboard {unit.call_sign}, and not all are named."
    return ""


def _alone(unit: Unit, member: Member, now: datetime) -> str:
    """Why the others of the crew are no company."""
    parts = [f"{member.shown} is alone in {unit.call_sign}"]
    for other in unit.members:
        if other is member:
            continue
        if other.away_since is not None:
            parts.append(f"{other.shown} is away for {in_minutes(now - other.away_since)}")
        else:
            parts.append(f"{other.shown} is a {other.role.value} and does not count")
    return "; ".join(parts) + "."


def _away(unit: Unit, member: Member, now: datetime) -> Standing:
    """A person who left his unit: where he is, the feed does not say."""
    since = in_minutes(now - member.away_since) if member.away_since else "some time"
    return Standing(
        unit=unit.key,
        person=member.person,
        name=member.shown,
        company=Company.NOT_KNOWN,
        reason=f"{member.shown} is away from {unit.call_sign} for {since}; who is with him is not "
        "known.",
        is_present=False,
    )
