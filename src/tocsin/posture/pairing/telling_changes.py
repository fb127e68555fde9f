"""What changed against the plan before, and why, in sentences."""

from tocsin.posture.pairing.board import Board, Indexes
from tocsin.posture.pairing.choices import Choices
from tocsin.posture.pairing.facts import Earlier
from tocsin.posture.pairing.pairings import Pairings
from tocsin.posture.pairing.plan import Change, Turn


def changes(board: Board, choices: Choices, chosen: Indexes) -> tuple[Change, ...]:
    """Every difference; none where there was no plan before."""
    if not board.situation.earlier:
        return ()
    units, beats = board.situation.units, board.situation.beats
    now: dict[frozenset[str], str | None] = {}
    for choice in chosen:
        pair = frozenset({units[choices.one[choice]].key, units[choices.other[choice]].key})
        beat = int(choices.beats[choice])
        now[pair] = beats[beat].key if beat >= 0 else None
    before = {frozenset(earlier.units): earlier for earlier in board.situation.earlier}
    found = [
        _kept(earlier, now) or _broken(board, choices, earlier, now) for earlier in before.values()
    ]
    found += [_new(pair) for pair in now if pair not in before]
    return tuple(change for change in found if change is not None)


def _kept(earlier: Earlier, now: dict[frozenset[str], str | None]) -> Change | None:
    """That a pair of before keeps another beat."""
    pair = frozenset(earlier.units)
    if pair not in now or earlier.beat is None or now[pair] == earlier.beat:
        return None
    one, other = sorted(pair)
    kept = f"keep {now[pair]}" if now[pair] is not None else "keep no beat"
    says = f"{one} and {other} {kept} instead of {earlier.beat}."
    return Change(turn=Turn.OTHER_BEAT, units=(one, other), says=says)


def _broken(
    board: Board, choices: Choices, earlier: Earlier, now: dict[frozenset[str], str | None]
) -> Change | None:
    one, other = sorted(earlier.units)
    if frozenset(earlier.units) in now:
        return None
    says = f"{one} and {other} are no pair any more: {_cause(board, choices.pairings, one, other)}."
    return Change(turn=Turn.BROKEN, units=(one, other), says=says)


def _cause(board: Board, pairings: Pairings, one: str, other: str) -> str:
    number = {unit.key: index for index, unit in enumerate(board.situation.units)}
    gone = [key for key in (one, other) if key not in number]
    if gone:
        return f"{' and '.join(gone)} not among the lone units now"
    first, second = sorted((number[one], number[other]))
    index = pairings.index((first, second), board.size)
    faults = [fault.value for fault, flags in pairings.faults.items() if flags[index]]
    if faults:
        return ", ".join(faults)
    return "another plan is better by more than it costs to switch"


def _new(pair: frozenset[str]) -> Change:
    one, other = sorted(pair)
    return Change(turn=Turn.NEW, units=(one, other), says=f"{one} and {other} are a new pair.")
