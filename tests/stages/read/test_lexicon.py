"""The plain files of words: every entry can be met, every rule has its weight."""

from collections.abc import Iterator
from importlib.resources import files

import pytest

from tocsin.read.act import points
from tocsin.read.lexicon import WORD_FILES, folds, sections, words
from tocsin.read.lexicon.inflect import VerbForm, forms
from tocsin.read.score import weights
from tocsin.read.tokens import tokenize

PATTERN_FILES = [
    file.name
    for file in files("tocsin.read.lexicon").iterdir()
    if file.name.endswith(".txt") and file.name not in {*WORD_FILES, "folds.txt", "irregular.txt"}
]
PARTS = {"{np}", "{poss}", "^", "$"}


@pytest.mark.parametrize("name", sorted(PATTERN_FILES))
def test_every_word_of_a_pattern_can_stand_in_a_text(name: str) -> None:
    assert [word for word in _plain_words(name) if not _can_be_met(word)] == []


def _plain_words(name: str) -> Iterator[str]:
    for line in (line for lines in sections(name).values() for line in lines):
        for part in line.split():
            if part.rstrip("?") not in PARTS and not part.startswith(".."):
                yield from (w for w in part.rstrip("?").split("|") if w[0] not in "<~")


def _can_be_met(word: str) -> bool:
    said = {part for parts in folds().values() for part in parts}
    return word in said | {"'s"} or [token.word for token in tokenize(f"x {word}")[1:]] == [word]


@pytest.mark.parametrize("name", WORD_FILES)
def test_every_class_has_words(name: str) -> None:
    assert all(words(section) for section in sections(name))


@pytest.mark.parametrize("name", ["warnings.txt", "hints.txt"])
def test_every_veiled_way_has_a_weight(name: str) -> None:
    assert all(f"veiled_{section}" in weights() for section in sections(name))


def test_every_point_speaks_of_something() -> None:
    assert all(name and value for (name, _), value in points().items())


@pytest.mark.parametrize(
    ("verb", "spelling", "form"),
    [
        ("stab", "stabbing", VerbForm.ING),
        ("stab", "stabbed", VerbForm.PAST),
        ("shoot", "shot", VerbForm.PAST),
        ("shoot", "shootin", VerbForm.ING),
        ("burn", "burning", VerbForm.ING),
        ("bury", "buries", VerbForm.PRESENT),
        ("bury", "burying", VerbForm.ING),
        ("torch", "torches", VerbForm.PRESENT),
        ("die", "dying", VerbForm.ING),
        ("execute", "executing", VerbForm.ING),
    ],
)
def test_a_verb_is_known_in_its_forms(verb: str, spelling: str, form: VerbForm) -> None:
    assert form in forms(verb)[spelling]
