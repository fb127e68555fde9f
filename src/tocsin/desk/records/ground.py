"""The ground of areas as rings, the way CAP and its rules take it."""

from collections.abc import Iterable

from django.db.models import Q

from tocsin.desk.people.models import Agency, Area
from tocsin.warn import CapArea

Ring = tuple[tuple[float, float], ...]


def areas_of(center: Agency) -> list[Area]:
    """The ground for which the center's own agencies answer."""
    served = Agency.objects.filter(Q(pk=center.pk) | Q(center=center))
    return list(Area.objects.filter(agencies__in=served).distinct())


def rings_of(area: Area) -> tuple[Ring, ...]:
    """The outer rings of the area: pairs of longitude and latitude in degrees, WGS 84."""
    outline = area.outline
    is_one = outline["type"] == "Polygon"
    polygons = [outline["coordinates"]] if is_one else outline["coordinates"]
    return tuple(
        tuple((float(pair[0]), float(pair[1])) for pair in polygon[0]) for polygon in polygons
    )


def home_of(center: Agency) -> tuple[Ring, ...]:
    """Every outer ring of the center's ground."""
    return tuple(ring for area in areas_of(center) for ring in rings_of(area))


def as_cap_areas(areas: Iterable[Area], *, counties: tuple[str, ...]) -> tuple[CapArea, ...]:
    """The areas as CAP says them, each with these SAME codes."""
    return tuple(CapArea(name=area.name, rings=rings_of(area), counties=counties) for area in areas)
