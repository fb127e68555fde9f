"""Orders for the tests of the desk: proposed, in force, told."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.world import NOW, World, a_threat, the_draft
from tocsin.desk.records.commands import bulletins, orders
from tocsin.desk.records.commands.orders import OrderFacts
from tocsin.desk.records.models import Order, Threat
from tocsin.posture import Measure

SQUARE = ((-105.18, 39.12), (-105.02, 39.12), (-105.02, 39.28), (-105.18, 39.28))
"""Ground inside Harlow."""


def order_facts(**changes: Any) -> OrderFacts:
    """Two to a car for Harlow Police, looked at again in eight hours."""
    facts = OrderFacts(
        measures=frozenset({Measure.TWO_TO_A_CAR}),
        because="The caller means whoever is alone.",
        review_at=NOW + timedelta(hours=8),
        agencies=frozenset({"harlow-pd"}),
    )
    return replace(facts, **changes)


def warned_threat(world: World, **changes: Any) -> Threat:
    """A threat whose bulletin is in force."""
    threat = a_threat(world, **changes)
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    return threat


def a_proposal(world: World, threat: Threat | None = None, **changes: Any) -> Order:
    """A proposal by the supervisor."""
    threat = threat or warned_threat(world)
    return orders.propose_order(threat, order_facts(**changes), person=world.sato, now=NOW)


def an_order(
    world: World, threat: Threat | None = None, *, now: datetime = NOW, **changes: Any
) -> Order:
    """An order in force."""
    return orders.make_order(a_proposal(world, threat, **changes), person=world.ortiz, now=now)
