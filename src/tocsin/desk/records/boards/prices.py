"""The price of an order for its page: forms beside each other, in words, a table and bars."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.desk.people.models import Agency
from tocsin.desk.records.boards.pricewords import (
    FORMS,
    Chart,
    Line,
    charts_of,
    form_words,
    lines_of,
    sentences_of,
)
from tocsin.desk.records.commands.prices import LOST_AFTER
from tocsin.desk.records.models import CallHistory, Order, Price, Roster
from tocsin.desk.records.pricing import (
    Wanted,
    form_ordered,
    histories_of,
    latest_history,
    latest_roster,
    rosters_of,
    usual_wanted,
    wanted_from,
)
from tocsin.errors import InputError
from tocsin.posture import price as pricing
from tocsin.posture.price import Evidence, Side, price_from_json

SIDES: dict[Side, str] = {
    Side.AGAINST: "Against two officers to a car",
    Side.FOR: "For two officers to a car",
    Side.MIXED: "Mixed",
    Side.PRACTICE: "What departments did",
}

SHOWN_KINDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHead:
    """A form as the head of its column."""

    key: str
    words: str
    is_ordered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A computed price, ready to be shown.

    Attributes:
        heads: the forms compared; the first is as it is now.
        lines: the table.
        charts: some of it as bars.
        sentences: what each form costs, in words, by form.
        span: the stretch that was computed, in words.
        assumed: every assumption, in sentences.
        cautions: what its reader must know.
        left_out: forms for which the roster has too few cars.
        tries: how often each form was tried.
    """

    heads: tuple[FormHead, ...]
    lines: tuple[Line, ...]
    charts: tuple[Chart, ...]
    sentences: tuple[tuple[FormHead, tuple[str, ...]], ...]
    span: str
    assumed: tuple[str, ...]
    cautions: tuple[str, ...]
    left_out: tuple[str, ...]
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PricePage:
    """What an order's pages show of its price.

    Attributes:
        order: whose.
        row: the price that was asked for last; None for none.
        is_running: it is being computed.
        is_lost: it should have been there long ago.
        trouble: why there is none.
        answer: the price; of the last one that was computed.
        answered: that one's row.
        history, roster: from which a price would be computed; None where there is none.
        wanted: what was asked for last, or is usual.
        kinds, priorities: of the history, with their calls, to choose from.
        is_open: it may be asked for: the order has not ended.
        changes_cars: whether the order's measures change how cars are manned or sent.
        evidence: for and against, by side, in words.
    """

    order: Order
    row: Price | None
    is_running: bool
    is_lost: bool
    trouble: str
    answer: Answer | None
    answered: Price | None
    history: CallHistory | None
    roster: Roster | None
    wanted: Wanted
    kinds: tuple[tuple[str, int], ...]
    priorities: tuple[tuple[int, int], ...]
    is_open: bool
    changes_cars: bool
    evidence: tuple[tuple[str, tuple[Evidence, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsAndCars:
    """What a center gave to compute prices from, the latest first."""

    center: Agency
    histories: tuple[CallHistory, ...]
    rosters: tuple[Roster, ...]


def price_page(order: Order, *, now: datetime) -> PricePage:
    """The order's price as it stands."""
    center = order.threat.center
    history = latest_history(center)
    rows = list(order.prices.select_related("asked_by")[:20])
    row = rows[0] if rows else None
    answered = next((one for one in rows if one.state == Price.State.DONE), None)
    answer, trouble = _answer(order, answered)
    is_asked = row is not None and row.state == Price.State.ASKED
    is_lost = is_asked and row is not None and now - row.asked_at > LOST_AFTER
    if row is not None and row.state == Price.State.FAILED:
        trouble = row.trouble
    return PricePage(
        order=order,
        row=row,
        is_running=is_asked and not is_lost,
        is_lost=is_lost,
        trouble=trouble,
        answer=answer,
        answered=answered if answer else None,
        history=history,
        roster=latest_roster(center),
        wanted=_wanted(order, row, history, now=now),
        kinds=tuple(history.kinds.items())[:SHOWN_KINDS] if history else (),
        priorities=_priorities(history),
        is_open=order.state in {Order.State.PROPOSED, Order.State.IN_FORCE},
        changes_cars=bool(form_ordered(order)),
        evidence=_evidence(),
    )


def calls_and_cars(center: Agency) -> CallsAndCars:
    """The files that the center gave."""
    return CallsAndCars(
        center=center,
        histories=tuple(histories_of(center)[:20]),
        rosters=tuple(rosters_of(center)[:20]),
    )


def _wanted(
    order: Order, row: Price | None, history: CallHistory | None, *, now: datetime
) -> Wanted:
    return wanted_from(row.assumed["wanted"]) if row else usual_wanted(order, history, now=now)


def _priorities(history: CallHistory | None) -> tuple[tuple[int, int], ...]:
    found = history.priorities if history else {}
    return tuple(sorted((int(priority), many) for priority, many in found.items()))


def _answer(order: Order, row: Price | None) -> tuple[Answer | None, str]:
    """The computed price for showing, or why it cannot be shown."""
    if row is None:
        return None, ""
    try:
        found = price_from_json(row.answer)
    except InputError as error:
        return None, error.for_person()
    ordered = form_ordered(order)
    wanted = wanted_from(row.assumed["wanted"])
    heads = tuple(
        FormHead(key=form.key, words=form_words(form.key, wanted), is_ordered=form.key == ordered)
        for form in found.forms
    )
    answer = Answer(
        heads=heads,
        lines=lines_of(found),
        charts=charts_of(found, [head.words for head in heads]),
        sentences=tuple(
            (head, sentences_of(form, found.forms[0], found.settings.hours))
            for head, form in zip(heads[1:], found.forms[1:], strict=True)
        ),
        span=_span(found, row.asked_at),
        assumed=(*row.assumed.get("says", ()), *found.assumptions),
        cautions=found.cautions,
        left_out=tuple(FORMS[key] for key in row.assumed.get("left_out", ())),
        tries=found.settings.replications,
    )
    return answer, ""


def _span(found: pricing.Price, asked_at: datetime) -> str:
    hours = timedelta(hours=found.settings.hours)
    whole = "a week" if hours == timedelta(days=7) else f"{found.settings.hours} hours"
    return (
        f"{whole}, tried {found.settings.replications} times for each form on calls drawn from "
        f"{found.days} days of the center's own ({found.calls:,} calls)"
    )


def _evidence() -> tuple[tuple[str, tuple[Evidence, ...]], ...]:
    return tuple((words, rows) for side, words in SIDES.items() if (rows := tuple(_of(side))))


def _of(side: Side) -> Iterable[Evidence]:
    return (one for one in pricing.evidence() if one.side is side)
