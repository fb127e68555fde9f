"""Fits the points by which the reader names the other speech acts and writes them to their table.

    python training/reading/fit_acts.py            prints how many points there are
    python training/reading/fit_acts.py --write    writes src/tocsin/read/points.txt

A softmax regression over the named features of `tocsin.read.act`, pulled towards zero; points that
hardly matter are left out of the table. It learns from the texts without an own threat.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from fit import HERE, REFERENCE, ROOT, read_items

from tocsin.read.act import features
from tocsin.read.findings import find
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.passage import prepare
from tocsin.read.rules import signs
from tocsin.read.statement import Kind, SpeechAct

TABLE = ROOT / "src/tocsin/read/points.txt"
HEADER = "# Points a feature gives a speech act. Written by training/reading/fit_acts.py.\n"
ACTS = [act for act in SpeechAct if act is not SpeechAct.OWN_THREAT]
STEPS = 600
RATE = 0.5
PULL = 0.01
LEAST = 0.1  # a point smaller than this is left out

Points = dict[tuple[str, SpeechAct], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """The features of one text and the act that its author gave it."""

    features: frozenset[str]
    act: SpeechAct


def main() -> None:
    """Fits, and writes the table where asked to."""
    parser = argparse.ArgumentParser(description="Fits the points of the other speech acts.")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    items = [*read_items(HERE / "invented.tsv"), *read_items(REFERENCE / "text/dev.jsonl")]
    found = fit([example(text, kind, act) for text, kind, act in items if act != "own_threat"])
    print(f"{len(found)} points from {len(items)} texts")
    if given.write:
        rows = "".join(f"{name} {act} {points:.2f}\n" for (name, act), points in found.items())
        TABLE.write_text(HEADER + rows, encoding="utf-8")


def example(text: str, kind: str, act: str) -> Example:
    """A text with its features."""
    passage = prepare(text, Kind(kind))
    found = find(passage, Gazetteer(), None)
    seen = features(passage, found, signs(passage, found))
    return Example(features=seen, act=SpeechAct(act))


def fit(examples: Sequence[Example]) -> Points:
    """Points that tell the acts of the examples apart, the telling ones only."""
    names = sorted({name for item in examples for name in item.features})
    matrix = np.array([[name in item.features for name in names] for item in examples], float)
    said = np.array([[item.act is act for act in ACTS] for item in examples], float)
    weights = np.zeros((len(names), len(ACTS)))
    for _ in range(STEPS):
        powers = np.exp(matrix @ weights)
        chance = powers / powers.sum(axis=1, keepdims=True)
        slope = matrix.T @ (chance - said) / len(examples) + PULL * weights
        weights -= RATE * slope
    return {
        (name, act): float(weights[row, column])
        for row, name in enumerate(names)
        for column, act in enumerate(ACTS)
        if abs(weights[row, column]) >= LEAST
    }


if __name__ == "__main__":
    main()
