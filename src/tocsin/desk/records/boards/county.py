"""The agencies, areas and people of the installation, and who of them is on duty."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records.duty import is_on_duty


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person of an agency.

    Attributes:
        person: name, roles, unit, shifts, addresses.
        is_on_duty: whether he works at the moment.
        is_blind: whether he would be warned, and has no address to be warned at.
    """

    person: Person
    is_on_duty: bool
    is_blind: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """An agency and its people."""

    agency: Agency
    members: tuple[Member, ...]

    @property
    def on_duty(self) -> int:
        """How many are on duty."""
        return sum(one.is_on_duty for one in self.members)


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """All that a county file holds, as it is now."""

    staff: tuple[Staff, ...]
    areas: tuple[Area, ...]

    @property
    def people(self) -> int:
        """How many there are."""
        return sum(len(one.members) for one in self.staff)

    @property
    def on_duty(self) -> int:
        """How many are on duty."""
        return sum(one.on_duty for one in self.staff)

    @property
    def blind(self) -> tuple[Member, ...]:
        """Who would be warned, and cannot be."""
        return tuple(one for staff in self.staff for one in staff.members if one.is_blind)


def county(*, now: datetime) -> County:
    """The county as it is at `now`."""
    people = Person.objects.filter(is_active=True).select_related("agency", "supervisor")
    rows = people.prefetch_related("addresses", "phones", "duties", "shifts__person__agency")
    members: dict[int, list[Member]] = {}
    for person in rows:
        members.setdefault(person.agency_id, []).append(_member(person, now))
    return County(
        staff=tuple(
            Staff(agency=agency, members=tuple(members.get(agency.pk, [])))
            for agency in Agency.objects.select_related("center")
        ),
        areas=tuple(Area.objects.prefetch_related("agencies")),
    )


def _member(person: Person, now: datetime) -> Member:
    return Member(
        person=person,
        is_on_duty=is_on_duty(person, now=now),
        is_blind=person.may(Act.RECEIVE_BULLETINS) and not person.addresses.all(),
    )
