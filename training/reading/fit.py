"""Fits the reader's weights, of its rules and of words and pairs of words, to the corpus.

    python training/reading/fit.py                     leaves every hand out once; prints what is found
    python training/reading/fit.py --write             fits all of them, writes the two tables

A logistic regression over what stands in the window that speaks loudest. The window depends on the
weights, so windows and weights are found in turn. Learned from: the hands but the kept one, what a
recogniser heard of them, ordinary calls written for this, `invented.tsv`. Never from the kept hand
(`anvil`), the development set or the real ordinary calls: those only measure.

Needs scikit-learn, for training alone: `pip install scikit-learn`.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from corpus import HANDS, hand, heard
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from tocsin.read.findings import find
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.grams import MARK, grams
from tocsin.read.passage import Passage, prepare
from tocsin.read.rules import Sign, signs
from tocsin.read.score import BASE, best_window
from tocsin.read.statement import Kind

HERE = Path(__file__).parent
READ = HERE.parent.parent / "src/tocsin/read"
KEPT = "anvil"
INVENTED = "invented"

ROUNDS = 3
STRENGTH = 0.25
"""Inverse of the pull towards zero."""

RULES_COUNT = 2.0
"""How much less a rule is pulled than a word: it was thought about."""

RARE = 2
"""Grams in fewer sentences than this are not looked at."""

SMALL = 0.02
"""Weights nearer to zero are not written down."""

Table = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One labelled text, prepared once."""

    passage: Passage
    signs: tuple[Sign, ...]
    is_threat: bool


def main() -> None:
    """Measures the fit on hands it has not seen, or writes the tables."""
    parser = argparse.ArgumentParser(description="Fits the weights of the reader.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--leave", nargs="*", help="hands to leave out in turn")
    given = parser.parse_args()
    parts = {name: list(part(name)) for name in names()}
    if given.write:
        write(fit([one for held in parts.values() for one in held]))
        return
    for left in given.leave or [name for name in parts if "ordinary" not in name]:
        table = fit([one for name, held in parts.items() if name != left for one in held])
        scores = np.array([total(one, table) for one in parts[left]])
        said = np.array([one.is_threat for one in parts[left]])
        harmless = [one for name in parts if "ordinary" in name for one in parts[name]]
        usual = np.sort([total(one, table) for one in harmless])[::-1]
        print(f"{left:12} area {_area(scores[said], scores[~said]):.3f}", end="  ")
        for rate in (0.001, 0.005):
            limit = usual[int(rate * len(usual))]
            print(f"recall at {1000 * rate:g}/1000 {np.mean(scores[said] > limit):.2f}", end="  ")
        print(f"{len(table)} weights", flush=True)


def names() -> list[str]:
    """Everything that is learned from: hands, and the sentences invented with the first rules."""
    return [*(path.stem for path in sorted(HANDS.glob("*.txt")) if path.stem != KEPT), INVENTED]


def part(name: str) -> Iterable[Sentence]:
    """The sentences of a hand, as written and as heard."""
    if name == INVENTED:
        rows = (HERE / "invented.tsv").read_text(encoding="utf-8").splitlines()
        for act, _, kind, text in (row.split("\t") for row in rows if not row.startswith("#")):
            yield sentence(text, kind, act == "own_threat")
        return
    for item in (*hand(name), *heard(name)):
        yield sentence(item.text, item.kind, item.is_threat)


def sentence(text: str, kind: str, is_threat: bool) -> Sentence:
    """A text with its signs, those of all its words too."""
    passage = prepare(text, Kind(kind))
    said = [Sign(rule=MARK + name, start=a, end=b) for name, a, b in grams(passage)]
    found = signs(passage, find(passage, Gazetteer(), None))
    return Sentence(passage=passage, signs=(*found, *said), is_threat=is_threat)


def fit(sentences: Sequence[Sentence]) -> Table:
    """Weights that tell the sentences apart."""
    counts = Counter(rule for one in sentences for rule in {sign.rule for sign in one.signs})
    rules = sorted(rule for rule, count in counts.items() if count >= RARE)
    columns = {rule: at for at, rule in enumerate(rules)}
    scale = np.array([1.0 if rule.startswith(MARK) else RULES_COUNT for rule in rules])
    said = np.array([one.is_threat for one in sentences])
    table: Table = {}
    for _ in range(ROUNDS):
        matrix = _matrix(sentences, columns, table, scale)
        model = LogisticRegression(C=STRENGTH, max_iter=400).fit(matrix, said)
        weights = model.coef_[0] * scale
        table = {BASE: float(model.intercept_[0])}
        table |= {
            rule: float(weight)
            for rule, weight in zip(rules, weights, strict=True)
            if abs(weight) >= SMALL
        }
    return table


def total(one: Sentence, table: Table) -> float:
    """The sentence's score."""
    kept = best_window(one.passage, one.signs, table)[2]
    return table.get(BASE, 0.0) + sum(table.get(sign.rule, 0.0) for sign in kept)


def write(table: Table) -> None:
    """Puts rules and grams into their tables."""
    head = "# What each {} adds to the score. Written by training/reading/fit.py.\n"
    rules = sorted((name, weight) for name, weight in table.items() if not name.startswith(MARK))
    said = sorted((name, weight) for name, weight in table.items() if name.startswith(MARK))
    (READ / "weights.txt").write_text(
        head.format("rule") + "".join(f"{name} {weight:.2f}\n" for name, weight in rules)
    )
    (READ / "grams.txt").write_text(
        head.format("word or pair of words (~: in another's mouth, #: a number)")
        + "".join(f"{weight:.2f}\t{name.removeprefix(MARK)}\n" for name, weight in said)
    )


def _matrix(
    sentences: Sequence[Sentence], columns: dict[str, int], table: Table, scale: NDArray[np.float64]
) -> csr_matrix:
    """One row a sentence: what stands in its loudest window, or at first in all of it."""
    rows, found = [], []
    for number, one in enumerate(sentences):
        seen = best_window(one.passage, one.signs, table)[2] if table else one.signs
        here = {columns[sign.rule] for sign in seen if sign.rule in columns}
        rows += [number] * len(here)
        found += sorted(here)
    values = scale[found]
    return csr_matrix((values, (rows, found)), shape=(len(sentences), len(columns)))


def _area(threats: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    return float((threats[:, None] > others[None, :]).mean())


if __name__ == "__main__":
    main()
