"""Where the units are and in whose company: the same facts for the map and for its table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from tocsin import posture
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.boards.units import STATUS_WORDS
from tocsin.desk.records.ground import areas_of
from tocsin.desk.records.models import Breach, Excuse, Order
from tocsin.desk.records.picture import Seen, picture_of
from tocsin.desk.records.standing import DRAWN, as_order, standing_orders
from tocsin.errors import Error
from tocsin.posture import SENTENCES, Company, Coverage, Measure, Standing, Status, Unit

_WORST = (Company.ALONE, Company.NOT_KNOWN, Company.TOGETHER, Company.AT_STATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """A unit as the map and its table show it.

    Attributes:
        unit: as it is known.
        agency: its agency's name; its key where nobody knows it.
        crew: names of those who are with it.
        company: of whoever of the crew has least: one who is alone is not hidden by another.
        reason: the same in a sentence.
        status: in words.
        place_age: how old its position is; None where there is none.
        is_old: whether the position is too old to say who is near.
        is_concerned: whether an order concerns it; None where that is not known.
    """

    unit: Unit
    agency: str
    crew: tuple[str, ...]
    company: Company
    reason: str
    status: str
    place_age: timedelta | None
    is_old: bool
    is_concerned: bool | None


def company_of(seen: Seen) -> Mapping[str, tuple[Standing, ...]]:
    """The company of each person of every unit that is not off duty, by the unit's key."""
    counts = settings.TOCSIN.posture.two_cars_count

    def made() -> dict[str, tuple[Standing, ...]]:
        return {
            key: posture.who_is_alone(unit, seen.picture, seen.limits, counts_others=counts)
            for key, unit in seen.picture.units.items()
            if unit.status is not Status.OFF_DUTY
        }

    return seen.once("company", made)


def facts_of(center: Agency, orders: Sequence[posture.Order], seen: Seen) -> list[UnitFacts]:
    """Every unit of the center that is not off duty."""

    def made() -> list[UnitFacts]:
        names = dict(Agency.objects.values_list("key", "name"))
        return [
            _facts(seen.picture.units[key], people, orders, names, seen)
            for key, people in company_of(seen).items()
        ]

    return seen.once(("facts", center.pk, tuple(one.key for one in orders)), made)


def worst_facts(facts: Iterable[UnitFacts]) -> list[UnitFacts]:
    """Who calls for help, then who is alone, then of whom nobody knows, then the others."""
    return sorted(
        facts,
        key=lambda one: (
            one.unit.status is not Status.EMERGENCY, _WORST.index(one.company), one.unit.key,
        ),
    )  # fmt: skip


def map_for(person: Person, *, with_ground: bool, now: datetime) -> dict[str, Any]:
    """What the map of this person's center draws: its units, and, where asked for, the ground."""
    units: list[dict[str, Any]] = []
    grounds: list[dict[str, Any]] = []
    for center in centers_of(person):
        seen = picture_of(center, now=now)
        rows = list(standing_orders(center, now=now))
        readable = [(row, order) for row in rows if (order := _readable(row))]
        broken = _broken(rows, now=now)
        facts = facts_of(center, [order for _, order in readable], seen)
        units += (_as_json(one, broken.get(one.unit.key, ())) for one in facts)
        if with_ground:
            grounds += (_feature(area.name, area.outline) for area in areas_of(center))
            for row, _ in readable:
                grounds += _ordered_ground(row)
    found: dict[str, Any] = {"at": now.isoformat(), "units": units}
    return found | ({"grounds": grounds} if with_ground else {})


def _facts(
    unit: Unit,
    people: Sequence[Standing],
    orders: Sequence[posture.Order],
    names: Mapping[str, str],
    seen: Seen,
) -> UnitFacts:
    now, place = seen.picture.at, unit.position
    present = [one for one in people if one.is_present]
    worst = min(present, key=lambda one: _WORST.index(one.company), default=None)
    found = [
        posture.coverage(order, unit, now, old_after=seen.limits.stale_after) for order in orders
    ]
    is_concerned = None if Coverage.NOT_KNOWN in found else False
    return UnitFacts(
        unit=unit,
        agency=names.get(unit.agency, unit.agency),
        crew=tuple(member.shown for member in unit.present),
        company=worst.company if worst else Company.NOT_KNOWN,
        reason=worst.reason if worst else f"Everybody is away from {unit.call_sign}.",
        status=STATUS_WORDS[unit.status],
        place_age=max(timedelta(0), now - place.at) if place else None,
        is_old=place is not None and now - place.at > seen.limits.position_stale_after,
        is_concerned=True if Coverage.YES in found else is_concerned,
    )


def _broken(orders: Sequence[Order], *, now: datetime) -> dict[str, list[dict[str, Any]]]:
    """What each unit breaks now, by the unit's key."""
    excuses = Excuse.objects.filter(
        order__in=orders, starts_at__lte=now, until__gt=now, withdrawn_at=None
    )
    excused = set(excuses.values_list("order", "unit", "measure"))
    rows = Breach.objects.filter(order__in=orders, ended_at=None).order_by("since", "pk")
    found: dict[str, list[dict[str, Any]]] = {}
    for order, unit, measure, since in rows.values_list("order", "unit", "measure", "since"):
        found.setdefault(unit, []).append(
            {
                "says": SENTENCES[Measure(measure)],
                "since": since.isoformat(),
                "is_excused": (order, unit, measure) in excused,
            }
        )
    return found


def _as_json(one: UnitFacts, broken: Sequence[dict[str, Any]]) -> dict[str, Any]:
    unit, place = one.unit, one.unit.position
    return {
        "key": unit.key,
        "sign": unit.call_sign,
        "agency": one.agency,
        "crew": list(one.crew),
        "status": one.status,
        "company": one.company.value,
        "reason": one.reason,
        "place": [place.lon, place.lat, place.at.isoformat()] if place else None,
        "is_old": one.is_old,
        "doubts": [doubt.text for doubt in unit.doubts],
        "breaches": list(broken),
    }


def _ordered_ground(row: Order) -> Iterable[dict[str, Any]]:
    for area in row.areas.all():
        yield _feature(area.name, area.outline, row.number)
    if row.ground:
        yield _feature(DRAWN, row.ground, row.number)


def _feature(name: str, outline: dict[str, Any], order: str = "") -> dict[str, Any]:
    facts = {"name": name, "order": order}
    return {"type": "Feature", "properties": facts, "geometry": outline}


def _readable(row: Order) -> posture.Order | None:
    """The order as it is judged; None where it cannot be read: the board says so."""
    try:
        return as_order(row)
    except Error:
        return None
