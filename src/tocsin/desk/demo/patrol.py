"""The demonstration's cars: an invented patrol that is alone at first and pairs up when ordered.

Every car drives its own small round, one officer in each. A minute after an order began the first
two of an agency ride together, and twenty seconds later the next; whoever is left over stays alone.
Four minutes after the order one partner is away for a while. So a breach begins, is mended, and
begins anew, and one goes on until somebody excuses it or sends help.
"""

import json
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

FIRST_PAIR = timedelta(seconds=60)
NEXT_PAIR = timedelta(seconds=20)
AWAY = timedelta(minutes=4), timedelta(minutes=6)
"""From when to when the partner in an agency's first car is away, counted from the order."""

ROUND = timedelta(minutes=6)
"""How long a car takes for its round."""

WIDTH = 0.006
"""Degrees of longitude from the middle of a round to its edge; about 500 m."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """An officer of the demonstration who has a car.

    Attributes:
        login, name: who.
        call_sign: of his car.
        agency: the agency's key.
        role: officer or supervisor.
    """

    login: str
    name: str
    call_sign: str
    agency: str
    role: str


def reports(
    drivers: Sequence[Driver],
    grounds: Mapping[str, tuple[float, float]],
    *,
    ordered_at: datetime | None,
    now: datetime,
) -> bytes:
    """What the demonstration's feed says at this moment, as a message of the native kind.

    Args:
        drivers: who drives now.
        grounds: by an agency's key, longitude and latitude in the middle of its ground.
        ordered_at: since when the two-to-a-car order holds; None while there is none.
        now: when.
    """
    rows: list[dict[str, Any]] = []
    for agency in sorted({one.agency for one in drivers}):
        own = sorted(
            (one for one in drivers if one.agency == agency), key=lambda one: one.call_sign
        )
        rows += _agency(own, grounds[agency], ordered_at, now)
    return json.dumps(rows).encode()


def stop(drivers: Sequence[Driver], *, now: datetime) -> bytes:
    """The message with which the demonstration's cars go off duty."""
    rows = [
        {
            "call_sign": one.call_sign,
            "agency": one.agency,
            "reported_at": now.isoformat(),
            "status": "off_duty",
            "crew": [],
        }
        for one in drivers
    ]
    return json.dumps(rows).encode()


def _agency(
    drivers: Sequence[Driver],
    ground: tuple[float, float],
    ordered_at: datetime | None,
    now: datetime,
) -> Iterator[dict[str, Any]]:
    pairs = zip(drivers[::2], drivers[1::2], strict=False)
    for number, (first, second) in enumerate(pairs):
        if ordered_at is None or now < ordered_at + FIRST_PAIR + number * NEXT_PAIR:
            yield _row(first, [_aboard(first)], ground, now)
            yield _row(second, [_aboard(second)], ground, now)
            continue
        partner = _aboard(second)
        is_away = number == 0 and ordered_at + AWAY[0] <= now < ordered_at + AWAY[1]
        if is_away:
            partner["away_since"] = (ordered_at + AWAY[0]).isoformat()
        yield _row(first, [_aboard(first), partner], ground, now)
        yield _row(second, [], ground, now)
    if len(drivers) % 2:
        yield _row(drivers[-1], [_aboard(drivers[-1])], ground, now)


def _aboard(driver: Driver) -> dict[str, Any]:
    return {"person": driver.login, "name": driver.name, "role": driver.role}


def _row(
    driver: Driver, crew: list[dict[str, Any]], ground: tuple[float, float], now: datetime
) -> dict[str, Any]:
    lon, lat = _place(driver.call_sign, ground, now)
    return {
        "call_sign": driver.call_sign,
        "agency": driver.agency,
        "reported_at": now.isoformat(),
        "kind": "car",
        "status": "available" if crew else "out_of_service",
        "crew": crew,
        "position": {"lon": round(lon, 6), "lat": round(lat, 6), "at": now.isoformat()},
    }


def _place(call_sign: str, ground: tuple[float, float], now: datetime) -> tuple[float, float]:
    """Where the car is on its round about a spot of its own, both by its call sign."""
    seed = zlib.crc32(call_sign.encode())
    spread, start = (seed & 0xFFFF) / 0xFFFF, (seed >> 16) / 0xFFFF
    angle = 2 * math.pi * (now.timestamp() / ROUND.total_seconds() + start)
    middle = 2 * math.pi * spread
    lon = ground[0] + 0.025 * math.cos(middle) + WIDTH * math.cos(angle)
    lat = ground[1] + 0.020 * math.sin(middle) + WIDTH * 0.78 * math.sin(angle)
    return lon, lat
