"""Reads the rule files of the package; a file that does not fit is named, with the place in it."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tocsin.errors import NotFound, SetupError
from tocsin.warn.blue.jurisdiction import (
    Criterion,
    FormField,
    Group,
    Jurisdiction,
    Line,
    Needs,
    Question,
)

LARGEST = 64 * 1024
"""Bytes of a rule file that are read at the most."""

_HERE = "tocsin.warn.blue"
_FEDERAL = "federal"


@cache
def jurisdictions() -> tuple[Jurisdiction, ...]:
    """Every jurisdiction of which there is a file: the federal one, then the states by name.

    Raises:
        SetupError: names the file and the place that does not fit.
    """
    folder = files(_HERE).joinpath("rules")
    found = [
        read_rules(file.name, file.read_bytes())
        for file in folder.iterdir()
        if file.name.endswith(".json")
    ]
    return tuple(sorted(found, key=lambda one: (one.key != _FEDERAL, one.name)))


def jurisdiction(key: str) -> Jurisdiction:
    """The jurisdiction with this key.

    Raises:
        NotFound: there is none; it says which there are.
    """
    for one in jurisdictions():
        if one.key == key:
            return one
    known = ", ".join(one.key for one in jurisdictions())
    raise NotFound(
        f"There is no Blue Alert rule named {key[:60]!r}.", way_out=f"Choose one of these: {known}."
    )


@cache
def questions() -> dict[str, Question]:
    """Every question that a rule may ask, by its key.

    Raises:
        SetupError: the file does not fit.
    """
    name = "questions.json"
    value = _json(name, files(_HERE).joinpath(name).read_bytes())
    if not isinstance(value, dict):
        raise _misfit(name, "the whole", "it holds no questions by their keys")
    return {key: _question(name, key, one) for key, one in value.items()}


def read_rules(name: str, raw: bytes) -> Jurisdiction:
    """The jurisdiction that a rule file describes.

    Raises:
        SetupError: names the file and the place that does not fit.
    """
    value = _json(name, raw)
    try:
        fault = best_match(_schema().iter_errors(value))
    except RecursionError as error:
        raise _misfit(name, "criteria", "groups lie too deep in each other") from error
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "the whole"
        raise _misfit(name, place, fault.message[:300])
    if f"{value['key']}.json" != name:
        raise _misfit(name, "key", f"{value['key']!r} is not the name of the file")
    rule = _group(name, value["criteria"], place="criteria")
    _check_once(name, rule)
    return Jurisdiction(
        key=value["key"],
        name=value["name"],
        law=_line(value["law"]),
        requested_by=_line(value["requested_by"]),
        issued_by=_line(value["issued_by"]),
        steps=_lines(value["steps"]),
        ends=_lines(value["ends"]),
        rule=rule,
        fields=tuple((FormField(one["field"]), one["label"]) for one in value["fields"]),
        notes=_lines(value.get("notes", [])),
    )


@cache
def _schema() -> Draft202012Validator:
    text = files(_HERE).joinpath("rules.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _json(name: str, raw: bytes) -> Any:
    if len(raw) > LARGEST:
        raise _misfit(name, "the whole", f"it is larger than {LARGEST:,} bytes")
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=_without_repeats)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _misfit(name, "the whole", f"it is not JSON: {error}") from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError(f"a key stands twice among {', '.join(key for key, _ in pairs)}")
    return value


def _question(name: str, key: str, value: Any) -> Question:
    fields = ("question", "yes", "no")
    if not isinstance(value, dict) or set(value) != set(fields):
        raise _misfit(name, key, f"it needs exactly these: {', '.join(fields)}")
    if not all(isinstance(value[one], str) and value[one].strip() for one in fields):
        raise _misfit(name, key, "each of its parts is a text that is not empty")
    return Question(key=key, text=value["question"], yes=value["yes"], no=value["no"])


def _group(name: str, value: dict[str, Any], *, place: str) -> Group:
    needs = Needs.ALL if "all" in value else Needs.ANY
    parts = tuple(
        _part(name, one, place=f"{place}.{needs}.{at}") for at, one in enumerate(value[needs.value])
    )
    return Group(needs=needs, parts=parts)


def _part(name: str, value: dict[str, Any], *, place: str) -> Criterion | Group:
    if "ask" not in value:
        return _group(name, value, place=place)
    question = questions().get(value["ask"])
    if question is None:
        raise _misfit(name, f"{place}.ask", f"{value['ask']!r} is not in questions.json")
    return Criterion(
        question=question,
        meaning=value.get("meaning", ""),
        source=value["source"],
        is_verified=value["verified"],
    )


def _check_once(name: str, rule: Group) -> None:
    """A fact that is asked twice would be shown, answered and counted twice."""
    seen: set[str] = set()
    for one in rule.criteria():
        if one.key in seen:
            raise _misfit(name, "criteria", f"{one.key!r} is asked twice")
        seen.add(one.key)


def _lines(values: list[dict[str, Any]]) -> tuple[Line, ...]:
    return tuple(_line(one) for one in values)


def _line(value: dict[str, Any]) -> Line:
    return Line(text=value["text"], source=value["source"], is_verified=value["verified"])


def _misfit(name: str, place: str, why: str) -> SetupError:
    return SetupError(
        f"In the Blue Alert file {name}, {place}: {why}.",
        way_out="Correct the file; docs/blue-alert.md says how one looks.",
    )
