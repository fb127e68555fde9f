"""Checks many small rows by a JSON schema, fast: the schema is made into plain functions once.

A full validator takes a third of a second for two thousand rows; a feed may bring as many each
second. Only the words of JSON Schema that our own schema uses are known here, and any other word
is refused when the schema is read. That both judge alike is tested.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from tocsin.errors import SetupError

Check = Callable[[Any, str], str]
"""The first fault of a value at a place; empty where there is none."""

_KNOWN = frozenset(
    {
        "$schema",
        "title",
        "type",
        "enum",
        "required",
        "properties",
        "additionalProperties",
        "items",
        "maxItems",
        "minLength",
        "maxLength",
        "pattern",
        "minimum",
        "maximum",
    }
)

_HUGE = 1e300
"""Beyond it, and for what is no number at all, Python's own sums fail."""

_NAMES = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "object": "an object",
    "array": "a list",
    "null": "null",
}


@cache
def row_check() -> Check:
    """The check of one row of a units feed."""
    text = files("tocsin.posture").joinpath("unit-report.schema.json").read_text(encoding="utf-8")
    return made_of(json.loads(text))


def made_of(schema: Mapping[str, Any]) -> Check:
    """The check that a schema describes.

    Raises:
        SetupError: the schema uses a word that is not known here.
    """
    strange = set(schema) - _KNOWN
    if strange:
        raise SetupError(f"The schema uses {sorted(strange)}, which is not known here.")
    checks = [make(schema) for word, make in _MAKERS.items() if word in schema]

    def check(value: Any, place: str) -> str:
        for one in checks:
            fault = one(value, place)
            if fault:
                return fault
        return ""

    return check


def _type(schema: Mapping[str, Any]) -> Check:
    said = schema["type"]
    kinds = [said] if isinstance(said, str) else list(said)
    words = " or ".join(_NAMES[kind] for kind in kinds)

    def check(value: Any, place: str) -> str:
        if any(_is(value, kind) for kind in kinds):
            return ""
        return f"{place or 'the row'} is not {words}"

    return check


def _is(value: Any, kind: str) -> bool:
    """Whether a value is of a kind, as JSON Schema says it: 3.0 is a whole number, True is none."""
    if kind == "string":
        return isinstance(value, str)
    if kind == "object":
        return isinstance(value, dict)
    if kind == "array":
        return isinstance(value, list)
    if kind == "null":
        return value is None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _HUGE:
        return False
    return kind == "number" or value == int(value)


def _enum(schema: Mapping[str, Any]) -> Check:
    allowed = frozenset(schema["enum"])
    words = ", ".join(sorted(allowed))

    def check(value: Any, place: str) -> str:
        is_one = isinstance(value, str) and value in allowed
        return "" if is_one else f"{place} is {_shown(value)}, not one of {words}"

    return check


def _object(schema: Mapping[str, Any]) -> Check:
    required = tuple(schema.get("required", ()))
    inner = {name: made_of(one) for name, one in schema.get("properties", {}).items()}
    is_closed = schema.get("additionalProperties", True) is False

    def check(value: Any, place: str) -> str:
        if not isinstance(value, dict):
            return ""
        dot = f"{place}." if place else ""
        for name in required:
            if name not in value:
                return f"{dot}{name} is missing"
        for name, one in value.items():
            if name in inner:
                fault = inner[name](one, dot + name)
            else:
                fault = f"{dot}{str(name)[:40]!r} is no field" if is_closed else ""
            if fault:
                return fault
        return ""

    return check


def _array(schema: Mapping[str, Any]) -> Check:
    inner = made_of(schema["items"])
    most = schema.get("maxItems", math.inf)

    def check(value: Any, place: str) -> str:
        if not isinstance(value, list):
            return ""
        if len(value) > most:
            return f"{place} has {len(value)} entries; {most} are the most"
        faults = (inner(one, f"{place}[{index}]") for index, one in enumerate(value))
        return next((fault for fault in faults if fault), "")

    return check


def _length(schema: Mapping[str, Any]) -> Check:
    least, most = schema.get("minLength", 0), schema["maxLength"]

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or least <= len(value) <= most:
            return ""
        return f"{place} is empty" if len(value) < least else f"{place} is longer than {most}"

    return check


def _pattern(schema: Mapping[str, Any]) -> Check:
    fits = re.compile(schema["pattern"]).search

    def check(value: Any, place: str) -> str:
        if not isinstance(value, str) or fits(value):
            return ""
        return f"{place} is {_shown(value)}, which holds characters that it cannot have"

    return check


def _bounds(schema: Mapping[str, Any]) -> Check:
    least, most = schema["minimum"], schema["maximum"]

    def check(value: Any, place: str) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return ""
        return "" if least <= value <= most else f"{place} is not from {least} to {most}"

    return check


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Check]] = {
    "type": _type,
    "enum": _enum,
    "properties": _object,
    "items": _array,
    "maxLength": _length,
    "pattern": _pattern,
    "maximum": _bounds,
}


def _shown(value: Any) -> str:
    return repr(value)[:60]
