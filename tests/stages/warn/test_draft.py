"""The words that a machine drafts: nothing in them that the record does not hold."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess import Answer, Assessor, Question, Role, Standing, assess, standing_of
from tocsin.listen import Word
from tocsin.read import Field, Kind, read
from tocsin.warn import Content, Quotation, assessed_sentence, draft_content, mark_doubts

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
NOBODY = standing_of([])
SAID = "I will shoot any police officer that I find alone in Harlow tonight. I have a rifle."


def words_of(text: str, *doubtful: str) -> tuple[Word, ...]:
    found, offset = [], 0
    for part in text.split():
        offset = text.index(part, offset)
        found.append(
            Word(
                text=part,
                start=0.0,
                end=0.1,
                confidence=0.2 if part.strip(".,") in doubtful else 0.9,
                is_timed=True,
                offset=offset,
            )
        )
        offset += len(part)
    return tuple(found)


def draft(text: str = SAID, *, standing: Standing = NOBODY, **changes: Any) -> Content:
    facts: dict[str, Any] = {
        "text": text,
        "words": words_of(text),
        "statement": read(text, kind=Kind.TRANSCRIPT),
        "caller": "A 911-only phone.",
        "places": ("Harlow",),
    }
    return draft_content(Quotation(**(facts | changes)), standing=standing)


def test_the_safety_line_says_whom_on_which_condition_and_where() -> None:
    line = draft().safety_line

    assert line.startswith("OFFICER SAFETY: threat against any police officer")
    assert "condition: " in line
    assert "alone" in line
    assert line.endswith(" - Harlow")
    assert "\n" not in line


def test_a_threat_against_others_is_no_officer_safety_line() -> None:
    line = draft("I am going to kill my neighbor tonight.", places=()).safety_line

    assert line.startswith("SAFETY: threat against my neighbor")


def test_the_words_are_quoted_as_they_were_said() -> None:
    assert draft().said == SAID


def test_doubtful_words_are_marked_and_none_is_left_out() -> None:
    content = draft(words=words_of(SAID, "Harlow", "rifle"))

    assert "in [Harlow?] tonight" in content.said
    assert "a [rifle.?]" in content.said


@given(st.text(alphabet="abc .,\n", max_size=200), st.sets(st.sampled_from(["a", "b", "ab"])))
def test_marking_adds_marks_and_takes_nothing(text: str, doubtful: set[str]) -> None:
    marked = mark_doubts(text, words_of(text, *doubtful))

    assert marked.replace("[", "").replace("?]", "") == text


def test_a_long_call_is_cut_around_the_threat_and_says_so() -> None:
    before = "The weather was fine and nothing happened at all. " * 60
    content = draft(before + SAID + " " + before)

    assert SAID in content.said
    assert content.said.startswith("... ")
    assert content.said.endswith(" ...")
    assert len(content.said) < 1300


def test_what_was_not_said_is_listed() -> None:
    content = draft("I am going to shoot a cop.", places=())

    assert "No time was said." in content.not_known
    assert "No place was said." in content.not_known
    assert "No weapon was named." in content.not_known
    assert "Nobody was named as the target." not in content.not_known


def test_what_was_said_is_not_listed_as_missing() -> None:
    statement = read(SAID, kind=Kind.TRANSCRIPT)

    assert statement.of(Field.MEANS)
    assert "No weapon was named." not in draft().not_known


def test_who_calls_and_whether_he_is_live_is_never_claimed() -> None:
    known = " ".join(draft().not_known)

    assert "Who the caller is, is not known. A 911-only phone." in known
    assert "Whether the voice is the caller's own, and live, is not known." in known


@pytest.mark.parametrize("word", ["credible", "fake", "disguised", "linked", "ambush"])
def test_the_machine_uses_no_word_that_judges(word: str) -> None:
    content = draft()
    own = " ".join((content.safety_line, *content.not_known, content.advice, content.change))

    assert word not in own


def an_answer(name: str, question: Question, answer: Answer) -> Any:
    person = Assessor(key=name, name=name, roles=frozenset({Role.WATCH_COMMANDER}))
    return assess(question, answer, reasons="because", person=person, now=NOW)


def test_before_anybody_has_judged_it_says_so() -> None:
    assert assessed_sentence(NOBODY).startswith("NOT YET ASSESSED")


def test_each_answer_stands_with_its_name() -> None:
    standing = standing_of(
        [
            an_answer("Ortiz", Question.SPECIFIC, Answer.YES),
            an_answer("Ortiz", Question.CREDIBLE, Answer.NOT_YET_KNOWN),
        ]
    )

    assert assessed_sentence(standing) == "Specific: yes (Ortiz). Credible: not yet known (Ortiz)."


def test_a_dispute_is_told_as_one() -> None:
    standing = standing_of(
        [
            an_answer("Ortiz", Question.CREDIBLE, Answer.YES),
            an_answer("Vale", Question.CREDIBLE, Answer.NO),
        ]
    )

    assert "Credible: DISPUTED: yes (Ortiz), no (Vale)." in assessed_sentence(standing)
