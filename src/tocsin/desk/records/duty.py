"""Who works now: by his shifts, unless somebody has entered that he does or does not."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from tocsin.assess import Role
from tocsin.desk.people.models import Agency, Person


def is_on_duty(person: Person, *, now: datetime) -> bool:
    """Whether the person works at `now`; the latest entry beats the shifts."""
    for duty in person.duties.all():
        if duty.covers(now):
            return bool(duty.is_on)
    return any(shift.covers(now) for shift in person.shifts.all())


def people_on_duty(agencies: Iterable[str], *, now: datetime) -> list[Person]:
    """Active people of the agencies, by key, who work at `now`."""
    people = with_duty(Person.objects.filter(agency__key__in=agencies, is_active=True))
    return [person for person in people if is_on_duty(person, now=now)]


def commanders_of(agencies: Iterable[Agency], *, now: datetime) -> dict[int, Person]:
    """For each agency, by its row's key: the watch commander on duty, else any that it has.

    An agency without one has the watch commander, or the supervisor, of its dispatch center.
    """
    agencies = list(agencies)
    keys = {one.key for one in agencies} | {one.center.key for one in agencies if one.center}
    lead = [Role.WATCH_COMMANDER.value, Role.SUPERVISOR.value]
    found = Person.objects.filter(agency__key__in=keys, is_active=True, roles__overlap=lead)
    leads = list(with_duty(found))
    leads.sort(key=lambda person: _rank(person, now=now))
    commanders: dict[int, Person] = {}
    for agency in agencies:
        own = [person for person in leads if person.agency_id == agency.pk and _commands(person)]
        center = [person for person in leads if person.agency_id == agency.center_id]
        first = next(iter(own or center), None)
        if first:
            commanders[agency.pk] = first
    return commanders


def with_duty(people: QuerySet[Person]) -> QuerySet[Person]:
    """The people with everything that duty and telling ask of them."""
    return people.select_related("agency__center", "supervisor").prefetch_related(
        "addresses", "shifts__person__agency", "duties"
    )


def _commands(person: Person) -> bool:
    return Role.WATCH_COMMANDER.value in person.roles


def _rank(person: Person, *, now: datetime) -> tuple[bool, bool, str]:
    return (not is_on_duty(person, now=now), not _commands(person), person.name)
