"""Whom a draft would reach, why, and who else is offered; the ground for its map."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shapely.geometry import shape

from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.audience import audience_of, offers_of, reasons_for_audience
from tocsin.desk.records.boards.ground import write_grounds
from tocsin.desk.records.models import Bulletin
from tocsin.desk.records.queries import Concerned, concerned_by
from tocsin.warn.ground import area_km2
from tocsin.warn.recipients import Audience, Drawn, OfferKind


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyLine:
    """An agency that a version concerns.

    Attributes:
        name: its name.
        why: every reason, in words.
        people: how many of its people would be told.
        later: how many of them come on duty later.
    """

    name: str
    why: tuple[str, ...]
    people: int
    later: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """An agency that a person may add, or has added from the offers.

    Attributes:
        agency: its key.
        sentence: who, why, and how far.
        is_look_alike: whether its people may be taken for police; a neighbour otherwise.
        is_taken: whether it is ticked.
        by: who accepted it, where that is kept.
    """

    agency: str
    sentence: str
    is_look_alike: bool
    is_taken: bool
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A piece of ground that was drawn: by whom, how large, and as lines of text."""

    by: str
    corners: int
    km2: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whom an audience reaches if the version is released now.

    Attributes:
        agencies: every agency concerned, also where nobody of it would be told.
        people: how many people would be told.
        later: how many of them come on duty later.
    """

    agencies: tuple[AgencyLine, ...]
    people: int
    later: int

    @property
    def told(self) -> int:
        """In how many agencies somebody would be told."""
        return sum(line.people > 0 for line in self.agencies)

    @property
    def untold(self) -> tuple[AgencyLine, ...]:
        """The agencies concerned in which nobody would be told."""
        return tuple(line for line in self.agencies if not line.people)


def reached_by(row: Bulletin, audience: Audience, *, now: datetime) -> Reached:
    """Whom the version would reach with this audience.

    Raises:
        InputError: it names what is not on record, or ground that cannot be measured.
    """
    people = concerned_by(row, now=now, audience=audience)
    return reached(people, reasons_for_audience(audience, center=row.threat.center))


def reached(people: Iterable[Concerned], reasons: Mapping[str, tuple[str, ...]]) -> Reached:
    """The same, of people who are chosen already, by agency and name."""
    people = list(people)
    names = dict(Agency.objects.filter(key__in=list(reasons)).values_list("key", "name"))
    names |= {one.person.agency.key: one.person.agency.name for one in people}
    own: dict[str, dict[str, None]] = {}
    for one in people:
        own.setdefault(one.person.agency.key, {}).update(dict.fromkeys(one.why))
    many = Counter(one.person.agency.key for one in people)
    later = Counter(one.person.agency.key for one in people if one.comes_on_at)
    lines = (
        AgencyLine(
            name=name,
            why=reasons.get(key) or tuple(own.get(key, ())),
            people=many[key],
            later=later[key],
        )
        for key, name in sorted(names.items(), key=lambda pair: pair[1])
    )
    return Reached(agencies=tuple(lines), people=len(people), later=later.total())


def offer_lines(
    row: Bulletin,
    audience: Audience,
    *,
    look_alikes: frozenset[str] = frozenset(),
    neighbours: frozenset[str] = frozenset(),
) -> tuple[OfferLine, ...]:
    """What is offered beside this audience, in an order that ticking does not change.

    Args:
        row: the version.
        audience: what a person has chosen.
        look_alikes: keys of those that he has ticked.
        neighbours: keys of those that he has ticked, and that are in no kept audience yet.

    Raises:
        InputError: it names what is not on record, or ground that cannot be measured.
    """
    kept = {one.agency: one.by for one in audience_of(row).look_alikes}
    bare = replace(audience, agencies=audience.agencies - neighbours, look_alikes=())
    lines = [
        OfferLine(
            agency=one.agency,
            sentence=one.sentence,
            is_look_alike=one.kind is OfferKind.LOOK_ALIKE,
            is_taken=one.agency in look_alikes | neighbours,
            by=kept.get(one.agency, ""),
        )
        for one in offers_of(row, audience=bare)
    ]
    # Accepted once, and not offered any more: another area was chosen since.
    gone = look_alikes - {line.agency for line in lines}
    names = Agency.objects.filter(key__in=gone).values_list("key", "name")
    return (
        *lines,
        *(
            OfferLine(
                agency=key,
                sentence=f"{name}: accepted before",
                is_look_alike=True,
                is_taken=True,
                by=kept.get(key, ""),
            )
            for key, name in names
        ),
    )


def drawn_lines(drawn: Iterable[Drawn]) -> tuple[DrawnLine, ...]:
    """The pieces of ground that were drawn, in their order."""
    return tuple(
        DrawnLine(
            by=one.by,
            corners=sum(len(ring) - 1 for ring in one.rings),
            km2=area_km2(one.outline),
            text=write_grounds([one]),
        )
        for one in drawn
    )


def ground_map() -> dict[str, Any]:
    """Every area on record as GeoJSON for a map: its outline, and a point in it for its name."""
    outlines, names = [], []
    for key, name, outline in Area.objects.values_list("key", "name", "outline"):
        facts = {"key": key, "name": name}
        outlines.append({"type": "Feature", "properties": facts, "geometry": outline})
        point = shape(outline).representative_point()
        place = {"type": "Point", "coordinates": [point.x, point.y]}
        names.append({"type": "Feature", "properties": facts, "geometry": place})
    return {
        "areas": {"type": "FeatureCollection", "features": outlines},
        "names": {"type": "FeatureCollection", "features": names},
    }
