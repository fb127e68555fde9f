"""Scores a drill: each interval on record against the time in which it should have been done."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from tocsin.config import DrillConfig
from tocsin.warn.afteraction.measuring import Interval, measure
from tocsin.warn.afteraction.story import Moment, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One interval of a drill.

    Attributes:
        name: what was to be done, in words.
        goal: within which time; None where none is set.
        took: how long it took; None where it was not done, or no time is on record.
        n, of: for how many it is on record, of how many it should have been done.
    """

    name: str
    goal: timedelta | None
    took: timedelta | None
    n: int
    of: int

    @property
    def is_met(self) -> bool | None:
        """Whether the goal was met; None where there is none, or nothing to be measured."""
        if self.goal is None or not self.of:
            return None
        return self.took is not None and self.took <= self.goal


def score(
    story: Story, desks: Iterable[tuple[Moment, Moment]], *, goals: DrillConfig
) -> tuple[Score, ...]:
    """Every interval of the first warning, in the order in which things happen.

    Args:
        story: what is on record.
        desks: for each desk when it was to be told of the bulletin, and when it was.
        goals: the times that the center has set itself.
    """
    return (
        *_of_the_call(story, goals),
        *_of_the_warning(story, goals),
        *_of_the_end(story, desks, goals),
    )


def _of_the_call(story: Story, goals: DrillConfig) -> Iterator[Score]:
    ended = story.call_ended_at
    for name, goal, moment in (
        ("call ended to recording sealed", goals.sealed_within, story.sealed_at),
        ("call ended to transcript", goals.transcript_within, story.heard_at),
        ("call ended to draft", goals.draft_within, story.drafted_at),
    ):
        # What was sealed before the drill began has nothing to measure.
        pairs = [(ended, moment)] if ended and moment else []
        yield _whole(name, goal, measure("", "", pairs))


def _of_the_warning(story: Story, goals: DrillConfig) -> Iterator[Score]:
    first = story.versions[0] if story.versions else None
    released = first.released_at if first else None
    yield _whole(
        "draft to release",
        goals.release_within,
        measure("", "", [(story.drafted_at, released)]),
    )
    sent = [(released, one.sent_at) for one in first.messages] if first else []
    yield _whole("release to every message handed over", goals.handed_within, measure("", "", sent))
    asked = (
        [(released, one.acknowledged_at) for one in first.people if one.must_acknowledge]
        if first
        else []
    )
    answers = measure("", "", asked)
    yield _score("release to first acknowledgment", goals.first_within, answers, answers.first)
    yield _score("release to half acknowledged", goals.half_within, answers, answers.median)
    yield _whole("release to last acknowledgment", goals.last_within, answers)


def _of_the_end(
    story: Story, desks: Iterable[tuple[Moment, Moment]], goals: DrillConfig
) -> Iterator[Score]:
    yield _whole("release to every desk told", goals.desks_within, measure("", "", desks))
    released = story.versions[0].released_at if story.versions else None
    ended = measure("", "", [(released, story.stood_down_at)])
    yield _whole("release to stand-down", goals.stand_down_within, ended)


def _whole(name: str, goal: timedelta | None, interval: Interval) -> Score:
    """Done when it is done for all: the longest, and none where one is missing."""
    is_whole = interval.n == interval.of
    return _score(name, goal, interval, interval.last if is_whole else None)


def _score(name: str, goal: timedelta | None, interval: Interval, took: timedelta | None) -> Score:
    return Score(name=name, goal=goal, took=took, n=interval.n, of=interval.of)
