"""Call data, calling numbers, names and the watched folder."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadCallData, SetupError
from tocsin.intake import (
    LARGEST,
    facts_as_json,
    open_source,
    parse_facts,
    plain_name,
    plain_text,
    recognise_number,
)

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)

WHOLE = {
    "started_at": "2026-03-01T21:04:05-07:00",
    "ended_at": "2026-03-01T21:04:42-07:00",
    "ani": "911-555-0142",
    "class_of_service": "WPH2",
    "carrier": "Example Wireless",
    "location": {
        "latitude": 39.1,
        "longitude": -105.2,
        "uncertainty_m": 300,
        "confidence_percent": 90,
        "address": "tower 14, sector 2",
    },
    "position": "pos 3",
    "note": "CLR STS HE WILL SHOOT",
    "clock_offset_s": -2.5,
}


def parse(value: object) -> object:
    return parse_facts(json.dumps(value).encode(), now=NOW)


def test_whole_call_data_are_read_and_written_again_without_loss() -> None:
    facts = parse_facts(json.dumps(WHOLE).encode(), now=NOW)

    assert facts_as_json(facts) == WHOLE
    assert facts.started_at == datetime(2026, 3, 2, 4, 4, 5, tzinfo=UTC)
    assert facts.location is not None
    assert facts.location.uncertainty == 300


def test_the_start_alone_is_enough() -> None:
    facts = parse_facts(b'{"started_at": "2026-03-01T21:04:05-07:00"}', now=NOW)

    assert facts.ani == ""
    assert facts.location is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"started_at": None}, "started_at"),
        ({"started_at": "yesterday"}, "started_at"),
        ({"started_at": "2026-03-01T21:04:05"}, "offset from UTC"),
        ({"started_at": "2027-03-01T21:04:05-07:00"}, "still to come"),
        ({"ended_at": "2026-03-01T20:00:00-07:00"}, "ended_at"),
        ({"surprise": 1}, "surprise"),
        ({"ani": "911-555-0142; DROP"}, "ani"),
        ({"location": {"latitude": 91, "longitude": 0}}, "location.latitude"),
        ({"location": {"latitude": 39.1}}, "location"),
        ({"carrier": "a\u0000b"}, "carrier"),
        ({"clock_offset_s": "2"}, "clock_offset_s"),
    ],
)
def test_a_fault_is_named_with_the_way_out(change: dict[str, object], named: str) -> None:
    with pytest.raises(BadCallData) as refusal:
        parse(WHOLE | change)

    assert named in refusal.value.what
    assert refusal.value.way_out


def test_a_missing_start_is_named() -> None:
    with pytest.raises(BadCallData, match="started_at"):
        parse({"ani": "303-555-0142"})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"NaN",
        b'{"clock_offset_s": Infinity}',
        b"[" * 90_000,
    ],
)
def test_what_is_no_call_data_is_refused(raw: bytes) -> None:
    with pytest.raises(BadCallData):
        parse_facts(raw, now=NOW)


def test_call_data_of_any_size_are_not_read() -> None:
    with pytest.raises(BadCallData, match="larger"):
        parse_facts(b" " * (LARGEST + 1), now=NOW)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists, max_leaves=8))
def test_no_json_of_any_shape_raises_anything_else(value: object) -> None:
    with pytest.raises(BadCallData):
        parse({"started_at": "2026-03-01T21:04:05-07:00", "location": value, "x": value})


@pytest.mark.parametrize(
    "text",
    ["9115550142", "911-555-0142", "(911) 555-0142", "+19115550142", "1 911 555 0142"],
)
def test_a_911_only_phone_is_recognised_however_it_is_written(text: str) -> None:
    number = recognise_number(text)

    assert number.is_911_only
    assert not number.can_call_back
    assert number.handset == "5550142"
    assert "cannot be called back" in number.sentence


def test_the_older_number_without_service_is_recognised() -> None:
    number = recognise_number("123-456-7890")

    assert number.is_911_only
    assert not number.can_call_back
    assert number.handset == ""


@pytest.mark.parametrize("text", ["303-555-0142", "+44 20 7946 0018", "555-0142"])
def test_an_ordinary_number_can_be_called_back(text: str) -> None:
    assert recognise_number(text).can_call_back
    assert not recognise_number(text).is_911_only


@pytest.mark.parametrize("text", ["", "911", "303-511-0142", "303-211-0142", "12", "1" * 30])
def test_what_is_no_number_of_the_caller_cannot_be_called_back(text: str) -> None:
    number = recognise_number(text)

    assert not number.can_call_back
    assert not number.is_911_only
    assert number.sentence


def test_911_inside_a_number_means_nothing() -> None:
    assert not recognise_number("303-911-0142").is_911_only


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("call.wav", "call.wav"),
        ("../../etc/passwd", "passwd"),
        ("C:\\recorder\\call.wav", "call.wav"),
        ("ca\u0000ll\u202egnp.wav", "callgnp.wav"),
        ("\u0000\u202e", "unnamed"),
        ("", "unnamed"),
        ("x" * 400, "x" * 120),
    ],
)
def test_file_names_are_for_showing_only(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@given(st.text())
def test_no_word_of_a_note_is_lost(text: str) -> None:
    plain = plain_text(text)

    assert "\0" not in plain
    assert [c for c in plain if c.isalnum()] == [c for c in text if c.isalnum()]


def drop(folder: Path, name: str, content: bytes = b"sound", *, age: float = 60) -> Path:
    file = folder / name
    file.write_bytes(content)
    then = (NOW - timedelta(seconds=age)).timestamp()
    os.utime(file, (then, then))
    return file


def test_a_folder_gives_what_lies_still_with_its_call_data_oldest_first(tmp_path: Path) -> None:
    drop(tmp_path, "b.wav", age=30)
    drop(tmp_path, "a.wav", age=20)
    drop(tmp_path, "a.json", b"{}")
    drop(tmp_path, "growing.wav", age=1)
    drop(tmp_path, ".hidden.wav")
    drop(tmp_path, "half.part")

    found = open_source(f"folder://{tmp_path}").arrivals(now=NOW)

    assert [(one.name, one.call_data) for one in found] == [("b.wav", None), ("a.wav", b"{}")]


def test_a_taken_arrival_leaves_the_folder(tmp_path: Path) -> None:
    drop(tmp_path, "a.wav")
    drop(tmp_path, "a.json", b"{}")
    source = open_source(f"folder://{tmp_path}")

    source.settle(source.arrivals(now=NOW)[0])

    assert source.arrivals(now=NOW) == ()
    assert sorted(file.name for file in (tmp_path / "taken").iterdir()) == ["a.json", "a.wav"]


def test_a_refused_arrival_lies_beside_its_reason_and_replaces_nothing(tmp_path: Path) -> None:
    source = open_source(f"folder://{tmp_path}")
    for content in (b"one", b"two"):
        drop(tmp_path, "a.wav", content)
        source.settle(source.arrivals(now=NOW)[0], refusal="Not a recording.")

    refused = tmp_path / "refused"
    assert (refused / "a.wav").read_bytes() == b"one"
    assert (refused / "a-2.wav").read_bytes() == b"two"
    assert (refused / "a.wav.txt").read_text() == "Not a recording.\n"


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    secret = drop(tmp_path, ".secret")
    (tmp_path / "a.wav").symlink_to(secret)

    assert open_source(f"folder://{tmp_path}").arrivals(now=NOW) == ()


def test_a_missing_folder_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="cannot be read") as refusal:
        open_source(f"folder://{tmp_path / 'gone'}").arrivals(now=NOW)

    assert "TOCSIN_WATCH_FOLDER" in refusal.value.for_person()
