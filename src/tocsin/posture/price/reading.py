"""Reads a history from a CSV file, by a map of its columns that the center declares.

What cannot be read stops the reading and names its line and column. What can be read and cannot be
true (a service time below 0 or over a day, a place beyond the earth) counts as not known, and the
reading says how many there were and where the first stands. Rows that are left out are counted.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from tocsin.errors import InputError
from tocsin.posture.price.compare import Answered
from tocsin.posture.price.history import (
    LOWEST_PRIORITY,
    MOST_CALLS,
    History,
    PastCall,
    clock,
    history_of,
    is_on_earth,
)
from tocsin.posture.price.table import Row, rows_of

LONGEST = 1440.0
"""Minutes of service above which a time is not believed."""

_YEARS = range(1990, 2101)


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column holds what, and what the center means by it.

    Attributes:
        zone: IANA name; a time without an offset is by this clock, in autumn's doubled hour the
            earlier one.
        at: when a car was asked for.
        at_format: as for `strptime`; empty for ISO 8601.
        kind: the type of the call.
        priority: a whole number 1 to 9, or a word that `priorities` knows.
        priorities: the priority of each word in that column.
        other_priority: of a word that it does not know; without it such a row stops the reading.
        beat, longitude, latitude, service_minutes: optional.
        arrived, cleared: times; service is what lies between, where `service_minutes` is not named.
        sent: when the car was sent; only of calls under an order is the wait compared.
        number: the call's own; of rows with the same one the first is taken.
        leave_out: types that are no calls for a car, such as meal breaks.
    """

    zone: str
    at: str
    kind: str
    priority: str
    at_format: str = ""
    priorities: Mapping[str, int] = field(default_factory=dict)
    other_priority: int | None = None
    beat: str = ""
    longitude: str = ""
    latitude: str = ""
    service_minutes: str = ""
    arrived: str = ""
    cleared: str = ""
    sent: str = ""
    number: str = ""
    leave_out: frozenset[str] = frozenset()

    @property
    def named(self) -> tuple[str, ...]:
        """The columns that the file must have."""
        every = (
            *(self.at, self.kind, self.priority, self.beat, self.longitude, self.latitude),
            *(self.service_minutes, self.arrived, self.cleared, self.sent, self.number),
        )
        return tuple(name for name in every if name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A history as it was read.

    Attributes:
        history: the calls taken.
        rows: read, whether taken or not.
        left_out: rows of each type that is left out.
        repeated: rows whose number had come before.
        doubts: what was not believed, in sentences.
    """

    history: History
    rows: int
    left_out: Mapping[str, int]
    repeated: int
    doubts: tuple[str, ...]


def read_history(raw: bytes, columns: Columns) -> Reading:
    """The calls of a file.

    Raises:
        TooLarge: more bytes or rows than are read.
        InputError: names the line and column that cannot be read, and the way out.
    """
    reader = _Reader(columns)
    calls = [
        call
        for row in rows_of(raw, columns.named, most=MOST_CALLS)
        if (call := reader.call(row)) is not None
    ]
    return Reading(
        history=history_of(calls, zone=columns.zone),
        rows=reader.rows,
        left_out=dict(reader.left_out.most_common()),
        repeated=reader.repeated,
        doubts=tuple(
            f"{many:,} {what} (first in line {reader.first[what]}); taken as not known."
            for what, many in reader.doubts.items()
        ),
    )


def read_answered(
    raw: bytes, columns: Columns, *, starts_at: datetime, ended_at: datetime
) -> tuple[Answered, ...]:
    """The calls that came between two moments, with how long each waited, where the file says it.

    A time before the call, or over a day after it, is not known.

    Raises:
        TooLarge: more bytes or rows than are read.
        InputError: names the line and column that cannot be read, and the way out.
    """
    reader = _Reader(columns)
    found = []
    for row in rows_of(raw, columns.named, most=MOST_CALLS):
        call = reader.call(row)
        if call is not None and starts_at <= call.at < ended_at:
            found.append(reader.answered(row, call))
    return tuple(found)


class _Reader:
    """Reads row after row, and counts what it leaves out."""

    def __init__(self, columns: Columns) -> None:
        _check_columns(columns)
        self._columns = columns
        self._zone: ZoneInfo = clock(columns.zone)
        self._numbers: set[str] = set()
        self.rows = 0
        self.repeated = 0
        self.left_out: Counter[str] = Counter()
        self.doubts: Counter[str] = Counter()
        self.first: dict[str, int] = {}

    def call(self, row: Row) -> PastCall | None:
        """The call of a row; None where the row is left out."""
        columns = self._columns
        self.rows += 1
        kind = row.text(columns.kind)
        if kind in columns.leave_out:
            self.left_out[kind] += 1
            return None
        if columns.number and self._is_known(row.text(columns.number)):
            self.repeated += 1
            return None
        return PastCall(
            at=self._time(row, columns.at).astimezone(UTC),
            priority=self._priority(row),
            kind=kind,
            beat=row.fields[columns.beat] if columns.beat else "",
            place=self._place(row) if columns.longitude else None,
            service_minutes=self._service(row),
        )

    def answered(self, row: Row, call: PastCall) -> Answered:
        """How the call was answered."""
        return Answered(
            priority=call.priority,
            waited_minutes=self._after(row, self._columns.sent, call),
            responded_minutes=self._after(row, self._columns.arrived, call),
        )

    def _after(self, row: Row, column: str, call: PastCall) -> float | None:
        """Minutes from the call to the time in this column; None where it is not known."""
        if not column or not row.fields[column]:
            return None
        minutes = (self._time(row, column).astimezone(UTC) - call.at).total_seconds() / 60
        return minutes if 0 <= minutes <= LONGEST else None

    def _is_known(self, number: str) -> bool:
        known = number in self._numbers
        self._numbers.add(number)
        return known

    def _time(self, row: Row, column: str) -> datetime:
        value = row.text(column)
        try:
            if self._columns.at_format:
                at = datetime.strptime(value, self._columns.at_format)  # noqa: DTZ007 # made aware
            else:
                at = datetime.fromisoformat(value)
        except (ValueError, OverflowError) as error:
            wanted = self._columns.at_format or "ISO 8601"
            raise row.fault(column, f"is {value[:40]!r}, no time written as {wanted}") from error
        if at.year not in _YEARS:
            raise row.fault(column, f"is of the year {at.year}")
        return at if at.tzinfo is not None else at.replace(tzinfo=self._zone)

    def _priority(self, row: Row) -> int:
        columns = self._columns
        value = row.text(columns.priority)
        if not columns.priorities and columns.other_priority is None:
            if value not in {str(number) for number in range(1, LOWEST_PRIORITY + 1)}:
                raise row.fault(
                    columns.priority, f"is {value[:40]!r}; 1 to {LOWEST_PRIORITY} can be"
                )
            return int(value)
        priority = columns.priorities.get(value, columns.other_priority)
        if priority is None:
            raise row.fault(columns.priority, f"is {value[:40]!r}, whose priority is not declared")
        return priority

    def _place(self, row: Row) -> tuple[float, float] | None:
        columns = self._columns
        longitude = row.number(columns.longitude, least=-1000, most=1000)
        latitude = row.number(columns.latitude, least=-1000, most=1000)
        if longitude is None or latitude is None:
            return None
        if is_on_earth((longitude, latitude)):
            return longitude, latitude
        if is_on_earth((latitude, longitude)):
            raise row.fault(
                columns.latitude, f"is {latitude:g}: latitude and longitude seem to be swapped"
            )
        self._doubt(row, "places are not on the earth")
        return None

    def _service(self, row: Row) -> float | None:
        columns = self._columns
        if columns.service_minutes:
            minutes = row.number(columns.service_minutes, least=-1e9, most=1e9)
        elif columns.cleared and row.fields[columns.cleared] and row.fields[columns.arrived]:
            cleared = self._time(row, columns.cleared).astimezone(UTC)
            spent = cleared - self._time(row, columns.arrived).astimezone(UTC)
            minutes = spent.total_seconds() / 60
        else:
            return None
        if minutes is None or 0 <= minutes <= LONGEST:
            return minutes
        self._doubt(row, "service times are below 0 or over a day")
        return None

    def _doubt(self, row: Row, what: str) -> None:
        self.doubts[what] += 1
        self.first.setdefault(what, row.line)


def _check_columns(columns: Columns) -> None:
    declared = [*columns.priorities.values(), columns.other_priority or 1]
    fault = ""
    if not (columns.at and columns.kind and columns.priority):
        fault = "The columns of time, type and priority are not all named."
    elif any(not 1 <= priority <= LOWEST_PRIORITY for priority in declared):
        fault = f"A declared priority is not 1 to {LOWEST_PRIORITY}."
    elif bool(columns.longitude) != bool(columns.latitude):
        fault = "Longitude and latitude are not both named."
    elif columns.cleared and not columns.arrived:
        fault = "The time of clearing is named, and that of arriving is not."
    if fault:
        raise InputError(fault, way_out="Declare the columns again.")
