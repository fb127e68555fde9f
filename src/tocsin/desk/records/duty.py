"""Who works now: by his shifts, unless somebody has entered that he does or does not."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tocsin.assess import Role
from tocsin.desk.people.models import Agency, Duty, Person, Shift
from tocsin.warn.recipients import Hours, covers, next_start


def is_on_duty(person: Person, *, now: datetime) -> bool:
    """Whether the person works at `now`; the latest entry beats the shifts."""
    for duty in person.duties.all():
        if duty.covers(now):
            return bool(duty.is_on)
    return any(shift.covers(now) for shift in person.shifts.all())


def off_duty(people: QuerySet[Person], *, now: datetime) -> set[int]:
    """Keys of those among the people who do not work at `now`.

    The same answer as `is_on_duty` for each, from two short reads: hours that many share are looked
    at once.
    """
    entered = (
        Duty.objects.filter(person__in=people, starts_at__lte=now, ends_at__gt=now)
        .order_by("entered_at", "pk")
        .values_list("person", "is_on")
    )
    is_on = dict(_by_shift(people, now=now)) | dict(entered)
    return {pk for pk in people.values_list("pk", flat=True) if not is_on.get(pk)}


def comes_on_at(person: Person, *, now: datetime) -> datetime | None:
    """When the person next begins to work, in his agency's zone; None where nobody knows.

    A shift for which he is entered as off, sick for one, does not begin; it begins when that ends.
    """
    moments = [next_start(shift.hours, now) for shift in person.shifts.all()]
    moments += [duty.starts_at if duty.is_on else duty.ends_at for duty in person.duties.all()]
    coming = sorted(moment for moment in moments if moment and moment > now)
    starts = (moment for moment in coming if is_on_duty(person, now=moment))
    first = next(starts, None)
    return first.astimezone(ZoneInfo(person.agency.zone)) if first else None


def people_who_may(
    agencies: Iterable[str], roles: Iterable[Role], *, among: QuerySet[Person] | None = None
) -> list[Person]:
    """Active people of the agencies, by key, and whoever holds one of the roles in any agency.

    Args:
        agencies: their keys.
        roles: told in every agency.
        among: people beside whom nobody is asked about; everybody unless given.
    """
    wanted = Q(agency__key__in=list(agencies)) | Q(roles__overlap=[role.value for role in roles])
    people = Person.objects.all() if among is None else among
    return list(with_duty(people.filter(wanted, is_active=True)))


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


def _by_shift(people: QuerySet[Person], *, now: datetime) -> Iterator[tuple[int, bool]]:
    """Those whom a shift of theirs covers at `now`."""
    rows = Shift.objects.filter(person__in=people).values_list(
        "person", "weekdays", "starts", "ends", "person__agency__zone"
    )
    known: dict[Hours, bool] = {}
    for pk, weekdays, starts, ends, zone in rows:
        hours = Hours(weekdays=frozenset(weekdays), starts=starts, ends=ends, zone=zone)
        if hours not in known:
            known[hours] = covers(hours, now)
        if known[hours]:
            yield pk, True
