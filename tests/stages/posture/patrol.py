"""Units, crews and orders that the tests of the posture share, with keyword overrides."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tocsin.posture import (
    Assignment,
    CrewRole,
    Limits,
    Measure,
    Member,
    Order,
    Position,
    Scope,
    Status,
    Unit,
    UnitKind,
    UnitReport,
    ground_of,
)

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
LIMITS = Limits()
LON, LAT = -104.9, 39.7
STEP = 0.001
"""Degrees of latitude: 111 m."""


def box(west: float = -105.0, south: float = 39.6, size: float = 0.2) -> dict[str, Any]:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def officer(name: str, role: CrewRole = CrewRole.OFFICER, **more: Any) -> Member:
    return Member(person=name, role=role, **more)


def at(lat: float = LAT, lon: float = LON, when: datetime = NOW, **more: Any) -> Position:
    return Position(lon=lon, lat=lat, at=when, **more)


def unit(call_sign: str = "C12", *crew: Member, **more: Any) -> Unit:
    said: dict[str, Any] = {
        "agency": "harlow",
        "kind": UnitKind.CAR,
        "status": Status.AVAILABLE,
        "reported_at": NOW,
        "heard_at": NOW,
        "crew_at": NOW,
        "status_at": NOW,
        "status_since": NOW,
        "source": "cad",
        "position": at(),
        **more,
    }
    return Unit(call_sign=call_sign, members=crew, **said)


def on(call: str = "26-100", **more: Any) -> Assignment:
    return Assignment(call=call, **more)


def report(call_sign: str = "C12", **more: Any) -> UnitReport:
    said: dict[str, Any] = {"agency": "harlow", "reported_at": NOW, "source": "cad", **more}
    return UnitReport(call_sign=call_sign, **said)


def order(*measures: Measure, **more: Any) -> Order:
    said: dict[str, Any] = {
        "key": "O-1",
        "scope": Scope(agencies=frozenset({"harlow"})),
        "starts_at": ago(hours=1),
        "review_at": NOW + timedelta(hours=7),
        **more,
    }
    return Order(measures=frozenset(measures or [Measure.TWO_TO_A_CAR]), **said)


def order_of_ground(*measures: Measure, **more: Any) -> Order:
    return order(*measures, scope=Scope(areas=(ground_of("Harlow", box()),)), **more)
