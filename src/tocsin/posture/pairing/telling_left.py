"""Who is left over, and why, in sentences."""

from collections import Counter

import numpy as np

from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.pairings import Fault, Pairings
from tocsin.posture.pairing.plan import LeftOver, Reason
from tocsin.posture.pairing.weighing import units_left


def left_over(board: Board, choices: Choices, chosen: Indexes) -> tuple[LeftOver, ...]:
    """Every unit in no pair, in the order given."""
    left = set(units_left(board, choices, chosen).tolist())
    off = set(np.flatnonzero(~board.is_free).tolist())
    return tuple(_why(board, choices.pairings, index) for index in sorted(left | off))


def _why(board: Board, pairings: Pairings, index: int) -> LeftOver:
    unit = board.situation.units[index]
    plain = _plain_reason(board, index)
    if plain is not None:
        reason, says = plain
        return LeftOver(unit=unit.key, reason=reason, says=says)
    mine = np.flatnonzero((pairings.one == index) | (pairings.other == index))
    fitting = mine[pairings.is_open[mine]]
    if not len(fitting):
        return LeftOver(
            unit=unit.key,
            reason=Reason.NOBODY_FITS,
            says=f"{unit.key} fits with nobody: {_listed(pairings, mine)}.",
        )
    first = fitting[np.argmin(pairings.meets[fitting])]
    other = pairings.other[first] if pairings.one[first] == index else pairings.one[first]
    nearest = board.situation.units[int(other)].key
    return LeftOver(
        unit=unit.key,
        reason=Reason.ODD_ONE,
        says=f"{unit.key} is the odd one: all {len(fitting)} who would fit are needed in other"
        f" pairs; the nearest is {nearest}, in {float(pairings.meets[first]):.0f} min.",
        partners=len(fitting),
        nearest=nearest,
    )


def _plain_reason(board: Board, index: int) -> tuple[Reason, str] | None:
    """What lies in the unit itself."""
    unit, by_hand = board.situation.units[index], board.situation.by_hand
    key = unit.key
    together = board.limits.together_for.total_seconds() / 60
    reasons = (
        (key in by_hand.alone, Reason.ALONE_BY_HAND, f"{key} stays alone by a person's decision."),
        (
            key in by_hand.desk,
            Reason.DESK_BY_HAND,
            f"{key} goes to the desk by a person's decision.",
        ),
        (
            bool(np.isnan(board.spots[index, 0])),
            Reason.NO_POSITION,
            f"Nobody knows where {key} is: it has no position and no beat.",
        ),
        (
            bool(np.isnan(board.ready[index])),
            Reason.BUSY,
            f"{key} is busy, and nobody knows until when.",
        ),
        (
            bool(board.lasts[index] < together),
            Reason.SHIFT_ENDS,
            f"{key} has less than {together:.0f} min of its shift left.",
        ),
    )
    return next(((reason, says) for holds, reason, says in reasons if holds), None)


def _listed(pairings: Pairings, mine: Indexes) -> str:
    """How many others there are for each first fault, most first."""
    if not len(mine):
        return "it is the only one"
    faults = list(Fault)
    table = np.array([pairings.faults[fault][mine] for fault in faults])
    counted = Counter(faults[first] for first in np.argmax(table, axis=0))
    return ", ".join(f"{count} {fault.value}" for fault, count in counted.most_common())
