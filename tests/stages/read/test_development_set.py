"""Floors on the development set. It was developed on, so it flatters: this guards, not praises."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest

from tests.reference import REFERENCE, needs
from tocsin.read import Kind, Level, SpeechAct, Statement, read

pytestmark = needs("text", "dev.jsonl")

Pair = tuple[dict[str, Any], Statement]

SPAN_FLOORS = {
    "harm": 0.85,
    "target": 0.75,
    "condition": 0.80,
    "place": 0.75,
    "time": 0.90,
    "means": 0.80,
    "grievance": 0.55,
    "commitment": 0.80,
}


@cache
def pairs() -> tuple[Pair, ...]:
    """Every item with its reading."""
    lines = (REFERENCE / "text/dev.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    return tuple((item, read(item["text"], kind=Kind(item["kind"]))) for item in items)


def threats() -> list[Pair]:
    return [pair for pair in pairs() if pair[0]["speech_act"] == SpeechAct.OWN_THREAT]


def test_own_threats_are_suggested_and_others_are_not() -> None:
    others = [pair for pair in pairs() if pair[0]["speech_act"] != SpeechAct.OWN_THREAT]
    assert _share(statement.level is not Level.NONE for _, statement in threats()) >= 0.88
    assert _share(statement.level is not Level.NONE for _, statement in others) <= 0.10


def test_speech_acts_and_forms_are_named() -> None:
    assert _share(found.speech_act == item["speech_act"] for item, found in pairs()) >= 0.80
    assert _share(found.form == item["form"] for item, found in threats()) >= 0.80


@pytest.mark.parametrize(("field", "floor"), SPAN_FLOORS.items())
def test_the_marked_words_are_found(field: str, floor: float) -> None:
    wanted = [
        (span, found)
        for item, found in threats()
        for span in item["spans"]
        if span["field"] == field
    ]
    assert _share(_is_met(span, found) for span, found in wanted) >= floor


def test_every_offset_is_right() -> None:
    for item, found in pairs():
        assert all(item["text"][span.start : span.end] == span.text for span in found.spans)


def _is_met(span: dict[str, Any], found: Statement) -> bool:
    return any(
        other.field == span["field"] and other.start < span["end"] and span["start"] < other.end
        for other in found.spans
    )


def _share(answers: Iterable[bool]) -> float:
    given = list(answers)
    return sum(given) / len(given)
