"""The search for whole pairs, from the bound down.

The relaxation gives prices, the prices a matching, the matching a plan. Up to `PROVEN` units it is
then proven or improved: a choice whose price is more than the gap is in no better plan, so the few
that are left are solved to the end. Above, the plan is made better in a few pieces.
"""

from dataclasses import dataclass, replace

import numpy as np

from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.greedy import nearest_first
from tocsin.posture.pairing.improving import DEAR, improve, trouble
from tocsin.posture.pairing.matching import match
from tocsin.posture.pairing.programme import lay_rows
from tocsin.posture.pairing.relaxing import relax
from tocsin.posture.pairing.solving import Task, solve
from tocsin.posture.pairing.weighing import beats_failed, weigh

PROVEN = 100
"""Units up to which a plan is proven; above, proof takes seconds and gains parts of a percent."""

PIECES = 3
"""Pieces of a plan that are solved again where it is not proven."""

_HALF = 0.5
"""Of the seconds: for the beats of the matching, and for the pieces together."""

_GOOD = 0.001
"""Share of the plan's cost over the bound that is good enough, short of a proof."""

_EXACT = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The choices of the best plan found, a bound on every plan, and the plan of the plain rule.

    `value` and `bound` are minutes; `value` counts a beat that must be kept and is not as infinite.
    """

    chosen: Indexes
    value: float
    bound: float
    greedy: float


def search(board: Board, choices: Choices) -> Found:
    """The best plan found in time, never worse than the plain rule's."""
    rule = nearest_first(board, choices)
    greedy = _value(board, choices, rule)
    if not len(choices.costs):  # nothing to choose: this is the one plan
        return Found(chosen=rule, value=greedy, bound=greedy, greedy=greedy)
    rows = lay_rows(board, choices)
    relaxed = relax(board, choices, rows)
    if relaxed is None:
        return Found(chosen=rule, value=greedy, bound=0.0, greedy=greedy)
    bound = min(relaxed.bound + choices.constant, greedy)
    task = Task(board=board, choices=choices, rows=rows, relaxed=relaxed)
    best = Found(chosen=rule, value=greedy, bound=bound, greedy=greedy)
    best = _matched(task, best)
    if not np.isfinite(best.value):  # neither rule nor matching keeps the beats that must be kept
        best = _better(task, best, _all(task))
    if board.size <= PROVEN and best.value - bound > _EXACT:
        return _prove(task, best)
    return _improve(task, best)


def _matched(task: Task, best: Found) -> Found:
    """The pairs of the matching, each on the beat that is best for all, where there is time."""
    choices = task.choices
    chosen = match(task.board, choices, task.relaxed)
    best = _better(task, best, chosen)
    fits = np.flatnonzero(np.isin(choices.pairs, choices.pairs[chosen]))
    seconds = task.board.limits.seconds * _HALF
    found, _ = solve(task, fits, seconds=seconds, gap=_GOOD)
    return best if found is None else _better(task, best, found)


def _all(task: Task) -> Indexes:
    """Whatever the solver finds among all choices that are not dear."""
    near = np.flatnonzero(task.relaxed.prices <= DEAR)
    found, _ = solve(task, near, seconds=task.board.limits.seconds, gap=_GOOD)
    return near[:0] if found is None else found


def _improve(task: Task, best: Found) -> Found:
    """The plan after every piece has been solved, the worst first."""
    tried = np.zeros(task.board.size, dtype=bool)
    for _ in range(PIECES):
        worst = np.where(tried, 0.0, trouble(task, best.chosen))
        seed = int(np.argmax(worst))
        if worst[seed] <= 0 or best.value - best.bound <= _GOOD * best.value:
            return best
        tried[seed] = True
        seconds = task.board.limits.seconds * _HALF / PIECES
        best = _better(task, best, improve(task, best.chosen, seed, seconds))
    return best


def _prove(task: Task, best: Found) -> Found:
    """The best plan there is, or the gap that is left when the time is over."""
    choices, prices = task.choices, task.relaxed.prices
    gap = best.value - choices.constant - task.relaxed.bound
    seconds = task.board.limits.seconds
    chosen, least = solve(task, np.flatnonzero(prices <= gap + _EXACT), seconds=seconds, gap=0.0)
    better = best if chosen is None else _better(task, best, chosen)
    return replace(better, bound=max(best.bound, min(better.value, least + choices.constant)))


def _better(task: Task, best: Found, chosen: Indexes) -> Found:
    value = _value(task.board, task.choices, chosen)
    return replace(best, chosen=chosen, value=value) if value < best.value else best


def _value(board: Board, choices: Choices, chosen: Indexes) -> float:
    if len(beats_failed(board, choices, chosen)):
        return float(np.inf)
    return weigh(board, choices, chosen).minutes
