"""The audience of a bulletin, from its rows: whom it concerns, why, and who is offered."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.models import Bulletin
from tocsin.warn.recipients import (
    LOOK_ALIKES,
    AgencyFacts,
    Audience,
    Drawn,
    Ground,
    Offer,
    audience_from,
    audience_json,
    offers,
    reasons_for,
)

_NO_OUTLINE: dict[str, Any] = {}
"""Stands for an outline that nobody measures."""


def audience_of(row: Bulletin) -> Audience:
    """The version's audience; its areas and agencies are those of its own rows."""
    return replace(
        audience_from(row.audience),
        areas=frozenset(area.key for area in row.areas.all()),
        agencies=frozenset(agency.key for agency in row.agencies.all()),
    )


def kept_audience(audience: Audience) -> dict[str, Any]:
    """The audience as a version keeps it: without the areas and agencies, which are rows."""
    return audience_json(replace(audience, areas=frozenset(), agencies=frozenset()))


def name_of_drawn(drawn: Drawn) -> str:
    """What a drawn ground is called wherever ground is named."""
    return f"ground drawn by {drawn.by}"


def agency_facts() -> list[AgencyFacts]:
    """Every agency, as the stage sees one."""
    return [
        AgencyFacts(
            key=row.key,
            name=row.name,
            kind=row.kind,
            center=row.center.key if row.center else "",
            is_look_alike=row.is_look_alike or row.kind in LOOK_ALIKES,
        )
        for row in Agency.objects.select_related("center")
    ]


def grounds(*, with_outlines: bool = True) -> list[Ground]:
    """Every area, as the stage sees one; without its outline, which may be long, on request."""
    rows = Area.objects.all() if with_outlines else Area.objects.defer("outline")
    answering: dict[int, set[str]] = defaultdict(set)
    for area, agency in Area.agencies.through.objects.values_list("area", "agency__key"):
        answering[area].add(agency)
    return [
        Ground(
            key=row.key,
            name=row.name,
            outline=row.outline if with_outlines else _NO_OUTLINE,
            agencies=frozenset(answering[row.pk]),
        )
        for row in rows
    ]


def reasons_for_audience(audience: Audience, *, center: Agency) -> dict[str, tuple[str, ...]]:
    """For each agency that this audience of a center's threat concerns, by key, every reason why.

    Raises:
        InputError: it names what is not on record, or ground that cannot be measured.
    """
    is_measured = bool(audience.drawn or audience.ring_km)
    return reasons_for(
        audience,
        agencies=agency_facts(),
        areas=grounds(with_outlines=is_measured),
        center=center.key,
    )


def reasons_of(row: Bulletin) -> dict[str, tuple[str, ...]]:
    """For each agency that the version concerns, by key, every reason why."""
    return reasons_for_audience(audience_of(row), center=row.threat.center)


def offers_of(row: Bulletin, *, audience: Audience | None = None) -> tuple[Offer, ...]:
    """Look-alikes and neighbours that a person may add, the nearest first; nothing is added here.

    Raises:
        InputError: the audience names what is not on record, or ground that cannot be measured.
    """
    return offers(
        audience or audience_of(row),
        agencies=agency_facts(),
        areas=grounds(),
        center=row.threat.center.key,
    )


def cap_rings(outline: Mapping[str, Any]) -> tuple[tuple[tuple[float, float], ...], ...]:
    """The outer rings of a GeoJSON Polygon or MultiPolygon."""
    is_one = outline["type"] == "Polygon"
    polygons = [outline["coordinates"]] if is_one else outline["coordinates"]
    return tuple(
        tuple((float(pair[0]), float(pair[1])) for pair in polygon[0]) for polygon in polygons
    )
