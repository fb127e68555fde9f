"""Gathers from the record what the warn stage needs to draft a bulletin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Answer, Question, Standing, standing_of
from tocsin.assess import Assessment as Given
from tocsin.desk.people.models import Agency, Area
from tocsin.desk.records.models import Assessment, Call, Statement, Threat
from tocsin.desk.records.values import hearing_from, statement_from
from tocsin.intake import recognise_number
from tocsin.read import Field, Gazetteer, Level, Place, PlaceKind
from tocsin.warn import Content, Quotation, assessed_sentence, draft_content

_RANK = {Level.NONE: 0, Level.SUGGEST: 1, Level.FLAG: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """A draft's words, and the ground and agencies that the words name."""

    content: Content
    areas: tuple[Area, ...]
    agencies: tuple[Agency, ...]


def drafted(threat: Threat) -> Drafted:
    """What the record says now, as the words of a first version."""
    call = threat.calls.order_by("received_at").first()
    if call is None:
        raise LookupError(f"{threat.number} has no call")
    row = telling(call)
    standing = standing_on(threat)
    if row is None:
        return Drafted(content=_empty(call, standing), areas=(), agencies=())
    areas, agencies = named_in(row)
    content = draft_content(
        Quotation(
            text=row.text,
            words=hearing_from(row.hearing.body).words if row.hearing else (),
            statement=statement_from(row.body),
            caller=recognise_number(call.ani).sentence,
            places=(*(one.name for one in areas), *(one.name for one in agencies)),
        ),
        standing=standing,
    )
    return Drafted(content=content, areas=areas, agencies=agencies)


def standing_on(threat: Threat) -> Standing:
    """What people have answered about the threat."""
    return standing_from(threat.assessments.select_related("person"))


def standing_from(rows: Iterable[Assessment]) -> Standing:
    """What these answers come to."""
    return standing_of(
        Given(
            question=Question(row.question),
            answer=Answer(row.answer),
            reasons=row.reasons,
            person=row.person.as_assessor(),
            assessed_at=row.assessed_at,
        )
        for row in rows
    )


def gazetteer_of(center: Agency) -> Gazetteer:
    """The names that a call to this center may use for ground and agencies."""
    served = [center, *center.served.all()]
    areas = Area.objects.filter(agencies__in=served).distinct()
    return Gazetteer(places=(*_places(areas, PlaceKind.AREA), *_places(served, PlaceKind.AGENCY)))


def telling(call: Call, *, until: datetime | None = None) -> Statement | None:
    """The reading that says most: the highest level, then what was heard before what was typed.

    With `until` it is the one that did so at that moment; None where nothing was read.
    """
    rows = call.statements.select_related("hearing")
    return max(
        rows if until is None else rows.filter(read_at__lte=until),
        key=lambda row: (_RANK[Level(row.level)], row.hearing is not None, row.version),
        default=None,
    )


def named_in(row: Statement) -> tuple[tuple[Area, ...], tuple[Agency, ...]]:
    """The ground and agencies that any reading of the same call names."""
    keys = {
        key
        for other in row.call.statements.all()
        for span in statement_from(other.body).spans
        if span.field in {Field.PLACE, Field.TARGET}
        for key in span.normalised.split()
    }
    areas = [key.partition(":")[2] for key in keys if key.startswith("area:")]
    agencies = [key.partition(":")[2] for key in keys if key.startswith("agency:")]
    return (
        tuple(Area.objects.filter(key__in=areas)),
        tuple(Agency.objects.filter(key__in=agencies)),
    )


def _places(rows: Iterable[Area | Agency], kind: PlaceKind) -> list[Place]:
    return [Place(key=f"{kind}:{row.key}", kind=kind, names=(row.name, *row.names)) for row in rows]


def _empty(call: Call, standing: Standing) -> Content:
    """The draft of a threat that a person opened before anything was read."""
    return Content(
        safety_line="",
        said=call.note,
        not_known=("What was said is not yet read.",),
        assessed=assessed_sentence(standing),
    )
