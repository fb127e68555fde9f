"""What is wrong with desks, shifts, channels and certificates."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tocsin.warn.preflight.facts import (
    ChannelState,
    DutyDesk,
    Expiring,
    Fault,
    Finding,
    Readiness,
    Severity,
    Staff,
    names_of,
    sentence_of,
)
from tocsin.warn.recipients.hours import Hours, gaps, zone_of

EXPIRES_SOON = timedelta(days=30)
"""A certificate or key that expires within this is a note ..."""

EXPIRES_NOW = timedelta(days=7)
"""... and within this a warning."""

_RECORD = "in the county file, and load it again"


def faults_of_desks(readiness: Readiness, *, now: datetime, ahead: timedelta) -> Iterable[Finding]:
    """Agencies that nobody is on duty for, or that have no desk to call."""
    shifts: dict[str, list[Hours]] = {}
    for person in readiness.staff:
        shifts.setdefault(person.agency, []).extend(person.shifts)
    for desk in readiness.desks:
        yield from _of_shifts(desk, shifts.get(desk.agency, []), now=now, ahead=ahead)
        yield from _of_desk(desk, readiness)


def faults_of_channels(today: Sequence[Staff], readiness: Readiness) -> Iterable[Finding]:
    """Channels that fail, or of which nobody knows whether they do."""
    for channel in readiness.channels:
        users = [one.name for one in today if channel.name in {way.channel for way in one.ways}]
        if channel.trouble or not channel.is_checked:
            yield _of_channel(channel, users)


def faults_of_expiring(things: Iterable[Expiring], *, now: datetime) -> Iterable[Finding]:
    """Keys and certificates that have expired, or soon will."""
    for thing in things:
        if thing.expires_at - now <= EXPIRES_SOON:
            yield _of_expiring(thing, now=now)


def _of_shifts(
    desk: DutyDesk, shifts: Iterable[Hours], *, now: datetime, ahead: timedelta
) -> Iterable[Finding]:
    """Stretches in which the agency has nobody on duty whom a warning could concern."""
    zone = zone_of(desk.zone)
    for start, end in gaps(shifts, start=now, end=now + ahead):
        since = "now" if start <= now else f"{start.astimezone(zone):%A %H:%M}"
        until = f"{end.astimezone(zone):%A %H:%M}"
        yield Finding(
            severity=Severity.SEVERE,
            fault=Fault.NOBODY_ON_DUTY,
            subject=desk.agency,
            who=desk.name,
            sentence=f"Nobody is on duty at {desk.name} from {since} until {until}.",
            way_out=f"Correct the shifts {_RECORD}.",
        )


def _of_desk(desk: DutyDesk, readiness: Readiness) -> Iterable[Finding]:
    is_reached = bool(readiness.working(desk.ways))
    if desk.number and is_reached:
        return
    if not desk.number and not is_reached:
        severity, fault = Severity.SEVERE, Fault.NO_DESK
        said = "no duty desk that a person can call or a message can reach"
    elif is_reached:
        severity, fault = Severity.WARNING, Fault.NO_DESK_NUMBER
        said = "no number of its duty desk: nobody can call and have the warning read back"
    else:
        severity, fault = Severity.NOTE, Fault.NO_DESK_ADDRESS
        said = "no working address of its duty desk: the desk must be called"
    yield Finding(
        severity=severity,
        fault=fault,
        subject=desk.agency,
        who=desk.name,
        sentence=f"{desk.name} has {said}.",
        way_out=f"Add it {_RECORD}.",
    )


def _of_channel(channel: ChannelState, users: Sequence[str]) -> Finding:
    used = f" {names_of(users)} would be told on it." if users else ""
    if channel.trouble:
        severity = Severity.SEVERE if users else Severity.WARNING
        fault, said = Fault.CHANNEL_FAILS, f"does not work: {sentence_of(channel.trouble)}"
        way_out = "Mend it, and check again; nobody can be told on it until then."
    else:
        severity, fault = Severity.WARNING, Fault.CHANNEL_UNCHECKED
        said, way_out = "has not been checked yet.", "Check it now."
    return Finding(
        severity=severity,
        fault=fault,
        subject=channel.name,
        who=channel.name,
        sentence=f"The channel {channel.name} {said}{used}",
        way_out=way_out,
    )


def _of_expiring(thing: Expiring, *, now: datetime) -> Finding:
    left = thing.expires_at - now
    if left <= timedelta(0):
        severity, said = Severity.SEVERE, "expired"
    else:
        severity = Severity.WARNING if left <= EXPIRES_NOW else Severity.NOTE
        said = "expires"
    return Finding(
        severity=severity,
        fault=Fault.EXPIRED,
        subject=thing.name,
        who=thing.name,
        sentence=f"{thing.name} {said} on {thing.expires_at:%Y-%m-%d}.",
        way_out="Renew it.",
    )
