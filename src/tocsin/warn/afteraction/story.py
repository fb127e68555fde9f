"""What is on record of one bulletin, from the call to the stand-down. All times are aware."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.warn.bulletin import BulletinKind

Moment = datetime | None
"""A time on record; None where there is none."""


class Means(StrEnum):
    """How somebody was told by word of mouth."""

    DESK = "desk notice"
    RADIO = "radio"


class End(StrEnum):
    """How a bulletin ended."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """One oral warning.

    Attributes:
        to: the desk or group that was told.
        means: how.
        told_at: when, aware; None where no time is on record.
        told_by: name of the person who did; empty where it is not on record.
    """

    to: str
    means: Means
    told_at: Moment = None
    told_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """One person whom a version concerned; every time is None where none is on record.

    Attributes:
        key: the record's key of the person.
        name: his name.
        agency: its name.
        must_acknowledge: whether he was asked to.
        seen_at: when the message was opened.
        acknowledged_at: when he said that he has it; of a correction, the answer that stands.
        how: by what he acknowledged, or who entered it for him.
        escalated_at: when his supervisor was told that he had not.
    """

    key: str
    name: str
    agency: str
    must_acknowledge: bool = True
    seen_at: Moment = None
    acknowledged_at: Moment = None
    how: str = ""
    escalated_at: Moment = None

    @property
    def is_missing(self) -> bool:
        """Whether he was asked and has not answered."""
        return self.must_acknowledge and self.acknowledged_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One message: whose (by key), by which channel, and what its gateway said and when."""

    key: str
    channel: str
    sent_at: Moment = None
    delivered_at: Moment = None
    failed_at: Moment = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One released version of the bulletin, whom it concerned, and its messages."""

    version: int
    kind: BulletinKind
    released_at: datetime
    people: tuple[Warned, ...] = ()
    messages: tuple[Sent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What is on record of one bulletin, from the call to the stand-down.

    Attributes:
        number: of the bulletin.
        center: name of the dispatch center.
        zone: IANA name of the zone in which its times are written.
        is_exercise: True for a demonstration or drill.
        call_began_at, call_ended_at, sealed_at: of the first call and its recording.
        heard_at: when its first transcript stood.
        drafted_at: when the first draft stood.
        spoken: oral warnings.
        versions: released ones, by their number.
        end: how the bulletin ended, with `ended_at`; None while it is in force.
        stood_down_at: when people were told that the danger is over.
    """

    number: str
    center: str
    zone: str
    is_exercise: bool
    call_began_at: Moment = None
    call_ended_at: Moment = None
    sealed_at: Moment = None
    heard_at: Moment = None
    drafted_at: Moment = None
    spoken: tuple[Spoken, ...] = ()
    versions: tuple[Version, ...] = ()
    end: End | None = None
    ended_at: Moment = None
    stood_down_at: Moment = None
