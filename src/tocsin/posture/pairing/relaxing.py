"""The programme without whole numbers: a bound on every plan, and a price for every choice.

Starts with each unit's cheapest choices. Each turn asks the prices of units and beats which of all
the other choices would pay, and adds them; when none would, the value holds for all of them, though
most were never in it (column generation). Then it looks for odd groups of units with more than half
in pairs, which no real plan has, and forbids them (the blossom inequalities).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tocsin.posture.pairing.board import Board, Flags, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.programme import Rows, assemble
from tocsin.posture.pairing.travel import Numbers

CHEAPEST = 12
"""Choices of each unit at the start."""

ADDED = 4
"""Choices for each unit that a turn adds at the most."""

TURNS = 8
"""After these the bound rises by less than it costs to wait for."""

LONGEST = 10.0
"""Seconds of one turn, after which the bound before stands."""

_SMALL = 1e-7
_STRENGTHS = (1e-6, 0.2, 0.34, 0.45)
"""Shares above which two units belong to one group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxed:
    """The best found without whole numbers.

    Attributes:
        bound: no plan costs less, without the choices' constant.
        prices: for each choice, by how much a plan with it costs more than the bound, at least.
        leaving: the same for each unit left over.
        shares: how much of each choice is in it, 0 to 1.
        odd: the odd groups that were forbidden.
    """

    bound: float
    prices: Numbers
    leaving: Numbers
    shares: Numbers
    odd: tuple[Flags, ...]


def relax(board: Board, choices: Choices, rows: Rows) -> Relaxed | None:
    """The bound and the prices; None where the solver gave none in time."""
    inside = _cheapest(board, choices)
    odd: list[Flags] = []
    best: Relaxed | None = None
    for _ in range(TURNS):
        found = _solve(board, choices, rows, np.flatnonzero(inside), odd)
        if found is None:
            return best
        missing = np.flatnonzero((found.prices < -_SMALL) & ~inside)
        fresh = [] if len(missing) else _odd_groups(board, choices, found)
        if not len(missing):
            best = found
            if not fresh:
                return best
        odd += fresh
        inside[missing[np.argsort(found.prices[missing])[: ADDED * board.size]]] = True
    return best


def _solve(
    board: Board, choices: Choices, rows: Rows, chosen: Indexes, odd: Sequence[Flags]
) -> Relaxed | None:
    programme = assemble(choices, chosen, rows, odd)
    answer = linprog(
        programme.costs,
        A_ub=programme.below,
        b_ub=programme.limits,
        A_eq=programme.equal,
        b_eq=np.ones(programme.equal.shape[0]),
        bounds=np.column_stack([np.zeros(len(programme.most)), programme.most]),
        method="highs-ds",
        options={"time_limit": LONGEST},
    )
    if answer.status != 0:
        return None
    units, below = answer.eqlin.marginals, answer.ineqlin.marginals
    keeps = np.where(choices.beats >= 0, choices.beats, 0)
    kept = np.where(choices.beats >= 0, below[keeps], 0.0) if len(below) else 0.0
    prices = choices.costs - units[choices.one] - units[choices.other] + kept
    for group, price in zip(odd, below[len(rows.limits) :], strict=True):
        prices -= price * (group[choices.one] & group[choices.other])
    shares = np.zeros(len(choices.costs))
    shares[chosen] = answer.x[: len(chosen)]
    return Relaxed(
        bound=float(answer.fun),
        prices=prices,
        leaving=rows.costs[: board.size] - units[: board.size],
        shares=shares,
        odd=tuple(odd),
    )


def _cheapest(board: Board, choices: Choices) -> Flags:
    """Each unit's cheapest choices, and all of fixed pairs and of beats that must be kept."""
    both = np.concatenate([choices.one, choices.other])
    costs = np.concatenate([choices.costs, choices.costs])
    order = np.lexsort((costs, both))
    first = np.searchsorted(both[order], np.arange(board.size))
    rank = np.arange(len(order)) - first[both[order]]
    inside = np.zeros(len(choices.costs), dtype=bool)
    inside[order[rank < CHEAPEST] % max(1, len(choices.costs))] = True
    return inside


def _odd_groups(board: Board, choices: Choices, found: Relaxed) -> list[Flags]:
    """Odd groups of units with more pairs among them than can be, not yet forbidden."""
    used = np.flatnonzero(found.shares > _SMALL)
    one, other, shares = choices.one[used], choices.other[used], found.shares[used]
    table = coo_array((shares, (one, other)), shape=(board.size, board.size)).tocsr()
    groups: dict[bytes, Flags] = {}
    for strength in _STRENGTHS:
        _, label = connected_components(table > strength, directed=False)
        counts = np.bincount(label)
        inside = label[one] == label[other]
        weight = np.bincount(label[one[inside]], weights=shares[inside], minlength=len(counts))
        crowded = (counts % 2 == 1) & (weight > (counts - 1) // 2 + 1e-3)
        for number in np.flatnonzero(crowded):
            group = label == number
            groups[group.tobytes()] = group
    known = {group.tobytes() for group in found.odd}
    return [group for mark, group in groups.items() if mark not in known]
