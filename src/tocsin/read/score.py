"""Adds up the signs of the window that speaks loudest for an own threat.

Two sums are made: of the rules alone, by weights set by hand and corrected, and of rules and words,
by weights learned from a corpus. The rules know plain threats, however short; the words know ways
of putting it that no rule names. The higher sum counts, and its terms are shown.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tocsin.read.grams import gram_signs, learned_weights
from tocsin.read.passage import Passage
from tocsin.read.rules import Sign
from tocsin.read.statement import Evidence, Level

LONGEST_WINDOW = 40
REACH = 4  # clauses to either side of a core
BASE = "base"

Window = tuple[int, int, list[Sign]]
"""First token, the one after the last, and the signs that count there."""

# Set by counting false alarms in ordinary calls: `python -m benchmarks.read` prints the counts.
SUGGEST = 1.0
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
    """The weight of every rule, where rules speak alone."""
    lines = files("tocsin.read").joinpath("weights.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: float(row[1]) for row in rows}


def score(passage: Passage, signs: Sequence[Sign]) -> Scored:
    """The higher of the two sums, with its window.

    Args:
        passage: the text.
        signs: what the rules found, in order of `Sign.place`; the words are looked up here.
    """
    both = (by_rules(passage, signs), by_words(passage, signs))
    return max(both, key=lambda one: one.score)


def by_rules(passage: Passage, signs: Sequence[Sign]) -> Scored:
    """The sum of the rules alone."""
    return _summed(passage, best_window(passage, signs, weights()), weights())


def by_words(passage: Passage, signs: Sequence[Sign]) -> Scored:
    """The sum of the rules and of what was learned of words and pairs of words."""
    learned = learned_weights()
    window = fullest_window(passage, [*signs, *gram_signs(passage, learned)], learned)
    return _summed(passage, window, learned)


def _summed(passage: Passage, window: Window, table: Mapping[str, float]) -> Scored:
    start, end, kept = window
    signs = (Sign(rule=BASE, start=start, end=start), *kept)
    evidence = tuple(_evidence(passage, sign, table) for sign in signs)
    return Scored(score=sum(e.weight for e in evidence), evidence=evidence, start=start, end=end)


def best_window(passage: Passage, signs: Sequence[Sign], table: Mapping[str, float]) -> Window:
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


def fullest_window(passage: Passage, signs: Sequence[Sign], table: Mapping[str, float]) -> Window:
    """As `best_window`, of windows as long as they may be: what stands around is always heard."""
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
    limit = passage.clauses[first].start + LONGEST_WINDOW
    last = first + 1
    while last < len(passage.clauses) and passage.clauses[last].end <= limit:
        last += 1
    return last - 1


def _evidence(passage: Passage, sign: Sign, table: Mapping[str, float]) -> Evidence:
    return Evidence(
        rule=sign.rule,
        start=_offset(passage, sign.start),
        end=max(_offset(passage, sign.start), passage.tokens[sign.end - 1].end if sign.end else 0),
        weight=table.get(sign.rule, 0.0),
    )


def _offset(passage: Passage, at: int) -> int:
    return passage.tokens[at].start if at < len(passage.tokens) else len(passage.text)
