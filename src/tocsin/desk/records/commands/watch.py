"""Judges a center's units against the orders, and writes down who breaks what, and since when.

What is found is thought out without a lock; only where it changes something is the chain held, and
then it is settled anew against the rows as they are by then. So thousands of units are judged each
second, and nobody who warns or answers waits for it.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q

from tocsin import posture
from tocsin.desk.people.models import Agency
from tocsin.desk.records import log
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import Breach, Excuse, Order, Watch
from tocsin.desk.records.nearness import near_as_json, near_from
from tocsin.desk.records.standing import as_order, limits_of, standing_orders
from tocsin.errors import Error
from tocsin.evidence import Deed
from tocsin.evidence.chain import Fact
from tocsin.posture import Finding, Limits, Picture

ACTOR = "system:watch"
AT_LEAST = timedelta(seconds=2)
"""Units are judged so often also where none has reported: silence ages everybody."""

_LOCK = 0x77617463
"""First half of the advisory locks of the watch, one a center; 'watc' in hexadecimal."""

LIMITS_LAST = timedelta(seconds=30)
"""How long the center's ground is taken for unchanged."""

told = logging.getLogger("tocsin.watch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What one process remembers of its last look at a center.

    Attributes:
        picture: all units then, with who was near whom since when.
        limits: the center's settings.
        limits_until: when they are read again.
    """

    picture: Picture
    limits: Limits
    limits_until: datetime


def centers_to_judge(*, now: datetime) -> list[Agency]:
    """The centers whose units changed since they were judged, or were not judged for long."""
    late = Q(judged_at=None) | Q(judged_at__lte=now - AT_LEAST)
    rows = Watch.objects.filter(late | ~Q(version=F("judged_version")))
    return [row.center for row in rows.select_related("center").order_by("pk")]


def judge_alone(center: Agency, before: Sight | None, *, now: datetime) -> Sight | None:
    """The same as `judge_units`, by one worker at a time; None where another is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, center.pk])
        row = cursor.fetchone()
    if not row or not row[0]:
        return None
    try:
        return judge_units(center, before, now=now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, center.pk])


def judge_units(center: Agency, before: Sight | None, *, now: datetime) -> Sight:
    """Every unit stands judged by every order in force, as of this moment; what began is on record.

    Args:
        center: whose units.
        before: what this process remembers; None where it never looked.
        now: when.
    """
    watch, _ = Watch.objects.get_or_create(center=center)
    known = known_units(center, now=now)
    limits, until = _limits(center, before, now)
    earlier = _earlier(watch, before)
    picture = posture.see(known.units.values(), now, limits, earlier)
    rows = list(standing_orders(center, now=now))
    findings = posture.judge_picture(_readable(rows, now=now), picture, limits)
    _settle(rows, findings, frozenset(picture.units), center, now=now)
    Watch.objects.filter(pk=watch.pk).update(
        judged_version=known.version,
        judged_at=now,
        near=near_as_json(picture),
        findings=_counts(findings),
    )
    return Sight(picture=picture, limits=limits, limits_until=until)


def _earlier(watch: Watch, before: Sight | None) -> Picture | None:
    """The last picture: this process's own, or, where another judged since, what that one kept."""
    if before is not None and before.picture.at == watch.judged_at:
        return before.picture
    if watch.judged_at is None:
        return None
    return Picture(at=watch.judged_at, units={}, near=near_from(watch.near))


def _limits(center: Agency, before: Sight | None, now: datetime) -> tuple[Limits, datetime]:
    if before is not None and now < before.limits_until:
        return before.limits, before.limits_until
    return limits_of(center), now + LIMITS_LAST


def _readable(rows: Iterable[Order], *, now: datetime) -> list[posture.Order]:
    """The orders; one that cannot be read is a task, and the others are judged all the same."""
    found = []
    for row in rows:
        try:
            found.append(as_order(row))
        except Error as error:
            told.exception("order %s cannot be judged", row)
            raise_task(
                row.threat.center,
                "order not judged",
                f"order:{row.number}",
                f"Nobody is watched by the order {row}: {error.for_person()}",
                now=now,
            )
    return found


def _counts(findings: Iterable[Finding]) -> dict[str, dict[str, dict[str, int]]]:
    """How many units stand how, by order and measure."""
    counted = Counter((one.order, one.measure, one.state.value) for one in findings)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (order, measure, state), many in counted.items():
        found.setdefault(order, {}).setdefault(str(measure), {})[state] = many
    return found


# What changed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changes:
    """What the rows do not say yet."""

    begun: Sequence[posture.Breach]
    ended: Sequence[Breach]
    altered: Sequence[Breach]
    deeds: Sequence[tuple[Order, Deed]]

    @property
    def is_any(self) -> bool:
        return bool(self.begun or self.ended or self.altered)


def _settle(
    orders: Sequence[Order],
    findings: Sequence[Finding],
    judged: Collection[str],
    center: Agency,
    *,
    now: datetime,
) -> None:
    """The rows say what was found."""
    if not _changes(orders, findings, judged, now=now).is_any:
        return
    with transaction.atomic():
        centers = {order.threat.center for order in orders} | {center}
        for one in sorted(centers, key=lambda each: each.key):
            log.hold(one)
        # One that was stood down meanwhile is broken by nobody.
        pks = [order.pk for order in orders]
        standing = set(
            Order.objects.filter(pk__in=pks, state=Order.State.IN_FORCE).values_list(
                "pk", flat=True
            )
        )
        still = [order for order in orders if order.pk in standing]
        _write(_changes(still, findings, judged, now=now), still, centers, now=now)


def _changes(
    orders: Sequence[Order],
    findings: Sequence[Finding],
    judged: Collection[str],
    *,
    now: datetime,
) -> _Changes:
    by_number = {order.number: order for order in orders}
    rows = Breach.objects.filter(order__in=orders, ended_at=None).select_related("order")
    by_key = {(row.order.number, row.unit, row.measure): row for row in rows}
    after = posture.continue_breaches(
        [as_breach(row) for row in by_key.values()],
        [one for one in findings if one.order in by_number],
        now,
        excuses=excuses_of(orders, now=now),
        judged=judged,
    )
    begun, ended, altered = [], [], []
    deeds: list[tuple[Order, Deed]] = []
    for one in after:
        order, row = by_number[one.order], by_key.get(one.key)
        if row is None:
            begun.append(one)
            deeds.append((order, _deed("breach began", one, now)))
        elif one.ended_at:
            _end(row, now=now)
            ended.append(row)
            deeds.append((order, _deed("breach ended", one, now)))
        elif changed := _alter(row, one, now=now):
            altered.append(row)
            deeds += [(order, _deed(action, one, now)) for action in changed if action]
    return _Changes(begun=begun, ended=ended, altered=altered, deeds=deeds)


def as_breach(row: Breach) -> posture.Breach:
    """The row as the stage takes it; its excuse apart."""
    return posture.Breach(
        order=row.order.number,
        unit=row.unit,
        measure=row.measure,
        persons=tuple(row.persons),
        reason=row.reason,
        since=row.since,
        unseen_since=row.unseen_since,
        ended_at=row.ended_at,
    )


def excuses_of(orders: Collection[Order], *, now: datetime) -> list[posture.Excuse]:
    """The excuses of these orders that count at this moment."""
    rows = Excuse.objects.filter(
        order__in=orders, starts_at__lte=now, until__gt=now, withdrawn_at=None
    ).select_related("order", "by")
    return [
        posture.Excuse(
            order=row.order.number,
            unit=row.unit,
            measure=row.measure,
            reason=row.because,
            by=row.by.key,
            starts_at=row.starts_at,
            until=row.until,
        )
        for row in rows
    ]


def _end(row: Breach, *, now: datetime) -> None:
    if row.unseen_since:
        row.unseen = [*row.unseen, _stretch(row.unseen_since, now)]
    row.unseen_since, row.rung_due_at = None, None
    row.ended_at, row.ended_because = now, "it is kept, or does not concern the unit any more"


def _alter(row: Breach, one: posture.Breach, *, now: datetime) -> list[str]:
    """Bring the row to what was found; the actions for the log, empty ones for what needs none."""
    actions = []
    if one.unseen_since and not row.unseen_since:
        actions.append("breach out of sight")
    elif row.unseen_since and not one.unseen_since:
        row.unseen = [*row.unseen, _stretch(row.unseen_since, now)]
        actions.append("breach in sight again")
    row.unseen_since = one.unseen_since
    if (row.reason, row.persons) != (one.reason, list(one.persons)):
        row.reason, row.persons = one.reason, list(one.persons)
        actions.append("")
    if one.excuse and row.rung_due_at:
        row.rung_due_at = None
        actions.append("")
    elif one.excuse is None and row.rung_due_at is None:
        # An excuse is over: whoever is still alone is told of anew, from the first rung.
        row.rung, row.rung_due_at = 0, now + settings.TOCSIN.posture.supervisor_after
        actions.append("excuse over, breach goes on")
    return actions


def _write(
    changes: _Changes, orders: Sequence[Order], centers: Iterable[Agency], *, now: datetime
) -> None:
    by_number = {order.number: order for order in orders}
    due_at = now + settings.TOCSIN.posture.supervisor_after
    Breach.objects.bulk_create(
        Breach(
            order=by_number[one.order],
            unit=one.unit,
            measure=one.measure,
            persons=list(one.persons),
            reason=one.reason,
            since=one.since,
            written_at=now,
            rung_due_at=None if one.excuse else due_at,
        )
        for one in changes.begun
    )
    Breach.objects.bulk_update(
        [*changes.ended, *changes.altered],
        [
            *("reason", "persons", "unseen", "unseen_since", "rung", "rung_due_at"),
            *("ended_at", "ended_because"),
        ],
        batch_size=500,
    )
    for center in sorted({order.threat.center for order in orders}, key=lambda one: one.key):
        deeds = [deed for order, deed in changes.deeds if order.threat.center == center]
        if deeds:
            log.append_all(center, deeds)
    for center in centers:
        log.announce(center, f"posture:{center.key}")


def _deed(action: str, one: posture.Breach, now: datetime) -> Deed:
    facts: dict[str, Fact] = {
        "unit": one.unit,
        "measure": one.measure,
        "reason": one.reason,
        "people": list(one.persons),
        "since": one.since.isoformat(),
    }
    return Deed(at=now, actor=ACTOR, action=action, subject=f"order:{one.order}", facts=facts)


def _stretch(start: datetime, end: datetime) -> list[str]:
    return [start.isoformat(), end.isoformat()]
