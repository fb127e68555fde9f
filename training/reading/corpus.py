"""Reads the corpus: texts written by several hands, the words that matter marked in place.

    python training/reading/corpus.py                   counts every hand, and names each fault
    python training/reading/corpus.py --json FILE       writes all items as JSON lines with offsets

One file a hand in `hands/`; in `heard/` the same hands as our recogniser hears them (`heard.py`,
`heard(name)`). One item a line, five fields parted by tabs:

    own_threat  conditional  police  transcript  If [target:one of them] [condition:comes up here]
                                                 [harm:I'll shoot].

act, form, whom it is aimed at, kind, and the text. A mark is `[field:words]`; marks may nest. The
offsets are counted here, in the text without its marks, so no offset can be wrong. Lines that begin
with `#` are remarks. The meaning of each label is in `labels.md` beside this file.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

HANDS = Path(__file__).parent / "hands"
HEARD = Path(__file__).parent / "heard"
ACTS = (
    "own_threat",
    "third_party_report",
    "victim_event",
    "quote_media",
    "hyperbole",
    "retraction",
    "self_harm",
    "hypothetical_fear",
    "officer_notice",
    "other",
)
FORMS = ("direct", "conditional", "veiled", "indirect", "none")
AIMS = ("police", "role", "person", "place", "none")
KINDS = ("transcript", "note", "asr")
FIELDS = (
    "harm",
    "target",
    "condition",
    "place",
    "time",
    "means",
    "grievance",
    "group",
    "commitment",
    "attribution",
    "retraction",
)
SHORTEST, LONGEST = 3, 130
"""Words in an item."""

_MARK = re.compile(r"\[([a-z]+):|\]")


class Unreadable(Exception):
    """A line of a hand that cannot be taken; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A span of an item: its field, and its characters in the text."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One labelled text of a hand."""

    id: str
    hand: str
    kind: str
    text: str
    speech_act: str
    form: str
    aim: str
    spans: tuple[Marked, ...]

    @property
    def is_threat(self) -> bool:
        """Whether the caller, or his group, threatens somebody else."""
        return self.speech_act == "own_threat"

    def row(self) -> dict[str, object]:
        """The item as one line of the reference format."""
        facts = asdict(self)
        return {**facts, "targets_police": self.aim == "police"}


def main() -> None:
    """Counts the hands, says every fault, and writes the items where asked to."""
    parser = argparse.ArgumentParser(description="Reads and checks the corpus.")
    parser.add_argument("files", nargs="*", type=Path, help="hands; all of them by default")
    parser.add_argument("--json", type=Path, help="write the items as JSON lines")
    given = parser.parse_args()
    paths: Sequence[Path] = given.files or [
        path for folder in (HANDS, HEARD) for path in sorted(folder.glob("*.txt"))
    ]
    items, faults = [], []
    for path in paths:
        taken, wrong = read_hand(path)
        items += taken
        faults += wrong
        print(f"\n{path.parent.name}/{path.stem}: {len(taken)} items")
        _print_counts(taken)
    # a text that was heard without an error is in both folders, and no fault
    faults += list(_twice([one for one in items if not one.id.startswith("heard-")]))
    for fault in faults:
        print(fault)
    if given.json:
        given.json.write_text("".join(json.dumps(item.row()) + "\n" for item in items))
    sys.exit(bool(faults))


def corpus(*, without: Sequence[str] = (), with_heard: bool = False) -> list[Item]:
    """Every item of every hand but those named, and where asked for, what was heard of them.

    Raises:
        Unreadable: a line has a fault.
    """
    names = [path.stem for path in sorted(HANDS.glob("*.txt")) if path.stem not in without]
    items = [one for name in names for one in hand(name)]
    return items + [one for name in names if with_heard for one in heard(name)]


def hand(name: str) -> list[Item]:
    """The items of one hand.

    Raises:
        Unreadable: a line has a fault.
    """
    return _faultless(HANDS / f"{name}.txt")


def heard(name: str) -> list[Item]:
    """The items of one hand as our recogniser heard them; none where the hand was not heard.

    Their `hand` is the hand's name, so that to leave out a hand leaves out both; their `id` begins
    with `heard-`.

    Raises:
        Unreadable: a line has a fault.
    """
    path = HEARD / f"{name}.txt"
    return _faultless(path) if path.exists() else []


def read_hand(path: Path) -> tuple[list[Item], list[str]]:
    """The items of a file, and what is wrong with the lines that were left out."""
    items, faults = [], []
    name = f"heard-{path.stem}" if path.parent.name == HEARD.name else path.stem
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            items.append(item(line, name=f"{name}-{number:04}", hand=path.stem))
        except Unreadable as fault:
            faults.append(f"{path.name} line {number}: {fault}: {line[:70]!r}")
    return items, faults


def item(line: str, *, name: str, hand: str) -> Item:
    """One line as an item.

    Raises:
        Unreadable: a label is unknown, a mark is open or empty, or labels contradict each other.
    """
    cells = line.split("\t")
    if len(cells) != 5:
        raise Unreadable(f"{len(cells)} fields instead of 5, parted by tabs")
    act, form, aim, kind, marked = (cell.strip() for cell in cells)
    for value, known in ((act, ACTS), (form, FORMS), (aim, AIMS), (kind, KINDS)):
        if value not in known:
            raise Unreadable(f"{value!r} is none of {', '.join(known)}")
    text, spans = unmark(marked)
    if not SHORTEST <= len(text.split()) <= LONGEST:
        raise Unreadable(f"{len(text.split())} words")
    fields = {span.field for span in spans}
    if act == "own_threat" and (form == "none" or not {"harm", "target"} <= fields):
        raise Unreadable("an own threat has a form, a harm and a target")
    if act != "own_threat" and form != "none":
        raise Unreadable("only an own threat has a form")
    return Item(
        id=name, hand=hand, kind=kind, text=text, speech_act=act, form=form, aim=aim, spans=spans
    )


def unmark(marked: str) -> tuple[str, tuple[Marked, ...]]:
    """The text without its marks, and the marks with their places in it.

    Raises:
        Unreadable: a mark is not closed, closed twice, empty, or of no known field.
    """
    text, opened, found, last = "", [], [], 0
    for match in _MARK.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        if match[1]:
            if match[1] not in FIELDS:
                raise Unreadable(f"no field is called {match[1]!r}")
            opened.append((match[1], len(text)))
        elif opened:
            field, start = opened.pop()
            found.append(_mark(field, start, text))
        else:
            raise Unreadable("a mark is closed that was not opened")
    if opened:
        raise Unreadable(f"the mark {opened[-1][0]!r} is not closed")
    text += marked[last:]
    if "[" in text:
        raise Unreadable("a bracket that is no mark")
    return text, tuple(sorted(found, key=lambda span: (span.start, -span.end)))


def _faultless(path: Path) -> list[Item]:
    items, faults = read_hand(path)
    if faults:
        raise Unreadable(faults[0])
    return items


def _mark(field: str, start: int, text: str) -> Marked:
    inside = text[start:]
    if not inside.strip():
        raise Unreadable(f"the mark {field!r} is empty")
    start += len(inside) - len(inside.lstrip())
    inside = inside.strip()
    return Marked(field=field, start=start, end=start + len(inside), text=inside)


def _twice(items: Sequence[Item]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for one in items:
        words = " ".join(re.findall(r"[a-z']+", one.text.lower()))
        if words in seen:
            yield f"{one.id}: the same text as {seen[words]}"
        seen[words] = one.id


def _print_counts(items: Sequence[Item]) -> None:
    for counted in (
        Counter(one.speech_act for one in items),
        Counter(one.form for one in items if one.is_threat),
        Counter(one.aim for one in items if one.is_threat),
        Counter(one.kind for one in items),
        Counter(span.field for one in items for span in one.spans),
        Counter(_opening(one.text) for one in items),
    ):
        print("  " + ", ".join(f"{name} {count}" for name, count in counted.most_common(12)))


def _opening(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower())[:2])


if __name__ == "__main__":
    main()
