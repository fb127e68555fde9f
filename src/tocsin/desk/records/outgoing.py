"""Messages on their way: taken, settled; each one statement, one commit, on a connection kept open.

These are the only writes outside `commands/`: two for each message, as lean as they can be, because
two thousand officers wait. What they change is logged by the next sweep, in the same transaction
that marks it as logged.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString

from django.db import connection
from psycopg import AsyncConnection
from psycopg.rows import class_row, tuple_row

from tocsin.errors import Error, OutcomeUnknown
from tocsin.warn import DeliveryState, Receipt, next_try_at

WAKE = "tocsin_send"
"""Name under which PostgreSQL says that messages were queued (NOTIFY)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Messages that go the same way: by one channel, real or as an exercise."""

    channel: str
    is_exercise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that is this sender's until its lease ends."""

    id: int
    key: uuid.UUID
    name: str
    address: str
    subject: str
    text: str
    link: str
    code: str
    is_exercise: bool
    is_perhaps_double: bool
    attempts: int


Statement = tuple[LiteralString, dict[str, object]]

_LANES: LiteralString = """
    SELECT DISTINCT channel, is_exercise FROM records_delivery
    WHERE state = 'queued' AND due_at <= %(now)s
"""
_CLAIM: LiteralString = """
    UPDATE records_delivery AS d
    SET state = 'sending', sending_at = %(now)s, lease_until = %(until)s, attempts = attempts + 1
    FROM people_person AS p
    WHERE p.id = d.person_id AND d.id = (
        SELECT id FROM records_delivery
        WHERE state = 'queued' AND channel = %(channel)s AND is_exercise = %(is_exercise)s
            AND due_at <= %(now)s
        ORDER BY rank, id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING d.id, d.key, p.name, d.address, d.subject, d.text, d.link, d.code, d.is_exercise,
        d.is_perhaps_double, d.attempts
"""
_SENT: LiteralString = """
    UPDATE records_delivery
    SET state = 'sent', sent_at = %(now)s, lease_until = NULL, receipt = %(receipt)s,
        gateway_id = %(gateway_id)s, trouble = '', is_logged = FALSE
    WHERE id = %(id)s AND state = 'sending' AND attempts = %(attempts)s
"""
_AGAIN: LiteralString = """
    UPDATE records_delivery
    SET state = 'queued', due_at = %(due_at)s, lease_until = NULL, trouble = %(trouble)s,
        is_perhaps_double = %(is_perhaps_double)s
    WHERE id = %(id)s AND state = 'sending' AND attempts = %(attempts)s
"""
_FAILED: LiteralString = """
    UPDATE records_delivery
    SET state = %(state)s, failed_at = %(now)s, lease_until = NULL, trouble = %(trouble)s,
        is_perhaps_double = %(is_perhaps_double)s, is_logged = FALSE
    WHERE id = %(id)s AND state = 'sending' AND attempts = %(attempts)s
"""


async def connect() -> AsyncConnection:
    """A connection of its own to the record; every statement is committed by itself."""
    facts = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    known = {name: facts[name] for name in names if name in facts}
    return await AsyncConnection.connect(**known, autocommit=True)


async def lanes(rows: AsyncConnection, *, now: datetime) -> list[Lane]:
    """Every lane in which a message is due."""
    async with rows.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_LANES, {"now": now})
        return [Lane(channel=name, is_exercise=bool(is_it)) async for name, is_it in cursor]


async def claim(
    rows: AsyncConnection, lane: Lane, *, lease_for: timedelta, now: datetime
) -> Claimed | None:
    """The next message of the lane, this sender's until its lease ends; None where none is due.

    Written and committed before anything is sent: what was in flight at a crash can be told from
    what never left.
    """
    async with rows.cursor(row_factory=class_row(Claimed)) as cursor:
        await cursor.execute(*claiming(lane, lease_for=lease_for, now=now))
        return await cursor.fetchone()


async def settle(rows: AsyncConnection, statement: Statement) -> None:
    """What became of the message is written and committed."""
    await rows.execute(*statement)


def claiming(lane: Lane, *, lease_for: timedelta, now: datetime) -> Statement:
    """Takes the next message of the lane; gives the fields of a `Claimed`, or no row."""
    facts = {"channel": lane.channel, "is_exercise": lane.is_exercise}
    return _CLAIM, facts | {"now": now, "until": now + lease_for}


def settling_sent(one: Claimed, receipt: Receipt, *, now: datetime) -> Statement:
    """The gateway has the message, by its own word."""
    facts = {"receipt": receipt.text[:300], "gateway_id": receipt.id[:200], "now": now}
    return _SENT, _which(one) | facts


def settling_failure(
    one: Claimed, error: Error, *, now: datetime, retry_after: tuple[timedelta, ...]
) -> Statement:
    """The message is queued for another try by the plan, or has failed, or nobody knows."""
    is_perhaps = one.is_perhaps_double or isinstance(error, OutcomeUnknown)
    facts = _which(one) | {"trouble": error.for_person()[:2000], "is_perhaps_double": is_perhaps}
    again = None
    if not error.permanent:
        again = next_try_at(one.attempts, now=now, retry_after=retry_after)
    if again:
        return _AGAIN, facts | {"due_at": again}
    last = DeliveryState.UNKNOWN if is_perhaps else DeliveryState.FAILED
    return _FAILED, facts | {"state": last.value, "now": now}


def _which(one: Claimed) -> dict[str, object]:
    """The row while it is still this attempt's; a sweep or a person may have been first."""
    return {"id": one.id, "attempts": one.attempts}
