"""Texts in words: nothing lost, one spelling for many."""

import pytest

from tocsin.read.tokens import Gap, tokenize


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("I'm gonna", "i am going to"),
        ("I\u2019M GONNA", "i am going to"),
        ("ah'm gonnae", "i am going to"),
        ("ima", "i am going to"),
        ("y'all won't", "yall will not"),
        ("he's", "he is"),
        ("the cop's head", "the cop 's head"),
        ("CLR STS W/ A .22", "caller states with a .22"),
        ("get 'em", "get them"),
        ("can't", "can not"),
    ],
)
def test_spellings_are_folded_to_one(text: str, spoken: str) -> None:
    assert " ".join(token.word for token in tokenize(text)) == spoken


def test_tokens_point_at_their_words() -> None:
    text = "He'll kill\u200b \u201cthem\u201d, at 10:30."
    pieces = [text[token.start : token.end] for token in tokenize(text)]
    assert pieces == ["He", "'ll", "kill\u200b", "them", "at", "10:30"]


def test_marks_between_words_are_remembered() -> None:
    gaps = [token.gap for token in tokenize("Stop. Or, no one")]
    assert gaps == [Gap.STOP, Gap.STOP, Gap.PAUSE, Gap.NONE]


def test_an_abbreviation_ends_no_sentence() -> None:
    gaps = [token.gap for token in tokenize("at the Apt. on Mill St. by nine")]
    assert Gap.STOP not in gaps[1:]


def test_quoted_words_are_known_and_an_open_quotation_ends_by_itself() -> None:
    quoted = [token.word for token in tokenize('he said "get out" and left') if token.is_quoted]
    assert quoted == ["get", "out"]
    endless = tokenize('"' + "word " * 200)
    assert not endless[-1].is_quoted
