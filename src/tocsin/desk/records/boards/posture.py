"""The posture board: who is alone, what breaks which order, what nobody knows, how old that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Prefetch, Q

from tocsin import posture
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of, orders_for
from tocsin.desk.records.boards.joint import JointList, joint_of
from tocsin.desk.records.boards.unitmap import UnitFacts, company_of, facts_of, worst_facts
from tocsin.desk.records.boards.units import SourceLine, sources_of
from tocsin.desk.records.crews import Crew, crews_of
from tocsin.desk.records.models import Breach, BreachMove, Excuse, Order
from tocsin.desk.records.orderwords import measures_of, whom_of
from tocsin.desk.records.picture import Seen, picture_of
from tocsin.desk.records.queries import is_exercise_of
from tocsin.desk.records.standing import as_order, standing_orders
from tocsin.errors import Error, NotFound
from tocsin.posture import SENTENCES, UNWATCHED, Company, Measure, State

LATE_AFTER = timedelta(seconds=5)
"""A judging that is older is late: nothing on the board can be relied on."""

MOST_SHOWN = 100
"""Breaches, units and people that one part of the board shows; of more it says how many."""

ON_THE_BOARD = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachLine:
    """A breach as the board shows it.

    Attributes:
        row: since when, reason, ladder.
        call_sign: of the unit.
        crew: who is in it, as far as the record knows.
        measure: what is demanded, as a sentence.
        told: who was told by the ladder and when, the latest last.
        excuse: the one that counts now; None for none.
    """

    row: Breach
    call_sign: str
    crew: tuple[str, ...]
    measure: str
    told: tuple[BreachMove, ...]
    excuse: Excuse | None

    @property
    def excuse_form(self) -> str:
        """Name of the form that excuses it."""
        return f"excuse-{self.row.pk}"

    @property
    def back_form(self) -> str:
        """Name of the form that takes its excuse back."""
        return f"withdraw-{self.excuse.pk}" if self.excuse else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownLine:
    """A unit of which it is not known whether it keeps an order; never shown as safe."""

    key: str
    call_sign: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AloneLine:
    """A person, or a crew known by number, who is alone now, whether an order forbids it or not."""

    key: str
    call_sign: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHead:
    """An order in force: number, what it demands, of whom, and whether it is no exercise."""

    row: Order
    measures: tuple[str, ...]
    whom: str
    is_overdue: bool
    is_exercise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostureBoard:
    """All that the page of the posture shows of one center.

    Attributes:
        center: whose units.
        units: how many are known and not off duty.
        orders: in force.
        joint: the joint list; None where no order stands.
        breaches: open and not excused, the worst of them: who calls for help, then the longest.
        breach_total: how many there are.
        excused: open and excused, the first of them.
        excused_total: how many there are.
        unwatched: measures in force that no feed shows, each with its order.
        unknown: units of which something is not known, the first of them.
        unknown_total: how many there are.
        alone: who is alone now, the first of them.
        alone_total: how many there are.
        unreadable: why an order is not judged; one sentence each.
        judged_at: when all units were judged last; None for never.
        is_late: whether that is too long ago to rely on anything here.
        concerned: units that an order concerns or may concern, the worst of them.
        concerned_total: how many there are.
        sources: the feeds, with how each stands.
    """

    center: Agency
    units: int
    orders: tuple[OrderHead, ...]
    joint: JointList | None
    breaches: tuple[BreachLine, ...]
    breach_total: int
    excused: tuple[BreachLine, ...]
    excused_total: int
    unwatched: tuple[tuple[str, str], ...]
    unknown: tuple[UnknownLine, ...]
    unknown_total: int
    alone: tuple[AloneLine, ...]
    alone_total: int
    unreadable: tuple[str, ...]
    judged_at: datetime | None
    is_late: bool
    concerned: tuple[UnitFacts, ...]
    concerned_total: int
    sources: tuple[SourceLine, ...]

    @property
    def exercises(self) -> frozenset[int]:
        """Keys of the orders that are exercises: what stands against them must not look real."""
        return frozenset(one.row.pk for one in self.orders if one.is_exercise)

    @property
    def is_exercise(self) -> bool:
        """Whether no order in force is real."""
        return bool(self.orders) and len(self.exercises) == len(self.orders)


def posture_board(person: Person, *, now: datetime) -> list[PostureBoard]:
    """What each center of this person knows of its units and orders now."""
    return [_board(center, now=now) for center in centers_of(person)]


def joint_for(person: Person, *, now: datetime) -> JointList | None:
    """The first lines of the joint list of the person's center; None where no order stands."""
    for center in centers_of(person):
        orders = list(standing_orders(center, now=now))
        if orders:
            return joint_of(orders, picture_of(center, now=now)).first(ON_THE_BOARD)
    return None


def find_breach(pk: int, person: Person) -> Breach:
    """The breach of an order that this person may see.

    Raises:
        NotFound: there is none, or he may not see it.
    """
    rows = Breach.objects.filter(pk=pk, order__in=orders_for(person))
    row = rows.select_related("order__threat__center").first()
    if row is None:
        raise NotFound("There is no such breach that you may see.", way_out="Open the board again.")
    return row


def find_excuse(pk: int, person: Person) -> Excuse:
    """The excuse of a breach of an order that this person may see.

    Raises:
        NotFound: there is none, or he may not see it.
    """
    rows = Excuse.objects.filter(pk=pk, order__in=orders_for(person))
    row = rows.select_related("order__threat__center").first()
    if row is None:
        raise NotFound("There is no such excuse that you may see.", way_out="Open the board again.")
    return row


def _board(center: Agency, *, now: datetime) -> PostureBoard:
    seen = picture_of(center, now=now)
    rows = list(standing_orders(center, now=now))
    orders, unreadable = _read(rows)
    excuses = _excuses(rows, now=now)
    open_now, excused = _open(rows, excuses, seen)
    lines = _lines([*open_now[:MOST_SHOWN], *excused[:MOST_SHOWN]], excuses, now=now)
    keys = tuple(order.key for order in orders)
    unknown = seen.once(("unknown", keys), lambda: _unknown(orders, seen))
    alone = seen.once("alone", lambda: _alone(seen))
    concerned = [one for one in facts_of(center, orders, seen) if one.is_concerned is not False]
    judged_at = seen.watch.judged_at if seen.watch else None
    working = [one for one in seen.picture.units.values() if one.status != posture.Status.OFF_DUTY]
    return PostureBoard(
        center=center,
        units=len(working),
        orders=tuple(_head(row, now) for row in rows),
        joint=joint_of(rows, seen) if rows else None,
        breaches=tuple(one for one in lines if one.excuse is None),
        breach_total=len(open_now),
        excused=tuple(one for one in lines if one.excuse),
        excused_total=len(excused),
        unwatched=_unwatched(rows),
        unknown=tuple(unknown[:MOST_SHOWN]),
        unknown_total=len(unknown),
        alone=tuple(alone[:MOST_SHOWN]),
        alone_total=len(alone),
        unreadable=tuple(unreadable),
        judged_at=judged_at,
        is_late=bool(rows) and (judged_at is None or now - judged_at > LATE_AFTER),
        concerned=tuple(worst_facts(concerned)[:MOST_SHOWN]) if rows else (),
        concerned_total=len(concerned) if rows else 0,
        sources=tuple(sources_of(center, now=now)),
    )


def _unwatched(rows: Iterable[Order]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (row.number, f"{SENTENCES[Measure(one)]} {UNWATCHED}")
        for row in rows
        for one in row.measures
        if Measure(one) not in posture.WATCHED
    )


def _head(row: Order, now: datetime) -> OrderHead:
    return OrderHead(
        row=row,
        measures=measures_of(row),
        whom=whom_of(row),
        is_overdue=now >= row.review_at,
        is_exercise=is_exercise_of(row.threat),
    )


def _read(rows: Iterable[Order]) -> tuple[list[posture.Order], list[str]]:
    orders, unreadable = [], []
    for row in rows:
        try:
            orders.append(as_order(row))
        except Error as error:
            unreadable.append(f"{row.number} is not judged. {error.for_person()}")
    return orders, unreadable


def _open(
    orders: Sequence[Order], excuses: Mapping[tuple[int, str, str], Excuse], seen: Seen
) -> tuple[list[int], list[int]]:
    """Keys of the open breaches, the worst first: those that nobody excused, and the excused."""
    facts = Breach.objects.filter(order__in=orders, ended_at=None).order_by("since", "pk")
    bare: list[tuple[bool, int]] = []
    excused: list[int] = []
    for pk, order, unit, measure in facts.values_list("pk", "order", "unit", "measure"):
        if (order, unit, measure) in excuses:
            excused.append(pk)
            continue
        known = seen.picture.units.get(unit)
        calls = known is not None and known.status is posture.Status.EMERGENCY
        bare.append((not calls, pk))
    bare.sort(key=lambda one: one[0])  # what is equal stays in order: the longest first
    return [pk for _, pk in bare], excused


def _lines(
    keys: Sequence[int], excuses: Mapping[tuple[int, str, str], Excuse], *, now: datetime
) -> list[BreachLine]:
    moves = Prefetch("moves", BreachMove.objects.select_related("to"))
    rows = Breach.objects.select_related("order").prefetch_related(moves).in_bulk(keys)
    crews = crews_of(rows.values(), now=now)
    return [_line(rows[key], crews, excuses) for key in keys if key in rows]


def _line(
    row: Breach, crews: Mapping[str, Crew], excuses: Mapping[tuple[int, str, str], Excuse]
) -> BreachLine:
    return BreachLine(
        row=row,
        call_sign=row.unit.partition("/")[2],
        crew=crews[row.unit].names,
        measure=SENTENCES[Measure(row.measure)],
        told=tuple(row.moves.all()),
        excuse=excuses.get((row.order_id, row.unit, row.measure)),
    )


def _excuses(orders: Sequence[Order], *, now: datetime) -> dict[tuple[int, str, str], Excuse]:
    """The excuses that count now; of several of one breach, the one that lasts longest."""
    rows = Excuse.objects.filter(
        Q(order__in=orders), starts_at__lte=now, until__gt=now, withdrawn_at=None
    ).select_related("by")
    return {(row.order_id, row.unit, row.measure): row for row in rows.order_by("until", "pk")}


def _unknown(orders: Sequence[posture.Order], seen: Seen) -> list[UnknownLine]:
    reasons: dict[str, list[str]] = {}
    for one in posture.judge_picture(orders, seen.picture, seen.limits):
        if one.state is State.NOT_KNOWN:
            reasons.setdefault(one.unit, []).append(one.reason)
    return [
        UnknownLine(
            key=key,
            call_sign=seen.picture.units[key].call_sign,
            reasons=tuple(dict.fromkeys(said)),
        )
        for key, said in sorted(reasons.items())
    ]


def _alone(seen: Seen) -> list[AloneLine]:
    found = []
    for key, people in sorted(company_of(seen).items()):
        found += [
            AloneLine(
                key=key,
                call_sign=seen.picture.units[key].call_sign,
                name=one.name,
                reason=one.reason,
            )
            for one in people
            if one.company is Company.ALONE
        ]
    return found
