"""What a line of labelled text and of an ordinary call must hold, as JSON schemas.

Bounds stand before what they bound, so that an overlong list is refused before it is walked.
"""

from typing import Any

from tocsin.read.reading import LARGEST
from tocsin.read.statement import Field, Form, Kind, SpeechAct

_TEXT = {"type": "string", "maxLength": LARGEST}
_OFFSET = {"type": "integer", "minimum": 0, "maximum": LARGEST}

_SPAN: dict[str, Any] = {
    "type": "object",
    "required": ["field", "start", "end", "text"],
    "properties": {
        "field": {"enum": [str(name) for name in Field]},
        "start": _OFFSET,
        "end": _OFFSET,
        "text": {**_TEXT, "minLength": 1},
    },
}

ITEM: dict[str, Any] = {
    "type": "object",
    "required": ["id", "kind", "text", "speech_act", "form", "targets_police", "spans"],
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 200},
        "kind": {"enum": [str(name) for name in Kind]},
        "text": _TEXT,
        "speech_act": {"enum": [str(name) for name in SpeechAct]},
        "form": {"enum": [str(name) for name in Form]},
        "targets_police": {"type": "boolean"},
        "spans": {"type": "array", "maxItems": 1_000, "items": _SPAN},
    },
}
"""One labelled text."""

CALL: dict[str, Any] = {
    "type": "object",
    "required": ["turns"],
    "properties": {
        "turns": {
            "type": "array",
            "maxItems": 20_000,
            "items": {
                "type": "object",
                "required": ["role", "text"],
                "properties": {"role": {"type": "string", "maxLength": 200}, "text": _TEXT},
            },
        },
    },
}
"""One ordinary call in turns."""
