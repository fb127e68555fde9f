"""Tells people of an order, of its end, and of who stands against it, by all their addresses.

The words of an order are the same for all, so thousands of messages are worded once a form. They
rest on the version of the bulletin that was in force when it was ordered: an exercise stays one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.letters import alike_to_all, queue_letters
from tocsin.desk.records.commands.tasks import EACH, raise_task
from tocsin.desk.records.models import Delivery, Order
from tocsin.desk.records.orderaudience import (
    bulletin_of,
    concerned_by_order,
    on_duty_of,
    once,
    untold_of,
    working,
)
from tocsin.desk.records.orderwords import ended_of, ordered_of, whole_orders
from tocsin.desk.records.queries import as_bulletin
from tocsin.warn import DeliveryState, Notice, Ordered, Topic

SWEEP = "system:sweep"
NO_ADDRESS = "no address"
"""Kind of the task about people whom no message can reach."""

_PURPOSES = {
    Topic.ORDER: Delivery.Purpose.ORDER,
    Topic.STAND_DOWN: Delivery.Purpose.STAND_DOWN,
    Topic.BREACH: Delivery.Purpose.BREACH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """What is told: of which order, on what topic, and as what the log has it."""

    row: Order
    topic: Topic
    ordered: Ordered
    action: str


def queue_order(order: Order, *, now: datetime) -> list[Person]:
    """Everybody concerned has a message of the order for each address; who they are.

    Concerned: whoever was told of its bulletin, and who is on duty in its agencies, in those that
    joined, and in those that answer for its areas.
    """
    people = concerned_by_order(order, now=now)
    _tell(_told(order, "order told"), people, now=now)
    return people


def queue_stand_down(order: Order, *, now: datetime) -> list[Person]:
    """Everybody who has a message of the order, and all on duty whom it concerns, hear of its end.

    What of the order still waits to be sent is not sent any more.
    """
    _withdraw(order, now=now)
    told = Delivery.objects.filter(order=order, purpose=Delivery.Purpose.ORDER)
    heard = Person.objects.filter(pk__in=told.values("person"), is_active=True)
    people = once((*heard.prefetch_related("addresses"), *on_duty_of(order, now=now)))
    by = order.ended_by.name if order.ended_by else ""
    ended = ended_of(order, why=order.ended_because, by=by, at=order.ended_at or now)
    word = _Word(row=order, topic=Topic.STAND_DOWN, ordered=ended, action="stand-down told")
    _tell(word, people, now=now)
    return people


def queue_joined(order: Order, agency: Agency, *, now: datetime) -> list[Person]:
    """Everybody on duty of the agency is told of the order, now theirs, told before or not."""
    people = working([agency.key], now=now)
    _tell(_told(order, "order told"), people, now=now)
    return people


def queue_left(
    order: Order, agency: Agency, because: str, *, person: Person, now: datetime
) -> list[Person]:
    """Everybody of the agency who has a message of the order hears that they have left it."""
    told = Delivery.objects.filter(order=order, purpose=Delivery.Purpose.ORDER)
    heard = Person.objects.filter(pk__in=told.values("person"), agency=agency, is_active=True)
    people = list(heard.prefetch_related("addresses"))
    why = f"{agency.name} has left this order: {because}"
    ended = ended_of(order, why=why, by=person.name, at=now)
    word = _Word(row=order, topic=Topic.STAND_DOWN, ordered=ended, action="stand-down told")
    _tell(word, people, now=now)
    return people


def queue_breach(
    order: Order, boss: Person, lines: Sequence[str], *, minutes: int, now: datetime
) -> None:
    """The person is told by all his addresses who of his people stands against the order.

    Args:
        order: in force.
        boss: who is told.
        lines: one for each unit: who, and where.
        minutes: since how long.
        now: when.
    """
    bulletin = bulletin_of(order)
    notice = Notice(
        bulletin=as_bulletin(bulletin),
        topic=Topic.BREACH,
        missing=tuple(lines),
        minutes=minutes,
        order=ordered_of(order),
    )
    letters = alike_to_all([boss], notice)
    queue_letters(bulletin, letters, Delivery.Purpose.BREACH, now=now, order=order)


def tell_late(*, now: datetime) -> int:
    """Everybody whom an order in force concerns by now is told of it, however late he came."""
    rows = whole_orders().filter(state=Order.State.IN_FORCE, ordered_at__lte=now)
    return sum(_tell_late(order, now=now) for order in rows)


@transaction.atomic
def _tell_late(order: Order, *, now: datetime) -> int:
    if not untold_of(order, now=now):
        return 0
    # Asked again under the lock: another worker, or a stand-down, may have been first.
    log.hold(order.threat.center)
    order = whole_orders().get(pk=order.pk)
    if order.state != Order.State.IN_FORCE:
        return 0
    people = untold_of(order, now=now)
    if people:
        _tell(_told(order, "order told on coming on duty"), people, now=now)
    return len(people)


def _told(order: Order, action: str) -> _Word:
    return _Word(row=order, topic=Topic.ORDER, ordered=ordered_of(order), action=action)


def _tell(word: _Word, people: Sequence[Person], *, now: datetime) -> None:
    if not people:
        return
    row, bulletin = word.row, bulletin_of(word.row)
    notice = Notice(bulletin=as_bulletin(bulletin), topic=word.topic, order=word.ordered)
    letters = alike_to_all(people, notice)
    queue_letters(bulletin, letters, _PURPOSES[word.topic], now=now, order=row)
    reached = [one.key for one in people if one.addresses.all()]
    without = [one for one in people if not one.addresses.all()]
    log.append(
        row.threat.center,
        word.action,
        f"order:{row.number}",
        actor=SWEEP,
        now=now,
        facts={"people": reached, "no_address": [one.key for one in without]},
    )
    _raise_unreachable(word, without, now=now)


def _raise_unreachable(word: _Word, people: Sequence[Person], *, now: datetime) -> None:
    """A task for each of these people; for many, one that names the first of them."""
    row = word.row
    what = "the order" if word.topic is Topic.ORDER else "the end of the order"
    told = f"no address and cannot be told of {what} {row.number}: tell them by radio or telephone."
    names = [(one.pk, f"{one.name} {one.unit}".strip()) for one in people]
    if len(names) <= EACH:
        tasks = [(f":person-{pk}", f"{name} has {told}") for pk, name in names]
    else:
        first = ", ".join(name for _, name in names[:EACH])
        tasks = [(":people", f"{len(names)} people have {told} The first are {first}.")]
    for about, sentence in tasks:
        subject = f"order:{row.number}{about}-{word.topic}"
        raise_task(row.threat.center, NO_ADDRESS, subject, sentence, now=now)


def _withdraw(order: Order, *, now: datetime) -> None:
    """Nobody hears of the order after he heard of its end."""
    order.deliveries.filter(state=DeliveryState.QUEUED.value).update(
        state=DeliveryState.WITHDRAWN.value, failed_at=now, trouble="The order was stood down."
    )
