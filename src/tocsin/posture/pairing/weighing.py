"""What a set of choices costs, part by part: the one measure of every plan."""

import numpy as np

from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices, breaking_cost
from tocsin.posture.pairing.coverage import NOBODY, cover, kept_flags
from tocsin.posture.pairing.plan import Objective, Part
from tocsin.posture.pairing.travel import Numbers


def leaving_costs(board: Board) -> Numbers:
    """What it costs to leave each unit over; nothing where a person took it off."""
    weights = board.weights
    trainee = np.array([unit.is_trainee for unit in board.situation.units], dtype=bool)
    costs: Numbers = weights.left_over + trainee * weights.trainee_alone
    return np.where(board.is_free, costs, 0.0)


def units_left(board: Board, choices: Choices, chosen: Indexes) -> Indexes:
    """The units that are in none of the chosen pairs, and not taken off by hand."""
    left = board.is_free.copy()
    left[choices.one[chosen]] = False
    left[choices.other[chosen]] = False
    return np.flatnonzero(left)


def beats_failed(board: Board, choices: Choices, chosen: Indexes) -> Indexes:
    """The beats that must be kept and are not."""
    kept = kept_flags(board, choices.beats[chosen])
    return np.flatnonzero(board.grid.must_keep & ~kept)


def weigh(board: Board, choices: Choices, chosen: Indexes) -> Objective:
    """The cost of these choices in minutes."""
    left = units_left(board, choices, chosen)
    by, waits = cover(board, kept_flags(board, choices.beats[chosen]))
    beats = np.arange(len(by))
    lent, bare = (by != beats) & (by != NOBODY), by == NOBODY
    made = set(zip(choices.one[chosen].tolist(), choices.other[chosen].tolist(), strict=True))
    broken = [pair for pair in board.earlier if pair not in made]
    kept = choices.switches[chosen] + [
        breaking_cost(board, pair) if pair in board.earlier else 0.0
        for pair in zip(choices.one[chosen].tolist(), choices.other[chosen].tolist(), strict=True)
    ]
    return Objective(
        parts=(
            _part("meeting", choices.meets[chosen]),
            _part("back to the beat", choices.backs[chosen]),
            _part("shift ends apart", choices.shifts[chosen]),
            _part("two supervisors", choices.supervisors[chosen]),
            _part("beats covered by a neighbour", waits[lent], int(lent.sum())),
            _part("beats uncovered", waits[bare], int(bare.sum())),
            _part("units left over", leaving_costs(board)[left], len(left)),
            _part("pairs broken", np.array([breaking_cost(board, pair) for pair in broken])),
            _part("pairs on another beat", np.maximum(kept, 0.0)),
        )
    )


def _part(name: str, minutes: Numbers, count: int | None = None) -> Part:
    """The part; without a count, as many as cost anything."""
    number = int((minutes > 0).sum()) if count is None else count
    return Part(name=name, count=number, minutes=float(minutes.sum()))
