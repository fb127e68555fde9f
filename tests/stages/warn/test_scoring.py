"""The score of a drill: each interval against its goal, and nobody who is missing left out."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stories import a_person, a_story, a_version, after
from tocsin.config import DrillConfig
from tocsin.warn.afteraction import Score, Sent, Story, score

GOALS = DrillConfig()
ALL_HAVE_IT = a_version(
    people=(
        a_person("Reed", acknowledged_at=after(220)),
        a_person("Ortiz", acknowledged_at=after(280)),
    ),
    messages=(Sent(key="reed", channel="email", sent_at=after(182)),),
)


def scores(story: Story, *desks: float | None, goals: DrillConfig = GOALS) -> dict[str, Score]:
    pairs = [(after(180), None if told is None else after(told)) for told in desks]
    return {one.name: one for one in score(story, pairs, goals=goals)}


def test_each_interval_is_set_against_its_goal() -> None:
    found = scores(a_story(versions=(ALL_HAVE_IT,)), 300, 900)

    assert {
        name: (one.took and one.took.total_seconds(), one.is_met) for name, one in found.items()
    } == {
        "call ended to recording sealed": (1.5, True),
        "call ended to transcript": (8, True),
        "call ended to draft": (10, True),
        "draft to release": (133, False),
        "release to every message handed over": (2, True),
        "release to first acknowledgment": (40, True),
        "release to half acknowledged": (40, True),
        "release to last acknowledgment": (100, True),
        "release to every desk told": (720, False),
        "release to stand-down": (13 * 3600 - 180, None),
    }


def test_one_who_is_missing_is_a_goal_missed() -> None:
    found = scores(a_story(), 300, None)

    for name in ("every message handed over", "last acknowledgment", "every desk told"):
        one = found[f"release to {name}"]
        assert (one.took, one.is_met) == (None, False), name
        assert one.n == one.of - 1
    assert found["release to half acknowledged"].took == timedelta(seconds=100)


def test_what_was_never_to_be_measured_is_neither_met_nor_missed() -> None:
    found = scores(a_story(sealed_at=None, versions=()))

    assert found["call ended to recording sealed"].is_met is None
    assert found["release to last acknowledgment"].is_met is None
    assert found["draft to release"].is_met is False, "a warning was to be released"


def test_without_a_goal_the_time_is_still_given() -> None:
    none = replace(GOALS, **{one.name: None for one in fields(GOALS)})
    found = scores(a_story(versions=(ALL_HAVE_IT,)), 300, goals=none)

    assert all(one.is_met is None for one in found.values())
    assert found["release to last acknowledgment"].took == timedelta(seconds=100)


@given(
    answers=st.lists(st.none() | st.integers(0, 5000), min_size=1, max_size=30),
    goal=st.integers(1, 5000),
)
def test_a_goal_for_the_last_is_met_only_when_all_have_answered_in_time(
    answers: list[int | None], goal: int
) -> None:
    people = tuple(
        a_person(f"P{n}", acknowledged_at=None if one is None else after(180 + one))
        for n, one in enumerate(answers)
    )
    goals = replace(GOALS, last_within=timedelta(seconds=goal))
    story = a_story(versions=(a_version(people=people, messages=()),))

    last = scores(story, goals=goals)["release to last acknowledgment"]

    assert last.is_met is all(one is not None and one <= goal for one in answers)


@pytest.mark.parametrize("name", [one.name for one in fields(GOALS)])
def test_every_goal_decides_something(name: str) -> None:
    story = a_story(versions=(ALL_HAVE_IT,))
    strict = scores(story, 300, goals=replace(GOALS, **{name: timedelta(milliseconds=1)}))
    none = scores(story, 300, goals=replace(GOALS, **{name: None}))

    assert [one for one in strict if strict[one].is_met is not none[one].is_met]
