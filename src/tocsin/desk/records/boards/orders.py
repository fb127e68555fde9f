"""Orders of posture: in force, proposed and ended; and one with all that its page shows."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of, orders_for
from tocsin.desk.records.boards.proposals import ProposalLine, proposals_of
from tocsin.desk.records.models import Bulletin, Delivery, Joining, Order, Renewal, Threat
from tocsin.desk.records.orderaudience import concerned_by_order, without_address
from tocsin.desk.records.orderwords import (
    agencies_of,
    joined_of,
    measures_of,
    ordered_of,
    whole_orders,
    whom_of,
)
from tocsin.desk.records.queries import as_bulletin, is_exercise_of
from tocsin.desk.records.standing import as_order, standing_orders
from tocsin.errors import BadOrder, InputError, OutOfTurn
from tocsin.posture import UNWATCHED, WATCHED, Contradiction, Measure, contradictions
from tocsin.posture import Order as Ordered
from tocsin.warn import DeliveryState, Form, Notice, Topic, Words, write

ENDED_SHOWN = 30
"""Orders that are over which the page of orders lists."""

JUST_ENDED = timedelta(hours=24)
"""So long an order that is over may still be taken for one that holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order as a list shows it.

    Attributes:
        row: number, state, clock, who.
        measures: a sentence each.
        whom: whom it concerns, in words.
        is_exercise: whether it is a drill's, or rests on a demonstration.
        is_overdue: whether a person should have looked at it again by now.
        breaches: how many are open.
    """

    row: Order
    measures: tuple[str, ...]
    whom: str
    is_exercise: bool
    is_overdue: bool
    breaches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersPage:
    """The orders that a person may see: what is overdue first, then what is looked at next."""

    in_force: tuple[OrderLine, ...]
    proposed: tuple[OrderLine, ...]
    ended: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of the messages of one kind.

    Attributes:
        people: how many people they are for.
        queued: waiting or on their way.
        sent: handed over, by somebody else's word.
        failed: not sent, and not tried again.
        unknown: nobody knows.
    """

    people: int = 0
    queued: int = 0
    sent: int = 0
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What would happen if the order were made, or stood down, now.

    Attributes:
        people: how many would have a message.
        agencies: of how many agencies they are.
        channels: names of the channels, each with the number of messages.
        unreachable: who of them has no address.
        obstacle: why it cannot be made; None where it can.
    """

    people: int
    agencies: int
    channels: tuple[tuple[str, int], ...]
    unreachable: tuple[Person, ...]
    obstacle: OutOfTurn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """One order with all that its page shows.

    Attributes:
        line: as a list shows it.
        unseen: measures that no feed can show, as sentences.
        told: messages of the order.
        ended: messages of its end.
        without: names of people who have no address for either.
        effect: of making it, or of standing it down; None where neither can be done.
        clashes: orders beside which it cannot stand, or with which it adds up.
        unreadable: why it cannot be compared with others; empty where it can.
        script: to be read on the air; of its end where it is over.
        renewals, joinings: in order.
        may_command: whether this person may make, renew and end it.
        joinable: agencies that he may let join it.
        leavable: agencies that he may let leave it.
    """

    line: OrderLine
    unseen: tuple[str, ...]
    told: Tally
    ended: Tally
    without: tuple[str, ...]
    effect: Effect | None
    clashes: tuple[Contradiction, ...]
    unreadable: str
    script: Words
    renewals: tuple[Renewal, ...]
    joinings: tuple[Joining, ...]
    may_command: bool
    joinable: tuple[Agency, ...]
    leavable: tuple[Agency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureCard:
    """What the page of a threat says of its posture.

    Attributes:
        orders: of the threat, the latest first.
        proposals: what the words of its calls bear on.
        statement: key of the reading that a proposal begins from; None where none bears on one.
    """

    orders: tuple[OrderLine, ...]
    proposals: tuple[ProposalLine, ...]
    statement: int | None


def posture_card(threat: Threat, person: Person, *, now: datetime) -> PostureCard:
    """The card of this threat, for this person."""
    keys = orders_for(person).filter(threat=threat).values("pk")
    proposals = proposals_of(threat)
    return PostureCard(
        orders=_lines(whole_orders().filter(pk__in=keys), now=now),
        proposals=proposals,
        statement=next((one.statement for one in proposals if one.measure), None),
    )


def orders_page(person: Person, *, now: datetime) -> OrdersPage:
    """The orders that this person may see."""
    ended = _seen(person, Order.State.STOOD_DOWN, Order.State.DROPPED)
    return OrdersPage(
        in_force=orders_in_force(person, now=now),
        proposed=_lines(_seen(person, Order.State.PROPOSED), now=now),
        ended=_lines(ended[:ENDED_SHOWN], now=now),
    )


def orders_in_force(person: Person, *, now: datetime) -> tuple[OrderLine, ...]:
    """The orders in force that he may see; exercises last, then what is to be reviewed first."""
    lines = _lines(_seen(person, Order.State.IN_FORCE), now=now)
    return tuple(sorted(lines, key=lambda one: (one.is_exercise, one.row.review_at)))


def order_page(order: Order, person: Person, *, now: datetime) -> OrderPage:
    """What the page of an order shows to this person."""
    row = whole_orders().get(pk=order.pk)
    [line] = _lines([row], now=now)
    clashes, unreadable = _clashes(row, now=now)
    tallies = _tallies(row)
    purposes = Delivery.Purpose
    may_join, may_leave = _parts_of(row, person)
    return OrderPage(
        line=line,
        unseen=tuple(f"{one}: {UNWATCHED}" for one in _unseen(row)),
        told=tallies.get(purposes.ORDER, Tally()),
        ended=tallies.get(purposes.STAND_DOWN, Tally()),
        without=_without(row),
        effect=_effect(row, now=now),
        clashes=clashes,
        unreadable=unreadable,
        script=script_of(row, now=now),
        renewals=tuple(row.renewals.select_related("by")),
        joinings=tuple(row.joinings.select_related("agency", "by", "left_by")),
        may_command=_may_command(row, person),
        joinable=may_join,
        leavable=may_leave,
    )


def script_of(row: Order, *, now: datetime) -> Words:
    """The order, or its end, as it is read on the air."""
    bulletin = row.bulletin or _in_force(row.threat, now=now) or row.threat.bulletins.first()
    if bulletin is None:
        return Words(subject="", text="")
    is_over = row.state == Order.State.STOOD_DOWN
    topic = Topic.STAND_DOWN if is_over else Topic.ORDER
    notice = Notice(bulletin=as_bulletin(bulletin), topic=topic, order=ordered_of(row))
    return write(notice, Form.SCRIPT)


def _seen(person: Person, *states: Order.State) -> QuerySet[Order]:
    keys = orders_for(person).filter(state__in=states).values("pk")
    return whole_orders().filter(pk__in=keys)


def _lines(rows: Iterable[Order], *, now: datetime) -> tuple[OrderLine, ...]:
    rows = list(rows)
    threats = Threat.objects.filter(pk__in=[row.threat_id for row in rows])
    shown = threats.filter(Q(is_drill=True) | Q(calls__is_demonstration=True))
    exercises = set(shown.values_list("pk", flat=True))
    counted = Order.objects.filter(pk__in=[row.pk for row in rows])
    breaches = dict(
        counted.annotate(n=Count("breaches", filter=Q(breaches__ended_at=None)))
        .order_by()
        .values_list("pk", "n")
    )
    return tuple(
        OrderLine(
            row=row,
            measures=measures_of(row),
            whom=whom_of(row),
            is_exercise=row.threat_id in exercises,
            is_overdue=row.state == Order.State.IN_FORCE and row.review_at <= now,
            breaches=breaches[row.pk],
        )
        for row in rows
    )


def _unseen(row: Order) -> list[str]:
    chosen = {Measure(one) for one in row.measures}
    sentences = dict(zip((m for m in Measure if m in chosen), measures_of(row), strict=False))
    return [words.rstrip(".") for one, words in sentences.items() if one not in WATCHED]


_BECAME = {
    DeliveryState.QUEUED: "queued",
    DeliveryState.SENDING: "queued",
    DeliveryState.SENT: "sent",
    DeliveryState.DELIVERED: "sent",
    DeliveryState.SEEN: "sent",
    DeliveryState.ACKNOWLEDGED: "sent",
    DeliveryState.UNKNOWN: "unknown",
    DeliveryState.FAILED: "failed",
    DeliveryState.WITHDRAWN: "failed",
}


def _tallies(row: Order) -> dict[str, Tally]:
    mine = Delivery.objects.filter(order=row)
    states: dict[str, Counter[str]] = {}
    grouped = mine.values_list("purpose", "state").annotate(n=Count("pk")).order_by()
    for purpose, state, many in grouped:
        states.setdefault(purpose, Counter())[_BECAME[DeliveryState(state)]] += many
    people = dict(mine.values_list("purpose").annotate(n=Count("person", distinct=True)).order_by())
    return {purpose: Tally(people=people[purpose], **tally) for purpose, tally in states.items()}


def _without(row: Order) -> tuple[str, ...]:
    keys = without_address(row, "")
    logins = [key.partition(":")[2] for key in keys]
    return tuple(
        f"{one.name} {one.unit}".strip() for one in Person.objects.filter(login__in=logins)
    )


def _effect(row: Order, *, now: datetime) -> Effect | None:
    if row.state not in {Order.State.PROPOSED, Order.State.IN_FORCE}:
        return None
    bulletin = row.bulletin or _in_force(row.threat, now=now)
    if bulletin is None:
        obstacle = OutOfTurn(
            f"No bulletin of {row.threat.number} is in force.",
            way_out="Release the bulletin first. Its people are told of the order.",
        )
        return Effect(people=0, agencies=0, channels=(), unreachable=(), obstacle=obstacle)
    people = concerned_by_order(row, now=now, bulletin=bulletin)
    if row.state == Order.State.IN_FORCE:
        people = _who_was_told(row, people)
    channels = Counter(address.channel for one in people for address in one.addresses.all())
    return Effect(
        people=len(people),
        agencies=len({one.agency_id for one in people}),
        channels=tuple(channels.items()),
        unreachable=tuple(one for one in people if not one.addresses.all()),
        obstacle=_past(row, now=now),
    )


def _who_was_told(row: Order, concerned: Iterable[Person]) -> list[Person]:
    told = Delivery.objects.filter(order=row, purpose=Delivery.Purpose.ORDER)
    heard = Person.objects.filter(pk__in=told.values("person"), is_active=True)
    rows = (*heard.prefetch_related("addresses"), *concerned)
    return list({one.pk: one for one in rows}.values())


def _past(row: Order, *, now: datetime) -> OutOfTurn | None:
    if row.state == Order.State.PROPOSED and row.review_at <= now:
        return OutOfTurn(
            "Its review time has passed.", way_out="Edit the proposal, and set one to come."
        )
    return None


def _in_force(threat: Threat, *, now: datetime) -> Bulletin | None:
    found = threat.bulletins.filter(state=Bulletin.State.RELEASED, expires_at__gt=now)
    return found.select_related("threat__center").order_by("-released_at").first()


def _clashes(row: Order, *, now: datetime) -> tuple[tuple[Contradiction, ...], str]:
    """Contradictions with other orders, and why they could not be looked for."""
    try:
        own = as_order(row)
    except (BadOrder, InputError) as error:
        return (), error.for_person()
    if row.state == Order.State.DROPPED:
        return (), ""
    others = [*_readable(row, now=now), own]
    found = contradictions(others, now)
    return tuple(one for one in found if row.number in {one.one, one.other}), ""


def _readable(row: Order, *, now: datetime) -> Iterable[Ordered]:
    """The other orders on people's minds; one that cannot be read is a task elsewhere."""
    center = row.threat.center
    ended = whole_orders().filter(
        threat__center=center, state=Order.State.STOOD_DOWN, ended_at__gt=now - JUST_ENDED
    )
    is_it = is_exercise_of(row.threat)
    for other in (*standing_orders(center, now=now), *ended):
        if other.pk == row.pk or is_exercise_of(other.threat) != is_it:
            continue
        try:
            yield as_order(other)
        except InputError:
            continue


def _may_command(row: Order, person: Person) -> bool:
    is_home = centers_of(person).filter(pk=row.threat.center_id).exists()
    return person.may(Act.ORDER_POSTURE) and is_home


def _parts_of(row: Order, person: Person) -> tuple[tuple[Agency, ...], tuple[Agency, ...]]:
    """The agencies that this person may let join, and let leave."""
    if row.state != Order.State.IN_FORCE or not person.may(Act.ORDER_POSTURE):
        return (), ()
    his = Agency.objects.filter(Q(pk=person.agency_id) | Q(center=person.agency))
    inside = {one.pk for one in agencies_of(row)}
    joined = {one.pk for one in joined_of(row)}
    return (
        tuple(one for one in his if one.pk not in inside),
        tuple(one for one in his if one.pk in joined),
    )
