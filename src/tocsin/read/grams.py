"""Single words and neighbours that speak for or against an own threat, as signs of the score.

Which ones count, and how much, was learned from the corpus (`training/reading/fit_words.py`): a
table of what people say, that anybody can read. A word in another's mouth is another sign than the
same word of the caller's.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from tocsin.read.passage import Passage
from tocsin.read.rules import Sign
from tocsin.read.voices import Voice

MARK = "said:"
"""Begins the name of every sign made here."""

_NUMBER = "#"


def grams(passage: Passage) -> Iterator[tuple[str, int, int]]:
    """Each word and each pair of neighbours: its name, and its tokens `start` to `end`."""
    words = [_name(passage, at) for at in range(len(passage.tokens))]
    for at, word in enumerate(words):
        yield word, at, at + 1
        if at + 1 < len(words) and passage.clause_of[at] == passage.clause_of[at + 1]:
            yield f"{word} {words[at + 1]}", at, at + 2


def gram_signs(passage: Passage, table: Mapping[str, float]) -> list[Sign]:
    """The signs of a passage that stand in the table, in order of place."""
    found = ((MARK + name, start, end) for name, start, end in grams(passage))
    return [Sign(rule=rule, start=a, end=b) for rule, a, b in found if rule in table]


@cache
def learned_weights() -> dict[str, float]:
    """The learned weight of every rule, word and pair of words."""
    text = files("tocsin.read").joinpath("learned.txt").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))
    return {name: float(weight) for weight, name in rows}


def _name(passage: Passage, at: int) -> str:
    word = passage.tokens[at].word
    shown = _NUMBER if word.isdigit() else word
    return shown if passage.voices[at] is Voice.SPEAKER else f"~{shown}"
