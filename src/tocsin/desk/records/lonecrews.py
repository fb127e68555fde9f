"""Who rides alone, as the pairing plan takes it: units, beats and words made into facts."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import shapely

from tocsin import posture
from tocsin.assess import Role
from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records.crews import find_people
from tocsin.desk.records.duty import with_duty
from tocsin.desk.records.models import CallHistory, PairingWord
from tocsin.errors import Error
from tocsin.posture import (
    BY_HAND,
    Company,
    Coverage,
    CrewRole,
    DoubtKind,
    Limits,
    Picture,
    Status,
    Unit,
    UnitKind,
    coverage,
    ground_of,
    who_is_alone,
)
from tocsin.posture import pairing as plan
from tocsin.posture.near import crews_of
from tocsin.warn.recipients import gaps

_OFF = frozenset({Status.OFF_DUTY, Status.OUT_OF_SERVICE, Status.STATION})
_BUSY = frozenset({Status.EN_ROUTE, Status.ON_SCENE, Status.EMERGENCY})
_NO_SEAT = frozenset({UnitKind.FOOT, UnitKind.MOTORCYCLE, UnitKind.BICYCLE})
_LOST = frozenset({DoubtKind.JUMP, DoubtKind.POSITION})
_LOOKED_AHEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """What the units are looked at with.

    Attributes:
        center: whose units.
        orders: in force that demand two to a car; none for a plan that nobody has ordered.
        limits: by which units are judged.
        history: whose calls weigh the beats; None for even beats.
        now: the moment.
    """

    center: Agency
    orders: tuple[posture.Order, ...]
    limits: Limits
    history: CallHistory | None
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """A situation, and what could not be brought into it.

    Attributes:
        situation: for the plan.
        names: of the beats, by key.
        unplanned: units of which it is not known whether they ride alone, each with why.
        unheeded: people's words that cannot count now, each with why.
        is_weighed: whether the beats are weighed by the center's own calls.
    """

    situation: plan.Situation
    names: Mapping[str, str]
    unplanned: tuple[tuple[str, str], ...]
    unheeded: tuple[tuple[PairingWord, str], ...]
    is_weighed: bool


def facts_of(units: Mapping[str, Unit], words: Sequence[PairingWord], roads: Roads) -> Facts:
    """All that a plan is made from; where a unit is not known to ride alone, it is left out.

    Whether others stand nearby does not count: who rides alone in his car is to be joined. A
    position that is old, doubted or outside the center's ground is dropped.
    """
    picture = Picture(at=roads.now, units=units, crews=crews_of(units))
    lone: dict[str, Unit] = {}
    full: list[Unit] = []
    unplanned: list[tuple[str, str]] = []
    for key, unit in sorted(units.items()):
        if unit.status in _OFF:
            continue
        concerned = _concerns(unit, roads)
        if concerned is Coverage.NO:
            continue
        standings = who_is_alone(unit, picture, roads.limits, counts_others=False)
        alone = any(one.company is Company.ALONE and one.is_present for one in standings)
        if concerned is Coverage.NOT_KNOWN:
            unplanned.append((key, "Whether an order concerns it is not known."))
        elif alone:
            lone[key] = unit
        elif any(one.company is Company.NOT_KNOWN and one.is_present for one in standings):
            reason = next(one.reason for one in standings if one.company is Company.NOT_KNOWN)
            unplanned.append((key, reason))
        elif any(one.company is Company.TOGETHER for one in standings):
            full.append(unit)
    grounds = _grounds(roads.center, {unit.agency for unit in lone.values()})
    weights = _weights(grounds, roads.history)
    planned = _units(lone, grounds, roads)
    by_hand, unheeded = _by_hand(words, {unit.key: unit for unit in planned})
    return Facts(
        situation=plan.Situation(
            units=planned, beats=_beats(grounds, weights, full), by_hand=by_hand
        ),
        names={area.key: area.name for area, _ in grounds},
        unplanned=tuple(unplanned),
        unheeded=unheeded,
        is_weighed=bool(weights),
    )


def _concerns(unit: Unit, roads: Roads) -> Coverage:
    """Whether one of the orders concerns the unit; without an order all are concerned."""
    if not roads.orders:
        return Coverage.YES
    found = {coverage(one, unit, roads.now, roads.limits.stale_after) for one in roads.orders}
    both = (Coverage.YES, Coverage.NOT_KNOWN)
    return next((one for one in both if one in found), Coverage.NO)


def _grounds(center: Agency, agencies: Collection[str]) -> list[tuple[Area, Any]]:
    """The areas for which these agencies answer, the smallest first: it is the unit's beat."""
    rows = Area.objects.filter(agencies__key__in=agencies).distinct().order_by("key")
    found = []
    for area in rows:
        try:
            found.append((area, ground_of(area.name, area.outline).outline))
        except Error:
            continue  # a ground that nobody can read is nobody's beat
    return sorted(found, key=lambda one: (one[1].area, one[0].key))


def _weights(
    grounds: Sequence[tuple[Area, Any]], history: CallHistory | None
) -> Mapping[str, float]:
    """Calls an hour on each area, by its key; nothing where the history names none of them."""
    if history is None:
        return {}
    hours = max(1.0, (history.last_at - history.first_at) / timedelta(hours=1))
    counts = {
        area.key: sum(history.beats.get(one, 0) for one in {area.key, area.name, *area.names})
        for area, _ in grounds
    }
    return {key: many / hours for key, many in counts.items()} if any(counts.values()) else {}


def _beats(
    grounds: Sequence[tuple[Area, Any]], weights: Mapping[str, float], full: Iterable[Unit]
) -> tuple[plan.Beat, ...]:
    cars: dict[str, int] = {}
    for unit in full:
        beat = _beat_at(unit, grounds)
        if beat:
            cars[beat] = cars.get(beat, 0) + 1
    return tuple(
        plan.Beat(
            key=area.key,
            weight=weights.get(area.key, 0.0) if weights else 1.0,
            centre=plan.Spot(longitude=ground.centroid.x, latitude=ground.centroid.y),
            cars=cars.get(area.key, 0),
        )
        for area, ground in grounds
    )


def _beat_at(unit: Unit, grounds: Iterable[tuple[Area, Any]]) -> str | None:
    at = unit.position
    if at is None:
        return None
    return next(
        (area.key for area, ground in grounds if shapely.intersects_xy(ground, at.lon, at.lat)),
        None,
    )


def _units(
    lone: Mapping[str, Unit], grounds: Sequence[tuple[Area, Any]], roads: Roads
) -> tuple[plan.Unit, ...]:
    named = {key: [one.person for one in unit.present] for key, unit in lone.items()}
    people = find_people(named)
    pks = {one.pk for crew in people.values() for one in crew}
    rows = {one.pk: one for one in with_duty(Person.objects.filter(pk__in=pks))}
    found = []
    for key, unit in lone.items():
        crew = [rows[one.pk] for one in people.get(key, ())]
        ends = [end for one in crew if (end := shift_end(one, now=roads.now))]
        roles = {member.role for member in unit.present}
        is_boss = any(Role.SUPERVISOR.value in one.roles for one in crew)
        found.append(
            plan.Unit(
                key=key,
                spot=_spot(unit, roads),
                beat=_beat_at(unit, grounds),
                shift_ends_at=min(ends, default=None),
                is_supervisor=is_boss or CrewRole.SUPERVISOR in roles,
                is_trainee=roles == {CrewRole.TRAINEE},
                is_busy=unit.status in _BUSY or unit.assignment is not None,
                has_seat=unit.kind not in _NO_SEAT,
            )
        )
    return tuple(found)


def _spot(unit: Unit, roads: Roads) -> plan.Spot | None:
    """Where it is; None where that is old, doubted, or outside the ground it can be on."""
    at, limits = unit.position, roads.limits
    if at is None or any(doubt.kind in _LOST for doubt in unit.doubts):
        return None
    is_by_hand = unit.source == BY_HAND
    oldest = limits.by_hand_stale_after if is_by_hand else limits.position_stale_after
    if roads.now - at.at > oldest:
        return None
    if limits.ground is not None and not shapely.intersects_xy(limits.ground, at.lon, at.lat):
        return None
    return plan.Spot(longitude=at.lon, latitude=at.lat)


def shift_end(person: Person, *, now: datetime) -> datetime | None:
    """When the person goes off duty, within a day; None where nobody knows.

    The latest entry of who works counts before the shifts.
    """
    for duty in person.duties.all():
        if duty.covers(now):
            return duty.ends_at if duty.is_on else None
    hours = [shift.hours for shift in person.shifts.all()]
    free = gaps(hours, start=now, end=now + _LOOKED_AHEAD) if hours else ()
    first = free[0][0] if free else None
    return first if first and first > now else None


def _by_hand(
    words: Iterable[PairingWord], units: Mapping[str, plan.Unit]
) -> tuple[plan.ByHand, tuple[tuple[PairingWord, str], ...]]:
    """The words that can count now, and the others with why they cannot."""
    found = plan.ByHand()
    unheeded = []
    for word in words:
        gone = [key for key in (word.one, word.other) if key not in units]
        lost = [
            key
            for key in (word.one, word.other)
            if key in units and units[key].spot is None and units[key].beat is None
        ]
        pair = (word.one, word.other)
        if gone:
            unheeded.append((word, f"{' and '.join(gone)} is not known to ride alone now."))
        elif not word.is_pair:
            found = replace(found, apart=(*found.apart, pair))
        elif lost:
            unheeded.append((word, f"Nobody knows where {' and '.join(lost)} is."))
        else:
            found = replace(found, together=(*found.together, pair))
    return found, tuple(unheeded)
