"""Which beats are left when some are kept, and which neighbour covers each: the best there is."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from tocsin.posture.pairing.board import Board, Flags, Indexes
from tocsin.posture.pairing.travel import Numbers

NOBODY = -1


def kept_flags(board: Board, beats: Indexes) -> Flags:
    """Whether each beat has a car, when pairs keep these (-1 is none)."""
    kept = board.grid.is_kept.copy()
    kept[beats[beats >= 0]] = True
    return kept


def cover(board: Board, kept: Flags) -> tuple[Indexes, Numbers]:
    """For each beat who covers it (itself where it is kept, `NOBODY`), and the cost of that.

    The cheapest way in which no kept beat covers more than `covered_each` others: an assignment.
    """
    grid, each = board.grid, board.limits.covered_each
    by = np.where(kept, np.arange(len(kept)), NOBODY)
    costs = np.where(kept, 0.0, grid.weights * board.weights.uncovered)
    use = kept[grid.covers] & ~kept[grid.covered] & (each > 0)
    borders = grid.weights[grid.covered] * grid.minutes
    use &= borders < costs[grid.covered]
    if not use.any():
        return by, costs
    left, row = np.unique(grid.covered[use], return_inverse=True)
    cars, column = np.unique(grid.covers[use], return_inverse=True)
    saved = np.zeros((len(left), len(cars)))
    saved[row, column] = costs[grid.covered[use]] - borders[use]
    chosen, slot = linear_sum_assignment(np.repeat(saved, each, axis=1), maximize=True)
    for beat, car in zip(chosen, slot // each, strict=True):
        if saved[beat, car] > 0:
            by[left[beat]] = cars[car]
            costs[left[beat]] -= saved[beat, car]
    return by, costs
