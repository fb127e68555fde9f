"""Orders in force and units on record, with keyword overrides, for the tests of the desk."""

from datetime import datetime, timedelta
from typing import Any

from tests.world import NOW, World, a_threat
from tocsin.desk.people.models import Agency
from tocsin.desk.records.models import Breach, Order, UnitState, Watch
from tocsin.desk.records.unitrows import unit_as_json
from tocsin.posture import CrewRole, Measure, Member, Position, Status, Unit, UnitKind

LON, LAT = -105.1, 39.2
"""In Harlow, as the world draws it."""


def a_standing_order(world: World, *, now: datetime = NOW, **changes: Any) -> Order:
    """An order of Harlow Police, two to a car unless told otherwise, made by Ortiz."""
    facts: dict[str, Any] = {
        "number": f"P-2026-{Order.objects.count() + 1:06}",
        "measures": [Measure.TWO_TO_A_CAR.value],
        "because": "He said that he would shoot any officer he finds alone.",
        "state": Order.State.IN_FORCE,
        "review_at": now + timedelta(hours=8),
        "proposed_at": now,
        "proposed_by": world.sato,
        "ordered_at": now,
        "ordered_by": world.ortiz,
        **changes,
    }
    agencies = facts.pop("agencies", [world.harlow_pd])
    areas = facts.pop("areas", [])
    threat = facts.pop("threat", None) or a_threat(world, now=now)
    order = Order.objects.create(threat=threat, **facts)
    order.agencies.set(agencies)
    order.areas.set(areas)
    return order


def an_officer(person: str, role: CrewRole = CrewRole.OFFICER, **more: Any) -> Member:
    """A member of a crew, by login."""
    return Member(person=person, name=person.capitalize(), role=role, **more)


def a_unit(call_sign: str, *crew: Member, now: datetime = NOW, **more: Any) -> Unit:
    """A car of Harlow Police, on patrol in Harlow, heard of now."""
    said: dict[str, Any] = {
        "agency": "harlow-pd",
        "kind": UnitKind.CAR,
        "status": Status.AVAILABLE,
        "reported_at": now,
        "heard_at": now,
        "crew_at": now,
        "status_at": now,
        "status_since": now,
        "source": "cad",
        "position": Position(lon=LON, lat=LAT, at=now),
        **more,
    }
    return Unit(call_sign=call_sign, members=crew, **said)


def put_units(center: Agency, *units: Unit, now: datetime = NOW) -> None:
    """The units are on record as they are, as if a feed had said so."""
    watch, _ = Watch.objects.get_or_create(center=center)
    watch.version += 1
    watch.changed_at = now
    watch.save()
    for unit in units:
        UnitState.objects.update_or_create(
            center=center,
            key=unit.key,
            defaults={
                "body": unit_as_json(unit),
                "version": watch.version,
                "heard_at": unit.heard_at,
            },
        )


def open_breaches(order: Order) -> list[tuple[str, str]]:
    """Unit and measure of everything that is broken now."""
    rows = Breach.objects.filter(order=order, ended_at=None)
    return [(row.unit, row.measure) for row in rows.order_by("unit", "measure")]
