"""Who is near whom, and since when: by fresh positions alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

import numpy as np
import shapely

from tocsin.posture.limits import Limits
from tocsin.posture.taking import has_place
from tocsin.posture.unit import EARTH_M, Status, Unit

MOST_NEAR = 8
"""Neighbours that are kept for one unit: the nearest. A full yard has as many pairs as it likes."""

_UNSEEN = frozenset({Status.OFF_DUTY, Status.STATION})

_NOBODY: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Another unit nearby.

    Attributes:
        other: its key.
        distance_m: metres between the two positions.
        since: when they were first seen so, without a break.
    """

    other: str
    distance_m: float
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All units at one moment, with what joins them.

    Attributes:
        at: the moment.
        units: by key.
        near: by key, the nearest first.
        calls: by the call's key, the units on it, in order.
        crews: the units that each person is listed in.
    """

    at: datetime
    units: Mapping[str, Unit]
    near: Mapping[str, tuple[Near, ...]] = field(default_factory=dict)
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    crews: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def see(
    units: Iterable[Unit], now: datetime, limits: Limits, before: Picture | None = None
) -> Picture:
    """The picture of all units now; `before` is the last one, which knows since when."""
    by_key = {unit.key: unit for unit in units}
    calls: dict[str, tuple[str, ...]] = {}
    for key, unit in by_key.items():
        if unit.assignment and unit.status is not Status.OFF_DUTY:
            calls[unit.assignment.call] = (*calls.get(unit.assignment.call, ()), key)
    crews = crews_of(by_key)
    near = _near(by_key, now, limits, before.near if before else _NOBODY)
    return Picture(at=now, units=by_key, near=near, calls=calls, crews=crews)


def crews_of(units: Mapping[str, Unit]) -> dict[str, tuple[str, ...]]:
    """The units at work that each person is listed in, and not away from."""
    found: dict[str, tuple[str, ...]] = {}
    for key, unit in units.items():
        if unit.status is not Status.OFF_DUTY:
            for member in unit.members:
                if member.away_since is None:
                    found[member.person] = (*found.get(member.person, ()), key)
    return found


def touched(changed: Iterable[str], before: Picture, after: Picture) -> frozenset[str]:
    """The changed units, and all whom the change may concern: neighbours, same call, same person.

    Whoever judges these alone must judge all from time to time: silence changes nobody, and ages
    everybody.
    """
    found: set[str] = set()
    for key in changed:
        found.add(key)
        for picture in (before, after):
            found.update(near.other for near in picture.near.get(key, ()))
            unit = picture.units.get(key)
            if unit is None:
                continue
            if unit.assignment:
                found.update(picture.calls.get(unit.assignment.call, ()))
            for member in unit.members:
                found.update(picture.crews.get(member.person, ()))
    return frozenset(found)


def _near(
    units: Mapping[str, Unit],
    now: datetime,
    limits: Limits,
    before: Mapping[str, tuple[Near, ...]],
) -> dict[str, tuple[Near, ...]]:
    """The neighbours of each unit that has any."""
    seen = [
        (key, unit.position)
        for key, unit in units.items()
        if unit.status not in _UNSEEN and has_place(unit, now, limits)
    ]
    if len(seen) < 2:  # nobody has a neighbour
        return {}
    keys = [key for key, _ in seen]
    lons = np.array([at.lon for _, at in seen if at])
    lats = np.array([at.lat for _, at in seen if at])
    found: dict[str, list[Near]] = {}
    for one, other, metres in _pairs(lons, lats, limits.near_m):
        mine = found.setdefault(keys[one], [])
        if len(mine) < MOST_NEAR:
            since = _since(before.get(keys[one], ()), keys[other], now)
            mine.append(Near(other=keys[other], distance_m=metres, since=since))
    return {key: tuple(near) for key, near in found.items()}


def _since(before: tuple[Near, ...], other: str, now: datetime) -> datetime:
    return next((near.since for near in before if near.other == other), now)


def _pairs(lons: Any, lats: Any, near_m: float) -> list[tuple[int, int, float]]:
    """Pairs of indices not farther apart than this, with metres, each both ways, nearest first."""
    up = np.degrees(near_m / EARTH_M)
    right = up / np.maximum(np.cos(np.radians(lats)), 0.01)  # boxes stay finite at the poles
    boxes = shapely.box(lons - right, lats - up, lons + right, lats + up)
    ones, others = shapely.STRtree(shapely.points(lons, lats)).query(boxes)
    is_pair = ones != others
    ones, others = ones[is_pair], others[is_pair]
    metres = distances_m(lons[ones], lats[ones], lons[others], lats[others])
    is_near = metres <= near_m
    ones, others, metres = ones[is_near], others[is_near], metres[is_near]
    order = np.lexsort((others, metres, ones))
    rank = np.arange(len(order)) - np.searchsorted(ones[order], ones[order])
    order = order[rank < MOST_NEAR]
    return list(
        zip(ones[order].tolist(), others[order].tolist(), metres[order].tolist(), strict=True)
    )


def distances_m(lons: Any, lats: Any, to_lons: Any, to_lats: Any) -> Any:
    """Metres of the great circles between points in degrees (haversine): float64, shape (n,)."""
    north, to_north = np.radians(lats), np.radians(to_lats)
    up, right = to_north - north, np.radians(to_lons - lons)
    half = np.sin(up / 2) ** 2 + np.cos(north) * np.cos(to_north) * np.sin(right / 2) ** 2
    return 2 * EARTH_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
