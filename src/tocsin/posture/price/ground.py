"""Where the cars are, and how many minutes each of them is from a call.

Two grounds: points on a plane, where calls have places, and beats that touch, where they have not.
A car that cannot be sent is infinitely far.
"""

from collections import deque
from typing import Protocol

import numpy as np

from tocsin.errors import InputError
from tocsin.posture.price.assumed import Settings
from tocsin.posture.price.past import Indices, Numbers, Past, Points, to_km
from tocsin.posture.price.roster import Roster
from tocsin.posture.price.stretch import Stretch


class Ground(Protocol):
    """Where the free cars of one run are. Calls and cars go by their index."""

    def minutes_to(self, call: int) -> Numbers:
        """Minutes of every car to the call; infinite for one that cannot be sent."""

    def put_at(self, car: int, call: int) -> float:
        """The car is free where this call was; returns the minutes from there to its beat."""

    def put_home(self, car: int) -> None:
        """The car is free in its beat."""

    def take(self, car: int) -> None:
        """The car cannot be sent."""


class Plane:
    """Cars at points of a plane, driving at one speed along roads of one detour."""

    def __init__(self, stretch: Stretch, homes: Points, *, pace: float) -> None:
        self._calls = stretch.place * pace
        self._homes = homes * pace
        self._cars = np.full(len(homes), complex(np.inf, 0))

    def minutes_to(self, call: int) -> Numbers:
        """Minutes along the road."""
        minutes: Numbers = np.abs(self._cars - self._calls[call])
        return minutes

    def put_at(self, car: int, call: int) -> float:
        """The car stands where the call was."""
        here = self._calls[call]
        self._cars[car] = here
        return float(abs(here - self._homes[car]))

    def put_home(self, car: int) -> None:
        """The car stands in the middle of its beat."""
        self._cars[car] = self._homes[car]

    def take(self, car: int) -> None:
        """The car is nowhere."""
        self._cars[car] = complex(np.inf, 0)


class Hops:
    """Cars in beats; the way is counted in beats crossed."""

    def __init__(self, stretch: Stretch, homes: Indices, table: Numbers) -> None:
        self._calls = stretch.beat
        self._homes = homes
        self._table = table
        self._cars = homes.copy()
        self._away = np.full(len(homes), np.inf)

    def minutes_to(self, call: int) -> Numbers:
        """Minutes by the beats between."""
        minutes: Numbers = self._table[self._calls[call]][self._cars] + self._away
        return minutes

    def put_at(self, car: int, call: int) -> float:
        """The car stands in the beat of the call."""
        here, home = self._calls[call], self._homes[car]
        self._cars[car] = here
        self._away[car] = 0.0
        return 0.0 if here == home else float(self._table[here][home])

    def put_home(self, car: int) -> None:
        """The car stands in its beat."""
        self._cars[car] = self._homes[car]
        self._away[car] = 0.0

    def take(self, car: int) -> None:
        """The car is away."""
        self._away[car] = np.inf


class Map:
    """Makes the ground of each run: points where the calls have places, beats that touch else."""

    def __init__(self, past: Past, roster: Roster, settings: Settings) -> None:
        """Choose by what the history knows.

        Raises:
            InputError: the speed, or the minutes between beats, are not stated.
        """
        self._pace = 0.0
        self._centres: Points | None = None
        self._table: Numbers | None = None
        if np.isnan(past.place.real).all():
            self._table = _table(roster, past, settings)
        else:
            self._pace = _pace(settings)
            self._centres = _centres(roster, past)

    def ground(self, stretch: Stretch, homes: Indices) -> Ground:
        """A fresh ground on which no car is free yet; `homes` holds each car's beat."""
        if self._centres is not None:
            return Plane(stretch, self._centres[homes], pace=self._pace)
        if self._table is None:
            raise InputError("Neither places nor beats are known.", way_out="Give either.")
        return Hops(stretch, homes, self._table)

    def assumption(self, settings: Settings) -> str:
        """How the way of a car is reckoned, in a sentence."""
        if self._table is None:
            return (
                f"Cars drive {settings.speed_kmh:g} km/h on roads {settings.detour:g} times the "
                "straight line; the free car with the shortest way goes."
            )
        return (
            f"Places are not known: a car needs {settings.inside_minutes:g} minutes within a beat "
            f"and {settings.hop_minutes:g} for each beat crossed; the free car with the fewest "
            "goes."
        )


def _pace(settings: Settings) -> float:
    """Minutes for a km of straight line."""
    if settings.speed_kmh is None:
        raise InputError(
            "The calls have places, and no speed is stated.",
            way_out="State speed_kmh, the speed of a car on its way.",
        )
    return 60.0 * settings.detour / settings.speed_kmh


def _centres(roster: Roster, past: Past) -> Points:
    """The middle of each beat in km: as stated, else the median of its calls."""
    centres = np.zeros(len(roster.beats), dtype=np.complex128)
    for index, beat in enumerate(roster.beats):
        calls = past.place[(past.beat == index) & ~np.isnan(past.place.real)]
        if beat.centre is not None:
            centres[index] = to_km(beat.centre, past.middle)
        elif len(calls):
            centres[index] = complex(np.median(calls.real), np.median(calls.imag))
        else:
            raise InputError(
                f"The beat {beat.key[:60]!r} has no centre, and no call of the history has a place "
                "in it.",
                way_out="State its centre in the roster.",
            )
    return centres


def _table(roster: Roster, past: Past, settings: Settings) -> Numbers:
    """Minutes from beat to beat, shape (beats, beats)."""
    if settings.hop_minutes is None or settings.inside_minutes is None:
        raise InputError(
            "The calls have no places, and the minutes between beats are not stated.",
            way_out="State hop_minutes and inside_minutes, or give places.",
        )
    if (past.beat < 0).all():
        raise InputError(
            "The calls have neither places nor beats of the roster.",
            way_out="Name the column of either, and give the beats the names of the roster.",
        )
    hops = _hops(roster)
    if np.isinf(hops).any():
        one, other = (roster.keys[int(i)][:60] for i in np.argwhere(np.isinf(hops))[0])
        raise InputError(
            f"There is no way from the beat {one!r} to {other!r}.",
            way_out="State which beats touch, so that each can be reached.",
        )
    return hops * settings.hop_minutes + settings.inside_minutes


def _hops(roster: Roster) -> Numbers:
    """Fewest beats to cross from each beat to each other; touching goes both ways."""
    number = {key: index for index, key in enumerate(roster.keys)}
    touching: list[set[int]] = [set() for _ in roster.beats]
    for index, beat in enumerate(roster.beats):
        for key in beat.neighbours:
            touching[index].add(number[key])
            touching[number[key]].add(index)
    hops = np.full((len(touching), len(touching)), np.inf)
    for start in range(len(touching)):
        hops[start, start] = 0
        waiting = deque([start])
        while waiting:
            here = waiting.popleft()
            for there in touching[here]:
                if np.isinf(hops[start, there]):
                    hops[start, there] = hops[start, here] + 1
                    waiting.append(there)
    return hops
