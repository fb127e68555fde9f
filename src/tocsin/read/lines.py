"""The lines of JSON that texts come in as and readings go out as."""

import json
from dataclasses import dataclass
from typing import Any

from tocsin.errors import BadText
from tocsin.read.statement import Field, Kind, Span, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One text to read, with the name by which its sender knows it."""

    id: str
    text: str
    kind: Kind


def parse_line(line: str) -> Line:
    """The text of one line `{"id", "text", "kind"}`; further members are passed over.

    Raises:
        BadText: the line is not such an object; the error names what is wrong with it.
    """
    item = _object(line)
    name, kind = _string(item, "id"), _string(item, "kind")
    if kind not in set(Kind):
        raise _fault(f"its `kind` is {_shown(kind)}, not one of {', '.join(Kind)}")
    return Line(id=name, text=_string(item, "text"), kind=Kind(kind))


def to_json(statement: Statement, *, id: str) -> dict[str, Any]:  # noqa: A002  the line's own name
    """The line for one reading, made of what `json.dumps` writes."""
    return {
        "id": id,
        "speech_act": str(statement.speech_act),
        "form": str(statement.form),
        "own_threat": statement.is_own_threat,
        "score": round(statement.score, 4),
        "level": str(statement.level),
        "review": statement.review,
        "targets": [_target(span) for span in statement.of(Field.TARGET)],
        "spans": [_span(span) for span in statement.spans],
        "not_said": [str(field) for field in statement.not_said],
    }


def _target(span: Span) -> dict[str, Any]:
    kind = span.normalised.partition(" ")[0]
    return {"text": span.text, "type": kind, "start": span.start, "end": span.end}


def _span(span: Span) -> dict[str, Any]:
    return {
        "field": str(span.field),
        "start": span.start,
        "end": span.end,
        "text": span.text,
        "normalised": span.normalised,
        "rule": span.rule,
        "start_at": span.start_at,
        "end_at": span.end_at,
    }


def _object(line: str) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise _fault("it is not JSON") from fault
    if not isinstance(item, dict):
        raise _fault("it is not a JSON object")
    return item


def _string(item: dict[str, Any], name: str) -> str:
    if name not in item:
        raise _fault(f"it has no `{name}`")
    if not isinstance(item[name], str):
        raise _fault(f"its `{name}` is not a string")
    return str(item[name])


def _shown(text: str) -> str:
    return json.dumps(text[:40])


def _fault(what: str) -> BadText:
    return BadText(
        f"The line cannot be read: {what}.",
        way_out='Each line is an object such as {"id": "1", "text": "...", "kind": "asr"}.',
    )
