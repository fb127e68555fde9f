"""Labels and marks on their way from a written text to what a recogniser wrote of it."""

from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.reading.carrying import (
    Carried,
    LeftOut,
    carry,
    errors,
    in_place,
    line,
    paired,
    plain,
    spoken,
)
from training.reading.corpus import HEARD, Item, corpus, hand, heard, item, unmark

# mypy takes a folder for the module of the same name beside it
heard_by = import_module("training.reading.heard")

THREAT = (
    "own_threat\tconditional\tpolice\ttranscript\t"
    "If [target:that deputy] [condition:comes up here] [harm:I'm going to shoot] [target:him]."
)


def written(text: str) -> Item:
    return item(text, name="one", hand="some")


def marks(carried: Carried) -> list[tuple[str, str]]:
    return [(span.field, span.text) for span in carried.spans]


def test_a_text_heard_without_an_error_keeps_every_mark() -> None:
    carried = carry(written(THREAT), "if that deputy comes up here i'm going to shoot him")
    assert marks(carried) == [
        ("target", "that deputy"),
        ("condition", "comes up here"),
        ("harm", "i'm going to shoot"),
        ("target", "him"),
    ]
    assert carried.lost == 0


def test_a_mark_takes_in_the_wrong_words_between_its_right_ones() -> None:
    carried = carry(written(THREAT), "if that dip you'd he comes a pier i'm gone to shoot them")
    assert ("harm", "i'm gone to shoot") in marks(carried)
    assert ("condition", "comes a pier") in marks(carried)


def test_a_mark_of_which_no_word_was_heard_is_dropped() -> None:
    carried = carry(written(THREAT), "if that deputy i'm going to shoot him")
    assert "condition" not in {span.field for span in carried.spans}
    assert carried.lost == 1


def test_an_own_threat_that_lost_its_target_gets_the_nearest_words_where_most_was_heard() -> None:
    told = written(
        "own_threat\tdirect\tperson\ttranscript\t"
        "He is home now and [harm:I will shoot] [target:Odell] when the lights go out tonight."
    )
    carried = carry(told, "he is home now and i will shoot when the lights go out tonight")
    assert [field for field, _ in marks(carried)] == ["harm", "target"]
    assert dict(marks(carried))["target"] in {"shoot", "when"}


def test_an_own_threat_that_lost_its_harm_among_too_many_others_is_left_out() -> None:
    with pytest.raises(LeftOut, match="harm"):
        carry(written(THREAT), "that deputy was bound in all the moors")


def test_a_text_of_which_hardly_a_word_was_heard_is_left_out() -> None:
    with pytest.raises(LeftOut):
        carry(written("other\tnone\tnone\ttranscript\tMy leg hurts so bad."), "my leg")


def test_speakers_labels_are_not_said() -> None:
    told = "Caller: I need help. Dispatcher: Where are you? Caller: Home."
    assert heard_by.turns(told) == [
        ("Caller", "I need help."),
        ("Dispatcher", "Where are you?"),
        ("Caller", "Home."),
    ]
    assert "caller" not in [word.said for word in spoken(told)]


def test_a_recogniser_s_words_lose_case_punctuation_and_brackets_but_no_apostrophe() -> None:
    assert plain("Don\u2019t \u2014 [noise] I'm at 418, mother-in-law's!") == (
        "don't noise i'm at 418 mother in law's"
    )


@pytest.mark.parametrize(
    ("said", "wrote", "count"),
    [
        ("Call 911 now.", "call nine one one now", 0),
        ("I will shoot him", "i will shoot him", 0),
        ("I will shoot him", "i shoot them", 2),
        ("I will", "oh i will not", 2),
        ("gone", "", 1),
    ],
)
def test_errors_are_words_put_in_left_out_or_replaced(said: str, wrote: str, count: int) -> None:
    assert errors(spoken(said), spoken(wrote)) == count


FEW = st.sampled_from(
    [
        "i'm",
        "gonna",
        "shoot",
        "him",
        "them",
        "that",
        "deputy",
        "dippity",
        "here",
        "hear",
        "now",
        "911",
        "he's",
    ]
)
FIELD = st.sampled_from(("harm", "target", "condition", "place"))


@st.composite
def threats(draw: st.DrawFn) -> Item:
    """Own threats in which marks stand alone or inside each other, sometimes inside a word."""
    parts = ["[harm:I'm gonna [target:him] shoot]", "[target:He][harm:'s] dead"]
    for _ in range(draw(st.integers(0, 4))):
        words = " ".join(draw(st.lists(FEW, min_size=1, max_size=4)))
        parts.append(f"[{draw(FIELD)}:{words}]" if draw(st.booleans()) else words)
    text = " ".join(draw(st.permutations(parts)))
    return written(f"own_threat\tdirect\tpolice\ttranscript\t{text}.")


@given(threats(), st.lists(FEW, max_size=20).map(" ".join))
def test_carried_marks_lie_in_the_text_and_can_be_read_back(told: Item, wrote: str) -> None:
    try:
        carried = carry(told, wrote)
    except LeftOut:
        return
    assert unmark(in_place(wrote, carried.spans)) == (wrote, carried.spans)
    assert all(wrote[span.start : span.end] == span.text != "" for span in carried.spans)
    assert {"harm", "target"} <= {span.field for span in carried.spans}
    again = written(line(told, carried))
    assert (again.kind, again.speech_act, again.spans) == ("asr", "own_threat", carried.spans)


@given(st.lists(FEW, max_size=9).map(" ".join), st.lists(FEW, max_size=9).map(" ".join))
def test_pairs_ascend_and_errors_are_the_same_both_ways(one: str, other: str) -> None:
    pairs = [index for index in paired(spoken(one), spoken(other)) if index is not None]
    assert pairs == sorted(set(pairs))
    assert errors(spoken(one), spoken(other)) == errors(spoken(other), spoken(one))


def test_a_sample_hangs_on_the_seed_alone_and_is_half_own_threats() -> None:
    items = hand("harrow")
    drawn = heard_by.sample(items, 40, seed=1)
    assert drawn == heard_by.sample(items[::-1], 40, seed=1) != heard_by.sample(items, 40, seed=2)
    assert sum(one.is_threat for one in drawn) == 20
    assert {one.kind for one in drawn} == {"transcript"}


def test_what_was_heard_is_read_beside_what_was_written_and_left_out_with_it() -> None:
    names = [path.stem for path in HEARD.glob("*.txt")]
    both = corpus(without=["anvil"], with_heard=True)
    assert "anvil" not in {one.hand for one in both}
    assert len({one.id for one in both}) == len(both)
    assert len(both) - len(corpus(without=["anvil"])) == sum(
        len(heard(name)) for name in names if name != "anvil"
    )


def test_a_heard_hand_bears_the_labels_of_today() -> None:
    written_items = {heard_by.key(one): one for one in hand("mesa")}
    lines = (HEARD / "mesa.txt").read_text(encoding="utf-8").partition("\n")[2]
    assert lines == "".join(
        heard_by.entry(written_items[take.of], take) for take in heard_by.takes("mesa")
    )
