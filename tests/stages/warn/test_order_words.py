"""An order of posture, its end, and who stands against it, in the words of every form."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bulletins import NOW, a_bulletin
from tocsin.warn import Form, Notice, Ordered, Topic, write
from tocsin.warn.wording.notice import OF_ORDERS
from tocsin.warn.wording.script import LONGEST_READING, reading_time, spell
from tocsin.warn.wording.spoken import LONGEST_CALL

ORDER = Ordered(
    number="P-2026-000007",
    measures=("Two officers to every car.", "Nobody takes a break alone."),
    whom="Harlow Police; everybody inside Harlow",
    why="He means whoever is alone.",
    by="Ortiz",
    at=NOW,
    review_at=a_bulletin().expires_at,
)
EVERY = (
    "Two officers to every car.",
    "Two cars to every call.",
    "Nobody takes a break alone.",
    "Nobody patrols alone on foot, by bicycle or by motorcycle.",
    "Everybody wears the vest.",
    "Badges are covered.",
    "Stations are closed.",
)


def notice(topic: Topic, *, order: Ordered = ORDER, is_exercise: bool = False) -> Notice:
    """A notice of the order; who stands against it has been so for four minutes."""
    return Notice(
        bulletin=a_bulletin(is_exercise=is_exercise),
        topic=topic,
        missing=("2A14 Reed: alone in a car, Harlow",) if topic is Topic.BREACH else (),
        minutes=4,
        order=order,
    )


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.DATA])
@pytest.mark.parametrize("topic", sorted(OF_ORDERS))
def test_every_form_says_which_order_and_what_it_demands(form: Form, topic: Topic) -> None:
    found = write(notice(topic), form)
    number = spell(ORDER.number) if form in {Form.SCRIPT, Form.SPOKEN} else ORDER.number

    assert number in found.text
    assert "two officers to every car" in found.text.lower()
    assert "$" not in found.text
    assert found.measure or form is Form.LETTER
    assert found.faults == ()
    assert "P-2026-000007" in found.subject or form is Form.GLANCE


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.DATA])
@pytest.mark.parametrize("topic", sorted(OF_ORDERS))
def test_an_exercise_says_so_first_and_nothing_else_does(form: Form, topic: Topic) -> None:
    drill = write(notice(topic, is_exercise=True), form)

    assert drill.text.upper().startswith("EXERCISE")
    assert drill.subject.startswith("EXERCISE")
    assert "EXERCISE" not in write(notice(topic), form).text.upper()


@pytest.mark.parametrize("form", [Form.LETTER, Form.SHEET, Form.TELETYPE, Form.SHORT])
def test_an_order_says_for_whom_why_and_when_it_is_looked_at_again(form: Form) -> None:
    text = write(notice(Topic.ORDER), form).text.lower()

    assert "everybody inside harlow" in text
    assert "he means whoever is alone." in text
    assert "looked at again" in text or "looks at it again" in text or form is Form.SHORT
    assert "b-2026-000001" in text


@pytest.mark.parametrize("form", [Form.LETTER, Form.SHEET, Form.TELETYPE, Form.SHORT, Form.GLANCE])
def test_the_end_of_an_order_is_not_the_end_of_the_warning(form: Form) -> None:
    text = write(notice(Topic.STAND_DOWN), form).text.lower()

    assert "stood down" in text
    assert "another matter" in text or "does not say that b-2026-000001" in text


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.DATA])
def test_a_breach_says_who_and_since_how_long(form: Form) -> None:
    text = write(notice(Topic.BREACH), form).text

    assert "2A14 REED" in text.upper()
    assert "4 min" in text.lower() or form is Form.SCRIPT


def test_an_order_asks_for_no_acknowledgment() -> None:
    asked = replace(notice(Topic.ORDER), link="https://tocsin.example.org/a/x", code="7")

    assert not asked.must_be_acknowledged
    assert "Press" not in write(asked, Form.SPOKEN).text
    assert "Reply" not in write(asked, Form.SHORT).text


def test_all_measures_are_read_in_twenty_seconds_and_called_in_time() -> None:
    order = replace(ORDER, measures=EVERY)
    aloud = write(notice(Topic.ORDER, order=order), Form.SCRIPT)
    called = write(notice(Topic.ORDER, order=order), Form.SPOKEN)

    assert reading_time(aloud.text) <= LONGEST_READING
    [fault] = aloud.faults
    assert fault.endswith("For: Harlow Police; everybody inside Harlow.")
    assert reading_time(called.text) <= LONGEST_CALL
    for one in EVERY:
        assert one in aloud.text
        assert one.rstrip(".") in called.text


def test_a_script_leaves_out_why_before_whom_and_never_what_is_ordered() -> None:
    whom = "Harlow Police, Calder Sheriff, Milltown Police"
    order = replace(ORDER, measures=EVERY[:4], whom=whom, why="He means whoever is alone. " * 3)
    text = write(notice(Topic.ORDER, order=order), Form.SCRIPT).text

    assert whom in text
    assert "He means" not in text
    assert reading_time(text) <= LONGEST_READING


def test_a_script_that_cannot_be_short_enough_says_so() -> None:
    order = replace(ORDER, measures=(*EVERY, "Breaks are taken at a station."))

    faults = write(notice(Topic.ORDER, order=order), Form.SCRIPT).faults
    assert "in two parts" in faults[0]


def test_a_program_gets_the_order_as_it_is() -> None:
    found = json.loads(write(notice(Topic.ORDER), Form.DATA).text)

    assert found["topic"] == "order"
    assert found["order"]["number"] == ORDER.number
    assert found["order"]["measures"] == list(ORDER.measures)
    assert found["order"]["review_at"].endswith("-07:00")
    assert "order" not in json.loads(write(Notice(bulletin=a_bulletin()), Form.DATA).text)


@given(
    st.builds(
        Ordered,
        number=st.just("P-2026-000007"),
        measures=st.lists(st.sampled_from(EVERY), max_size=7, unique=True).map(tuple),
        whom=st.text(max_size=300),
        why=st.text(max_size=300),
    ),
    st.sampled_from(sorted(OF_ORDERS)),
)
def test_a_script_fits_or_says_that_it_does_not(order: Ordered, topic: Topic) -> None:
    found = write(notice(topic, order=order), Form.SCRIPT)

    assert reading_time(found.text) <= LONGEST_READING or found.faults
