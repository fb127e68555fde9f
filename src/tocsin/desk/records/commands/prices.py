"""The price of an order: asked for by a person, computed by the worker, kept with its facts."""

from datetime import datetime, timedelta

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.assumedroster import assume_roster
from tocsin.desk.records.jobs import Job, defer
from tocsin.desk.records.models import CallHistory, Order, Price
from tocsin.desk.records.priceable import Reckoned
from tocsin.desk.records.pricing import (
    SEED,
    Wanted,
    cars_as_json,
    latest_history,
    latest_roster,
    settings_for,
    usual_wanted,
    wanted_as_json,
)
from tocsin.errors import Error, OutOfTurn
from tocsin.evidence import digest_of

ACTOR = "system:price"

LOST_AFTER = timedelta(minutes=10)
"""A price that is not there after so long may be asked for again."""

_PRICEABLE = (Order.State.PROPOSED, Order.State.IN_FORCE)


@transaction.atomic
def ask_price(
    order: Order, *, person: Person, now: datetime, wanted: Wanted | None = None
) -> Price:
    """The price of the order is being computed; the one that is being computed, where one is.

    All that it is computed from is settled here, so that it comes out the same whenever the worker
    takes it up.

    Raises:
        NotAllowed: the person may not propose postures.
        OutOfTurn: the order has ended, or the center gave no history of calls.
        InputError: a number cannot be, or nobody has a shift and there is no roster.
    """
    require(person, Act.PROPOSE_POSTURE)
    center = order.threat.center
    log.hold(center)
    order.refresh_from_db(fields=["state", "review_at"])
    if order.state not in _PRICEABLE:
        raise OutOfTurn("The order has ended.", way_out="Its record says what it did cost.")
    running = order.prices.filter(state=Price.State.ASKED, asked_at__gt=now - LOST_AFTER).first()
    if running:
        return running
    history = latest_history(center)
    if history is None:
        raise OutOfTurn(
            "The center gave no history of calls: there is nothing to compute a price from.",
            way_out="An administrator or a watch commander gives one on the page Calls and cars.",
        )
    wanted = wanted or usual_wanted(order, history, now=now)
    settings_for(wanted, zone=center.zone, now=now)
    row = Price.objects.create(
        order=order,
        asked_at=now,
        asked_by=person,
        assumed=_assumed(order, history, wanted, now=now),
        history=_in_words(history),
    )
    log.append(
        center,
        "price asked",
        f"order:{order.number}",
        actor=person,
        now=now,
        facts={"price": row.pk, "history": history.exhibit.sha256, "hours": wanted.hours},
    )
    defer(Job.PRICE, row.pk)
    return row


@transaction.atomic
def record_price(pk: int, reckoned: Reckoned, *, now: datetime) -> None:
    """The price stands on record; a second answer changes nothing."""
    row = _asked(pk)
    if row is None:
        return
    row.state, row.answer, row.done_at = Price.State.DONE, reckoned.answer, now
    row.assumed = {**row.assumed, "left_out": list(reckoned.left_out)}
    row.save(update_fields=["state", "answer", "assumed", "done_at"])
    log.append(
        row.order.threat.center,
        "price computed",
        f"order:{row.order.number}",
        actor=ACTOR,
        now=now,
        facts={"price": row.pk, "sha256": digest_of(reckoned.answer)},
    )


@transaction.atomic
def record_price_trouble(pk: int, error: Error, *, now: datetime) -> None:
    """It is on record why no price was computed; a person may ask again."""
    row = _asked(pk)
    if row is None:
        return
    row.state, row.trouble, row.done_at = Price.State.FAILED, error.for_person(), now
    row.save(update_fields=["state", "trouble", "done_at"])
    log.append(
        row.order.threat.center,
        "price not computed",
        f"order:{row.order.number}",
        actor=ACTOR,
        now=now,
        facts={"price": row.pk, "because": row.trouble},
    )


def _asked(pk: int) -> Price | None:
    """The price, locked, where nobody has answered it yet."""
    row = Price.objects.select_related("order__threat__center").get(pk=pk)
    log.hold(row.order.threat.center)
    row.refresh_from_db(fields=["state", "assumed"])
    return row if row.state == Price.State.ASKED else None


def _assumed(
    order: Order, history: CallHistory, wanted: Wanted, *, now: datetime
) -> dict[str, object]:
    """All facts of the computation that are not in the files, and sentences on them."""
    roster = latest_roster(order.threat.center)
    says = []
    cars = None
    if roster is None:
        assumed = assume_roster(order, beats=set(history.beats), now=now)
        cars = cars_as_json(assumed.cars)
        says.append(assumed.says)
    else:
        says.append(
            f"The cars are those of the roster {roster.name}: all of the center's, whoever the "
            "order concerns."
        )
    says.append("Today one car goes to every call.")
    return {
        "history": history.pk,
        "roster": roster.pk if roster else None,
        "cars": cars,
        "wanted": wanted_as_json(wanted),
        "seed": SEED,
        "says": says,
    }


def _in_words(history: CallHistory) -> str:
    return (
        f"{history.name}: {history.calls:,} calls, {history.first_at:%d %b %Y} to "
        f"{history.last_at:%d %b %Y}"
    )[:300]
