"""Measures the reader: own threats found, false alarms in ordinary calls, spans, forms, time.

    python -m benchmarks.read

Needs the reference data (TOCSIN_REFERENCE_DATA, by default ../shared/data). The rules and weights
were made with the development set in sight, so its rows flatter; the kept hand of the corpus was
never trained on. Ordinary calls are only counted: two thresholds follow from them, and nothing of
their text is shown.
"""

import json
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tocsin.evaluating import read_items, read_windows
from tocsin.read import Kind, read
from tocsin.read.evaluation import (
    RATES,
    Item,
    Reading,
    Scores,
    act_naming,
    form_naming,
    parse_item,
    ranking,
    reaching,
    span_scores,
    threshold,
)
from tocsin.read.findings import find
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.passage import Passage, prepare
from tocsin.read.rules import Sign, signs
from tocsin.read.score import FLAG, SUGGEST, Scored, by_rules, by_words
from training.reading.corpus import hand

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = Path(os.environ.get("TOCSIN_REFERENCE_DATA", ROOT.parent / "shared/data")) / "text"
KEYWORDS = re.compile(
    r"\b(kill|shoot|shot|stab|bomb|gun|knife|murder|die|dead|burn|hurt|threat|blow up|attack)\w*",
    re.IGNORECASE,
)


KEPT = "anvil"
"""The hand that is never trained on."""

Sum = Callable[[Passage, Sequence[Sign]], Scored]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """One scorer's results: on threats, on other texts of the set, on ordinary windows."""

    name: str
    threats: Scores
    others: Scores
    ordinary: Scores
    microseconds: float

    def at(self, rate: float) -> str:
        """The share of threats found at that rate of false alarms, and the score it takes."""
        least = threshold(self.ordinary, rate)
        return f"{reaching(self.threats, least).value:.2f} (score {least:.2f})"


def main() -> None:
    """Prints the tables."""
    items = read_items(REFERENCE / "dev.jsonl")
    kept = [parse_item(json.dumps(one.row())) for one in hand(KEPT)]
    every, callers = read_windows(REFERENCE / "ordinary-calls.jsonl")
    ordinary = [*every, *callers]
    print(f"{len(every)} ordinary windows of all turns, {len(callers)} of callers")
    for title, texts in (("development set", items), ("kept hand", kept)):
        print(f"\n{title}, {len(texts)} texts")
        print("scorer            AP    AUC   recall at 1/1000, 5/1000             us per window")
        for name, scorer in SCORERS.items():
            _print_contest(measure(name, scorer, texts, ordinary))
    print(f"\nthresholds in use: suggest {SUGGEST:.2f}, flag {FLAG:.2f}")
    _print_alarms("all turns", every)
    _print_alarms("callers", callers)
    readings = [Reading(item=item, statement=read(item.text, kind=item.kind)) for item in items]
    _print_acts(readings)
    _print_spans(readings)


def keywords(text: str, kind: Kind) -> float:
    """A peer: how many violent words there are."""
    return float(len(KEYWORDS.findall(text)))


def reader(text: str, kind: Kind) -> float:
    """The score of this reader."""
    return read(text, kind=kind).score


def rules(text: str, kind: Kind) -> float:
    """The sum of the rules alone."""
    return _summed(by_rules, text, kind)


def learned(text: str, kind: Kind) -> float:
    """The sum of the rules and of learned words."""
    return _summed(by_words, text, kind)


def _summed(by: Sum, text: str, kind: Kind) -> float:
    passage = prepare(text, kind)
    return by(passage, signs(passage, find(passage, Gazetteer(), None))).score


SCORERS: dict[str, Callable[[str, Kind], float]] = {
    "keyword gate": keywords,
    "rules alone": rules,
    "rules and words": learned,
    "this reader": reader,
}


def measure(
    name: str, scorer: Callable[[str, Kind], float], items: Sequence[Item], ordinary: Sequence[str]
) -> Contest:
    """One scorer on labelled texts and the ordinary windows."""
    scores = np.array([scorer(item.text, item.kind) for item in items])
    is_threat = np.array([item.is_threat for item in items])
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


def _print_contest(contest: Contest) -> None:
    order = ranking(contest.threats, contest.others)
    if order is None:
        raise SystemExit("the development set needs threats and other texts")
    found = ", ".join(contest.at(rate) for rate in RATES.values())
    print(
        f"{contest.name:16} {order.average_precision.value:5.3f}  {order.area.value:5.3f}   "
        f"{found}   {contest.microseconds:6.0f}"
    )


def _print_alarms(name: str, texts: Sequence[str]) -> None:
    scores = np.array([reader(text, Kind.TRANSCRIPT) for text in texts])
    suggested, flagged = reaching(scores, SUGGEST).hits, reaching(scores, FLAG).hits
    print(f"  {name:10} {suggested} suggested, {flagged} flagged of {len(texts)} windows")


def _print_acts(readings: Sequence[Reading]) -> None:
    acts, forms = act_naming(readings).right, form_naming(readings)
    print(f"\nspeech act right: {acts.value:.3f} of {acts.of}")
    print(f"form right: {forms.right.value:.3f} of {forms.right.of} own threats")
    for row in forms.rows:
        print(f"  {row.label:12} {row.right.value:.2f} of {row.right.of}")


def _print_spans(readings: Sequence[Reading]) -> None:
    print("\nspans of own threats     recall  precision  (overlap)   wanted")
    for one in span_scores(readings):
        recall, share = one.recall.value or 0, one.precision.value or 0
        print(f"  {one.field:20}    {recall:.2f}     {share:.2f}                  {one.recall.of}")


if __name__ == "__main__":
    main()
