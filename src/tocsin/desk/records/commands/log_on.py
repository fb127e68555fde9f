"""The start of a shift: nobody is available before he has every live warning that concerns him."""

from datetime import datetime, timedelta

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.duty import DutyHours, chain_of, write_duty
from tocsin.desk.records.commands.joining import join_person
from tocsin.desk.records.duty import comes_on_at, is_on_duty, with_duty
from tocsin.desk.records.models import LogOn
from tocsin.desk.records.waiting import name_of, waiting_for
from tocsin.errors import InputError, NotAllowed, OutOfTurn
from tocsin.evidence.chain import Fact

LONGEST_UNIT = 20
SHIFT = timedelta(hours=12)
"""So long is taken to work who logs on where no shift of his begins."""

EARLY = timedelta(hours=4)
"""Who logs on before a shift that begins so soon works until that shift takes over."""


def ask_log_on(person: Person, *, unit: str, how: str, now: datetime) -> LogOn:
    """The person begins to work: every live bulletin that concerns him is before him.

    The log-on that he has not finished is gone on with. Where nothing waits he is not yet
    available: `go_available` says so.

    Raises:
        NotAllowed: the person is not one who is warned.
        InputError: the call sign is too long.
    """
    require(person, Act.RECEIVE_BULLETINS)
    unit = " ".join(unit.split())
    if len(unit) > LONGEST_UNIT:
        raise InputError(
            f"The call sign has more than {LONGEST_UNIT} characters.", way_out="Write a short one."
        )
    _begin_work(person, now=now)
    join_person(person, now=now)
    return _write(person, unit, how, now=now)


@transaction.atomic
def go_available(log_on: LogOn, *, person: Person, now: datetime) -> LogOn:
    """The person is available; a second word changes nothing.

    Raises:
        NotAllowed: the log-on is somebody else's.
        OutOfTurn: bulletins wait for his answer; it names them.
    """
    if log_on.person_id != person.pk:
        raise NotAllowed(f"Only {log_on.person.name} can say that he is available.")
    center = chain_of(person)
    log.hold(center)
    log_on.refresh_from_db()
    if log_on.available_at:
        return log_on
    waiting = waiting_for(person)
    if waiting:
        names = "; ".join(f"{name_of(one)}, {one.safety_line}" for one in waiting)
        many = "bulletin waits" if len(waiting) == 1 else "bulletins wait"
        raise OutOfTurn(
            f"{len(waiting)} {many} for your answer: {names}.",
            way_out="Read each and press 'I have it'; then you are available.",
        )
    log_on.waiting_for, log_on.available_at = [], now
    log_on.save(update_fields=["waiting_for", "available_at"])
    log.append(center, "available", person.key, actor=person, now=now, facts={"unit": log_on.unit})
    return log_on


def begins_with_bulletins(person: Person, *, now: datetime) -> bool:
    """Whether live bulletins wait for somebody whose page is his phone; he has them now, if so."""
    if person.may(Act.SEE_CALLS) or not person.may(Act.RECEIVE_BULLETINS):
        return False
    join_person(person, now=now)
    return bool(waiting_for(person))


def _begin_work(person: Person, *, now: datetime) -> None:
    """Who logs on works, also outside his hours; until his shift begins, or for a shift's time."""
    known = with_duty(Person.objects.filter(pk=person.pk)).get()
    if is_on_duty(known, now=now):
        return
    starts_at = comes_on_at(known, now=now)
    is_soon = starts_at is not None and starts_at <= now + EARLY
    ends_at = starts_at if starts_at and is_soon else now + SHIFT
    hours = DutyHours(is_on=True, starts_at=now, ends_at=ends_at, because="logged on")
    write_duty(person, hours, by=person, now=now)


@transaction.atomic
def _write(person: Person, unit: str, how: str, *, now: datetime) -> LogOn:
    center = chain_of(person)
    log.hold(center)
    if unit and unit != person.unit:
        Person.objects.filter(pk=person.pk).update(unit=unit)
        person.unit = unit
    names = [name_of(one) for one in waiting_for(person)]
    known = person.log_ons.filter(available_at=None, asked_at__gt=now - SHIFT).first()
    row = known or LogOn(person=person, asked_at=now)
    row.unit, row.how, row.waiting_for = person.unit, how[:20], names
    row.save()
    if known is None:
        facts: dict[str, Fact] = {"unit": row.unit, "how": row.how, "waiting": names}
        log.append(center, "logged on", person.key, actor=person, now=now, facts=facts)
    return row
