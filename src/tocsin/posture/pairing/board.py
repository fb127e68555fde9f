"""The situation as tables of numbers: minutes from now, degrees, and rows in the order given."""

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tocsin.posture.pairing.facts import Beat, ByHand, Earlier, Limits, Situation, Spot, Weights
from tocsin.posture.pairing.travel import Numbers, arc_km
from tocsin.warn.ground import area_km2, read_outline

Indexes = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The beats, in the order given.

    Attributes:
        centres: degrees. radii: km of a circle as large as the outline.
        is_kept: beats that have a car whatever the plan says.
        must_keep: beats that a person wants kept.
        covered, covers, minutes: a beat, a neighbour that can cover it, the drive between them.
    """

    centres: Numbers
    radii: Numbers
    weights: Numbers
    is_kept: Flags
    must_keep: Flags
    covered: Indexes
    covers: Indexes
    minutes: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The situation, its limits and weights, and their tables.

    Attributes:
        spots: shape (units, 2), degrees; NaN where nobody knows.
        ready: minutes until each unit can drive; NaN where nobody knows.
        lasts: minutes until each shift ends; NaN where nobody knows.
        homes: index of each unit's beat, -1 without one.
        is_free: whether the plan may pair the unit; nobody took it off by hand.
        fixed: pairs by hand, as indexes. apart: the same of pairs that are forbidden.
        earlier: pairs of the plan before of which both units are still there.
    """

    situation: Situation
    limits: Limits
    weights: Weights
    spots: Numbers
    ready: Numbers
    lasts: Numbers
    homes: Indexes
    is_free: Flags
    fixed: frozenset[tuple[int, int]]
    apart: frozenset[tuple[int, int]]
    earlier: dict[tuple[int, int], Earlier]
    grid: Grid

    @property
    def size(self) -> int:
        """How many units."""
        return len(self.situation.units)

    def minutes(self, km: Numbers) -> Numbers:
        """Minutes of the drive over so many km of straight line."""
        return km * (self.limits.detour / self.limits.speed * 60)


def lay_out(situation: Situation, limits: Limits, weights: Weights, *, now: datetime) -> Board:
    """The tables of a situation that has been checked.

    Raises:
        InputError: a beat's outline is no ground.
    """
    units, beats, by_hand = situation.units, situation.beats, situation.by_hand
    number = {unit.key: index for index, unit in enumerate(units)}
    place = {beat.key: index for index, beat in enumerate(beats)}
    homes = np.array([place[u.beat] if u.beat is not None else -1 for u in units], dtype=np.int64)
    grid = _grid(situation, limits, place)
    spots = np.array([_degrees(unit.spot) for unit in units]).reshape(-1, 2)
    unseen = np.isnan(spots[:, 0]) & (homes >= 0)
    spots[unseen] = grid.centres[homes[unseen]]
    off = by_hand.alone | by_hand.desk
    return Board(
        situation=situation,
        limits=limits,
        weights=weights,
        spots=spots,
        ready=np.array([_ready(u.is_busy, u.busy_until, now) for u in units], dtype=np.float64),
        lasts=np.array([_until(u.shift_ends_at, now) for u in units], dtype=np.float64),
        homes=homes,
        is_free=np.array([unit.key not in off for unit in units], dtype=bool),
        fixed=frozenset(_pair(number, *pair) for pair in by_hand.together),
        apart=frozenset(_pair(number, *pair) for pair in by_hand.apart),
        earlier={
            _pair(number, *one.units): one
            for one in situation.earlier
            if all(key in number for key in one.units)
        },
        grid=grid,
    )


def _grid(situation: Situation, limits: Limits, place: dict[str, int]) -> Grid:
    beats = situation.beats
    measured = [_measure(beat) for beat in beats]
    centres = np.array([centre for centre, _ in measured], dtype=np.float64).reshape(-1, 2)
    covered, covers = _borders(beats, centres, limits, place)
    km = arc_km(centres[covered], centres[covers])
    return Grid(
        centres=centres,
        radii=np.array([radius for _, radius in measured], dtype=np.float64),
        weights=np.array([beat.weight for beat in beats], dtype=np.float64),
        is_kept=_kept(beats, situation),
        must_keep=np.array([beat.key in situation.by_hand.keep for beat in beats], dtype=bool),
        covered=covered,
        covers=covers,
        minutes=km * (limits.detour / limits.speed * 60),
    )


def _kept(beats: tuple[Beat, ...], situation: Situation) -> Flags:
    """The beats that have a car whatever the plan says: of two officers, or alone by hand."""
    by_hand: ByHand = situation.by_hand
    alone = {unit.beat for unit in situation.units if unit.key in by_hand.alone}
    return np.array([beat.cars > 0 or beat.key in alone for beat in beats], dtype=bool)


def _measure(beat: Beat) -> tuple[tuple[float, float], float]:
    """The middle in degrees, and the radius in km of a circle as large; 0 without an outline."""
    if beat.outline is None:
        return _degrees(beat.centre), 0.0
    ground = read_outline(beat.outline)
    radius = math.sqrt(area_km2(ground) / math.pi)
    if beat.centre is not None:
        return _degrees(beat.centre), radius
    inside = ground.representative_point()
    return (float(inside.x), float(inside.y)), radius


def _borders(
    beats: tuple[Beat, ...], centres: Numbers, limits: Limits, place: dict[str, int]
) -> tuple[Indexes, Indexes]:
    """Who can cover whom, both ways, each once, in order."""
    found: set[tuple[int, int]] = set()
    for index, beat in enumerate(beats):
        if beat.neighbours is None:
            away = arc_km(centres, centres[index])
            away[index] = np.inf
            near = np.argsort(away, kind="stable")[: min(limits.nearest, len(beats) - 1)]
            others = [int(one) for one in near]
        else:
            others = [place[key] for key in beat.neighbours if key != beat.key]
        found |= {(index, one) for one in others} | {(one, index) for one in others}
    table = np.array(sorted(found), dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _degrees(spot: Spot | None) -> tuple[float, float]:
    return (spot.longitude, spot.latitude) if spot is not None else (math.nan, math.nan)


def _until(at: datetime | None, now: datetime) -> float:
    return (at - now).total_seconds() / 60 if at is not None else math.nan


def _ready(is_busy: bool, until: datetime | None, now: datetime) -> float:
    if until is None:
        return math.nan if is_busy else 0.0
    return max(0.0, _until(until, now))


def _pair(number: dict[str, int], one: str, other: str) -> tuple[int, int]:
    first, second = sorted((number[one], number[other]))
    return first, second
