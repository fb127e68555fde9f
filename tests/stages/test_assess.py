"""Rights, and the two answers that only people give."""

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.assess import Act, Answer, Assessor, Question, Role, assess, may, require, standing_of
from tocsin.errors import MissingReason, NotAllowed

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)


def a_person(name: str = "Ortiz", *roles: Role) -> Assessor:
    return Assessor(key=f"person:{name.lower()}", name=name, roles=frozenset(roles))


ORTIZ = a_person("Ortiz", Role.WATCH_COMMANDER)
VALE = a_person("Vale", Role.INVESTIGATOR)


def test_an_assessment_keeps_name_reasons_and_time() -> None:
    given = assess(
        Question.SPECIFIC, Answer.YES, reasons=" names two towns ", person=ORTIZ, now=NOW
    )

    assert (given.person, given.reasons, given.assessed_at) == (ORTIZ, "names two towns", NOW)


@pytest.mark.parametrize("role", [Role.CALL_TAKER, Role.OFFICER, Role.ADMINISTRATOR])
def test_who_has_not_the_right_cannot_assess(role: Role) -> None:
    with pytest.raises(NotAllowed, match="may not assess") as refusal:
        assess(Question.CREDIBLE, Answer.NO, reasons="x", person=a_person("Dana", role), now=NOW)

    assert "watch commander" in refusal.value.for_person()


@pytest.mark.parametrize("answer", list(Answer))
def test_no_answer_goes_without_reasons(answer: Answer) -> None:
    with pytest.raises(MissingReason):
        assess(Question.CREDIBLE, answer, reasons="  \n", person=ORTIZ, now=NOW)


def test_nothing_stands_before_anybody_has_answered() -> None:
    standing = standing_of([])

    assert not standing.is_assessed
    assert not standing.specific.is_disputed


def test_the_two_questions_stand_apart() -> None:
    standing = standing_of(
        [assess(Question.SPECIFIC, Answer.YES, reasons="x", person=ORTIZ, now=NOW)]
    )

    assert standing.specific.is_assessed
    assert not standing.credible.is_assessed


def test_a_second_person_may_differ_and_both_stay() -> None:
    later = NOW + timedelta(minutes=5)
    standing = standing_of(
        [
            assess(Question.CREDIBLE, Answer.NO, reasons="x", person=VALE, now=later),
            assess(Question.CREDIBLE, Answer.YES, reasons="x", person=ORTIZ, now=NOW),
        ]
    )

    assert standing.credible.is_disputed
    assert [one.person for one in standing.credible.assessments] == [ORTIZ, VALE]


def test_the_last_word_of_each_person_counts() -> None:
    later = NOW + timedelta(minutes=5)
    standing = standing_of(
        [
            assess(Question.CREDIBLE, Answer.NOT_YET_KNOWN, reasons="x", person=ORTIZ, now=NOW),
            assess(Question.CREDIBLE, Answer.YES, reasons="y", person=ORTIZ, now=later),
        ]
    )

    assert [one.answer for one in standing.credible.assessments] == [Answer.YES]


def test_several_roles_carry_all_their_rights() -> None:
    both = frozenset({Role.OFFICER, Role.ADMINISTRATOR})

    assert may(both, Act.RECEIVE_BULLETINS)
    assert may(both, Act.ADMINISTER)
    assert not may(both, Act.RELEASE_BULLETIN)
    assert not may(frozenset(), Act.RECEIVE_BULLETINS)


@pytest.mark.parametrize("act", list(Act))
def test_every_act_is_somebodys_right(act: Act) -> None:
    able = [role for role in Role if may(frozenset({role}), act)]

    assert able
    require(a_person("Able", able[0]), act)
