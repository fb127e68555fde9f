"""What could be done instead: the nearest partner to pick up, another unit, a second car."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tocsin.posture.alone import in_minutes, is_undermined
from tocsin.posture.breach import Finding
from tocsin.posture.limits import Limits
from tocsin.posture.order import Measure
from tocsin.posture.taking import is_stale
from tocsin.posture.unit import (
    Assignment,
    DoubtKind,
    Position,
    Status,
    Unit,
    distance_m,
    officers_aboard,
)

MOST_TRIED = 20
"""Units that are tried for each kind of remedy, the nearest first; more would take too long."""


class RemedyKind(StrEnum):
    """What could be done instead."""

    PICK_UP = "pick_up"
    SEND_INSTEAD = "send_instead"
    SEND_TOO = "send_too"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Something that is known to mend what sending the unit by itself would break.

    Attributes:
        kind: pick up this unit's officer on the way, send this unit instead, or send it too.
        unit: key of the other unit.
        mends: measures that are kept by it; others may need a remedy of their own.
        minutes: until it is at the call, or until the partner is reached where the call's place
            is not known.
        how: how the minutes were estimated, in words.
    """

    kind: RemedyKind
    unit: str
    mends: frozenset[str]
    minutes: float
    how: str


class Gate(Protocol):
    """What a remedy is tried against."""

    @property
    def known(self) -> Mapping[str, Unit]:
        """All units by key."""

    @property
    def call(self) -> Assignment:
        """The call."""

    @property
    def now(self) -> datetime:
        """The moment."""

    @property
    def limits(self) -> Limits:
        """The settings."""

    def findings(self, unit: Unit, *, too: Sequence[Unit] = ()) -> tuple[Finding, ...]:
        """What sending the unit, with others too, would break or may."""


def nearest_first(unit: Unit, gate: Gate, findings: Sequence[Finding]) -> tuple[Remedy, ...]:
    """The nearest remedy of each kind that mends something, the soonest first."""
    broken = frozenset(finding.measure for finding in findings)
    kinds: list[Callable[[Unit, Gate, frozenset[str]], Remedy | None]] = []
    if broken - {Measure.TWO_CARS_TO_A_CALL}:
        kinds += [_pick_up, _send_instead]
    if Measure.TWO_CARS_TO_A_CALL in broken:
        kinds += [_send_too]
    found = [remedy for kind in kinds if (remedy := kind(unit, gate, broken))]
    return tuple(sorted(found, key=lambda remedy: remedy.minutes))


def sent_with(unit: Unit, call: Assignment, now: datetime) -> Unit:
    """The unit as it is once it is sent."""
    return replace(unit, status=Status.EN_ROUTE, status_since=now, assignment=call)


def _pick_up(unit: Unit, gate: Gate, broken: frozenset[str]) -> Remedy | None:
    """The nearest lone officer who, once aboard, leaves nobody alone in the unit."""
    if unit.position is None:
        return None
    for partner, away in _by_distance(unit, gate, unit.position):
        if _aboard(partner) != 1:
            continue  # whoever takes one of two leaves the other alone
        mended = _mended(gate.findings(_joined(unit, partner), too=(_left(partner),)), broken)
        mended -= {Measure.TWO_CARS_TO_A_CALL}
        if mended and partner.position:
            on = gate.call.position
            metres = away + (distance_m(partner.position, on) if on else 0.0)
            return _remedy(RemedyKind.PICK_UP, partner, mended, metres, gate)
    return None


def _send_instead(unit: Unit, gate: Gate, broken: frozenset[str]) -> Remedy | None:
    """The nearest other unit that would break less."""
    for other, away in _by_distance(unit, gate, gate.call.position, least=2):
        mended = _mended(gate.findings(other), broken) - {Measure.TWO_CARS_TO_A_CALL}
        if mended:
            return _remedy(RemedyKind.SEND_INSTEAD, other, mended, away, gate)
    return None


def _send_too(unit: Unit, gate: Gate, broken: frozenset[str]) -> Remedy | None:
    """The nearest other unit that makes two cars, and breaks nothing itself."""
    least = 2 if len(broken) > 1 else 1  # where being alone is broken, one more alone mends nothing
    for other, away in _by_distance(unit, gate, gate.call.position, least=least):
        if gate.findings(other, too=(unit,)):
            continue
        if _mended(gate.findings(unit, too=(other,)), broken) & {Measure.TWO_CARS_TO_A_CALL}:
            mends = frozenset({str(Measure.TWO_CARS_TO_A_CALL)})
            return _remedy(RemedyKind.SEND_TOO, other, mends, away, gate)
    return None


def _mended(left: Sequence[Finding], broken: frozenset[str]) -> frozenset[str]:
    """The measures that are no longer broken."""
    return broken - frozenset(finding.measure for finding in left)


def _by_distance(
    unit: Unit, gate: Gate, place: Position | None, *, least: int = 1
) -> Iterator[tuple[Unit, float]]:
    """Available units with so many aboard, with metres to a place; none where it is not known."""
    if place is None:
        return
    found = [
        (distance_m(other.position, place), key)
        for key, other in gate.known.items()
        if other.position is not None
        and other.status is Status.AVAILABLE
        and other.assignment is None
        and key != unit.key
        and _aboard(other) >= least
        and _is_free(other, gate)
    ]
    for metres, key in sorted(found)[:MOST_TRIED]:
        yield gate.known[key], metres


def _aboard(unit: Unit) -> int:
    """How many are with the unit, as far as is known; one where nothing is."""
    return len(unit.present) if unit.members else 1 if unit.crew_count is None else unit.crew_count


def _is_free(unit: Unit, gate: Gate) -> bool:
    """Whether the unit could be asked: heard of, undoubted, an officer not ruled out."""
    return (
        officers_aboard(unit) is not False
        and not is_stale(unit, gate.now, gate.limits)
        and not is_undermined(unit)
        and unit.doubt(DoubtKind.JUMP) is None
    )


def _joined(unit: Unit, partner: Unit) -> Unit:
    """The unit with its partner aboard."""
    if unit.members and partner.members:
        count = None if unit.crew_count is None else unit.crew_count + len(partner.members)
        return replace(unit, members=(*unit.members, *partner.members), crew_count=count)
    count = (unit.crew_count or len(unit.members)) + (partner.crew_count or len(partner.members))
    return replace(unit, members=(), crew_count=count)


def _left(partner: Unit) -> Unit:
    """The car that the partner leaves behind."""
    return replace(partner, members=(), crew_count=0)


def _remedy(
    kind: RemedyKind, other: Unit, mends: frozenset[str], metres: float, gate: Gate
) -> Remedy:
    speed = gate.limits.speed_m_s
    seen = in_minutes(gate.now - other.position.at) if other.position else "a time not known"
    to = "" if gate.call.position else " to the partner; where the call is, is not known"
    return Remedy(
        kind=kind,
        unit=other.key,
        mends=mends,
        minutes=metres / speed / 60,
        how=f"{metres / 1000:.1f} km as the crow flies at {speed * 3.6:.0f} km/h{to}; "
        f"{other.call_sign} was seen there {seen} ago.",
    )
