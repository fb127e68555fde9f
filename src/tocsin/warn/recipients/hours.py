"""Hours of work: weekly shifts in an agency's own time, right on the days when clocks change.

A shift runs from the first moment at which the clock on the wall shows its start, to the last
moment at which it shows its end. A time that the clock leaps over in spring is the moment of the
leap. So two shifts that meet leave nobody's hour uncovered, on any day of the year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tocsin.errors import InputError

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)

_LOOKED_AHEAD = 15
"""Days in which every weekday comes twice: once is enough unless clocks leap over the shift."""

Stretch = tuple[datetime, datetime]
"""From a moment to another, which is not part of it; both in UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Hours that are worked on given weekdays.

    Attributes:
        weekdays: on which they begin, 0 Monday to 6 Sunday.
        starts: by the clock on the wall.
        ends: likewise; at or before the start it is on the next day.
        zone: IANA name of the zone of that clock.
    """

    weekdays: frozenset[int]
    starts: time
    ends: time
    zone: str

    def __post_init__(self) -> None:
        """Refuse hours that no calendar has.

        Raises:
            InputError: a weekday or zone that does not exist.
        """
        if not self.weekdays <= frozenset(range(7)):
            raise InputError("A shift's weekday is not one of 0 (Monday) to 6 (Sunday).")
        zone_of(self.zone)


def covers(hours: Hours, at: datetime) -> bool:
    """Whether the hours are being worked at this moment."""
    day = at.astimezone(zone_of(hours.zone)).date()
    moment = at.astimezone(UTC)
    return any(
        start <= moment < end for start, end in _stretches(hours, day - _DAY, days=3)
    )  # the day after as well: a clock set back at midnight shows the day before again


def next_start(hours: Hours, after: datetime) -> datetime | None:
    """The first moment after this one at which the hours begin, in their zone; None for never."""
    zone = zone_of(hours.zone)
    moment = after.astimezone(UTC)
    first = after.astimezone(zone).date() - _DAY
    starts = (start for start, _ in _stretches(hours, first, days=_LOOKED_AHEAD))
    found = min((start for start in starts if start > moment), default=None)
    return found.astimezone(zone) if found else None


def is_on_duty(shifts: Iterable[Hours], at: datetime) -> bool:
    """Whether one of the shifts is being worked at this moment."""
    return any(covers(hours, at) for hours in shifts)


def comes_on_at(shifts: Iterable[Hours], after: datetime) -> datetime | None:
    """The first moment after this one at which one of the shifts begins; None for never."""
    starts = [start for hours in shifts if (start := next_start(hours, after))]
    return min(starts, key=lambda start: start.astimezone(UTC), default=None)


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone with this IANA name.

    Raises:
        InputError: there is none.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise InputError(
            f"There is no time zone {name[:60]!r}.",
            way_out="Write its IANA name, such as America/Denver, in the county file.",
        ) from error


def gaps(shifts: Iterable[Hours], *, start: datetime, end: datetime) -> tuple[Stretch, ...]:
    """The stretches between two moments in which none of the shifts is being worked, in order."""
    found: list[Stretch] = []
    free_from = start.astimezone(UTC)
    last = end.astimezone(UTC)
    for begins, ends in sorted(_between(shifts, start=free_from, end=last)):
        if begins > free_from:
            found.append((free_from, begins))
        free_from = max(free_from, ends)
    return (*found, (free_from, last)) if free_from < last else tuple(found)


def _between(shifts: Iterable[Hours], *, start: datetime, end: datetime) -> list[Stretch]:
    """The stretches of the shifts, cut to what lies between two moments."""
    return [
        (max(start, begins), min(end, ends))
        for hours in shifts
        for begins, ends in _stretches(
            hours,
            start.astimezone(zone_of(hours.zone)).date() - _DAY,
            days=(end - start).days + 4,
        )
        if begins < end and ends > start
    ]


def _stretches(hours: Hours, first: date, *, days: int) -> list[Stretch]:
    """The stretches that begin on these days by the calendar of their zone; no empty ones."""
    zone = zone_of(hours.zone)
    until = timedelta(0) if hours.starts < hours.ends else _DAY
    found = [
        (
            _moment(datetime.combine(day, hours.starts), zone, is_last=False),
            _moment(datetime.combine(day + until, hours.ends), zone, is_last=True),
        )
        for day in (first + _DAY * number for number in range(days))
        if day.weekday() in hours.weekdays
    ]
    return [stretch for stretch in found if stretch[0] < stretch[1]]


def _moment(wall: datetime, zone: tzinfo, *, is_last: bool) -> datetime:
    """The first or last moment at which the zone's clock shows this, or leaps over it; in UTC."""
    first = wall.replace(tzinfo=zone, fold=0)
    last = wall.replace(tzinfo=zone, fold=1)
    if _offset(last) > _offset(first):  # the clock never shows it: PEP 495, "gap"
        return _leap(last.astimezone(UTC), first.astimezone(UTC), zone)
    return (last if is_last else first).astimezone(UTC)


def _leap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    """The moment between two, to the second, at which the zone's clock is put forward."""
    old = _offset(before.astimezone(zone))
    seconds = (after - before) // _SECOND
    low, high = 0, seconds
    while high - low > 1:
        at = (low + high) // 2
        is_old = _offset((before + _SECOND * at).astimezone(zone)) == old
        low, high = (at, high) if is_old else (low, at)
    return (before + _SECOND * high).replace(microsecond=0)


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta(0)
