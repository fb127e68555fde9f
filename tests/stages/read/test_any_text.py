"""What holds for every text, however odd: offsets, sums, errors, and work that grows evenly."""

import sys
from contextlib import suppress
from itertools import pairwise
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import BadText, Error
from tocsin.read import LARGEST, Kind, Level, Statement, read
from tocsin.read.grams import learned_weights
from tocsin.read.score import FLAG, SUGGEST, weights

TraceFunction = Any  # what the interpreter calls next; it has no public type

PIECES = st.sampled_from(
    [
        "i'm gonna kill him tonight",
        "CLR STS HE WILL SHOOT",
        "Caller:",
        "Dispatcher:",
        "he said",
        '"',
        "\u201c",
        "if you come here or i will",
        "there's a bomb in the",
        "better watch your back",
        "k\u200bi\u00adll",
        "\u043aill th\u0435m",  # look-alike letters of another script
        "\u202ekill\u202c",
        "\U0001f52a\U0001f600",
        "<b>shoot</b>",
        "\0",
        "don't",
        "of of of",
        "'s 's",
        "\u6bba\u3059",
        "\u0633\u0623\u0642\u062a\u0644\u0643",
        "\n\n",
        "...",
        "1500",
    ]
)
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=30).map(" ".join))
KINDS = st.sampled_from(list(Kind))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, kind=KINDS)
def test_every_span_points_at_its_own_words(text: str, kind: Kind) -> None:
    statement = _read(text, kind)
    for span in statement.spans:
        assert span.text == text[span.start : span.end]
        assert span.text
    starts = [span.start for span in statement.spans]
    assert all(first <= second for first, second in pairwise(starts))


@settings(max_examples=300, deadline=None)
@given(text=TEXTS, kind=KINDS)
def test_the_score_is_the_sum_of_its_evidence(text: str, kind: Kind) -> None:
    statement = _read(text, kind)
    assert statement.score == pytest.approx(sum(term.weight for term in statement.evidence))
    assert all(0 <= term.start <= term.end <= len(text) for term in statement.evidence)
    known = weights().keys() | learned_weights().keys()
    assert all(term.rule in known for term in statement.evidence)
    assert (statement.score >= FLAG) is (statement.level is Level.FLAG)
    assert (statement.score >= SUGGEST) is (statement.level is not Level.NONE)


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=200), kind=KINDS)
def test_reading_raises_nothing_but_its_own_errors(text: str, kind: Kind) -> None:
    with suppress(Error):
        read(text, kind=kind)


@pytest.mark.parametrize("text", ["", " ", "\0", "\u200b", "...", '""', "Caller:", "\U0001f600"])
def test_a_text_without_words_says_nothing(text: str) -> None:
    statement = read(text, kind=Kind.TRANSCRIPT)
    assert statement.level is Level.NONE
    assert statement.spans == ()


@pytest.mark.parametrize(
    "text",
    [
        "I\u2019m gonna k\u200bill that deputy tonight",
        "i'm gonna \u043aill that d\u0435puty tonight",
        "I'M GONNA KILL THAT DEPUTY TONIGHT",
        "<p>i'm gonna kill that deputy tonight</p>",
        "\u202ei'm gonna kill that deputy tonight\u202c",
        "i'm gonna \uff4b\uff49\uff4c\uff4c that deputy tonight",
    ],
)
def test_odd_spelling_hides_no_threat(text: str) -> None:
    assert read(text, kind=Kind.ASR).is_own_threat


def test_too_large_a_text_is_refused_by_name() -> None:
    with pytest.raises(BadText, match="200,000") as refusal:
        read("a" * (LARGEST + 1), kind=Kind.ASR)
    assert refusal.value.permanent
    assert "Cut it" in refusal.value.for_person()


def test_half_a_character_is_refused() -> None:
    with pytest.raises(BadText, match="half of a character"):
        read("i'm gonna \ud800", kind=Kind.ASR)


HOSTILE = [
    "i am going to kill ",
    "he said i ",
    "CLR STS HE WILL KILL HER ",
    "STATES ",
    "put a bullet in the ",
    "know where he lives ",
    "one of ",
    "not ",
    "if ",
    '" i ',
    "k\u200b",
    "\u200b",
    "'",
    "cop's ",
    "Caller: i will ",
    "a",
]


@pytest.mark.parametrize("kind", [Kind.ASR, Kind.NOTE])
@pytest.mark.parametrize("piece", HOSTILE)
def test_the_work_grows_evenly_with_the_length(piece: str, kind: Kind) -> None:
    short = piece * (1_000 // len(piece.encode()))
    # Four times the text: a quadratic rule would do sixteen times as much.
    assert _lines_run(short * 4, kind) < 6 * _lines_run(short, kind)


def _lines_run(text: str, kind: Kind) -> int:
    """How many lines of the reader run: the same on every machine, unlike seconds."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return trace

    _read(text, kind)  # fills the caches of the lexicon
    before = sys.gettrace()
    sys.settrace(trace)
    try:
        _read(text, kind)
    finally:
        sys.settrace(before)
    return count


def _read(text: str, kind: Kind) -> Statement:
    return read(text.encode(errors="replace").decode(), kind=kind)
