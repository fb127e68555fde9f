"""Who was entered to work or not to work, and who logged on last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.assess import Act
from tocsin.desk.people.models import Duty, Person
from tocsin.desk.records.access import require, staff_for
from tocsin.desk.records.duty import is_on_duty, with_duty
from tocsin.desk.records.models import LogOn
from tocsin.errors import NotFound

UNFINISHED = timedelta(hours=12)
"""A log-on that is older than this is forgotten, not unfinished."""

SHOWN = 50
"""Unfinished log-ons that the page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person who can be entered, and whether he works now."""

    person: Person
    is_on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyPage:
    """What the page shows.

    Attributes:
        entries: that speak of now or of later, the latest word first.
        staff: everybody who can be entered, by agency and name.
        log_ons: people who began to work in the last hours, and are not available yet.
    """

    entries: tuple[Duty, ...]
    staff: tuple[Worker, ...]
    log_ons: tuple[LogOn, ...]

    @property
    def on_duty(self) -> int:
        """How many work now."""
        return sum(one.is_on for one in self.staff)


def duty_page(person: Person, *, now: datetime) -> DutyPage:
    """What this person may enter, and what was entered.

    Raises:
        NotAllowed: the person may not enter who works.
    """
    require(person, Act.ENTER_DUTY)
    people = staff_for(person).order_by("agency__name", "name")
    staff = (Worker(person=one, is_on=is_on_duty(one, now=now)) for one in with_duty(people))
    entries = Duty.objects.filter(person__in=people, ends_at__gt=now)
    unfinished = LogOn.objects.filter(
        person__in=people, available_at=None, asked_at__gt=now - UNFINISHED
    )
    return DutyPage(
        entries=tuple(entries.select_related("person__agency", "entered_by")),
        staff=tuple(staff),
        log_ons=tuple(unfinished.select_related("person__agency")[:SHOWN]),
    )


def find_staff(login: str, person: Person) -> Person:
    """Somebody whom this person may enter.

    Raises:
        NotFound: there is nobody of that login whom he may.
    """
    row = staff_for(person).filter(login=login).first()
    if row is None:
        raise NotFound("That person is not one you may enter.", way_out="Choose one of the list.")
    return row


def last_log_on(person: Person) -> LogOn | None:
    """The person's last log-on; None where he never logged on."""
    return person.log_ons.first()
