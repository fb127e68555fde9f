"""Adds up the signs of the window that speaks loudest for an own threat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tocsin.read.grams import gram_signs, gram_weights
from tocsin.read.passage import Passage
from tocsin.read.rules import Sign
from tocsin.read.statement import Evidence, Level

LONGEST_WINDOW = 40
BASE = "base"

# Set by counting false alarms in ordinary calls: benchmarks/read.py prints the counts.
SUGGEST = 0.4
FLAG = 1.55


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
    """The weight of every rule, and of every word and pair of words."""
    lines = files("tocsin.read").joinpath("weights.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: float(row[1]) for row in rows} | gram_weights()


def score(passage: Passage, signs: Sequence[Sign]) -> Scored:
    """The best window of whole clauses, up to `LONGEST_WINDOW` words long, and its sum.

    Args:
        passage: the text.
        signs: what the rules found in it; the words are looked up here.
    """
    start, end, kept = best_window(passage, [*signs, *gram_signs(passage)], weights())
    base = _evidence(passage, Sign(rule=BASE, start=start, end=start))
    evidence = (base, *(_evidence(passage, sign) for sign in kept))
    return Scored(score=sum(e.weight for e in evidence), evidence=evidence, start=start, end=end)


def best_window(
    passage: Passage, signs: Sequence[Sign], table: Mapping[str, float]
) -> tuple[int, int, list[Sign]]:
    """The window whose signs weigh most, with them; the whole text where it has no words."""
    best: tuple[int, int, list[Sign]] = (0, len(passage.tokens), [])
    best_total = float("-inf")
    held = _by_clause(passage, signs)
    last_before = -1
    for first in range(len(passage.clauses)):
        last = _reaches(passage, first)
        if last == last_before:
            continue  # the window before holds this one whole
        last_before = last
        kept: dict[str, Sign] = {}
        for clause in held[first : last + 1]:
            for sign in clause:
                kept.setdefault(sign.rule, sign)
        total = sum(table.get(rule, 0.0) for rule in kept)
        if total > best_total:
            start, end = passage.clauses[first].start, passage.clauses[last].end
            best, best_total = (start, end, list(kept.values())), total
    return best


def _by_clause(passage: Passage, signs: Sequence[Sign]) -> list[list[Sign]]:
    held: list[list[Sign]] = [[] for _ in passage.clauses]
    for sign in signs:
        held[passage.clause_of[sign.place]].append(sign)
    return held


def _reaches(passage: Passage, first: int) -> int:
    """The last clause of the longest window that begins with this one."""
    start = passage.clauses[first].start
    last = first
    while (
        last + 1 < len(passage.clauses) and passage.clauses[last + 1].end - start <= LONGEST_WINDOW
    ):
        last += 1
    return last


def _evidence(passage: Passage, sign: Sign) -> Evidence:
    return Evidence(
        rule=sign.rule,
        start=_offset(passage, sign.start),
        end=max(_offset(passage, sign.start), passage.tokens[sign.end - 1].end if sign.end else 0),
        weight=weights().get(sign.rule, 0.0),
    )


def _offset(passage: Passage, at: int) -> int:
    return passage.tokens[at].start if at < len(passage.tokens) else len(passage.text)
