"""Ground: how far one piece lies from another, and whether what a person drew is a piece of ground.

Outlines are GeoJSON Polygons and MultiPolygons: WGS 84, longitude first, edges straight in degrees
(RFC 7946, 3.1.1). Distances are great circles on a sphere of the earth's mean radius. The sphere
differs from WGS 84 by up to 0.56 %. The nearest two points are looked for in an azimuthal
equidistant projection around them, which never shows two points nearer than they are and, for
ground within 600 km of its middle, at most 0.15 % farther (c / sin c). Together: good to 1 % within
a state.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import shapely
from shapely.geometry import Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from tocsin.errors import InputError

RADIUS = 6371.0088
"""Mean radius of the earth in km (IUGG)."""

MOST_POINTS = 500
"""Corners that a drawn ground has at the most, with its holes."""

LARGEST = 3_000_000.0
"""Square km that a drawn ground holds at the most: a box around Alaska fits."""

SMALLEST = 1e-6
"""Square km below which there is no ground: one square metre."""

FAR = 500.0
"""Km from all ground on record beyond which a drawn ground is taken for a mistake."""

_DECIMALS = 6
"""Places that a drawn corner keeps: 0.1 m."""

_STEP = 0.1
"""Degrees after which an edge gets a further point, so that it stays straight in degrees."""

_DRAW_AGAIN = "Draw it again on the map."

Ring: TypeAlias = tuple[tuple[float, float], ...]
"""Corners as (longitude, latitude) in degrees, the first equal to the last."""

Outline: TypeAlias = Mapping[str, Any] | Any
"""A GeoJSON Polygon or MultiPolygon, or what `read_outline` made of one."""


def drawn_outline(
    rings: Sequence[Sequence[Sequence[float]]], *, near: Iterable[Outline] = ()
) -> dict[str, Any]:
    """What a person drew, as a valid GeoJSON Polygon: closed, outer ring counterclockwise.

    Args:
        rings: the outer ring, then holes; corners as (longitude, latitude). An open ring is closed.
        near: the ground on record; what lies far from all of it is refused.

    Raises:
        InputError: says what is wrong with it, and the way out.
    """
    count = sum(len(ring) for ring in rings)
    if count > MOST_POINTS:
        raise InputError(
            f"The ground drawn has {count} points; {MOST_POINTS} are the most.",
            way_out="Draw it more simply, or in several pieces.",
        )
    polygon = _polygon([_ring(ring) for ring in rings])
    _check_size(polygon)
    _check_near(polygon, [read_outline(one) for one in near])
    plain: dict[str, Any] = mapping(shapely.orient_polygons(polygon))
    return plain


def read_outline(outline: Outline) -> Any:
    """The outline ready to be measured; read it once where it is measured often.

    Raises:
        InputError: it is no ground.
    """
    if isinstance(outline, BaseGeometry):
        return outline
    try:
        ground = shape(outline)
        is_sound = (
            ground.geom_type in {"Polygon", "MultiPolygon"} and ground.is_valid and ground.area > 0
        )
    except (
        shapely.errors.ShapelyError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
    ) as error:
        raise InputError(f"An outline cannot be read: {error}.", way_out=_CORRECT) from error
    if not is_sound or not _is_on_earth(ground):
        raise InputError("An outline crosses itself or holds no ground.", way_out=_CORRECT)
    return ground


def contains(outline: Outline, longitude: float, latitude: float) -> bool:
    """Whether the point lies in the ground or on its border."""
    return bool(read_outline(outline).covers(Point(longitude, latitude)))


def covers_ground(outline: Outline, other: Outline) -> bool:
    """Whether all of the other ground lies in this one."""
    return bool(read_outline(outline).covers(read_outline(other)))


def area_km2(outline: Outline) -> float:
    """Square km of the ground, on the sphere."""
    return _area(read_outline(outline))


def overlap_km2(one: Outline, other: Outline) -> float:
    """Square km that both grounds hold; 0 where they only share a border."""
    shared = shapely.intersection(read_outline(one), read_outline(other))
    return _area(shared)


def overlaps(one: Outline, other: Outline) -> bool:
    """Whether both hold the same ground, more than the sliver along a border drawn twice."""
    first, second = read_outline(one), read_outline(other)
    return bool(first.intersects(second)) and overlap_km2(first, second) > SMALLEST


def distance_km(one: Outline, other: Outline) -> float:
    """Km between the nearest points of two grounds; 0 where they touch or overlap."""
    first, second = read_outline(one), read_outline(other)
    if first.intersects(second):
        return 0.0
    pair = _corners(shapely.shortest_line(first, second))
    first, second = shapely.segmentize(first, _STEP), shapely.segmentize(second, _STEP)
    for _ in range(2):
        pair = _nearest(first, second, middle=_middle(pair))
    return float(_arc(pair[0], pair[1]))


def within_km(one: Outline, other: Outline, *, km: float) -> float | None:
    """Km between two grounds, or None where they are farther apart than `km`."""
    first, second = read_outline(one), read_outline(other)
    if _at_least(first, second) > km:
        return None
    distance = distance_km(first, second)
    return distance if distance <= km else None


_CORRECT = "Correct the area in the county file and load it again."


def _ring(corners: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """The ring, closed, its corners rounded."""
    ring = [_corner(corner) for corner in corners]
    if len(set(ring)) < 3:  # a triangle
        raise InputError(
            f"The ground drawn has only {len(set(ring))} corners; it needs three.",
            way_out=_DRAW_AGAIN,
        )
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _corner(corner: Sequence[float]) -> tuple[float, float]:
    if len(corner) != 2 or any(  # longitude and latitude
        isinstance(number, bool) or not isinstance(number, int | float) for number in corner
    ):
        raise InputError(
            "A corner of the ground drawn is not two numbers.",
            way_out="Write longitude, then latitude, in degrees.",
        )
    longitude, latitude = corner
    if -180 <= longitude <= 180 and -90 <= latitude <= 90:
        return round(float(longitude), _DECIMALS), round(float(latitude), _DECIMALS)
    if -90 <= longitude <= 90 and -180 <= latitude <= 180:
        raise _swapped()
    raise InputError(
        "A corner of the ground drawn is not on the earth.",
        way_out="Longitude is from -180 to 180 degrees, latitude from -90 to 90.",
    )


def _swapped() -> InputError:
    return InputError(
        "The ground drawn seems to have latitude and longitude swapped.",
        way_out="Write longitude first, as GeoJSON has it.",
    )


def _polygon(rings: list[list[tuple[float, float]]]) -> Any:
    if not rings:
        raise InputError("The ground drawn has no corners.", way_out=_DRAW_AGAIN)
    polygon = Polygon(rings[0], rings[1:])
    fault, place = _fault_of(polygon)
    if fault:
        raise InputError(
            f"The ground drawn {fault}{place}.",
            way_out="Draw it again without crossing a line, or as several pieces.",
        )
    return polygon


def _fault_of(polygon: Any) -> tuple[str, str]:
    """What is wrong with the polygon and where, in words; both empty where nothing is."""
    reason = shapely.is_valid_reason(polygon)
    if reason == "Valid Geometry":
        return "", ""
    found = re.search(r"\[(\S+) (\S+)\]", reason)
    place = (
        f" near latitude {float(found[2]):.4f}, longitude {float(found[1]):.4f}" if found else ""
    )
    if "ole" in reason and "elf" not in reason:
        return "has a hole that does not lie inside it", place
    return "crosses or touches itself", place


def _check_size(polygon: Any) -> None:
    west, _, east, _ = polygon.bounds
    if east - west > 180:  # degrees: half the globe
        raise InputError(
            "The ground drawn spans more than half the globe.",
            way_out="Where it crosses longitude 180, draw one piece on each side.",
        )
    size = _area(polygon)
    if size < SMALLEST:
        raise InputError("The ground drawn holds no ground.", way_out=_DRAW_AGAIN)
    if size > LARGEST:
        raise InputError(
            f"The ground drawn is too large: {size:,.0f} square km; {LARGEST:,.0f} are the most.",
            way_out="Draw it smaller, or choose agencies by name.",
        )


def _check_near(polygon: Any, known: Sequence[Any]) -> None:
    if not known or any(within_km(polygon, one, km=FAR) is not None for one in known):
        return
    turned = shapely.transform(polygon, lambda corners: corners[:, ::-1])
    if _is_on_earth(turned) and any(within_km(turned, one, km=FAR) is not None for one in known):
        raise _swapped()
    raise InputError(
        f"The ground drawn lies more than {FAR:.0f} km from every area on record.",
        way_out=f"{_DRAW_AGAIN} If it is right, add an area there to the county file first.",
    )


def _is_on_earth(ground: Any) -> bool:
    west, south, east, north = ground.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)


def _area(ground: Any) -> float:
    """Square km of what is in it of polygons, each edge straight in degrees."""
    parts = [part for part in shapely.get_parts(ground) if part.geom_type == "Polygon"]
    return sum(
        _ring_area(part.exterior) - sum(_ring_area(hole) for hole in part.interiors)
        for part in parts
    )


def _ring_area(ring: Any) -> float:
    """R^2 times the integral of sin(latitude) over longitude around the ring; exact."""
    angles = np.radians(_corners(ring))
    steps = np.diff(angles, axis=0)
    middles = (angles[:-1, 1] + angles[1:, 1]) / 2
    heights = np.sin(middles) * np.sinc(steps[:, 1] / (2 * np.pi))  # the mean along the edge
    return float(RADIUS**2 * abs((steps[:, 0] * heights).sum()))


def _nearest(one: Any, other: Any, *, middle: Any) -> Any:
    """The nearest two points as the projection around `middle` shows them, in degrees."""
    flat = [
        shapely.transform(ground, lambda corners: _project(corners, middle))
        for ground in (one, other)
    ]
    return _restore(_corners(shapely.shortest_line(*flat)), middle)


def _project(corners: Any, middle: Any) -> Any:
    """Azimuthal equidistant on the sphere (Snyder 1987, 25-1 to 25-4); km east and north."""
    angles, (east, north) = np.radians(corners), np.radians(middle)
    turn, latitude = angles[:, 0] - east, angles[:, 1]
    cosine = np.sin(north) * np.sin(latitude) + np.cos(north) * np.cos(latitude) * np.cos(turn)
    arc = np.arccos(np.clip(cosine, -1, 1))
    sine = np.sin(arc)
    stretch = RADIUS * np.where(sine > 1e-12, arc / np.maximum(sine, 1e-12), 1.0)
    x = np.cos(latitude) * np.sin(turn)
    y = np.cos(north) * np.sin(latitude) - np.sin(north) * np.cos(latitude) * np.cos(turn)
    return np.column_stack([x, y]) * stretch[:, None]


def _restore(points: Any, middle: Any) -> Any:
    """Degrees of points that `_project` made (Snyder 1987, 20-14 and 20-15)."""
    east, north = np.radians(middle)
    x, y = points[:, 0] / RADIUS, points[:, 1] / RADIUS
    arc = np.hypot(x, y)
    ratio = np.sinc(arc / np.pi)  # sin c / c, and 1 in the middle
    latitude = np.arcsin(np.clip(np.cos(arc) * np.sin(north) + y * ratio * np.cos(north), -1, 1))
    longitude = east + np.arctan2(
        x * ratio, np.cos(north) * np.cos(arc) - y * ratio * np.sin(north)
    )
    return np.degrees(np.column_stack([longitude, latitude]))


def _middle(pair: Any) -> Any:
    """The point halfway on the great circle between two points, in degrees."""
    angles = np.radians(pair)
    flat = np.cos(angles[:, 1])
    x, y = (flat * np.cos(angles[:, 0])).sum(), (flat * np.sin(angles[:, 0])).sum()
    height = np.sin(angles[:, 1]).sum()
    return np.degrees([np.arctan2(y, x), np.arctan2(height, np.hypot(x, y))])


def _arc(one: Any, other: Any) -> Any:
    """Km of the great circle between two points (haversine)."""
    (east, north), (to_east, to_north) = np.radians(one), np.radians(other)
    half = _haversine(to_north - north, to_east - east, np.cos(north) * np.cos(to_north))
    return 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def _at_least(one: Any, other: Any) -> float:
    """Km that no two points of the grounds are nearer than, from their boxes alone."""
    west, south, east, north = np.radians(one.bounds)
    to_west, to_south, to_east, to_north = np.radians(other.bounds)
    up = max(0.0, to_south - north, south - to_north)
    right = max(0.0, to_west - east, west - to_east)
    around = 2 * np.pi - (max(east, to_east) - min(west, to_west))  # across longitude 180
    steepest = np.cos(max(abs(south), abs(north), abs(to_south), abs(to_north)))
    half = _haversine(up, max(0.0, min(right, around)), steepest**2)
    return float(2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _haversine(up: Any, right: Any, weight: Any) -> Any:
    return np.sin(up / 2) ** 2 + weight * np.sin(right / 2) ** 2


def _corners(line: Any) -> Any:
    return shapely.get_coordinates(line)
