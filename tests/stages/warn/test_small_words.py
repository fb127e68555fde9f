"""The words of small media: text message, call, notification."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.bulletins import a_bulletin, some_content
from tocsin.warn import BulletinKind, Content, Form, Notice, Ordered, Topic, Words, write
from tocsin.warn.septets import foreign_characters, septets
from tocsin.warn.wording.glance import LONGEST_BODY, LONGEST_TITLE
from tocsin.warn.wording.notice import OF_ORDERS
from tocsin.warn.wording.script import reading_time
from tocsin.warn.wording.short import LONGEST
from tocsin.warn.wording.spoken import LONGEST_CALL, speakable

LINK = "https://tocsin.example.org/a/" + "x" * 76
SMALL = (Form.SHORT, Form.SPOKEN, Form.GLANCE)
ANY_CONTENT = st.builds(
    Content,
    safety_line=st.text(max_size=700),
    said=st.text(max_size=700),
    not_known=st.just(()),
    assessed=st.text(max_size=300),
    advice=st.text(max_size=300),
    change=st.text(max_size=700),
)
ANY_ORDER = st.builds(
    Ordered,
    number=st.just("P-2026-000007"),
    measures=st.lists(st.text(max_size=70), max_size=7).map(tuple),
    whom=st.text(max_size=400),
    why=st.text(max_size=400),
    by=st.text(max_size=40),
    review_at=st.sampled_from([None, a_bulletin().expires_at]),
)
ANY_NOTICE = st.builds(
    lambda content, kind, is_exercise, places, **facts: Notice(
        bulletin=a_bulletin(
            content=content, kind=kind, is_exercise=is_exercise, places=tuple(places)
        ),
        **facts,
    ),
    content=ANY_CONTENT,
    kind=st.sampled_from(BulletinKind),
    is_exercise=st.booleans(),
    places=st.lists(st.text(max_size=80), max_size=12),
    topic=st.sampled_from(Topic),
    link=st.sampled_from(["", LINK, LINK + "y" * 500]),
    code=st.sampled_from(["", "1", "4711"]),
    missing=st.lists(st.text(max_size=60), max_size=90).map(tuple),
    minutes=st.integers(min_value=0, max_value=600),
    other=st.sampled_from(["", "B-2026-000002 v1"]),
    order=ANY_ORDER,
)


def words(form: Form, *, topic: Topic = Topic.BULLETIN, **changes: object) -> Words:
    facts: dict[str, object] = {"link": LINK, "code": "1", "minutes": 5, "missing": ("Reed", "Cho")}
    facts |= {name: changes.pop(name) for name in tuple(changes) if name in facts}
    notice = Notice(bulletin=a_bulletin(**changes), topic=topic, **facts)  # type: ignore[arg-type] # a builder
    return write(notice, form)


@given(ANY_NOTICE)
@settings(deadline=None)
def test_a_text_message_never_passes_three_parts_and_always_says_which_bulletin(
    notice: Notice,
) -> None:
    found = write(notice, Form.SHORT)

    assert septets(found.text) <= LONGEST == 459
    assert "B-2026-000001 v1" in found.text
    assert found.text.startswith("EXERCISE") == notice.bulletin.is_exercise or (
        notice.bulletin.content.safety_line.startswith("EXERCISE")
    )
    if notice.must_be_acknowledged and notice.code:
        assert f"Reply {notice.code} = I have it" in found.text
    elif notice.must_be_acknowledged:
        assert notice.link in found.text or found.faults


@given(ANY_NOTICE)
@settings(deadline=None)
def test_a_call_ends_in_time_and_always_says_which_bulletin(notice: Notice) -> None:
    found = write(notice, Form.SPOKEN)

    assert reading_time(found.text) <= LONGEST_CALL
    is_order = notice.topic in OF_ORDERS
    name = "P, 2 0 2 6, 0 0 0 0 0 7" if is_order else "B, 2 0 2 6, 0 0 0 0 0 1, version 1"
    assert found.text.count(name) >= 2
    assert not re.search(r"https?:|[\[\](){}<>*_#|\\/@&%+=~^\"]", found.text)
    assert found.text.startswith("Exercise. Exercise.") or not notice.bulletin.is_exercise


@given(ANY_NOTICE)
@settings(deadline=None)
def test_a_notification_keeps_to_its_room_and_always_says_which_bulletin(notice: Notice) -> None:
    found = write(notice, Form.GLANCE)

    assert len(found.subject) <= LONGEST_TITLE == 60
    assert len(found.text) <= LONGEST_BODY == 180
    assert "B-2026-000001 v1" in found.text
    if notice.bulletin.is_exercise:
        assert found.subject.startswith("EXERCISE")
        assert found.text.startswith("EXERCISE")


@given(ANY_NOTICE)
@settings(deadline=None)
def test_any_notice_is_json(notice: Notice) -> None:
    assert '"number":"B-2026-000001"' in write(notice, Form.DATA).text


@pytest.mark.parametrize("form", SMALL)
@pytest.mark.parametrize("kind", list(BulletinKind))
def test_every_kind_says_what_it_is_and_what_changed(form: Form, kind: BulletinKind) -> None:
    content = some_content(change="" if kind is BulletinKind.ALERT else "He was found.")
    found = words(form, kind=kind, content=content)

    said = {"alert": "", "update": "update", "correction": "correct", "cancel": "cancelled"}
    assert said[kind] in found.text.lower()
    assert ("He was found." in found.text) == (kind is not BulletinKind.ALERT)
    assert found.measure
    assert not found.faults


@pytest.mark.parametrize("form", SMALL)
def test_the_other_topics_say_what_became_of_the_bulletin(form: Form) -> None:
    assert "nobody has said that the danger is over" in words(form, topic=Topic.EXPIRY).text.lower()
    ladder = words(form, topic=Topic.LADDER).text
    assert "Reed, Cho" in ladder
    assert "after 5 min" in ladder
    superseded = words(form, topic=Topic.SUPERSEDED).text.lower()
    assert "the danger is not over" in superseded


def test_an_ordinary_warning_is_one_part() -> None:
    found = words(Form.SHORT)

    assert found.text.splitlines() == [
        "OFFICER SAFETY: threat against any cop",
        "Harlow",
        "NOT YET ASSESSED",
        'Said: "I will shoot any cop I find [alone?]"',
        "B-2026-000001 v1",
        "Reply 1 = I have it",
    ] or found.measure.endswith("1 part")
    assert found.measure == f"{septets(found.text)} septets, 1 part"


def test_a_part_is_not_spent_on_what_matters_least() -> None:
    found = words(Form.SHORT, content=some_content(said="x" * 120, advice="y" * 120))

    assert found.measure.endswith("1 part")
    assert "xxx" not in found.text
    assert "Ends 2 Mar 09:05" in found.text


def test_a_part_is_spent_on_what_changed_and_then_filled() -> None:
    found = words(
        Form.SHORT, kind=BulletinKind.UPDATE, content=some_content(change="He is in Harlow. " * 6)
    )

    assert found.measure.endswith("2 parts")
    assert LINK not in found.text or septets(found.text) <= 306


def test_who_can_only_answer_by_the_link_always_gets_it() -> None:
    found = words(Form.SHORT, code="", content=some_content(safety_line="x" * 140))

    assert LINK in found.text
    assert "Open = I have it" in found.text


def test_a_line_that_does_not_fit_is_cut_and_named() -> None:
    found = words(Form.SHORT, content=some_content(safety_line="shots fired " * 60))

    assert "..." in found.text
    assert found.faults == (
        "The officer-safety line does not fit into 3 parts of a text message: shorten it.",
    )
    assert words(Form.SPOKEN, content=some_content(safety_line="shots fired " * 60)).faults


def test_signs_that_phones_do_not_have_become_near_ones() -> None:
    line = "\u201cThey\u2019ll come\u201d \u2013 caf\u00e9 \u0141\u00f3d\u017a \u2026 [A|B] \u20ac5"
    found = words(Form.SHORT, content=some_content(safety_line=line))

    assert found.text.startswith('"They\'ll come" - caf\u00e9 L\u00f3d'.replace("\u00f3", "o"))
    assert not foreign_characters(found.text)
    assert not found.faults


def test_signs_that_have_no_near_one_are_named() -> None:
    found = words(Form.SHORT, content=some_content(safety_line="Threat \u4e2d \U0001f6a8"))

    assert found.text.startswith("Threat ? ?")
    assert found.faults == (
        "A text message has no sign for \u4e2d \U0001f6a8: it shows ?. Write it in plain letters.",
    )


def test_a_call_is_said_twice_and_ends_with_the_key() -> None:
    found = words(Form.SPOKEN)

    first, second = found.text.split(" I say it again. ")
    assert second == f"{first} Press 1 to say that you have it."
    assert "Northside Communications" in first
    assert found.measure == f"{reading_time(found.text):.0f} s, said twice"


def test_a_name_too_long_to_be_said_is_left_out_and_named() -> None:
    found = words(Form.SPOKEN, center="Very long name " * 40)

    assert reading_time(found.text) <= LONGEST_CALL
    assert found.faults


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("OFFICER SAFETY: he said [alone?]", "Officer safety: he said possibly alone"),
        ("see https://x.example/a?b=c now", "See now"),
        ("two-officer cars & 5% @ Main/4th", "Two officer cars and 5 percent at Main 4th"),
        ("a red SUV - armed", "A red SUV, armed"),
        ("they\u2019ll \u201ccome\u201d", "They'll come"),
    ],
)
def test_signs_are_said_as_words(text: str, said: str) -> None:
    assert speakable(text) == said
