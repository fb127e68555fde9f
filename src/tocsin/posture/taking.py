"""Takes a report into what is known of its unit, part by part, and says what is doubtful.

The crew, the status, the position and the assignment of a unit come from several systems, at
several moments. Each is replaced only by what was said of it later. So the order in which reports
arrive does not matter, and a position of this second does not make a crew of yesterday fresh.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import shapely

from tocsin.errors import BadUnits
from tocsin.posture.limits import Limits
from tocsin.posture.unit import (
    BY_HAND,
    Doubt,
    DoubtKind,
    Member,
    Position,
    Status,
    Unit,
    UnitKind,
    UnitReport,
    distance_m,
)

_HOUR = timedelta(hours=1)
_FURTHEST_AHEAD = timedelta(hours=26)
"""A clock that runs ahead by more than any zone's mistake is no clock."""

RESTING = frozenset({Status.OFF_DUTY, Status.STATION, Status.OUT_OF_SERVICE})
"""Statuses in which a crew may change."""

NOWHERE_DEGREES = 0.01
"""Around latitude 0, longitude 0, where receivers without a fix say they are."""


@dataclass(frozen=True, slots=True)
class _Times:
    """When a report holds by our clock, and what is doubtful about that."""

    at: datetime
    doubt: Doubt | None


def take(unit_before: Unit | None, report: UnitReport, now: datetime, limits: Limits) -> Unit:
    """The unit as it is known after this report; it never knows less for a later report.

    Raises:
        BadUnits: the report is older than all that is known, or is of another day.
    """
    times = _read_clock(report, now, limits)
    before = unit_before or Unit(
        call_sign=report.call_sign,
        agency=report.agency,
        reported_at=report.reported_at,
        heard_at=now,
        source=report.source,
    )
    news, doubts = _news(before, report, times, limits)
    is_newest = unit_before is None or times.at >= told_at(before)
    if not is_newest and not news and not doubts:
        raise BadUnits(
            f"The report of {report.call_sign} is older than what is known: it says "
            f"{report.reported_at.isoformat(timespec='seconds')}."
        )
    if is_newest:
        news.update(reported_at=report.reported_at, heard_at=now, source=report.source)
    if report.kind and (is_newest or before.kind is UnitKind.OTHER):
        news["kind"] = report.kind
    found = [*report.doubts, *([times.doubt] if times.doubt else []), *doubts]
    crew = _crew_doubt(before, news, now)
    return replace(
        before, **news, doubts=_shown(found + ([crew] if crew else []), before.doubts, now, limits)
    )


def told_at(unit: Unit) -> datetime:
    """The moment for which the unit is known, by our clock; a clock that is doubted is not used."""
    if unit.doubt(DoubtKind.CLOCK):
        return unit.heard_at
    return min(unit.reported_at, unit.heard_at)


def age(unit: Unit, now: datetime) -> timedelta:
    """How old the newest report is; never below zero."""
    return max(timedelta(0), now - told_at(unit))


def is_stale(unit: Unit, now: datetime, limits: Limits) -> bool:
    """Whether the unit was not heard of for longer than the limit; stale is never safe."""
    return age(unit, now) > stale_limit(unit, limits)


def stale_limit(unit: Unit, limits: Limits) -> timedelta:
    """How long a report of this unit's source holds."""
    return limits.by_hand_stale_after if unit.source == BY_HAND else limits.stale_after


def has_place(unit: Unit, now: datetime, limits: Limits) -> bool:
    """Whether the position is fresh and sure enough to say who is near."""
    at = unit.position
    return (
        at is not None
        and now - at.at <= limits.position_stale_after
        and (at.accuracy_m is None or at.accuracy_m <= limits.near_m)
        and not unit.doubt(DoubtKind.JUMP)
    )


def _read_clock(report: UnitReport, now: datetime, limits: Limits) -> _Times:
    """When the report holds by our clock; a clock that is set wrongly is doubted, not mended.

    Raises:
        BadUnits: the report is of another day.
    """
    said = report.reported_at.astimezone(UTC)
    behind = now - said
    if -limits.ahead <= behind < _HOUR - limits.hour_within:
        return _Times(min(said, now), None)
    if abs(abs(behind) - _HOUR) <= limits.hour_within:
        side = "behind" if behind > timedelta(0) else "ahead of"
        text = f"The clock of {report.source} is an hour {side} ours; summer time?"
        return _Times(now, Doubt(kind=DoubtKind.CLOCK, text=text, at=now))
    if behind > limits.oldest or behind < -_FURTHEST_AHEAD:
        raise BadUnits(
            f"The report of {report.call_sign} is of another day: it says "
            f"{said.isoformat(timespec='seconds')}; we have {now.isoformat(timespec='minutes')}.",
            way_out="Look whether the feed repeats old messages, and at its clock.",
        )
    if behind < timedelta(0):
        text = f"The clock of {report.source} runs {-behind} ahead of ours."
        return _Times(now, Doubt(kind=DoubtKind.CLOCK, text=text, at=now))
    return _Times(said, None)


def _news(
    before: Unit, report: UnitReport, times: _Times, limits: Limits
) -> tuple[dict[str, Any], list[Doubt]]:
    """The parts of the unit that the report says anew, by name, and what is doubtful of them."""
    at = times.at
    news: dict[str, Any] = {}
    doubts: list[Doubt] = []
    says_crew = report.members is not None or report.crew_count is not None
    if says_crew and _later(at, before.crew_at):
        doubts += _swap_doubt(before, report, at, limits)
        news.update(members=_members(before, report), crew_count=_count(report), crew_at=at)
    if report.status is not None and _later(at, before.status_at):
        since = before.status_since if report.status is before.status else None
        news.update(status=report.status, status_at=at, status_since=since or at)
    if (report.assignment or report.ends_assignment) and _later(at, before.assignment_at):
        news.update(assignment=report.assignment, assignment_at=at)
    if report.position is not None:
        position, doubt = _place(before.position, report, times, limits)
        news.update({"position": position} if position else {})
        doubts += [doubt] if doubt else []
    return news, doubts


def _count(report: UnitReport) -> int | None:
    """The crew by number; persons alone that are nobody say zero."""
    if report.crew_count is None and report.members is not None and not report.members:
        return 0
    return report.crew_count


def _members(before: Unit, report: UnitReport) -> tuple[Member, ...]:
    """The crew by person; a number alone that fits the names known leaves them."""
    if report.members is not None:
        return report.members
    return before.members if report.crew_count == len(before.members) else ()


def _later(at: datetime, known_at: datetime | None) -> bool:
    return known_at is None or at >= known_at


def _place(
    old: Position | None, report: UnitReport, times: _Times, limits: Limits
) -> tuple[Position | None, Doubt | None]:
    """The new position, or none where it says nothing new; and the doubt about it."""
    told = report.position
    if told is None:
        return None, None
    wrong = doubt_place(told.lon, told.lat, limits.ground)
    if wrong:
        return None, Doubt(kind=DoubtKind.POSITION, text=wrong, at=times.at)
    lag = max(timedelta(0), report.reported_at - told.at)
    position = told if times.at - lag == told.at else replace(told, at=times.at - lag)
    if old is None:
        return position, None
    if position.at < old.at:
        return None, None
    jump = _jump(old, position, limits)
    return position, Doubt(kind=DoubtKind.JUMP, text=jump, at=times.at) if jump else None


def doubt_place(lon: float, lat: float, ground: object) -> str:
    """Why a position is not believed; empty where it is. It is never turned around for anybody."""
    if _is_on(lon, lat, ground):
        return ""
    if abs(lat) < NOWHERE_DEGREES and abs(lon) < NOWHERE_DEGREES:
        return "The position is latitude 0, longitude 0: a receiver without a fix. It is not used."
    said = f"latitude {lat:g}, longitude {lon:g}"
    if (ground is not None or abs(lat) > 90) and _is_on(lat, lon, ground):
        return f"The position is {said}: the two seem swapped. It is not used."
    where = "is outside the center's ground" if ground is not None else "is not on the earth"
    return f"The position, {said}, {where}. It is not used."


def _is_on(lon: float, lat: float, ground: object) -> bool:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        return False
    if ground is None:
        return not (abs(lat) < NOWHERE_DEGREES and abs(lon) < NOWHERE_DEGREES)
    return bool(shapely.intersects_xy(ground, lon, lat))


def _jump(old: Position, new: Position, limits: Limits) -> str:
    """The doubt about a move that nobody drives; empty where it can be true."""
    metres = distance_m(old, new)
    seconds = max(1.0, (new.at - old.at).total_seconds())
    if metres <= limits.jump_over_m or metres / seconds <= limits.fastest_m_s:
        return ""
    return f"It moved {metres / 1000:.1f} km in {seconds:.0f} s; the position is doubtful."


def _swap_doubt(before: Unit, report: UnitReport, at: datetime, limits: Limits) -> list[Doubt]:
    """The doubt about a call sign under which quite another crew reports."""
    old = {member.person for member in before.members}
    new = {member.person for member in report.members or ()}
    if not old or not new or old & new or before.crew_at is None:
        return []
    silent = at - told_at(before)
    if silent >= limits.reused_after:
        minutes = silent // timedelta(minutes=1)
        text = f"Another crew reports as {report.call_sign} after {minutes} min of silence."
    elif before.status not in RESTING:
        text = f"Another crew reports as {report.call_sign}, and the first never ended its shift."
    else:
        return []
    return [Doubt(kind=DoubtKind.CALL_SIGN, text=text, at=at)]


def _crew_doubt(before: Unit, news: Mapping[str, Any], now: datetime) -> Doubt | None:
    """The doubt about a crew that cannot be as it is said."""
    count = news.get("crew_count", before.crew_count)
    if count is None:
        return None
    members = news.get("members", before.members)
    text = ""
    if count == 0 and news.get("status", before.status) not in RESTING | {Status.NOT_KNOWN}:
        text = "It is at work, and the feed says that nobody is aboard."
    elif members and count != len(members):
        text = f"The feed names {len(members)} aboard and counts {count}."
    return Doubt(kind=DoubtKind.CREW, text=text, at=now) if text else None


def _shown(
    new: list[Doubt], old: tuple[Doubt, ...], now: datetime, limits: Limits
) -> tuple[Doubt, ...]:
    """One doubt of each kind, the newest; an old one for as long as doubts are shown."""
    if not old and not new:
        return ()
    shown = {doubt.kind: doubt for doubt in old if now - doubt.at <= limits.doubt_for}
    if DoubtKind.CREW in shown:
        del shown[DoubtKind.CREW]  # it is judged anew from what is known, each time
    shown.update((doubt.kind, doubt) for doubt in new)
    return tuple(shown[kind] for kind in sorted(shown))
