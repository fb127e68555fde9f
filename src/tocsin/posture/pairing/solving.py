"""The exact solver, asked for whole choices among a few (HiGHS, by scipy)."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.programme import Rows, assemble
from tocsin.posture.pairing.relaxing import Relaxed


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Everything that the search works on."""

    board: Board
    choices: Choices
    rows: Rows
    relaxed: Relaxed


def solve(task: Task, fits: Indexes, *, seconds: float, gap: float) -> tuple[Indexes | None, float]:
    """The cheapest plan among these choices, None where none was found in time; and its bound."""
    programme = assemble(task.choices, fits, task.rows, task.relaxed.odd)
    whole = np.zeros(len(programme.costs))
    whole[: len(fits)] = 1
    equal = np.ones(programme.equal.shape[0])
    answer = milp(
        programme.costs,
        integrality=whole,
        bounds=Bounds(0.0, programme.most),
        constraints=[
            LinearConstraint(programme.equal, equal, equal),
            LinearConstraint(programme.below, -np.inf, programme.limits),
        ],
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    least = -np.inf if answer.mip_dual_bound is None else float(answer.mip_dual_bound)
    if answer.x is None:
        return None, least
    return fits[answer.x[: len(fits)] > 0.5], least
