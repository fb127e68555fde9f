"""The rule files: what they hold, that the page says the same, and that a bad one is named."""

import json
from copy import deepcopy
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tocsin.errors import SetupError
from tocsin.warn.blue import FormField, Jurisdiction, jurisdictions, questions, read_rules

FOLDER = files("tocsin.warn.blue")
PAGE = Path(__file__).parents[3] / "docs" / "blue-alert.md"
NAMES = sorted(one.name for one in FOLDER.joinpath("rules").iterdir())
SCHEMA = json.loads(FOLDER.joinpath("rules.schema.json").read_text(encoding="utf-8"))


def raw(name: str) -> bytes:
    return FOLDER.joinpath("rules", name).read_bytes()


def colorado() -> dict[str, Any]:
    return deepcopy(json.loads(raw("colorado.json")))


def refused(value: Any, name: str = "colorado.json") -> str:
    with pytest.raises(SetupError) as refusal:
        read_rules(name, value if isinstance(value, bytes) else json.dumps(value).encode())
    assert "docs/blue-alert.md" in refusal.value.way_out
    return refusal.value.what


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_fits_the_schema_and_is_named_by_its_key(name: str) -> None:
    Draft202012Validator(SCHEMA).validate(json.loads(raw(name)))

    assert f"{read_rules(name, raw(name)).key}.json" == name


def test_the_federal_rule_comes_first_and_the_states_by_name() -> None:
    assert [one.key for one in jurisdictions()] == [
        "federal",
        "colorado",
        "indiana",
        "missouri",
        "north-carolina",
        "texas",
        "washington",
    ]


def test_the_schema_knows_every_field_of_a_request_and_no_other() -> None:
    known = SCHEMA["properties"]["fields"]["items"]["properties"]["field"]["enum"]

    assert set(known) == {one.value for one in FormField}


def test_every_question_is_asked_somewhere_in_plain_words() -> None:
    asked = {one.key for state in jurisdictions() for one in state.criteria}

    assert asked == set(questions())
    for one in questions().values():
        assert one.text.endswith("?")
        assert not one.yes.endswith(".")
        assert not one.no.endswith(".")


def test_the_same_fact_is_the_same_question_everywhere() -> None:
    for state in jurisdictions():
        for one in state.criteria:
            assert one.question is questions()[one.key]


@pytest.mark.parametrize("state", jurisdictions(), ids=lambda one: one.key)
def test_every_line_has_a_source_and_what_was_not_read_is_not_verified(state: Jurisdiction) -> None:
    cited = [(one.source, one.is_verified) for one in state.lines]
    cited += [(one.source, one.is_verified) for one in state.criteria]
    for source, is_verified in cited:
        assert source
        if "not read" in source or "secondary" in source:
            assert not is_verified


def test_no_file_holds_a_telephone_number_or_an_address() -> None:
    for name in NAMES:
        text = raw(name).decode()
        assert "@" not in text
        assert "555" not in text
        assert not any(len(word) >= 7 and word.isdigit() for word in text.replace("-", "").split())


def test_a_file_that_is_no_json_is_named() -> None:
    assert refused(b"{").startswith(
        "In the Blue Alert file colorado.json, the whole: it is not JSON"
    )
    assert "not JSON" in refused(b"\xff")
    assert "a key stands twice" in refused(b'{"key": "a", "key": "b"}')
    assert "larger than" in refused(b" " * 70_000)
    assert "not JSON" in refused(b"[" * 60_000)


def test_a_file_that_does_not_fit_is_named_with_the_place() -> None:
    without, wrong, empty, two = colorado(), colorado(), colorado(), colorado()
    del without["law"]
    wrong["steps"][2]["verified"] = "perhaps"
    empty["criteria"]["all"][0]["any"] = []
    two["criteria"]["all"][1]["any"] = [{"ask": "suspect_free", "source": "xx", "verified": True}]

    assert "'law' is a required property" in refused(without)
    assert "colorado.json, steps.2.verified: " in refused(wrong)
    assert "colorado.json, criteria.all.0" in refused(empty)
    assert "colorado.json, criteria.all.1" in refused(two)
    assert "colorado.json, the whole: " in refused([])


def test_a_question_that_there_is_not_or_that_is_asked_twice_is_named() -> None:
    unknown, twice = colorado(), colorado()
    unknown["criteria"]["all"][1]["ask"] = "is_it_credible"
    twice["criteria"]["all"][1]["ask"] = "agency_requests"

    assert "criteria.all.1.ask: 'is_it_credible' is not in questions.json" in refused(unknown)
    assert "'agency_requests' is asked twice" in refused(twice)


def test_a_file_under_another_name_is_refused() -> None:
    assert "key: 'colorado' is not the name of the file" in refused(colorado(), "utah.json")


def test_groups_that_lie_too_deep_are_refused() -> None:
    deep = colorado()
    part: dict[str, Any] = {"ask": "suspect_free", "source": "xx", "verified": True}
    for _ in range(400):
        part = {"all": [part]}
    deep["criteria"]["all"].append(part)

    assert "colorado.json, " in refused(deep)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
    )
)
def test_nothing_else_than_a_setup_error_comes_of_any_json(value: Any) -> None:
    refused(value)


def marks(parts: Any) -> str:
    return f"{sum(one.is_verified for one in parts)} of {len(parts)}"


def test_the_page_lists_every_state_with_its_source_and_marks() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## Still to be verified")[0]
    rows = [
        f"| {one.name} | {one.law.text} | {marks(one.criteria)} | {marks(one.lines)} |"
        for one in jurisdictions()
    ]

    assert [line for line in page.splitlines() if line.startswith("| ")][1:] == rows


def test_the_page_lists_every_line_that_is_still_to_be_verified() -> None:
    page = PAGE.read_text(encoding="utf-8").partition("## Still to be verified")[2]
    rows = [
        f"| {state.name} | {text} | {source} |"
        for state in jurisdictions()
        for text, source in [
            *((one.question.text, one.source) for one in state.criteria if not one.is_verified),
            *((one.text, one.source) for one in state.lines if not one.is_verified),
        ]
    ]

    assert [line for line in page.splitlines() if line.startswith("| ")][1:] == rows
