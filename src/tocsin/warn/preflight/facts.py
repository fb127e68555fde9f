"""What pre-flight looks through, and what it finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.warn.recipients.hours import Hours

_NAMED = 3
"""Names that one sentence lists."""


class Severity(StrEnum):
    """How bad a fault is, worst first."""

    SEVERE = "severe"
    """Somebody would not be told."""
    WARNING = "warning"
    """One more failure, and somebody would not be told."""
    NOTE = "note"
    """Worth mending when there is time."""


class Fault(StrEnum):
    """What was found."""

    NOBODY_ON_DUTY = "nobody_on_duty"
    NO_WAY = "no_way"
    DRY_RUN = "dry_run"
    CHANNEL_FAILS = "channel_fails"
    NO_DESK = "no_desk"
    EXPIRED = "expired"
    CHANNEL_UNCHECKED = "channel_unchecked"
    ONE_WAY = "one_way"
    SHARED = "shared"
    NO_DESK_NUMBER = "no_desk_number"
    NO_DESK_ADDRESS = "no_desk_address"
    NO_SUPERVISOR = "no_supervisor"
    NO_PHONE = "no_phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An address: a channel by its registered name, and where it leads."""

    channel: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A person who may be told.

    Attributes:
        key: the record's key.
        name: as it is shown.
        agency: key of the agency.
        ways: the addresses on record.
        phones: numbers at which people call the person.
        shifts: all hours that the person works.
        supervisor: key of who is told when no acknowledgment comes; empty for nobody.
        leads: whether the person is himself a supervisor or watch commander.
    """

    key: str
    name: str
    agency: str
    ways: tuple[Way, ...] = ()
    phones: tuple[str, ...] = ()
    shifts: tuple[Hours, ...] = ()
    supervisor: str = ""
    leads: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyDesk:
    """An agency's desk.

    Attributes:
        agency: key of the agency.
        name: its name.
        zone: IANA name of the zone in which its times are written.
        number: at which people call the desk; empty for none.
        ways: addresses of the desk itself.
    """

    agency: str
    name: str
    zone: str
    number: str = ""
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """What the last check of a channel said.

    Attributes:
        name: registered name.
        is_checked: whether it has been checked at all.
        trouble: the sentence of the error; empty where it works.
        reaches_people: False where no message of it leaves this machine.
    """

    name: str
    is_checked: bool = True
    trouble: str = ""
    reaches_people: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiring:
    """A key or certificate without which something stops working; `expires_at` is aware."""

    name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """All that is looked through.

    Attributes:
        staff: every active person who may receive bulletins, on duty or not.
        desks: one for each agency.
        channels: every channel that is set up; an address on another leads nowhere.
        expiring: keys and certificates.
    """

    staff: tuple[Staff, ...] = ()
    desks: tuple[DutyDesk, ...] = ()
    channels: tuple[ChannelState, ...] = ()
    expiring: tuple[Expiring, ...] = ()

    def trouble_of(self, way: Way) -> str:
        """Why nothing would arrive at the address; empty where nothing is known against it."""
        trouble = self._state(way.channel).trouble
        return f"{way.channel}: {sentence_of(trouble)}" if trouble else ""

    def working(self, ways: Sequence[Way]) -> frozenset[str]:
        """The channels among these against which nothing is known."""
        return frozenset(way.channel for way in ways if not self.trouble_of(way))

    def leaving(self, channels: frozenset[str]) -> frozenset[str]:
        """Those of the channels whose messages leave this machine."""
        return frozenset(name for name in channels if self._state(name).reaches_people)

    def _state(self, name: str) -> ChannelState:
        for channel in self.channels:
            if channel.name == name:
                return channel
        return ChannelState(name=name, trouble="it is not set up here", reaches_people=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault.

    Attributes:
        severity: how bad.
        fault: which.
        subject: key of the person, agency, channel or certificate.
        who: the same by name.
        sentence: what was found.
        way_out: what its reader can do.
    """

    severity: Severity
    fault: Fault
    subject: str
    who: str
    sentence: str
    way_out: str


def names_of(names: Sequence[str]) -> str:
    """At most three names, and how many more there are."""
    if len(names) > _NAMED:
        return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def sentence_of(text: str) -> str:
    """The text with a stop at its end."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
