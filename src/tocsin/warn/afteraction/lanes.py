"""A report as plain data for a plot: what happened when, in lanes, and curves of answers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.warn.afteraction.measuring import Report
from tocsin.warn.afteraction.story import Moment, Story, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One thing that happened."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Things of one kind, in the order of their times; `untimed` counts those without one."""

    name: str
    marks: tuple[Mark, ...]
    untimed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """How many had acknowledged a version, of all who were asked: the count from each moment on."""

    version: int
    of: int
    released_at: datetime
    steps: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Lanes and curves between the first and the last moment on record."""

    begins_at: datetime
    ends_at: datetime
    lanes: tuple[Lane, ...]
    curves: tuple[Curve, ...]


def timeline(report: Report) -> Timeline:
    """The story in lanes: the call, what was told orally, what in writing, who was escalated."""
    story = report.story
    lanes = (
        _lane("call", _call(story)),
        _lane("told orally", ((one.told_at, f"{one.means}: {one.to}") for one in story.spoken)),
        _lane("written", _written(story)),
        _lane("escalated", _escalated(story.versions)),
    )
    curves = tuple(_curve(one) for one in story.versions)
    moments = [
        *(mark.at for lane in lanes for mark in lane.marks),
        *(at for curve in curves for at, _ in curve.steps),
    ]
    return Timeline(
        begins_at=min(moments, default=report.as_of),
        ends_at=max(moments, default=report.as_of),
        lanes=lanes,
        curves=curves,
    )


def _lane(name: str, things: Iterable[tuple[Moment, str]]) -> Lane:
    known = list(things)
    marks = [Mark(at=at, label=label) for at, label in known if at]
    return Lane(
        name=name,
        marks=tuple(sorted(marks, key=lambda mark: mark.at)),
        untimed=len(known) - len(marks),
    )


def _call(story: Story) -> Iterator[tuple[Moment, str]]:
    """The call; what has no time is left to the sentences, for it may not have happened."""
    for at, label in (
        (story.call_began_at, "began"),
        (story.call_ended_at, "ended"),
        (story.sealed_at, "sealed"),
        (story.heard_at, "transcript"),
    ):
        if at:
            yield at, label


def _written(story: Story) -> Iterator[tuple[Moment, str]]:
    if story.drafted_at:
        yield story.drafted_at, "draft"
    for one in story.versions:
        yield one.released_at, f"version {one.version}, {one.kind}"
    if story.end:
        yield story.ended_at, story.end
    if story.stood_down_at:
        yield story.stood_down_at, "stand-down"


def _escalated(versions: Iterable[Version]) -> Iterator[tuple[Moment, str]]:
    """Each moment once, with the number of people whose supervisors were told then."""
    for one in versions:
        moments = [person.escalated_at for person in one.people if person.escalated_at]
        for at in sorted(set(moments)):
            yield at, f"version {one.version}, for {moments.count(at)}"


def _curve(version: Version) -> Curve:
    asked = [one for one in version.people if one.must_acknowledge]
    moments = sorted(one.acknowledged_at for one in asked if one.acknowledged_at)
    return Curve(
        version=version.version,
        of=len(asked),
        released_at=version.released_at,
        steps=tuple((at, count) for count, at in enumerate(moments, start=1)),
    )
