"""The record of an ended order: how long it was broken, by whom, and what was excused."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)

Stretch = tuple[datetime, datetime]
"""From a moment to another, which is not part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """A stretch of a breach that a person excused.

    Attributes:
        starts_at, until: the stretch.
        reason: the person's words.
        by: his key.
    """

    starts_at: datetime
    until: datetime
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachInterval:
    """One breach from its beginning to its end.

    Attributes:
        unit: its key.
        measure: what was broken.
        starts_at: when it was first found.
        ended_at: when it was found to be over; None where it lasted to the order's end.
        unseen: stretches in which it was not known whether it went on.
        excuses: given for it.
    """

    unit: str
    measure: str
    starts_at: datetime
    ended_at: datetime | None = None
    unseen: tuple[Stretch, ...] = ()
    excuses: tuple[Excused, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """What became of an order. Minutes are of units: two units in breach for one minute are two.

    Attributes:
        order: its key.
        starts_at: when it began.
        ended_at: when it ended.
        breaches: how many there were.
        minutes: in breach and seen to be so, over all units; a unit that breaks two measures at
            once counts once.
        minutes_by_unit: likewise, for each unit.
        minutes_by_measure: for each measure; they may add up to more.
        minutes_excused: part of `minutes` for which every breach of the unit was excused.
        minutes_not_known: after a breach, not known whether it went on; no part of `minutes`.
        longest: the breach with the longest time from its beginning to its end; None for none.
        excuses: all that were given, in order.
    """

    order: str
    starts_at: datetime
    ended_at: datetime
    breaches: int
    minutes: float
    minutes_by_unit: dict[str, float]
    minutes_by_measure: dict[str, float]
    minutes_excused: float
    minutes_not_known: float
    longest: BreachInterval | None
    excuses: tuple[Excused, ...]


def record_of(
    order: str, *, starts_at: datetime, ended_at: datetime, intervals: Iterable[BreachInterval]
) -> OrderRecord:
    """The record of an order from its breaches; what lies outside its time is cut away."""
    whole = (starts_at, ended_at)
    kept = [one for one in intervals if _cut([_stretch(one, ended_at)], whole)]
    units = sorted({one.unit for one in kept})
    by_unit = {unit: _of([one for one in kept if one.unit == unit], whole) for unit in units}
    measures = sorted({one.measure for one in kept})
    seen = {
        measure: sum(
            _minutes(
                _broken([one for one in kept if (one.unit, one.measure) == (unit, measure)], whole)
            )
            for unit in units
        )
        for measure in measures
    }
    return OrderRecord(
        order=order,
        starts_at=starts_at,
        ended_at=ended_at,
        breaches=len(kept),
        minutes=sum(broken for broken, _, _ in by_unit.values()),
        minutes_by_unit={unit: broken for unit, (broken, _, _) in by_unit.items()},
        minutes_by_measure=seen,
        minutes_excused=sum(excused for _, excused, _ in by_unit.values()),
        minutes_not_known=sum(unknown for _, _, unknown in by_unit.values()),
        longest=max(kept, key=lambda one: _length(one, whole), default=None),
        excuses=_given(kept),
    )


def _of(intervals: Sequence[BreachInterval], whole: Stretch) -> tuple[float, float, float]:
    """Minutes of one unit: in breach, excused of these, and not known."""
    broken = _broken(intervals, whole)
    bare = union(
        stretch
        for one in intervals
        for stretch in without(_broken([one], whole), _excused(one, whole))
    )
    unseen = union(stretch for one in intervals for stretch in _unseen(one, whole))
    inside = _minutes(broken)
    return inside, inside - _minutes(bare), _minutes(without(unseen, broken))


def _broken(intervals: Sequence[BreachInterval], whole: Stretch) -> list[Stretch]:
    """The stretches in which at least one of them was seen to go on."""
    return union(
        stretch
        for one in intervals
        for stretch in without(_cut([_stretch(one, whole[1])], whole), _unseen(one, whole))
    )


def _stretch(one: BreachInterval, end: datetime) -> Stretch:
    return one.starts_at, one.ended_at or end


def _length(one: BreachInterval, whole: Stretch) -> timedelta:
    return sum((end - start for start, end in _cut([_stretch(one, whole[1])], whole)), timedelta(0))


def _unseen(one: BreachInterval, whole: Stretch) -> list[Stretch]:
    mine = _cut([_stretch(one, whole[1])], whole)
    return union(stretch for piece in mine for stretch in _cut(one.unseen, piece))


def _excused(one: BreachInterval, whole: Stretch) -> list[Stretch]:
    return union(_cut([(excuse.starts_at, excuse.until) for excuse in one.excuses], whole))


def _given(intervals: Iterable[BreachInterval]) -> tuple[Excused, ...]:
    given = {excuse for one in intervals for excuse in one.excuses}
    return tuple(sorted(given, key=lambda one: (one.starts_at, one.until, one.by, one.reason)))


def _cut(stretches: Iterable[Stretch], whole: Stretch) -> list[Stretch]:
    """What of the stretches lies in another."""
    cut = [(max(start, whole[0]), min(end, whole[1])) for start, end in stretches]
    return [(start, end) for start, end in cut if start < end]


def union(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in stretches that do not meet, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretch for stretch in stretches if stretch[0] < stretch[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], holes: Iterable[Stretch]) -> list[Stretch]:
    """What of the stretches lies in none of the holes."""
    left = union(stretches)
    for hole_start, hole_end in union(holes):
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, hole_start)), (max(start, hole_end), end))
            if piece[0] < piece[1]
        ]
    return left


def _minutes(stretches: Iterable[Stretch]) -> float:
    return sum((end - start) / _MINUTE for start, end in stretches)
