"""Rules of what a message says: how long it holds, its languages, its files, its ground."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator

from tocsin.warn.cap.ground import (
    Pair,
    are_inside,
    is_on_earth,
    read_circle,
    read_polygon,
    swapped,
)
from tocsin.warn.cap.message import AreaBlock
from tocsin.warn.cap.rules.rule import CAP_TEXT, PRACTICE, WEA_GROUND, Case, Found, Rule, rule

MOST_VERTICES = 100
MOST_SHAPES = 10
HEADLINE = 160


@rule("time-order", CAP_TEXT)
def time_order(case: Case) -> Found:
    """What is said expires after it was sent and begins before."""
    for place, info in case.infos():
        if not info.expires:
            continue
        if info.expires.at <= case.message.sent.at:
            yield f"{place} expires", "It had expired when it was sent."
        for name, time in (("effective", info.effective), ("onset", info.onset)):
            if time and time.at > info.expires.at:
                yield f"{place} {name}", "It begins after it has expired."


@rule("time-end", f"{CAP_TEXT} 3.2.2", remark=True)
def time_end(case: Case) -> Found:
    """What is said has an end."""
    for place, info in case.infos():
        if not info.expires:
            yield f"{place} expires", "Without an end each receiver chooses one."


@rule(
    "language-own",
    f"{CAP_TEXT} 3.2.2",
    remark=True,
)
def language_own(case: Case) -> Found:
    """Each language has its own area, and the same event codes."""
    codes = {frozenset(info.event_codes) for _, info in case.infos()}
    if len(codes) > 1:
        yield "info", "The blocks have different event codes."
    for place, info in case.infos():
        if not info.areas and any(other.areas for _, other in case.infos()):
            yield f"{place} area", "This block has no area of its own."


@rule(
    "headline-short",
    f"{CAP_TEXT} 3.2.2",
    remark=True,
)
def headline_short(case: Case) -> Found:
    """A headline has at most 160 characters."""
    for place, info in case.infos():
        if len(info.headline) > HEADLINE:
            yield f"{place} headline", f"It has {len(info.headline)} characters."


@rule(
    "resource-sound",
    f"{CAP_TEXT} 3.2.3",
)
def resource_sound(case: Case) -> Found:
    """A file inside is base64, and its digest is SHA-1 in hexadecimal."""
    for place, info in case.infos():
        for number, one in enumerate(info.resources, start=1):
            where = f"{place} resource {number}"
            if one.digest.strip() and not re.fullmatch(r"[0-9A-Fa-f]{40}", one.digest.strip()):
                yield where, f"{one.digest[:60]!r} is no SHA-1."
            if one.content and not _is_base64(one.content):
                yield where, "Its content is not base64."


def _is_base64(text: str) -> bool:
    try:
        b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _areas(case: Case) -> Iterator[tuple[str, AreaBlock]]:
    for place, info in case.infos():
        for number, area in enumerate(info.areas, start=1):
            yield f"{place} area {number}", area


def _outlines(case: Case) -> Iterator[tuple[str, str, tuple[Pair, ...] | None]]:
    """Each polygon and circle: its place, its text, its points where they can be read."""
    for place, area in _areas(case):
        for text in area.polygons:
            yield f"{place} polygon", text, read_polygon(text)
        for text in area.circles:
            circle = read_circle(text)
            yield f"{place} circle", text, (circle.middle,) if circle else None


@rule(
    "ground-readable",
    f"{CAP_TEXT} 3.2.4",
)
def ground_readable(case: Case) -> Found:
    """A polygon is `lat,lon lat,lon ...`, a circle `lat,lon kilometres`, in degrees of WGS 84."""
    for place, text, points in _outlines(case):
        if points is None:
            yield place, f"{text.strip()[:60]!r} cannot be read."
        else:
            off = next((point for point in points if not is_on_earth(point)), None)
            if off:
                yield place, f"{off[1]:g},{off[0]:g} is nowhere: latitude goes from -90 to 90."


@rule(
    "ground-order",
    f"{CAP_TEXT} 3.2.4",
)
def ground_order(case: Case) -> Found:
    """Latitude comes first: the ground is ours as written, not with the numbers exchanged."""
    for place, _, points in _outlines(case):
        if points and case.home and _is_exchanged(points, case):
            yield place, "With latitude and longitude exchanged it would be in our ground."


def _is_exchanged(points: tuple[Pair, ...], case: Case) -> bool:
    return not are_inside(points, case.home) and are_inside(swapped(points), case.home)


@rule("ground-ours", PRACTICE, remark=True)
def ground_ours(case: Case) -> Found:
    """The ground lies within ours."""
    for place, _, points in _outlines(case):
        if points and case.home and not are_inside(points, case.home):
            yield place, "Part of it lies outside our ground."


@rule("polygon-closed", f"{CAP_TEXT} 3.2.4")
def polygon_closed(case: Case) -> Found:
    """A polygon ends where it begins."""
    for place, _, points in _outlines(case):
        if place.endswith("polygon") and points and points[0] != points[-1]:
            yield place, "Its last pair is not its first."


@rule("polygon-corners", f"{CAP_TEXT} 3.2.4")
def polygon_corners(case: Case) -> Found:
    """A polygon has at least four pairs."""
    for place, _, points in _outlines(case):
        if place.endswith("polygon") and points and len(points) < 4:
            yield place, f"It has {len(points)}."


@rule(
    "polygon-simple",
    f"{WEA_GROUND}, {PRACTICE}",
    remark=True,
)
def polygon_simple(case: Case) -> Found:
    """A polygon has at most 100 pairs, an area at most 10 shapes."""
    for place, _, points in _outlines(case):
        if points and len(points) > MOST_VERTICES:
            yield place, f"It has {len(points)} pairs."
    for place, info in case.infos():
        shapes = sum(len(area.polygons) + len(area.circles) for area in info.areas)
        if shapes > MOST_SHAPES:
            yield place, f"Its areas have {shapes} shapes."


@rule(
    "area-drawn",
    f"{CAP_TEXT} 3.2.4",
    remark=True,
)
def area_drawn(case: Case) -> Found:
    """An area has a polygon, a circle or a geocode beside its name."""
    for place, area in _areas(case):
        if not (area.polygons or area.circles or area.geocodes):
            yield place, f"{area.name[:60]!r} is a name alone; no machine can find it."


@rule("ceiling-floor", f"{CAP_TEXT} 3.2.4")
def ceiling_floor(case: Case) -> Found:
    """A ceiling stands only beside an altitude."""
    for place, area in _areas(case):
        if area.ceiling and not area.altitude:
            yield place, "It has a ceiling and no altitude."


CONTENT: tuple[Rule, ...] = (
    time_order,
    time_end,
    language_own,
    headline_short,
    resource_sound,
    ground_readable,
    ground_order,
    ground_ours,
    polygon_closed,
    polygon_corners,
    polygon_simple,
    area_drawn,
    ceiling_floor,
)
