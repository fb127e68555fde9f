"""Whether a situation can be planned from: numbers that are some, positions on the right ground."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

from tocsin.errors import InputError
from tocsin.posture.pairing.facts import Beat, Limits, Situation, Spot, Unit, Weights

MOST_UNITS = 1000
"""Units of one plan; a thousand take seconds."""

MOST_BEATS = 1000
MOST_PLACES = 100

LONGEST_KEY = 100
"""Characters."""

FARTHEST = 500.0
"""Km from the middle of everything beyond which a position is taken for a mistake."""

HEAVIEST = 1000.0
"""Calls in an hour on one beat."""

_ROUND = 6371.0088 * math.pi / 180
"""Km in a degree of latitude."""

_CORRECT = "Correct it, or leave it out: a unit without a position is planned from its beat."


def check_situation(situation: Situation) -> None:
    """Nothing, where a plan can be made from these facts.

    Raises:
        InputError: names the first unit, beat or place that cannot be right.
    """
    _check_sizes(situation)
    _check_keys("unit", [unit.key for unit in situation.units])
    _check_keys("beat", [beat.key for beat in situation.beats])
    _check_keys("place", [place.key for place in situation.places])
    beats = {beat.key for beat in situation.beats}
    for beat in situation.beats:
        _check_beat(beat, beats)
    for unit in situation.units:
        _check_unit(unit, beats)
    for place in situation.places:
        _check_spot(f"Place {place.key}", place.spot)
    _check_spread(situation)
    _check_earlier(situation)


def check_settings(limits: Limits, weights: Weights) -> None:
    """Nothing, where limits and weights are numbers that a plan can keep to.

    Raises:
        InputError: names the first that is none.
    """
    for group in (limits, weights):
        for one in fields(group):
            value = getattr(group, one.name)
            number = value.total_seconds() if isinstance(value, timedelta) else value
            if not isinstance(number, frozenset) and not _is_between(number, 0, 100_000):
                raise InputError(
                    f"The pairing's {one.name} is {value}.",
                    way_out="It is a number from 0 to 100,000.",
                )
    if limits.speed < 1 or limits.detour < 1:
        raise InputError(
            f"A speed of {limits.speed} km an hour with a detour of {limits.detour} goes nowhere.",
            way_out="Both are at least 1.",
        )


def _check_sizes(situation: Situation) -> None:
    for name, things, most in (
        ("units", situation.units, MOST_UNITS),
        ("beats", situation.beats, MOST_BEATS),
        ("places", situation.places, MOST_PLACES),
    ):
        if len(things) > most:
            raise InputError(
                f"A pairing plan of {len(things)} {name}; {most} are the most.",
                way_out="Plan each area by itself.",
            )


def _check_keys(kind: str, keys: Sequence[object]) -> None:
    for key in keys:
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
            raise InputError(
                f"A {kind} has the key {key!r:.80}.",
                way_out=f"A key is a text of 1 to {LONGEST_KEY} characters.",
            )
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise InputError(
            f"The {kind} {twice[0]} is listed twice.",
            way_out="List each once; two of the same call sign need different keys.",
        )


def _check_unit(unit: Unit, beats: set[str]) -> None:
    name = f"Unit {unit.key}"
    if unit.spot is not None:
        _check_spot(name, unit.spot)
    if unit.beat is not None and unit.beat not in beats:
        raise InputError(
            f"{name} works the beat {unit.beat}, which is not listed.",
            way_out="Add the beat, or leave it open.",
        )
    times: dict[str, object] = {"shift end": unit.shift_ends_at, "busy until": unit.busy_until}
    for what, at in times.items():
        if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
            raise InputError(f"{name}: {what} is no time with a zone.", way_out="Give it in UTC.")


def _check_beat(beat: Beat, beats: set[str]) -> None:
    name = f"Beat {beat.key}"
    if not _is_between(beat.weight, 0, HEAVIEST):
        raise InputError(
            f"{name} has the weight {beat.weight}.",
            way_out=f"It is the calls expected in an hour, from 0 to {HEAVIEST:,.0f}.",
        )
    if not _is_between(beat.cars, 0, HEAVIEST):
        raise InputError(f"{name} has {beat.cars} cars.", way_out="Count them again.")
    if beat.centre is None and beat.outline is None:
        raise InputError(f"{name} lies nowhere.", way_out="Give its middle or its outline.")
    if beat.centre is not None:
        _check_spot(name, beat.centre)
    unknown = set(beat.neighbours or ()) - beats
    if unknown:
        raise InputError(
            f"{name} borders on {min(unknown)}, which is not listed.",
            way_out="Add that beat, or take it out of the neighbours.",
        )


def _check_spot(name: str, spot: Spot) -> None:
    east, north = spot.longitude, spot.latitude
    if not _is_between(east, -180, 180) or not _is_between(north, -90, 90):
        swapped = _is_between(north, -180, 180) and _is_between(east, -90, 90)
        raise InputError(
            f"{name} is at longitude {east}, latitude {north}, which is not on the earth.",
            way_out="The two seem to be swapped." if swapped else _CORRECT,
        )
    if abs(east) < 1e-6 and abs(north) < 1e-6:
        raise InputError(
            f"{name} is at longitude 0, latitude 0: what a receiver says that has no fix.",
            way_out=_CORRECT,
        )


def _check_spread(situation: Situation) -> None:
    """Nothing, where each position lies near the middle of the beats, or else of the units."""
    fixed = [beat.centre for beat in situation.beats if beat.centre is not None]
    units = [unit.spot for unit in situation.units if unit.spot is not None]
    known = fixed or units
    if not known:
        return
    middle = _middle(known)
    for unit in situation.units:
        if unit.spot is not None and _distance(unit.spot, middle) > FARTHEST:
            turned = Spot(longitude=unit.spot.latitude, latitude=unit.spot.longitude)
            is_turned = _distance(turned, middle) <= FARTHEST
            raise InputError(
                f"Unit {unit.key} is at longitude {unit.spot.longitude}, latitude"
                f" {unit.spot.latitude}, more than {FARTHEST:.0f} km from the others.",
                way_out="Longitude and latitude seem to be swapped." if is_turned else _CORRECT,
            )


def _middle(spots: Sequence[Spot]) -> Spot:
    """The median of both coordinates, counted from the first: right across longitude 180 too."""
    origin = spots[0].longitude
    turns = sorted(_turn(spot.longitude - origin) for spot in spots)
    heights = sorted(spot.latitude for spot in spots)
    return Spot(
        longitude=_turn(origin + turns[len(turns) // 2]), latitude=heights[len(heights) // 2]
    )


def _distance(one: Spot, other: Spot) -> float:
    """Km, roughly: enough to tell a county from an ocean."""
    east = _turn(one.longitude - other.longitude) * math.cos(math.radians(other.latitude))
    return math.hypot(east, one.latitude - other.latitude) * _ROUND


def _turn(degrees: float) -> float:
    return (degrees + 180) % 360 - 180


def _check_earlier(situation: Situation) -> None:
    pairs = [earlier.units for earlier in situation.earlier]
    for key in twice_in(pairs):
        raise InputError(
            f"Unit {key} is in two pairs of the plan before.", way_out="Give the last plan alone."
        )


def twice_in(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The units that stand in more than one of the pairs, in order; the same pair twice is one."""
    counted = Counter(key for pair in {frozenset(pair) for pair in pairs} for key in pair)
    return sorted(key for key, count in counted.items() if count > 1)


def _is_between(number: object, least: float, most: float) -> bool:
    """Whether it is a number from `least` to `most`; NaN is none, nor is True."""
    return (
        isinstance(number, int | float) and not isinstance(number, bool) and least <= number <= most
    )
