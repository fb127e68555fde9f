"""The page of a threat: who has not been told, what people think of it, what happened."""

from datetime import timedelta

import pytest

from tests.sending import record_failure, record_sent, taken
from tests.visiting import at, main_of, questions
from tests.world import (
    ALWAYS,
    NOW,
    World,
    a_person,
    a_threat,
    minutes,
    recipient_of,
    the_draft,
)
from tocsin.assess import Answer, Question, Role
from tocsin.desk.people.models import Person, Phone, Shift
from tocsin.desk.records.boards.told import Reach, counts_of, told_list
from tocsin.desk.records.commands import (
    acknowledgments,
    bulletins,
    deliveries,
    endings,
    ladder,
    threats,
)
from tocsin.desk.records.models import Bulletin, Threat
from tocsin.desk.records.outgoing import Claimed
from tocsin.errors import OutcomeUnknown, Undeliverable, Unreachable
from tocsin.warn import Receipt


@pytest.fixture
def threat(world: World) -> Threat:
    return a_threat(world)


@pytest.fixture
def released(world: World, threat: Threat) -> Bulletin:
    return bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)


def page_of(threat: Threat, person: Person) -> str:
    return main_of(at(person).get(f"/threats/{threat.number}"))


def message_to(bulletin: Bulletin, person: Person) -> Claimed:
    return taken(bulletin.deliveries.get(person=person), now=NOW)


def reaches(bulletin: Bulletin) -> dict[str, Reach]:
    told = told_list(bulletin)
    return {one.row.person.login: one.reach for one in (*told.missing, *told.answered)}


def test_before_a_release_nobody_has_been_told_and_it_says_who_would_be(
    world: World, threat: Threat
) -> None:
    page = page_of(threat, world.ortiz)

    assert "Nobody has been told." in page
    assert "Harlow Police answers for Harlow" in page
    assert "Check and release" in page
    assert "Check and release" not in page_of(threat, world.dana)
    assert "A supervisor or watch commander releases it" in page_of(threat, world.dana)


def test_each_person_stands_where_his_message_is(world: World, released: Bulletin) -> None:
    assert set(reaches(released).values()) == {Reach.ON_THE_WAY}

    record_sent(message_to(released, world.dana), Receipt(text="250 OK"), now=NOW)
    record_failure(message_to(released, world.sato), Undeliverable("550 No such user."), now=NOW)
    reed = message_to(released, world.reed)
    record_sent(reed, Receipt(text="250 OK"), now=NOW)
    acknowledgments.mark_opened(released.deliveries.get(person=world.reed), now=NOW)
    acknowledgments.acknowledge(recipient_of(released, world.ortiz), person=world.ortiz, now=NOW)

    assert reaches(released) == {
        "dana": Reach.SILENT,
        "sato": Reach.NOT_REACHED,
        "reed": Reach.SEEN,
        "ortiz": Reach.ACKNOWLEDGED,
    }
    counts = counts_of([released])[released.pk]
    assert (counts.concerned, counts.told, counts.not_reached) == (4, 3, 1)
    assert (counts.acknowledged, counts.not_acknowledged) == (1, 3)


def test_a_message_that_waits_for_another_try_has_reached_nobody(
    world: World, released: Bulletin
) -> None:
    message = message_to(released, world.reed)
    record_failure(message, Unreachable("The mail server does not answer."), now=NOW)

    assert reaches(released)["reed"] is Reach.NOT_REACHED


def test_nobody_claims_that_an_unanswered_handover_arrived(
    world: World, released: Bulletin
) -> None:
    for number in range(6):
        row = released.deliveries.get(person=world.reed)
        one = taken(row, now=NOW + timedelta(hours=number))
        record_failure(one, OutcomeUnknown("It took the message and broke off."), now=NOW)

    assert reaches(released)["reed"] is Reach.UNSURE
    page = page_of(released.threat, world.ortiz)
    assert "not known if it arrived" in page
    assert "Possibly sent twice." in page


def test_the_worst_stand_first(world: World, released: Bulletin) -> None:
    record_sent(message_to(released, world.dana), Receipt(text="250 OK"), now=NOW)
    record_failure(message_to(released, world.sato), Undeliverable("550"), now=NOW)
    reed = message_to(released, world.reed)
    record_sent(reed, Receipt(text="250 OK"), now=NOW)
    acknowledgments.mark_opened(released.deliveries.get(person=world.reed), now=NOW)

    order = [one.row.person.login for one in told_list(released).missing]

    assert order == ["sato", "ortiz", "dana", "reed"]


def test_the_page_says_how_a_message_failed(world: World, released: Bulletin) -> None:
    record_failure(
        message_to(released, world.reed), Undeliverable("The server refused it: 550."), now=NOW
    )

    page = page_of(released.threat, world.ortiz)
    assert "1 not reached" in page
    assert "failed" in page
    assert "The server refused it: 550." in page


def test_who_has_no_address_is_not_reached(world: World, threat: Threat) -> None:
    world.reed.addresses.all().delete()
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    page = page_of(threat, world.ortiz)
    assert "not reached" in page
    assert "No address: nothing could be sent." in page


def test_each_has_his_supervisor_with_a_number_and_whether_he_was_told(
    world: World, released: Bulletin
) -> None:
    Phone.objects.create(person=world.ortiz, number="303-555-0112")
    page = page_of(released.threat, world.sato)
    assert "Supervisor Ortiz 303-555-0112" in page

    ladder.move_ladders(now=NOW + minutes(3))
    ladder.move_ladders(now=NOW + minutes(6))

    page = page_of(released.threat, world.sato)
    assert "message to him: this machine's memory: waits to be sent" in page
    assert "No supervisor is known." in page


def test_a_supervisor_enters_that_somebody_was_told_by_other_means(
    world: World, released: Bulletin
) -> None:
    reed = recipient_of(released, world.reed)
    path = f"/threats/{released.threat.number}/told/{reed.pk}"
    sato = at(world.sato)

    refused = sato.post(path, {"because": " "})
    assert refused.status_code == 422
    assert "It is not said how Reed was told." in main_of(refused)
    done = sato.post(path, {"because": "Read to him on channel 2, he answered."})

    assert done.status_code == 302
    page = page_of(released.threat, world.sato)
    assert "told by other means" in page
    assert "Sato: Read to him on channel 2, he answered." in page
    reed.refresh_from_db()
    assert reed.acknowledged_by == world.sato


def test_a_call_taker_cannot_answer_for_others_and_loses_no_word(
    world: World, released: Bulletin
) -> None:
    reed = recipient_of(released, world.reed)
    dana = at(world.dana)

    assert "Told by other means" not in page_of(released.threat, world.dana)
    answer = dana.post(
        f"/threats/{released.threat.number}/told/{reed.pk}", {"because": "I called him."}
    )

    assert answer.status_code == 403
    assert "Dana may not acknowledge for another person." in main_of(answer)


def test_everybody_has_it_is_said_only_when_it_is_true(world: World, released: Bulletin) -> None:
    for row in released.recipients.all():
        assert "Everybody has it." not in page_of(released.threat, world.ortiz)
        acknowledgments.acknowledge(row, person=row.person, now=NOW)

    assert "Everybody has it." in page_of(released.threat, world.ortiz)


def test_the_counts_stand_by_agency(world: World, released: Bulletin) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)

    agencies = dict(told_list(released).agencies)

    assert agencies["Harlow Police"].not_acknowledged == 1
    assert agencies["Northside Communications"].not_acknowledged == 2


def test_a_list_of_many_is_cut_and_says_so(world: World, threat: Threat) -> None:
    people = [a_person(f"o{number}", world.harlow_pd, Role.OFFICER) for number in range(12)]
    Shift.objects.bulk_create(Shift(person=one, name="always", **ALWAYS) for one in people)
    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    told = told_list(released, limit=5)

    assert len(told.missing) == 5
    assert told.counts.concerned == 16
    assert len(told_list(released, limit=None).missing) == 16


def test_many_people_ask_the_database_no_more_often(world: World, threat: Threat) -> None:
    people = [a_person(f"o{n}", world.harlow_pd, Role.OFFICER, channel="memory") for n in range(40)]
    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    for one in people[:20]:
        acknowledgments.acknowledge(recipient_of(released, one), person=one, now=NOW)
    ortiz = at(world.ortiz)

    with questions(at_most=50):
        assert ortiz.get(f"/threats/{threat.number}").status_code == 200


def test_two_questions_are_answered_apart_by_name_and_side_by_side(
    world: World, threat: Threat
) -> None:
    assert page_of(threat, world.ortiz).count("Nobody has answered yet.") == 2
    path = f"/threats/{threat.number}/assess"
    said = {"question": "credible", "answer": "yes", "reasons": "He knows the shifts."}

    assert at(world.ortiz).post(path, said).status_code == 302
    page = page_of(threat, world.ortiz)
    assert page.count("Nobody has answered yet.") == 1
    assert "Yes Ortiz" in page
    assert "He knows the shifts." in page
    at(world.vale).post(path, said | {"answer": "no", "reasons": "The voice is known to us."})

    page = page_of(threat, world.ortiz)
    assert "Disputed: the answers differ." in page
    assert "Yes Ortiz" in page
    assert "No Vale" in page


def test_an_answer_that_was_followed_stays_to_be_read(world: World, threat: Threat) -> None:
    for answer, reasons in [(Answer.YES, "At first hearing."), (Answer.NO, "He called back.")]:
        threats.record_assessment(
            threat, Question.CREDIBLE, answer, reasons=reasons, person=world.ortiz, now=NOW
        )

    page = page_of(threat, world.ortiz)
    assert "Answers given before" in page
    assert "At first hearing." in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"answer": "yes", "reasons": " "}, "has no reasons"),
        ({"answer": "", "reasons": "I think so."}, "No answer was chosen."),
        ({"answer": "surely", "reasons": "I think so."}, "surely"),
    ],
)
def test_an_answer_that_is_refused_is_not_lost(
    world: World, threat: Threat, said: dict[str, str], words: str
) -> None:
    answer = at(world.ortiz).post(
        f"/threats/{threat.number}/assess", {"question": "specific", **said}
    )

    assert answer.status_code == 422
    assert words in main_of(answer)
    assert said["reasons"].strip() in answer.content.decode()
    assert not threat.assessments.exists()


def test_who_may_not_assess_is_told_who_may(world: World, threat: Threat) -> None:
    said = {"question": "specific", "answer": "yes", "reasons": "I heard it."}

    answer = at(world.dana).post(f"/threats/{threat.number}/assess", said)

    assert answer.status_code == 403
    assert "Ask one of these: supervisor, watch commander, investigator." in main_of(answer)
    assert "Answer under my name" not in page_of(threat, world.dana)


def test_a_threat_is_closed_with_a_reason(world: World, threat: Threat) -> None:
    ortiz = at(world.ortiz)

    assert ortiz.post(f"/threats/{threat.number}/close", {"because": ""}).status_code == 422
    closed = ortiz.post(f"/threats/{threat.number}/close", {"because": "He was found."})

    assert closed.status_code == 302
    assert "closed" in page_of(threat, world.ortiz)
    assert "He was found." in page_of(threat, world.ortiz)
    assert "Closed threats" in main_of(ortiz.get("/"))


def test_a_threat_with_a_bulletin_in_force_says_what_comes_first(
    world: World, released: Bulletin
) -> None:
    answer = at(world.ortiz).post(
        f"/threats/{released.threat.number}/close", {"because": "It is over."}
    )

    assert answer.status_code == 409
    assert "Cancel the bulletin first" in main_of(answer)


def test_the_story_is_told_in_words_and_under_names(world: World, released: Bulletin) -> None:
    record_sent(message_to(released, world.reed), Receipt(text="250 OK"), now=NOW)
    deliveries.log_sent(now=NOW)
    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)
    at(world.ortiz).get(f"/calls/{released.threat.calls.get().number}")

    page = page_of(released.threat, world.ortiz)

    name = f"{released.number} version 1"
    assert f"Ortiz released {name} to 4 people" in page
    assert f"The machine handed over a message by memory of {name}: Reed" in page
    assert f"Reed has {name}, and said so on the page" in page
    assert "viewed" not in page


def test_a_cancelled_bulletin_needs_no_answer(world: World, released: Bulletin) -> None:
    record_sent(message_to(released, world.reed), Receipt(text="250 OK"), now=NOW)
    endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)

    page = page_of(released.threat, world.ortiz)

    assert "It needs no answer." in page
    assert "Not acknowledged" not in page


def test_a_commander_of_another_center_s_agency_sees_the_threat_but_not_its_calls(
    world: World, threat: Threat
) -> None:
    world.sheriff.center = world.south
    world.sheriff.save()
    lund = a_person("lund", world.sheriff, Role.WATCH_COMMANDER, channel="memory")
    draft = the_draft(threat)
    draft.agencies.add(world.sheriff)
    bulletins.release(draft, person=world.ortiz, now=NOW)
    call = threat.calls.get()

    body = at(lund).get(f"/threats/{threat.number}").content.decode()

    assert call.number in body
    assert f'href="/calls/{call.number}"' not in body
    assert at(lund).get(f"/calls/{call.number}").status_code == 404
