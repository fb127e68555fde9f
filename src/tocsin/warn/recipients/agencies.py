"""Which agencies a bulletin concerns, and every reason why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.errors import InputError
from tocsin.warn.ground import (
    Outline,
    covers_ground,
    overlaps,
    read_outline,
    within_km,
)
from tocsin.warn.recipients.audience import Audience

LOOK_ALIKES = frozenset({"fire", "ems", "animal_control", "code_enforcement", "security", "tow"})
"""Kinds of agency whose people wear uniforms, or drive cars, that may be taken for the police's."""

_LONGEST_NAME = 80
"""Characters of a name in a reason, of which the record keeps 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFacts:
    """An agency as far as a warning needs to know.

    Attributes:
        key: the record's key.
        name: as it is shown.
        kind: what it does, in the record's word.
        center: key of the dispatch center that serves it; empty for none.
        is_look_alike: whether its people may be taken for police.
    """

    key: str
    name: str
    kind: str = ""
    center: str = ""
    is_look_alike: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An area as far as a warning needs to know.

    Attributes:
        key: the record's key.
        name: as people call it.
        outline: GeoJSON Polygon or MultiPolygon.
        agencies: keys of those that answer for it.
    """

    key: str
    name: str
    outline: Outline
    agencies: frozenset[str]


def reasons_for(
    audience: Audience,
    *,
    agencies: Iterable[AgencyFacts],
    areas: Iterable[Ground],
    center: str,
) -> dict[str, tuple[str, ...]]:
    """For each agency concerned, by key, every reason why, in plain sentences.

    Look-alikes are concerned where they answer for an area that was chosen, were chosen
    themselves, or were accepted; ground drawn and the ring only add to their reasons. Where
    nothing that was chosen leads to an agency, all that the center serves are concerned. The
    dispatch centers of the agencies concerned read the warning on the air.

    Args:
        audience: what a person chose.
        agencies: all of the installation.
        areas: all of the installation, in the order in which they are to be named.
        center: key of the dispatch center that has the threat.

    Raises:
        InputError: a key that is not on record, or an outline that cannot be read.
    """
    known = {one.key: one for one in agencies}
    grounds = list(areas)
    _check_keys(audience, known, {ground.key for ground in grounds}, center)
    reasons = _Reasons(audience, known)
    _add_chosen(reasons, grounds)
    _add_drawn(reasons, grounds)
    if not reasons.is_led:
        _add_served(reasons, center)
    for one in audience.look_alikes:
        by = f" by {short_name(one.by)}" if one.by else ""
        reasons.add(one.agency, f"looks like police: offered and accepted{by}")
    _add_ring(reasons, grounds)
    for key in dict.fromkeys([center, *(known[key].center for key in reasons.found)]):
        if key in known:
            reasons.add(key, f"{short_name(known[key].name)} dispatches them")
    return {key: tuple(why) for key, why in reasons.found.items()}


def in_km(distance: float) -> str:
    """The distance as people say it: `0 km`, `2.3 km`, `23 km`."""
    if distance < 0.05:  # km: shown as nothing
        return "0 km"
    return f"{distance:.1f} km" if distance < 9.95 else f"{distance:.0f} km"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Ground with its shape read; the key is empty for ground that was drawn."""

    key: str
    name: str
    shape: Any


class _Reasons:
    """Reasons as they are found, by agency; the same reason stands once."""

    def __init__(self, audience: Audience, known: dict[str, AgencyFacts]) -> None:
        self.audience = audience
        self.known = known
        self.found: dict[str, list[str]] = {}
        self.is_led = False
        """Whether the ground or the names chosen lead to an agency."""

    def add(self, agency: str, reason: str) -> None:
        reasons = self.found.setdefault(agency, [])
        if reason not in reasons:
            reasons.append(reason)

    def may_join(self, agency: str) -> bool:
        """Whether its place alone makes it concerned, or it is concerned already."""
        accepted = {one.agency for one in self.audience.look_alikes}
        is_chosen = agency in self.found or agency in accepted
        return agency in self.known and (is_chosen or not self.known[agency].is_look_alike)


def _check_keys(
    audience: Audience, known: dict[str, AgencyFacts], areas: set[str], center: str
) -> None:
    accepted = {one.agency for one in audience.look_alikes}
    keys = audience.agencies | accepted | {center}
    for what, missing in (("area", audience.areas - areas), ("agency", keys - known.keys())):
        if missing:
            raise InputError(
                f"There is no {what} {min(missing)!r} on record.",
                way_out="Choose again whom the bulletin concerns, or load the county file.",
            )


def _add_chosen(reasons: _Reasons, grounds: Sequence[Ground]) -> None:
    """Those that answer for the areas chosen, and those chosen by name."""
    for ground in grounds:
        if ground.key in reasons.audience.areas:
            for key in _listed(ground, reasons.known):
                reasons.add(key, f"answers for {short_name(ground.name)}")
    for key, agency in reasons.known.items():
        if key in reasons.audience.agencies:
            reasons.add(key, f"{short_name(agency.name)} is concerned")
    reasons.is_led = bool(reasons.found)


def _add_drawn(reasons: _Reasons, grounds: Sequence[Ground]) -> None:
    """Those on whose ground the drawn ground lies."""
    shapes = {ground.key: _shape(ground) for ground in grounds if reasons.audience.drawn}
    for one in reasons.audience.drawn:
        piece = read_outline(one.outline)
        by = f" by {short_name(one.by)}" if one.by else ""
        for ground in grounds:
            if not overlaps(piece, shapes[ground.key]):
                continue
            verb = "lies in" if covers_ground(shapes[ground.key], piece) else "reaches into"
            for key in filter(reasons.may_join, _listed(ground, reasons.known)):
                reasons.add(key, f"the ground drawn{by} {verb} {short_name(ground.name)}")
                reasons.is_led |= not reasons.known[key].is_look_alike


def _add_served(reasons: _Reasons, center: str) -> None:
    """Where nothing leads to an agency, all that the center serves: rather too many than none."""
    is_placed = reasons.audience.areas or reasons.audience.drawn
    why = "nobody answers for the ground" if is_placed else "no place is named"
    for key, agency in reasons.known.items():
        if agency.center == center:
            reasons.add(key, f"{why}; served by {short_name(reasons.known[center].name)}")


def _add_ring(reasons: _Reasons, grounds: Sequence[Ground]) -> None:
    """Those within the ring, unless the ground concerned is their own."""
    ring = reasons.audience.ring_km
    if not ring:
        return
    concerned = concerned_ground(reasons.audience, grounds, reasons.found)
    names = {piece.key for piece in concerned}
    at_home = {key for ground in grounds if ground.key in names for key in ground.agencies}
    nearest: dict[str, float] = {}
    for ground in grounds:
        keys = [key for key in _listed(ground, reasons.known) if key not in at_home]
        away = nearest_km(_shape(ground), concerned, km=ring) if keys else None
        if away is not None:
            nearest |= {key: min(away, nearest.get(key, away)) for key in keys}
    for key in filter(reasons.may_join, nearest):
        reasons.add(key, f"within {ring:g} km of the ground ({in_km(nearest[key])})")


def _listed(ground: Ground, known: Iterable[str]) -> list[str]:
    """The agencies that answer for the ground, in the order of those known."""
    return [key for key in known if key in ground.agencies]


def concerned_ground(
    audience: Audience, grounds: Sequence[Ground], found: Iterable[str]
) -> list[Piece]:
    """The ground concerned; that of the agencies found where none was chosen."""
    pieces = [
        Piece(key=ground.key, name=ground.name, shape=_shape(ground))
        for ground in grounds
        if ground.key in audience.areas
    ] + [
        Piece(key="", name="the ground drawn", shape=read_outline(one.outline))
        for one in audience.drawn
    ]
    if pieces:
        return pieces
    keys = frozenset(found)
    return [
        Piece(key=ground.key, name=ground.name, shape=_shape(ground))
        for ground in grounds
        if ground.agencies & keys
    ]


def _shape(ground: Ground) -> Any:
    try:
        return read_outline(ground.outline)
    except InputError as error:
        raise InputError(
            f"The outline of {ground.name} cannot be measured: {error.what}",
            way_out=f"{error.way_out} Or choose agencies by name, without ring or drawn ground.",
        ) from error


def nearest_km(shape: Outline, pieces: Iterable[Piece], *, km: float) -> float | None:
    """Km to the nearest of the pieces; None where all are farther than `km`."""
    found = (within_km(shape, piece.shape, km=km) for piece in pieces)
    return min((one for one in found if one is not None), default=None)


def short_name(name: str) -> str:
    """The name, cut where it would fill the reason alone; the cut is shown."""
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 3]}..."
