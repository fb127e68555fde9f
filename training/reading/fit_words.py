"""Fits the reader's weights, of its rules and of words and pairs of words, to the corpus.

    python training/reading/fit_words.py             leaves each hand out once, and measures it
    python training/reading/fit_words.py --write     fits all of them, writes the table

A logistic regression over what stands in the window that speaks loudest, each rule held near the
weight set for it by hand, each word near none. The window depends on the weights, so windows and
weights are found in turn.

Learned from: the hands but the kept one, what a recogniser heard of them, ordinary calls written
for this, `invented.tsv`. Never from the kept hand (`anvil`), the development set or the real
ordinary calls: those only measure.
"""

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np
from corpus import HANDS, Item, hand, heard
from fit import Sentence, read_items, read_table
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from tocsin.read.findings import find
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.grams import MARK, grams
from tocsin.read.passage import prepare
from tocsin.read.rules import Sign, signs
from tocsin.read.score import BASE, fullest_window
from tocsin.read.statement import Kind

HERE = Path(__file__).parent
READ = HERE.parent.parent / "src/tocsin/read"
KEPT = "anvil"
INVENTED = "invented"

ROUNDS = 3
PULL_RULE = 30.0
"""How hard a rule is held at the weight set for it by hand, in `prior.txt`."""

PULL_GRAM = 4.0
"""How hard a word or pair is held at zero."""

RARE = 2
"""Grams in fewer sentences than this are not looked at."""

SMALL = 0.02
"""Weights nearer to zero are not written down."""

SHORTEST = 4
"""Words of a sentence that is learned from by itself."""

_SENTENCE = re.compile(r"[^.?!]+[.?!]*")

Table = dict[str, float]
Floats = NDArray[np.float64]


def main() -> None:
    """Measures the fit on hands it has not seen, or writes the table."""
    parser = argparse.ArgumentParser(description="Fits the weights of the reader.")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--leave", nargs="*", help="hands to leave out in turn")
    given = parser.parse_args()
    parts = {name: list(part(name)) for name in names()}
    prior = read_table(HERE / "prior.txt")
    if given.write:
        write(fit([one for held in parts.values() for one in held], prior))
        return
    for left in given.leave or [name for name in parts if "ordinary" not in name]:
        table = fit([one for name, held in parts.items() if name != left for one in held], prior)
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
        for text, kind, act in read_items(HERE / "invented.tsv"):
            yield sentence(text, kind, act == "own_threat")
        return
    for item in (*hand(name), *heard(name)):
        yield sentence(item.text, item.kind, item.is_threat)
        short = excerpt(item)
        if short:
            yield sentence(short, item.kind, item.is_threat)


def excerpt(item: Item) -> str:
    """One sentence of a longer text: that of the harm, or any; empty where there is but one.

    Without these a short text would have too few words to be a threat.
    """
    pieces = [piece for piece in _SENTENCE.finditer(item.text) if len(piece[0].split()) >= SHORTEST]
    if len(pieces) < 2:
        return ""
    harm = next((span for span in item.spans if span.field == "harm"), None)
    if not item.is_threat or harm is None:
        return pieces[crc32(item.id.encode()) % len(pieces)][0].strip()
    near = (piece for piece in pieces if piece.start() <= harm.start < piece.end())
    return next((piece[0].strip() for piece in near), "")


def sentence(text: str, kind: str, is_threat: bool) -> Sentence:
    """A text with its signs, those of all its words too."""
    passage = prepare(text, Kind(kind))
    said = [Sign(rule=MARK + name, start=a, end=b) for name, a, b in grams(passage)]
    found = signs(passage, find(passage, Gazetteer(), None))
    return Sentence(passage=passage, signs=(*found, *said), is_threat=is_threat)


def fit(sentences: Sequence[Sentence], prior: Table) -> Table:
    """Weights that tell the sentences apart: the rules near their prior, grams near zero."""
    counts = Counter(rule for one in sentences for rule in {sign.rule for sign in one.signs})
    often = {rule for rule, count in counts.items() if count >= RARE}
    rules = [BASE, *sorted((often | prior.keys()) - {BASE})]
    columns = {rule: at for at, rule in enumerate(rules)}
    start = np.array([prior.get(rule, 0.0) for rule in rules])
    pull = np.array([PULL_GRAM if rule.startswith(MARK) else PULL_RULE for rule in rules])
    pull[0] = 0.0
    said = np.array([one.is_threat for one in sentences], dtype=float)
    weights = start
    for _ in range(ROUNDS):
        table = dict(zip(rules, weights.tolist(), strict=True))
        matrix = _matrix(sentences, columns, table)
        weights = descend(matrix, said, start, pull)
    return {
        rule: weight
        for rule, weight in zip(rules, weights.tolist(), strict=True)
        if abs(weight) >= SMALL or not rule.startswith(MARK)
    }


def descend(matrix: csr_matrix, said: Floats, start: Floats, pull: Floats) -> Floats:
    """The weights of least log loss plus pull."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        sums = matrix @ weights
        away = weights - start
        lost = np.logaddexp(0.0, sums).sum() - said @ sums + 0.5 * pull @ away**2
        return float(lost), matrix.T @ (1 / (1 + np.exp(-sums)) - said) + pull * away

    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 200}).x


def total(one: Sentence, table: Table) -> float:
    """The sentence's score."""
    kept = fullest_window(one.passage, one.signs, table)[2]
    return table.get(BASE, 0.0) + sum(table.get(sign.rule, 0.0) for sign in kept)


def write(table: Table) -> None:
    """Puts rules and grams into the reader's table."""
    head = (
        "# What each rule, word or pair of words adds to the learned score (said: a word, ~ in "
        "another's\n# mouth, # a number). Written by training/reading/fit_words.py.\n"
    )
    rows = (f"{weight:.2f}\t{name}\n" for name, weight in sorted(table.items()))
    (READ / "learned.txt").write_text(head + "".join(rows), encoding="utf-8")


def _matrix(sentences: Sequence[Sentence], columns: dict[str, int], table: Table) -> csr_matrix:
    """One row a sentence: 1 for all that stands in its loudest window."""
    rows, found = [], []
    for number, one in enumerate(sentences):
        seen = fullest_window(one.passage, one.signs, table)[2]
        here = {columns[BASE], *(columns[sign.rule] for sign in seen if sign.rule in columns)}
        rows += [number] * len(here)
        found += sorted(here)
    return csr_matrix((np.ones(len(found)), (rows, found)), shape=(len(sentences), len(columns)))


def _area(threats: Floats, others: Floats) -> float:
    return float((threats[:, None] > others[None, :]).mean())


if __name__ == "__main__":
    main()
