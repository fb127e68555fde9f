"""Queues what is sent: the bulletin to each person concerned, the ladder, the expiry."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings

from tocsin.desk.people.models import Address, Person
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.jobs import Job, defer_all
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin, Delivery, Recipient
from tocsin.desk.records.queries import Concerned, as_bulletin, told_by
from tocsin.warn import (
    BulletinKind,
    expiry_text,
    ladder_text,
    message_text,
    plan_for,
    subject_line,
)


def queue_notices(
    bulletin: Bulletin, concerned: Sequence[Concerned], *, now: datetime
) -> list[Person]:
    """Each person concerned has a row, and a message queued for each of his addresses.

    Who has no address is a task at once: somebody must tell him.
    """
    rows = Recipient.objects.bulk_create(_recipient(bulletin, one, now=now) for one in concerned)
    shown = as_bulletin(bulletin)
    subject = subject_line(shown)
    messages = []
    for row in rows:
        addresses = list(row.person.addresses.all())
        for address in addresses:
            key = uuid.uuid4()
            text = message_text(shown, link=link_of(key))
            message = Message(Delivery.Purpose.BULLETIN, subject, text)
            messages.append(_delivery(bulletin, address, message, now=now, key=key, to=row))
        if not addresses:
            _raise_unreachable(row, now=now)
    _queue(messages)
    return [row.person for row in rows]


def queue_ladder(
    bulletin: Bulletin, supervisor: Person, missing: Sequence[Recipient], *, now: datetime
) -> None:
    """The supervisor is told by all his addresses who of his people has not acknowledged."""
    shown = as_bulletin(bulletin)
    waited = now - (bulletin.released_at or now)
    names = [f"{row.person.name} {row.person.unit}".strip() for row in missing]
    text = ladder_text(shown, missing=names, minutes=int(waited.total_seconds() // 60))
    message = Message(Delivery.Purpose.LADDER, f"NOT ACKNOWLEDGED: {subject_line(shown)}", text)
    _queue(_to_all(bulletin, supervisor, message, now=now))


def queue_expiry(bulletin: Bulletin, *, now: datetime) -> None:
    """Everybody who was or may have been told hears that the bulletin has ended."""
    shown = as_bulletin(bulletin)
    message = Message(
        Delivery.Purpose.EXPIRY, f"EXPIRED: {subject_line(shown)}", expiry_text(shown)
    )
    _queue(
        delivery
        for person in told_by(bulletin)
        for delivery in _to_all(bulletin, person, message, now=now)
    )


class Message(NamedTuple):
    """Words on their way to somebody."""

    purpose: Delivery.Purpose
    subject: str
    text: str


def _recipient(bulletin: Bulletin, one: Concerned, *, now: datetime) -> Recipient:
    must = bulletin.kind != BulletinKind.CANCEL.value
    plan = plan_for(now=now, config=settings.TOCSIN.warn)
    return Recipient(
        bulletin=bulletin,
        person=one.person,
        agency=one.person.agency,
        supervisor=one.person.supervisor,
        why=list(one.why),
        must_acknowledge=must,
        list_due_at=plan.list_due_at if must else None,
        escalate_due_at=plan.escalate_due_at if must else None,
    )


def _to_all(
    bulletin: Bulletin, person: Person, message: Message, *, now: datetime
) -> list[Delivery]:
    return [_delivery(bulletin, address, message, now=now) for address in person.addresses.all()]


def _delivery(
    bulletin: Bulletin,
    address: Address,
    message: Message,
    *,
    now: datetime,
    key: uuid.UUID | None = None,
    to: Recipient | None = None,
) -> Delivery:
    return Delivery(
        bulletin=bulletin,
        recipient=to,
        person=address.person,
        purpose=message.purpose,
        channel=address.channel,
        address=address.value,
        subject=message.subject,
        text=message.text,
        key=key or uuid.uuid4(),
        queued_at=now,
        due_at=now,
        nudged_at=now,
    )


def _queue(messages: Iterable[Delivery]) -> None:
    rows = Delivery.objects.bulk_create(messages, batch_size=500)
    defer_all(Job.DELIVER, (row.pk for row in rows))


def _raise_unreachable(row: Recipient, *, now: datetime) -> None:
    bulletin, person = row.bulletin, row.person
    raise_task(
        bulletin.threat.center,
        "no address",
        f"recipient:{row.pk}",
        f"{person.name} of {row.agency} has no address: tell him of {bulletin} by radio or "
        "telephone, and enter that he was told.",
        now=now,
    )
