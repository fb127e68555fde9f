"""Enters that a person works, or does not, whatever his shifts say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Duty, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require, staff_for
from tocsin.desk.records.commands.joining import join_person
from tocsin.errors import InputError, MissingReason, NotAllowed

LONGEST = timedelta(days=31)
"""A single entry speaks of no longer time; who is gone for longer belongs in the county file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyHours:
    """From when to when a person works, or does not, and why."""

    is_on: bool
    starts_at: datetime
    ends_at: datetime
    because: str


def enter_duty(person: Person, hours: DutyHours, *, by: Person, now: datetime) -> Duty:
    """In these hours the person works, or does not: called back, held over, sick.

    Who works from now on is told at once of every live bulletin that concerns him.

    Raises:
        NotAllowed: this person may not enter it, or not for him.
        MissingReason: it is not said why.
        InputError: the hours cannot be.
    """
    require(by, Act.ENTER_DUTY)
    if not staff_for(by).filter(pk=person.pk).exists():
        raise NotAllowed(
            f"{person.name} is not of an agency that your center serves.",
            way_out="Ask a supervisor of the center that serves it.",
        )
    _check(hours, now=now)
    duty = write_duty(person, hours, by=by, now=now)
    if duty.is_on and duty.covers(now):
        join_person(person, now=now)
    return duty


@transaction.atomic
def write_duty(person: Person, hours: DutyHours, *, by: Person, now: datetime) -> Duty:
    """The entry is on record, and in the log of his center."""
    center = chain_of(person)
    log.hold(center)
    duty = Duty.objects.create(
        person=person,
        is_on=hours.is_on,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        because=hours.because.strip()[:200],
        entered_by=by,
        entered_at=now,
    )
    log.append(
        center,
        "duty entered",
        person.key,
        actor=by,
        now=now,
        facts={
            "works": "yes" if hours.is_on else "no",
            "from": hours.starts_at.isoformat(),
            "until": hours.ends_at.isoformat(),
            "because": duty.because,
        },
    )
    return duty


def chain_of(person: Person) -> Agency:
    """The agency in whose log stands what a person does on his shift: his dispatch center."""
    return person.agency.center or person.agency


def _check(hours: DutyHours, *, now: datetime) -> None:
    if not hours.because.strip():
        raise MissingReason("It is not said why.", way_out="One word will do, such as: sick.")
    if hours.ends_at <= hours.starts_at:
        raise InputError("The end is not after the beginning.", way_out="Correct the times.")
    if hours.ends_at <= now:
        raise InputError("These hours are over.", way_out="Enter hours that are still to come.")
    if hours.ends_at - hours.starts_at > LONGEST:
        raise InputError(
            f"These are more than {LONGEST.days} days.",
            way_out="Enter a shorter time, or change the shifts in the county file.",
        )
