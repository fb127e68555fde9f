"""What a person typed on the pages of prices: columns of a file, and what is to be computed."""

import math
from collections.abc import Iterable, Mapping

from django.http import HttpRequest, QueryDict

from tocsin.desk.records.pricing import Wanted
from tocsin.errors import InputError, TooLarge
from tocsin.posture.price import Columns
from tocsin.posture.price.table import MOST_BYTES

USUAL: Mapping[str, str] = {
    "at": "time",
    "kind": "type",
    "priority": "priority",
    "beat": "beat",
    "longitude": "longitude",
    "latitude": "latitude",
    "sent": "",
    "arrived": "",
    "cleared": "",
    "service_minutes": "",
    "number": "",
    "at_format": "",
}
"""The columns of a file, as a center that never gave one is asked for them."""

NAMED = tuple(USUAL)

LONGEST = 200
MOST = 500
"""Characters of a column's name; lines of a list."""


def columns_typed(typed: QueryDict, *, zone: str) -> Columns:
    """The columns as they were declared.

    Raises:
        InputError: a line is no word with a priority.
    """
    names = {name: typed.get(name, "").strip()[:LONGEST] for name in NAMED}
    words = dict(_word(line) for line in _lines(typed.get("priorities", "")))
    other = typed.get("other_priority", "").strip()
    return Columns(
        zone=zone,
        priorities=words,
        other_priority=_whole(other, "The priority of other words") if other else None,
        leave_out=frozenset(_lines(typed.get("leave_out", ""))),
        **names,
    )


def columns_shown(columns: Mapping[str, object]) -> dict[str, object]:
    """A declaration as the form shows it; lists as lines."""
    if not columns:
        return dict(USUAL)
    priorities, kinds = columns.get("priorities"), columns.get("leave_out")
    words = priorities.items() if isinstance(priorities, Mapping) else ()
    return {
        **columns,
        "priorities": "\n".join(f"{word} = {priority}" for word, priority in words),
        "leave_out": "\n".join(str(kind) for kind in kinds) if isinstance(kinds, list) else "",
    }


def wanted_typed(typed: QueryDict, usual: Wanted) -> Wanted:
    """What is to be computed; where nothing was typed, what is usual.

    Raises:
        InputError: something is no number.
    """
    ranks = [_whole(one, "A priority") for one in typed.getlist("priorities")[:9]]
    return Wanted(
        hours=_whole(typed.get("hours", "") or str(usual.hours), "The length in hours"),
        kinds=tuple(kind[:LONGEST] for kind in typed.getlist("kinds")[:MOST]),
        priorities=tuple(ranks),
        speed_kmh=_number(typed.get("speed_kmh", ""), usual.speed_kmh, "The speed"),
        hop_minutes=_number(typed.get("hop_minutes", ""), usual.hop_minutes, "The way"),
        inside_minutes=_number(typed.get("inside_minutes", ""), usual.inside_minutes, "The way"),
        service=tuple(
            _number(one, 0.0, "The time at a call")
            for one in typed.get("service", "").replace(";", ",").split(",")[:9]
            if one.strip()
        ),
    )


def file_of(request: HttpRequest) -> tuple[str, bytes]:
    """Name and bytes of the file that was sent.

    Raises:
        InputError: none was.
        TooLarge: it is larger than is read.
    """
    sent = request.FILES.get("file")
    if sent is None:
        raise InputError("No file was chosen.", way_out="Choose the CSV file.")
    if (sent.size or 0) > MOST_BYTES:
        raise TooLarge(
            f"The file has more than {MOST_BYTES:,} bytes.", way_out="Give fewer months."
        )
    return sent.name or "table.csv", sent.read()


def _lines(text: str) -> Iterable[str]:
    found = [line.strip()[:LONGEST] for line in text.splitlines() if line.strip()]
    if len(found) > MOST:
        raise InputError(f"A list has {len(found)} lines; {MOST} are the most.")
    return found


def _word(line: str) -> tuple[str, int]:
    word, _, priority = line.rpartition("=")
    if not word.strip():
        raise InputError(
            f"{line!r} is no word with a priority.", way_out="Write it as in: urgent = 1"
        )
    return word.strip(), _whole(priority.strip(), f"The priority of {word.strip()!r}")


def _whole(text: str, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise InputError(f"{what} is {text[:40]!r}, no whole number.", way_out="Give it in digits.")
    return int(text)


def _number(text: str, usual: float, what: str) -> float:
    if not text.strip():
        return usual
    try:
        number = float(text)
    except ValueError as error:
        raise InputError(
            f"{what} is {text[:40]!r}, no number.", way_out="Give it in digits."
        ) from error
    if not math.isfinite(number):
        raise InputError(f"{what} is {text[:40]!r}.", way_out="Give a number in digits.")
    return number
