"""Agencies make an order their own, and leave it again, by the word of who commands them."""

from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import require, threats_for
from tocsin.desk.records.commands.ordersteps import lock_order, require_reason, tell_order
from tocsin.desk.records.commands.ordertold import queue_joined, queue_left
from tocsin.desk.records.models import Joining, Order
from tocsin.desk.records.orderwords import agencies_of, whole_orders
from tocsin.errors import NotAllowed, NotFound, OutOfTurn
from tocsin.evidence.chain import Fact


@transaction.atomic
def join_order(
    order: Order, agency: Agency, because: str, *, person: Person, now: datetime
) -> Joining:
    """The order is the agency's too, and those of its people who work now are told.

    Raises:
        NotAllowed: the person is no watch commander of that agency or of its center.
        MissingReason: it is not said why.
        NotFound: the person may not see the threat.
        OutOfTurn: the order is not in force, or concerns the agency already.
    """
    _require_lead(agency, person)
    require_reason(because, f"why {agency.name} joins")
    row = lock_order(order, Order.State.IN_FORCE)
    _require_sight(row, person)
    if agency.pk in {one.pk for one in agencies_of(row)}:
        raise OutOfTurn(f"Order {row.number} concerns {agency.name} already.")
    joining = Joining.objects.create(
        order=row, agency=agency, at=now, by=person, because=because.strip()
    )
    row = whole_orders().get(pk=row.pk)
    queue_joined(row, agency, now=now)
    said: dict[str, Fact] = {"agency": agency.name, "because": because.strip()}
    tell_order(row, "order joined", person=person, now=now, **said)
    return joining


@transaction.atomic
def leave_order(
    order: Order, agency: Agency, because: str, *, person: Person, now: datetime
) -> Joining:
    """The order is the agency's no more, and those of its people who were told hear so.

    Raises:
        NotAllowed: the person is no watch commander of that agency or of its center.
        MissingReason: it is not said why.
        OutOfTurn: the order is not in force, or the agency has not joined it.
    """
    _require_lead(agency, person)
    require_reason(because, f"why {agency.name} leaves")
    row = lock_order(order, Order.State.IN_FORCE)
    joining = row.joinings.filter(agency=agency, left_at=None).first()
    if joining is None:
        raise OutOfTurn(
            f"{agency.name} has not joined order {row.number}.",
            way_out="An agency that the order names leaves it only when it is stood down.",
        )
    joining.left_at, joining.left_by, joining.left_because = now, person, because.strip()
    joining.save()
    row = whole_orders().get(pk=row.pk)
    queue_left(row, agency, because.strip(), person=person, now=now)
    said: dict[str, Fact] = {"agency": agency.name, "because": because.strip()}
    tell_order(row, "order left", person=person, now=now, **said)
    return joining


def _require_lead(agency: Agency, person: Person) -> None:
    require(person, Act.ORDER_POSTURE)
    if person.agency_id not in {agency.pk, agency.center_id}:
        raise NotAllowed(
            f"{person.name} does not command {agency.name}.",
            way_out=f"Ask a watch commander of {agency.name} or of its dispatch center.",
        )


def _require_sight(order: Order, person: Person) -> None:
    if not threats_for(person).filter(pk=order.threat_id).exists():
        raise NotFound(
            f"There is no order {order.number} that you may see.",
            way_out="Check the number, or ask its center.",
        )
