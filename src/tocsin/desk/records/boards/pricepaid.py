"""What an order was foretold to cost against what came, where the center gave the calls since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings

from tocsin.desk.records.boards.pricewords import FORMS, say
from tocsin.desk.records.models import CallHistory, Order, Price
from tocsin.desk.records.pricing import columns_from, form_ordered, histories_of
from tocsin.errors import Error
from tocsin.evidence import open_store
from tocsin.posture.price import (
    KINDS,
    Answered,
    Compared,
    Fit,
    compare,
    observe,
    price_from_json,
    read_answered,
)

_HOUR = timedelta(hours=1)

FITS = {
    Fit.WITHIN: "as foretold",
    Fit.ABOVE: "above what was foretold",
    Fit.BELOW: "below what was foretold",
    Fit.NOT_FORETOLD: "not foretold",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePaid:
    """The comparison in words: sentences, and a row for each figure."""

    sentences: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()


def paid_for(order: Order, *, ended_at: datetime) -> PricePaid:
    """What was foretold before the order was given, beside what came; or why that is not known."""
    form = form_ordered(order)
    if not form:
        return _only("Its measures change neither how cars are manned nor how many go to a call.")
    foretold = (
        order.prices.filter(state=Price.State.DONE, done_at__lte=order.ordered_at)
        .select_related("asked_by")
        .first()
    )
    if foretold is None:
        return _only("No price was computed before it was ordered: what it cost was not foretold.")
    try:
        price = price_from_json(foretold.answer)
        history = _history(order, ended_at)
        if history is None or order.ordered_at is None:
            return _only(
                f"Before it was ordered, {foretold.asked_by.name} had a price computed. What it "
                "did cost is not known: the center gave no calls of the order's whole time yet."
            )
        answered = _answered(history.pk, order.ordered_at, ended_at)
        hours = (ended_at - order.ordered_at) / _HOUR
        found = compare(price, observe(answered, form=form, hours=hours))
    except Error as error:
        return _only(f"The price foretold cannot be compared: {error.for_person()}")
    known = [one for one in found.figures if one.key != "calls"]
    said = [
        f"Price foretold ({FORMS[form]}) against {len(answered):,} calls of the order's time, from "
        f"{history.name}. Times are those of the car that the file names."
    ]
    if not known:
        said.append("The file names neither when cars were sent nor when they were there.")
    return PricePaid(
        sentences=(*said, *found.cautions),
        rows=tuple(_row(one) for one in found.figures),
    )


def _only(sentence: str) -> PricePaid:
    return PricePaid(sentences=(sentence,))


def _history(order: Order, ended_at: datetime) -> CallHistory | None:
    """The latest calls that the center gave after the order's end, and that hold its whole time."""
    rows = histories_of(order.threat.center).filter(
        read_at__gte=ended_at, first_at__lte=order.ordered_at, last_at__gte=ended_at
    )
    return rows.first() if order.ended_at else None


@lru_cache(maxsize=16)
def _answered(history: int, starts_at: datetime, ended_at: datetime) -> tuple[Answered, ...]:
    """The calls of the order's time; a file never changes, so it is read once."""
    row = CallHistory.objects.select_related("exhibit").get(pk=history)
    with open_store(settings.TOCSIN_STORE).local(row.exhibit.sha256) as path:
        raw = path.read_bytes()
    return read_answered(raw, columns_from(row.columns), starts_at=starts_at, ended_at=ended_at)


def _row(one: Compared) -> tuple[str, ...]:
    kind = KINDS[one.key]
    about = "all calls" if one.priority is None else f"priority {one.priority}"
    unit = "" if kind.unit in {"share", "calls"} else f" {kind.unit}"
    foretold, once = "-", "-"
    if one.foretold:
        foretold = f"{say(one.foretold.mean, kind)}{unit}"
        once = f"{say(one.foretold.once_low, kind)} to {say(one.foretold.once_high, kind)}"
    return (
        f"{kind.words}, {about}",
        foretold,
        once,
        f"{say(one.paid, kind)}{unit}",
        FITS[one.fit],
    )
