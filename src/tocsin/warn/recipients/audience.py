"""The audience of a bulletin: what a person chose on the draft, and how it is kept as JSON."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tocsin.assess import Act, Role, may
from tocsin.errors import InputError
from tocsin.warn.ground import Outline, Ring, drawn_outline

NEXT_WITHIN = timedelta(hours=8)
"""Who comes on duty within this is told with the next shift, unless a person says otherwise."""

_MINUTE = timedelta(minutes=1)
_CHOOSE_AGAIN = "Correct it on the draft and save it again; nothing was changed."


class Shifts(StrEnum):
    """Whose hours count."""

    NOW = "now"
    NOW_AND_NEXT = "now and next"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A piece of ground that a person drew.

    Attributes:
        rings: the outer ring, then holes, as `drawn_outline` gives them.
        by: name of who drew it.
    """

    rings: tuple[Ring, ...]
    by: str = ""

    @property
    def outline(self) -> dict[str, Any]:
        """The ground as a GeoJSON Polygon."""
        return {"type": "Polygon", "coordinates": [list(ring) for ring in self.rings]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A look-alike agency that was offered, and who accepted it."""

    agency: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """What a person chose on the draft; by itself it tells whoever is on duty.

    Attributes:
        areas: keys of the areas concerned.
        drawn: further ground, drawn by a person.
        agencies: keys of agencies concerned beside those of the ground.
        ring_km: agencies whose ground lies within so many km of the ground concerned; 0 for none.
        roles: told in every agency of the installation.
        shifts: whose hours count.
        next_within: of the next shift, those who come on duty within this.
        look_alikes: agencies whose people may be taken for police, offered and accepted.
    """

    areas: frozenset[str] = frozenset()
    drawn: tuple[Drawn, ...] = ()
    agencies: frozenset[str] = frozenset()
    ring_km: float = 0.0
    roles: frozenset[Role] = frozenset()
    shifts: Shifts = Shifts.NOW
    next_within: timedelta = NEXT_WITHIN
    look_alikes: tuple[Accepted, ...] = ()

    def next_until(self, now: datetime) -> datetime | None:
        """Who comes on duty up to this moment is told as well; None where only now counts."""
        return now + self.next_within if self.shifts is Shifts.NOW_AND_NEXT else None


def audience_from(value: object, *, near: Iterable[Outline] = ()) -> Audience:
    """Read an audience from JSON values, as a page sends it or the record keeps it.

    Args:
        value: what `json.loads` gave.
        near: the ground on record; drawn ground far from all of it is refused.

    Raises:
        InputError: names the field that does not fit, and the way out.
    """
    fault = best_match(_schema().iter_errors(value))
    if fault is not None or not isinstance(value, dict):
        place = ".".join(str(part) for part in fault.absolute_path) if fault else ""
        said = fault.message[:300] if fault else "it is no object"
        raise _misfit(place or "the whole", said)
    ring_km = float(value.get("ring_km", 0))
    if not math.isfinite(ring_km):
        raise _misfit("ring_km", "it is no number of km")
    default = NEXT_WITHIN // _MINUTE
    known = list(near)
    return Audience(
        areas=frozenset(value.get("areas", ())),
        drawn=tuple(_drawn(at, one, known) for at, one in enumerate(value.get("drawn", ()))),
        agencies=frozenset(value.get("agencies", ())),
        ring_km=ring_km,
        roles=frozenset(_role(name) for name in value.get("roles", ())),
        shifts=Shifts(value.get("shifts", Shifts.NOW)),
        next_within=_MINUTE * int(value.get("next_within_min", default)),
        look_alikes=_look_alikes(value.get("look_alikes", ())),
    )


def audience_json(audience: Audience) -> dict[str, Any]:
    """The audience as `audience_from` reads it; the same audience always gives the same JSON."""
    return {
        "areas": sorted(audience.areas),
        "drawn": [
            {"rings": [[list(corner) for corner in ring] for ring in one.rings], "by": one.by}
            for one in audience.drawn
        ],
        "agencies": sorted(audience.agencies),
        "ring_km": audience.ring_km,
        "roles": sorted(role.value for role in audience.roles),
        "shifts": audience.shifts.value,
        "next_within_min": audience.next_within // _MINUTE,
        "look_alikes": [
            {"agency": one.agency, "by": one.by}
            for one in sorted(audience.look_alikes, key=lambda one: one.agency)
        ],
    }


def signed_audience(audience: Audience, *, by: str, before: Audience) -> Audience:
    """The audience in which each choice carries the name of the person who made it.

    What `before` held keeps its name; everything else is now `by`'s. What the sender wrote in
    `by` counts for nothing, so that nobody draws in another person's name.
    """
    drew = {one.rings: one.by for one in before.drawn}
    accepted = {one.agency: one.by for one in before.look_alikes}
    return replace(
        audience,
        drawn=tuple(replace(one, by=drew.get(one.rings, by)) for one in audience.drawn),
        look_alikes=tuple(
            replace(one, by=accepted.get(one.agency, by)) for one in audience.look_alikes
        ),
    )


@cache
def _schema() -> Draft202012Validator:
    text = files("tocsin.warn.recipients").joinpath("audience.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(text))


def _drawn(at: int, value: Mapping[str, Any], near: list[Outline]) -> Drawn:
    try:
        outline = drawn_outline(value["rings"], near=near)
    except InputError as error:
        raise InputError(
            f"In the audience, drawn.{at}: {error.what}", way_out=error.way_out
        ) from error
    rings = tuple(
        tuple((float(corner[0]), float(corner[1])) for corner in ring)
        for ring in outline["coordinates"]
    )
    return Drawn(rings=rings, by=value.get("by", ""))


def _role(name: str) -> Role:
    if name not in list(Role):
        raise _misfit("roles", f"there is no role {name!r}")
    role = Role(name)
    if not may(frozenset({role}), Act.RECEIVE_BULLETINS):
        raise _misfit("roles", f"the role {role.value.replace('_', ' ')} receives no bulletins")
    return role


def _look_alikes(rows: Iterable[Mapping[str, Any]]) -> tuple[Accepted, ...]:
    found = [Accepted(agency=row["agency"], by=row.get("by", "")) for row in rows]
    if len({one.agency for one in found}) < len(found):
        raise _misfit("look_alikes", "an agency stands twice")
    return tuple(sorted(found, key=lambda one: one.agency))


def _misfit(field: str, said: str) -> InputError:
    return InputError(f"In the audience, {field}: {said}.", way_out=_CHOOSE_AGAIN)
