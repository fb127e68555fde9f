"""Writes messages: a notice to each address in its channel's words, and the senders woken."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Max

from tocsin.desk.people.models import Address, Person
from tocsin.desk.records.models import Bulletin, Delivery, Order, Recipient
from tocsin.desk.records.outgoing import WAKE
from tocsin.warn import Form, Notice, Words, form_of, write

ANSWERED_BY_DIGITS = frozenset({Form.SHORT, Form.SPOKEN})
"""Forms to which a person answers with digits alone."""

CODES_LAST = timedelta(days=1)
"""So long a digit that acknowledges one message is not given to another at the same address."""

MOST_CODES = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A notice on its way to one address; `to` where it asks for an acknowledgment."""

    notice: Notice
    address: Address
    key: uuid.UUID
    to: Recipient | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """What letters that go out together have in common."""

    bulletin: Bulletin
    purpose: Delivery.Purpose
    order: Order | None
    now: datetime


def to_all(people: Iterable[Person], notice: Notice) -> list[Letter]:
    """A letter to each address of each of them, by name."""
    return [
        Letter(notice=replace(notice, name=person.name), address=address, key=uuid.uuid4())
        for person in people
        for address in person.addresses.all()
    ]


def alike_to_all(people: Iterable[Person], notice: Notice) -> list[Letter]:
    """The same for all without a name: it is worded once for each form, however many they are."""
    return [
        Letter(notice=notice, address=address, key=uuid.uuid4())
        for person in people
        for address in person.addresses.all()
    ]


def queue_letters(
    bulletin: Bulletin,
    letters: Sequence[Letter],
    purpose: Delivery.Purpose,
    *,
    now: datetime,
    order: Order | None = None,
) -> None:
    """Each letter is a row in its channel's words, and the senders are woken at the commit."""
    codes = _codes_for(letters, now=now)
    post = _Post(bulletin=bulletin, purpose=purpose, order=order, now=now)
    written: dict[tuple[int, str, Form], Words] = {}
    rows = []
    for one in letters:
        code, form = codes.get(one.key, ""), form_of(one.address.channel)
        # The letters hold their notices, so no two of these have the same id.
        place = (id(one.notice), code, form)
        if place not in written:
            written[place] = write(replace(one.notice, code=code), form)
        rows.append(_delivery(post, one, written[place], code))
    Delivery.objects.bulk_create(rows, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def _delivery(post: _Post, letter: Letter, words: Words, code: str) -> Delivery:
    address = letter.address
    return Delivery(
        bulletin=post.bulletin,
        recipient=letter.to,
        person=address.person,
        purpose=post.purpose,
        order=post.order,
        channel=address.channel,
        address=address.value,
        rank=address.rank,
        is_exercise=letter.notice.bulletin.is_exercise,
        subject=words.subject[:400],
        text=words.text,
        link=letter.notice.link,
        code=code,
        key=letter.key,
        queued_at=post.now,
        due_at=post.now,
    )


def _codes_for(letters: Sequence[Letter], *, now: datetime) -> Mapping[uuid.UUID, str]:
    """For each letter that is answered by digits, digits that no other message there has."""
    asked = [
        one
        for one in letters
        if one.to is not None and form_of(one.address.channel) in ANSWERED_BY_DIGITS
    ]
    if not asked:
        return {}
    recent = Delivery.objects.filter(
        queued_at__gt=now - CODES_LAST,
        channel__in={one.address.channel for one in asked},
        address__in=[one.address.value for one in asked],
    ).exclude(code="")
    latest = recent.values_list("channel", "address").annotate(Max("pk"))
    rows = Delivery.objects.filter(pk__in=[pk for *_, pk in latest])
    codes = dict(rows.values_list("pk", "code"))
    last = {(channel, address): int(codes[pk]) for channel, address, pk in latest}
    given = {}
    for one in asked:
        place = (one.address.channel, one.address.value)
        last[place] = last.get(place, 0) % MOST_CODES + 1
        given[one.key] = str(last[place])
    return given
