"""Queues what is sent: the bulletin to each person concerned, the ladder, what became of it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import transaction

from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.letters import Letter, queue_letters, to_all
from tocsin.desk.records.commands.tasks import raise_for_people
from tocsin.desk.records.duty import commanders_of
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin, Delivery, Recipient
from tocsin.desk.records.queries import Concerned, as_bulletin, frozen_ladder, told_by
from tocsin.warn import BulletinKind, Notice, Topic, next_move_at

AT_ONCE = 250
"""People whose messages are written in one transaction."""


def queue_notices(
    bulletin: Bulletin, concerned: Sequence[Concerned], *, now: datetime
) -> list[Person]:
    """Each person concerned has a row; the first of them have a message for each address.

    The messages of all others are written by the workers, a batch at a time, while the first
    leave: a release never waits for thousands of texts. Who has no address is a task at once.
    A correction carries over who has acknowledged, and where everybody else's ladder stands.
    """
    before = _rows_before(bulletin)
    commanders = commanders_of({one.person.agency for one in concerned}, now=now)
    made = [
        _recipient(bulletin, one, before.get(one.person.pk), commanders, now) for one in concerned
    ]
    for row in made[:AT_ONCE]:
        row.is_queued = True
    rows = Recipient.objects.bulk_create(made, batch_size=1000)
    queue_for(bulletin, rows[:AT_ONCE], now=now)
    _raise_unreachable(bulletin, rows, now=now)
    return [row.person for row in rows]


@transaction.atomic
def queue_rest(*, now: datetime) -> int:
    """The next people whose messages are not written yet have them queued; how many they were."""
    waiting = Recipient.objects.filter(is_queued=False).order_by("pk")
    rows = list(
        waiting.select_for_update(skip_locked=True, of=("self",))
        .select_related("bulletin__threat__center", "person", "agency")
        .prefetch_related("person__addresses")[:AT_ONCE]
    )
    for bulletin, group in groupby(rows, key=attrgetter("bulletin")):
        # What ended meanwhile is not told to those who had not heard of it.
        if bulletin.is_told:
            queue_for(bulletin, list(group), now=now)
    Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(is_queued=True)
    return len(rows)


def queue_for(bulletin: Bulletin, rows: Sequence[Recipient], *, now: datetime) -> None:
    """The bulletin is queued to every address of these people."""
    shown = as_bulletin(bulletin)
    letters = []
    for row in rows:
        for address in row.person.addresses.all():
            key = uuid.uuid4()
            notice = Notice(bulletin=shown, name=row.person.name, link=link_of(key))
            letters.append(Letter(notice=notice, address=address, key=key, to=row))
    queue_letters(bulletin, letters, Delivery.Purpose.BULLETIN, now=now)


def queue_ladder(
    bulletin: Bulletin, boss: Person, missing: Sequence[str], *, since: datetime, now: datetime
) -> None:
    """The person is told by all his addresses who of his people has not acknowledged."""
    notice = Notice(
        bulletin=as_bulletin(bulletin),
        topic=Topic.LADDER,
        name=boss.name,
        missing=tuple(missing),
        minutes=int((now - since).total_seconds() // 60),
    )
    queue_letters(bulletin, to_all([boss], notice), Delivery.Purpose.LADDER, now=now)


def queue_expiry(bulletin: Bulletin, *, now: datetime) -> None:
    """Everybody who was or may have been told hears that the bulletin has ended."""
    notice = Notice(bulletin=as_bulletin(bulletin), topic=Topic.EXPIRY)
    queue_letters(bulletin, to_all(told_by(bulletin), notice), Delivery.Purpose.EXPIRY, now=now)


def queue_superseded(bulletin: Bulletin, *, by: Bulletin, now: datetime) -> None:
    """Everybody who was or may have been told hears which bulletin holds instead."""
    other = f"{by.number} version {by.version}"
    notice = Notice(bulletin=as_bulletin(bulletin), topic=Topic.SUPERSEDED, other=other)
    queue_letters(bulletin, to_all(told_by(bulletin), notice), Delivery.Purpose.SUPERSEDED, now=now)


def _rows_before(bulletin: Bulletin) -> dict[int, Recipient]:
    """For a correction: each person's row in the version before, by the person's key."""
    if bulletin.kind != BulletinKind.CORRECTION.value:
        return {}
    earlier = Recipient.objects.filter(
        bulletin__number=bulletin.number, bulletin__version__lt=bulletin.version
    )
    return {row.person_id: row for row in earlier.order_by("bulletin__version")}


def _recipient(
    bulletin: Bulletin,
    one: Concerned,
    before: Recipient | None,
    commanders: Mapping[int, Person],
    now: datetime,
) -> Recipient:
    person = one.person
    row = Recipient(
        bulletin=bulletin,
        person=person,
        agency=person.agency,
        supervisor=person.supervisor,
        commander=commanders.get(person.agency_id),
        why=list(one.why),
        must_acknowledge=bulletin.kind != BulletinKind.CANCEL.value,
        since=now,
    )
    if before is not None:
        _carry(row, before, bulletin.version - 1)
    if row.must_acknowledge and row.acknowledged_at is None:
        row.rung_due_at = next_move_at(frozen_ladder(bulletin), row.rung, since=row.since)
    return row


def _carry(row: Recipient, before: Recipient, version: int) -> None:
    row.since, row.rung = before.since, before.rung
    row.listed_at, row.escalated_at = before.listed_at, before.escalated_at
    if before.acknowledged_at:
        row.carried_from = before.carried_from or version
        row.seen_at, row.seen_how = before.seen_at, before.seen_how
        row.acknowledged_at, row.acknowledged_by = before.acknowledged_at, before.acknowledged_by
        row.acknowledged_how = before.acknowledged_how
        row.acknowledged_because = before.acknowledged_because


def _raise_unreachable(bulletin: Bulletin, rows: Iterable[Recipient], *, now: datetime) -> None:
    without = [
        (row.pk, f"{row.person.name} {row.person.unit}".strip())
        for row in rows
        if row.acknowledged_at is None and not row.person.addresses.all()
    ]
    raise_for_people(
        bulletin, "no address", without, "no address: tell them by radio or telephone.", now=now
    )
