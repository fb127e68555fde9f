"""How good and how fast a pairing plan is: `measure()` for figures, `table()` for people.

An invented city in which every unit has its beat: beats of about 4 square km, demand after a gamma
distribution, three in ten units busy for up to 15 minutes, four shifts, one trainee in twelve. The
cities are drawn from seeds, so that two runs measure the same plans.
"""

import math
import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from rich.table import Table

from tocsin.posture.pairing import Beat, Limits, Plan, Situation, Spot, Unit, plan_pairs

NOW = datetime(2026, 3, 2, 22, 0, tzinfo=UTC)
SIZES = (50, 200, 500)
SEEDS = 10

_WEST, _SOUTH = -97.1, 32.7
_KM_NORTH = 1 / 111.195
_KM_EAST = _KM_NORTH / math.cos(math.radians(_SOUTH))
_BEAT_KM = 2.0
"""Sides of a beat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Plans of one size: seconds, minutes of plan, rule and bound, each over the same cities."""

    units: int
    beats: int
    seconds: tuple[float, ...]
    plans: tuple[float, ...]
    rules: tuple[float, ...]
    bounds: tuple[float, ...]
    pairs: tuple[int, ...]
    left_over: tuple[int, ...]


def city(units: int, *, beats: int | None = None, seed: int = 0) -> Situation:
    """An invented city with so many lone units, and as many beats unless said otherwise."""
    draw = random.Random(seed)  # noqa: S311 # invents a city, guards nothing
    side = math.ceil(math.sqrt(beats or units))
    grid = [_beat(draw, number, side) for number in range(beats or units)]
    return Situation(
        units=tuple(_unit(draw, number, grid[number % len(grid)]) for number in range(units)),
        beats=tuple(grid),
    )


def measure(
    units: int, *, beats: int | None = None, seeds: int = SEEDS, limits: Limits | None = None
) -> Measured:
    """Plans as many cities as there are seeds, one after the other on this core."""
    seconds: list[float] = []
    plans: list[Plan] = []
    for seed in range(seeds):
        situation = city(units, beats=beats, seed=seed)
        begun = time.perf_counter()
        plans.append(plan_pairs(situation, limits=limits or Limits(), now=NOW))
        seconds.append(time.perf_counter() - begun)
    return Measured(
        units=units,
        beats=beats or units,
        seconds=tuple(seconds),
        plans=tuple(plan.objective.minutes for plan in plans),
        rules=tuple(plan.greedy or math.inf for plan in plans),
        bounds=tuple(plan.bound for plan in plans),
        pairs=tuple(len(plan.pairs) for plan in plans),
        left_over=tuple(len(plan.left_over) for plan in plans),
    )


def table(sizes: Sequence[int] = SIZES, *, seeds: int = SEEDS) -> Table:
    """One row for each size; the beats half as many, and as many as units."""
    made = Table(
        "units", "beats", "s median", "s worst", "plan", "nearest first", "bound",
        "gap mean", "gap worst", "pairs", "left over",
        title=f"Pairing: {seeds} invented cities each, means unless said otherwise",
    )  # fmt: skip
    for units in sizes:
        for beats in (units // 2, units):
            made.add_row(*_row(measure(units, beats=beats, seeds=seeds)))
    return made


def _row(one: Measured) -> list[str]:
    gaps = [
        (plan - bound) / plan for plan, bound in zip(one.plans, one.bounds, strict=True) if plan
    ]
    return [
        str(one.units),
        str(one.beats),
        f"{statistics.median(one.seconds):.2f}",
        f"{max(one.seconds):.2f}",
        *(f"{statistics.mean(values):,.0f} min" for values in (one.plans, one.rules, one.bounds)),
        f"{statistics.mean(gaps):.2%}",
        f"{max(gaps):.2%}",
        f"{statistics.mean(one.pairs):.1f}",
        f"{statistics.mean(one.left_over):.1f}",
    ]


def _beat(draw: random.Random, number: int, side: int) -> Beat:
    return Beat(
        key=f"B{number}",
        weight=round(draw.gammavariate(2, 0.3), 3),
        centre=_spot(
            (number % side + draw.uniform(-0.3, 0.3)) * _BEAT_KM,
            (number // side + draw.uniform(-0.3, 0.3)) * _BEAT_KM,
        ),
    )


def _unit(draw: random.Random, number: int, beat: Beat) -> Unit:
    middle = beat.centre or _spot(0, 0)
    return Unit(
        key=f"U{number}",
        beat=beat.key,
        spot=Spot(
            longitude=middle.longitude + draw.gauss(0, 0.7) * _KM_EAST,
            latitude=middle.latitude + draw.gauss(0, 0.7) * _KM_NORTH,
        ),
        shift_ends_at=NOW + timedelta(hours=draw.choice([1, 3, 5, 7])),
        is_trainee=draw.random() < 1 / 12,
        is_supervisor=draw.random() < 1 / 12,
        busy_until=NOW + timedelta(minutes=draw.uniform(0, 15)) if draw.random() < 0.3 else None,
    )


def _spot(east: float, north: float) -> Spot:
    return Spot(longitude=_WEST + east * _KM_EAST, latitude=_SOUTH + north * _KM_NORTH)


if __name__ == "__main__":
    from rich.console import Console

    Console(width=130).print(table())
