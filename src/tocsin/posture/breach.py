"""Who breaks an order: each unit, each order, each measure, and since when."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np
import shapely

from tocsin.posture.limits import Limits
from tocsin.posture.near import Picture, see
from tocsin.posture.order import UNWATCHED, WATCHED, Coverage, Order, concerns_call, holds
from tocsin.posture.rules import RULES, Ruling, State
from tocsin.posture.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one measure of one order stands with one unit.

    Attributes:
        order: its key.
        unit: its key; empty where the measure is not watched, which is said once for all units.
        measure: what is demanded.
        state: broken, not known, kept, or not watched.
        reason: a sentence.
        persons: those who are alone, or may be.
        since: when it was found so; `continue_breaches` knows since when without a break.
    """

    order: str
    unit: str
    measure: str
    state: State
    reason: str
    persons: tuple[str, ...]
    since: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """Order, unit and measure."""
        return self.order, self.unit, self.measure


def judge(
    orders: Sequence[Order],
    units: Iterable[Unit],
    now: datetime,
    limits: Limits,
    *,
    before: Picture | None = None,
) -> tuple[Finding, ...]:
    """How every measure of every order in force stands with every unit that it concerns.

    Args:
        orders: all orders.
        units: all units.
        now: the moment.
        limits: the settings.
        before: the last picture; without it, nobody is known to have been near for any time.
    """
    return judge_picture(orders, see(units, now, limits, before), limits)


def judge_picture(
    orders: Sequence[Order], picture: Picture, limits: Limits, only: Collection[str] | None = None
) -> tuple[Finding, ...]:
    """The same of a picture; with `only`, of these units alone (`near.touched` says which)."""
    units = [unit for key, unit in picture.units.items() if only is None or key in only]
    ruled = _rulings(picture, limits)
    found: list[Finding] = []
    for order in orders:
        if not holds(order, picture.at):
            continue
        found.extend(_unwatched(order, picture.at))
        measures = sorted(order.measures & WATCHED)
        for unit, known in _concerned(order, units, picture.at, limits):
            for measure in measures:
                ruling = ruled(measure, unit)
                if ruling is not None:
                    found.append(_finding(order, unit, measure, _doubted(ruling, known), picture))
    return tuple(found)


def _rulings(picture: Picture, limits: Limits) -> Callable[[Any, Unit], Ruling | None]:
    """The ruling on a unit, made once however many orders demand the same."""
    made: dict[tuple[str, str], Ruling | None] = {}

    def ruled(measure: Any, unit: Unit) -> Ruling | None:
        key = (measure, unit.key)
        if key not in made:
            made[key] = RULES[measure](unit, picture, limits)
        return made[key]

    return ruled


def _unwatched(order: Order, now: datetime) -> list[Finding]:
    return [
        Finding(
            order=order.key,
            unit="",
            measure=measure,
            state=State.NOT_WATCHED,
            reason=UNWATCHED,
            persons=(),
            since=now,
        )
        for measure in sorted(order.measures - WATCHED)
    ]


def _concerned(
    order: Order, units: Sequence[Unit], now: datetime, limits: Limits
) -> list[tuple[Unit, Coverage]]:
    """The units that the order concerns or may concern; the same as `order.coverage`, at once."""
    agencies, areas = order.agencies, order.scope.areas
    inside = _inside(order, units) if areas else None
    found: list[tuple[Unit, Coverage]] = []
    for index, unit in enumerate(units):
        if not concerns_call(order, unit):
            continue
        if unit.agency in agencies or (inside is not None and inside[index]):
            found.append((unit, Coverage.YES))
        elif areas and _may_be_anywhere(unit, now, limits):
            found.append((unit, Coverage.NOT_KNOWN))
    return found


def _inside(order: Order, units: Sequence[Unit]) -> Any:
    """Whether each unit was last seen in one of the areas: bool, shape (n,)."""
    places = np.array(
        [
            (at.lon, at.lat) if (at := unit.position) is not None else (np.nan, np.nan)
            for unit in units
        ]
    ).reshape(-1, 2)
    inside = np.zeros(len(units), dtype=bool)
    for area in order.scope.areas:
        inside |= shapely.intersects_xy(area.outline, places[:, 0], places[:, 1])
    return inside


def _may_be_anywhere(unit: Unit, now: datetime, limits: Limits) -> bool:
    at = unit.position
    return at is None or now - at.at > limits.stale_after


def _doubted(ruling: Ruling, known: Coverage) -> Ruling:
    """What is broken by a unit that the order may not concern is not known to break it."""
    if known is Coverage.YES or ruling.state is State.KEPT:
        return ruling
    text = f"Whether it is inside the ordered ground is not known. {ruling.reason}"
    return replace(ruling, state=State.NOT_KNOWN, reason=text)


def _finding(order: Order, unit: Unit, measure: str, ruling: Ruling, picture: Picture) -> Finding:
    return Finding(
        order=order.key,
        unit=unit.key,
        measure=measure,
        state=ruling.state,
        reason=ruling.reason,
        persons=ruling.persons,
        since=picture.at,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excuse:
    """Why a breach may stand, and until when.

    Attributes:
        order, unit, measure: of which breach.
        reason: a person's words.
        by: the person's key.
        starts_at: from when.
        until: the first moment at which it no longer counts.
    """

    order: str
    unit: str
    measure: str
    reason: str
    by: str
    starts_at: datetime
    until: datetime

    @property
    def key(self) -> tuple[str, str, str]:
        """Order, unit and measure."""
        return self.order, self.unit, self.measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A measure broken by a unit, without a break.

    Attributes:
        order, unit, measure, persons, reason: as in `Finding`, the newest.
        since: the first moment.
        unseen_since: since when it is not known whether it goes on; None while it is known.
        ended_at: when it was first found to be over; None while it goes on.
        excuse: the one that counts now; None for none.
    """

    order: str
    unit: str
    measure: str
    persons: tuple[str, ...]
    reason: str
    since: datetime
    unseen_since: datetime | None = None
    ended_at: datetime | None = None
    excuse: Excuse | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Order, unit and measure."""
        return self.order, self.unit, self.measure


def continue_breaches(
    before: Iterable[Breach],
    findings: Iterable[Finding],
    now: datetime,
    *,
    excuses: Iterable[Excuse] = (),
    judged: Collection[str] | None = None,
) -> tuple[Breach, ...]:
    """The breaches that go on, begin, or end now. Silence ends none: it is shown as not known.

    Args:
        before: the last answer; what had ended is left out of the next.
        findings: of this moment.
        now: the moment.
        excuses: all that may count.
        judged: the units that the findings are of; None for all. Others' breaches go on.
    """
    open_before = {one.key: one for one in before if one.ended_at is None}
    said = {one.key: one for one in findings if one.state is not State.NOT_WATCHED}
    counting = {one.key: one for one in excuses if one.starts_at <= now < one.until}
    found: list[Breach] = []
    for key, breach in open_before.items():
        is_judged = judged is None or breach.unit in judged
        going = _go_on(breach, said.get(key), now) if is_judged else breach
        found.append(replace(going, excuse=counting.get(key)))
    for key, finding in said.items():
        if finding.state is State.BROKEN and key not in open_before:
            found.append(_begin(finding, counting.get(key)))
    return tuple(found)


def _go_on(breach: Breach, finding: Finding | None, now: datetime) -> Breach:
    """The breach after what was found: on, on but unseen, or over."""
    if finding is None or finding.state is State.KEPT:
        return replace(breach, ended_at=now, unseen_since=None)
    if finding.state is State.NOT_KNOWN:
        return replace(breach, reason=finding.reason, unseen_since=breach.unseen_since or now)
    return replace(breach, reason=finding.reason, persons=finding.persons, unseen_since=None)


def _begin(finding: Finding, excuse: Excuse | None) -> Breach:
    return Breach(
        order=finding.order,
        unit=finding.unit,
        measure=finding.measure,
        persons=finding.persons,
        reason=finding.reason,
        since=finding.since,
        excuse=excuse,
    )


def by_unit(findings: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    """The findings of each unit, in order."""
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in findings:
        found[finding.unit] = (*found.get(finding.unit, ()), finding)
    return found
