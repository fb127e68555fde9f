"""What the plan chooses from: two units become a pair and keep one beat, at a cost in minutes."""

from dataclasses import dataclass

import numpy as np

from tocsin.posture.pairing.board import Board, Flags, Indexes
from tocsin.posture.pairing.pairings import Pairings, all_pairings, qualified
from tocsin.posture.pairing.travel import Numbers, arc_km


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One entry for each open pair and each beat that it may keep.

    Attributes:
        pairs: index in the pairings; `one` and `other` are its units.
        beats: the beat kept, -1 for none.
        backs: minutes from the meeting to the edge of that beat.
        shifts, supervisors, switches: the other parts of the cost. A pair of the plan before has
            its switching cost as a gain, for `constant` holds that cost for all of them.
    """

    pairings: Pairings
    pairs: Indexes
    one: Indexes
    other: Indexes
    beats: Indexes
    meets: Numbers
    backs: Numbers
    shifts: Numbers
    supervisors: Numbers
    switches: Numbers
    costs: Numbers
    constant: float


def all_choices(board: Board) -> Choices:
    """Every choice that the plan has.

    A pair keeps the beat of one of the two, or one that must be kept; it keeps none only where
    these demand what neither of them has.
    """
    pairings = all_pairings(board)
    pairs, beats = _kept_beats(board, pairings)
    one, other, meets = pairings.one[pairs], pairings.other[pairs], pairings.meets[pairs]
    supervises = np.array([unit.is_supervisor for unit in board.situation.units], dtype=bool)
    apart = np.nan_to_num(np.abs(board.lasts[one] - board.lasts[other]))
    backs = _ways_back(board, pairings.spots[pairs], beats)
    shifts = apart * board.weights.shift_minute
    supervisors = (supervises[one] & supervises[other]) * board.weights.two_supervisors
    switches, constant = _switches(board, pairings, pairs, beats)
    return Choices(
        pairings=pairings, pairs=pairs, one=one, other=other, beats=beats, meets=meets,
        backs=backs, shifts=shifts, supervisors=supervisors, switches=switches,
        costs=meets + backs + shifts + supervisors + switches, constant=constant,
    )  # fmt: skip


def breaking_cost(board: Board, pair: tuple[int, int]) -> float:
    """What it costs not to make this pair of the plan before."""
    weights = board.weights
    return weights.broken_under_way if board.earlier[pair].is_under_way else weights.broken


def _kept_beats(board: Board, pairings: Pairings) -> tuple[Indexes, Indexes]:
    """For each open pair, the beats that it may keep."""
    opened = np.flatnonzero(pairings.is_open)
    one, other = board.homes[pairings.one[opened]], board.homes[pairings.other[opened]]
    wanted = np.flatnonzero(board.grid.must_keep & ~board.grid.is_kept)
    offered = [one, np.where(other == one, -1, other)]
    offered += [np.where((one == beat) | (other == beat), -1, beat) for beat in wanted]
    columns = [
        (opened[fit], beats[fit])
        for beats in offered
        for fit in [_may(board, pairings, opened, beats)]
    ]
    served = np.zeros(len(pairings.one), dtype=bool)
    for pairs, _ in columns:
        served[pairs] = True
    nowhere = opened[~served[opened]]
    columns.append((nowhere, np.full(len(nowhere), -1, dtype=np.int64)))
    return (
        np.concatenate([pairs for pairs, _ in columns]),
        np.concatenate([beats for _, beats in columns]),
    )


def _may(board: Board, pairings: Pairings, pairs: Indexes, beats: Indexes) -> Flags:
    """Whether each pair may keep the beat beside it."""
    may: Flags = beats >= 0
    for index, beat in enumerate(board.situation.beats):
        if beat.demands:
            here = np.flatnonzero(beats == index)
            chosen = pairs[here]
            may[here] &= qualified(
                board, beat.demands, pairings.one[chosen], pairings.other[chosen]
            )
    return may


def _ways_back(board: Board, spots: Numbers, beats: Indexes) -> Numbers:
    ways = np.zeros(len(beats))
    has = beats >= 0
    km = arc_km(spots[has], board.grid.centres[beats[has]]) - board.grid.radii[beats[has]]
    ways[has] = board.minutes(np.maximum(km, 0.0))
    return ways


def _switches(
    board: Board, pairings: Pairings, pairs: Indexes, beats: Indexes
) -> tuple[Numbers, float]:
    """What each choice gains by keeping a pair of before, and what breaking all of them costs."""
    gains = np.zeros(len(pairs))
    number = {beat.key: index for index, beat in enumerate(board.situation.beats)}
    for pair, earlier in board.earlier.items():
        here = np.flatnonzero(pairs == pairings.index(pair, board.size))
        before = number.get(earlier.beat or "", -1)
        moved = (beats[here] != before) & (earlier.beat is not None)
        gains[here] = moved * board.weights.other_beat - breaking_cost(board, pair)
    return gains, sum(breaking_cost(board, pair) for pair in board.earlier)
