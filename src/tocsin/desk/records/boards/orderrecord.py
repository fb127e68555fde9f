"""An order's record: minutes in breach, excuses, overrides, the price foretold and the price paid.

It is text in sentences and tables, the same for the order's page, the after-action report and its
paper.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tocsin.desk.records.boards.pricepaid import paid_for
from tocsin.desk.records.models import Breach, Excuse, Order, Override, Threat
from tocsin.posture import (
    SENTENCES,
    WATCHED,
    BreachInterval,
    Excused,
    Measure,
    OrderRecord,
    record_of,
)
from tocsin.posture.record import Stretch
from tocsin.warn.afteraction import exact_time, in_words

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Some of the record as rows of text under heads."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPart:
    """The record of one order.

    Attributes:
        number: the order's.
        title: for a heading.
        is_ended: whether it was stood down; else the record is as of now.
        record: what was counted.
        sentences: the record in words.
        tables: the rest, each with at least one row.
    """

    number: str
    title: str
    is_ended: bool
    record: OrderRecord
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]


def orders_part(threat: Threat, *, now: datetime) -> tuple[OrderPart, ...]:
    """The records of all orders that were given for the threat, the first one first."""
    rows = threat.orders.exclude(ordered_at=None).order_by("ordered_at", "pk")
    found = (order_part(row, now=now) for row in rows)
    return tuple(part for part in found if part)


def order_part(order: Order, *, now: datetime) -> OrderPart | None:
    """The order's record, as of its end or of now; None where it was never given."""
    if order.ordered_at is None:
        return None
    ended_at = order.ended_at or max(now, order.ordered_at)
    zone = order.threat.center.zone
    excuses = list(order.excuses.select_related("by", "withdrawn_by"))
    intervals = [_interval(row, excuses) for row in order.breaches.all()]
    record = record_of(
        order.number, starts_at=order.ordered_at, ended_at=ended_at, intervals=intervals
    )
    overrides = list(order.overrides.select_related("by"))
    paid = paid_for(order, ended_at=ended_at)
    tables = (
        _by_unit(record),
        _by_measure(record),
        _excuses(excuses, zone),
        _overrides(overrides, zone),
        Table(
            title="Price foretold and price paid",
            heads=("figure", "foretold", "range of one such time", "came", "fit"),
            rows=paid.rows,
        ),
    )
    return OrderPart(
        number=order.number,
        title=f"Order {order.number}: {_measures(order)}",
        is_ended=order.ended_at is not None,
        record=record,
        sentences=(
            *_course(order, zone),
            *_broken(record, overrides),
            *_unwatched(order),
            *paid.sentences,
        ),
        tables=tuple(table for table in tables if table.rows),
    )


def _interval(row: Breach, excuses: Iterable[Excuse]) -> BreachInterval:
    return BreachInterval(
        unit=row.unit,
        measure=row.measure,
        starts_at=row.since,
        ended_at=row.ended_at,
        unseen=tuple(_unseen(row)),
        excuses=tuple(
            Excused(
                starts_at=one.starts_at,
                until=min(one.until, one.withdrawn_at or one.until),
                reason=one.because,
                by=one.by.key,
            )
            for one in excuses
            if (one.unit, one.measure) == (row.unit, row.measure)
        ),
    )


def _unseen(row: Breach) -> Iterable[Stretch]:
    """The stretches in which nobody knew; one that goes on lasts to the breach's end."""
    for start, end in row.unseen:
        yield datetime.fromisoformat(start), datetime.fromisoformat(end)
    if row.unseen_since:
        yield row.unseen_since, row.ended_at or datetime.max.replace(tzinfo=row.since.tzinfo)


# In words


def _measures(order: Order) -> str:
    return ", ".join(one.replace("_", " ") for one in order.measures)


def _course(order: Order, zone: str) -> list[str]:
    """From whom to whom it went."""
    said = [
        f"Ordered {_time(order.ordered_at, zone)} by {_name(order.ordered_by)}: {order.because}"
    ]
    said += [
        f"Renewed {_time(one.at, zone)} by {one.by.name}: {one.because}"
        for one in order.renewals.select_related("by")
    ]
    said += [
        f"{one.agency.name} joined {_time(one.at, zone)}: {one.because}"
        for one in order.joinings.select_related("agency")
    ]
    if order.ended_at and order.ordered_at:
        said.append(
            f"Stood down {_time(order.ended_at, zone)} by {_name(order.ended_by)}, after "
            f"{in_words(order.ended_at - order.ordered_at)}: {order.ended_because}"
        )
    else:
        said.append("It is still in force: everything here is as of now.")
    return said


def _broken(record: OrderRecord, overrides: list[Override]) -> list[str]:
    sent = len(overrides)
    by_word = (
        f"{sent} time{'s' if sent != 1 else ''} a unit was sent against it, by a person's word."
        if sent
        else "No unit was sent against it by a person's word, as far as the gate was asked."
    )
    if not record.breaches:
        return [
            "No breach was seen. Units that no feed shows, and that nobody keeps by hand, are not "
            "in this.",
            by_word,
        ]
    units = len(record.minutes_by_unit)
    said = [
        f"Breaches: {record.breaches}, of {units} {'unit' if units == 1 else 'units'}; "
        f"{_minutes(record.minutes)} in breach over all units, of which "
        f"{_minutes(record.minutes_excused)} were excused.",
    ]
    if record.minutes_not_known:
        said.append(
            f"For {_minutes(record.minutes_not_known)} more it was not known whether a breach "
            "went on; they are in no other figure."
        )
    if record.longest:
        ended = record.longest.ended_at or record.ended_at
        length = in_words(min(ended, record.ended_at) - record.longest.starts_at)
        said.append(f"The longest: {_sign(record.longest.unit)}, {length}.")
    return [*said, by_word]


def _unwatched(order: Order) -> list[str]:
    names = [SENTENCES[Measure(one)] for one in order.measures if Measure(one) not in WATCHED]
    return [f"No feed shows whether this was kept: {' '.join(names)}"] if names else []


def _by_unit(record: OrderRecord) -> Table:
    rows = sorted(record.minutes_by_unit.items(), key=lambda one: (-one[1], one[0]))
    return Table(
        title="Minutes in breach by unit",
        heads=("unit", "in breach"),
        rows=tuple((unit, _minutes(minutes)) for unit, minutes in rows),
    )


def _by_measure(record: OrderRecord) -> Table:
    return Table(
        title="Minutes in breach by measure",
        heads=("measure", "in breach"),
        rows=tuple(
            (SENTENCES[Measure(measure)], _minutes(minutes))
            for measure, minutes in record.minutes_by_measure.items()
        ),
    )


def _excuses(excuses: Iterable[Excuse], zone: str) -> Table:
    return Table(
        title="Excuses",
        heads=("unit", "measure", "from", "until", "why", "by"),
        rows=tuple(
            (
                one.unit,
                SENTENCES[Measure(one.measure)],
                _time(one.starts_at, zone),
                _until(one, zone),
                one.because,
                one.by.name,
            )
            for one in excuses
        ),
    )


def _until(one: Excuse, zone: str) -> str:
    if one.withdrawn_at is None:
        return _time(one.until, zone)
    return f"{_time(one.withdrawn_at, zone)}, taken back by {_name(one.withdrawn_by)}"


def _overrides(overrides: Iterable[Override], zone: str) -> Table:
    return Table(
        title="Sent against the order",
        heads=("at", "unit", "call", "by", "why"),
        rows=tuple(
            (
                _time(one.at, zone),
                one.unit,
                one.call,
                one.by.name if one.by else f"{one.actor} {one.dispatcher}".strip(),
                one.because,
            )
            for one in sorted(overrides, key=lambda one: (one.at, one.pk))
        ),
    )


def _minutes(minutes: float) -> str:
    return in_words(minutes * _MINUTE)


def _sign(unit: str) -> str:
    return unit.partition("/")[2] or unit


def _name(person: Any) -> str:
    return person.name if person else "nobody on record"


def _time(moment: datetime | None, zone: str) -> str:
    return exact_time(moment, zone) if moment else "not on record"
