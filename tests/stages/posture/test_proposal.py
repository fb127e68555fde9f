"""What a threat's words bear on is proposed, with the reason; nothing else is."""

import pytest

from tocsin.posture import Measure, Proposal, propose
from tocsin.read import Field, Form, Kind, Level, Span, SpeechAct, Statement, read

PAIRS = {
    Measure.TWO_TO_A_CAR,
    Measure.NO_SOLO_BREAKS,
    Measure.NO_SOLO_FOOT_OR_MOTORCYCLE,
}


def proposed(*texts: str, field: Field = Field.CONDITION) -> tuple[Proposal, ...]:
    spans = tuple(
        Span(field=field, start=number * 100, end=number * 100 + len(text), text=text)
        for number, text in enumerate(texts)
    )
    return propose(
        Statement(
            kind=Kind.NOTE,
            speech_act=SpeechAct.OWN_THREAT,
            form=Form.CONDITIONAL,
            score=1.0,
            level=Level.FLAG,
            review=False,
            spans=spans,
            evidence=(),
            not_said=(),
        )
    )


def measures(*texts: str, field: Field = Field.CONDITION) -> set[Measure | None]:
    return {one.measure for one in proposed(*texts, field=field)}


@pytest.mark.parametrize(
    "text",
    [
        "alone",
        "by themselves",
        "by their selves",
        "by yourself",
        "by your self",
        "by ya'll self",
        "all by himself",
        "on their own",
        "single officer",
        "no backup",
        "without a partner",
    ],
)
def test_words_about_being_alone_propose_pairs(text: str) -> None:
    assert measures(text) == PAIRS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on a motorcycle", {Measure.NO_SOLO_FOOT_OR_MOTORCYCLE}),
        ("on foot", {Measure.NO_SOLO_FOOT_OR_MOTORCYCLE}),
        ("eating lunch", {Measure.NO_SOLO_BREAKS}),
        ("without a vest", {Measure.VESTS}),
        ("in uniform", {Measure.BADGES_COVERED}),
        ("wearing a badge", {Measure.BADGES_COVERED}),
        ("at the station", {Measure.STATIONS_CLOSED}),
        ("off duty", {None}),
        ("out of uniform", {None}),
        ("after dark", {None}),
        ("if", set()),
        ("any cop who", set()),
        ("one more time", set()),
        ("", set()),
    ],
)
def test_each_condition_proposes_what_it_bears_on(text: str, expected: set[Measure | None]) -> None:
    assert measures(text) == expected


def test_a_station_that_is_named_as_the_place_proposes_to_close_it() -> None:
    assert measures("the Fifth Street precinct", field=Field.PLACE) == {Measure.STATIONS_CLOSED}
    assert measures("alone", field=Field.PLACE) == set()


def test_a_measure_is_proposed_once_with_its_words_and_reason() -> None:
    found = proposed("alone", "by himself")

    assert len(found) == len(PAIRS)
    assert {one.quote for one in found} == {"alone"}
    assert all("alone the target" in one.reason for one in found)


def test_what_no_measure_reaches_is_said() -> None:
    [one] = proposed("off duty")

    assert one.measure is None
    assert "No measure reaches them" in one.reason


def test_a_threat_as_it_is_read_proposes_pairs_and_a_harmless_call_nothing() -> None:
    threat = read("I will shoot every cop I find alone tonight.", kind=Kind.NOTE)
    harmless = read("My neighbour's dog barks. Please send somebody.", kind=Kind.NOTE)

    assert {one.measure for one in propose(threat)} >= PAIRS
    assert propose(harmless) == ()


def test_a_threat_to_somebody_who_is_no_officer_proposes_nothing() -> None:
    text = "I'm going to kill {} when she is alone"

    assert propose(read(text.format("my wife"), kind=Kind.NOTE)) == ()
    assert propose(read(text.format("that cop"), kind=Kind.NOTE))


def test_a_target_on_a_motorcycle_is_a_condition_too() -> None:
    threat = read("We will kill any motorcycle cop we see after dark.", kind=Kind.NOTE)

    assert {one.measure for one in propose(threat)} == {Measure.NO_SOLO_FOOT_OR_MOTORCYCLE, None}
