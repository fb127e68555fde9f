"""Ground: distances, and what is refused as ground."""

import math
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import pytest
import shapely
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely.geometry import shape

from tocsin.errors import InputError
from tocsin.warn.ground import (
    LARGEST,
    MOST_POINTS,
    RADIUS,
    area_km2,
    contains,
    covers_ground,
    distance_km,
    drawn_outline,
    overlap_km2,
    overlaps,
    read_outline,
    within_km,
)

Corner = tuple[float, float]


def a_box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def a_dot(longitude: float, latitude: float) -> dict[str, Any]:
    """A piece of ground of some centimetres."""
    return a_box(longitude, latitude, longitude + 1e-6, latitude + 1e-6)


def on_the_sphere(one: Corner, other: Corner) -> float:
    """Km by the law of cosines in its stable form (Vincenty's for the sphere)."""
    (west, south), (east, north) = (tuple(map(math.radians, point)) for point in (one, other))
    turn = east - west
    across = math.hypot(
        math.cos(north) * math.sin(turn),
        math.cos(south) * math.sin(north) - math.sin(south) * math.cos(north) * math.cos(turn),
    )
    along = math.sin(south) * math.sin(north) + math.cos(south) * math.cos(north) * math.cos(turn)
    return RADIUS * math.atan2(across, along)


def on_the_ellipsoid(one: Corner, other: Corner) -> float:
    """Km on WGS 84 (Vincenty 1975, inverse), good to millimetres for points of one continent."""
    major, flat = 6378.137, 1 / 298.257223563
    minor = major * (1 - flat)
    length = math.radians(other[0] - one[0])
    first, second = (
        math.atan((1 - flat) * math.tan(math.radians(point[1]))) for point in (one, other)
    )
    turn = length
    square = sine = cosine = middle = arc = 0.0
    for _ in range(50):
        sine = math.hypot(
            math.cos(second) * math.sin(turn),
            math.cos(first) * math.sin(second)
            - math.sin(first) * math.cos(second) * math.cos(turn),
        )
        cosine = math.sin(first) * math.sin(second) + math.cos(first) * math.cos(second) * math.cos(
            turn
        )
        arc = math.atan2(sine, cosine)
        azimuth = math.cos(first) * math.cos(second) * math.sin(turn) / sine if sine else 0.0
        square = 1 - azimuth**2
        middle = cosine - 2 * math.sin(first) * math.sin(second) / square if square else 0.0
        c = flat / 16 * square * (4 + flat * (4 - 3 * square))
        turn = length + (1 - c) * flat * azimuth * (
            arc + c * sine * (middle + c * cosine * (2 * middle**2 - 1))
        )
    u = square * (major**2 - minor**2) / minor**2
    a = 1 + u / 16384 * (4096 + u * (-768 + u * (320 - 175 * u)))
    b = u / 1024 * (256 + u * (-128 + u * (74 - 47 * u)))
    term = cosine * (2 * middle**2 - 1) - b / 6 * middle * (4 * sine**2 - 3) * (4 * middle**2 - 3)
    return minor * a * (arc - b * sine * (middle + b / 4 * term))


def border_of(outline: dict[str, Any], steps: int) -> list[Corner]:
    """Points along the border, straight in degrees."""
    ring = outline["coordinates"][0]
    return [
        (one[0] + (other[0] - one[0]) * at / steps, one[1] + (other[1] - one[1]) * at / steps)
        for one, other in pairwise(ring)
        for at in range(steps)
    ]


WITHIN_A_STATE = st.tuples(
    st.floats(-170, -66), st.floats(18, 71), st.floats(-6, 6), st.floats(-4, 4)
)


@given(place=WITHIN_A_STATE)
def test_distances_within_a_state_are_good_to_one_percent(
    place: tuple[float, float, float, float],
) -> None:
    west, south, right, up = place
    one, other = (west, south), (west + right, south + up)
    true = on_the_ellipsoid(one, other)
    assume(true > 1)

    assert distance_km(a_dot(*one), a_dot(*other)) == pytest.approx(true, rel=0.01)


BOXES = st.builds(
    lambda west, south, wide, high: a_box(west, south, west + wide, south + high),
    st.floats(-110, -104),
    st.floats(36, 41),
    st.floats(0.05, 2),
    st.floats(0.05, 2),
)


@given(one=BOXES, other=BOXES)
def test_the_nearest_points_of_two_grounds_are_found(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assume(not shape(one).intersects(shape(other)))
    pairs = product(border_of(one, 40), border_of(other, 40))
    nearest = min(on_the_sphere(*pair) for pair in pairs)
    found = distance_km(one, other)

    assert found <= nearest * 1.0001 + 0.001
    assert found >= nearest - 6  # between two points of the brute search lie up to 5.6 km


@given(one=BOXES, other=BOXES)
def test_the_way_back_is_as_long(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert distance_km(one, other) == pytest.approx(distance_km(other, one), rel=1e-4, abs=1e-6)


@given(one=BOXES, other=BOXES, km=st.floats(0, 500))
def test_what_lies_within_is_never_missed(
    one: dict[str, Any], other: dict[str, Any], km: float
) -> None:
    distance = distance_km(one, other)

    assert within_km(one, other, km=km) == (distance if distance <= km else None)


def test_known_distances_are_met() -> None:
    denver, pueblo, el_paso = (-104.9903, 39.7392), (-104.6091, 38.2544), (-106.4850, 31.7619)

    assert distance_km(a_dot(*denver), a_dot(*pueblo)) == pytest.approx(168.1, rel=0.01)
    assert distance_km(a_dot(*denver), a_dot(*el_paso)) == pytest.approx(896, rel=0.01)


def test_a_long_border_is_straight_in_degrees_as_geojson_says() -> None:
    kansas = a_box(-102, 37, -94.6, 40)  # its northern border runs along 40 degrees
    town = a_dot(-98.3, 40.1)

    assert distance_km(kansas, town) == pytest.approx(11.12, rel=0.01)


def test_ground_on_both_sides_of_longitude_180_is_near() -> None:
    assert within_km(a_dot(179.95, 52), a_dot(-179.95, 52), km=10) == pytest.approx(6.85, rel=0.01)


def test_ground_that_touches_is_at_no_distance_and_does_not_overlap() -> None:
    west, east = a_box(-105, 39, -104, 40), a_box(-104, 39, -103, 40)

    assert distance_km(west, east) == 0
    assert overlap_km2(west, east) == 0
    assert not overlaps(west, east)
    assert overlaps(west, a_box(-104.001, 39, -103, 40))


def test_a_border_drawn_twice_is_no_overlap() -> None:
    assert not overlaps(a_box(-105, 39, -104, 39.1), a_box(-104 - 1e-12, 39, -103, 39.1))
    north = [(-105.0, 39.0), (-104.0, 39.7), (-105.0, 39.7)]
    south = [(-105.0, 39.0), (-104.7, 39.21), (-104.4, 39.42), (-104.0, 39.7), (-104.0, 39.0)]
    assert not overlaps(drawn_outline([north]), drawn_outline([south]))


@given(box=BOXES, longitude=st.floats(-111, -100), latitude=st.floats(35, 44))
def test_a_point_is_in_ground_that_it_has_no_distance_to(
    box: dict[str, Any], longitude: float, latitude: float
) -> None:
    west, south, east, north = shape(box).bounds
    inside = west <= longitude <= east and south <= latitude <= north

    assert contains(box, longitude, latitude) == inside
    assert covers_ground(box, box)


def test_an_area_is_that_of_the_sphere() -> None:
    colorado = a_box(-109.05, 37, -102.05, 41)
    band = math.radians(7) * (math.sin(math.radians(41)) - math.sin(math.radians(37)))

    assert area_km2(colorado) == pytest.approx(band * RADIUS**2, rel=1e-6)
    assert area_km2(colorado) == pytest.approx(269_601, rel=0.01)


SQUARE = [(-105.2, 39.1), (-105.1, 39.1), (-105.1, 39.2), (-105.2, 39.2)]


def test_a_drawn_ring_is_closed_and_runs_counterclockwise() -> None:
    for ring in (SQUARE, SQUARE[::-1], [*SQUARE, SQUARE[0]]):
        outline = drawn_outline([ring])
        drawn = outline["coordinates"][0]
        assert outline["type"] == "Polygon"
        assert drawn[0] == drawn[-1]
        assert shapely.is_ccw(shapely.LinearRing(drawn))


@given(
    corners=st.lists(st.tuples(st.floats(-106, -104), st.floats(38, 40)), min_size=3, max_size=9)
)
def test_what_is_taken_is_valid_and_is_taken_again_as_it_is(corners: list[Corner]) -> None:
    try:
        outline = drawn_outline([corners])
    except InputError:
        return
    assert shape(outline).is_valid
    assert drawn_outline(outline["coordinates"]) == outline


def a_star(count: int) -> list[Corner]:
    angles = [math.tau * at / count for at in range(count)]
    return [(-105 + math.cos(angle) / 10, 39 + math.sin(angle) / 10) for angle in angles]


REFUSED: list[tuple[str, Sequence[Sequence[Any]], str, str]] = [
    ("nothing", [], "no corners", "Draw it again"),
    ("two corners", [SQUARE[:2]], "only 2 corners", "Draw it again"),
    ("one corner thrice", [[SQUARE[0]] * 3], "only 1 corners", "Draw it again"),
    ("a line", [[(-105, 39), (-105.1, 39.1), (-105.2, 39.2)]], "holds no ground", "again"),
    ("a bow tie", [[SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]], "near latitude 39.15", "without"),
    ("a hole outside", [SQUARE, [(-104, 39), (-103, 39), (-103, 38)]], "a hole", "pieces"),
    ("swapped", [[(39.1, -105.2), (39.1, -105.1), (39.2, -105.1)]], "swapped", "longitude first"),
    ("off the earth", [[(-105, 39), (-105, 40), (500, 39)]], "not on the earth", "-180 to 180"),
    ("no number", [[(-105, 39), (-105, 40), (math.nan, 39)]], "not on the earth", "Longitude"),
    ("infinite", [[(-105, 39), (-105, 40), (math.inf, 39)]], "not on the earth", "Longitude"),
    ("huge", [[(-105, 39), (-105, 40), (10**400, 39)]], "not on the earth", "Longitude"),
    ("words", [[(-105, 39), (-105, 40), ("x", 39)]], "not two numbers", "longitude, then"),
    ("truth", [[(-105, 39), (-105, 40), (True, 39)]], "not two numbers", "longitude, then"),
    ("heights", [[(-105, 39, 1), (-105, 40, 1), (-104, 39, 1)]], "not two numbers", "degrees"),
    ("a continent", [[(-120, 30), (-80, 30), (-80, 50), (-120, 50)]], "too large", "smaller"),
    ("the globe", [[(-179, 50), (179, 50), (179, 55), (-179, 55)]], "half the globe", "each side"),
    ("too many points", [a_star(MOST_POINTS + 1)], "501 points; 500", "more simply"),
]


@pytest.mark.parametrize(
    ("rings", "what", "way_out"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_no_ground_is_refused_with_a_way_out(
    rings: Sequence[Sequence[Any]], what: str, way_out: str
) -> None:
    with pytest.raises(InputError) as caught:
        drawn_outline(rings)

    assert what in caught.value.what
    assert way_out in caught.value.way_out


def test_as_many_points_as_are_allowed_are_taken() -> None:
    assert drawn_outline([a_star(MOST_POINTS)])["type"] == "Polygon"


def test_alaska_can_be_drawn() -> None:
    alaska = a_box(-168, 55, -141, 71)

    assert area_km2(drawn_outline(alaska["coordinates"])) < LARGEST


def test_ground_far_from_all_on_record_is_taken_for_a_mistake() -> None:
    new_york = a_box(-74.1, 40.6, -73.9, 40.8)
    swapped = [(corner[1], corner[0]) for corner in new_york["coordinates"][0]]

    assert drawn_outline(new_york["coordinates"], near=[new_york])
    with pytest.raises(InputError, match="swapped"):
        drawn_outline([swapped], near=[new_york])  # 40 east, 74 south: on the earth
    with pytest.raises(InputError, match="more than 500 km from every area"):
        drawn_outline([SQUARE], near=[new_york])


@pytest.mark.parametrize(
    "outline",
    [
        {},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4]]]},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Circle", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[math.nan, 0], [1, 1], [0, 1], [math.nan, 0]]]},
        {"type": "Polygon", "coordinates": [[[500, 0], [501, 1], [500, 1], [500, 0]]]},
        {"type": "Polygon", "coordinates": None},
        [],
        None,
        "Polygon",
    ],
    ids=str,
)
def test_an_outline_that_is_none_is_an_input_error(outline: Any) -> None:
    with pytest.raises(InputError):
        read_outline(outline)
