"""The plain rule, nearest first: what every plan is compared with."""

import numpy as np

from tocsin.posture.pairing.board import Board, Flags, Indexes
from tocsin.posture.pairing.choices import Choices


def nearest_first(board: Board, choices: Choices) -> Indexes:
    """Choices by the rule: beats that must be kept, then whoever meets soonest.

    Each pair keeps the heavier of its beats that has no car yet. Fixed pairs are always among them.
    """
    free = np.ones(board.size, dtype=bool)
    kept = board.grid.is_kept.copy()
    order = np.argsort(choices.meets, kind="stable")
    chosen: list[int] = []
    for beat in np.flatnonzero(board.grid.must_keep):
        keepers = order[choices.beats[order] == beat]
        keepers = keepers[free[choices.one[keepers]] & free[choices.other[keepers]]]
        if not kept[beat] and len(keepers):
            _take(board, choices, keepers[:1], (free, kept, chosen))
    by_pair = np.argsort(choices.pairs, kind="stable")
    pairs = choices.pairs[by_pair]
    for choice in order:
        if free[choices.one[choice]] and free[choices.other[choice]]:
            first, last = np.searchsorted(pairs, [choices.pairs[choice], choices.pairs[choice] + 1])
            _take(board, choices, by_pair[first:last], (free, kept, chosen))
        if not free.any():
            break
    return np.array(sorted(chosen), dtype=np.int64)


def _take(
    board: Board, choices: Choices, offered: Indexes, state: tuple[Flags, Flags, list[int]]
) -> None:
    """Takes the one of a pair's choices that keeps the heaviest beat without a car."""
    free, kept, chosen = state
    weights = board.grid.weights

    def gain(choice: int) -> float:
        beat = int(choices.beats[choice])
        return 1.0 + float(weights[beat]) if beat >= 0 and not kept[beat] else 0.0

    best = max(offered.tolist(), key=gain)
    chosen.append(best)
    free[[choices.one[best], choices.other[best]]] = False
    if choices.beats[best] >= 0:
        kept[choices.beats[best]] = True
