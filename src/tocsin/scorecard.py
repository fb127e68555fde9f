"""Shows the figures of an evaluation: tables for a person, an object for a program."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tocsin import __version__
from tocsin.read.evaluation import (
    Estimate,
    Evaluation,
    Naming,
    Operation,
    Share,
    SpanScore,
    Standout,
)

_WIDTH = 110  # columns, where the figures go into a file
_LONGEST_NAME = 16
_BESIDE_TEXT = 50  # columns that the rest of a row with a text takes


def print_evaluation(found: Evaluation, *, name: str, calls: Path) -> None:
    """All tables, on standard output.

    Args:
        found: the figures.
        name: of the file they were measured on.
        calls: the file of ordinary calls that was used, or would have been.
    """
    console = Console(
        highlight=False, markup=False, emoji=False, width=None if sys.stdout.isatty() else _WIDTH
    )
    console.print(_opening(found, name, calls))
    tables = [
        _ranking(found),
        _operations(found.operations),
        _groups(found),
        _confusion("Speech act, by category", found.acts),
        _confusion("Form of own threats", found.forms),
        _spans(found.spans),
        _misses(found.misses, console),
        _alarms(found.alarms, console),
    ]
    for table in tables:
        if table.row_count:
            console.print(table)
    console.print("In brackets: 95 % intervals. These texts are no sample of calls in service.")


def to_json(found: Evaluation, *, name: str) -> dict[str, Any]:
    """The same figures, made of what `json.dumps` writes; the worst texts by id, without words."""
    ranks = asdict(found.ranking) if found.ranking else {"average_precision": None, "area": None}
    return {
        "tocsin": __version__,
        "file": name,
        "texts": found.texts,
        "own_threats": found.threats,
        "ordinary_windows": found.windows,
        **ranks,
        "thresholds": [_operation_json(one) for one in found.operations],
        "groups": [
            {
                "by": one.by,
                "name": one.name,
                "recall": {
                    operation.bar.name: _share_json(share)
                    for operation, share in zip(found.operations, one.recalls, strict=True)
                },
            }
            for one in found.groups
        ],
        "speech_acts": _naming_json(found.acts),
        "forms": _naming_json(found.forms),
        "spans": [
            {
                "field": str(one.field),
                "recall": _share_json(one.recall),
                "precision": _share_json(one.precision),
            }
            for one in found.spans
        ],
        "misses": [_standout_json(one) for one in found.misses],
        "alarms": [_standout_json(one) for one in found.alarms],
    }


def _opening(found: Evaluation, name: str, calls: Path) -> str:
    others = found.texts - found.threats
    first = f"{name}: {found.texts:,} texts, {found.threats:,} own threats, {others:,} others."
    if not found.windows:
        return (
            f"{first}\nNo ordinary calls can be read at {calls}; only the thresholds in use are "
            "measured. Name a file with --ordinary, or set TOCSIN_REFERENCE_DATA.\n"
        )
    rough = " With so few, these thresholds are rough." if found.windows < 10_000 else ""
    return f"{first}\nOrdinary calls: {found.windows:,} windows set two thresholds.{rough}\n"


def _ranking(found: Evaluation) -> Table:
    table = _table("Order of the scores", "figure", "95 %")
    if found.ranking:
        table.add_row("average precision (AP)", _estimate(found.ranking.average_precision))
        table.add_row("area under the curve (AUC)", _estimate(found.ranking.area))
    return table


def _operations(operations: Sequence[Operation]) -> Table:
    table = _table(
        "Thresholds", "threshold", "score", "own threats found", "others that alarm",
        "ordinary windows that alarm",
    )  # fmt: skip
    for one in operations:
        table.add_row(
            one.bar.name,
            f"{one.bar.score:.2f}",
            _counted(one.recall),
            _counted(one.alarms),
            _counted(one.ordinary, digits=4) if one.ordinary else "-",
        )
    return table


def _groups(found: Evaluation) -> Table:
    names = [one.bar.name for one in found.operations]
    table = _table("Own threats found, at each threshold", "by", "", "texts", *names)
    before = ""
    for one in found.groups:
        shares = [_share(share) for share in one.recalls]
        by = "" if one.by == before else one.by
        table.add_row(by, one.name, str(one.recalls[0].of), *shares)
        before = one.by
    return table


def _confusion(title: str, naming: Naming) -> Table:
    """Columns bear the numbers of the names, so that ten of them fit a terminal."""
    numbers = [str(number) for number, _ in enumerate(naming.names, start=1)]
    table = _table(f"{title}: labels down, readings across", "", "", *numbers, "right")
    if not naming.rows:
        return table
    table.padding = (0, 0, 0, 0)
    rows = {row.label: row for row in naming.rows}
    for number, name in zip(numbers, naming.names, strict=True):
        row = rows.get(name)
        counts = [str(count or ".") for count in row.counts] if row else ["."] * len(numbers)
        table.add_row(number, name, *counts, _counted(row.right) if row else "-")
    table.add_row("", "all", *[""] * len(numbers), _counted(naming.right))
    return table


def _spans(spans: Sequence[SpanScore]) -> Table:
    table = _table("Words marked in own threats, by overlap", "field", "recall", "precision")
    for one in spans:
        table.add_row(str(one.field), _counted(one.recall), _counted(one.precision))
    return table


def _misses(texts: Sequence[Standout], console: Console) -> Table:
    table = _table("Own threats missed (under suggest), the lowest first")
    rows = [(one, one.read_as) for one in texts]
    return _with_texts(table, "read as", rows, console)


def _alarms(texts: Sequence[Standout], console: Console) -> Table:
    table = _table("Other texts suggested, the highest first")
    rows = [(one, one.label) for one in texts]
    return _with_texts(table, "label", rows, console)


def _with_texts(
    table: Table, heading: str, rows: Sequence[tuple[Standout, str]], console: Console
) -> Table:
    for name in ("id", "score", heading, "text"):
        table.add_column(name)
    room = max(_LONGEST_NAME, console.width - _BESIDE_TEXT)
    for one, act in rows:
        table.add_row(
            _one_line(one.id, _LONGEST_NAME, console),
            f"{one.score:.2f}",
            act,
            _one_line(one.text, room, console),
        )
    return table


def _table(title: str, *headings: str) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )
    for heading in headings:
        table.add_column(heading)
    return table


def _one_line(text: str, longest: int, console: Console) -> Text:
    """The start of a text, made safe for a terminal: the file may come from anybody.

    Signs that steer a terminal become blanks, so that a text can neither break its row nor hide.
    """
    start = text[: 4 * longest]
    shown = "".join(letter if letter.isprintable() else " " for letter in start)
    words = " ".join(shown.split())
    is_whole = len(words) <= longest and len(start) == len(text)
    cut = words if is_whole else f"{words[: longest - 3]}..."
    return Text(cut.encode(console.encoding, "replace").decode(console.encoding))


def _share(share: Share, *, digits: int = 2) -> str:
    if share.value is None:
        return "-"
    low, high = share.interval
    return f"{share.value:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def _counted(share: Share, *, digits: int = 2) -> str:
    return f"{share.hits:,}/{share.of:,}  {_share(share, digits=digits)}" if share.of else "-"


def _estimate(found: Estimate) -> str:
    return f"{found.value:.3f} ({found.low:.3f}-{found.high:.3f})"


def _operation_json(one: Operation) -> dict[str, Any]:
    return {
        "name": one.bar.name,
        "score": one.bar.score,
        "recall": _share_json(one.recall),
        "alarms": _share_json(one.alarms),
        "ordinary": _share_json(one.ordinary) if one.ordinary else None,
    }


def _share_json(share: Share) -> dict[str, Any]:
    low, high = share.interval
    return {"hits": share.hits, "of": share.of, "value": share.value, "low": low, "high": high}


def _naming_json(naming: Naming) -> dict[str, Any]:
    return {
        "right": _share_json(naming.right),
        "read_as": {
            row.label: dict(zip(naming.names, row.counts, strict=True)) for row in naming.rows
        },
    }


def _standout_json(one: Standout) -> dict[str, Any]:
    return {"id": one.id, "score": one.score, "label": one.label, "read_as": one.read_as}
