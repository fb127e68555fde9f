"""Gives every word of a segment a place in time, also those the aligner did not find."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from tocsin.listen.engine import Heard
from tocsin.listen.hearing import Speech

LEAST = 0.04
"""Seconds kept free for a word without a time, where its neighbours leave less."""

PAUSE_WEIGHT = 0.01
"""What a second of pause counts against one of speech, where words without times are spread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a word lies, in seconds from the start of the recording."""

    start: float
    end: float
    is_timed: bool = True


def placed(
    heard: Sequence[Heard],
    times: Sequence[tuple[float, float] | None],
    segment: Speech,
    speech: Sequence[Speech],
) -> list[Place]:
    """A place for each word: inside the segment, in order, without overlap, longer than nothing.

    Words without a time share the speech between their neighbours by their number of letters.
    Where there is hardly a gap, the neighbours give up to half of themselves.

    Args:
        heard: the words of the segment.
        times: for each word the aligner's times from the start of the segment, or None.
        segment: where in the recording the segment lies.
        speech: where somebody speaks, in order, without overlap.
    """
    places = usable(times, segment)
    index = 0
    while index < len(places):
        stop = index
        while stop < len(places) and places[stop] is None:
            stop += 1
        if stop > index:
            letters = [max(1, len(word.text)) for word in heard[index:stop]]
            start, end = gap(places, index, stop, segment)
            places[index:stop] = spread(letters, start, end, speech)
        index = stop + 1
    return [place for place in places if place is not None]


def usable(times: Sequence[tuple[float, float] | None], segment: Speech) -> list[Place | None]:
    """The aligner's times as places; None for what lies outside the segment or out of order."""
    places: list[Place | None] = []
    earliest = segment.start
    for time in times:
        place = None
        if time is not None:
            start, end = segment.start + time[0], min(segment.start + time[1], segment.end)
            if earliest <= start < end:
                place = Place(start=start, end=end)
                earliest = end
        places.append(place)
    return places


def gap(places: list[Place | None], first: int, stop: int, segment: Speech) -> tuple[float, float]:
    """Start and end of the room for the words from `first` up to `stop`, made where it lacks."""
    before = places[first - 1] if first else None
    after = places[stop] if stop < len(places) else None
    start = before.end if before else segment.start
    end = after.start if after else segment.end
    wanted = LEAST * (stop - first)
    if before and end - start < wanted:
        start = max(end - wanted, (before.start + before.end) / 2)
        places[first - 1] = replace(before, end=start)
    if after and end - start < wanted:
        end = min(start + wanted, (after.start + after.end) / 2)
        places[stop] = replace(after, start=end)
    return start, end


def spread(
    letters: Sequence[int], start: float, end: float, speech: Sequence[Speech]
) -> list[Place]:
    """Places side by side from `start` to `end`, each with its share of the speech between them."""
    knots = [start]
    for stretch in speech:
        knots += [at for at in (stretch.start, stretch.end) if knots[-1] < at < end]
    knots.append(end)
    spoken = [
        any(stretch.start <= (a + b) / 2 <= stretch.end for stretch in speech)
        for a, b in pairwise(knots)
    ]
    # a pause counts for little, not for nothing: every word must last
    weights = [
        (b - a) * (1.0 if is_spoken else PAUSE_WEIGHT)
        for (a, b), is_spoken in zip(pairwise(knots), spoken, strict=True)
    ]
    passed = np.cumsum([0.0, *weights])
    shares = np.cumsum([0, *letters]) / sum(letters)
    edges = np.interp(shares * passed[-1], passed, knots)
    edges[0], edges[-1] = start, end
    return [Place(start=float(a), end=float(b), is_timed=False) for a, b in pairwise(edges)]
