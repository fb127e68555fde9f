"""Spans of own threats: which marked words were found, and which found words were marked."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.read.evaluation.items import Mark, Reading
from tocsin.read.evaluation.shares import Share
from tocsin.read.statement import Field, Span

_NEVER_MARKED = {Field.ATTRIBUTION, Field.RETRACTION}
"""Said of other people's words; labels need not have them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanScore:
    """One field: marked words that a found span overlaps, and found spans that a mark overlaps."""

    field: Field
    recall: Share
    precision: Share


def span_scores(readings: Iterable[Reading]) -> tuple[SpanScore, ...]:
    """Every field that was marked or found in an own threat, the most often marked first."""
    wanted: Counter[Field] = Counter()
    found: Counter[Field] = Counter()
    given: Counter[Field] = Counter()
    fitting: Counter[Field] = Counter()
    for one in (reading for reading in readings if reading.item.is_threat):
        for mark in one.item.marks:
            wanted[mark.field] += 1
            found[mark.field] += any(_overlaps(mark, span) for span in one.statement.spans)
        for span in one.statement.spans:
            given[span.field] += 1
            fitting[span.field] += any(_overlaps(mark, span) for mark in one.item.marks)
    shown = [field for field in Field if wanted[field] or _is_due(field, given)]
    return tuple(
        SpanScore(
            field=field,
            recall=Share(hits=found[field], of=wanted[field]),
            precision=Share(hits=fitting[field], of=given[field]),
        )
        for field in sorted(shown, key=lambda field: -wanted[field])
    )


def _is_due(field: Field, given: Counter[Field]) -> bool:
    """Whether a field that nobody marked is shown all the same: what was found in it is wrong."""
    return field not in _NEVER_MARKED and given[field] > 0


def _overlaps(mark: Mark, span: Span) -> bool:
    return mark.field is span.field and span.start < mark.end and mark.start < span.end
