"""Pre-flight: whom a warning would not reach tonight, found out before the night.

Nothing is sent. What is on record of people, desks, channels and certificates is looked through,
and each fault is said with its way out, the worst first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from tocsin.warn.preflight.desks import faults_of_channels, faults_of_desks, faults_of_expiring
from tocsin.warn.preflight.facts import (
    ChannelState,
    DutyDesk,
    Expiring,
    Fault,
    Finding,
    Readiness,
    Severity,
    Staff,
    Way,
)
from tocsin.warn.preflight.people import faults_of_people
from tocsin.warn.recipients.hours import gaps

__all__ = [
    "ChannelState",
    "DutyDesk",
    "Expiring",
    "Fault",
    "Finding",
    "Readiness",
    "Severity",
    "Staff",
    "Way",
    "preflight",
]

AHEAD = timedelta(hours=24)
"""How far ahead the shifts are looked at."""


def preflight(
    readiness: Readiness, *, now: datetime, ahead: timedelta = AHEAD
) -> tuple[Finding, ...]:
    """Every fault that would keep somebody who works from `now` on from being told, worst first."""
    today = _on_duty(readiness.staff, now=now, ahead=ahead)
    found = [
        *faults_of_people(today, readiness),
        *faults_of_desks(readiness, now=now, ahead=ahead),
        *faults_of_channels(today, readiness),
        *faults_of_expiring(readiness.expiring, now=now),
    ]
    severities, faults = list(Severity), list(Fault)
    return tuple(
        sorted(
            found,
            key=lambda one: (
                severities.index(one.severity),
                faults.index(one.fault),
                one.who,
                one.subject,
            ),
        )
    )


def _on_duty(staff: Iterable[Staff], *, now: datetime, ahead: timedelta) -> list[Staff]:
    """Who works at any moment of the stretch that is looked at."""
    whole = (now, now + ahead)
    return [
        person for person in staff if gaps(person.shifts, start=whole[0], end=whole[1]) != (whole,)
    ]
