"""The steps that every act on an order has: locked in its state, reasoned, logged and announced."""

from datetime import datetime

from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.models import Order
from tocsin.desk.records.orderwords import centers_of_order, whole_orders
from tocsin.errors import MissingReason, OutOfTurn
from tocsin.evidence.chain import Fact


def lock_any(order: Order) -> Order:
    """The order as it is now; nobody else writes in its center until the transaction ends."""
    log.hold(order.threat.center)
    return whole_orders().get(pk=order.pk)


def lock_order(order: Order, state: Order.State) -> Order:
    """The same, where it is in this state.

    Raises:
        OutOfTurn: it is in another.
    """
    row = lock_any(order)
    if row.state != state:
        wanted = "proposed" if state == Order.State.PROPOSED else "in force"
        raise OutOfTurn(
            f"Order {row.number} is not {wanted}: {row.get_state_display()}.",
            way_out="Open its page again, and see what was done with it.",
        )
    return row


def require_reason(because: str, what: str) -> None:
    """Return when there is a reason.

    Raises:
        MissingReason: there is none.
    """
    if not because.strip():
        raise MissingReason(f"It is not said {what}.", way_out="Say it in a sentence.")


def tell_order(order: Order, action: str, *, person: Person, now: datetime, **facts: Fact) -> None:
    """The log and the open pages have what was done with the order."""
    log.append(
        order.threat.center, action, f"order:{order.number}", actor=person, now=now, facts=facts
    )
    announce_order(order)


def announce_order(order: Order) -> None:
    """The pages of every center that the order concerns hear that something changed."""
    log.announce(order.threat.center, f"threat:{order.threat.number}")
    for center in centers_of_order(order):
        log.announce(center, f"posture:{center.key}")
        log.announce(center, f"order:{order.number}")
