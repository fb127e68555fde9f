"""What a parser of a units feed must do: bytes in, reports and refused rows out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Protocol, cast

from tocsin.errors import SetupError
from tocsin.posture.feeds import FEEDS
from tocsin.posture.unit import UnitReport

LARGEST = 8 * 1024 * 1024
"""Bytes of one message that are read at the most."""

MOST_ROWS = 10_000
"""Rows of one message that are read at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsFeed:
    """What an administrator said of a feed.

    Attributes:
        name: of the feed; every report of it bears it as its source.
        agency: key of the agency of rows that name none; empty where each must.
        agencies: keys of the agencies on record; rows of others are kept and doubted. Empty where
            this is not checked.
        zone: IANA name of the zone of times without an offset; empty where each must have one.
        columns: of a table: the column's heading by our field's name, where it is another.
        statuses: our status by the feed's own word, in small letters.
    """

    name: str
    agency: str = ""
    agencies: frozenset[str] = frozenset()
    zone: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A row that was not taken.

    Attributes:
        row: its number in the message, from 1.
        call_sign: as far as one could be read.
        reason: names the field and what is wrong with it.
    """

    row: int
    call_sign: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one message of a feed says.

    Attributes:
        reports: of the rows that can be used, in order.
        refused: the others, with the reason of each.
    """

    reports: tuple[UnitReport, ...]
    refused: tuple[Refused, ...]


class UnitsParser(Protocol):
    """Reads one kind of units feed."""

    def __call__(self, raw: bytes, feed: UnitsFeed, *, now: datetime) -> Batch:
        """The reports in a message; a bad row never spoils the others.

        Raises:
            BadUnits: the whole cannot be read.
        """


def open_parser(name: str) -> UnitsParser:
    """The parser that is registered by this name.

    Raises:
        SetupError: there is none.
    """
    if name not in FEEDS:
        raise SetupError(
            f"There is no units feed of the kind {name!r}.",
            way_out=f"Known: {', '.join(sorted(FEEDS))}.",
        )
    module, _, function = FEEDS[name].partition(":")
    return cast(UnitsParser, getattr(import_module(module), function))
