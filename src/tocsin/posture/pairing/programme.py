"""The plan as a linear programme: one column for each choice, rows for units, beats and odd sets.

    least   costs of choices + units left over + minutes that beats wait
    where   each unit is in one choice or left over
            each beat is kept, covered by a kept neighbour, or uncovered
            a beat is kept only by a choice that keeps it (or a car that is there)
            a kept beat covers no more than `covered_each` others
            among an odd number of units, at most half of one less are pairs (Edmonds 1965)

With whole choices everything else comes out whole: a covering is then an assignment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array

from tocsin.posture.pairing.board import Board, Flags, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.travel import Numbers
from tocsin.posture.pairing.weighing import leaving_costs


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What of the programme stays the same whichever choices are in it.

    Attributes:
        costs: of units left over, beats kept (0), beats covered, beats uncovered, in this order.
        most: the upper limit of each of these.
        equal: their part of the rows that equal 1: units, then beats.
        below: their part of the rows that stay below `limits`: beats kept, borders, loads.
    """

    costs: Numbers
    most: Numbers
    equal: Any
    below: Any
    limits: Numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """Choices and rows together, as a solver takes them. The choices are the first columns."""

    costs: Numbers
    most: Numbers
    equal: Any
    below: Any
    limits: Numbers


def lay_rows(board: Board, choices: Choices) -> Rows:
    """The part of the programme without choices."""
    grid, units, beats = board.grid, board.size, len(board.grid.weights)
    # A beat that must be kept is never left to another, one that is kept needs none.
    can = ~grid.must_keep[grid.covered] & ~grid.is_kept[grid.covered]
    covered, covers = grid.covered[can], grid.covers[can]
    borders = len(covered)
    kept, lent, bare = units, units + beats, units + beats + borders
    width = bare + beats
    beat, border = np.arange(beats), np.arange(borders)
    equal = _matrix(
        (units + beats, width),
        (np.arange(units), np.arange(units), 1.0),
        (units + beat, kept + beat, 1.0),
        (units + covered, lent + border, 1.0),
        (units + beat, bare + beat, 1.0),
    )
    below = _matrix(
        (beats + borders + beats, width),
        (beat, kept + beat, 1.0),
        (beats + border, lent + border, 1.0),
        (beats + border, kept + covers, -1.0),
        (beats + borders + covers, lent + border, 1.0),
        (beats + borders + beat, kept + beat, -float(board.limits.covered_each)),
    )
    fixed = [unit for pair in board.fixed for unit in pair]
    most = np.ones(width)
    most[fixed] = 0.0
    return Rows(
        costs=np.concatenate(
            [
                leaving_costs(board),
                np.zeros(beats),
                grid.weights[covered] * grid.minutes[can],
                _bare_costs(board, choices),
            ]
        ),
        most=most,
        equal=equal,
        below=below,
        limits=np.concatenate([grid.is_kept.astype(float), np.zeros(borders + beats)]),
    )


def assemble(choices: Choices, chosen: Indexes, rows: Rows, odd: Sequence[Flags]) -> Programme:
    """The programme of these choices, with the odd sets found so far."""
    column = np.arange(len(chosen))
    one, other, beats = choices.one[chosen], choices.other[chosen], choices.beats[chosen]
    keeps = np.flatnonzero(beats >= 0)
    equal = _matrix((rows.equal.shape[0], len(chosen)), (one, column, 1.0), (other, column, 1.0))
    below = _matrix((rows.below.shape[0], len(chosen)), (beats[keeps], keeps, -1.0))
    inside = csr_array(
        np.array([group[one] & group[other] for group in odd], dtype=float).reshape(
            len(odd), len(chosen)
        )
    )
    rest = csr_array((len(odd), rows.below.shape[1]))
    halves = np.array([(int(group.sum()) - 1) // 2 for group in odd], dtype=float)
    return Programme(
        costs=np.concatenate([choices.costs[chosen], rows.costs]),
        most=np.concatenate([np.ones(len(chosen)), rows.most]),
        equal=block_array([[equal, rows.equal]], format="csr"),
        below=block_array([[below, rows.below], [inside, rest]], format="csr"),
        limits=np.concatenate([rows.limits, halves]),
    )


def _matrix(shape: tuple[int, int], *parts: tuple[Indexes, Indexes, float]) -> Any:
    """A sparse matrix of parts, each rows, columns and the one value of all its entries."""
    rows = np.concatenate([row for row, _, _ in parts])
    columns = np.concatenate([column for _, column, _ in parts])
    values = np.concatenate([np.full(len(row), value) for row, _, value in parts])
    return csr_array(coo_array((values, (rows, columns)), shape=shape))


def _bare_costs(board: Board, choices: Choices) -> Numbers:
    """What a beat costs that nobody covers.

    One that must be kept costs more than any plan: it is only bare where no plan keeps it, and then
    it can be named.
    """
    bare = board.grid.weights * board.weights.uncovered
    dearest = float(choices.costs.max(initial=0.0)) * board.size
    forbidden = 1.0 + float(bare.sum() + leaving_costs(board).sum()) + dearest + choices.constant
    return np.where(board.grid.must_keep, forbidden, bare)
