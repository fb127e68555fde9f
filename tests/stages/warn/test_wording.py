"""The texts that people receive."""

import pytest

from tests.bulletins import a_bulletin, some_content
from tocsin.warn import Bulletin, BulletinKind, Form, Notice, Topic, subject_line, write
from tocsin.warn.wording import local_time

LINK = "http://127.0.0.1:8000/a/token"


def text_of(bulletin: Bulletin, **facts: object) -> str:
    """The full text of a notice."""
    notice = Notice(bulletin=bulletin, link=LINK, **facts)  # type: ignore[arg-type] # a builder
    return write(notice, Form.LETTER).text


def test_the_first_line_is_the_safety_line() -> None:
    assert text_of(a_bulletin()).splitlines()[0] == ("OFFICER SAFETY: threat against any cop")


def test_a_bulletin_says_what_was_said_what_is_not_known_since_when_and_until_when() -> None:
    text = text_of(a_bulletin())

    for part in (
        '"I will shoot any cop I find [alone?]"',
        "- No time was said.",
        "NOT YET ASSESSED",
        "Harlow",
        "The call began Sun 1 Mar 2026 21:02 (-07:00).",
        "Released Sun 1 Mar 2026 21:05 (-07:00) by Ortiz",
        "Ends Mon 2 Mar 2026 09:05 (-07:00)",
        "B-2026-000001 version 1",
        LINK,
        "it acknowledges for you and nobody else",
    ):
        assert part in text


@pytest.mark.parametrize("kind", list(BulletinKind))
def test_every_text_carries_number_and_version(kind: BulletinKind) -> None:
    bulletin = a_bulletin(kind=kind, version=3, content=some_content(change="cleared"))

    assert "B-2026-000001 version 3" in text_of(bulletin)
    assert "[B-2026-000001 v3]" in subject_line(bulletin)
    assert "B-2026-000001 version 3" in text_of(bulletin, topic=Topic.EXPIRY)
    assert "B-2026-000001 version 3" in text_of(
        bulletin, topic=Topic.LADDER, missing=("Reed",), minutes=5
    )


@pytest.mark.parametrize("kind", list(BulletinKind))
def test_an_exercise_says_so_before_anything_else(kind: BulletinKind) -> None:
    bulletin = a_bulletin(kind=kind, is_exercise=True, content=some_content(change="cleared"))

    for text in (
        text_of(bulletin),
        text_of(bulletin, topic=Topic.EXPIRY),
        text_of(bulletin, topic=Topic.LADDER, missing=("Reed",), minutes=5),
        subject_line(bulletin),
    ):
        assert text.startswith("EXERCISE")


def test_a_cancel_asks_for_nothing_and_says_why() -> None:
    bulletin = a_bulletin(kind=BulletinKind.CANCEL, content=some_content(change="He was found."))
    text = text_of(bulletin)

    assert text.startswith("CANCELLED")
    assert "He was found." in text
    assert "need not acknowledge" in text


def test_words_with_a_dollar_sign_are_words() -> None:
    text = text_of(a_bulletin(content=some_content(said="$safety_line ${x} $")))

    assert "$safety_line ${x} $" in text


def test_the_subject_is_one_line() -> None:
    subject = subject_line(a_bulletin(content=some_content(safety_line="x" * 400)))

    assert len(subject) < 200
    assert "\n" not in subject


def test_without_a_place_it_says_to_whom_it_goes() -> None:
    assert "every agency of the center" in text_of(a_bulletin(places=()))


def test_times_are_local_and_carry_their_offset() -> None:
    bulletin = a_bulletin()

    assert local_time(bulletin.released_at, "UTC") == "Mon 2 Mar 2026 04:05 (+00:00)"
    assert local_time(bulletin.released_at, "Asia/Kolkata") == "Mon 2 Mar 2026 09:35 (+05:30)"
