"""The Blue Alert card: who sees it, who answers, what it says, and what it never fills in."""

import re
from html import unescape

import pytest
from django.db import IntegrityError, connection, transaction

from tests.visiting import at, call_data, main_of, questions
from tests.world import NOW, World, a_call, a_hearing, a_statement, a_threat, hear, minutes
from tocsin.assess import Answer, Question
from tocsin.desk.people.models import Person
from tocsin.desk.records.boards.blue import BlueSheet, blue_page
from tocsin.desk.records.boards.tasks import open_tasks
from tocsin.desk.records.commands import calls, threats
from tocsin.desk.records.commands.blue import record_blue_answer
from tocsin.desk.records.models import BlueAnswer, Entry, Task, Threat
from tocsin.errors import MissingReason, NotAllowed, NotFound, OutOfTurn
from tocsin.warn import blue
from tocsin.warn.blue import FormField, Outcome

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.NOT_YET_KNOWN
MAY_ANSWER = {"sato", "ortiz", "vale"}
SEES = {"dana", *MAY_ANSWER}
FILLED = {
    FormField.AGENCY,
    FormField.DESK_NUMBER,
    FormField.CASE_NUMBER,
    FormField.HAPPENED_AT,
    FormField.PLACE,
    FormField.THREAT_WORDS,
}


@pytest.fixture
def threat(world: World) -> Threat:
    return a_threat(world)


def card_at(threat: Threat, state: str = "colorado") -> str:
    return f"/threats/{threat.number}/blue" + (f"?state={state}" if state else "")


def said_on(threat: Threat, person: Person, state: str = "colorado") -> str:
    return main_of(at(person).get(card_at(threat, state)))


def says(
    threat: Threat, person: Person, key: str, answer: Answer, *, after: float = 0
) -> BlueAnswer:
    now = NOW + minutes(after)
    return record_blue_answer(
        threat, key, answer, reason="By the hospital.", person=person, now=now
    )


def sheet_of(threat: Threat, person: Person, state: str = "colorado") -> BlueSheet:
    sheet = blue_page(threat, person, state=state).sheet
    assert sheet
    return sheet


def an_answer(**changes: str) -> dict[str, str]:
    given = {"state": "colorado", "question": "officer_killed", "answer": "no", "reason": "Nobody."}
    return given | changes


def tasks_on(threat: Threat) -> list[Task]:
    return list(Task.objects.filter(subject=f"blue:{threat.number}", done_at=None))


def test_the_card_is_for_those_who_see_the_threat(world: World, threat: Threat) -> None:
    for path in [card_at(threat, ""), card_at(threat)]:
        seen = {one.login: at(one).get(path).status_code for one in world.everybody()}

        assert seen == {login: 200 if login in SEES else 404 for login in seen}, path
        assert at(None).get(path)["Location"].startswith("/login")


def test_the_card_is_answered_by_those_who_assess(world: World, threat: Threat) -> None:
    path = f"/threats/{threat.number}/blue/answer"
    done = {one.login: at(one).post(path, an_answer()).status_code for one in world.everybody()}

    assert {login for login, status in done.items() if status == 302} == MAY_ANSWER
    assert done["dana"] == 403
    assert {done[login] for login in ("reed", "kim", "boone", "adams", "frey")} == {404}
    assert {row.person.login for row in BlueAnswer.objects.all()} == MAY_ANSWER
    assert "Answer under my name" not in said_on(threat, world.dana)
    assert "Answer under my name" in said_on(threat, world.vale)


def test_no_state_is_assumed(world: World, threat: Threat) -> None:
    page = said_on(threat, world.ortiz, "")

    assert "None is chosen for you." in page
    for one in blue.jurisdictions():
        assert f"{one.name} cannot be said yet 0 of {len(one.criteria)} questions" in page
    assert "Copy the request" not in page
    assert at(world.ortiz).get(card_at(threat, "atlantis")).status_code == 404


def test_an_answer_is_a_row_and_an_entry_under_a_name(world: World, threat: Threat) -> None:
    row = says(threat, world.ortiz, "officer_killed", NO)

    entry = Entry.objects.get(action="blue answered")
    assert (row.person, row.answer, row.answered_at) == (world.ortiz, "no", NOW)
    assert (entry.actor, entry.subject) == ("person:ortiz", f"threat:{threat.number}")
    assert entry.facts == {
        "criterion": "officer_killed",
        "question": blue.questions()["officer_killed"].text,
        "answer": "no",
        "reasons": "By the hospital.",
    }
    story = main_of(at(world.ortiz).get(f"/threats/{threat.number}"))
    assert (
        "Ortiz answered on the Blue Alert card, 'Was an officer killed in the line of duty?': no. "
        "By the hospital." in story
    )


def test_what_is_refused_leaves_no_row_and_no_entry(world: World, threat: Threat) -> None:
    def refused(person: Person, key: str, reason: str) -> None:
        record_blue_answer(threat, key, YES, reason=reason, person=person, now=NOW)

    with pytest.raises(NotAllowed):
        refused(world.dana, "officer_killed", "I heard so.")
    with pytest.raises(NotFound):
        refused(world.ortiz, "weather", "I heard so.")
    with pytest.raises(MissingReason):
        refused(world.ortiz, "officer_killed", "  ")
    world.sato.is_active = False
    with pytest.raises(NotAllowed):
        refused(world.sato, "officer_killed", "I heard so.")

    assert not BlueAnswer.objects.exists()
    assert not Entry.objects.filter(action="blue answered").exists()


def test_a_closed_threat_takes_no_more_answers_and_can_still_be_read(
    world: World, threat: Threat
) -> None:
    says(threat, world.ortiz, "officer_killed", NO)
    threats.close_threat(threat, person=world.ortiz, because="He was found.", now=NOW)

    with pytest.raises(OutOfTurn):
        says(threat, world.vale, "officer_killed", YES)
    answer = at(world.vale).post(f"/threats/{threat.number}/blue/answer", an_answer())

    assert answer.status_code == 409
    assert "is closed: its Blue Alert card takes no more answers" in main_of(answer)
    page = said_on(threat, world.vale)
    assert "Answer under my name" not in page
    assert "By the hospital." in page
    assert BlueAnswer.objects.count() == 1


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE records_blueanswer SET answer = 'yes'",
        "DELETE FROM records_blueanswer",
        "TRUNCATE records_blueanswer",
    ],
)
def test_an_answer_can_be_followed_but_not_changed(world: World, threat: Threat, deed: str) -> None:
    says(threat, world.ortiz, "officer_killed", NO)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing is left pending in this test
        cursor.execute(deed)

    assert BlueAnswer.objects.get().answer == "no"


def test_the_page_says_in_words_how_it_stands(world: World, threat: Threat) -> None:
    before = said_on(threat, world.ortiz)
    assert "Colorado: cannot be said yet." in before
    assert "Tocsin prepares; an authorised agency issues." in before
    assert "Nobody has answered: Was an officer killed in the line of duty?" in before

    says(threat, world.ortiz, "officer_killed", NO)
    says(threat, world.ortiz, "officer_life_threatened", NO, after=1)

    page = said_on(threat, world.ortiz)
    assert "Colorado: not eligible." in page
    assert "No officer was killed in the line of duty (Ortiz)." in page
    assert "Eligible only if an officer was killed in the line of duty or" in page
    assert "Colorado: not eligible; before it was 'cannot be said yet'." in page
    assert "No Ortiz, 1 Mar 21:05:06" in page.replace(" 2026", "")
    assert "By the hospital." in page
    assert "Met" not in page


def test_every_question_stands_with_its_meaning_source_and_doubts(
    world: World, threat: Threat
) -> None:
    for rule in blue.jurisdictions():
        answer = at(world.ortiz).get(card_at(threat, rule.key))
        page = main_of(answer)
        for one in rule.criteria:
            assert one.question.text in page
            assert one.meaning in page
            assert f"Source: {one.source}" in page
        for line in rule.lines:
            assert line.text in page
        marks = answer.content.decode().count('<span class="tag">verify</span>')
        marked = sum(not one.is_verified for one in rule.criteria)
        marked += sum(not line.is_verified for line in rule.lines)
        assert marks == marked + 1  # and once where it is explained


def test_no_state_of_a_question_is_told_by_colour_alone(world: World, threat: Threat) -> None:
    says(threat, world.ortiz, "officer_killed", YES)
    says(threat, world.ortiz, "suspect_fled", NO)
    body = at(world.ortiz).get(card_at(threat)).content.decode()

    for shape, words in [
        ("acknowledged", "Met"),
        ("fails", "Fails"),
        ("unsure", "Open: nobody has answered"),
    ]:
        assert re.search(
            rf'class="shape {shape}" aria-hidden="true"></span>\s*<strong>{words}', body
        )
    assert re.search(r'class="verdict flat"><span class="shape fails"', body)


def test_two_people_who_differ_are_both_shown_and_the_line_is_open(
    world: World, threat: Threat
) -> None:
    says(threat, world.ortiz, "officer_killed", YES)
    says(threat, world.vale, "officer_killed", NO, after=1)

    page = said_on(threat, world.sato)

    assert "Open: the answers differ" in page
    assert "The answers differ, yes (Ortiz), no (Vale): Was an officer killed" in page
    assert "Yes Ortiz" in page
    assert "No Vale" in page


def test_an_answer_serves_every_rule_that_asks_the_same_fact(world: World, threat: Threat) -> None:
    says(threat, world.ortiz, "officer_killed", YES)

    for state in ("texas", "missouri", "federal"):
        assert sheet_of(threat, world.ortiz, state).card.of("officer_killed").answers
    assert sheet_of(threat, world.ortiz, "washington").latest is not None


def test_an_answer_that_was_followed_stays_to_be_read(world: World, threat: Threat) -> None:
    says(threat, world.ortiz, "officer_killed", UNKNOWN)
    says(threat, world.ortiz, "officer_killed", NO, after=3)

    sheet = sheet_of(threat, world.ortiz)
    page = said_on(threat, world.ortiz)

    assert [one.answer for one in sheet.card.of("officer_killed").answers] == [NO]
    assert "Answers given before Not yet known Ortiz" in page
    assert sheet.lately == (
        "Was an officer killed in the line of duty? Now no (Ortiz); before: not yet known (Ortiz).",
    )


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "has no reason"),
        ({"answer": ""}, "No answer was chosen."),
        ({"answer": "surely"}, "surely"),
        ({"question": "weather"}, "No Blue Alert rule asks 'weather'"),
        ({"question": "x" * 61}, "at most 60 characters"),
        ({"reason": "x" * 4001}, "at most 4000 characters"),
        ({"reason": "a\x00b"}, "Null characters"),
    ],
)
def test_an_answer_that_is_refused_is_not_lost(
    world: World, threat: Threat, changes: dict[str, str], words: str
) -> None:
    answer = at(world.ortiz).post(f"/threats/{threat.number}/blue/answer", an_answer(**changes))

    assert answer.status_code in {404, 422}
    assert words in main_of(answer)
    assert "Colorado: cannot be said yet." in main_of(answer)
    if set(changes) == {"answer"}:
        assert '<details id="blue-officer_killed" open>' in answer.content.decode()
        assert ">Nobody.</textarea>" in answer.content.decode()
    assert not BlueAnswer.objects.exists()


def test_who_may_not_answer_is_told_who_may_and_loses_no_word(world: World, threat: Threat) -> None:
    answer = at(world.dana).post(f"/threats/{threat.number}/blue/answer", an_answer())

    assert answer.status_code == 403
    assert "Ask one of these: supervisor, watch commander, investigator." in main_of(answer)


def test_an_answer_leads_back_to_the_same_card(world: World, threat: Threat) -> None:
    answer = at(world.ortiz).post(f"/threats/{threat.number}/blue/answer", an_answer(state="texas"))

    assert answer["Location"] == card_at(threat, "texas")


def test_the_request_holds_what_the_record_holds_and_guesses_nothing(
    world: World, threat: Threat
) -> None:
    for rule in blue.jurisdictions():
        form = sheet_of(threat, world.ortiz, rule.key).form
        filled = {
            field: line.value
            for (field, _), line in zip(rule.fields, form.lines, strict=True)
            if not line.is_blank
        }

        assert set(filled) <= FILLED, rule.key
        assert filled[FormField.AGENCY] == "Harlow Police"
        assert filled[FormField.DESK_NUMBER] == "555-0100"
        assert filled[FormField.CASE_NUMBER] == f"Tocsin {threat.number}"
        assert filled[FormField.PLACE] == "Named in the call: Harlow."
        assert "Sun 1 Mar 2026 21:05 (-07:00)" in filled[FormField.HAPPENED_AT]
        assert "EXERCISE" not in form.text


def test_the_words_of_the_threat_stand_with_their_doubts(world: World, threat: Threat) -> None:
    rules = [one for one in blue.jurisdictions() if FormField.THREAT_WORDS in dict(one.fields)]
    assert rules

    for rule in rules:
        text = sheet_of(threat, world.ortiz, rule.key).form.text
        assert "as heard by a machine: I will shoot any cop I find alone in [Harlow?]" in text
        assert "are doubtful" in text


def test_a_dispatch_center_asks_for_nobody(world: World, threat: Threat) -> None:
    text = sheet_of(threat, world.sato).form.text

    assert "Requesting law enforcement agency: ____________ (not known)" in text
    assert "Number at which the requester answers: ____________ (not known)" in text
    assert "Northside" not in text


@pytest.mark.parametrize("is_drill", [True, False])
def test_a_request_of_an_exercise_says_so_first(world: World, *, is_drill: bool) -> None:
    threat = a_threat(world, source="page" if is_drill else "demo")
    threat.is_drill = is_drill
    threat.save()

    body = at(world.ortiz).get(card_at(threat)).content.decode()

    area = re.search(r"<textarea[^>]* readonly[^>]*>([^<]*)</textarea>", body)
    assert area
    assert unescape(area[1]).startswith("EXERCISE - THIS IS NOT A REAL REQUEST")


def test_the_record_stands_beside_the_questions_and_answers_none(
    world: World, threat: Threat
) -> None:
    page = said_on(threat, world.ortiz, "missouri")
    assert "From the record No weapon was named. NOT YET ASSESSED: nobody has judged" in page

    for rule in blue.jurisdictions():
        card = sheet_of(threat, world.ortiz, rule.key).card
        assert card.outcome is Outcome.NOT_YET
        assert not any(one.is_answered for one in card.asked)


def test_of_several_calls_each_hint_names_its_own(world: World, threat: Threat) -> None:
    rule = next(
        one for one in blue.jurisdictions() if any(c.key == "imminent_threat" for c in one.criteria)
    )
    second = a_call(world, name="second.wav", recording=None, note="He said it again.")
    threat.calls.add(second)

    hints = sheet_of(threat, world.ortiz, rule.key).card.of("imminent_threat").hints

    first = threat.calls.order_by("received_at", "pk")[0]
    assert f"{first.number}: No weapon was named." in hints
    assert f"{second.number}: What was said is not yet read." in hints
    assert sum("NOT YET ASSESSED" in hint for hint in hints) == 1


def test_an_assessment_asks_to_go_over_an_answered_card_and_an_answer_ends_it(
    world: World, threat: Threat
) -> None:
    def assessed(answer: Answer, *, after: float) -> None:
        threats.record_assessment(
            threat,
            Question.CREDIBLE,
            answer,
            reasons="He knows the shifts.",
            person=world.vale,
            now=NOW + minutes(after),
        )

    assessed(UNKNOWN, after=0)
    assert tasks_on(threat) == []
    says(threat, world.ortiz, "imminent_threat", UNKNOWN, after=1)
    assessed(YES, after=2)
    assessed(NO, after=3)

    (task,) = tasks_on(threat)
    assert task.kind == "blue alert"
    assert "go over the Blue Alert card again" in task.sentence
    assert [(one.kind, one.name) for one in open_tasks(world.dana)] == [("blue", threat.number)]
    assert f'href="/threats/{threat.number}/blue"' in at(world.dana).get("/").content.decode()
    lately = sheet_of(threat, world.ortiz, "missouri").lately
    assert any(line.startswith("New beside") and "no (Vale)" in line for line in lately)

    says(threat, world.vale, "officer_killed", NO, after=4)

    assert tasks_on(threat) == []
    assert Task.objects.get().done_by == world.vale


def test_a_call_that_joins_and_is_read_asks_to_go_over_the_card(
    world: World, threat: Threat
) -> None:
    says(threat, world.ortiz, "officer_killed", NO)
    text = "He is still out there"
    second = a_call(world, name="second.wav", call_data=call_data("303-555-0148"))
    threat.calls.add(second)
    hear(second, heard=a_hearing(text))

    calls.record_statement(
        second, a_statement(text), text, hearing=second.hearings.get(version=1), now=NOW
    )

    assert len(tasks_on(threat)) == 1


def test_a_closed_threat_leaves_no_card_to_go_over(world: World, threat: Threat) -> None:
    says(threat, world.ortiz, "officer_killed", NO)
    threats.record_assessment(
        threat, Question.SPECIFIC, YES, reasons="A town.", person=world.vale, now=NOW
    )
    assert tasks_on(threat)

    threats.close_threat(threat, person=world.ortiz, because="He was found.", now=NOW)

    assert tasks_on(threat) == []
    threats.record_assessment(
        threat, Question.SPECIFIC, NO, reasons="No town.", person=world.vale, now=NOW
    )
    assert tasks_on(threat) == []


def test_the_threat_leads_quietly_to_its_card(world: World, threat: Threat) -> None:
    body = at(world.dana).get(f"/threats/{threat.number}").content.decode()

    assert f'<a href="/threats/{threat.number}/blue" id="to-blue">' in body


def test_many_answers_ask_the_database_no_more_often(world: World, threat: Threat) -> None:
    for number, key in enumerate(blue.questions()):
        for person in (world.sato, world.ortiz, world.vale):
            says(threat, person, key, YES, after=number)
    ortiz = at(world.ortiz)

    with questions(at_most=35):
        assert ortiz.get(card_at(threat, "washington")).status_code == 200
