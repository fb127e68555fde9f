"""The words of the forms that a person carries: script, teletype, sheet."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bulletins import a_bulletin, some_content
from tocsin.errors import BadText, OutOfTurn
from tocsin.warn import BulletinKind, Form, Notice, Topic, Words, write
from tocsin.warn.wording.glyphs import visible
from tocsin.warn.wording.routing import Key, Routing, read_routing, require_allowed
from tocsin.warn.wording.script import LONGEST_READING, reading_time, spell, spoken_words
from tocsin.warn.wording.sheet import blocks_of
from tocsin.warn.wording.teletype import to_capitals

HAND = (Form.SCRIPT, Form.TELETYPE, Form.SHEET)
CASES = [
    *((kind, Topic.BULLETIN) for kind in BulletinKind),
    *((BulletinKind.ALERT, topic) for topic in (Topic.LADDER, Topic.EXPIRY, Topic.SUPERSEDED)),
]


def a_notice(
    kind: BulletinKind = BulletinKind.ALERT,
    topic: Topic = Topic.BULLETIN,
    *,
    missing: tuple[str, ...] = ("Reed 2A14",),
    is_exercise: bool = False,
    places: tuple[str, ...] = ("Harlow",),
    **content: object,
) -> Notice:
    change = "" if kind is BulletinKind.ALERT else "He was found."
    return Notice(
        bulletin=a_bulletin(
            kind=kind,
            is_exercise=is_exercise,
            places=places,
            content=some_content(**({"change": change} | content)),
        ),
        topic=topic,
        link="http://127.0.0.1:8000/a/token",
        missing=missing if topic is Topic.LADDER else (),
        minutes=5,
        other="B-2026-000002 version 1" if topic is Topic.SUPERSEDED else "",
    )


def script(**changes: object) -> Words:
    return write(a_notice(**changes), Form.SCRIPT)  # type: ignore[arg-type] # a builder of keywords


def teletype(**changes: object) -> Words:
    return write(a_notice(**changes), Form.TELETYPE)  # type: ignore[arg-type] # the same


def sheet(**changes: object) -> Words:
    return write(a_notice(**changes), Form.SHEET)  # type: ignore[arg-type] # the same


@pytest.mark.parametrize("form", HAND)
@pytest.mark.parametrize(("kind", "topic"), CASES)
def test_every_form_words_every_kind_with_number_and_version(
    form: Form, kind: BulletinKind, topic: Topic
) -> None:
    words = write(a_notice(kind, topic), form)
    number = spell("B-2026-000001") if form is Form.SCRIPT else "B-2026-000001"

    assert number in words.text
    assert "version 1" in words.text.lower()
    assert "OFFICER SAFETY" in words.text
    assert words.faults == ()
    assert words.measure
    assert "$" not in words.text


@pytest.mark.parametrize("form", HAND)
@pytest.mark.parametrize(("kind", "topic"), CASES)
def test_an_exercise_says_so_before_anything_else(
    form: Form, kind: BulletinKind, topic: Topic
) -> None:
    words = write(a_notice(kind, topic, is_exercise=True), form)

    assert words.text.startswith("EXERCISE")
    assert write(a_notice(kind, topic), form).text.count("EXERCISE") == 0


def test_a_script_says_whom_what_where_how_to_answer_and_which() -> None:
    assert script().text.splitlines() == [
        "All units.",
        "OFFICER SAFETY: threat against any cop.",
        "Where: Harlow.",
        "Not yet assessed.",
        "Answer with your call sign.",
        "Number B, 2 0 2 6, 0 0 0 0 0 1, version 1.",
        "Northside Communications.",
    ]


def test_an_exercise_is_said_to_be_one_first_and_last() -> None:
    lines = script(is_exercise=True).text.splitlines()

    assert lines[0] == lines[-1] == "EXERCISE, EXERCISE, EXERCISE."


def test_a_place_that_the_safety_line_names_is_not_said_twice() -> None:
    text = script(safety_line="OFFICER SAFETY: threat - Harlow").text

    assert text.count("Harlow") == 1


def test_a_doubtful_word_is_said_to_be_in_doubt() -> None:
    assert "alone, in doubt, tonight" in script(safety_line="SAFETY: [alone?] tonight").text


@pytest.mark.parametrize(
    ("text", "words"),
    [("all units", 2), ("2 0 2 6", 4), ("unit 2A14", 5), ("B-2026", 5), ("I-70 west", 4), ("", 0)],
)
def test_digits_are_counted_one_by_one(text: str, words: int) -> None:
    assert spoken_words(text) == words


def test_the_pace_is_150_words_a_minute() -> None:
    assert reading_time("word " * 50) == LONGEST_READING
    assert script().measure == f"{reading_time(script().text):.1f} s, read twice"


def test_a_long_script_loses_what_matters_least_in_order() -> None:
    long = {
        "advice": "Ride in pairs. " + "Do not stop alone until you hear that it ended. " * 2,
        "places": ("Harlow", "Calder", "West End", "Milltown"),
    }
    text = script(**long).text

    assert "Northside" not in text
    assert "Not yet assessed" not in text
    assert "Ride in pairs." in text
    assert "Do not stop" not in text
    assert "Milltown" in text


def test_places_that_are_not_read_out_are_counted() -> None:
    places = tuple(f"Township number {one}" for one in "ABCDEFGHIJKL")

    assert "Where: Township number A, Township number B, and 10 more." in script(places=places).text


def test_a_safety_line_is_never_cut_and_its_length_is_a_fault() -> None:
    line = "OFFICER SAFETY: " + "many words " * 30
    words = script(safety_line=line)

    assert line.strip() in words.text
    assert "take " in words.faults[0]
    assert "words out of the safety line" in words.faults[0]


def test_units_that_do_not_fit_are_counted_and_pointed_to() -> None:
    missing = tuple(f"Reed 2A{one}" for one in range(10, 30))
    words = script(topic=Topic.LADDER, missing=missing)

    assert reading_time(words.text) <= LONGEST_READING
    assert "These units have not answered: Reed 2A10; Reed 2A11" in words.text
    assert "not named in the script" in words.faults[0]


def test_a_ten_code_is_a_fault() -> None:
    assert "10-33" in script(safety_line="SAFETY: 10-33 at Harlow").faults[0]


@given(
    advice=st.text(max_size=500),
    assessed=st.text(max_size=200),
    places=st.lists(st.text(min_size=1, max_size=12), max_size=12).map(tuple),
)
def test_a_script_fits_or_says_that_it_does_not(
    advice: str, assessed: str, places: tuple[str, ...]
) -> None:
    words = script(advice=advice, assessed=assessed, places=places)

    assert reading_time(words.text) <= LONGEST_READING or words.faults


def test_the_safety_line_of_a_teletype_stands_alone_at_the_top() -> None:
    lines = teletype().text.splitlines()

    assert lines[:2] == ["OFFICER SAFETY: THREAT AGAINST ANY COP", ""]


def test_a_teletype_keeps_the_doubts_and_names_who_can_be_asked() -> None:
    text = teletype().text

    assert "[ALONE?]" in text
    assert "A MACHINE DOUBTS THIS WORD" in text
    assert "CONTACT: DUTY DESK OF NORTHSIDE COMMUNICATIONS" in text
    assert "STATEWIDE" not in text
    assert "LAW ENFORCEMENT DISSEMINATION" not in text


def test_a_cancellation_names_what_it_cancels() -> None:
    notice = a_notice(BulletinKind.CANCEL)
    third = replace(notice, bulletin=replace(notice.bulletin, version=3))

    text = write(third, Form.TELETYPE).text
    assert "CANCELS B-2026-000001, EVERY VERSION BEFORE VERSION 3" in text
    assert "HE WAS FOUND." in text


def test_other_writing_becomes_ascii_and_what_cannot_be_is_a_fault() -> None:
    words = teletype(said="“Señor Łuk” \ue000 Жуков")

    assert '""SENOR LUK" [U+E000] ZHUKOV"' in words.text
    assert "U+E000" in words.faults[0]


@pytest.mark.parametrize("asked", ["Attempt to locate a blue car", "ATL blue car"])
def test_an_attempt_to_locate_is_a_fault(asked: str) -> None:
    assert "attempt to locate" in teletype(advice=asked).faults[0]


@given(said=st.text(max_size=600), line=st.text(min_size=1, max_size=300))
def test_a_teletype_is_capitals_of_ascii_in_lines_of_eighty(said: str, line: str) -> None:
    text = teletype(said=said, safety_line=line).text

    assert text.isascii()
    assert text == text.upper()
    assert all(one.isprintable() for one in text.splitlines())
    assert max(map(len, text.split("\n"))) <= 80


@given(st.text(max_size=200))
def test_no_letter_is_lost_without_a_trace(text: str) -> None:
    capitals, lost = to_capitals(text)

    for char in lost:
        assert f"[U+{ord(char):04X}]" in capitals
    assert bool(capitals.strip()) == bool(text.strip())


def test_a_routing_is_read_in_any_order() -> None:
    assert read_routing(" statewide co,wy;E1 ") == Routing(
        key=Key.AML, destinations=("CO", "WY", "E1"), is_statewide=True
    )
    assert read_routing("AM COCBI0000").destinations == ("COCBI0000",)
    assert read_routing("") == Routing()


def test_five_states_go_and_six_do_not() -> None:
    require_allowed(Routing(destinations=("CO", "WY", "NM", "UT", "KS")))
    with pytest.raises(OutOfTurn, match="6 destinations"):
        require_allowed(Routing(destinations=("CO", "WY", "NM", "UT", "KS", "NB")))


def test_two_regions_go_and_three_do_not() -> None:
    require_allowed(Routing(destinations=("E1", "F1", "CO")))
    with pytest.raises(OutOfTurn, match="3 regions"):
        require_allowed(Routing(destinations=("E1", "F1", "G1")))


@given(st.text(max_size=60))
def test_a_routing_is_read_or_refused(text: str) -> None:
    with suppress(BadText, OutOfTurn):
        assert len(read_routing(text).destinations) <= 5


def test_a_sheet_leaves_out_what_nobody_wrote() -> None:
    assert "WHAT TO DO" not in sheet().text
    assert "WHAT TO DO\nRide in pairs." in sheet(advice="Ride in pairs.").text


@given(said=st.text(max_size=300), advice=st.text(max_size=300))
def test_a_sheet_falls_into_the_blocks_it_was_made_of(said: str, advice: str) -> None:
    head, blocks, foot = blocks_of(sheet(said=said, advice=advice).text)
    headings = [block.heading.partition(" (")[0] for block in blocks]

    assert head.lines == ("OFFICER SAFETY: threat against any cop",)
    assert headings == [
        "WHERE",
        "WHAT WAS SAID",
        *(["WHAT TO DO"] if advice.split() else []),
        "WHAT IS NOT KNOWN",
        "ASSESSMENT",
        "SINCE, UNTIL",
        "SAY THAT YOU HAVE IT",
    ]
    assert foot.lines[0] == "B-2026-000001 version 1"


def test_what_has_no_glyph_is_shown_by_its_number() -> None:
    glyphs = frozenset(range(0x20, 0x7F)) | {0x5D0, 0x202E, 0x915}

    assert visible("a\u4e2d\u05d0\u202e\u0915\x07\n\tb", glyphs) == (
        "a[U+4E2D][U+05D0][U+202E][U+0915][U+0007]\n b"
    )
