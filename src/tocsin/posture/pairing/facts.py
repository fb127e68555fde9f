"""What a pairing plan is made from: lone units, beats, places to meet, and decisions by hand."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tocsin.warn.ground import Outline


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point on the ground: WGS 84 degrees."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit with one officer who may join another.

    Attributes:
        key: the radio call sign or the desk's number; unique in a plan.
        spot: where it is; None takes the middle of its beat.
        beat: the key of the beat that it works; None where it has none.
        shift_ends_at: None where nobody knows; then shifts are neither a limit nor a cost.
        qualifications: words of the agency, e.g. "rifle", "spanish".
        is_busy: on a call or a stop. Without `busy_until` its end is unknown and it is left over.
        busy_until: when it is free to drive.
        has_seat: its car takes a second officer; False for a motorcycle, a dog's car, on foot.
    """

    key: str
    spot: Spot | None = None
    beat: str | None = None
    shift_ends_at: datetime | None = None
    qualifications: frozenset[str] = frozenset()
    is_supervisor: bool = False
    is_trainee: bool = False
    is_busy: bool = False
    busy_until: datetime | None = None
    has_seat: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A piece of ground that somebody watches.

    Attributes:
        weight: demand; calls expected in an hour, so that weight x minutes is minutes waited.
        centre: its middle; None takes the outline's.
        outline: GeoJSON Polygon or MultiPolygon; gives the middle and the size.
        neighbours: keys of the beats whose car can cover it; None takes the nearest ones.
        demands: a pair that keeps this beat has each of these qualifications among the two.
        cars: cars with two officers that are on it already.
    """

    key: str
    weight: float = 1.0
    centre: Spot | None = None
    outline: Outline | None = None
    neighbours: tuple[str, ...] | None = None
    demands: frozenset[str] = frozenset()
    cars: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where two can meet and a car can be left: a station, a depot, a lit lot."""

    key: str
    spot: Spot


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A pair of the plan before; `is_under_way` once the two have been told to drive."""

    units: tuple[str, str]
    beat: str | None = None
    is_under_way: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ByHand:
    """What a person decided. It goes before every limit and weight of the plan.

    Attributes:
        together: these two are a pair, whatever limit they break; the plan says which.
        apart: never these two.
        alone: stays alone on its beat, and keeps it.
        desk: off the road; keeps nothing.
        keep: this beat has a car.
    """

    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    alone: frozenset[str] = frozenset()
    desk: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Everything that a plan is made from. Keys are unique among their kind."""

    units: tuple[Unit, ...] = ()
    beats: tuple[Beat, ...] = ()
    places: tuple[Place, ...] = ()
    by_hand: ByHand = field(default_factory=ByHand)
    earlier: tuple[Earlier, ...] = ()


def in_order(situation: Situation) -> Situation:
    """The same situation by its keys, so that no tie is broken by the order in which it came."""
    return replace(
        situation,
        units=tuple(sorted(situation.units, key=lambda unit: unit.key)),
        beats=tuple(sorted(situation.beats, key=lambda beat: beat.key)),
        places=tuple(sorted(situation.places, key=lambda place: place.key)),
        earlier=tuple(sorted(situation.earlier, key=lambda earlier: earlier.units)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What no pair of the plan breaks, unless a person fixed it.

    Attributes:
        most_minutes: until the two are together, waiting for a busy one included.
        shifts_apart: between the ends of their shifts.
        together_for: what is left of both shifts once they have met.
        demanded: each pair has each of these qualifications among the two.
        covered_each: beats without a car that one beat with a car covers.
        nearest: neighbours that a beat gets which names none.
        speed: km an hour over the ground.
        detour: road over straight line.
        place_minutes: later than at the best point that a listed place is still preferred.
        seconds: what the solver may take.
    """

    most_minutes: float = 20.0
    shifts_apart: timedelta = timedelta(hours=2)
    together_for: timedelta = timedelta(minutes=30)
    demanded: frozenset[str] = frozenset()
    covered_each: int = 2
    nearest: int = 4
    speed: float = 40.0
    detour: float = 1.3
    place_minutes: float = 3.0
    seconds: float = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the plan weighs, all in minutes: one minute until one pair is together counts 1.

    Attributes:
        left_over: a unit that stays alone.
        trainee_alone: more for a trainee.
        shift_minute: each minute between the ends of two shifts.
        two_supervisors: two supervisors in one car.
        uncovered: minutes that a call on a beat waits for which no neighbour has a car; times its
            weight. Where a neighbour has one, the minutes of the drive count instead.
        broken: a pair of the plan before that is no pair any more.
        broken_under_way: the same, when the two were told to drive.
        other_beat: a pair of the plan before that keeps another beat.
    """

    left_over: float = 120.0
    trainee_alone: float = 60.0
    shift_minute: float = 0.1
    two_supervisors: float = 5.0
    uncovered: float = 30.0
    broken: float = 3.0
    broken_under_way: float = 10.0
    other_beat: float = 1.0
