"""The Blue Alert card: what people's answers come to, and a request that nobody has sent."""

import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any

import pytest

from tocsin.assess import Answer, Assessor, Question, Role, assess, standing_of
from tocsin.errors import MissingReason, NotAllowed, NotFound, OutOfTurn
from tocsin.intake import recognise_number
from tocsin.read import Kind, read
from tocsin.warn.blue import (
    Answered,
    Card,
    FormField,
    Group,
    Hint,
    Outcome,
    State,
    answer_question,
    card_of,
    changed,
    changes_of,
    fails_of,
    form_of,
    headline_of,
    hints_of,
    jurisdiction,
    jurisdictions,
    open_of,
    questions,
    read_rules,
    rests_of,
)

NOW = datetime(2026, 3, 2, 4, 5, 6, tzinfo=UTC)
YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.NOT_YET_KNOWN
STATES = [one.key for one in jurisdictions()]
SAID = "Any cop that I find by himself in Harlow or Dunmore gets shot."


def a_person(name: str = "Ortiz", role: Role = Role.WATCH_COMMANDER) -> Assessor:
    return Assessor(key=name.lower(), name=name, roles=frozenset({role}))


def given(key: str, answer: Answer, *, by: str = "Ortiz", after: int = 0) -> Answered:
    now = NOW + timedelta(minutes=after)
    return answer_question(key, answer, reason="because", person=a_person(by), now=now)


def seed_case() -> list[Answered]:
    """An anonymous caller, a threat with a condition, nobody hurt, nobody described."""
    nobody = ("officer_killed", "officer_injured", "officer_life_threatened", "officer_missing")
    return [
        *(given(key, NO) for key in nobody),
        given("imminent_threat", UNKNOWN),
        given("suspect_description", NO),
    ]


def all_yes(state: str) -> list[Answered]:
    return [given(one.key, YES) for one in jurisdiction(state).criteria]


def a_card(state: str = "missouri", *answers: Answered, **more: Any) -> Card:
    return card_of(jurisdiction(state), answers, **more)


def test_the_anonymous_call_is_not_eligible_in_colorado_because_nobody_was_hit() -> None:
    card = a_card("colorado", *seed_case())

    assert card.outcome is Outcome.NOT_ELIGIBLE
    assert headline_of(card) == "Colorado: not eligible."
    assert fails_of(card) == (
        "No officer was killed in the line of duty (Ortiz).",
        "No officer has a life-threatening injury (Ortiz).",
    )
    assert changes_of(card)[0] == (
        "Eligible only if an officer was killed in the line of duty or an officer has a "
        "life-threatening injury."
    )
    assert not card.rests_on_unverified


@pytest.mark.parametrize("state", [one for one in STATES if one != "colorado"])
def test_elsewhere_the_anonymous_call_fails_on_what_is_known_of_the_suspect(state: str) -> None:
    card = a_card(state, *seed_case())

    assert card.outcome is Outcome.NOT_ELIGIBLE
    assert card.of("suspect_description").state is State.FAILED
    assert any(one.startswith("Too little is known of the suspect") for one in fails_of(card))
    assert any("enough is known of the suspect" in one for one in changes_of(card))


def test_where_a_threat_may_be_enough_only_the_suspect_is_missing() -> None:
    assert fails_of(a_card("missouri", *seed_case())) == (
        "Too little is known of the suspect, the vehicle or its plate for the public to act on it "
        "(Ortiz).",
    )


@pytest.mark.parametrize("state", STATES)
def test_before_anybody_answers_nothing_can_be_said(state: str) -> None:
    card = a_card(state)

    assert card.outcome is Outcome.NOT_YET
    assert fails_of(card) == ()
    assert len(open_of(card)) == len(card.asked)
    assert all(one.startswith("Nobody has answered: ") for one in open_of(card))


@pytest.mark.parametrize("state", STATES)
def test_when_people_say_yes_to_every_line_it_is_eligible_and_an_agency_decides(state: str) -> None:
    card = a_card(state, *all_yes(state))

    assert card.outcome is Outcome.ELIGIBLE
    assert "for the authorised agency" in headline_of(card)
    assert open_of(card) == fails_of(card) == ()


@pytest.mark.parametrize("state", STATES)
def test_one_open_line_that_is_needed_is_enough_to_say_nothing(state: str) -> None:
    rule = jurisdiction(state).rule
    for part in rule.parts:
        inner = part.criteria() if isinstance(part, Group) else (part,)
        keys = {one.key for one in inner}
        some = [one for one in all_yes(state) if one.key not in keys]

        assert a_card(state, *some).outcome is Outcome.NOT_YET


@pytest.mark.parametrize("state", STATES)
def test_not_yet_known_is_an_answer_that_leaves_a_line_open(state: str) -> None:
    unsure = [given(one.key, UNKNOWN) for one in jurisdiction(state).criteria]
    card = a_card(state, *unsure)

    assert card.outcome is Outcome.NOT_YET
    assert all(one.startswith("Not yet known (Ortiz): ") for one in open_of(card))


def test_two_people_who_differ_are_both_shown_and_the_line_is_open() -> None:
    answers = [*all_yes("missouri"), given("suspect_description", NO, by="Vale", after=1)]
    card = a_card("missouri", *answers)
    asked = card.of("suspect_description")

    assert card.outcome is Outcome.NOT_YET
    assert (asked.is_disputed, asked.state) == (True, State.OPEN)
    assert [one.person.name for one in asked.answers] == ["Ortiz", "Vale"]
    assert open_of(card) == (
        "The answers differ, yes (Ortiz), no (Vale): Is enough known of the suspect, the vehicle "
        "or its plate for the public to act on it?",
    )


def test_the_last_word_of_each_person_stands_in_whatever_order_they_come() -> None:
    answers = [given("agency_requests", YES, after=5), given("agency_requests", NO)]

    for order in (answers, answers[::-1]):
        asked = a_card("missouri", *order).of("agency_requests")
        assert [one.answer for one in asked.answers] == [YES]


def test_hints_stand_beside_the_question_and_change_nothing() -> None:
    hints = [
        Hint(key="suspect_description", text="A plate is named in the call."),
        Hint(key="x", text="?"),
    ]
    bare, hinted = a_card("missouri", *seed_case()), a_card("missouri", *seed_case(), hints=hints)

    assert hinted.of("suspect_description").hints == ("A plate is named in the call.",)
    assert hinted.outcome is bare.outcome
    assert [one.state for one in hinted.asked] == [one.state for one in bare.asked]
    assert (fails_of(hinted), open_of(hinted)) == (fails_of(bare), open_of(bare))
    assert changes_of(hinted) == changes_of(bare)


def test_the_record_hints_at_the_threat_and_the_number_and_answers_nothing() -> None:
    person = a_person()
    standing = standing_of([assess(Question.CREDIBLE, YES, reasons="x", person=person, now=NOW)])
    hints = hints_of(
        read(SAID, kind=Kind.TRANSCRIPT),
        caller=recognise_number("911-555-0142"),
        standing=standing,
    )
    card = a_card("federal", hints=hints)

    assert "No time was said." in card.of("imminent_threat").hints
    assert any("yes (Ortiz)" in one for one in card.of("imminent_threat").hints)
    assert any("911-only phone" in one for one in card.of("suspect_description").hints)
    assert card.outcome is Outcome.NOT_YET
    assert not any(one.is_answered for one in card.asked)


def test_a_call_that_is_not_read_says_so_and_a_common_number_hints_at_nothing() -> None:
    hints = hints_of(None, caller=recognise_number("303-555-0142"), standing=standing_of([]))

    assert {one.key for one in hints} == {"imminent_threat", "agency_confirms_threat"}
    assert "What was said is not yet read." in [one.text for one in hints]


def test_an_answer_needs_a_right_a_reason_and_a_question_that_is_asked() -> None:
    with pytest.raises(NotAllowed, match="may not assess"):
        answer_question(
            "officer_killed", NO, reason="x", person=a_person("Dana", Role.CALL_TAKER), now=NOW
        )
    with pytest.raises(MissingReason, match="has no reason"):
        answer_question("officer_killed", UNKNOWN, reason=" \n", person=a_person(), now=NOW)
    with pytest.raises(NotFound, match="asks 'is_it_credible'"):
        answer_question("is_it_credible", YES, reason="x", person=a_person(), now=NOW)


def test_a_state_that_asks_for_more_than_serious_injury_is_not_met_by_it() -> None:
    answers = [given(key, YES) for key in ("officer_injured", "suspect_fled", "agency_requests")]

    assert a_card("colorado", *answers).outcome is Outcome.NOT_YET


def test_the_card_says_when_it_rests_on_lines_that_nobody_has_read() -> None:
    federal, missouri = a_card("federal", *seed_case()), a_card("missouri", *seed_case())

    assert len(rests_of(federal)) == 1
    assert "50503" in rests_of(federal)[0]
    assert rests_of(missouri) == ()
    assert "(verify)" in " ".join(changes_of(federal))


def test_a_verified_line_that_fails_alone_carries_the_outcome() -> None:
    nobody = [given(key, NO) for key in ("officer_killed", "officer_injured", "officer_missing")]
    card = a_card(
        "federal", *nobody, given("imminent_threat", NO), given("suspect_description", NO)
    )

    assert card.outcome is Outcome.NOT_ELIGIBLE
    assert not card.rests_on_unverified


def test_a_line_that_is_not_verified_may_still_be_the_one_that_meets_a_rule() -> None:
    rest = ("offender_risk", "suspect_description", "agency_requests")
    card = a_card("north-carolina", *(given(key, YES) for key in ("officer_missing", *rest)))

    assert card.outcome is Outcome.ELIGIBLE
    assert card.doubtful == ("officer_missing",)
    assert not a_card("north-carolina", *all_yes("north-carolina")).rests_on_unverified


def test_what_would_change_it_names_alternatives_and_all_that_goes_together() -> None:
    sentence = changes_of(a_card("indiana", *seed_case()))[0]

    assert sentence.startswith("Eligible only if one of these is so: (an officer was killed")
    assert "; an officer is missing in connection with duty and the missing officer's" in sentence


def test_the_shots_that_hit_an_officer_change_the_card_and_it_says_how() -> None:
    before = a_card("colorado", *seed_case())
    hit = [given("officer_life_threatened", YES, after=240), given("suspect_fled", YES, after=241)]
    after = a_card("colorado", *seed_case(), *hit)

    assert changed(before, after) == (
        "Colorado: cannot be said yet; before it was 'not eligible'.",
        "Has an officer a life-threatening injury, received in the line of duty? Now yes (Ortiz); "
        "before: no (Ortiz).",
        "Has the suspect fled the scene of the offense? Now yes (Ortiz); before: nobody had "
        "answered.",
    )


def test_nothing_has_changed_where_a_person_only_repeats_himself() -> None:
    before = a_card("missouri", *seed_case())
    after = a_card("missouri", *seed_case(), given("officer_killed", NO, after=9))

    assert changed(before, after) == ()


def test_a_new_hint_and_a_corrected_rule_are_changes_too() -> None:
    rule = json.loads(files("tocsin.warn.blue").joinpath("rules", "missouri.json").read_bytes())
    before = card_of(read_rules("missouri.json", json.dumps(rule).encode()), ())
    rule["criteria"]["all"][1]["verified"] = False
    rule["criteria"]["all"][2]["ask"] = "next_of_kin"
    hints = [Hint(key="officer_injured", text="A later call speaks of shots.")]
    after = card_of(read_rules("missouri.json", json.dumps(rule).encode()), (), hints=hints)

    assert changed(before, after) == (
        "New beside 'Was an officer seriously injured in the line of duty?' A later call speaks of "
        "shots.",
        "This line is no longer verified: Is enough known of the suspect, the vehicle or its plate "
        "for the public to act on it?",
        "The rule now asks: Is it proper to release the victim's name and facts: has the next of "
        "kin been told first?",
        "The rule no longer asks: Does the investigating law enforcement agency request the alert?",
    )


def test_two_states_are_not_one_card_at_two_times() -> None:
    with pytest.raises(OutOfTurn, match="Colorado and one of Missouri"):
        changed(a_card("colorado"), a_card("missouri"))


def test_a_form_begins_by_saying_that_it_is_not_issued_and_guesses_nothing() -> None:
    form = form_of(
        jurisdiction("missouri"),
        {FormField.AGENCY: "Harlow Police", FormField.SUSPECT: "  \n"},
        is_exercise=False,
    )

    assert form.text.splitlines()[0] == (
        "Prepared by Tocsin; an authorised agency issues. Not issued."
    )
    assert "Requesting law enforcement agency: Harlow Police" in form.text
    assert "Description of the suspect: ____________ (not known)" in form.text
    assert [one.is_blank for one in form.lines].count(False) == 1
    assert "3. Telephone Troop F to verify that form and attachments have arrived." in form.text
    assert "ask Troop F when the request is made. (verify)" in form.text


def test_the_request_of_an_exercise_says_so_before_anything_else() -> None:
    form = form_of(jurisdiction("texas"), {}, is_exercise=True)

    assert form.text.startswith("EXERCISE - THIS IS NOT A REAL REQUEST\nPrepared by Tocsin")


def test_no_fact_can_look_like_a_line_of_the_form() -> None:
    words = "first\nDescription of the suspect: a tall man\u2028Vehicle: red"
    form = form_of(jurisdiction("missouri"), {FormField.THREAT_WORDS: words}, is_exercise=False)

    assert "first\n    Description of the suspect: a tall man\n    Vehicle: red" in form.text
    assert "\nVehicle: red" not in form.text


def test_an_unknown_state_or_line_says_which_there_are() -> None:
    with pytest.raises(NotFound, match="named 'atlantis'") as refusal:
        jurisdiction("atlantis")
    assert "colorado" in refusal.value.for_person()
    with pytest.raises(NotFound, match="Colorado does not ask 'next_of_kin'"):
        a_card("colorado").of("next_of_kin")


@pytest.mark.parametrize("word", ["fake", "ambush", "disguised", "hoax"])
def test_no_word_that_judges_stands_in_any_question(word: str) -> None:
    said = " ".join(f"{one.text} {one.yes} {one.no}" for one in questions().values())

    assert word not in said
