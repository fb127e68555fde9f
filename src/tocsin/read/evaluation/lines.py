"""The lines of JSON that labelled texts and ordinary calls come in as."""

import json
from collections.abc import Sequence
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from tocsin.errors import BadText
from tocsin.read.evaluation.items import Item, Mark
from tocsin.read.evaluation.schema import CALL, ITEM
from tocsin.read.evaluation.windows import Turn
from tocsin.read.reading import LARGEST
from tocsin.read.statement import Field, Form, Kind, SpeechAct

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes: the largest text, each character escaped, and more spans than anybody marks."""

_ITEM = Draft202012Validator(ITEM)
_CALL = Draft202012Validator(CALL)

# What is said of a value never repeats it: it may be personal, or made to upset a terminal.
_FAULTS = {
    "type": "is no {value}",
    "enum": "is not one of {names}",
    "minLength": "is empty",
    "maxLength": "has more than {value:,} characters",
    "maxItems": "has more than {value:,} entries",
    "minimum": "is under {value}",
    "maximum": "is over {value:,}",
}
_WAYS_OUT = {
    "required": "Add it.",
    "type": "Write it as one.",
    "enum": "Use one of these.",
    "minLength": "Fill it, or take it out.",
    "maxLength": "Shorten it.",
    "maxItems": "Cut the line in two.",
    "minimum": "Count from the text's first character, which is 0.",
    "maximum": "Count from the text's first character, which is 0.",
}


def parse_item(line: str) -> Item:
    """The labelled text of one line; further members are passed over.

    Raises:
        BadText: the line does not fit; the error says where and what to do.
    """
    value = _checked(line, _ITEM)
    text = value["text"]
    _check_text(text, "text")
    for number, span in enumerate(value["spans"]):
        _check_span(text, span, place=f"spans[{number}]")
    return Item(
        id=value["id"],
        kind=Kind(value["kind"]),
        text=text,
        speech_act=SpeechAct(value["speech_act"]),
        form=Form(value["form"]),
        targets_police=value["targets_police"],
        marks=tuple(_mark(span) for span in value["spans"]),
    )


def parse_call(line: str) -> tuple[Turn, ...]:
    """The turns of one ordinary call `{"turns": [{"role", "text"}]}`; the rest is passed over.

    Raises:
        BadText: the line does not fit; the error repeats nothing of what was said.
    """
    value = _checked(line, _CALL)
    for number, turn in enumerate(value["turns"]):
        _check_text(turn["text"], f"turns[{number}].text")
    return tuple(Turn(role=turn["role"], text=turn["text"]) for turn in value["turns"])


def _checked(line: str, schema: Draft202012Validator) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadText("it is not JSON.", way_out="Write one JSON object a line.") from error
    # The first fault, not the best: a hostile line may have millions.
    fault = next(schema.iter_errors(value), None)
    if fault is not None:
        raise _misfit(fault)
    checked: dict[str, Any] = value
    return checked


def _misfit(fault: ValidationError) -> BadText:
    rule, wanted = str(fault.validator), cast("Any", fault.validator_value)
    place = _place(list(fault.absolute_path))
    whole = f"its `{place}`" if place else "it"
    if rule == "required":
        given = cast("dict[str, Any]", fault.instance)
        missing = next(name for name in wanted if name not in given)
        return BadText(f"{whole} has no `{missing}`.", way_out=_WAYS_OUT[rule])
    names = ", ".join(map(str, wanted)) if rule == "enum" else ""
    said = _FAULTS[rule].format(value=wanted, names=names)
    return BadText(f"{whole} {said}.", way_out=_WAYS_OUT[rule])


def _place(path: Sequence[str | int]) -> str:
    """A path as a program would write it: `spans[2].start`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).lstrip(".")


def _check_text(text: str, place: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as fault:
        raise BadText(
            f"its `{place}` holds half of a character at position {fault.start}.",
            way_out="Write the file as UTF-8.",
        ) from fault
    if size > LARGEST:
        raise BadText(
            f"its `{place}` has {size:,} bytes; {LARGEST:,} are read at most.",
            way_out="Cut it into calls or notes.",
        )


def _check_span(text: str, span: dict[str, Any], *, place: str) -> None:
    """Raises where the offsets do not point at the words."""
    # A whole number may be written 3.0 in JSON.
    start, end, words = int(span["start"]), int(span["end"]), span["text"]
    if text[start:end] == words:
        return
    at = text.find(words)
    hint = f"Those words stand at {at} to {at + len(words)}. " if at >= 0 else ""
    raise BadText(
        f"the `text` of its `{place}` is not what stands at {start} to {end}.",
        way_out=f"{hint}Count characters, not bytes; `end` is one past the last.",
    )


def _mark(span: dict[str, Any]) -> Mark:
    return Mark(field=Field(span["field"]), start=int(span["start"]), end=int(span["end"]))
