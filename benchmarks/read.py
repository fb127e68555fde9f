"""Measures the reader: own threats found, false alarms in ordinary calls, spans, forms, time.

    python benchmarks/read.py

Needs the reference data (TOCSIN_REFERENCE_DATA, by default ../shared/data). The rules and weights
were made with the development set in sight, so its rows flatter. Ordinary calls are only counted:
two thresholds follow from them, and nothing of their text is shown.
"""

import json
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.read import Form, Kind, Span, SpeechAct, Statement, read
from tocsin.read.score import FLAG, SUGGEST

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path(os.environ.get("TOCSIN_REFERENCE_DATA", ROOT.parent / "shared/data")) / "text"
KEYWORDS = re.compile(
    r"\b(kill|shoot|shot|stab|bomb|gun|knife|murder|die|dead|burn|hurt|threat|blow up|attack)\w*",
    re.IGNORECASE,
)
SHORTEST, LONGEST = 5, 40

Scores = NDArray[np.float64]
Item = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One scorer's results: on threats, on other texts of the set, on ordinary windows."""

    name: str
    threats: Scores
    others: Scores
    ordinary: Scores
    microseconds: float

    def threshold(self, rate: float) -> float:
        """The least score that at most `rate` of the ordinary windows reach."""
        ranked = np.sort(self.ordinary)[::-1]
        return float(np.nextafter(ranked[int(len(ranked) * rate)], np.inf))

    def recall(self, rate: float) -> float:
        """The share of threats found at that rate of false alarms."""
        return float(np.mean(self.threats >= self.threshold(rate)))


def main() -> None:
    """Prints the tables."""
    items = [json.loads(line) for line in _lines("dev.jsonl")]
    every, callers = list(windows("all")), list(windows("callers"))
    ordinary = [*every, *callers]
    print(
        f"{len(items)} texts; {len(every)} ordinary windows of all turns, {len(callers)} of callers"
    )
    print("\nscorer          AP    AUC   recall at 1/1000, 5/1000   us per window")
    for name, scorer in (("keyword gate", keywords), ("this reader", reader)):
        contest = measure(name, scorer, items, ordinary)
        _print_contest(contest)
    print(f"\nthresholds in use: suggest {SUGGEST:.2f}, flag {FLAG:.2f}")
    _print_alarms("all turns", every)
    _print_alarms("callers", callers)
    statements = [read(item["text"], kind=Kind(item["kind"])) for item in items]
    _print_acts(items, statements)
    _print_spans(items, statements)


def keywords(text: str, kind: Kind) -> float:
    """A peer: how many violent words there are."""
    return float(len(KEYWORDS.findall(text)))


def reader(text: str, kind: Kind) -> float:
    """The score of this reader."""
    return read(text, kind=kind).score


def windows(turns: str) -> Iterator[str]:
    """Ordinary calls in pieces of 5 to 40 words: of all turns, or without the operators'."""
    for line in _lines("ordinary-calls.jsonl"):
        call = json.loads(line)["turns"]
        kept = [turn for turn in call if turns == "all" or turn["role"] != "operator"]
        yield from _packed(kept)


def _packed(turns: Sequence[Item]) -> Iterator[str]:
    """Whole turns together until 15 words are reached; longer ones cut at 40."""
    pending: list[str] = []
    for turn in turns:
        pending += turn["text"].split()
        while len(pending) >= LONGEST:
            yield " ".join(pending[:LONGEST])
            pending = pending[LONGEST:]
        if len(pending) >= 3 * SHORTEST:
            yield " ".join(pending)
            pending = []
    if len(pending) >= SHORTEST:
        yield " ".join(pending)


def measure(
    name: str, scorer: Callable[[str, Kind], float], items: Sequence[Item], ordinary: Sequence[str]
) -> Contest:
    """One scorer on the development set and the ordinary windows."""
    scores = np.array([scorer(item["text"], Kind(item["kind"])) for item in items])
    is_threat = np.array([item["speech_act"] == "own_threat" for item in items])
    begun = time.perf_counter()
    usual = np.array([scorer(text, Kind.TRANSCRIPT) for text in ordinary])
    spent = time.perf_counter() - begun
    return Contest(
        name=name,
        threats=scores[is_threat],
        others=scores[~is_threat],
        ordinary=usual,
        microseconds=spent / len(ordinary) * 1e6,
    )


def average_precision(threats: Scores, others: Scores) -> float:
    """Mean of the precision at each threat, ties counted against the scorer."""
    shares = [
        float(np.sum(threats >= score) / (np.sum(threats >= score) + np.sum(others >= score)))
        for score in threats
    ]
    return float(np.mean(shares))


def area(threats: Scores, others: Scores) -> float:
    """The chance that a threat scores above another text, ties half."""
    above = (threats[:, None] > others[None, :]).mean()
    equal = (threats[:, None] == others[None, :]).mean()
    return float(above + equal / 2)


def _print_contest(contest: Contest) -> None:
    precision = average_precision(contest.threats, contest.others)
    auc = area(contest.threats, contest.others)
    print(
        f"{contest.name:14} {precision:5.3f}  {auc:5.3f}   {contest.recall(0.001):.2f} "
        f"(score {contest.threshold(0.001):.2f}), {contest.recall(0.005):.2f} "
        f"(score {contest.threshold(0.005):.2f})   {contest.microseconds:6.0f}"
    )


def _print_alarms(name: str, texts: Sequence[str]) -> None:
    scores = np.array([reader(text, Kind.TRANSCRIPT) for text in texts])
    suggested, flagged = int((scores >= SUGGEST).sum()), int((scores >= FLAG).sum())
    print(f"  {name:10} {suggested} suggested, {flagged} flagged of {len(texts)} windows")


def _print_acts(items: Sequence[Item], statements: Sequence[Statement]) -> None:
    pairs = list(zip(items, statements, strict=True))
    right = [item["speech_act"] == statement.speech_act for item, statement in pairs]
    threats = [pair for pair in pairs if pair[0]["speech_act"] == SpeechAct.OWN_THREAT]
    forms = [item["form"] == statement.form for item, statement in threats]
    print(f"\nspeech act right: {np.mean(right):.3f} of {len(pairs)}")
    print(f"form right: {np.mean(forms):.3f} of {len(threats)} own threats")
    for form in (form for form in Form if form is not Form.NONE):
        of_form = [statement.form == form for item, statement in threats if item["form"] == form]
        print(f"  {form:12} {np.mean(of_form):.2f} of {len(of_form)}")


def _print_spans(items: Sequence[Item], statements: Sequence[Statement]) -> None:
    wanted: Counter[str] = Counter()
    found: Counter[str] = Counter()
    given: Counter[str] = Counter()
    fitting: Counter[str] = Counter()
    for item, statement in zip(items, statements, strict=True):
        if item["speech_act"] != SpeechAct.OWN_THREAT:
            continue
        for span in item["spans"]:
            wanted[span["field"]] += 1
            found[span["field"]] += any(_overlaps(span, other) for other in statement.spans)
        for other in statement.spans:
            given[other.field] += 1
            fitting[other.field] += any(_overlaps(span, other) for span in item["spans"])
    print("\nspans of own threats     recall  precision  (overlap)   wanted")
    for field, count in wanted.most_common():
        share = fitting[field] / max(1, given[field])
        print(
            f"  {field:20}    {found[field] / count:.2f}     {share:.2f}                  {count}"
        )


def _overlaps(span: Item, other: Span) -> bool:
    is_field = bool(span["field"] == other.field)
    return is_field and bool(other.start < span["end"] and span["start"] < other.end)


def _lines(name: str) -> list[str]:
    return (REFERENCE / name).read_text(encoding="utf-8").splitlines()


if __name__ == "__main__":
    main()
