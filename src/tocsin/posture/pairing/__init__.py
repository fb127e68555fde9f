"""Pairing: which lone units join, where they meet, which beats are left and who covers them then.

In come lone units, beats, places to meet, what people decided by hand and the plan before; out
comes a `Plan`, with what it costs part by part, a bound that no plan can pass, and the cost of the
plain rule "nearest first". Decisions by hand go before everything. It proposes; nobody is sent.
What can go wrong: a position, time or number that cannot be right, or decisions that contradict
each other, raise `InputError` with the name of what to correct.
"""

from datetime import datetime

from tocsin.errors import InputError
from tocsin.posture.pairing.board import lay_out
from tocsin.posture.pairing.checking import check_settings, check_situation
from tocsin.posture.pairing.choices import all_choices
from tocsin.posture.pairing.conflicts import check_by_hand
from tocsin.posture.pairing.facts import (
    Beat,
    ByHand,
    Earlier,
    Limits,
    Place,
    Situation,
    Spot,
    Unit,
    Weights,
    in_order,
)
from tocsin.posture.pairing.plan import (
    Change,
    LeftBeat,
    LeftOver,
    Leg,
    Meeting,
    Objective,
    Pair,
    Part,
    Plan,
    Point,
    Reason,
    Turn,
)
from tocsin.posture.pairing.search import search
from tocsin.posture.pairing.telling import tell

__all__ = [
    "Beat",
    "ByHand",
    "Change",
    "Earlier",
    "LeftBeat",
    "LeftOver",
    "Leg",
    "Limits",
    "Meeting",
    "Objective",
    "Pair",
    "Part",
    "Place",
    "Plan",
    "Point",
    "Reason",
    "Situation",
    "Spot",
    "Turn",
    "Unit",
    "Weights",
    "plan_pairs",
]

LIMITS = Limits()
WEIGHTS = Weights()


def plan_pairs(
    situation: Situation,
    *,
    limits: Limits = LIMITS,
    weights: Weights = WEIGHTS,
    now: datetime,
) -> Plan:
    """The best plan found for the situation, and how far from the best it can be at the most.

    Every unit is in exactly one pair or left over with its reason. The same input gives the same
    plan in whatever order it comes, unless the solver runs into its limit of seconds.

    Raises:
        InputError: names what cannot be right, or which decisions contradict each other.
    """
    if now.tzinfo is None:
        raise InputError("The time of the plan has no zone.", way_out="Give it in UTC.")
    check_settings(limits, weights)
    check_situation(situation)
    check_by_hand(situation)
    board = lay_out(in_order(situation), limits, weights, now=now)
    choices = all_choices(board)
    return tell(board, choices, search(board, choices))
