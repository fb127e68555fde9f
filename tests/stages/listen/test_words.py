"""Where a recording is cut, where its words lie, and what may be said about its text."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.listen.sounds import noise
from tocsin.listen import Indicator, Quality, Speech, Word
from tocsin.listen.engine import Heard, Trace
from tocsin.listen.indicators import noted
from tocsin.listen.pronunciation import parts, phones
from tocsin.listen.segments import cut
from tocsin.listen.times import Place, placed

SECONDS = st.floats(0.05, 40)


@st.composite
def speech(draw: st.DrawFn) -> tuple[Speech, ...]:
    """Stretches and pauses of any length."""
    found, at = [], draw(st.floats(0, 5))
    for _ in range(draw(st.integers(0, 12))):
        end = at + draw(SECONDS)
        found.append(Speech(start=at, end=end))
        at = end + draw(st.floats(0.1, 6))
    return tuple(found)


@given(speech(), st.floats(0, 3))
def test_segments_hold_all_speech_and_are_never_too_long(
    stretches: tuple[Speech, ...], rest: float
) -> None:
    duration = (stretches[-1].end if stretches else 0) + rest
    samples = np.zeros(int(duration * 16_000) + 1, dtype=np.float32)
    segments = cut(stretches, samples)
    assert all(0 <= s.start < s.end <= len(samples) / 16_000 for s in segments)
    assert all(s.end - s.start <= 25.001 for s in segments)
    assert all(a.end <= b.start + 1e-9 for a, b in pairwise(segments))
    for stretch in stretches:
        inside = [s for s in segments if s.end > stretch.start and s.start < stretch.end]
        held = sum(min(s.end, stretch.end) - max(s.start, stretch.start) for s in inside)
        assert held == pytest.approx(stretch.end - stretch.start, abs=1e-6)


def test_a_cut_lies_in_the_longest_pause() -> None:
    stretches = [
        Speech(start=0, end=9),
        Speech(start=9.3, end=14),
        Speech(start=15.2, end=20),
        Speech(start=20.2, end=30),
    ]
    segments = cut(stretches, np.zeros(30 * 16_000, dtype=np.float32))
    assert len(segments) == 2
    assert segments[0].end == segments[1].start == pytest.approx(14.6)


def test_endless_speech_is_cut_where_it_is_faint() -> None:
    samples = noise(40, rate=16_000)
    samples[18 * 16_000 : int(18.3 * 16_000)] *= np.float32(0.01)
    segments = cut([Speech(start=0, end=40)], samples)
    assert segments[0].end == pytest.approx(18.15, abs=0.1)


@st.composite
def timing(draw: st.DrawFn) -> tuple[list[tuple[float, float] | None], float]:
    """Times of an aligner, good and bad, and the length of their segment."""
    pair = st.tuples(st.floats(-1, 30), st.floats(-1, 30))
    return draw(st.lists(st.none() | pair, max_size=30)), draw(st.floats(0.5, 25))


@given(timing(), speech(), st.floats(0, 3000))
def test_words_lie_in_order_inside_their_segment(
    given_times: tuple[list[tuple[float, float] | None], float],
    stretches: tuple[Speech, ...],
    start: float,
) -> None:
    times, length = given_times
    heard = [Heard(text="word", confidence=1.0) for _ in times]
    segment = Speech(start=start, end=start + length)
    found = placed(heard, times, segment, stretches)
    assert len(found) == len(times)
    assert all(segment.start <= p.start < p.end <= segment.end for p in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_a_word_without_a_time_lies_between_its_neighbours_and_says_so() -> None:
    heard = [Heard(text=text, confidence=1.0) for text in ("alone", "in", "Aurora")]
    segment = Speech(start=10, end=15)
    found = placed(heard, [(1.0, 2.0), None, (2.5, 3.0)], segment, [segment])
    assert found == [
        Place(start=11, end=12),
        Place(start=12, end=12.5, is_timed=False),
        Place(start=12.5, end=13),
    ]


def test_words_without_times_lie_in_the_speech_not_in_the_pause() -> None:
    heard = [Heard(text="word", confidence=1.0) for _ in range(4)]
    stretches = [Speech(start=1, end=2), Speech(start=8, end=9)]
    found = placed(heard, [None] * 4, Speech(start=0, end=10), stretches)
    assert [place.start for place in found[1:]] == pytest.approx([1.5, 5, 8.5], abs=0.1)


@given(st.text(max_size=30))
def test_every_word_can_be_said_or_left_out(word: str) -> None:
    for part in parts(word):
        assert part.replace("'", "").isalpha()
        assert phones(part)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Hale,", "hale"),
        ("mother-in-law", "mother in law"),
        ("1,420", "fourteen twenty"),
        ("305.", "three oh five"),
        ("911", "nine one one"),
        ("500", "five hundred"),
        ("2025", "twenty twenty five"),
        ("caller\u2019s", "caller's"),
        ("\u2014", ""),
    ],
)
def test_numbers_and_joined_words_are_said_in_parts(word: str, said: str) -> None:
    assert " ".join(parts(word)) == said


def remarks(*words: Word, spoken: float) -> dict[str, Indicator]:
    """What is noted about words in a recording without faults."""
    quality = Quality(
        duration=60,
        header_duration=60.1,
        codec="pcm_mulaw",
        sample_rate=8_000,
        channels=1,
        bad_packets=0,
        speech=spoken,
        snr=20,
        clipping=0,
        bandwidth=3_400,
        level=-20,
    )
    trace = Trace(clipping=0, flat=(), likeness=None)
    return {i.name: i for i in noted(quality, trace, [Speech(start=0, end=spoken)], words)}


def said(text: str, confidence: float = 0.9) -> list[Word]:
    """Words, one a second."""
    return [
        Word(text=word, start=at, end=at + 1, confidence=confidence, is_timed=True, offset=0)
        for at, word in enumerate(text.split())
    ]


def test_nothing_is_noted_where_there_is_nothing() -> None:
    assert not remarks(*said("any officer found alone in Aurora or Denver"), spoken=8)


def test_repeated_words_are_noted_with_their_number() -> None:
    found = remarks(*said("please " + "send help " * 9), spoken=20)
    assert "“send help” 9 times" in found["repeated_words"].sentence
    assert not remarks(*said("no no no no please"), spoken=5)


def test_more_words_than_anyone_says_are_noted() -> None:
    assert "too_many_words" in remarks(*said("thank you for watching"), spoken=0.2)


def test_unsure_words_are_counted() -> None:
    words = [*said("one two three four five"), *said("six seven eight nine ten", 0.2)]
    assert remarks(*words, spoken=10)["unsure_words"].sentence.startswith("5 of 10 words")


def test_speech_without_words_is_noted() -> None:
    assert set(remarks(spoken=4)) == {"no_words"}
