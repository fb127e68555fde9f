"""The lines of JSON that texts come in as and readings go out as."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadText
from tocsin.read import Kind, Line, parse_line, read, to_json


def test_a_line_gives_its_text() -> None:
    line = parse_line('{"id": "7", "text": "hello", "kind": "asr", "more": [1]}')
    assert line == Line(id="7", text="hello", kind=Kind.ASR)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"text": "x", "kind": "asr"}', "no `id`"),
        ('{"id": "1", "kind": "asr"}', "no `text`"),
        ('{"id": "1", "text": "x"}', "no `kind`"),
        ('{"id": 1, "text": "x", "kind": "asr"}', "`id` is not a string"),
        ('{"id": "1", "text": null, "kind": "asr"}', "`text` is not a string"),
        ('{"id": "1", "text": "x", "kind": "fax"}', '`kind` is "fax", not one of asr'),
    ],
)
def test_a_bad_line_is_refused_with_its_fault_named(line: str, fault: str) -> None:
    with pytest.raises(BadText) as refusal:
        parse_line(line)
    assert fault in refusal.value.what
    assert refusal.value.way_out


@given(st.text())
def test_no_line_raises_anything_else(line: str) -> None:
    with suppress(BadText):
        parse_line(line)


def test_a_reading_becomes_one_line_of_json() -> None:
    statement = read("i'm gonna shoot that deputy tonight", kind=Kind.ASR)
    line = json.loads(json.dumps(to_json(statement, id="7")))
    assert list(line) == [
        *("id", "speech_act", "form", "own_threat", "score"),
        *("level", "review", "targets", "spans", "not_said"),
    ]
    assert (line["id"], line["speech_act"], line["own_threat"]) == ("7", "own_threat", True)
    assert line["targets"] == [{"text": "that deputy", "type": "officers", "start": 16, "end": 27}]
    assert line["spans"][0]["field"] == "harm"
    assert "means" in line["not_said"]
    assert line["level"] in {"none", "suggest", "flag"}
