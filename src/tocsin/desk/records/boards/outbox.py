"""Every message that was or will be sent, as the outbox shows it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Delivery
from tocsin.warn import reaches_people

SHOWN = 50
"""Messages of one page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message.

    Attributes:
        row: as it is kept.
        text: its words; a real message's own link is not among them.
        link: where its person acknowledges; empty where only he may have it.
    """

    row: Delivery
    text: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """One page of messages, latest first, and the number of the next page; 0 for the last."""

    messages: tuple[Sent, ...]
    count: int
    page: int
    next_page: int


def outbox(person: Person, *, page: int, threat: str = "") -> Outbox:
    """The messages of the person's centers; those about one threat, where it is named."""
    rows = _rows(person)
    if threat:
        rows = rows.filter(bulletin__threat__number=threat)
    first = (page - 1) * SHOWN
    found = list(rows[first : first + SHOWN + 1])
    return Outbox(
        messages=tuple(_sent(row) for row in found[:SHOWN]),
        count=rows.count(),
        page=page,
        next_page=page + 1 if len(found) > SHOWN else 0,
    )


def _rows(person: Person) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(bulletin__threat__center__in=centers_of(person))
    return rows.select_related("person__agency", "bulletin__threat", "recipient").order_by(
        "-queued_at", "-pk"
    )


def _sent(row: Delivery) -> Sent:
    own = link_of(row.key)
    # With an officer's link anybody could say for him that he has the warning: nobody but he gets
    # a real one to see.
    may_show = row.is_exercise or not reaches_people(row.channel)
    return Sent(
        row=row,
        text=row.text if may_show else row.text.replace(own, "(a link that only he may have)"),
        link=own if may_show and own in row.text else "",
    )
