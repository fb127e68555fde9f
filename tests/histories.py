"""Calls and cars of an invented center, as files, and what brings a price to its answer."""

import asyncio
import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import numpy as np

from tests.world import NOW, World
from tocsin.desk.records.commands.histories import give_history
from tocsin.desk.records.commands.prices import record_price
from tocsin.desk.records.models import CallHistory, Price
from tocsin.desk.records.pricing import unpriced
from tocsin.desk.worker.pricing import child, reckon
from tocsin.posture.price import Columns

FIRST = datetime(2026, 2, 2, 7, tzinfo=UTC)
"""Monday 2 February 2026, 00:00 in Denver."""

COLUMNS = Columns(
    zone="America/Denver",
    at="time",
    kind="type",
    priority="priority",
    longitude="longitude",
    latitude="latitude",
    service_minutes="minutes",
)

ROSTER = b"""beat,days,from,to,cars,officers,longitude,latitude,neighbours
east,all,0,24,4,4,-105.05,39.2,west
west,all,0,24,4,4,-105.15,39.2,east
"""


def calls_csv(*, days: int = 21, a_day: int = 30, seed: int = 4) -> bytes:
    """So many days of calls in Harlow, a third of them fights of priority 1."""
    chance = np.random.default_rng(seed)
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["time", "type", "priority", "longitude", "latitude", "minutes"])
    for minute in np.sort(chance.uniform(0, days * 1440, days * a_day)):
        is_fight = chance.random() < 1 / 3
        rows.writerow(
            [
                (FIRST + timedelta(minutes=float(minute))).isoformat(),
                "FIGHT" if is_fight else "NOISE",
                1 if is_fight else 3,
                round(chance.uniform(-105.2, -105.0), 5),
                round(chance.uniform(39.1, 39.3), 5),
                round(chance.exponential(25), 1),
            ]
        )
    return out.getvalue().encode()


def a_history(world: World, **changes: Any) -> CallHistory:
    """Ortiz gave three weeks of calls."""
    facts: dict[str, Any] = {"name": "calls.csv", "person": world.ortiz, "now": NOW, **changes}
    raw = facts.pop("raw", None) or calls_csv()
    return give_history(world.north, raw, facts.pop("columns", COLUMNS), **facts)


def compute(price: Price, *, now: datetime = NOW) -> None:
    """The price is computed as the worker does it, in a process of its own."""
    asked = unpriced(price.pk)
    assert asked
    try:
        record_price(price.pk, asyncio.run(reckon(asked)), now=now)
    finally:
        child.close()
