"""From choices to a plan: keys instead of indexes, sentences instead of faults."""

import numpy as np

from tocsin.errors import InputError
from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.coverage import NOBODY, cover, kept_flags
from tocsin.posture.pairing.facts import Spot
from tocsin.posture.pairing.pairings import Fault
from tocsin.posture.pairing.plan import LeftBeat, Leg, Meeting, Pair, Plan, Point
from tocsin.posture.pairing.search import Found
from tocsin.posture.pairing.telling_changes import changes
from tocsin.posture.pairing.telling_left import left_over
from tocsin.posture.pairing.travel import arc_km
from tocsin.posture.pairing.weighing import beats_failed, weigh


def tell(board: Board, choices: Choices, found: Found) -> Plan:
    """The plan in words.

    Raises:
        InputError: a beat that must be kept is not; says which, and what to do.
    """
    _check_kept(board, choices, found)
    chosen = found.chosen[np.argsort(choices.meets[found.chosen], kind="stable")]
    objective = weigh(board, choices, chosen)
    return Plan(
        pairs=tuple(_pair(board, choices, int(choice)) for choice in chosen),
        left_beats=_left_beats(board, choices, chosen),
        left_over=left_over(board, choices, chosen),
        objective=objective,
        bound=min(found.bound, objective.minutes),
        greedy=found.greedy if np.isfinite(found.greedy) else None,
        changes=changes(board, choices, chosen),
    )


def _check_kept(board: Board, choices: Choices, found: Found) -> None:
    failed = beats_failed(board, choices, found.chosen)
    if not len(failed):
        return
    beats = board.situation.beats
    names = ", ".join(beats[index].key for index in failed)
    possible = set(choices.beats.tolist())
    if not possible.issuperset(failed.tolist()):
        name = next(beats[index].key for index in failed if index not in possible)
        raise InputError(
            f"Beat {name} must be kept and no pair of the lone units can keep it.",
            way_out="Let it go, or send a car with two officers there first.",
        )
    raise InputError(
        f"Not all of the beats that must be kept can be: there are too few pairs for {names}.",
        way_out="Let one of them go, or take back a decision that keeps units apart or alone.",
    )


def _pair(board: Board, choices: Choices, choice: int) -> Pair:
    pairings, number = choices.pairings, int(choices.pairs[choice])
    ends = int(choices.one[choice]), int(choices.other[choice])
    host, guest = _roles(board, ends, int(choices.beats[choice]))
    beat = int(choices.beats[choice])
    is_fixed = ends in board.fixed
    return Pair(
        host=_leg(board, choices, number, host),
        guest=_leg(board, choices, number, guest),
        meeting=_meeting(board, choices, number, ends),
        beat=board.situation.beats[beat].key if beat >= 0 else None,
        back=float(choices.backs[choice]),
        is_fixed=is_fixed,
        breaks=tuple(
            fault.value
            for fault, flags in pairings.faults.items()
            if is_fixed and fault is not Fault.TAKEN and flags[number]
        ),
    )


def _roles(board: Board, ends: tuple[int, int], beat: int) -> tuple[int, int]:
    """Host and guest: a car that takes two, of the beat that is kept, with the later shift end."""

    def fitness(index: int) -> tuple[bool, bool, float]:
        unit = board.situation.units[index]
        lasts = float(np.nan_to_num(board.lasts[index], nan=-1.0))
        return unit.has_seat, int(board.homes[index]) == beat, lasts

    one, other = ends
    return (one, other) if fitness(one) >= fitness(other) else (other, one)


def _leg(board: Board, choices: Choices, number: int, index: int) -> Leg:
    way = board.minutes(arc_km(board.spots[index], choices.pairings.spots[number]))
    waits = float(np.nan_to_num(board.ready[index]))
    return Leg(unit=board.situation.units[index].key, waits=waits, drives=float(way))


def _meeting(board: Board, choices: Choices, number: int, ends: tuple[int, int]) -> Meeting:
    pairings = choices.pairings
    place, share = int(pairings.places[number]), float(pairings.shares[number])
    if place >= 0:
        point, name = Point.PLACE, board.situation.places[place].key
    elif share in {0.0, 1.0}:
        point, name = Point.UNIT, board.situation.units[ends[0 if share == 0 else 1]].key
    else:
        point, name = Point.HALFWAY, None
    longitude, latitude = (float(one) for one in pairings.spots[number])
    return Meeting(
        point=point,
        spot=Spot(longitude=longitude, latitude=latitude),
        place=name,
        minutes=float(pairings.meets[number]),
    )


def _left_beats(board: Board, choices: Choices, chosen: Indexes) -> tuple[LeftBeat, ...]:
    """The beats without a car, the heaviest first."""
    kept = kept_flags(board, choices.beats[chosen])
    by, _ = cover(board, kept)
    beats, grid = board.situation.beats, board.grid
    left = sorted(np.flatnonzero(~kept).tolist(), key=lambda beat: -float(grid.weights[beat]))
    return tuple(
        LeftBeat(
            beat=beats[beat].key,
            weight=float(grid.weights[beat]),
            covered_from=beats[by[beat]].key if by[beat] != NOBODY else None,
            covered_by=_cars(board, choices, chosen, int(by[beat])),
            minutes=_wait(board, beat, int(by[beat])),
        )
        for beat in left
    )


def _cars(board: Board, choices: Choices, chosen: Indexes, beat: int) -> tuple[str, ...]:
    """The units of the plan that are on the beat, those included who stay there alone by hand."""
    if beat == NOBODY:
        return ()
    units, alone = board.situation.units, board.situation.by_hand.alone
    here = chosen[choices.beats[chosen] == beat]
    staying = [
        unit.key
        for unit in units
        if unit.key in alone and unit.beat == board.situation.beats[beat].key
    ]
    joined = [units[i].key for i in (*choices.one[here].tolist(), *choices.other[here].tolist())]
    return tuple(sorted(joined + staying))


def _wait(board: Board, beat: int, by: int) -> float:
    if by == NOBODY:
        return board.weights.uncovered
    centres = board.grid.centres
    return float(board.minutes(arc_km(centres[beat], centres[by])))
