"""The timeline as shapes, described once: the page draws them as SVG, the paper as PDF.

The way from left to right is not even: a call lasts seconds and a bulletin hours. A moment stands
at log(1 + seconds / 10) from the first one, and the ticks say so.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tocsin.warn.afteraction import Curve, Lane, Timeline, in_words

WIDTH = 720.0
LEFT, RIGHT = 104.0, WIDTH - 14.0
ROW, DOT = 17.0, 3.5
CURVE_HEIGHT = 110.0
LETTER = 5.6
"""Width of a letter at the size of the labels, on the wide side."""

LONGEST_LABEL = 44
MOST_ROWS = 12
"""Rows of labels in one lane; marks beyond them have a dot and no label."""

_TICKS = (0, 10, 60, 300, 900, 3600, 14400, 43200, 86400, 259200, 604800, 2592000, 31536000)


Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line through points, in units from the upper left corner."""

    points: tuple[tuple[float, float], ...]
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One mark."""

    x: float
    y: float
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Words; `anchor` says which end stands at x: start, middle or end."""

    x: float
    y: float
    text: str
    role: str
    anchor: Anchor = "start"


Shape = Stroke | Dot | Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Shapes on a canvas of this size; the summary says in words what they show."""

    height: float
    summary: str
    shapes: tuple[Shape, ...]


def draw_timeline(line: Timeline) -> Picture:
    """The lanes one below the other, and the curves of the answers at the foot."""
    y, shapes = 14.0, []
    for lane in line.lanes:
        drawn, y = _lane(lane, line, y)
        shapes += drawn
    curves = [curve for curve in line.curves if curve.of]
    if curves:
        drawn, y = _curves(curves, line, y + 8)
        shapes += drawn
    ticks = list(_ticks(line, y))
    return Picture(
        height=y + 34,
        summary=". ".join(_summary(line)),
        shapes=(*ticks, *shapes),
    )


def _at(moment: datetime, line: Timeline) -> float:
    """Where a moment stands between left and right."""
    whole = _far((line.ends_at - line.begins_at).total_seconds())
    far = _far(max((moment - line.begins_at).total_seconds(), 0.0))
    return LEFT + 6 + (RIGHT - LEFT - 12) * min(far / whole if whole else 0.0, 1.0)


def _far(seconds: float) -> float:
    return math.log1p(seconds / 10)


def _lane(lane: Lane, line: Timeline, top: float) -> tuple[list[Shape], float]:
    """Dots on one height, labels in as many rows below as they need."""
    shapes: list[Shape] = [Label(x=4, y=top + 4, text=lane.name, role="name")]
    shapes.append(Stroke(points=((LEFT, top), (RIGHT, top)), role="rail"))
    ends: list[float] = []
    unnamed = 0
    for mark in lane.marks:
        x = _at(mark.at, line)
        shapes.append(Dot(x=x, y=top, role=_role(lane.name)))
        since = in_words(mark.at - line.begins_at)
        label = _placed(x, f"{_short(mark.label)} +{since}", ends)
        if label is None:
            unnamed += 1
            continue
        row, x, anchor, text = label
        y = top + ROW * (row + 1)
        shapes.append(Label(x=x, y=y, text=text, role="label", anchor=anchor))
    if note := _note(lane, unnamed):
        ends.append(RIGHT)
        shapes.append(Label(x=LEFT, y=top + ROW * len(ends), text=note, role="none"))
    return shapes, top + ROW * len(ends) + 16


def _note(lane: Lane, unnamed: int) -> str:
    """What the dots of a lane do not show."""
    if not lane.marks and not lane.untimed:
        return "none on record"
    parts = [
        f"{unnamed} dots without a name: see the table" if unnamed else "",
        f"{lane.untimed} without a time on record" if lane.untimed else "",
    ]
    return "; ".join(part for part in parts if part)


def _placed(x: float, text: str, ends: list[float]) -> tuple[int, float, Anchor, str] | None:
    """The first row with room for the label; None where all rows are full."""
    width = LETTER * len(text)
    anchor: Anchor = "start" if x + width <= RIGHT else "end"
    start = x if anchor == "start" else x - width
    if start < LEFT:
        start, x, anchor = LEFT, LEFT, "start"
    for row, end in enumerate(ends):
        if start >= end + 6:
            ends[row] = start + width
            return row, x, anchor, text
    if len(ends) == MOST_ROWS:
        return None
    ends.append(start + width)
    return len(ends) - 1, x, anchor, text


def _curves(curves: Sequence[Curve], line: Timeline, top: float) -> tuple[list[Shape], float]:
    """One staircase for each version, from none to all who were asked."""
    floor = top + CURVE_HEIGHT
    shapes: list[Shape] = [
        Label(x=4, y=top + 10, text="acknowledged", role="name"),
        Label(x=LEFT - 4, y=top + 4, text="all", role="label", anchor="end"),
        Label(x=LEFT - 4, y=floor + 3, text="0", role="label", anchor="end"),
        Stroke(points=((LEFT, top), (RIGHT, top)), role="rail"),
        Stroke(points=((LEFT, floor), (RIGHT, floor)), role="rail"),
    ]
    for row, curve in enumerate(curves):
        shapes.append(Stroke(points=_staircase(curve, line, top), role=f"curve-{row % 4 + 1}"))
        have = f"{len(curve.steps)} of {curve.of}"
        y = floor + ROW * (row + 1) + 4
        sample = ((LEFT, y - 4), (LEFT + 30, y - 4))
        shapes.append(Stroke(points=sample, role=f"curve-{row % 4 + 1}"))
        shapes.append(
            Label(x=LEFT + 36, y=y, text=f"version {curve.version}: {have}", role="label")
        )
    return shapes, floor + ROW * len(curves) + 14


def _staircase(curve: Curve, line: Timeline, top: float) -> tuple[tuple[float, float], ...]:
    floor = top + CURVE_HEIGHT
    points = [(_at(curve.released_at, line), floor)]
    for moment, count in curve.steps:
        x = max(_at(moment, line), points[0][0])
        points += [(x, points[-1][1]), (x, floor - CURVE_HEIGHT * count / curve.of)]
    points.append((RIGHT, points[-1][1]))
    return tuple(points)


def _ticks(line: Timeline, floor: float) -> Iterator[Shape]:
    length = (line.ends_at - line.begins_at).total_seconds()
    last = -math.inf
    for seconds in _TICKS:
        x = _at(line.begins_at + timedelta(seconds=seconds), line)
        if seconds > length or x < last + 40:
            continue
        last = x
        yield Stroke(points=((x, 6.0), (x, floor)), role="tick")
        text = in_words(timedelta(seconds=seconds)) if seconds else "0"
        yield Label(x=x, y=floor + 13, text=text, role="label", anchor="middle")
    yield Label(
        x=RIGHT,
        y=floor + 28,
        text="since the first moment on record; not to an even scale",
        role="none",
        anchor="end",
    )


def _role(lane: str) -> str:
    return "mark-" + lane.replace(" ", "-")


def _short(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return plain if len(plain) <= LONGEST_LABEL else f"{plain[: LONGEST_LABEL - 3]}..."


def _summary(line: Timeline) -> Iterator[str]:
    for lane in line.lanes:
        told = (
            f"{_short(one.label)} after {in_words(one.at - line.begins_at)}" for one in lane.marks
        )
        yield f"{lane.name}: {', '.join(told) or 'none on record'}"
    for curve in line.curves:
        yield f"version {curve.version}: {len(curve.steps)} of {curve.of} acknowledged"
