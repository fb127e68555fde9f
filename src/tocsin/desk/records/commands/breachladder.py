"""The ladder by which supervisors and commanders hear that somebody is alone against an order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.db import transaction

from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.ordertold import queue_breach
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.crews import Crew, crews_of
from tocsin.desk.records.models import Breach, BreachMove, Order

SWEEP = "system:sweep"
BATCH = 2000


@transaction.atomic
def move_breaches(*, now: datetime) -> int:
    """Whoever is to hear of a breach by now has a message; whom nobody answers for is a task."""
    due = Breach.objects.filter(rung_due_at__lte=now, ended_at=None)
    found = due.select_related("order__threat__center").order_by("order_id", "rung", "pk")[:BATCH]
    centers = sorted({row.order.threat.center for row in found}, key=attrgetter("key"))
    for center in centers:
        log.hold(center)
    rows = list(
        due.filter(pk__in=[row.pk for row in found])
        .select_for_update(of=("self",))
        .select_related("order__threat__center")
        .order_by("order_id", "rung", "pk")
    )
    for order, group in groupby(rows, key=attrgetter("order")):
        _move(order, list(group), now=now)
    return len(rows)


def _move(order: Order, rows: Sequence[Breach], *, now: datetime) -> None:
    crews = crews_of(rows, now=now)
    told: list[BreachMove] = []
    for row in rows:
        told += [
            BreachMove(
                breach=row, number=row.rung, due_at=row.rung_due_at or now, moved_at=now, to=boss
            )
            for boss in _bosses(row, crews[row.unit])
        ] or [
            BreachMove(
                breach=row,
                number=row.rung,
                due_at=row.rung_due_at or now,
                moved_at=now,
                outcome="nobody can be told: a task",
            )
        ]
        row.rung_due_at = now + _pause(row.rung)
        row.rung += 1
    _send(order, told, crews, now=now)
    BreachMove.objects.bulk_create(told)
    Breach.objects.bulk_update(rows, ["rung", "rung_due_at"], batch_size=500)
    log.append(
        order.threat.center,
        "breach told",
        f"order:{order.number}",
        actor=SWEEP,
        now=now,
        facts={"moves": [f"{one.breach.unit}: {one.outcome}" for one in told]},
    )


def _pause(rung: int) -> timedelta:
    config = settings.TOCSIN.posture
    return config.commander_after - config.supervisor_after if rung == 0 else config.again_every


def _bosses(row: Breach, crew: Crew) -> list[Person]:
    """First those who supervise the crew; then, and where nobody does, who commands its agency."""
    if row.rung == 0 and crew.supervisors:
        return list(crew.supervisors)
    return [crew.commander] if crew.commander else []


def _send(
    order: Order, told: Sequence[BreachMove], crews: dict[str, Crew], *, now: datetime
) -> None:
    """One message a boss, of all his units; a task for the units of which nobody can be told."""
    ordered = sorted((one for one in told if one.to), key=lambda one: one.to.pk if one.to else 0)
    for boss, group in groupby(ordered, key=attrgetter("to")):
        moves = list(group)
        minutes = int((now - min(one.breach.since for one in moves)) / timedelta(minutes=1))
        lines = [_line(one.breach, crews[one.breach.unit], now) for one in moves]
        queue_breach(order, boss, lines, minutes=minutes, now=now)
        for one in moves:
            one.outcome = f"message queued to {boss.name}"[:200]
    lost = [one.breach for one in told if one.to is None]
    for breach in lost:
        raise_task(
            order.threat.center,
            "alone, nobody told",
            f"breach:{breach.pk}",
            f"{breach.unit} breaks {order}: {breach.reason} No supervisor or commander of it "
            "can be reached by a channel: tell them by radio or telephone.",
            now=now,
        )


def _line(row: Breach, crew: Crew, now: datetime) -> str:
    minutes = int((now - row.since) / timedelta(minutes=1))
    names = f" ({', '.join(crew.names)})" if crew.names else ""
    return f"{row.unit.partition('/')[2]}{names}, {minutes} min: {row.reason}"
