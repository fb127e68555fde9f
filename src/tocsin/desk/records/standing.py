"""Orders as the posture stage takes them, and the limits by which their units are judged."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

import shapely
from django.conf import settings
from django.db.models import Q, QuerySet

from tocsin.desk.people.models import Agency
from tocsin.desk.records import models
from tocsin.desk.records.ground import areas_of
from tocsin.posture import BreakPlace, Ground, Limits, Measure, Order, Scope, ground_of
from tocsin.warn.recipients import Hours

DRAWN = "ground drawn for this order"


def orders_of(center: Agency, *, now: datetime) -> list[Order]:
    """The orders in force of the center, and those that agencies which it serves joined or are in.

    An order whose ground nobody can read any more is not left out in silence: reading it fails.
    """
    return [as_order(row) for row in standing_orders(center, now=now)]


def standing_orders(center: Agency, *, now: datetime) -> QuerySet[models.Order]:
    """Rows of the orders that concern the center's units: its own, and those it has part in."""
    named = Q(threat__center=center) | Q(agencies__center=center)
    joined = Q(joinings__agency__center=center, joinings__left_at=None)
    rows = models.Order.objects.filter(
        named | joined, state=models.Order.State.IN_FORCE, ordered_at__lte=now
    )
    return (
        models.Order.objects.filter(pk__in=rows.values("pk"))
        .select_related("threat__center")
        .prefetch_related("agencies", "areas", "joinings__agency")
        .order_by("pk")
    )


def as_order(row: models.Order) -> Order:
    """The order as the stage judges by it; a proposal as if it began now and here.

    Raises:
        BadOrder: it demands nothing of anybody.
        InputError: its ground cannot be read.
    """
    joined = (one.agency.key for one in row.joinings.all() if one.left_at is None)
    return Order(
        key=row.number,
        measures=frozenset(Measure(one) for one in row.measures),
        scope=Scope(
            agencies=frozenset(one.key for one in row.agencies.all()),
            areas=tuple(grounds_of(row)),
            call_types=frozenset(row.call_types),
            shifts=tuple(hours_from(one) for one in row.shifts),
        ),
        joined=frozenset(joined),
        starts_at=row.ordered_at or row.proposed_at,
        review_at=row.review_at,
        ended_at=row.ended_at,
        breaks_at=BreakPlace(row.breaks_at),
    )


def grounds_of(row: models.Order) -> Iterable[Ground]:
    """The order's ground: areas of the county, and what was drawn for it."""
    for area in row.areas.all():
        yield ground_of(area.name, area.outline)
    if row.ground:
        yield ground_of(DRAWN, row.ground)


def hours_from(body: dict[str, Any]) -> Hours:
    """The hours of one shift, as an order keeps them."""
    return Hours(
        weekdays=frozenset(body["weekdays"]),
        starts=time.fromisoformat(body["starts"]),
        ends=time.fromisoformat(body["ends"]),
        zone=body["zone"],
    )


def limits_of(center: Agency) -> Limits:
    """The settings by which the center's units are judged; the ground they can be on, with room.

    The room is half a degree about the center's own ground: a mutual-aid unit comes from there.
    """
    config = settings.TOCSIN.posture
    return Limits(
        stale_after=config.stale_after,
        by_hand_stale_after=config.by_hand_stale_after,
        near_m=float(config.near_m),
        near_for=config.near_for,
        speed_m_s=config.speed_kmh / 3.6,
        counts_are_officers=config.counts_are_officers,
        two_cars_count=config.two_cars_count,
        ground=_ground(center),
    )


def _ground(center: Agency) -> Any:
    outlines = [ground_of(area.name, area.outline).outline for area in areas_of(center)]
    if not outlines:
        return None
    ground = shapely.union_all(outlines).envelope.buffer(0.5)
    shapely.prepare(ground)
    return ground
