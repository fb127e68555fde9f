"""The cars of one form: which car belongs to which beat, and in which hours it is on the road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import InputError
from tocsin.posture.price.assumed import HOURS
from tocsin.posture.price.form import Form
from tocsin.posture.price.past import Indices, Past
from tocsin.posture.price.roster import Roster, Table, cars_in_pairs, cars_today
from tocsin.posture.price.stretch import Stretch

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Cars of a form, and how they are sent.

    Attributes:
        homes: the beat of each car.
        on_road: whether it is on the road, shape (cars, 168).
        wanted: whether the roster of today has a car in the beat, shape (beats, 168).
        pace: time at a call over that of today's crews.
        second_stays: share of the call's time that a second car stays.
        near_of: how many of the longest waiting calls a free car may choose the nearest from.
    """

    homes: Indices
    on_road: Flags
    wanted: Flags
    pace: float = 1.0
    second_stays: float = 1.0
    near_of: int = 1


def cars_of(form: Form, roster: Roster, past: Past) -> Table:
    """Cars on the road under the form, by beat and hour of the week."""
    if not form.two_to_a_car:
        return cars_today(roster)
    load = np.bincount(past.beat[past.beat >= 0], minlength=len(roster.beats))
    return cars_in_pairs(roster, [float(calls) for calls in load])


def fleet_of(
    cars: Table, today: Table, *, pace: float = 1.0, second_stays: float = 1.0, near_of: int = 1
) -> Fleet:
    """A car for each that a beat has in its fullest hour."""
    most = cars.max(axis=1)
    homes = np.repeat(np.arange(len(cars)), most)
    rank = np.concatenate([np.arange(many) for many in most]).astype(np.int64)
    return Fleet(
        homes=homes,
        on_road=cars[homes] > rank[:, None],
        wanted=today > 0,
        pace=pace,
        second_stays=second_stays,
        near_of=near_of,
    )


def second_cars(form: Form, stretch: Stretch, kinds: tuple[str, ...]) -> Flags:
    """For each call, whether two cars go to it under the form."""
    table = np.array(
        [
            [form.two_cars.includes(kind=kind, priority=priority) for priority in range(10)]
            for kind in kinds
        ],
        dtype=bool,
    )
    flags: Flags = table[stretch.kind, stretch.priority]
    return flags


def check_fleet(form: Form, cars: Table, *, needs_two: bool) -> None:
    """Raise where a call could never be answered.

    Raises:
        InputError: the form leaves too few cars in every hour.
    """
    most = int(cars.sum(axis=0).max())
    if most < (2 if needs_two else 1):
        raise InputError(
            f"Under the form {form.key!r} there are {most} cars at the most in any of {HOURS} "
            "hours: some calls could never be answered.",
            way_out="Add officers to the roster, or leave this form out.",
        )
