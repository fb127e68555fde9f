"""Who is to hear of an order: its bulletin's people, and who works where it holds."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Q, QuerySet, Subquery

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records.duty import is_on_duty, people_who_may
from tocsin.desk.records.models import Bulletin, Delivery, Entry, Order
from tocsin.desk.records.orderwords import agencies_of
from tocsin.desk.records.queries import told_by
from tocsin.errors import OutOfTurn

_ABOUT = (Delivery.Purpose.ORDER, Delivery.Purpose.STAND_DOWN)


def concerned_by_order(
    order: Order, *, now: datetime, bulletin: Bulletin | None = None
) -> list[Person]:
    """Everybody who is to be told of it at `now`, each once.

    Args:
        order: the order.
        now: when.
        bulletin: for a proposal: the version whose people would be told.
    """
    return once((*told_by(bulletin or bulletin_of(order)), *on_duty_of(order, now=now)))


def untold_of(order: Order, *, now: datetime) -> list[Person]:
    """Who is concerned and on duty, and whose last word of the order is not that it holds."""
    mine = Delivery.objects.filter(order=order)
    told = mine.filter(purpose=Delivery.Purpose.ORDER).values("person")
    fresh = Person.objects.exclude(pk__in=told)
    words = mine.filter(person=OuterRef("pk"), purpose__in=_ABOUT).order_by("-pk")
    last = Person.objects.annotate(last_word=Subquery(words.values("purpose")[:1]))
    # Of whom nothing was ever told the last word is NULL, which no comparison finds.
    waiting = last.filter(Q(last_word=None) | ~Q(last_word=Delivery.Purpose.ORDER))
    late = [one for one in told_by(bulletin_of(order), among=fresh) if is_on_duty(one, now=now)]
    people = once((*late, *on_duty_of(order, now=now, among=waiting)))
    known = without_address(order, "order told")
    return [one for one in people if one.addresses.all() or one.key not in known]


def on_duty_of(
    order: Order, *, now: datetime, among: QuerySet[Person] | None = None
) -> list[Person]:
    """Who works now in its agencies, in those that joined, and in those of its areas."""
    keys = {one.key for one in agencies_of(order)}
    keys |= set(order.areas.values_list("agencies__key", flat=True)) - {None}
    return working(keys, now=now, among=among)


def working(
    agencies: Iterable[str], *, now: datetime, among: QuerySet[Person] | None = None
) -> list[Person]:
    """The people of the agencies who work now and are told of warnings."""
    people = people_who_may(agencies, (), among=among)
    return [one for one in people if one.may(Act.RECEIVE_BULLETINS) and is_on_duty(one, now=now)]


def without_address(order: Order, action: str) -> set[str]:
    """Who was found without an address before, and is a task already or was one."""
    entries = Entry.objects.filter(
        chain=order.threat.center.key,
        subject=f"order:{order.number}",
        action__startswith=action,
    )
    return {key for entry in entries for key in entry.facts.get("no_address", [])}


def once(people: Iterable[Person]) -> list[Person]:
    """Each of them once, in their order."""
    return list({one.pk: one for one in people}.values())


def bulletin_of(order: Order) -> Bulletin:
    """The version by whose people it is told.

    Raises:
        OutOfTurn: the order was never made.
    """
    if order.bulletin is None:
        raise OutOfTurn(f"{order} was never ordered.", way_out="Order it first.")
    return order.bulletin
