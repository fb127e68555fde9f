"""Invented centers for the tests of the price."""

from datetime import UTC, datetime, timedelta

import numpy as np

from tocsin.posture.price import Beat, History, PastCall, Roster, history_of, roster_of
from tocsin.posture.price.assumed import HOURS

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


def a_call(**given: object) -> PastCall:
    """A call of Monday noon, told otherwise by keyword."""
    facts: dict[str, object] = {
        "at": MONDAY + timedelta(hours=12),
        "priority": 2,
        "kind": "report",
        "beat": "west",
        "place": (-104.83, 39.72),
        "service_minutes": 30.0,
    }
    return PastCall(**{**facts, **given})  # type: ignore[arg-type]


def a_history(*, days: int = 21, a_day: int = 60, seed: int = 1, **given: object) -> History:
    """So many calls each day at random minutes, in two beats; `given` goes to every call."""
    chance = np.random.default_rng(seed)
    calls = []
    for day in range(days):
        for _ in range(a_day):
            is_west = chance.random() < 0.5
            facts: dict[str, object] = {
                "at": MONDAY + timedelta(days=day, minutes=float(chance.uniform(0, 1440))),
                "priority": int(chance.integers(1, 4)),
                "kind": str(chance.choice(["fight", "report", "alarm"])),
                "beat": "west" if is_west else "east",
                "place": (
                    -104.83 + (0 if is_west else 0.06) + chance.uniform(-0.02, 0.02),
                    39.72 + chance.uniform(-0.02, 0.02),
                ),
                "service_minutes": float(chance.exponential(35.0)),
            }
            calls.append(a_call(**{**facts, **given}))
    return history_of(calls, zone="UTC")


def a_beat(key: str = "west", *, cars: int = 3, officers: int | None = None) -> Beat:
    """A beat with the same cars in every hour, one officer in each if not said otherwise."""
    return Beat(
        key=key, cars=(cars,) * HOURS, officers=(cars if officers is None else officers,) * HOURS
    )


def a_roster(*, west: int = 3, east: int = 3) -> Roster:
    """Two beats of lone officers."""
    return roster_of([a_beat("west", cars=west), a_beat("east", cars=east)])
