"""Adds up the signs of the window that speaks loudest for an own threat."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tocsin.read.passage import Passage
from tocsin.read.rules import Sign
from tocsin.read.statement import Evidence, Level

LONGEST_WINDOW = 40
REACH = 4  # clauses to either side of a core
BASE = "base"

# Set by counting false alarms in ordinary calls: benchmarks/read.py prints the counts.
SUGGEST = 0.7
FLAG = 1.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The score of a passage, the evidence it is the sum of, and its window in tokens."""

    score: float
    evidence: tuple[Evidence, ...]
    start: int
    end: int


def level_of(score: float) -> Level:
    """Which operating point a score reaches."""
    if score >= FLAG:
        return Level.FLAG
    return Level.SUGGEST if score >= SUGGEST else Level.NONE


@cache
def weights() -> dict[str, float]:
    """The weight of every rule."""
    lines = files("tocsin.read").joinpath("weights.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: float(row[1]) for row in rows}


def score(passage: Passage, signs: Sequence[Sign]) -> Scored:
    """The best window of whole clauses, up to `LONGEST_WINDOW` words long, and its sum.

    Args:
        passage: the text.
        signs: its signs, in order of `Sign.place`.
    """
    start, end, kept = best_window(passage, signs, weights())
    base = _evidence(passage, Sign(rule=BASE, start=start, end=start))
    evidence = (base, *(_evidence(passage, sign) for sign in kept))
    return Scored(score=sum(e.weight for e in evidence), evidence=evidence, start=start, end=end)


def best_window(
    passage: Passage, signs: Sequence[Sign], table: dict[str, float]
) -> tuple[int, int, list[Sign]]:
    """The window whose signs weigh most, with them; the whole text where nothing stands alone."""
    places = [sign.place for sign in signs]
    best = (0, len(passage.tokens), _without_core(signs))
    best_total = float("-inf")
    for start, end in _windows(passage, signs):
        kept = _once(signs[bisect_left(places, start) : bisect_left(places, end)])
        total = sum(table.get(sign.rule, 0.0) for sign in kept)
        if total > best_total:
            best, best_total = (start, end, kept), total
    return best


def _without_core(signs: Sequence[Sign]) -> list[Sign]:
    return _once([sign for sign in signs if sign.rule.startswith(("voice_", "act_"))])


def _once(signs: Sequence[Sign]) -> list[Sign]:
    """The first sign of every rule."""
    first: dict[str, Sign] = {}
    for sign in signs:
        first.setdefault(sign.rule, sign)
    return list(first.values())


def _windows(passage: Passage, signs: Sequence[Sign]) -> Iterator[tuple[int, int]]:
    for clause in sorted({passage.clause_of[sign.start] for sign in signs if sign.is_core}):
        yield from _around(passage, clause)


def _around(passage: Passage, clause: int) -> Iterator[tuple[int, int]]:
    """Windows that hold a clause: alone, and growing to either side while they are short."""
    for first in range(clause, max(-1, clause - REACH), -1):
        for last in range(clause, min(len(passage.clauses), clause + REACH)):
            start, end = passage.clauses[first].start, passage.clauses[last].end
            if end - start > LONGEST_WINDOW and (first, last) != (clause, clause):
                break
            yield start, end


def _evidence(passage: Passage, sign: Sign) -> Evidence:
    return Evidence(
        rule=sign.rule,
        start=_offset(passage, sign.start),
        end=max(_offset(passage, sign.start), passage.tokens[sign.end - 1].end if sign.end else 0),
        weight=weights().get(sign.rule, 0.0),
    )


def _offset(passage: Passage, at: int) -> int:
    return passage.tokens[at].start if at < len(passage.tokens) else len(passage.text)
