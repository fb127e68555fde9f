"""The one-second sweep: everything that is due, one worker at a time, whatever fails."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection

from tocsin.desk.records.commands import (
    breachladder,
    deliveries,
    demonstration,
    desks,
    endings,
    gateways,
    joining,
    ladder,
    orders,
    ordertold,
    publications,
    sourceturns,
    units,
)

log = logging.getLogger("tocsin.sweep")

Step = Callable[..., int]

STEPS: tuple[Step, ...] = (
    deliveries.requeue_lost,
    gateways.match_early,
    deliveries.log_sent,
    ladder.move_ladders,
    desks.raise_overdue_desks,
    endings.ask_renewal,
    endings.expire_due,
    publications.end_past_publications,
    publications.ask_for_ends,
    breachladder.move_breaches,
    demonstration.move_patrol,
    orders.ask_for_review,
    units.announce_rest,
)
"""What is due each second."""

SLOW_STEPS: tuple[Step, ...] = (
    joining.join_late,
    joining.stop_off_duty,
    ladder.audit_ladders,
    ordertold.tell_late,
    sourceturns.find_silent_sources,
)
"""What is looked at a few times a minute."""

_LOCK = 0x746F6373696E
"""Key of the advisory lock that one sweeping worker holds; 'tocsin' in hexadecimal."""


def sweep(steps: Iterable[Step] = STEPS, *, now: datetime) -> dict[str, int]:
    """How many rows each step moved; empty where another worker is sweeping.

    A step that fails is logged, and the others still run: one poisoned row must not stop the
    ladder of everybody else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        row = cursor.fetchone()
    if not row or not row[0]:
        return {}
    try:
        return {step.__name__: _run(step, now=now) for step in steps}
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _run(step: Step, *, now: datetime) -> int:
    try:
        return step(now=now)
    except Exception:
        log.exception("sweep step %s failed", step.__name__)
        return 0
