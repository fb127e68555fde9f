"""Proposes, makes, renews and ends orders of posture.

An order does not end by itself and does not rot: at its review time it is a task until a named
person renews it or stands it down.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Value
from django.db.models.functions import Concat

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.commands.ordersteps import (
    announce_order,
    lock_any,
    lock_order,
    require_reason,
    tell_order,
)
from tocsin.desk.records.commands.ordertold import queue_order, queue_stand_down
from tocsin.desk.records.commands.tasks import finish_tasks_about, raise_task
from tocsin.desk.records.models import Bulletin, Order, Renewal, Task, Threat
from tocsin.desk.records.orderfacts import OrderFacts, require_review, require_sound, write_facts
from tocsin.desk.records.orderwords import whole_orders
from tocsin.errors import NotAllowed, OutOfTurn
from tocsin.evidence.chain import Fact
from tocsin.warn.wording import local_time

__all__ = [
    "REVIEW",
    "OrderFacts",
    "ask_for_review",
    "drop_order",
    "edit_order",
    "end_order",
    "make_order",
    "propose_order",
    "renew_order",
    "stand_down",
]

REVIEW = "order to be reviewed"
"""Kind of the task that stands until a person renews the order or stands it down."""

STOOD_DOWN = "the order was stood down"


@transaction.atomic
def propose_order(threat: Threat, facts: OrderFacts, *, person: Person, now: datetime) -> Order:
    """The order is proposed; it holds for nobody before a watch commander orders it.

    Raises:
        NotAllowed: the person may not propose.
        OutOfTurn: the threat is closed.
        MissingReason: it is not said why.
        BadOrder: it demands nothing of anybody, or names what is not on record.
    """
    require(person, Act.PROPOSE_POSTURE)
    log.hold(threat.center)
    threat.refresh_from_db()
    _require_open(threat)
    row = Order(
        number=log.next_number("XP" if threat.is_drill else "P", now=now),
        threat=threat,
        proposed_at=now,
        proposed_by=person,
    )
    write_facts(row, facts, now=now)
    tell_order(row, "order proposed", person=person, now=now, **_said(row))
    return row


@transaction.atomic
def edit_order(order: Order, facts: OrderFacts, *, person: Person, now: datetime) -> Order:
    """The proposal says this.

    Raises:
        NotAllowed: the person may not propose.
        OutOfTurn: it is a proposal no more.
        MissingReason: it is not said why.
        BadOrder: it demands nothing of anybody, or names what is not on record.
    """
    require(person, Act.PROPOSE_POSTURE)
    row = lock_order(order, Order.State.PROPOSED)
    write_facts(row, facts, now=now)
    tell_order(row, "order edited", person=person, now=now, **_said(row))
    return row


@transaction.atomic
def drop_order(order: Order, because: str, *, person: Person, now: datetime) -> Order:
    """The proposal is dropped; nobody was told of it.

    Raises:
        NotAllowed: the person may not propose.
        MissingReason: it is not said why.
        OutOfTurn: it is a proposal no more.
    """
    require(person, Act.PROPOSE_POSTURE)
    require_reason(because, "why the proposal is dropped")
    row = lock_order(order, Order.State.PROPOSED)
    row.state = Order.State.DROPPED
    row.ended_at, row.ended_by, row.ended_because = now, person, because.strip()
    row.save()
    tell_order(row, "order dropped", person=person, now=now, because=because.strip())
    return row


@transaction.atomic
def make_order(order: Order, *, person: Person, now: datetime) -> Order:
    """The order is in force, and everybody concerned has a message on its way.

    Orders that contradict it are for the person to see; they do not stop it.

    Raises:
        NotAllowed: the person is no watch commander, or of another center.
        OutOfTurn: it is a proposal no more, or no bulletin of its threat is in force, by whose
            people it would be told.
        BadOrder: its ground is empty or cannot be read, or its review time has passed.
    """
    require(person, Act.ORDER_POSTURE)
    row = lock_order(order, Order.State.PROPOSED)
    _require_home(row, person)
    _require_open(row.threat)
    require_review(row.review_at, now=now)
    row.bulletin = _bulletin_of(row.threat, now=now)
    row.state, row.ordered_at, row.ordered_by = Order.State.IN_FORCE, now, person
    row.save()
    require_sound(row)
    row = whole_orders().get(pk=row.pk)
    told = queue_order(row, now=now)
    tell_order(row, "ordered", person=person, now=now, told=len(told), **_said(row))
    return row


@transaction.atomic
def renew_order(
    order: Order, review_at: datetime, because: str, *, person: Person, now: datetime
) -> Order:
    """The order goes on, by this person's name, until it is looked at again then.

    Raises:
        NotAllowed: the person is no watch commander, or of another center.
        MissingReason: it is not said why.
        OutOfTurn: it is not in force.
        BadOrder: the next review time has passed, or is too far.
    """
    require(person, Act.ORDER_POSTURE)
    require_reason(because, "why the order goes on")
    row = lock_order(order, Order.State.IN_FORCE)
    _require_home(row, person)
    require_review(review_at, now=now)
    Renewal.objects.create(
        order=row, at=now, by=person, because=because.strip(), review_at=review_at
    )
    row.review_at, row.review_asked_at = review_at, None
    row.save(update_fields=["review_at", "review_asked_at"])
    _finish_review(row, person=person, because=f"renewed: {because.strip()}", now=now)
    said: dict[str, Fact] = {"because": because.strip(), "review_at": review_at.isoformat()}
    tell_order(row, "order renewed", person=person, now=now, **said)
    return row


@transaction.atomic
def stand_down(order: Order, because: str, *, person: Person, now: datetime) -> Order:
    """The order is over: its breaches are closed, and everybody who was told is told so.

    Raises:
        NotAllowed: the person is no watch commander, or of another center.
        MissingReason: it is not said why.
        OutOfTurn: it is not in force.
    """
    require(person, Act.ORDER_POSTURE)
    _require_home(order, person)
    return end_order(order, because, person=person, now=now)


@transaction.atomic
def end_order(order: Order, because: str, *, person: Person, now: datetime) -> Order:
    """The same, by a person whose right to end it was asked for elsewhere: who ends a drill.

    Raises:
        MissingReason: it is not said why.
        OutOfTurn: it is not in force.
    """
    require_reason(because, "why the order is over")
    row = lock_order(order, Order.State.IN_FORCE)
    row.state = Order.State.STOOD_DOWN
    row.ended_at, row.ended_by, row.ended_because = now, person, because.strip()
    row.save()
    open_now = list(row.breaches.filter(ended_at=None).values_list("pk", flat=True))
    row.breaches.filter(pk__in=open_now).update(
        ended_at=now, ended_because=STOOD_DOWN, rung_due_at=None
    )
    _finish_all(row, open_now, person=person, because=because.strip(), now=now)
    told = queue_stand_down(row, now=now)
    said: dict[str, Fact] = {"because": because.strip(), "told": len(told)}
    tell_order(row, "order stood down", person=person, now=now, breaches=len(open_now), **said)
    return row


def ask_for_review(*, now: datetime) -> int:
    """Every order in force past its review time is a task; how many became one.

    It is one again where somebody took it off the board and did not decide.
    """
    subject = Concat(Value("order:"), OuterRef("number"))
    asked = Task.objects.filter(kind=REVIEW, subject=subject, done_at=None)
    due = Order.objects.filter(~Exists(asked), state=Order.State.IN_FORCE, review_at__lte=now)
    rows = list(due.select_related("threat__center"))
    for row in rows:
        _ask(row, now=now)
    return len(rows)


@transaction.atomic
def _ask(order: Order, *, now: datetime) -> None:
    row = lock_any(order)
    if row.state != Order.State.IN_FORCE or row.review_at > now:
        return
    if row.review_asked_at is None:
        row.review_asked_at = now
        row.save(update_fields=["review_asked_at"])
    when = local_time(row.review_at, row.threat.center.zone)
    raise_task(
        row.threat.center,
        REVIEW,
        f"order:{row.number}",
        f"Order {row.number} was to be looked at again {when}: renew it by name, or stand it down. "
        "It holds until somebody does.",
        now=now,
    )
    announce_order(row)


def _require_open(threat: Threat) -> None:
    if threat.state != Threat.State.OPEN:
        raise OutOfTurn(f"{threat.number} is closed.", way_out="Open a new threat from its call.")


def _require_home(order: Order, person: Person) -> None:
    """Return when the order is of the center with whose record the person works."""
    center = order.threat.center
    if not centers_of(person).filter(pk=center.pk).exists():
        raise NotAllowed(
            f"{person.name} does not work with {center.name}.",
            way_out="Ask a watch commander there; your own agency can join the order or leave it.",
        )


def _bulletin_of(threat: Threat, *, now: datetime) -> Bulletin:
    found = threat.bulletins.filter(state=Bulletin.State.RELEASED, expires_at__gt=now)
    row = found.order_by("-released_at").first()
    if row is None:
        raise OutOfTurn(
            f"No bulletin of {threat.number} is in force: the order would be told to nobody.",
            way_out="Release the bulletin first. Its people are told of the order.",
        )
    return row


def _finish_review(order: Order, *, person: Person, because: str, now: datetime) -> None:
    subject = f"order:{order.number}"
    finish_tasks_about(subject, kind=REVIEW, person=person, because=because, now=now)


def _finish_all(
    order: Order, breaches: list[int], *, person: Person, because: str, now: datetime
) -> None:
    """No task of the order is left to anybody."""
    subject = f"order:{order.number}"
    own = Task.objects.filter(done_at=None, subject__startswith=f"{subject}:")
    subjects = {
        subject,
        *own.values_list("subject", flat=True),
        *(f"breach:{pk}" for pk in breaches),
    }
    waiting = Task.objects.filter(done_at=None, subject__in=subjects)
    for one in set(waiting.values_list("subject", flat=True)):
        finish_tasks_about(one, person=person, because=f"stood down: {because}", now=now)


def _said(order: Order) -> dict[str, Fact]:
    """What the order demands and of whom, as the log has it."""
    facts: dict[str, Fact] = {
        "measures": list(order.measures),
        "agencies": sorted(order.agencies.values_list("key", flat=True)),
        "areas": sorted(order.areas.values_list("key", flat=True)),
        "has_drawn_ground": "yes" if order.ground else "no",
        "because": order.because,
        "review_at": order.review_at.isoformat(),
    }
    return facts
