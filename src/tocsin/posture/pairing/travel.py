"""Ways over the ground: how long, and where two that drive towards each other meet.

Straight lines times a factor for the roads; great circles on a sphere (see `tocsin.warn.ground`).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.warn.ground import RADIUS

Numbers = NDArray[np.float64]


def arc_km(one: Numbers, other: Numbers) -> Numbers:
    """Km of the great circle between points in degrees (haversine); shapes (..., 2), broadcast."""
    first, second = np.radians(one), np.radians(other)
    up = second[..., 1] - first[..., 1]
    right = second[..., 0] - first[..., 0]
    flat = np.cos(first[..., 1]) * np.cos(second[..., 1])
    half = np.sin(up / 2) ** 2 + flat * np.sin(right / 2) ** 2
    arc: Numbers = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return arc


def share_of_way(drive: Numbers, ready: Numbers, other_ready: Numbers) -> Numbers:
    """What share of the way the first drives so that both arrive at once, 0 to 1.

    `ready + share * drive = other_ready + (1 - share) * drive`; where one is busy for longer than
    the whole drive, the other comes all the way.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Numbers = (other_ready + drive - ready) / (2 * drive)
    return np.clip(np.where(drive > 0, share, 0.0), 0.0, 1.0)


def along(one: Numbers, other: Numbers, share: Numbers) -> Numbers:
    """The points at that share of the way; straight in degrees, the short way round."""
    way = other - one
    way[..., 0] = (way[..., 0] + 180) % 360 - 180
    found: Any = one + way * share[..., None]
    found[..., 0] = (found[..., 0] + 180) % 360 - 180
    return np.asarray(found, dtype=np.float64)
