"""Cuts a recording into segments that a recogniser can take, at the pauses between the speech."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tocsin.listen.engine import RATE, Samples
from tocsin.listen.hearing import Speech

LONGEST = 25.0
"""Seconds of a segment: what the recogniser was made for."""

ROOM = 0.8
"""Seconds of pause left around a segment: with 0.15 s a sixth more words come out wrong."""

PAUSE = 2.0
"""Seconds from which a pause always cuts: over long silence a recogniser invents words."""

EARLIEST = 8.0
"""Seconds before which a segment is not cut for length: short ones lack context."""

SEARCH = 15.0
STEP = 0.02
"""Seconds: endless speech is cut where it is faintest in the last `SEARCH`, by steps of `STEP`."""


def cut(speech: Sequence[Speech], samples: Samples) -> tuple[Speech, ...]:
    """Segments of at most 25 s that hold all speech, in order, without overlap.

    A cut lies in the longest pause that keeps a segment between 8 and 25 s; only where somebody
    speaks for longer without any pause does it lie at the faintest spot instead.

    Args:
        speech: stretches of speech, in order.
        samples: the recording.
    """
    short = [part for stretch in speech for part in shortened(stretch, samples)]
    groups = []
    while short:
        last = last_of_segment(short)
        groups.append(Speech(start=short[0].start, end=short[last].end))
        short = short[last + 1 :]
    return widened(groups, len(samples) / RATE)


def last_of_segment(stretches: Sequence[Speech]) -> int:
    """Index of the last of the stretches that go into the first segment."""
    pauses = [after.start - before.end for before, after in pairwise(stretches)]
    begin = stretches[0].start
    fit = 0
    for index, pause in enumerate(pauses, start=1):
        if pause > PAUSE:
            return fit
        if stretches[index].end - begin > LONGEST - 2 * ROOM:
            break
        fit = index
    else:
        return fit
    late = [index for index in range(fit + 1) if stretches[index].end - begin >= EARLIEST]
    return max(late, key=lambda index: pauses[index], default=fit)


def shortened(stretch: Speech, samples: Samples) -> list[Speech]:
    """The stretch, cut at its faintest spots as often as it is too long."""
    parts = []
    start, longest = stretch.start, LONGEST - 2 * ROOM
    while stretch.end - start > longest:
        end = faintest(samples, start + longest - SEARCH, start + longest)
        parts.append(Speech(start=start, end=end))
        start = end
    return [*parts, Speech(start=start, end=stretch.end)]


def faintest(samples: Samples, start: float, end: float) -> float:
    """Seconds of the faintest fifth of a second between two times."""
    step = round(STEP * RATE)
    window = samples[round(start * RATE) : round(end * RATE)]
    steps = window[: len(window) // step * step].reshape(-1, step)
    energy = np.convolve(np.square(steps).sum(axis=1), np.ones(10), mode="valid")
    return start + (int(np.argmin(energy)) + 5) * STEP


def widened(groups: Sequence[Speech], duration: float) -> tuple[Speech, ...]:
    """Each segment with room around it, up to the middle of the pause to the next one."""
    edges = [0.0]
    edges += [(a.end + b.start) / 2 for a, b in pairwise(groups)]
    edges += [duration]
    return tuple(
        Speech(
            start=max(edges[index], group.start - ROOM),
            end=min(edges[index + 1], group.end + ROOM),
        )
        for index, group in enumerate(groups)
    )
