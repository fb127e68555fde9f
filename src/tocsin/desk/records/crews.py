"""Who the people in a unit are on record, who supervises them, and who commands their agency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.duty import commanders_of
from tocsin.desk.records.models import Breach

_PREFIX = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A unit's crew as far as the record knows it.

    Attributes:
        people: on record.
        names: of those in it, also where the record does not know them.
        supervisors: of the people, who can be reached by a channel.
        commander: of the agency, who can be; None where there is none.
    """

    people: tuple[Person, ...]
    names: tuple[str, ...]
    supervisors: tuple[Person, ...]
    commander: Person | None


def crews_of(breaches: Iterable[Breach], *, now: datetime) -> dict[str, Crew]:
    """The crew of each unit that breaks something, by the unit's key."""
    persons: dict[str, list[str]] = {}
    for row in breaches:
        persons.setdefault(row.unit, []).extend(row.persons)
    people = find_people(persons)
    agencies = _agencies(persons)
    commanders = commanders_of(agencies.values(), now=now)
    found = {}
    for unit, written in persons.items():
        own = people[unit]
        agency = agencies.get(unit.partition("/")[0])
        lead = commanders.get(agency.pk) if agency else None
        bosses = {one.supervisor for one in own if one.supervisor}
        found[unit] = Crew(
            people=own,
            names=tuple(one.name for one in own) or tuple(dict.fromkeys(written)),
            supervisors=_reachable(bosses),
            commander=next(iter(_reachable([lead] if lead else [])), None),
        )
    return found


def find_people(units: Mapping[str, Iterable[str]]) -> dict[str, tuple[Person, ...]]:
    """The people on record in each unit: by login, by exact name, else by the unit's call sign.

    Args:
        units: by a unit's key, the persons that its feed names in it; none where it names none.
    """
    words = {word.removeprefix(_PREFIX) for persons in units.values() for word in persons}
    signs = {key.partition("/")[2] for key in units}
    rows = list(_active(Q(login__in=words) | Q(name__in=words) | Q(unit__in=signs)))
    by_word: dict[tuple[str, str], Person] = {}
    for one in rows:
        by_word.setdefault((one.agency.key, one.name), one)
    by_login = {one.login: one for one in rows}
    found = {}
    for key, persons in units.items():
        agency, _, sign = key.partition("/")
        named = [one.removeprefix(_PREFIX) for one in persons]
        own = [by_login.get(word) or by_word.get((agency, word)) for word in named]
        if not named:
            own = [one for one in rows if (one.agency.key, one.unit.upper()) == (agency, sign)]
        found[key] = tuple(dict.fromkeys(one for one in own if one))
    return found


def _active(wanted: Q) -> QuerySet[Person]:
    people = Person.objects.filter(wanted, is_active=True)
    return people.select_related("agency__center", "supervisor").prefetch_related(
        "supervisor__addresses"
    )


def _agencies(units: Iterable[str]) -> dict[str, Agency]:
    keys = {unit.partition("/")[0] for unit in units}
    return {one.key: one for one in Agency.objects.filter(key__in=keys).select_related("center")}


def _reachable(bosses: Iterable[Person]) -> tuple[Person, ...]:
    found = [one for one in bosses if one.is_active and one.addresses.all()]
    return tuple(sorted(found, key=lambda one: one.login))
