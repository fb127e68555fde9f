"""The rules of the measures that a units feed can show: one function for each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.posture.alone import (
    Company,
    Standing,
    company_beside,
    in_minutes,
    is_undermined,
    who_is_alone,
    why_not_known,
)
from tocsin.posture.limits import Limits
from tocsin.posture.near import Picture
from tocsin.posture.order import Measure
from tocsin.posture.taking import is_stale
from tocsin.posture.unit import BY_HAND, Status, Unit, UnitKind, officers_aboard


class State(StrEnum):
    """How a measure stands."""

    BROKEN = "broken"
    NOT_KNOWN = "not_known"
    KEPT = "kept"
    NOT_WATCHED = "not_watched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """How one measure stands with one unit, before any order is asked.

    Attributes:
        state: broken, not known or kept.
        reason: a sentence.
        persons: those who are alone, or may be; empty where no person is named.
    """

    state: State
    reason: str
    persons: tuple[str, ...] = ()


Rule = Callable[[Unit, Picture, Limits], Ruling | None]
"""None where the measure does not concern what the unit is or does."""

_VEHICLES = frozenset({UnitKind.CAR, UnitKind.BOAT, UnitKind.OTHER})
_EXPOSED = frozenset({UnitKind.FOOT, UnitKind.BICYCLE, UnitKind.MOTORCYCLE})
_ARRIVED = frozenset({Status.ON_SCENE, Status.EMERGENCY})


def two_to_a_car(unit: Unit, picture: Picture, limits: Limits) -> Ruling | None:
    """Broken by everybody who is alone in a car; two cars together may count as two to a car."""
    if unit.kind not in _VEHICLES or is_left(unit, picture, limits):
        return None
    return of_persons(who_is_alone(unit, picture, limits, counts_others=limits.two_cars_count))


def no_solo_patrol(unit: Unit, picture: Picture, limits: Limits) -> Ruling | None:
    """Broken by everybody who patrols alone on foot, by bicycle or by motorcycle."""
    if unit.kind not in _EXPOSED or is_left(unit, picture, limits):
        return None
    return of_persons(who_is_alone(unit, picture, limits))


def is_left(unit: Unit, picture: Picture, limits: Limits) -> bool:
    """Whether it is known that nobody is out with the unit: off duty, or parked and empty."""
    if unit.status is Status.OFF_DUTY:
        return True
    is_parked = unit.status is Status.OUT_OF_SERVICE and not unit.members and unit.crew_count == 0
    return is_parked and not why_not_known(unit, picture.at, limits) and not is_undermined(unit)


def no_solo_breaks(unit: Unit, picture: Picture, limits: Limits) -> Ruling | None:
    """Broken by everybody who takes a break with no officer beside him."""
    if unit.status is not Status.BREAK:
        return None
    return of_persons(who_is_alone(unit, picture, limits))


def two_cars_to_a_call(unit: Unit, picture: Picture, limits: Limits) -> Ruling | None:
    """Broken by a unit that is sent to a call, or stands at one, without a second."""
    if unit.assignment is None or unit.status in {Status.OFF_DUTY, Status.STATION}:
        return None
    persons = tuple(member.person for member in unit.present)
    if is_stale(unit, picture.at, limits):
        text = why_not_known(unit, picture.at, limits)
        return Ruling(state=State.NOT_KNOWN, reason=text, persons=persons)
    beside = company_beside(unit, picture, limits)
    if beside:
        return _sure(unit, beside, persons)
    others = [other for other in on_call(unit, picture) if officers_aboard(other) is not False]
    fresh = [other for other in others if not _is_silent(other, picture, limits)]
    if not fresh:
        if others:
            text = f"{others[0].call_sign} is on it too; what is known of it is old or doubtful."
            return Ruling(state=State.NOT_KNOWN, reason=text, persons=persons)
        text = f"{unit.call_sign} is alone on call {unit.assignment.call}."
        return Ruling(state=State.BROKEN, reason=text, persons=persons)
    return _second_car(unit, fresh, picture, limits)


def on_call(unit: Unit, picture: Picture) -> list[Unit]:
    """The other units on the same call; numbers of two systems are never taken for one call."""
    if unit.assignment is None:
        return []
    return [
        other
        for key in picture.calls.get(unit.assignment.call, ())
        if key != unit.key
        and _shares_calls(unit, other := picture.units[key])
        and other.status is not Status.STATION
    ]


def of_persons(standings: Sequence[Standing]) -> Ruling:
    """The worst of those who are with their unit; the absent are no part of it."""
    present = [one for one in standings if one.is_present]
    for company, state in (
        (Company.ALONE, State.BROKEN),
        (Company.NOT_KNOWN, State.NOT_KNOWN),
    ):
        worst = [one for one in present if one.company is company]
        if worst:
            persons = tuple(one.person for one in worst if one.person)
            return Ruling(state=state, reason=worst[0].reason, persons=persons)
    if not present:
        text = "Nobody is with the unit." if standings else "Nobody is named."
        return Ruling(state=State.NOT_KNOWN, reason=text)
    return Ruling(state=State.KEPT, reason=present[0].reason)


def _second_car(unit: Unit, others: Sequence[Unit], picture: Picture, limits: Limits) -> Ruling:
    """How it stands where another unit is on the call."""
    persons = tuple(member.person for member in unit.present)
    there = [other for other in others if other.status in _ARRIVED]
    if unit.status not in _ARRIVED or there:
        other = (there or list(others))[0]
        return _sure(unit, f"{other.call_sign} is on the call too.", persons)
    waiting = picture.at - unit.status_since if unit.status_since else None
    if waiting is not None and waiting <= limits.second_car_within:
        text = f"{others[0].call_sign} is on its way; the first is there for {in_minutes(waiting)}."
        return _sure(unit, text, persons)
    how_long = f"for {in_minutes(waiting)}" if waiting is not None else "for a time not known"
    text = f"{unit.call_sign} is at the call {how_long}; {others[0].call_sign} is not there yet."
    return Ruling(state=State.BROKEN, reason=text, persons=persons)


def _sure(unit: Unit, reason: str, persons: tuple[str, ...]) -> Ruling:
    """Kept, unless a doubt forbids to say so."""
    if is_undermined(unit):
        text = " ".join([reason, *(doubt.text for doubt in unit.doubts)])
        return Ruling(state=State.NOT_KNOWN, reason=text, persons=persons)
    return Ruling(state=State.KEPT, reason=reason)


def _is_silent(unit: Unit, picture: Picture, limits: Limits) -> bool:
    return is_stale(unit, picture.at, limits) or is_undermined(unit)


def _shares_calls(one: Unit, other: Unit) -> bool:
    return one.source == other.source or BY_HAND in {one.source, other.source}


RULES: dict[Measure, Rule] = {
    Measure.TWO_TO_A_CAR: two_to_a_car,
    Measure.TWO_CARS_TO_A_CALL: two_cars_to_a_call,
    Measure.NO_SOLO_BREAKS: no_solo_breaks,
    Measure.NO_SOLO_FOOT_OR_MOTORCYCLE: no_solo_patrol,
}
"""The rule of each measure that is watched."""
