"""Who is on the road: beats, their cars and officers by hour of the week, and cars in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import InputError
from tocsin.posture.price.assumed import HOURS
from tocsin.posture.price.history import is_on_earth

MOST_BEATS = 1000
MOST_CARS = 60
"""Cars of one beat at one hour."""

_CORRECT = "Correct the roster and give it again."

Table = NDArray[np.int64]
"""Cars by beat and hour of the week, shape (beats, 168)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """One beat and those who work it.

    Attributes:
        key: the beat's name in the history.
        cars: on the road in each hour of the week, 168 of them from Monday 00:00.
        officers: in these cars, hour by hour; not fewer than cars.
        centre: longitude and latitude in WGS 84 degrees; without it the median of the beat's calls.
        neighbours: keys of the beats that touch it; needed where places are not known.
    """

    key: str
    cars: tuple[int, ...]
    officers: tuple[int, ...]
    centre: tuple[float, float] | None = None
    neighbours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The beats of a center, in an order that stays."""

    beats: tuple[Beat, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of the beats, in order."""
        return tuple(beat.key for beat in self.beats)


def roster_of(beats: Sequence[Beat]) -> Roster:
    """A roster of these beats.

    Raises:
        InputError: names the beat that cannot be.
    """
    if not 1 <= len(beats) <= MOST_BEATS:
        raise InputError(
            f"The roster has {len(beats)} beats; 1 to {MOST_BEATS} can be.", way_out=_CORRECT
        )
    keys = {beat.key for beat in beats}
    if len(keys) != len(beats):
        raise InputError("A beat stands twice in the roster.", way_out=_CORRECT)
    for beat in beats:
        fault = _fault_of(beat, keys)
        if fault:
            raise InputError(f"The beat {beat.key[:60]!r} {fault}.", way_out=_CORRECT)
    if not any(any(beat.cars) for beat in beats):
        raise InputError("The roster has no car in any hour.", way_out=_CORRECT)
    return Roster(beats=tuple(beats))


def even_beat(
    key: str,
    *,
    cars: int,
    officers_per_car: int = 1,
    centre: tuple[float, float] | None = None,
    neighbours: tuple[str, ...] = (),
) -> Beat:
    """A beat with the same cars in every hour."""
    return Beat(
        key=key,
        cars=(cars,) * HOURS,
        officers=(cars * officers_per_car,) * HOURS,
        centre=centre,
        neighbours=neighbours,
    )


def cars_today(roster: Roster) -> Table:
    """The cars of the roster as it is."""
    return np.array([beat.cars for beat in roster.beats], dtype=np.int64)


def officers_today(roster: Roster) -> Table:
    """The officers in them."""
    return np.array([beat.officers for beat in roster.beats], dtype=np.int64)


def cars_in_pairs(roster: Roster, load: Sequence[float]) -> Table:
    """The cars left when the same officers ride two to a car.

    In each hour each beat joins its own officers first. Officers left over one to a beat are joined
    across beats: of two such beats the busier keeps the car. Where one officer is left over in
    the whole, he rides as a third; a center with a single officer on the road has no car.
    No beat gets more cars than it has today.

    Args:
        roster: as it is today.
        load: how busy each beat is, in any unit.
    """
    officers, today = officers_today(roster), cars_today(roster)
    cars = np.minimum(officers // 2, today)
    odd = (officers % 2 == 1) & (cars < today)
    for hour in range(HOURS):
        lone = [int(beat) for beat in np.flatnonzero(odd[:, hour])]
        lone.sort(key=lambda beat: (-load[beat], beat))
        cars[lone[: len(lone) // 2], hour] += 1
    return cars


def _fault_of(beat: Beat, keys: set[str]) -> str:
    """What is wrong with the beat, in words; empty where nothing is."""
    if len(beat.cars) != HOURS or len(beat.officers) != HOURS:
        return f"does not say cars and officers for {HOURS} hours"
    for hour, (cars, officers) in enumerate(zip(beat.cars, beat.officers, strict=True)):
        if not 0 <= cars <= MOST_CARS:
            return f"has {cars} cars in hour {hour}; 0 to {MOST_CARS} can be"
        if not cars <= officers <= 4 * cars:
            return f"has {officers} officers in {cars} cars in hour {hour}"
    if beat.centre is not None and not is_on_earth(beat.centre):
        return "has a centre that is not on the earth"
    unknown = set(beat.neighbours) - keys
    return f"touches {min(unknown)[:60]!r}, which is no beat of the roster" if unknown else ""
