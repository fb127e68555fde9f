"""Whether what people decided by hand can all be kept at once."""

from tocsin.errors import InputError
from tocsin.posture.pairing.checking import twice_in
from tocsin.posture.pairing.facts import ByHand, Situation, Unit


def check_by_hand(situation: Situation) -> None:
    """Nothing, where no decision speaks against another.

    Raises:
        InputError: names the decisions that do, and which to take back.
    """
    by_hand = situation.by_hand
    _check_known(situation)
    _check_pairs(by_hand)
    _check_single(by_hand)
    units = {unit.key: unit for unit in situation.units}
    for pair in by_hand.together:
        for key in pair:
            _check_placed(units[key], pair)


def _check_known(situation: Situation) -> None:
    by_hand = situation.by_hand
    units = {unit.key for unit in situation.units}
    named = {key for pair in (*by_hand.together, *by_hand.apart) for key in pair}
    for key in sorted((named | by_hand.alone | by_hand.desk) - units, key=str):
        raise InputError(
            f"Unit {key} has a decision by hand and is not among the lone units.",
            way_out="Take the decision back: the unit has gone, or is in a pair already.",
        )
    for key in sorted(by_hand.keep - {beat.key for beat in situation.beats}, key=str):
        raise InputError(
            f"Beat {key} is to be kept and is not among the beats.",
            way_out="Choose a beat of the plan, or take the decision back.",
        )


def _check_pairs(by_hand: ByHand) -> None:
    for one, other in (*by_hand.together, *by_hand.apart):
        if one == other:
            raise InputError(
                f"A decision by hand pairs unit {one} with itself.",
                way_out="Choose two different units.",
            )
    for key in twice_in(by_hand.together):
        raise InputError(
            f"Unit {key} is in two pairs fixed by hand: {_listed(by_hand, key)}.",
            way_out="Take one of them back.",
        )
    apart = {frozenset(pair) for pair in by_hand.apart}
    for pair in by_hand.together:
        if frozenset(pair) in apart:
            raise InputError(
                f"Units {pair[0]} and {pair[1]} are fixed as a pair and as never together.",
                way_out="Take one of the two decisions back.",
            )


def _check_single(by_hand: ByHand) -> None:
    for key in sorted(by_hand.alone & by_hand.desk):
        raise InputError(
            f"Unit {key} is to stay alone on its beat and to go to the desk.",
            way_out="Take one of the two decisions back.",
        )
    for pair in by_hand.together:
        for key in pair:
            if key in by_hand.alone | by_hand.desk:
                where = "stay alone" if key in by_hand.alone else "go to the desk"
                raise InputError(
                    f"Unit {key} is fixed in a pair ({pair[0]} and {pair[1]}) and is to {where}.",
                    way_out="Take one of the two decisions back.",
                )


def _check_placed(unit: Unit, pair: tuple[str, str]) -> None:
    if unit.spot is None and unit.beat is None:
        raise InputError(
            f"Units {pair[0]} and {pair[1]} are fixed as a pair, and nobody knows where"
            f" {unit.key} is.",
            way_out="Enter its position or its beat, or take the pair back.",
        )


def _listed(by_hand: ByHand, key: str) -> str:
    pairs = sorted({tuple(sorted(pair)) for pair in by_hand.together if key in pair})
    return ", ".join(f"{one} and {other}" for one, other in pairs)
