"""A table as a CAD system exports it: CSV with a heading, a row for each unit.

Our fields are call_sign, agency, reported_at, kind, status, crew, crew_count, lat, lon,
position_at, accuracy_m, call, call_type, call_lat, call_lon. A feed's settings name the columns
that are called otherwise. `crew` holds persons separated by semicolons, each as person, person:role
or person:role:name. An empty cell says nothing; a column `call` that is there and empty says that
the unit is on no call.
"""

import csv
import io
import itertools
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tocsin.errors import BadUnits
from tocsin.posture.feed import LARGEST, MOST_ROWS, Batch, UnitsFeed
from tocsin.posture.rows import batch_of

_MOST_COLUMNS = 200
_SAME = ("call_sign", "agency", "reported_at", "status")
_PLACE = {"lat": "lat", "lon": "lon", "position_at": "at", "accuracy_m": "accuracy_m"}
_CALL = {"call": "call", "call_type": "type", "call_lat": "lat", "call_lon": "lon"}
_NUMBERS = frozenset({"lat", "lon", "accuracy_m", "call_lat", "call_lon", "crew_count"})
_NEEDED = ("call_sign", "reported_at")


def parse(raw: bytes, feed: UnitsFeed, *, now: datetime) -> Batch:
    """The reports of a table.

    Raises:
        BadUnits: it is too large, no text, or lacks a column that every row needs.
    """
    if len(raw) > LARGEST:
        raise BadUnits(f"The table of {feed.name} is larger than {LARGEST:,} bytes.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadUnits(
            f"The table of {feed.name} is no text in UTF-8: {error}.", way_out="Export it as UTF-8."
        ) from error
    table = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        heading = [cell.strip() for cell in next(table, [])]
        columns = _columns(heading, feed)
        rows = [_row(cells, columns, len(heading)) for cells in _filled(table)]
    except csv.Error as error:
        raise BadUnits(
            f"The table of {feed.name} cannot be read at line {table.line_num}: {error}.",
            way_out="Look for a quotation mark that is never closed.",
        ) from error
    return batch_of(rows, feed, now=now)


def _delimiter(text: str) -> str:
    """What parts the heading: a comma, a semicolon or a tab, whichever it has most of."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _filled(table: Iterator[list[str]]) -> Iterator[list[str]]:
    """Rows that hold anything, each once, as many as any feed may bring and one more."""
    return itertools.islice((cells for cells in table if any(cells)), MOST_ROWS + 1)


def _columns(heading: list[str], feed: UnitsFeed) -> dict[str, int]:
    """Where each of our fields stands.

    Raises:
        BadUnits: a needed column is not there, or there are far too many, or two of one name.
    """
    if len(heading) > _MOST_COLUMNS:
        raise BadUnits(f"The table of {feed.name} has {len(heading)} columns.")
    places: dict[str, int] = {}
    for index, name in enumerate(heading):
        folded = name.casefold()
        if folded and folded in places:
            raise BadUnits(f"The table of {feed.name} has two columns {name[:40]!r}.")
        places[folded] = index
    fields = (*_SAME, *_PLACE, *_CALL, "crew", "crew_count", "kind")
    wanted = {field: feed.columns.get(field, field).casefold() for field in fields}
    found = {field: places[name] for field, name in wanted.items() if name in places}
    for field in _NEEDED:
        if field not in found:
            raise BadUnits(
                f"The table of {feed.name} has no column {wanted[field]!r} for {field}.",
                way_out="Name the column in the feed's settings.",
            )
    return found


def _row(cells: list[str], columns: dict[str, int], width: int) -> dict[str, Any] | BadUnits:
    """A row in the native shape, or the fault that keeps it from being one."""
    if len(cells) != width:
        return BadUnits(f"the row has {len(cells)} cells, and the heading {width}.")
    said = {field: cells[index].strip() for field, index in columns.items()}
    try:
        return _native({field: _read(field, text) for field, text in said.items()}, said)
    except BadUnits as fault:
        return fault


def _read(field: str, text: str) -> Any:
    """The cell's text, or its number."""
    if field not in _NUMBERS or not text:
        return text
    try:
        return int(text) if field == "crew_count" else float(text)
    except ValueError as error:
        raise BadUnits(f"{field} is {text[:40]!r}, which is no number.") from error


def _native(said: dict[str, Any], cells: dict[str, str]) -> dict[str, Any]:
    row: dict[str, Any] = {field: said[field] for field in _SAME if said.get(field)}
    if said.get("kind"):
        row["kind"] = said["kind"].lower()
    if said.get("crew_count", "") != "":
        row["crew_count"] = said["crew_count"]
    if said.get("crew"):
        row["crew"] = [_member(text) for text in said["crew"].split(";") if text.strip()]
    place = {ours: said[field] for field, ours in _PLACE.items() if said.get(field, "") != ""}
    if "lat" in place or "lon" in place:
        row["position"] = place
    call = {ours: said[field] for field, ours in _CALL.items() if said.get(field, "") != ""}
    if cells.get("call"):
        row["assignment"] = call
    elif "call" in cells:
        row["assignment"] = None
    return row


def _member(text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split(":", 2)]
    member = {"person": parts[0]}
    if len(parts) > 1 and parts[1]:
        member["role"] = parts[1].lower()
    if len(parts) > 2:  # person:role:name
        member["name"] = parts[2]
    return member
