"""The figures of an evaluation: answers worked out by hand, and what holds for every order."""

import json
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import BadText
from tocsin.read import Field, Form, Kind, Level, Span, SpeechAct, Statement
from tocsin.read.evaluation import (
    Item,
    Mark,
    Ranking,
    Reading,
    Scores,
    Share,
    Turn,
    act_naming,
    bars,
    form_naming,
    measure,
    parse_call,
    parse_item,
    ranking,
    reaching,
    share_of,
    span_scores,
    threshold,
    windows,
)
from tocsin.read.score import FLAG, SUGGEST

WHOLE_SCORES = st.integers(-20, 20).map(float)  # few values, so that ties are common
SCORES = st.lists(WHOLE_SCORES, min_size=1, max_size=40).map(np.array)


def a_statement(score: float, act: str, form: str, *spans: tuple[str, int, int]) -> Statement:
    return Statement(
        kind=Kind.ASR,
        speech_act=SpeechAct(act),
        form=Form(form),
        score=score,
        level=Level.NONE,
        review=False,
        spans=tuple(Span(field=Field(f), start=s, end=e, text="x" * (e - s)) for f, s, e in spans),
        evidence=(),
        not_said=(),
    )


def a_reading(
    score: float,
    label: str = "own_threat",
    read_as: str = "own_threat",
    *,
    name: str = "1",
    forms: tuple[str, str] = ("direct", "direct"),
    marks: tuple[tuple[str, int, int], ...] = (),
    found: tuple[tuple[str, int, int], ...] = (),
    at_police: bool = False,
) -> Reading:
    item = Item(
        id=name,
        kind=Kind.ASR,
        text="x" * 40,
        speech_act=SpeechAct(label),
        form=Form(forms[0]),
        targets_police=at_police,
        marks=tuple(Mark(field=Field(field), start=s, end=e) for field, s, e in marks),
    )
    return Reading(item=item, statement=a_statement(score, read_as, forms[1], *found))


def ranked(threats: Scores, others: Scores, resamples: int = 5) -> Ranking:
    found = ranking(threats, others, resamples=resamples)
    assert found is not None
    return found


def test_the_interval_of_a_share_is_the_one_in_the_books() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    for hits, of, low, high in [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)]:
        assert Share(hits=hits, of=of).interval == pytest.approx((low, high), abs=5e-5)
    assert Share(hits=0, of=20).interval == pytest.approx((0, 0.1611), abs=5e-5)
    assert Share(hits=1, of=29).interval == pytest.approx((0.0061, 0.1718), abs=5e-5)


def test_a_share_of_nothing_has_no_value_and_could_be_anything() -> None:
    assert share_of([]).value is None
    assert share_of([]).interval == (0, 1)


@given(of=st.integers(1, 10**6), part=st.floats(0, 1))
def test_a_share_lies_within_its_interval(of: int, part: float) -> None:
    share = Share(hits=round(of * part), of=of)
    low, high = share.interval
    assert share.value is not None
    assert 0 <= low <= share.value <= high <= 1
    assert low < high


def test_a_small_order_has_the_figures_worked_out_by_hand() -> None:
    found = ranked(np.array([4.0, 2.0, 1.0]), np.array([3.0, 2.0]))

    # Precision at 4 is 1/1, at 2 with both ties 2/4, at 1 it is 3/5.
    assert found.average_precision.value == pytest.approx((1 + 1 / 2 + 3 / 5) / 3)
    # 4 beats both; 2 loses to 3 and ties with 2; 1 loses to both.
    assert found.area.value == pytest.approx((2 + 0.5 + 0) / 6)


def test_a_perfect_order_scores_one_and_the_worst_scores_none() -> None:
    low, high = np.array([0.0, 0.1]), np.array([1.0, 2.0])

    assert (ranked(high, low).area.value, ranked(high, low).average_precision.value) == (1, 1)
    assert ranked(low, high).area.value == 0
    assert ranked(low, high).average_precision.value == pytest.approx((1 / 3 + 2 / 4) / 2)


def test_nothing_is_ranked_without_threats_or_without_others() -> None:
    some, none = np.array([1.0]), np.array([])
    assert ranking(some, none) is None
    assert ranking(none, some) is None


@settings(max_examples=60, deadline=None)
@given(threats=SCORES, others=SCORES)
def test_the_area_of_reversed_scores_is_what_is_left_of_one(
    threats: Scores, others: Scores
) -> None:
    there, back = ranked(threats, others), ranked(-threats, -others)
    assert there.area.value + back.area.value == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(threats=SCORES, others=SCORES)
def test_the_figures_are_those_of_the_plain_definitions(threats: Scores, others: Scores) -> None:
    pairs = [(one > other) + (one == other) / 2 for one in threats for other in others]
    shares = []
    for score in threats:
        above = np.sum(threats >= score)
        shares.append(above / (above + np.sum(others >= score)))
    found = ranked(threats, others)
    assert found.area.value == pytest.approx(np.mean(pairs))
    assert found.average_precision.value == pytest.approx(np.mean(shares))


@settings(max_examples=40, deadline=None)
@given(threats=SCORES, others=SCORES)
def test_only_the_order_counts(threats: Scores, others: Scores) -> None:
    assert ranked(threats, others) == ranked(np.exp(threats / 4) - 7, np.exp(others / 4) - 7)


def test_the_same_scores_give_the_same_interval_around_the_figure() -> None:
    draw = np.random.default_rng(5)
    threats, others = draw.normal(1, 1, 80), draw.normal(0, 1, 120)

    found = ranked(threats, others, 1_000)

    assert found == ranked(threats, others, 1_000)
    assert found.area.low < found.area.value < found.area.high
    # Hanley and McNeil (1982): the standard error of an area of .76 with 80 and 120 is .035.
    assert found.area.high - found.area.low == pytest.approx(2 * 1.96 * 0.035, rel=0.25)


@given(scores=SCORES, first=WHOLE_SCORES, second=WHOLE_SCORES)
def test_recall_never_rises_with_a_higher_threshold(
    scores: Scores, first: float, second: float
) -> None:
    low, high = sorted([first, second])
    assert reaching(scores, low).hits >= reaching(scores, high).hits


@given(
    scores=st.lists(WHOLE_SCORES, min_size=1, max_size=400).map(np.array), rate=st.floats(0, 0.99)
)
def test_no_more_windows_alarm_than_the_rate_allows(scores: Scores, rate: float) -> None:
    least = threshold(scores, rate)
    assert reaching(scores, least).hits <= len(scores) * rate
    # And it is the least such score: the next lower one in the list alarms too often.
    lower = scores[scores < least]
    if len(lower):
        assert reaching(scores, float(lower.max())).hits > int(len(scores) * rate)


def test_without_ordinary_calls_only_the_thresholds_in_use_are_measured() -> None:
    assert [(bar.name, bar.score) for bar in bars(None)] == [("suggest", SUGGEST), ("flag", FLAG)]
    assert [bar.name for bar in bars(np.zeros(10))][2:] == ["1 in 1,000", "5 in 1,000"]


def turns(*said: tuple[str, int]) -> list[Turn]:
    return [Turn(role=role, text=" ".join(["word"] * count)) for role, count in said]


def lengths(said: list[Turn], *, callers_only: bool = False) -> list[int]:
    return [len(text.split()) for text in windows(said, callers_only=callers_only)]


def test_short_turns_go_together_and_long_ones_are_cut() -> None:
    assert lengths(turns(("caller", 4), ("operator", 12), ("caller", 3))) == [16]
    assert lengths(turns(("caller", 95))) == [40, 40, 15]
    assert lengths(turns(("caller", 4), ("caller", 4))) == [8]
    assert lengths(turns(("caller", 4))) == []
    assert lengths(turns(("caller", 6), ("operator", 12)), callers_only=True) == [6]


@given(counts=st.lists(st.integers(0, 130), max_size=20))
def test_every_window_has_five_to_forty_words_and_few_are_lost(counts: list[int]) -> None:
    made = lengths(turns(*(("caller", count) for count in counts)))
    assert all(5 <= length <= 40 for length in made)
    assert 0 <= sum(counts) - sum(made) < 5


def test_speech_acts_are_set_against_each_other() -> None:
    found = act_naming(
        [
            a_reading(1),
            a_reading(1, "own_threat", "hyperbole"),
            a_reading(1, "hyperbole", "hyperbole"),
            a_reading(1, "other", "own_threat"),
        ]
    )

    assert found.right == Share(hits=2, of=4)
    rows = {row.label: dict(zip(found.names, row.counts, strict=True)) for row in found.rows}
    assert list(rows) == ["own_threat", "hyperbole", "other"]
    assert rows["own_threat"]["hyperbole"] == 1
    assert rows["other"]["own_threat"] == 1
    assert sum(sum(row.values()) for row in rows.values()) == 4


def test_forms_are_counted_of_own_threats_that_have_one() -> None:
    found = form_naming(
        [
            a_reading(1, forms=("veiled", "veiled")),
            a_reading(1, forms=("veiled", "none")),
            a_reading(1, forms=("none", "direct")),
            a_reading(1, "other", forms=("direct", "direct")),
        ]
    )

    assert found.right == Share(hits=1, of=2)
    assert [row.label for row in found.rows] == ["veiled"]


def test_spans_are_scored_by_overlap_within_their_field_and_in_own_threats() -> None:
    threat = a_reading(
        1,
        marks=(("harm", 0, 10), ("harm", 20, 30), ("target", 10, 15)),
        # Touching is no overlap: 10 is one past the last character of the first mark.
        found=(("harm", 9, 12), ("harm", 10, 11), ("target", 0, 10), ("means", 0, 3)),
    )
    harmless = a_reading(1, "other", marks=(("harm", 0, 5),), found=(("harm", 0, 5),))

    scores = {one.field: one for one in span_scores([threat, harmless])}

    assert list(scores) == [Field.HARM, Field.TARGET, Field.MEANS]
    assert scores[Field.HARM].recall == Share(hits=1, of=2)
    assert scores[Field.HARM].precision == Share(hits=1, of=2)
    assert scores[Field.TARGET].recall == Share(hits=0, of=1)
    assert scores[Field.MEANS].recall == Share(hits=0, of=0)
    assert scores[Field.MEANS].precision == Share(hits=0, of=1)


def test_the_whole_evaluation_of_a_small_file() -> None:
    readings = [
        a_reading(FLAG, name="a", at_police=True),
        a_reading(SUGGEST, name="b"),
        a_reading(-3, read_as="other", name="c", forms=("veiled", "none")),
        a_reading(-5, read_as="other", name="d", forms=("veiled", "none")),
        a_reading(9, "hyperbole", name="e", forms=("none", "none")),
        a_reading(-9, "other", "other", name="f", forms=("none", "none")),
    ]

    found = measure(readings, ordinary=np.array([8.0] + [-1.0] * 999), show=1)

    assert (found.texts, found.threats, found.windows) == (6, 4, 1000)
    suggest, flag, rare, less_rare = found.operations
    assert (suggest.recall.hits, suggest.alarms.hits, suggest.ordinary) == (
        2,
        1,
        Share(hits=1, of=1000),
    )
    assert (flag.recall.hits, flag.recall.of, flag.alarms.of) == (1, 4, 2)
    assert rare.recall.hits == 2  # one alarm is allowed, so the threshold lies just above -1
    assert less_rare.recall.hits == 2
    groups = {(one.by, one.name): one.recalls[0] for one in found.groups}
    assert groups == {
        ("kind", "asr"): Share(hits=2, of=4),
        ("form", "direct"): Share(hits=2, of=2),
        ("form", "veiled"): Share(hits=0, of=2),
        ("aimed at", "police"): Share(hits=1, of=1),
        ("aimed at", "others"): Share(hits=1, of=3),
    }
    assert [one.id for one in found.misses] == ["d"]
    assert [one.id for one in found.alarms] == ["e"]
    assert [one.id for one in measure(readings, ordinary=None, show=9).misses] == ["d", "c"]


def test_the_order_of_the_lines_changes_nothing() -> None:
    readings = [a_reading(n / 3, "own_threat" if n % 3 else "other", name=str(n)) for n in range(9)]
    mixed = [*readings[4:], *reversed(readings[:4])]

    first, second = (measure(some, ordinary=None, show=0) for some in (readings, mixed))

    assert (first.operations, first.groups, first.acts) == (
        second.operations,
        second.groups,
        second.acts,
    )


GOOD: dict[str, Any] = {
    "id": "1",
    "kind": "asr",
    "text": "i'll shoot him \U0001f52a",
    "speech_act": "own_threat",
    "form": "direct",
    "targets_police": False,
    "spans": [{"field": "harm", "start": 0, "end": 10, "text": "i'll shoot", "note": 1}],
    "author": "somebody",
}


def a_line(**changes: Any) -> str:
    return json.dumps({**GOOD, **changes})


def test_a_labelled_line_is_read_and_what_it_holds_besides_is_passed_over() -> None:
    item = parse_item(a_line())

    assert item.is_threat
    assert item.marks == (Mark(field=Field.HARM, start=0, end=10),)
    assert parse_item(a_line(spans=[])).marks == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("1" * 5_000, "not JSON"),
        ("[]", "it is no object"),
        (json.dumps({k: v for k, v in GOOD.items() if k != "kind"}), "it has no `kind`"),
        (a_line(kind="letter"), "`kind` is not one of asr, transcript, note"),
        (a_line(speech_act=["own_threat"]), "`speech_act` is not one of own_threat"),
        (a_line(form=None), "`form` is not one of direct"),
        (a_line(targets_police="yes"), "`targets_police` is no boolean"),
        (a_line(id=""), "`id` is empty"),
        (a_line(id="x" * 201), "`id` has more than 200 characters"),
        (a_line(text="x" * 200_001), "`text` has more than 200,000 characters"),
        (a_line(text="\u20ac" * 70_000, spans=[]), "`text` has 210,000 bytes"),
        (a_line(text="\ud800", spans=[]), "half of a character at position 0"),
        (a_line(spans=[1] * 1_001), "`spans` has more than 1,000 entries"),
        (a_line(spans=[{}]), "its `spans[0]` has no `field`"),
    ],
)
def test_a_line_that_does_not_fit_is_told_why(line: str, said: str) -> None:
    with pytest.raises(BadText) as refusal:
        parse_item(line)
    assert said in refusal.value.what
    assert refusal.value.way_out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": 1}, "Those words stand at 0 to 10."),
        ({"end": 11}, "Those words stand at 0 to 10."),
        ({"text": "i will"}, "Count characters, not bytes"),
        ({"start": -19}, "is under 0"),
        ({"start": True}, "is no integer"),
        ({"end": 1e999}, "is no integer"),
        ({"end": 10**300}, "is over 200,000"),
        ({"text": ""}, "is empty"),
        ({"field": "weapon"}, "is not one of harm, target"),
    ],
)
def test_offsets_that_do_not_fit_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(BadText) as refusal:
        parse_item(a_line(spans=[{**GOOD["spans"][0], **changes}]))
    assert "spans[0]" in refusal.value.what
    assert said in refusal.value.for_person()


def test_a_fault_in_an_ordinary_call_repeats_nothing_of_it() -> None:
    for turn in ({"role": "caller", "text": ["SECRET"]}, {"role": ["SECRET"], "text": "SECRET"}):
        with pytest.raises(BadText) as refusal:
            parse_call(json.dumps({"turns": [turn]}))
        assert "SECRET" not in refusal.value.for_person()
        assert refusal.value.__cause__ is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(name=st.sampled_from(sorted(GOOD)), value=JSON)
def test_no_value_leaks_another_error(name: str, value: object) -> None:
    with suppress(BadText):
        parse_item(a_line(**{name: value}))
    with suppress(BadText):
        parse_call(json.dumps(value))
