"""What the form of an order holds at first, and from what its author chooses."""

from typing import Any

from django.db.models import Q

from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.boards.audience import DrawnLine, drawn_lines
from tocsin.desk.records.boards.bulletins import Choices
from tocsin.desk.records.boards.ground import write_grounds
from tocsin.desk.records.boards.proposals import find_statement, proposals_from
from tocsin.desk.records.boards.shiftlines import write_shifts
from tocsin.desk.records.drafting import named_in
from tocsin.desk.records.models import Order, Threat
from tocsin.errors import NotFound
from tocsin.posture import BreakPlace
from tocsin.warn.recipients import Drawn


def choices_of(threat: Threat) -> Choices:
    """Ground and agencies that an order of the threat may concern."""
    center = threat.center
    own = Q(pk=center.pk) | Q(center=center)
    areas = Area.objects.filter(agencies__in=Agency.objects.filter(own)).distinct()
    return Choices(
        areas=tuple(areas),
        other_areas=tuple(Area.objects.exclude(pk__in=[area.pk for area in areas])),
        agencies=tuple(Agency.objects.filter(own)),
        other_agencies=tuple(Agency.objects.exclude(own)),
    )


def fresh_fields(threat: Threat, statement: str) -> dict[str, Any]:
    """What stands in the form of a new order; from a reading: what its words bear on, and why.

    The agencies and areas that the reading names are ticked; a person looks at them.
    """
    fields: dict[str, Any] = {
        "measures": [], "agencies": [], "areas": [], "breaks_at": BreakPlace.ANYWHERE.value,
    }  # fmt: skip
    row = find_statement(threat, statement)
    if row is None:
        return fields
    lines = [one for one in proposals_from(row) if one.measure]
    areas, agencies = named_in(row)
    reasons = dict.fromkeys(one.reason for one in lines)
    quotes = dict.fromkeys(one.quote for one in lines)
    return fields | {
        "measures": [one.measure.key for one in lines if one.measure],
        "agencies": [one.key for one in agencies],
        "areas": [one.key for one in areas],
        "because": " ".join(reasons),
        "quote": " … ".join(quotes),
        "statement": row.pk,
    }


def kept_fields(row: Order) -> dict[str, Any]:
    """What stands in the form of a proposal, without its review time."""
    return {
        "measures": row.measures,
        "agencies": [one.key for one in row.agencies.all()],
        "areas": [one.key for one in row.areas.all()],
        "ground": write_grounds(_drawn(row)),
        "call_types": ", ".join(row.call_types),
        "shifts": write_shifts(row.shifts),
        "breaks_at": row.breaks_at,
        "because": row.because,
        "quote": row.quote,
        "statement": row.statement_id or "",
    }


def drawn_of(row: Order) -> tuple[DrawnLine, ...]:
    """The pieces of ground that were drawn for it."""
    return drawn_lines(_drawn(row))


def find_agency(key: str) -> Agency:
    """The agency with this key.

    Raises:
        NotFound: there is none.
    """
    row = Agency.objects.filter(key=key).first()
    if row is None:
        raise NotFound(f"There is no agency {key[:60]!r}.", way_out="Choose one from the list.")
    return row


def _drawn(row: Order) -> list[Drawn]:
    if not row.ground:
        return []
    pieces = row.ground["coordinates"]
    return [
        Drawn(
            rings=tuple(tuple((x, y) for x, y, *_ in ring) for ring in rings),
            by=row.proposed_by.name,
        )
        for rings in (pieces if row.ground["type"] == "MultiPolygon" else [pieces])
    ]
