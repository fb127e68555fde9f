"""Fits the weights of the reader's rules and writes them to its table.

    python training/reading/fit.py            prints the fit; leaves the table alone
    python training/reading/fit.py --write    writes src/tocsin/read/weights.txt

A logistic regression over named rules, each pulled towards the weight set by hand in `prior.txt`:
with a few hundred sentences the data may correct a judgement, not replace it. It learns from
`invented.tsv` beside this file and from the development set. Ordinary calls are never learned from.
"""

import argparse
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tocsin.read.findings import find
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.passage import Passage, prepare
from tocsin.read.rules import Sign, signs
from tocsin.read.score import BASE, best_window
from tocsin.read.statement import Kind

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TABLE = ROOT / "src/tocsin/read/weights.txt"
REFERENCE = Path(os.environ.get("TOCSIN_REFERENCE_DATA", ROOT.parent / "shared/data"))
HEADER = "# What each rule adds to the score. Written by training/reading/fit.py from prior.txt.\n"

ROUNDS = 4
STEPS = 400
RATE = 0.05
PULL = 0.02  # how hard each weight is pulled towards the prior, per sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One labelled text, prepared once."""

    passage: Passage
    signs: tuple[Sign, ...]
    is_threat: bool


def main() -> None:
    """Fits, prints what changed, and writes the table where asked to."""
    parser = argparse.ArgumentParser(description="Fits the weights of the reader's rules.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--pull", type=float, default=PULL)
    given = parser.parse_args()
    prior = read_table(HERE / "prior.txt")
    items = [*read_items(HERE / "invented.tsv"), *read_items(REFERENCE / "text/dev.jsonl")]
    sentences = [sentence(text, kind, act == "own_threat") for text, kind, act in items]
    fitted = fit(sentences, prior, pull=given.pull)
    for rule in prior:
        print(f"{rule:28} {prior[rule]:6.2f} {fitted[rule]:6.2f}")
    if given.write:
        rows = "".join(f"{rule} {weight:.2f}\n" for rule, weight in fitted.items())
        TABLE.write_text(HEADER + rows, encoding="utf-8")


def read_table(path: Path) -> dict[str, float]:
    """Rules and weights of a table."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {row[0]: float(row[1]) for row in rows}


def read_items(path: Path) -> list[tuple[str, str, str]]:
    """Text, kind and speech act of every item of a file, tab-separated or JSON lines."""
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".jsonl":
        items = [json.loads(line) for line in lines]
        return [(item["text"], item["kind"], item["speech_act"]) for item in items]
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return [(text, kind, act) for act, _, kind, text in rows]


def sentence(text: str, kind: str, is_threat: bool) -> Sentence:
    """A text with its signs."""
    passage = prepare(text, Kind(kind))
    found = signs(passage, find(passage, Gazetteer(), None))
    return Sentence(passage=passage, signs=found, is_threat=is_threat)


def fit(sentences: Iterable[Sentence], prior: dict[str, float], *, pull: float) -> dict[str, float]:
    """Weights close to the prior that tell the sentences apart.

    The window that counts depends on the weights, so windows and weights are found in turn.
    """
    items = list(sentences)
    rules = list(prior)
    start = np.array([prior[rule] for rule in rules])
    weights = start
    said = np.array([item.is_threat for item in items], dtype=float)
    shares = np.where(said > 0, 0.5 / said.sum(), 0.5 / (1 - said).sum()) * len(items)
    for _ in range(ROUNDS):
        table = dict(zip(rules, weights.tolist(), strict=True))
        matrix = np.array([row(item, rules, table) for item in items])
        weights = descend(matrix, said, shares, start, pull)
    return dict(zip(rules, weights.tolist(), strict=True))


def row(item: Sentence, rules: list[str], table: dict[str, float]) -> list[float]:
    """One sentence's best window as a row: 1 for every rule that counts."""
    _, _, kept = best_window(item.passage, item.signs, table)
    present = {BASE, *(sign.rule for sign in kept)}
    return [float(rule in present) for rule in rules]


def descend(
    matrix: np.ndarray, said: np.ndarray, shares: np.ndarray, start: np.ndarray, pull: float
) -> np.ndarray:
    """Minimises the weighted log loss plus the pull by gradient steps with momentum."""
    weights, speed = start.copy(), np.zeros_like(start)
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-(matrix @ weights)))
        slope = matrix.T @ ((chance - said) * shares) / len(said) + pull * (weights - start)
        speed = 0.9 * speed - RATE * slope * 10
        weights = weights + speed
    return weights


if __name__ == "__main__":
    main()
