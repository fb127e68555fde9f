"""The pairing plan for its page: made when units have moved, kept in this process in between."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings

from tocsin.desk.people.models import Agency
from tocsin.desk.records import models
from tocsin.desk.records.lonecrews import Facts, Roads, facts_of
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import PairingWord
from tocsin.desk.records.pricing import latest_history
from tocsin.desk.records.standing import as_order, limits_of, standing_orders
from tocsin.errors import Error
from tocsin.posture import Measure, Order
from tocsin.posture.pairing import Limits, Pair, Plan, Point, Situation, plan_pairs

AT_MOST_EVERY = timedelta(seconds=5)
"""However fast units move, a plan stands for so long."""

GOOD_FOR = timedelta(seconds=60)
"""A plan older than this is made anew although no unit moved: positions age."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairLine:
    """One pair as the page shows it."""

    guest: str
    host: str
    minutes: str
    where: str
    beat: str
    back: str
    is_fixed: bool
    breaks: tuple[str, ...]
    keys: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A plan and what it was made from.

    Attributes:
        at: when.
        version: of the units.
        words: keys of the rows of people's words.
        orders: numbers of the orders.
        facts: of the units; None where the situation could not be read.
        plan: None where none could be made.
        trouble: why.
    """

    at: datetime
    version: int
    words: tuple[int, ...]
    orders: tuple[str, ...]
    facts: Facts | None
    plan: Plan | None
    trouble: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingPage:
    """What the page shows.

    Attributes:
        center: whose units.
        made: the plan and what it was made from.
        is_ordered: whether an order in force demands two to a car.
        pairs: who joins whom.
        left_beats: beats that no car is on, in words.
        left_over: units in no pair, each with why.
        minutes, greedy: what the plan and the plain rule "nearest first" cost.
        gap: by how much a better plan could be better at the most, in percent.
        words: people's words that count.
        units: that may be named in a word.
    """

    center: Agency
    made: Made
    is_ordered: bool
    pairs: tuple[PairLine, ...]
    left_beats: tuple[tuple[str, str], ...]
    left_over: tuple[tuple[str, str], ...]
    minutes: str
    greedy: str
    gap: str
    words: tuple[PairingWord, ...]
    units: tuple[str, ...]


def pairing_page(center: Agency, *, now: datetime) -> PairingPage:
    """The plan that stands, ready to be shown."""
    words = tuple(words_of(center))
    made = _desk(center).made(center, words, now=now)
    plan = made.plan
    names = made.facts.names if made.facts else {}
    units = made.facts.situation.units if made.facts else ()
    return PairingPage(
        center=center,
        made=made,
        is_ordered=bool(made.orders),
        pairs=tuple(_pair_line(pair, names) for pair in plan.pairs) if plan else (),
        left_beats=tuple(_left_beats(plan, names)) if plan else (),
        left_over=tuple((one.unit, one.says) for one in plan.left_over) if plan else (),
        minutes=f"{plan.objective.minutes:,.0f}" if plan else "",
        greedy=f"{plan.greedy:,.0f}" if plan and plan.greedy is not None else "",
        gap=f"{100 * plan.gap:.1f} %" if plan else "",
        words=words,
        units=tuple(unit.key for unit in units),
    )


def words_of(center: Agency) -> Sequence[PairingWord]:
    """People's words on pairs that count."""
    return list(PairingWord.objects.filter(center=center, ended_at=None).select_related("by"))


class _Desk:
    """The plan of one center, made by one request at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: Made | None = None

    def made(self, center: Agency, words: Sequence[PairingWord], *, now: datetime) -> Made:
        """The plan that stands; a new one where it is due. Who comes meanwhile gets the last."""
        last = self._made
        if last is not None and not self._lock.acquire(blocking=False):
            return last
        if last is None:
            self._lock.acquire()
        try:
            self._made = _make(center, words, self._made, now=now)
            return self._made
        finally:
            self._lock.release()


def _make(
    center: Agency, words: Sequence[PairingWord], last: Made | None, *, now: datetime
) -> Made:
    keys = tuple(word.pk for word in words)
    if last and last.words == keys and timedelta(0) <= now - last.at < AT_MOST_EVERY:
        return last
    known = known_units(center, now=now)
    rows = standing_orders(center, now=now)
    numbers = tuple(row.number for row in rows if Measure.TWO_TO_A_CAR in row.measures)
    same = last and (last.words, last.version, last.orders) == (keys, known.version, numbers)
    if last and same and timedelta(0) <= now - last.at < GOOD_FOR:
        return last
    facts, plan, trouble = None, None, ""
    try:
        roads = Roads(
            center=center,
            orders=_orders([row for row in rows if row.number in numbers]),
            limits=limits_of(center),
            history=latest_history(center),
            now=now,
        )
        facts = facts_of(known.units, words, roads)
        plan = plan_pairs(_after(facts, last), limits=_limits(), now=now)
    except Error as error:
        trouble = error.for_person()
    return Made(
        at=now,
        version=known.version,
        words=keys,
        orders=numbers,
        facts=facts,
        plan=plan,
        trouble=trouble,
    )


def _orders(rows: Sequence[models.Order]) -> tuple[Order, ...]:
    return tuple(as_order(row) for row in rows)


def _after(facts: Facts, last: Made | None) -> Situation:
    """The situation after the last plan, so that pairs change only for more than it costs."""
    earlier = last.plan.as_earlier() if last and last.plan else ()
    beats = set(facts.names)
    return replace(
        facts.situation,
        earlier=tuple(one if one.beat in beats else replace(one, beat=None) for one in earlier),
    )


def _limits() -> Limits:
    """The same speed as the crow flies as the gate's, so that both say the same minutes."""
    return Limits(speed=float(settings.TOCSIN.posture.speed_kmh), detour=1.0)


def _pair_line(pair: Pair, names: Mapping[str, str]) -> PairLine:
    return PairLine(
        guest=pair.guest.unit,
        host=pair.host.unit,
        minutes=f"{pair.meeting.minutes:.0f}",
        where=_where(pair),
        beat=names.get(pair.beat or "", pair.beat or ""),
        back=f"{pair.back:.0f}",
        is_fixed=pair.is_fixed,
        breaks=pair.breaks,
        keys=pair.units,
    )


def _where(pair: Pair) -> str:
    meeting = pair.meeting
    if meeting.point is Point.UNIT:
        return f"where {meeting.place} stands"
    if meeting.point is Point.PLACE:
        return f"at {meeting.place}"
    spot = meeting.spot
    return f"halfway, about {spot.latitude:.4f}, {spot.longitude:.4f}: the nearest corner"


def _left_beats(plan: Plan, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for one in plan.left_beats:
        if one.covered_from is None:
            words = "covered by nobody"
        else:
            units = f" ({', '.join(one.covered_by)})" if one.covered_by else ""
            words = f"covered from {names.get(one.covered_from, one.covered_from)}{units}, "
            words += f"{one.minutes:.0f} minutes away"
        yield names.get(one.beat, one.beat), words


_desks: dict[int, _Desk] = {}
_guard = threading.Lock()


def _desk(center: Agency) -> _Desk:
    with _guard:
        return _desks.setdefault(center.pk, _Desk())
