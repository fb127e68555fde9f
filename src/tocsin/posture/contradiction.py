"""Orders that contradict each other, and orders that only seem to.

All measures add caution, so most of them stand beside each other. Three pairs do not:

1. One order closes the stations, and another sends crews to a station for their breaks.
2. One order was stood down, and another still demands the same of the same people: whoever hears
   only of the end goes alone.
3. Two to a car and two cars to a call: both can be obeyed, but every call then takes four officers,
   which may not have been meant. This is no contradiction, and is shown as what it is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

from tocsin.posture.order import BreakPlace, Measure, Order, is_in_force
from tocsin.warn.ground import overlaps
from tocsin.warn.recipients.hours import Hours, is_on_duty, next_start

_STARTS = 14
"""Starts of a shift that are looked at: two weeks, also of one that begins every day."""

TOLD_OF_END = timedelta(hours=24)
"""How long after its end an order is still on people's minds."""


class Clash(StrEnum):
    """How two orders stand against each other."""

    CANNOT_BOTH = "cannot_both"
    ENDED_IN_PART = "ended_in_part"
    ADDS_UP = "adds_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two orders that a person must look at together.

    Attributes:
        clash: how they stand.
        one, other: their keys.
        sentence: why, for the watch commander.
    """

    clash: Clash
    one: str
    other: str
    sentence: str


def contradictions(orders: Iterable[Order], now: datetime) -> tuple[Contradiction, ...]:
    """Every pair of orders that contradict each other, or add up to more than either says."""
    known = [one for one in orders if _is_on_minds(one, now)]
    return tuple(
        found
        for one, other in combinations(known, 2)
        if meet(one, other, now)
        for found in _between(one, other, now)
    )


def meet(one: Order, other: Order, now: datetime) -> bool:
    """Whether two orders may concern the same unit at the same time.

    An agency's cars may drive into any ground, so an order of an agency and one of a ground may
    meet.
    """
    types, other_types = one.scope.call_types, other.scope.call_types
    if types and other_types and not types & other_types:
        return False
    if not _share_hours(one.scope.shifts, other.scope.shifts, now):
        return False
    if one.agencies & other.agencies:
        return True
    areas, other_areas = one.scope.areas, other.scope.areas
    if areas and other_areas:
        is_shared = any(overlaps(a.outline, b.outline) for a in areas for b in other_areas)
        return is_shared or bool(one.agencies or other.agencies)
    return bool(areas or other_areas)


def _is_on_minds(order: Order, now: datetime) -> bool:
    if order.ended_at is not None:
        return now - order.ended_at < TOLD_OF_END
    return True


def _share_hours(one: Sequence[Hours], other: Sequence[Hours], now: datetime) -> bool:
    """Whether both are worked at some moment: now, or when a shift of either begins."""
    if not one or not other:
        return True
    moments = [now, *_starts(one, now), *_starts(other, now)]
    return any(is_on_duty(one, at) and is_on_duty(other, at) for at in moments)


def _starts(shifts: Sequence[Hours], now: datetime) -> list[datetime]:
    found: list[datetime] = []
    for hours in shifts:
        at: datetime | None = now
        for _ in range(_STARTS):
            at = next_start(hours, at) if at else None
            if at:
                found.append(at)
    return found


def _between(one: Order, other: Order, now: datetime) -> list[Contradiction]:
    """What stands between two orders that may meet."""
    found: list[Contradiction] = []
    for first, second in ((one, other), (other, one)):
        if _is_over(first, now) and is_in_force(second, now):
            found += _ended(first, second)
        elif not _is_over(first, now) and not _is_over(second, now):
            found += _closed(first, second) + _added(first, second)
    return found


def _is_over(order: Order, now: datetime) -> bool:
    return order.ended_at is not None and order.ended_at <= now


def _closed(closing: Order, sending: Order) -> list[Contradiction]:
    if (
        Measure.STATIONS_CLOSED not in closing.measures
        or Measure.NO_SOLO_BREAKS not in sending.measures
        or sending.breaks_at is not BreakPlace.STATION
    ):
        return []
    sentence = (
        f"Order {closing.key} closes the stations, and order {sending.key} sends crews to a "
        "station for their breaks. Nobody can be sure to obey both."
    )
    return [
        Contradiction(
            clash=Clash.CANNOT_BOTH, one=closing.key, other=sending.key, sentence=sentence
        )
    ]


def _ended(ended: Order, standing: Order) -> list[Contradiction]:
    shared = sorted(ended.measures & standing.measures)
    if not shared:
        return []
    sentence = (
        f"Order {ended.key} was stood down, and order {standing.key} still demands "
        f"{', '.join(shared)}. Whoever was told of the end must be told of the other."
    )
    return [
        Contradiction(
            clash=Clash.ENDED_IN_PART, one=ended.key, other=standing.key, sentence=sentence
        )
    ]


def _added(pairs: Order, seconds: Order) -> list[Contradiction]:
    if (
        Measure.TWO_TO_A_CAR not in pairs.measures
        or Measure.TWO_CARS_TO_A_CALL not in seconds.measures
        or {Measure.TWO_TO_A_CAR, Measure.TWO_CARS_TO_A_CALL} <= pairs.measures & seconds.measures
    ):
        return []
    sentence = (
        f"Order {pairs.key} demands two to a car and order {seconds.key} two cars to a call: "
        "together every call takes four officers."
    )
    return [Contradiction(clash=Clash.ADDS_UP, one=pairs.key, other=seconds.key, sentence=sentence)]
