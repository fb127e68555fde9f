"""An order: what is demanded of whom, where, and until when a person must look at it again."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import shapely

from tocsin.errors import BadOrder
from tocsin.posture.unit import Unit
from tocsin.warn.ground import Outline, read_outline
from tocsin.warn.recipients.hours import Hours, is_on_duty


class Measure(StrEnum):
    """What an order can demand."""

    TWO_TO_A_CAR = "two_to_a_car"
    TWO_CARS_TO_A_CALL = "two_cars_to_a_call"
    NO_SOLO_BREAKS = "no_solo_breaks"
    NO_SOLO_FOOT_OR_MOTORCYCLE = "no_solo_foot_or_motorcycle"
    VESTS = "vests"
    BADGES_COVERED = "badges_covered"
    STATIONS_CLOSED = "stations_closed"


SENTENCES: dict[Measure, str] = {
    Measure.TWO_TO_A_CAR: "Two officers to every car.",
    Measure.TWO_CARS_TO_A_CALL: "Two cars to every call.",
    Measure.NO_SOLO_BREAKS: "Nobody takes a break alone.",
    Measure.NO_SOLO_FOOT_OR_MOTORCYCLE: (
        "Nobody patrols alone on foot, by bicycle or by motorcycle."
    ),
    Measure.VESTS: "Everybody wears the vest.",
    Measure.BADGES_COVERED: "Badges are covered.",
    Measure.STATIONS_CLOSED: "Stations are closed.",
}
"""Each measure as it is told to an officer."""

WATCHED: frozenset[Measure] = frozenset(
    {
        Measure.TWO_TO_A_CAR,
        Measure.TWO_CARS_TO_A_CALL,
        Measure.NO_SOLO_BREAKS,
        Measure.NO_SOLO_FOOT_OR_MOTORCYCLE,
    }
)
"""Measures of which a units feed can show a breach."""

UNWATCHED = "A units feed cannot show it: a supervisor must look."
"""What is said of every other measure; it is never shown as kept."""


class BreakPlace(StrEnum):
    """Where breaks are to be taken."""

    ANYWHERE = "anywhere"
    STATION = "station"


class Coverage(StrEnum):
    """Whether an order concerns a unit."""

    YES = "yes"
    NO = "no"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A piece of ground by the name people call it.

    Attributes:
        name: for showing.
        outline: a shapely Polygon or MultiPolygon in degrees, prepared.
    """

    name: str
    outline: Any


def ground_of(name: str, outline: Outline) -> Ground:
    """The ground of a GeoJSON Polygon or MultiPolygon, ready to be asked often.

    Raises:
        InputError: it is empty, crosses itself, or is no ground.
    """
    read = read_outline(outline)
    shapely.prepare(read)
    return Ground(name=name, outline=read)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whom an order concerns.

    Attributes:
        agencies: keys; every unit of them, wherever it is.
        areas: every unit inside one of them, whoever it belongs to.
        call_types: where any are named, a unit is concerned only while it is on such a call.
        shifts: where any are named, the order holds only while one of them is being worked.
    """

    agencies: frozenset[str] = frozenset()
    areas: tuple[Ground, ...] = ()
    call_types: frozenset[str] = frozenset()
    shifts: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a watch commander ordered.

    Attributes:
        key: the record's key.
        measures: what is demanded; never empty.
        scope: of whom.
        joined: agencies that made the order theirs; they count like those in scope.
        starts_at: the first moment at which it holds.
        review_at: when a named person must renew it or stand it down.
        ended_at: the first moment at which it no longer holds; None while it does.
        breaks_at: where breaks are to be taken.
    """

    key: str
    measures: frozenset[Measure]
    scope: Scope
    starts_at: datetime
    review_at: datetime
    joined: frozenset[str] = frozenset()
    ended_at: datetime | None = None
    breaks_at: BreakPlace = BreakPlace.ANYWHERE
    agencies: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Refuse an order that nobody can obey or that would never be looked at again.

        Raises:
            BadOrder: it demands nothing, concerns nobody, or its times are no times.
        """
        object.__setattr__(self, "agencies", self.scope.agencies | self.joined)
        if not self.measures:
            raise BadOrder("The order demands nothing.", way_out="Choose a measure.")
        if not self.agencies and not self.scope.areas:
            raise BadOrder(
                "The order concerns nobody: it names no agency and no ground.",
                way_out="Name an agency, or draw the ground.",
            )
        times = [self.starts_at, self.review_at, *([self.ended_at] if self.ended_at else [])]
        if any(moment.tzinfo is None for moment in times):
            raise BadOrder("A time of the order does not say its offset from UTC.")
        if self.review_at <= self.starts_at:
            raise BadOrder(
                "The order would be reviewed before it begins.",
                way_out="Set a review time after its start.",
            )


def is_in_force(order: Order, now: datetime) -> bool:
    """Whether the order holds at this moment, its shifts apart."""
    return order.starts_at <= now and (order.ended_at is None or now < order.ended_at)


def is_due(order: Order, now: datetime) -> bool:
    """Whether a named person must renew the order or stand it down."""
    return is_in_force(order, now) and now >= order.review_at


def holds(order: Order, now: datetime) -> bool:
    """Whether the order is in force and one of its shifts, where it names any, is being worked."""
    shifts = order.scope.shifts
    return is_in_force(order, now) and (not shifts or is_on_duty(shifts, now))


def covers(order: Order, unit: Unit, now: datetime) -> bool:
    """Whether the order is known to concern the unit at this moment."""
    return coverage(order, unit, now) is Coverage.YES


def coverage(
    order: Order, unit: Unit, now: datetime, old_after: timedelta | None = None
) -> Coverage:
    """Whether the order concerns the unit: by its agency, or by where it was last seen.

    Args:
        order: the order.
        unit: the unit.
        now: the moment.
        old_after: a position outside the ground that is older says nothing; None for never.
    """
    if not holds(order, now) or not concerns_call(order, unit):
        return Coverage.NO
    if unit.agency in order.agencies:
        return Coverage.YES
    if not order.scope.areas:
        return Coverage.NO
    if unit.position is None:
        return Coverage.NOT_KNOWN
    at = unit.position
    if is_inside(order.scope.areas, at.lon, at.lat):
        return Coverage.YES
    is_old = old_after is not None and now - at.at > old_after
    return Coverage.NOT_KNOWN if is_old else Coverage.NO


def concerns_call(order: Order, unit: Unit) -> bool:
    """Whether the order names no call types, or the unit is on a call of one of them."""
    types = order.scope.call_types
    return not types or (unit.assignment is not None and unit.assignment.type in types)


def is_inside(areas: Sequence[Ground], lon: float, lat: float) -> bool:
    """Whether a point lies in one of the areas or on its border."""
    return any(bool(shapely.intersects_xy(area.outline, lon, lat)) for area in areas)
