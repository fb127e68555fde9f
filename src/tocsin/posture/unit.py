"""A unit: who is in it, where it is, what it does, how old that is, and what is doubted of it."""

import math
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache

BY_HAND = "board"
"""The source of a unit that a dispatcher keeps by hand."""

EARTH_M = 6_371_008.8
"""Mean radius of the earth in metres (IUGG)."""


class UnitKind(StrEnum):
    """How a unit moves."""

    CAR = "car"
    FOOT = "foot"
    MOTORCYCLE = "motorcycle"
    BICYCLE = "bicycle"
    BOAT = "boat"
    OTHER = "other"


class Status(StrEnum):
    """What a unit does."""

    AVAILABLE = "available"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    BREAK = "break"
    STATION = "station"
    OUT_OF_SERVICE = "out_of_service"
    OFF_DUTY = "off_duty"
    EMERGENCY = "emergency"
    NOT_KNOWN = "not_known"


class CrewRole(StrEnum):
    """What a member of a crew is."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    TRAINEE = "trainee"
    CIVILIAN = "civilian"
    NOT_KNOWN = "not_known"


SECONDS: frozenset[CrewRole] = frozenset({CrewRole.OFFICER, CrewRole.SUPERVISOR})
"""Roles that count as a second officer."""


class DoubtKind(StrEnum):
    """What is doubted of a unit."""

    AGENCY = "agency"
    CALL_SIGN = "call_sign"
    CLOCK = "clock"
    CREW = "crew"
    JUMP = "jump"
    POSITION = "position"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What may be wrong with a report, kept beside it and shown; nothing is mended by it.

    Attributes:
        kind: of which part.
        text: a sentence for the dispatcher.
        at: when it was last seen.
    """

    kind: DoubtKind
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in a crew.

    Attributes:
        person: key of the person on record, or the name where there is no key.
        name: for showing.
        role: what he is.
        away_since: when he left the others; None while he is with the unit.
    """

    person: str
    name: str = ""
    role: CrewRole = CrewRole.NOT_KNOWN
    away_since: datetime | None = None

    @property
    def is_present(self) -> bool:
        """Whether he is with the unit."""
        return self.away_since is None

    @property
    def shown(self) -> str:
        """The name, or the key where there is none."""
        return self.name or self.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A point on the ground, WGS 84.

    Attributes:
        lon: degrees.
        lat: degrees.
        at: when the unit was there.
        accuracy_m: metres around the point; None where nothing was said.
    """

    lon: float
    lat: float
    at: datetime
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A call that a unit is on.

    Attributes:
        call: the call's key, as its source writes it.
        type: the call's type; empty where nothing was said.
        position: where it is.
        since: when the unit was sent; None where nothing was said.
    """

    call: str
    type: str = ""
    position: Position | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as it is known now.

    Attributes:
        call_sign: as its source writes it.
        agency: the agency's key.
        kind: how it moves.
        members: its crew by person; empty where persons were not said.
        crew_count: its crew by number alone; None where nothing was said.
        crew_at: when the crew was last said; None for never.
        status: what it does.
        status_at: when the status was last said.
        status_since: since when it has this status, as far as is known.
        position: where it was last seen.
        assignment: the call it is on.
        assignment_at: when that was last said, also that it is on none.
        reported_at: the newest report, by the clock of its source.
        heard_at: when that report came here, by our clock.
        source: name of the feed, or BY_HAND.
        doubts: what may be wrong with all this.
        key: agency and call sign: two agencies may use the same call sign.
    """

    call_sign: str
    agency: str
    reported_at: datetime
    heard_at: datetime
    source: str
    kind: UnitKind = UnitKind.OTHER
    members: tuple[Member, ...] = ()
    crew_count: int | None = None
    crew_at: datetime | None = None
    status: Status = Status.NOT_KNOWN
    status_at: datetime | None = None
    status_since: datetime | None = None
    position: Position | None = None
    assignment: Assignment | None = None
    assignment_at: datetime | None = None
    doubts: tuple[Doubt, ...] = ()
    key: str = field(init=False)

    def __post_init__(self) -> None:
        """Make the key once: it is asked for thousands of times a second."""
        object.__setattr__(self, "key", key_of(self.agency, self.call_sign))

    @property
    def present(self) -> tuple[Member, ...]:
        """The members who are with the unit."""
        return tuple(member for member in self.members if member.away_since is None)

    def doubt(self, kind: DoubtKind) -> Doubt | None:
        """The doubt of this kind; None where there is none."""
        return next((doubt for doubt in self.doubts if doubt.kind is kind), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReport:
    """What one report says of one unit; what it does not say is None.

    Attributes:
        call_sign, agency, source: as in `Unit`.
        reported_at: by the clock of the source.
        members: the crew by person; an empty tuple says that nobody is aboard.
        crew_count: the crew by number.
        ends_assignment: True where the report says that the unit is on no call.
        doubts: what the parser doubted.
    """

    call_sign: str
    agency: str
    reported_at: datetime
    source: str
    kind: UnitKind | None = None
    members: tuple[Member, ...] | None = None
    crew_count: int | None = None
    status: Status | None = None
    position: Position | None = None
    assignment: Assignment | None = None
    ends_assignment: bool = False
    doubts: tuple[Doubt, ...] = ()

    @property
    def key(self) -> str:
        """Agency and call sign."""
        return key_of(self.agency, self.call_sign)


@lru_cache(maxsize=1 << 16)
def key_of(agency: str, call_sign: str) -> str:
    """The key of a unit: capital letters and single spaces, so that "c 12" and "C  12" are one."""
    return f"{agency}/{' '.join(call_sign.upper().split())}"


def distance_m(one: Position, other: Position) -> float:
    """Metres of the great circle between two positions (haversine, on the mean sphere)."""
    north, to_north = math.radians(one.lat), math.radians(other.lat)
    up, right = to_north - north, math.radians(other.lon - one.lon)
    half = math.sin(up / 2) ** 2 + math.cos(north) * math.cos(to_north) * math.sin(right / 2) ** 2
    return 2 * EARTH_M * math.asin(min(1.0, math.sqrt(half)))


def officers_aboard(unit: Unit) -> bool | None:
    """Whether an officer is with the unit; None where that is not known."""
    if any(member.is_present and member.role in SECONDS for member in unit.members):
        return True
    if unit.members:
        return None if any(m.role is CrewRole.NOT_KNOWN for m in unit.present) else False
    return False if unit.crew_count == 0 else None
