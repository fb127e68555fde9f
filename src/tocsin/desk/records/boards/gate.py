"""The gate before a unit is sent: asked by CAD and by the console, answered from memory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Sum

from tocsin import posture
from tocsin.desk.people.models import Agency
from tocsin.desk.records.mirror import Known, known_units
from tocsin.desk.records.models import ChainHead
from tocsin.desk.records.standing import limits_of, orders_of
from tocsin.errors import InputError, NotFound
from tocsin.posture import Assignment, Limits, Order, Unit, Verdict

LIMITS_LAST = timedelta(seconds=30)
"""How long the center's ground is taken for unchanged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The gate's answer, and how old what it rests on is.

    Attributes:
        verdict: whether it breaks an order, and what would not.
        unit: as it is known.
        version: of the units.
        heard_at: when the unit was last heard of.
    """

    verdict: Verdict
    unit: Unit
    version: int
    heard_at: datetime


def ask_gate(center: Agency, unit: str, call: Assignment, *, now: datetime) -> Answered:
    """Whether sending this unit to this call breaks an order, and what would not.

    Args:
        center: whose units and orders.
        unit: key, or the call sign alone where one unit has it.
        call: as its source writes it.
        now: when.

    Raises:
        NotFound: no such unit is known.
        InputError: two agencies have a unit of this call sign.
    """
    known = known_units(center, now=now)
    key = find_unit(known, unit)
    orders, limits = _orders(center, now=now), _limits(center, now=now)
    verdict = posture.check(orders, known.units.values(), key, call, now, limits)
    found = known.units[key]
    return Answered(verdict=verdict, unit=found, version=known.version, heard_at=found.heard_at)


def find_unit(known: Known, written: str) -> str:
    """The key of the unit that is meant.

    Raises:
        NotFound: no such unit is known.
        InputError: two agencies have a unit of this call sign.
    """
    agency, _, sign = written.rpartition("/")
    key = posture.key_of(agency, sign)
    if agency and key in known.units:
        return key
    named = [one for one in known.units if one.endswith(f"/{key.partition('/')[2]}")]
    if agency or not named:
        raise NotFound(
            f"No unit {written!r} is known.",
            way_out="Write the agency's key and the call sign, or enter it on the units' board.",
        )
    if len(named) > 1:
        raise InputError(
            f"{len(named)} agencies have a unit {written}: {', '.join(sorted(named))}.",
            way_out="Write the agency's key before the call sign, with a slash between.",
        )
    return named[0]


_read: dict[int, tuple[int, list[Order]]] = {}
"""The orders of each center, by its key, and how long the log was when they were read."""


def _orders(center: Agency, *, now: datetime) -> list[Order]:
    """The orders in force; read again only where anything was done since, by the log's length.

    An order is made, joined, left and ended by commands alone, and each of them is an entry.
    """
    length = ChainHead.objects.aggregate(found=Sum("seq"))["found"] or 0
    read_at, orders = _read.get(center.pk, (-1, []))
    if read_at != length:
        orders = orders_of(center, now=now)
        _read[center.pk] = (length, orders)
    return orders


_known: dict[int, tuple[datetime, Limits]] = {}
"""The limits of each center, by its key, and when they were read."""


def _limits(center: Agency, *, now: datetime) -> Limits:
    read_at, limits = _known.get(center.pk, (None, None))
    if limits is None or read_at is None or abs(now - read_at) > LIMITS_LAST:
        limits = limits_of(center)
        _known[center.pk] = (now, limits)
    return limits
