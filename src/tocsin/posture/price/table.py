"""A CSV file from outside, read within bounds: what does not fit names its row and its column."""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tocsin.errors import InputError, TooLarge

MOST_BYTES = 100_000_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 2000
"""In one field."""

_AGAIN = "Correct the file and load it again; nothing was kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a file, its fields by the names in the first row.

    Attributes:
        line: where it ends in the file, 1 for the first line.
        fields: without spaces around them.
    """

    line: int
    fields: Mapping[str, str]

    def text(self, column: str) -> str:
        """The field as it stands.

        Raises:
            InputError: it is empty.
        """
        value = self.fields[column]
        if not value:
            raise self.fault(column, "is empty")
        return value

    def number(self, column: str, *, least: float, most: float) -> float | None:
        """The field as a number within bounds; None where it is empty.

        Raises:
            InputError: it is no number, or out of bounds.
        """
        value = self.fields[column]
        if not value:
            return None
        try:
            number = float(value)
        except ValueError as error:
            raise self.fault(column, f"is {value[:40]!r}, which is no number") from error
        if not (math.isfinite(number) and least <= number <= most):
            raise self.fault(column, f"is {value[:40]}; {least:g} to {most:g} can be")
        return number

    def count(self, column: str, *, most: int) -> int:
        """The field as a whole number from 0.

        Raises:
            InputError: it is empty, no whole number, or above `most`.
        """
        value = self.text(column)
        if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) <= most):
            raise self.fault(column, f"is {value[:40]!r}; a whole number from 0 to {most} can be")
        return int(value)

    def fault(self, column: str, what: str) -> InputError:
        """An error that names this row and the column."""
        return InputError(f"Line {self.line}, column {column!r}: it {what}.", way_out=_AGAIN)


def rows_of(raw: bytes, columns: tuple[str, ...], *, most: int) -> Iterator[Row]:
    """The rows of a CSV file with a first row of names.

    Args:
        raw: the file.
        columns: the names that it must have; others are passed over.
        most: rows.

    Raises:
        TooLarge: more bytes or rows than are read.
        InputError: it is no such file; names the line.
    """
    reader = csv.reader(io.StringIO(_text(raw), newline=""), strict=True)
    heading = _heading(reader, columns)
    for count, fields in enumerate(_checked(reader)):
        if count >= most:
            raise TooLarge(f"The file has more than {most:,} rows.", way_out="Give fewer months.")
        if len(fields) != len(heading):
            raise InputError(
                f"Line {reader.line_num} has {len(fields)} fields; the first row has "
                f"{len(heading)}.",
                way_out=_AGAIN,
            )
        named = {name: field.strip() for name, field in zip(heading, fields, strict=True)}
        long = next((name for name in named if len(named[name]) > MOST_CHARACTERS), None)
        row = Row(line=reader.line_num, fields=named)
        if long is not None:
            raise row.fault(long, f"has more than {MOST_CHARACTERS} characters")
        yield row


def _text(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise TooLarge(
            f"The file has {len(raw):,} bytes; {MOST_BYTES:,} are read.",
            way_out="Give fewer months.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"Line {line} is not UTF-8.", way_out="Save the file as UTF-8.") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InputError(f"Line {line} holds a byte of value 0.", way_out=_AGAIN)
    return text


def _heading(reader: Iterator[list[str]], columns: tuple[str, ...]) -> list[str]:
    heading = [name.strip() for name in next(_checked(reader), [])]
    if not heading or len(heading) > MOST_COLUMNS:
        raise InputError(
            f"The first row has {len(heading)} names of columns; 1 to {MOST_COLUMNS} can be.",
            way_out=_AGAIN,
        )
    if len(set(heading)) != len(heading):
        twice = next(name for name in heading if heading.count(name) > 1)
        raise InputError(f"The column {twice[:60]!r} stands twice.", way_out=_AGAIN)
    for name in columns:
        if name not in heading:
            there = ", ".join(heading)[:200]
            raise InputError(
                f"The file has no column {name[:60]!r}; it has: {there}.",
                way_out="Name the columns as they stand in the first row.",
            )
    return heading


def _checked(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows that are not empty; a broken quotation is ours to report."""
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = getattr(reader, "line_num", 0)
            raise InputError(f"Line {line} is not CSV: {error}.", way_out=_AGAIN) from error
        if fields:
            yield fields
