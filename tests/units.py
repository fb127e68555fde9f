"""Units' feeds for tests: a key, a source, rows as a CAD sends them, and orders that stand."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from tests.world import NOW, World, a_threat
from tocsin.desk.people.models import Agency
from tocsin.desk.records.commands.accounts import make_key
from tocsin.desk.records.commands.sources import SourceFacts, add_source
from tocsin.desk.records.models import Order, UnitSource, UnitState
from tocsin.desk.records.unitrows import unit_from_json
from tocsin.posture import Unit

PATH = "/api/posture/units"


def a_row(call_sign: str = "12", *, now: datetime = NOW, **changes: Any) -> dict[str, Any]:
    """A car of Harlow with one officer in it."""
    facts: dict[str, Any] = {
        "call_sign": call_sign,
        "agency": "harlow-pd",
        "reported_at": now.isoformat(),
        "kind": "car",
        "status": "available",
        "crew": [{"person": "reed", "role": "officer"}],
        "position": {"lat": 39.2, "lon": -105.1},
    }
    return {name: value for name, value in (facts | changes).items() if value is not None}


def a_message(*rows: dict[str, Any]) -> bytes:
    """The rows as one message of the native feed."""
    return json.dumps({"units": list(rows)}).encode()


def a_key(center: Agency, name: str = "cad") -> str:
    """The secret of a machine."""
    return make_key(name, center, actor="system:test", now=NOW)


def a_source(world: World, *, key: str = "", **changes: Any) -> UnitSource:
    """A feed of the native kind that Adams has set up; it pushes with a key of its own."""
    facts: dict[str, Any] = {"name": "CAD", "kind": "native", "way": "push", "key": key}
    if not (key or "way" in changes):
        a_key(world.north, "sender")
        facts["key"] = "sender"
    return add_source(
        SourceFacts(**(facts | changes)), center=world.north, person=world.adams, now=NOW
    )


def push(secret: str, raw: bytes, *, source: str = "", browser: Client | None = None) -> Any:
    """The message posted with this key."""
    path = f"{PATH}?source={source}" if source else PATH
    return (browser or Client()).post(
        path,
        data=raw,
        content_type="application/octet-stream",
        headers={"Authorization": f"Bearer {secret}"},
    )


def unit(key: str = "harlow-pd/12") -> Unit:
    """The unit as its row says."""
    return unit_from_json(UnitState.objects.get(key=key).body)


def an_order(world: World, *, now: datetime = NOW) -> Order:
    """Two to a car for Harlow, in force."""
    order = Order.objects.create(
        number=f"P-2026-{Order.objects.count() + 1:06}",
        threat=a_threat(world, now=now),
        measures=["two_to_a_car"],
        because="He looks for officers alone.",
        state=Order.State.IN_FORCE,
        review_at=now + timedelta(hours=8),
        proposed_at=now,
        proposed_by=world.sato,
        ordered_at=now,
        ordered_by=world.ortiz,
    )
    order.agencies.set([world.harlow_pd])
    return order
