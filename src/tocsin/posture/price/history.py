"""The center's own calls, as far as the price of an order needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from tocsin.errors import InputError

MOST_CALLS = 300_000
"""Calls that a history holds at the most: half a year of 1,600 a day."""

LOWEST_PRIORITY = 9
"""Priorities are 1, the most urgent, to 9."""

_CORRECT = "Correct the calls and give them again."


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """One call of the past.

    Attributes:
        at: when a car was asked for.
        priority: 1, the most urgent, to 9.
        kind: the center's own name of the call's type.
        beat: the beat's key, or empty where it is not known.
        place: longitude and latitude in WGS 84 degrees, where known.
        service_minutes: how long its first car was there, where known.
    """

    at: datetime
    priority: int
    kind: str
    beat: str = ""
    place: tuple[float, float] | None = None
    service_minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Calls in order of time, and the clock by which the center lives.

    Attributes:
        zone: IANA name; days and hours of the week are by this clock.
        calls: at most `MOST_CALLS`, in order of time.
    """

    zone: str
    calls: tuple[PastCall, ...]


def history_of(calls: Iterable[PastCall], *, zone: str) -> History:
    """A history of these calls, in order of time.

    Raises:
        InputError: an unknown zone, too many calls, or a call that cannot be.
    """
    clock(zone)
    kept = sorted(calls, key=lambda call: call.at)
    if len(kept) > MOST_CALLS:
        raise InputError(
            f"The history has {len(kept):,} calls; {MOST_CALLS:,} are the most.",
            way_out="Give the latest months only.",
        )
    for call in kept:
        _check(call)
    return History(zone=zone, calls=tuple(kept))


def clock(zone: str) -> ZoneInfo:
    """The clock of this name.

    Raises:
        InputError: there is none.
    """
    if zone not in available_timezones():
        raise InputError(
            f"There is no time zone {zone[:60]!r}.",
            way_out="Give an IANA name such as America/Denver.",
        )
    return ZoneInfo(zone)


def _check(call: PastCall) -> None:
    fault = ""
    if call.at.tzinfo is None:
        fault = "has a time without an offset"
    elif not 1 <= call.priority <= LOWEST_PRIORITY:
        fault = f"has priority {call.priority}; 1 to {LOWEST_PRIORITY} are known"
    elif call.service_minutes is not None and not 0 <= call.service_minutes <= 24 * 60:
        fault = f"took {call.service_minutes} minutes; 0 to 1440 can be"
    elif call.place is not None and not is_on_earth(call.place):
        fault = f"lies at {call.place}; longitude is -180 to 180, latitude -90 to 90"
    if fault:
        raise InputError(f"A call of {call.at.isoformat()} {fault}.", way_out=_CORRECT)


def is_on_earth(place: tuple[float, float]) -> bool:
    """Whether longitude and latitude are degrees that exist."""
    longitude, latitude = place
    return -180 <= longitude <= 180 and -90 <= latitude <= 90
