"""Carries labels and marks from a written text over to what a recogniser wrote of it.

Both texts are cut into words, and each written word is paired with at most one recognised word, in
order, so that words that look alike find each other. A mark becomes the recognised words between
the first and the last that are paired with its own.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from tocsin.listen.pronunciation import number
from training.reading.corpus import SHORTEST, Item, Marked

ALIKE = 0.75
"""From this likeness on, 0 to 1, a word counts as heard, though written differently."""

ENOUGH = 0.5
"""Share of a text's words that must be recognised before a lost mark is guessed from its place."""

NEEDED = ("harm", "target")
"""Marks without which an own threat is none."""

SPEAKER = re.compile(r"\b(Caller|Dispatcher):")

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*['\u2019]?|[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word as it is said, in lower case, and its characters in the text."""

    said: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A recognised text with the marks that reached it.

    Attributes:
        text: the recognised words.
        spans: the marks in them; they nest, and never cross.
        lost: how many marks of the written text did not reach it.
    """

    text: str
    spans: tuple[Marked, ...]
    lost: int


class LeftOut(Exception):
    """The item cannot be kept; says why."""


def carry(item: Item, text: str) -> Carried:
    """The recognised text with the item's marks.

    Args:
        item: the written text and its marks.
        text: what was recognised, from `plain`.

    Raises:
        LeftOut: hardly a word was recognised, or an own threat lost its harm or its target and
            fewer than half of its words were recognised.
    """
    written, heard = spoken(item.text), spoken(text)
    if len(text.split()) < SHORTEST:
        raise LeftOut("hardly a word was recognised")
    pairs = paired(written, heard)
    kept = [(span, hits) for span in item.spans if (hits := _heard(span, written, heard, pairs))]
    for field in NEEDED if item.is_threat else ():
        if not any(span.field == field for span, _ in kept):
            if right(written, heard) < ENOUGH * len(written):
                raise LeftOut(f"its {field} was lost among too many others")
            span = next(span for span in item.spans if span.field == field)
            kept.append((span, _nearest(span, written, pairs)))
    spans = [_marked(span.field, hits, heard, text) for span, hits in kept]
    spans.sort(key=lambda span: (span.start, -span.end))
    return Carried(text=text, spans=tuple(spans), lost=len(item.spans) - len(spans))


def line(item: Item, carried: Carried) -> str:
    """The item as a line of the corpus, with the recognised text in place of the written one."""
    marked = in_place(carried.text, carried.spans)
    return "\t".join((item.speech_act, item.form, item.aim, "asr", marked))


def in_place(text: str, spans: Sequence[Marked]) -> str:
    """The text with its marks in brackets; the opposite of `unmark`."""
    # of two marks of the same words `unmark` names the inner one first
    outer_first = list(reversed(spans))
    outer_first.sort(key=lambda span: -span.end)
    pieces = []
    for place in range(len(text) + 1):
        pieces += ["]" for span in spans if span.end == place]
        pieces += [f"[{span.field}:" for span in outer_first if span.start == place]
        pieces.append(text[place : place + 1])
    return "".join(pieces)


def plain(text: str) -> str:
    """A recogniser's words in lower case, without punctuation but apostrophes."""
    return " ".join(
        text[word.start : word.end].lower().replace("\u2019", "'") for word in _words(text)
    )


def spoken(text: str) -> list[Word]:
    """The words that are said: no punctuation, no speaker's label."""
    return _words(SPEAKER.sub(lambda label: " " * len(label[0]), text))


def read_out(words: Iterable[Word]) -> list[str]:
    """The words alone, numbers as they are read out."""
    return [
        part
        for word in words
        for part in (number(word.said) if word.said.isdigit() else (word.said,))
    ]


def errors(written: Sequence[Word], heard: Sequence[Word]) -> int:
    """Least number of words put in, left out or replaced (Levenshtein)."""
    one, other = read_out(written), read_out(heard)
    pairs = aligned(one, other, cost=_unlike)
    same = sum(index is not None and one[at] == other[index] for at, index in enumerate(pairs))
    hits = sum(index is not None for index in pairs)
    return len(one) + len(other) - hits - same


def right(written: Sequence[Word], heard: Sequence[Word]) -> int:
    """How many of the written words were recognised as they are."""
    pairs = paired(written, heard)
    return sum(
        index is not None and written[at].said == heard[index].said
        for at, index in enumerate(pairs)
    )


def paired(written: Sequence[Word], heard: Sequence[Word]) -> list[int | None]:
    """For each written word the index of the recognised word in its place, if any; ascending."""
    return aligned([word.said for word in written], [word.said for word in heard], cost=_cost)


def aligned(
    one: Sequence[str], other: Sequence[str], *, cost: Callable[[str, str], float]
) -> list[int | None]:
    """For each word of one its partner in the other, ascending, so that the costs are least.

    A word without a partner costs 1, two partners what `cost` says.
    """
    rows = [[float(place) for place in range(len(other) + 1)]]
    for at, word in enumerate(one):
        row = [at + 1.0]
        for place, against in enumerate(other):
            swap = rows[-1][place] + cost(word, against)
            row.append(min(swap, rows[-1][place + 1] + 1, row[-1] + 1))
        rows.append(row)
    found: list[int | None] = [None] * len(one)
    at, place = len(one), len(other)
    while at and place:
        if rows[at][place] == rows[at - 1][place - 1] + cost(one[at - 1], other[place - 1]):
            at, place = at - 1, place - 1
            found[at] = place
        elif rows[at][place] == rows[at - 1][place] + 1:
            at -= 1
        else:
            place -= 1
    return found


@lru_cache(maxsize=100_000)
def likeness(one: str, other: str) -> float:
    """How much two words look alike, 0 to 1."""
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _unlike(one: str, other: str) -> float:
    return float(one != other)


def _cost(one: str, other: str) -> float:
    # two words that share nothing are still rather partners than one lost and one invented
    return 1.5 * (1 - likeness(one, other))


def _words(text: str) -> list[Word]:
    return [
        Word(
            said=match[0].lower().replace("\u2019", "'").strip("'"),
            start=match.start(),
            end=match.end(),
        )
        for match in _WORD.finditer(text)
    ]


def _inside(span: Marked, written: Sequence[Word]) -> list[int]:
    # by where a word begins, so that marks which do not touch share no word
    return [at for at, word in enumerate(written) if span.start <= word.start < span.end]


def _heard(
    span: Marked, written: Sequence[Word], heard: Sequence[Word], pairs: Sequence[int | None]
) -> list[int]:
    inside = [(at, index) for at in _inside(span, written) if (index := pairs[at]) is not None]
    if any(likeness(written[at].said, heard[index].said) >= ALIKE for at, index in inside):
        return [index for _, index in inside]
    return []


def _nearest(span: Marked, written: Sequence[Word], pairs: Sequence[int | None]) -> list[int]:
    """The words in the place of a lost mark, or else the one word nearest to it."""
    inside = [index for at in _inside(span, written) if (index := pairs[at]) is not None]
    if inside:
        return inside
    middle = (span.start + span.end) / 2
    taken = [
        (abs(written[at].start - middle), index)
        for at, index in enumerate(pairs)
        if index is not None
    ]
    return [min(taken)[1]]


def _marked(field: str, hits: Sequence[int], heard: Sequence[Word], text: str) -> Marked:
    start, end = heard[hits[0]].start, heard[hits[-1]].end
    return Marked(field=field, start=start, end=end, text=text[start:end])
