"""Every two units: where and when they would meet, and what speaks against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from tocsin.posture.pairing.board import Board, Flags, Indexes
from tocsin.posture.pairing.travel import Numbers, along, arc_km, share_of_way

CLOSE = 2.0
"""Minutes of a drive below which one stays where it stands and the other comes: at most one minute
is lost, and a car's position is on a road, which a point between two may not be."""


class Fault(StrEnum):
    """Why two units are no pair, the plainest first."""

    OFF = "taken off by hand"
    APART = "kept apart by hand"
    TAKEN = "fixed with another by hand"
    UNPLACED = "without a position"
    BUSY = "busy, end unknown"
    TRAINEES = "both trainees"
    UNQUALIFIED = "without a demanded qualification"
    NO_SEAT = "without a car for two"
    SHIFT_ENDS = "with too little left of a shift"
    SHIFTS_APART = "with shifts that end too far apart"
    TOO_FAR = "too far to meet in time"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairings:
    """All pairs of two units, `one` < `other`; every array has one entry for each pair.

    Attributes:
        meets: minutes until both are together.
        spots: where, in degrees. places: index of the place, -1 for none.
        shares: what share of the way `one` drives, where they do not meet at a place.
        faults: for each fault, the pairs that have it.
        is_open: pairs that the plan may make.
    """

    one: Indexes
    other: Indexes
    meets: Numbers
    spots: Numbers
    places: Indexes
    shares: Numbers
    faults: dict[Fault, Flags]
    is_open: Flags

    def index(self, pair: tuple[int, int], size: int) -> int:
        """Where the pair stands among all of `size` units, in the order of `np.triu_indices`."""
        first, second = pair
        return first * (2 * size - first - 1) // 2 + second - first - 1


def all_pairings(board: Board) -> Pairings:
    """Every two units of the board, measured against its limits."""
    one, other = (side.astype(np.int64) for side in np.triu_indices(board.size, 1))
    ready = np.nan_to_num(board.ready)
    with np.errstate(invalid="ignore"):
        meets, shares = _by_road(board, one, other, ready)
        spots = along(board.spots[one], board.spots[other], shares)
        places = np.full(len(one), -1, dtype=np.int64)
        for number, place in enumerate(board.situation.places):
            spot = np.array([place.spot.longitude, place.spot.latitude])
            there = ready + board.minutes(arc_km(board.spots, spot))
            _prefer(
                number, spot, np.maximum(there[one], there[other]), (meets, spots, places), board
            )
        faults = _faults(board, one, other, meets)
    is_fixed = np.zeros(len(one), dtype=bool)
    found = Pairings(
        one=one, other=other, meets=meets, spots=spots, places=places, shares=shares,
        faults=faults, is_open=~np.logical_or.reduce(list(faults.values())),
    )  # fmt: skip
    is_fixed[[found.index(pair, board.size) for pair in board.fixed]] = True
    found.is_open[:] |= is_fixed
    return found


def _by_road(board: Board, one: Indexes, other: Indexes, ready: Numbers) -> tuple[Numbers, Numbers]:
    """Minutes until both are together on the line between them, and the share that `one` drives."""
    drive = board.minutes(arc_km(board.spots[one], board.spots[other]))
    first, second = ready[one], ready[other]
    share = share_of_way(drive, first, second)
    share = np.where(drive < CLOSE, np.where(first >= second, 0.0, 1.0), share)
    return np.maximum(first + share * drive, second + (1 - share) * drive), share


def _prefer(
    number: int,
    spot: Numbers,
    there: Numbers,
    best: tuple[Numbers, Numbers, Indexes],
    board: Board,
) -> None:
    """Takes the place wherever it costs little more than the best point, or less than another."""
    meets, spots, places = best
    limits = board.limits
    line_only = places < 0
    is_near = there <= np.minimum(meets + limits.place_minutes, limits.most_minutes)
    better = np.where(line_only, is_near, there < meets)
    meets[better], spots[better], places[better] = there[better], spot, number


def _faults(board: Board, one: Indexes, other: Indexes, meets: Numbers) -> dict[Fault, Flags]:
    units, limits, lasts = board.situation.units, board.limits, board.lasts
    size = board.size
    trainee = np.array([unit.is_trainee for unit in units], dtype=bool)
    seat = np.array([unit.has_seat for unit in units], dtype=bool)
    left = np.fmin(lasts[one], lasts[other])
    fixed = {index for pair in board.fixed for index in pair}
    taken = np.array([index in fixed for index in range(size)], dtype=bool)
    return {
        Fault.OFF: ~(board.is_free[one] & board.is_free[other]),
        Fault.APART: _marked(board.apart, one, other, size),
        Fault.TAKEN: taken[one] | taken[other],
        Fault.UNPLACED: np.isnan(meets),
        Fault.BUSY: np.isnan(board.ready[one]) | np.isnan(board.ready[other]),
        Fault.TRAINEES: trainee[one] & trainee[other],
        Fault.UNQUALIFIED: ~qualified(board, limits.demanded, one, other),
        Fault.NO_SEAT: ~(seat[one] | seat[other]),
        Fault.SHIFT_ENDS: left < meets + limits.together_for.total_seconds() / 60,
        Fault.SHIFTS_APART: np.abs(lasts[one] - lasts[other])
        > limits.shifts_apart.total_seconds() / 60,
        Fault.TOO_FAR: meets > limits.most_minutes,
    }


def qualified(board: Board, demands: frozenset[str], one: Indexes, other: Indexes) -> Flags:
    """Whether each demand is met by one of the two, pair by pair."""
    met: NDArray[np.bool_] = np.ones(len(one), dtype=bool)
    for demand in demands:
        has = np.array(
            [demand in unit.qualifications for unit in board.situation.units], dtype=bool
        )
        met &= has[one] | has[other]
    return met


def _marked(pairs: Iterable[tuple[int, int]], one: Indexes, other: Indexes, size: int) -> Flags:
    marks = np.zeros((size, size), dtype=bool)
    for pair in pairs:
        marks[pair] = True
    found: Flags = marks[one, other]
    return found
