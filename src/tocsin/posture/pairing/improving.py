"""A plan made better piece by piece, where the prices say that it is worst.

The dearest choices and the units left over are where a better plan differs. A piece is one such
unit and those with which it could swap at the least price, each with its partner; all other pairs
stay, and the piece is solved to the end (HiGHS).
"""

from dataclasses import replace

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from tocsin.posture.pairing.board import Flags, Indexes
from tocsin.posture.pairing.coverage import kept_flags
from tocsin.posture.pairing.programme import lay_rows
from tocsin.posture.pairing.solving import Task, solve
from tocsin.posture.pairing.travel import Numbers
from tocsin.posture.pairing.weighing import leaving_costs, units_left

PIECE = 24
"""Units that are solved at once."""

DEAR = 30.0
"""Minutes over the bound of choices that no piece looks at."""

_STEP = 0.05
"""Minutes that a swap counts besides its price, so that near ones come first."""


def trouble(task: Task, chosen: Indexes) -> Numbers:
    """For each unit, how many minutes its part of the plan costs over the bound."""
    choices, prices = task.choices, np.maximum(task.relaxed.prices[chosen], 0.0)
    worst = np.zeros(task.board.size)
    worst[choices.one[chosen]] = worst[choices.other[chosen]] = prices
    left = units_left(task.board, choices, chosen)
    worst[left] = leaving_costs(task.board)[left]
    return worst


def improve(task: Task, chosen: Indexes, seed: int, seconds: float) -> Indexes:
    """The choices, best among those that differ only in the piece around the unit `seed`."""
    return resolve(task, chosen, _piece(task, chosen, seed), seconds)


def resolve(task: Task, chosen: Indexes, free: Flags, seconds: float) -> Indexes:
    """The choices, with the best pairs among the free units; as they were where none was found."""
    choices, grid = task.choices, task.board.grid
    stays = chosen[~free[choices.one[chosen]]]
    kept = kept_flags(task.board, choices.beats[stays])
    board = replace(
        task.board,
        is_free=task.board.is_free & free,
        fixed=frozenset(pair for pair in task.board.fixed if free[pair[0]]),
        grid=replace(grid, is_kept=kept),
    )
    inside = free[choices.one] & free[choices.other] & (task.relaxed.prices <= DEAR)
    odd = tuple(group for group in task.relaxed.odd if not (group & ~free).any())
    piece = replace(
        task, board=board, rows=lay_rows(board, choices), relaxed=replace(task.relaxed, odd=odd)
    )
    found, _ = solve(piece, np.flatnonzero(inside), seconds=seconds, gap=0.0)
    return chosen if found is None else np.sort(np.concatenate([stays, found]))


def _piece(task: Task, chosen: Indexes, seed: int) -> Flags:
    """The unit and those that it swaps with at the least price, with their partners."""
    choices, size = task.choices, task.board.size
    near = np.flatnonzero(task.relaxed.prices <= DEAR)
    lengths = np.maximum(task.relaxed.prices[near], 0.0) + _STEP
    lengths = np.concatenate([lengths, np.full(len(chosen), _STEP)])
    one = np.concatenate([choices.one[near], choices.one[chosen]])
    other = np.concatenate([choices.other[near], choices.other[chosen]])
    order = np.lexsort((lengths, other, one))  # the shortest way between two units counts
    one, other, lengths = one[order], other[order], lengths[order]
    first = np.ones(len(one), dtype=bool)
    first[1:] = (one[1:] != one[:-1]) | (other[1:] != other[:-1])
    table = coo_array((lengths[first], (one[first], other[first])), shape=(size, size)).tocsr()
    ways = dijkstra(table, directed=False, indices=seed)
    mates = np.arange(size)
    mates[choices.one[chosen]] = choices.other[chosen]
    mates[choices.other[chosen]] = choices.one[chosen]
    free = np.zeros(size, dtype=bool)
    for unit in np.argsort(ways, kind="stable"):
        if free.sum() >= PIECE or not np.isfinite(ways[unit]):
            break
        free[[unit, mates[unit]]] = True
    return free
