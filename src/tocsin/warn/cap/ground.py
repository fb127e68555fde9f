"""Ground in CAP's own writing: latitude first, which senders and programs confuse.

GeoJSON, and everything else in this project, has the longitude first. What is read here becomes
pairs of (longitude, latitude) in degrees of WGS 84, as everywhere else.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Pair = tuple[float, float]
Ring = Sequence[Pair]

_NUMBER = r"[+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapArea:
    """Ground as CAP says it.

    Attributes:
        name: as people call it.
        rings: outer rings of (longitude, latitude) pairs in degrees, first pair equal to the last,
            as GeoJSON has them.
        counties: six digits each (a part of the county, the state, the county; FIPS), as SAME
            names them.
    """

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    counties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """A circle: its middle as (longitude, latitude) in degrees, its radius in kilometres."""

    middle: Pair
    radius_km: float


def read_polygon(text: str) -> tuple[Pair, ...] | None:
    """The (longitude, latitude) pairs of a polygon; None where it is none that CAP knows."""
    pairs = [_read_pair(word) for word in text.split()]
    return tuple(pair for pair in pairs if pair) if pairs and all(pairs) else None


def read_circle(text: str) -> Circle | None:
    """The circle that the text describes; None where it describes none."""
    words = text.split()
    if len(words) != 2 or not re.fullmatch(_NUMBER, words[1], re.ASCII):
        return None
    middle = _read_pair(words[0])
    return Circle(middle=middle, radius_km=float(words[1])) if middle else None


def write_ring(ring: Ring) -> str:
    """The ring as CAP writes a polygon: latitude first, six decimals."""
    return " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in ring)


def is_on_earth(pair: Pair) -> bool:
    """Both numbers are within the degrees that there are."""
    lon, lat = pair
    return -180 <= lon <= 180 and -90 <= lat <= 90


def are_inside(pairs: Iterable[Pair], home: Sequence[Ring]) -> bool:
    """Every pair lies within one of the rings, or on the corner of one."""
    return all(any(_is_inside(pair, ring) for ring in home) for pair in pairs)


def swapped(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs with latitude and longitude exchanged."""
    return tuple((lat, lon) for lon, lat in pairs)


def _read_pair(word: str) -> Pair | None:
    match = _PAIR.fullmatch(word)
    return (float(match.group(2)), float(match.group(1))) if match else None


def _is_inside(pair: Pair, ring: Ring) -> bool:
    """Count the edges that a ray to the east crosses; an odd count is inside."""
    lon, lat = pair
    if pair in ring:
        return True
    inside = False
    for (lon_a, lat_a), (lon_b, lat_b) in pairwise(ring):
        crosses = (lat_a > lat) != (lat_b > lat)
        if crosses and lon < lon_a + (lat - lat_a) / (lat_b - lat_a) * (lon_b - lon_a):
            inside = not inside
    return inside
