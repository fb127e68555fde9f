"""What a person makes of an order before it is made: checked, and written on its row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.audience import grounds
from tocsin.desk.records.models import Order, Statement, Threat
from tocsin.desk.records.standing import as_order
from tocsin.errors import BadOrder, InputError, MissingReason
from tocsin.posture import BreakPlace, Measure
from tocsin.warn.ground import drawn_outline
from tocsin.warn.recipients import Hours

LONGEST_UNTIL_REVIEW = timedelta(days=7)
"""No order goes on for longer before a person has looked at it again."""

LONGEST_REASON = 2000
LONGEST_TYPE = 60
MOST_TYPES = 40
MOST_SHIFTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedHours:
    """Hours of a shift, by the name that people call it; the name may be empty."""

    name: str
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """All that an order says before it is made.

    Attributes:
        measures: what is demanded.
        because: why.
        review_at: when a person must look at it again.
        agencies: keys; every unit of them.
        areas: keys; every unit inside them.
        drawn: pieces of ground drawn for it, each its rings of (longitude, latitude).
        call_types: only units on such calls; every unit where empty.
        shifts: only in these hours; always where empty.
        breaks_at: where breaks are taken.
        statement: key of the reading whose words bear on it; None where there is none.
        quote: these words.
    """

    measures: frozenset[Measure]
    because: str
    review_at: datetime
    agencies: frozenset[str] = frozenset()
    areas: frozenset[str] = frozenset()
    drawn: tuple[tuple[tuple[tuple[float, float], ...], ...], ...] = ()
    call_types: tuple[str, ...] = ()
    shifts: tuple[NamedHours, ...] = ()
    breaks_at: BreakPlace = BreakPlace.ANYWHERE
    statement: int | None = None
    quote: str = ""


def write_facts(row: Order, facts: OrderFacts, *, now: datetime) -> None:
    """The row says this, and can be read as an order.

    Raises:
        MissingReason: it is not said why.
        BadOrder: it demands nothing of anybody, at no time, or names what is not on record.
    """
    _check(facts, now=now)
    row.measures = [one.value for one in Measure if one in facts.measures]
    row.because, row.quote = facts.because.strip(), facts.quote.strip()[:LONGEST_REASON]
    row.review_at, row.breaks_at = facts.review_at, facts.breaks_at.value
    row.call_types = list(dict.fromkeys(facts.call_types))
    row.shifts = [_shift(one) for one in facts.shifts]
    row.ground = _ground(facts)
    row.statement = _statement(row.threat, facts)
    row.save()
    row.agencies.set(_agencies(facts.agencies))
    row.areas.set(_areas(facts.areas))
    require_sound(row)


def require_sound(row: Order) -> None:
    """Return when the row, as it is kept now, demands something of somebody.

    Raises:
        BadOrder: it does not, or its ground is empty or cannot be read.
    """
    kept = Order.objects.prefetch_related("agencies", "areas", "joinings__agency").get(pk=row.pk)
    try:
        as_order(kept)
    except BadOrder:
        raise
    except InputError as error:
        raise BadOrder(
            f"The ground of order {row.number} cannot be used. {error.what}",
            way_out=error.way_out or "Choose other areas, or draw the ground again.",
        ) from error


def require_review(review_at: datetime, *, now: datetime) -> None:
    """Return when the order would be looked at again neither too late nor in the past.

    Raises:
        BadOrder: it would not.
    """
    if review_at <= now:
        raise BadOrder(
            "The review time of the order has passed.", way_out="Set one that is still to come."
        )
    if review_at - now > LONGEST_UNTIL_REVIEW:
        raise BadOrder(
            f"An order is looked at again within {LONGEST_UNTIL_REVIEW.days} days at the most.",
            way_out="Set an earlier review time; the order can be renewed then.",
        )


def _check(facts: OrderFacts, *, now: datetime) -> None:
    if not facts.because.strip():
        raise MissingReason(
            "It is not said why this is ordered.",
            way_out="Say it in a sentence, with what was said in the call.",
        )
    if len(facts.because) > LONGEST_REASON:
        raise BadOrder(f"The reason is longer than {LONGEST_REASON} characters.")
    if len(facts.call_types) > MOST_TYPES or any(
        not one.strip() or len(one) > LONGEST_TYPE for one in facts.call_types
    ):
        raise BadOrder(
            f"An order names at most {MOST_TYPES} types of calls, "
            f"each of up to {LONGEST_TYPE} characters.",
            way_out="Name none to have every call.",
        )
    if len(facts.shifts) > MOST_SHIFTS:
        raise BadOrder(f"An order names at most {MOST_SHIFTS} shifts.")
    require_review(facts.review_at, now=now)


def _shift(one: NamedHours) -> dict[str, Any]:
    return {
        "name": one.name.strip()[:60],
        "weekdays": sorted(one.hours.weekdays),
        "starts": one.hours.starts.isoformat(),
        "ends": one.hours.ends.isoformat(),
        "zone": one.hours.zone,
    }


def _ground(facts: OrderFacts) -> Mapping[str, Any] | None:
    """What was drawn, as one GeoJSON MultiPolygon; None where nothing was."""
    if not facts.drawn:
        return None
    near = [ground.outline for ground in grounds()]
    pieces = []
    for number, rings in enumerate(facts.drawn, start=1):
        try:
            pieces.append(drawn_outline(rings, near=near)["coordinates"])
        except InputError as error:
            raise BadOrder(
                f"Piece {number} of the ground: {error.what}", way_out=error.way_out
            ) from error
    return {"type": "MultiPolygon", "coordinates": pieces}


def _statement(threat: Threat, facts: OrderFacts) -> Statement | None:
    if facts.statement is None:
        return None
    row = Statement.objects.filter(call__threats=threat, pk=facts.statement).first()
    if row is None:
        raise BadOrder(
            f"The words that the order rests on were not said in a call of {threat.number}.",
            way_out="Propose it from the page of the threat.",
        )
    return row


def _agencies(keys: frozenset[str]) -> list[Agency]:
    rows = list(Agency.objects.filter(key__in=keys))
    _require_known(keys, (row.key for row in rows), "agency")
    return rows


def _areas(keys: frozenset[str]) -> list[Area]:
    rows = list(Area.objects.filter(key__in=keys))
    _require_known(keys, (row.key for row in rows), "area")
    return rows


def _require_known(keys: frozenset[str], known: Iterable[str], what: str) -> None:
    lost = keys - set(known)
    if lost:
        raise BadOrder(
            f"There is no {what} {min(lost)[:60]!r} on record.",
            way_out="Choose from those on the page.",
        )
