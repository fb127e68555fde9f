"""The command `tocsin eval`: the reader set against texts whose answers are known."""

import json
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from tocsin.errors import BadText, SetupError, TooLarge
from tocsin.terminal import says_errors, waiting

if TYPE_CHECKING:
    from tocsin.read.evaluation import Evaluation, Item, Scores

T = TypeVar("T")

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
NEW_FILE = click.Path(dir_okay=False, path_type=Path)

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes of a file that are read at the most."""

MOST_LINES = 100_000
"""Texts, or calls, in a file at the most."""

_SPELLED_OUT = 50  # of the lines that do not fit; the rest is named by number
_WAY_OUT = "Nothing was measured. docs/reading.md says what a line holds."


@click.command("eval")
@click.argument("file", type=FILE)
@click.option(
    "--ordinary",
    type=FILE,
    help="Ordinary calls that set thresholds; else text/ordinary-calls.jsonl of the reference "
    "data, where it is.",
)
@click.option(
    "--show",
    type=click.IntRange(0, 1_000),
    default=10,
    show_default=True,
    help="The most misses, and the most alarms, that are shown with their text.",
)
@click.option("--json", "into", type=NEW_FILE, help="Also write the figures, without texts, here.")
@says_errors
def evaluate(*, file: Path, ordinary: Path | None, show: int, into: Path | None) -> None:
    """Measure the reader on FILE: labelled texts, one JSON object a line.

    Each holds {"id", "kind", "text", "speech_act", "form", "targets_police", "spans"}; further
    members are passed over. A file with a line that does not fit is refused, exit status 2.
    Of ordinary calls only numbers are shown. No database is needed.
    """
    from tocsin.scorecard import print_evaluation, to_json

    calls = ordinary or _reference_calls()
    if into:
        _check_target(into, [file, calls])
    items = read_items(file)
    usual = _scores_of(read_windows(calls)) if ordinary or _is_there(calls) else None
    found = _measured(items, usual, show)
    print_evaluation(found, name=file.name, calls=calls)
    if into:
        _write(into, json.dumps(to_json(found, name=file.name), indent=2, allow_nan=False))


def read_items(file: Path) -> tuple["Item", ...]:
    """The labelled texts of a file.

    Raises:
        TooLarge: the file is over `LARGEST_FILE`.
        BadText: names every line that does not fit, or there is none at all.
    """
    from tocsin.read.evaluation import parse_item

    seen: dict[str, int] = {}

    def parse(number: int, line: str) -> "Item":
        item = parse_item(line)
        first = seen.setdefault(item.id, number)
        if first != number:
            raise BadText(f"its `id` is that of line {first}.", way_out="Give each its own.")
        return item

    return tuple(_parsed(file, parse))


def read_windows(file: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The windows of a file of ordinary calls: of all turns, and of those without the operator.

    Raises:
        TooLarge: the file is over `LARGEST_FILE`.
        BadText: names every line that does not fit, and repeats nothing of it; or no window
            could be made.
    """
    from tocsin.read import LARGEST
    from tocsin.read.evaluation import parse_call, windows

    def parse(_: int, line: str) -> tuple[list[str], list[str]]:
        turns = parse_call(line)
        both = list(windows(turns, callers_only=False)), list(windows(turns, callers_only=True))
        if any(len(text.encode()) > LARGEST for texts in both for text in texts):
            raise BadText("it holds words too long to be words.", way_out="Take them out.")
        return both

    pairs = _parsed(file, parse)
    every, callers = (tuple(text for pair in pairs for text in pair[which]) for which in (0, 1))
    if not every:
        raise BadText(
            f"{file.name} holds no turns of five words.", way_out="Name a file of whole calls."
        )
    return every, callers


def _reference_calls() -> Path:
    from tocsin.desk.environment import read_text

    return Path(read_text("TOCSIN_REFERENCE_DATA", "../shared/data"), "text/ordinary-calls.jsonl")


def _is_there(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:
        return False  # behind a folder that is closed to us: the figures say that it was not read


def _scores_of(windows: Sequence[Sequence[str]]) -> "Scores":
    """The score of every window, read as a transcript."""
    import numpy as np

    from tocsin.read import Kind, read

    texts = [text for some in windows for text in some]
    with waiting("reading ordinary calls") as progress:
        scores = []
        for number, text in enumerate(texts):
            if number % 100 == 0:
                progress(f"{number:,} of {len(texts):,} windows")
            scores.append(read(text, kind=Kind.TRANSCRIPT).score)
    return np.array(scores, dtype=np.float64)


def _measured(items: Sequence["Item"], usual: "Scores | None", show: int) -> "Evaluation":
    from tocsin.read import read
    from tocsin.read.evaluation import Reading, measure

    with waiting("reading") as progress:
        readings = []
        for number, item in enumerate(items):
            if number % 100 == 0:
                progress(f"{number:,} of {len(items):,} texts")
            readings.append(Reading(item=item, statement=read(item.text, kind=item.kind)))
        progress("done; measuring")
        return measure(readings, ordinary=usual, show=show)


def _parsed(file: Path, parse: Callable[[int, str], T]) -> list[T]:
    """What the lines of a file hold, all of them or none."""
    found: list[T] = []
    faults: list[tuple[int, BadText]] = []
    lines = list(islice(_lines(file), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        raise BadText(
            f"{file.name} has more than {MOST_LINES:,} entries.", way_out="Cut it in two."
        )
    for number, line in lines:
        try:
            found.append(parse(number, _decoded(line)))
        except BadText as fault:
            faults.append((number, fault))
    if faults:
        raise _unusable(file, faults, len(found) + len(faults))
    if not found:
        raise BadText(f"{file.name} is empty.", way_out=_WAY_OUT)
    return found


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """Every line that is not blank, with its number from 1."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise BadText(
            f"{file.name} cannot be read ({fault.strerror}).", way_out="Name a file you may read."
        ) from fault
    if len(raw) > LARGEST_FILE:
        raise TooLarge(
            f"{file.name} has more than {LARGEST_FILE:,} bytes.", way_out="Cut it in two."
        )
    for number, line in enumerate(BytesIO(raw.removeprefix(b"\xef\xbb\xbf")), start=1):
        if line.strip():
            yield number, line


def _decoded(line: bytes) -> str:
    from tocsin.read.evaluation import LONGEST_LINE

    if len(line) > LONGEST_LINE:
        raise BadText(f"it has more than {LONGEST_LINE:,} bytes.", way_out="Cut it in two.")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise BadText("it is not UTF-8.", way_out="Write the file as UTF-8.") from fault


def _unusable(file: Path, faults: Sequence[tuple[int, BadText]], total: int) -> BadText:
    told = [f"  line {number}: {fault.for_person()}" for number, fault in faults[:_SPELLED_OUT]]
    rest = [number for number, _ in faults[_SPELLED_OUT:]]
    if rest:
        told.append(f"  and these lines: {_ranges(rest)}")
    first = f"{file.name}: {len(faults):,} of {total:,} lines cannot be used."
    return BadText("\n".join([first, *told, ""]), way_out=_WAY_OUT)


def _ranges(numbers: Sequence[int]) -> str:
    """Rising numbers with their runs drawn together: `3, 5-9`."""
    runs = groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in run] for _, run in runs]
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in ends)


def _check_target(into: Path, sources: Sequence[Path]) -> None:
    """Raises where the figures would overwrite what they are measured on, or have no folder."""
    if not into.absolute().parent.is_dir():
        raise SetupError(f"The folder of {into} is not there.", way_out="Make it, or name another.")
    if any(into.exists() and _is_there(one) and into.samefile(one) for one in sources):
        raise SetupError(f"{into} is what is measured.", way_out="Name another for the figures.")


def _write(into: Path, text: str) -> None:
    try:
        into.write_text(f"{text}\n", encoding="utf-8")
    except OSError as fault:
        raise SetupError(
            f"The figures could not be written to {into} ({fault.strerror}).",
            way_out="Name a file you may write.",
        ) from fault
