"""The words of a call that weigh most, for places where there is no room for all."""

from collections.abc import Iterable

from tocsin.desk.records.models import Call, Statement
from tocsin.desk.records.values import hearing_from, statement_from
from tocsin.read import Field, Level, Span
from tocsin.read import Statement as Read
from tocsin.warn import mark_doubts

LONGEST = 260
"""Characters of an excerpt."""

_RANK = {Level.NONE: 0, Level.SUGGEST: 1, Level.FLAG: 2}
_FIRST = (Field.HARM, Field.TARGET, Field.CONDITION)
_ENDS = ".!?\n"


def excerpts_of(calls: Iterable[Call]) -> dict[int, str]:
    """For each call the sentence with the harm in it, doubts marked; none where none was read."""
    rows = Statement.objects.filter(call__in=[call.pk for call in calls])
    ordered = sorted(
        rows.select_related("hearing"),
        key=lambda row: (_RANK[Level(row.level)], row.hearing is not None, row.version),
    )
    telling = {row.call_id: row for row in ordered}
    found = {key: _excerpt(row) for key, row in telling.items()}
    return {key: text for key, text in found.items() if text}


def _excerpt(row: Statement) -> str:
    span = _weightiest(statement_from(row.body))
    if span is None:
        return ""
    words = hearing_from(row.hearing.body).words if row.hearing else ()
    start, end = _sentence(row.text, span)
    body = mark_doubts(row.text, words, start=start, end=end).strip()
    return f"{'… ' if start else ''}{body}{' …' if end < len(row.text.rstrip()) else ''}"


def _weightiest(statement: Read) -> Span | None:
    for field in _FIRST:
        for span in statement.of(field):
            return span
    return None


def _sentence(text: str, span: Span) -> tuple[int, int]:
    """The sentence around the span; where it is long, as much around it as there is room for."""
    start = max(text.rfind(sign, 0, span.start) for sign in _ENDS) + 1
    ends = [at for sign in _ENDS if (at := text.find(sign, span.end)) >= 0]
    end = min(ends, default=len(text) - 1) + 1
    if end - start <= LONGEST:
        return start, end
    spare = max(0, LONGEST - (span.end - span.start)) // 2
    start = max(start, text.rfind(" ", 0, max(1, span.start - spare)) + 1)
    later = text.find(" ", min(len(text), span.end + spare))
    return start, end if later < 0 else min(end, later)
