"""Measures every interval of a story, and names who is missing."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.warn.afteraction.story import Means, Moment, Story, Version
from tocsin.warn.bulletin import BulletinKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """How long it took from one thing to another, for all to whom it should have happened.

    Attributes:
        start, end: what they are, in words.
        version: of the bulletin; 0 where it is about all of it.
        n: how many have both times on record, in the right order.
        of: how many there should be.
        disordered: how many have an end before their start, and are not measured.
        first, last: the shortest and the longest of those measured.
        median, p90: the time by which at least half, and nine in ten, of *all* had it (nearest
            rank); None where fewer have it at all. So those who are missing are never left out.
    """

    start: str
    end: str
    version: int = 0
    n: int
    of: int
    disordered: int
    first: timedelta | None
    median: timedelta | None
    p90: timedelta | None
    last: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Somebody who was asked to acknowledge a version, and has not."""

    version: int
    key: str
    name: str
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The story as it stood at a moment, measured.

    Attributes:
        story: what was measured.
        as_of: the moment, aware.
        intervals: in the order in which things happen.
        missing: by version, agency and name.
    """

    story: Story
    as_of: datetime
    intervals: tuple[Interval, ...]
    missing: tuple[Missing, ...]


def after_action(story: Story, *, now: datetime) -> Report:
    """The report on what is on record at `now`."""
    missing = (
        Missing(version=one.version, key=person.key, name=person.name, agency=person.agency)
        for one in story.versions
        for person in one.people
        if person.is_missing
    )
    return Report(
        story=story,
        as_of=now,
        intervals=(*_of_the_call(story), *_of_the_versions(story), *_of_the_end(story)),
        missing=tuple(sorted(missing, key=lambda one: (one.version, one.agency, one.name))),
    )


def measure(
    start: str, end: str, pairs: Iterable[tuple[Moment, Moment]], *, version: int = 0
) -> Interval:
    """The interval over these pairs of moments, one pair for each that should have happened."""
    both = [(since, until) for since, until in pairs]
    gaps = sorted(until - since for since, until in both if since and until and until >= since)
    disordered = sum(1 for since, until in both if since and until and until < since)
    return Interval(
        start=start,
        end=end,
        version=version,
        n=len(gaps),
        of=len(both),
        disordered=disordered,
        first=gaps[0] if gaps else None,
        median=_reached(gaps, len(both), 0.5),
        p90=_reached(gaps, len(both), 0.9),
        last=gaps[-1] if gaps else None,
    )


def _reached(gaps: list[timedelta], of: int, share: float) -> timedelta | None:
    """The time by which this share of all had it; None where it was never reached."""
    rank = math.ceil(share * of)
    return gaps[rank - 1] if 0 < rank <= len(gaps) else None


def _of_the_call(story: Story) -> Iterator[Interval]:
    began, ended = story.call_began_at, story.call_ended_at
    yield measure("call began", "call ended", [(began, ended)])
    yield measure("call ended", "recording sealed", [(ended, story.sealed_at)])
    yield measure("call ended", "first transcript", [(ended, story.heard_at)])
    yield measure("call began", "first draft", [(began, story.drafted_at)])
    for means in Means:
        told = [(began, one.told_at) for one in story.spoken if one.means is means]
        yield measure("call began", f"told by {means}", told)


def _of_the_versions(story: Story) -> Iterator[Interval]:
    for one in story.versions:
        number, released = one.version, one.released_at
        asked = _asked(one)
        yield measure(
            "call began", "written warning", [(story.call_began_at, released)], version=number
        )
        for end, moments in (
            ("message sent", [message.sent_at for message in one.messages]),
            ("message delivered", [message.delivered_at for message in one.messages]),
            ("seen", [person.seen_at for person in one.people]),
            ("acknowledged", asked),
        ):
            pairs = [(released, moment) for moment in moments]
            yield measure("released", end, pairs, version=number)
        told = [person.escalated_at for person in one.people if person.escalated_at]
        yield measure(
            "released", "supervisor told", [(released, at) for at in told], version=number
        )


def _asked(version: Version) -> list[Moment]:
    """When each of those who were asked acknowledged; of a correction, earlier answers stand."""
    moments = [one.acknowledged_at for one in version.people if one.must_acknowledge]
    if version.kind is not BulletinKind.CORRECTION:
        return moments
    return [at for at in moments if at is None or at >= version.released_at]


def _of_the_end(story: Story) -> Iterator[Interval]:
    released = story.versions[0].released_at if story.versions else None
    if story.end:
        yield measure("first released", f"bulletin {story.end}", [(released, story.ended_at)])
    yield measure("call began", "stand-down", [(story.call_began_at, story.stood_down_at)])
