"""What a sender does with one message, statement by statement, on the test's own connection."""

from dataclasses import fields
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import F

from tocsin.desk.records.models import Delivery
from tocsin.desk.records.outgoing import (
    Claimed,
    Lane,
    Statement,
    claiming,
    settling_failure,
    settling_sent,
)
from tocsin.errors import Error
from tocsin.warn import Receipt

FIELDS = [field.name for field in fields(Claimed)]


def take(row: Delivery, *, now: datetime) -> Claimed | None:
    """The message, claimed as the next of its lane; None where it is not due."""
    others = Delivery.objects.filter(channel=row.channel).exclude(pk=row.pk)
    others.filter(rank__lte=row.rank).update(rank=F("rank") + row.rank + 1)
    lane = Lane(channel=row.channel, is_exercise=row.is_exercise)
    with transaction.atomic():
        with connection.cursor() as cursor:
            lease = settings.TOCSIN.warn.lease_for
            found = _run(cursor, claiming(lane, lease_for=lease, now=now)).fetchone()
        one = Claimed(**dict(zip(FIELDS, found, strict=True))) if found else None
        is_it = one is not None and one.id == row.pk
        # Another message of the lane, because this one is not due: that one stays as it was.
        transaction.set_rollback(not is_it)
    return one if is_it else None


def taken(row: Delivery, *, now: datetime) -> Claimed:
    """The message, claimed."""
    one = take(row, now=now)
    assert one is not None
    return one


def record_sent(one: Claimed, receipt: Receipt, *, now: datetime) -> None:
    """The gateway has taken it."""
    _write(settling_sent(one, receipt, now=now))


def record_failure(one: Claimed, error: Error, *, now: datetime) -> None:
    """The gateway has not."""
    plan = settings.TOCSIN.warn.retry_after
    _write(settling_failure(one, error, now=now, retry_after=plan))


def send(row: Delivery, *, now: datetime, receipt: str = "250 OK") -> None:
    """The message is claimed and sent."""
    record_sent(taken(row, now=now), Receipt(text=receipt), now=now)


def _write(statement: Statement) -> None:
    with connection.cursor() as cursor:
        _run(cursor, statement)


def _run(cursor: CursorWrapper, statement: Statement) -> CursorWrapper:
    words, facts = statement
    cursor.execute(words, facts)  # type: ignore[arg-type] # psycopg takes any value
    return cursor
