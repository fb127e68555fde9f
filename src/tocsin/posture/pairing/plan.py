"""A pairing plan: what comes out, in minutes and words that a person can read."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.posture.pairing.facts import Earlier, Spot


class Point(StrEnum):
    """What kind of point two units meet at."""

    PLACE = "place"
    UNIT = "unit"
    """Where one of them stands."""
    HALFWAY = "halfway"
    """On the straight line between them: the nearest corner is meant."""


class Reason(StrEnum):
    """Why a unit is in no pair."""

    ALONE_BY_HAND = "alone by hand"
    DESK_BY_HAND = "desk by hand"
    NO_POSITION = "no position"
    BUSY = "busy, end unknown"
    SHIFT_ENDS = "shift ends"
    NOBODY_FITS = "nobody fits"
    ODD_ONE = "odd one"


class Turn(StrEnum):
    """What changed against the plan before."""

    NEW = "new"
    BROKEN = "broken"
    OTHER_BEAT = "other beat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Where two meet.

    Attributes:
        place: the key of the place, or of the unit that stands there; None halfway.
        minutes: until both are there, from now.
    """

    point: Point
    spot: Spot
    place: str | None
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One unit's way to the meeting: free in `waits`, then `drives`; both in minutes."""

    unit: str
    waits: float
    drives: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two units that become one car.

    Attributes:
        host: whose car goes on.
        guest: who joins it; this car stays behind at the meeting.
        beat: the beat that they keep; None where they keep none.
        back: minutes from the meeting to the edge of that beat.
        is_fixed: a person fixed it.
        breaks: the limits that a fixed pair breaks, each a phrase.
    """

    host: Leg
    guest: Leg
    meeting: Meeting
    beat: str | None
    back: float
    is_fixed: bool
    breaks: tuple[str, ...]

    @property
    def units(self) -> tuple[str, str]:
        """Both keys, in order."""
        first, second = sorted((self.host.unit, self.guest.unit))
        return first, second


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBeat:
    """A beat that no car is on.

    Attributes:
        covered_from: the neighbouring beat whose car covers it; None where nobody does.
        covered_by: the units of the plan that are there; empty where a car of before is.
        minutes: from the middle of that beat to the middle of this one; uncovered: what was set.
    """

    beat: str
    weight: float
    covered_from: str | None
    covered_by: tuple[str, ...]
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """A unit in no pair, and why; `says` is a sentence for a person.

    Attributes:
        partners: units that would have fitted and joined others.
        nearest: the one of these that is together with it soonest.
    """

    unit: str
    reason: Reason
    says: str
    partners: int = 0
    nearest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of what is weighed: how many, and minutes in all."""

    name: str
    count: int
    minutes: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What the plan costs, part by part; less is better."""

    parts: tuple[Part, ...]

    @property
    def minutes(self) -> float:
        """All parts together."""
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference from the plan before; `says` is a sentence for a person."""

    turn: Turn
    units: tuple[str, str]
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Who joins whom, what that leaves, and how good it is.

    Attributes:
        bound: no plan under these limits costs fewer minutes.
        greedy: what the plan of the rule "nearest first" costs; None where that rule does not
            keep the beats that must be kept.
    """

    pairs: tuple[Pair, ...]
    left_beats: tuple[LeftBeat, ...]
    left_over: tuple[LeftOver, ...]
    objective: Objective
    bound: float
    greedy: float | None
    changes: tuple[Change, ...]

    @property
    def gap(self) -> float:
        """By what share of its cost a better plan could be better at the most; 0 is proven best."""
        minutes = self.objective.minutes
        return max(0.0, minutes - self.bound) / minutes if minutes > 0 else 0.0

    def as_earlier(
        self, *, under_way: frozenset[tuple[str, str]] = frozenset()
    ) -> tuple[Earlier, ...]:
        """This plan as the one before the next; `under_way` names the pairs told to drive."""
        return tuple(
            Earlier(units=pair.units, beat=pair.beat, is_under_way=pair.units in under_way)
            for pair in self.pairs
        )
