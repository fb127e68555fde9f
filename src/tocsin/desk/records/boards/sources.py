"""Where reports of units come from, how each source stands, and what was refused of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tocsin.desk.people.models import Agency
from tocsin.desk.records.boards.units import SourceLine, sources_of
from tocsin.desk.records.models import Key, UnitSource
from tocsin.errors import NotFound
from tocsin.posture import FEEDS, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A refused row as its source keeps it.

    Attributes:
        at: when.
        where: which row, in words.
        call_sign: as far as one could be read.
        reason: what was wrong with it.
    """

    at: datetime
    where: str
    call_sign: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCard:
    """A source with all that an administrator sees of it."""

    line: SourceLine
    refused: tuple[RefusedLine, ...]
    columns: str
    statuses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesBoard:
    """All that the page shows.

    Attributes:
        cards: the sources of every center.
        keys: machines that may send.
        centers: for which one may be set up.
        agencies: whose units a source's may be.
        kinds: registered names of the parsers.
        statuses: ours.
    """

    cards: tuple[SourceCard, ...]
    keys: tuple[Key, ...]
    centers: tuple[Agency, ...]
    agencies: tuple[Agency, ...]
    kinds: tuple[str, ...]
    statuses: tuple[str, ...]


def sources_board(*, now: datetime) -> SourcesBoard:
    """The sources of units of this installation."""
    centers = tuple(Agency.objects.filter(kind=Agency.Kind.DISPATCH))
    lines = [line for one in centers for line in sources_of(one, now=now)]
    keys = Key.objects.filter(is_active=True).select_related("center").order_by("name")
    return SourcesBoard(
        cards=tuple(_card(line) for line in lines),
        keys=tuple(keys),
        centers=centers,
        agencies=tuple(Agency.objects.exclude(kind=Agency.Kind.DISPATCH)),
        kinds=tuple(sorted(FEEDS)),
        statuses=tuple(one.value for one in Status),
    )


def find_source(pk: int) -> UnitSource:
    """The source.

    Raises:
        NotFound: there is none.
    """
    row = UnitSource.objects.select_related("center", "key", "agency").filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such units feed.", way_out="Open the page again.")
    return row


def as_lines(pairs: dict[str, str]) -> str:
    """Pairs as they are typed: one in a line, with a sign of equality."""
    return "\n".join(f"{name} = {value}" for name, value in pairs.items())


def _card(line: SourceLine) -> SourceCard:
    row = line.row
    return SourceCard(
        line=line,
        refused=tuple(_refused(one) for one in row.latest_refused),
        columns=as_lines(row.columns),
        statuses=as_lines(row.statuses),
    )


def _refused(one: dict[str, Any]) -> RefusedLine:
    row = one["row"]
    where = "the whole message" if row == 0 else f"row {row}" if row else "a row"
    return RefusedLine(
        at=datetime.fromisoformat(one["at"]),
        where=where,
        call_sign=one["call_sign"],
        reason=one["reason"],
    )
