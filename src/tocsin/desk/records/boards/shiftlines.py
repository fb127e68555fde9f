"""Shifts as lines of text: `nights: Fri Sat 22:00 to 06:00`; without days it is every day."""

import re
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from tocsin.desk.records.orderfacts import NamedHours
from tocsin.desk.records.orderwords import DAYS, shift_in_words
from tocsin.errors import BadOrder
from tocsin.warn.recipients import Hours

_EVERY_DAY = frozenset(range(7))
_LINE = re.compile(
    r"(?:(?P<name>[^:]{1,60}):\s+)?(?P<days>.*?)\s*"
    r"\b(?P<starts>\d{1,2}:\d{2})\s*(?:to|-|\u2013)\s*(?P<ends>\d{1,2}:\d{2})",
    re.ASCII,
)


def read_shifts(text: str, *, zone: str) -> tuple[NamedHours, ...]:
    """The shifts that the lines name, by the clock of the zone.

    Raises:
        BadOrder: names the line that cannot be read.
    """
    lines = (line.strip() for line in text.splitlines())
    return tuple(_read(line, zone) for line in lines if line)


def write_shifts(bodies: Iterable[Mapping[str, Any]]) -> str:
    """Shifts as an order keeps them, as lines that `read_shifts` reads back."""
    return "\n".join(shift_in_words(dict(body)) for body in bodies)


def _read(line: str, zone: str) -> NamedHours:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _bad(line)
    hours = Hours(
        weekdays=_days(found["days"], line),
        starts=_clock(found["starts"], line),
        ends=_clock(found["ends"], line),
        zone=zone,
    )
    return NamedHours(name=(found["name"] or "").strip(), hours=hours)


def _days(text: str, line: str) -> frozenset[int]:
    words = text.replace(",", " ").split()
    if not words or [one.casefold() for one in words] == ["every", "day"]:
        return _EVERY_DAY
    known = {name.casefold(): number for number, name in enumerate(DAYS)}
    days = [known.get(word.casefold()[:3]) for word in words]
    if None in days:
        raise _bad(line)
    return frozenset(day for day in days if day is not None)


def _clock(text: str, line: str) -> time:
    hour, _, minute = text.partition(":")
    if int(hour) > 23 or int(minute) > 59:
        raise _bad(line)
    return time(int(hour), int(minute))


def _bad(line: str) -> BadOrder:
    return BadOrder(
        f"{line[:80]!r} is no shift.",
        way_out="Write days and hours on a line, as in: Fri Sat 22:00 to 06:00.",
    )
