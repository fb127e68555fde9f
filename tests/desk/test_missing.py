"""The list of who has not been told: who is on it, in which order, and what is entered there."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from pypdf import PdfReader

from tests.sending import record_failure, record_sent, send, taken
from tests.visiting import at, main_of, questions
from tests.world import (
    ALWAYS,
    NOW,
    World,
    a_person,
    a_threat,
    a_wav,
    an_area,
    chunks,
    minutes,
    recipient_of,
    the_draft,
)
from tocsin.assess import Role
from tocsin.desk.people.models import Person, Phone, Shift
from tocsin.desk.records.boards.desks import find_desk
from tocsin.desk.records.boards.missing import (
    Missing,
    MissingBoard,
    all_in_force,
    in_force_for,
    missing_board,
    people_of,
    untold_for,
)
from tocsin.desk.records.boards.told import Reach
from tocsin.desk.records.commands import (
    acknowledgments,
    arrivals,
    bulletins,
    desks,
    endings,
    joining,
    ladder,
)
from tocsin.desk.records.models import Bulletin, DeskNotice, Entry, Threat
from tocsin.desk.records.outgoing import Claimed
from tocsin.errors import NotFound, OutcomeUnknown, Undeliverable
from tocsin.warn import Receipt, Step


@pytest.fixture
def threat(world: World) -> Threat:
    return a_threat(world)


@pytest.fixture
def released(world: World, threat: Threat) -> Bulletin:
    return bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)


def board_of(person: Person, *, after: timedelta = timedelta()) -> MissingBoard:
    return missing_board(in_force_for(person), now=NOW + after)


def people_on(board: MissingBoard) -> dict[str, Missing]:
    return {one.row.person.login: one for one in people_of([mark.pk for mark in board.marks])}


def another_bulletin(world: World, number: int) -> Bulletin:
    recording, _ = arrivals.seal_upload(chunks(a_wav(number=number)))
    one = a_threat(world, recording=recording, name=f"{number}.wav")
    return bulletins.release(the_draft(one), person=world.ortiz, now=NOW)


def list_of(person: Person) -> str:
    return main_of(at(person).get("/list"))


def test_the_list_holds_everybody_on_duty_who_has_not_acknowledged(
    world: World, released: Bulletin
) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.dana), person=world.dana, now=NOW)

    board = board_of(world.sato)

    assert set(people_on(board)) == {"sato", "ortiz", "reed"}
    tally = board.tally
    assert (tally.concerned, tally.acknowledged, tally.missing) == (4, 1, 3)
    assert tally.off_duty == 0


def test_the_worst_stand_first(world: World, released: Bulletin) -> None:
    others = {name: a_person(name, world.harlow_pd, Role.OFFICER) for name in ("ames", "bell")}
    for person in others.values():
        Shift.objects.create(person=person, name="always", **ALWAYS)
    joining.join_late(now=NOW + minutes(1))
    record_sent(_message(released, world.dana), Receipt(text="250 OK"), now=NOW)
    record_failure(_message(released, world.sato), OutcomeUnknown("It broke off."), now=NOW)
    row = released.deliveries.get(person=world.sato)
    row.state = "unknown"
    row.save()
    record_sent(_message(released, world.reed), Receipt(text="250 OK"), now=NOW)
    acknowledgments.mark_opened(released.deliveries.get(person=world.reed), now=NOW)

    found = people_of([mark.pk for mark in board_of(world.sato).marks])

    assert [(one.row.person.login, one.reach) for one in found] == [
        ("ames", Reach.NOT_REACHED),
        ("bell", Reach.NOT_REACHED),
        ("sato", Reach.UNSURE),
        ("ortiz", Reach.ON_THE_WAY),
        ("dana", Reach.SILENT),
        ("reed", Reach.SEEN),
    ]


def test_who_went_off_duty_without_an_answer_is_counted_apart(
    world: World, released: Bulletin
) -> None:
    world.reed.shifts.all().delete()
    joining.stop_off_duty(now=NOW + minutes(1))

    board = board_of(world.sato)

    assert "reed" not in people_on(board)
    assert (board.tally.off_duty, board.tally.missing, board.tally.concerned) == (1, 3, 3)
    assert "1 more went off duty without an answer" in list_of(world.sato)


def test_each_row_says_who_what_was_tried_and_what_comes_next(
    world: World, released: Bulletin
) -> None:
    Phone.objects.create(person=world.reed, number="303-555-0121")
    Phone.objects.create(person=world.ortiz, number="303-555-0112")
    record_failure(_message(released, world.reed), Undeliverable("550 No such user."), now=NOW)
    for after in (2, 5):
        ladder.move_ladders(now=NOW + minutes(after))

    reed = people_on(board_of(world.sato))["reed"]
    assert reed.row.since == NOW
    assert reed.messages[0].state == "failed"
    assert reed.move is not None
    assert reed.move.outcome == "message queued to supervisor Ortiz"
    assert reed.next_step is Step.COMMANDER
    assert reed.row.rung_due_at == NOW + minutes(8)
    page = list_of(world.sato)
    assert "Reed U-reed Harlow Police 303-555-0121" in page
    assert "failed" in page
    assert "550 No such user." in page
    assert "Supervisor Ortiz 303-555-0112" in page
    assert "message queued to supervisor Ortiz" in page
    assert "next the watch commander is told" in page


def test_a_task_about_a_person_stands_in_his_row(world: World, threat: Threat) -> None:
    world.reed.addresses.all().delete()
    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    assert "Reed U-reed has no address" in list_of(world.sato)

    acknowledgments.acknowledge_for(
        recipient_of(released, world.reed), because="told", person=world.sato, now=NOW
    )
    assert "has no address" not in list_of(world.sato)


def test_the_agencies_roll_up_with_the_most_missing_first(world: World, released: Bulletin) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)
    record_failure(_message(released, world.ortiz), Undeliverable("550"), now=NOW)

    lines = {line.agency.name: line.tally for line in board_of(world.sato).agencies}

    assert list(lines) == ["Northside Communications", "Harlow Police"]
    harlow = lines["Harlow Police"]
    assert (harlow.concerned, harlow.acknowledged, harlow.missing) == (2, 1, 1)
    assert harlow.not_reached == 1


def test_a_desk_is_due_then_overdue_then_told_by_name_with_the_read_back(
    world: World, released: Bulletin
) -> None:
    notice = released.desk_notices.get(agency=world.harlow_pd)
    due = settings.TOCSIN.warn.desk_after

    def the_desk(after: timedelta) -> tuple[bool, bool]:
        line = next(
            one
            for one in board_of(world.sato, after=after).agencies
            if one.agency == world.harlow_pd
        )
        return (line.desks[0].notice.done_at is not None, line.desks[0].is_overdue)

    assert the_desk(due - minutes(1)) == (False, False)
    assert the_desk(due + minutes(1)) == (False, True)
    late = board_of(world.sato, after=due + minutes(1)).agencies[0]
    assert late.is_desk_late

    spoken = desks.Spoken(with_whom="Sgt Lee", was_read_back=True)
    desks.enter_told(notice, spoken, person=world.dana, now=NOW)

    assert the_desk(due + minutes(1)) == (True, False)
    assert "Desk told" in list_of(world.sato)
    assert "Sgt Lee, read back" in list_of(world.sato)


def test_a_desk_without_a_number_is_said_to_have_none(world: World, threat: Threat) -> None:
    world.harlow_pd.desk_number = ""
    world.harlow_pd.save()
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    assert "no number is on record" in list_of(world.sato)


def test_ladders_that_move_are_proved_and_one_that_does_not_is_named(
    world: World, released: Bulletin
) -> None:
    for after in (2, 5):
        ladder.move_ladders(now=NOW + minutes(after))
    ladder.audit_ladders(now=NOW + minutes(5))
    board = board_of(world.sato, after=minutes(5))
    assert (board.bulletins[0].faults, board.bulletins[0].is_proved) == (0, True)
    assert board.behind_since is None

    # The worker stops here. Nobody has told the record, and yet the list knows.
    board = board_of(world.sato, after=minutes(9))

    assert (board.bulletins[0].faults, board.bulletins[0].is_proved) == (4, False)
    assert board.behind_since == NOW + minutes(8)


def test_the_page_says_that_the_worker_is_behind(world: World, released: Bulletin) -> None:
    # The page's own clock is years past every rung.
    page = list_of(world.sato)

    assert "The worker is behind." in page
    assert "4 ladders not moved as planned, counted now" in page
    assert "the worker has not proved them yet" in page


def test_a_list_of_many_is_cut_and_says_so(world: World, threat: Threat) -> None:
    people = [a_person(f"o{number}", world.harlow_pd, Role.OFFICER) for number in range(310)]
    Shift.objects.bulk_create(Shift(person=one, name="always", **ALWAYS) for one in people)
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    board = board_of(world.sato)

    assert len(board.marks) == 300
    assert board.tally.missing == 314
    assert board.more == 14
    page = at(world.sato).get("/list")
    assert page.content.decode().count("data-row") == 300
    assert "The worst 300 of 314 are shown; 14 more have not acknowledged." in main_of(page)


def test_many_people_ask_the_database_no_more_often(world: World, threat: Threat) -> None:
    people = [a_person(f"o{n}", world.harlow_pd, Role.OFFICER, channel="memory") for n in range(60)]
    Phone.objects.bulk_create(Phone(person=one, number="303-555-0100") for one in people)
    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    for one in people[:20]:
        acknowledgments.acknowledge(recipient_of(released, one), person=one, now=NOW)
    for after in (2, 5):
        ladder.move_ladders(now=NOW + minutes(after))
    sato = at(world.sato)

    with questions(at_most=12):
        board = board_of(world.sato)
    with questions(at_most=10):
        assert len(people_of([mark.pk for mark in board.marks])) == 44
    with questions(at_most=34):
        assert sato.get("/list").status_code == 200


def test_several_bulletins_stand_on_one_list(world: World, released: Bulletin) -> None:
    second = another_bulletin(world, 3)

    board = board_of(world.sato)

    assert [one.row.number for one in board.bulletins] == [released.number, second.number]
    assert board.tally.concerned == 8
    page = list_of(world.sato)
    assert f"{released.number} v1" in page
    assert f"{second.number} v1" in page


def test_what_ended_is_not_on_the_list(world: World, released: Bulletin) -> None:
    assert all_in_force() == (released.pk,)
    endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)

    assert all_in_force() == ()
    assert "nobody has to be told anything now" in list_of(world.sato)


def test_a_threat_of_which_nobody_is_told_stands_above_the_list(
    world: World, threat: Threat
) -> None:
    assert untold_for(world.sato) == (threat.number,)
    assert f"Nobody has been told of {threat.number}" in list_of(world.sato)

    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    assert untold_for(world.sato) == ()
    assert "Nobody has been told" not in list_of(world.sato)


def test_everybody_on_duty_has_it_is_said_only_when_it_is_true(
    world: World, released: Bulletin
) -> None:
    for row in released.recipients.all():
        assert "Everybody on duty has it." not in list_of(world.ortiz)
        acknowledgments.acknowledge(row, person=row.person, now=NOW)

    assert "Everybody on duty has it. All 4 acknowledged." in list_of(world.ortiz)


def test_the_list_is_for_those_who_see_calls_and_for_their_center(
    world: World, released: Bulletin
) -> None:
    seen = {person.login: at(person).get("/list").status_code for person in world.everybody()}

    allowed = {login for login, status in seen.items() if status == 200}
    assert allowed == {"dana", "sato", "ortiz", "vale", "frey"}
    assert at(None).get("/list").status_code == 302
    assert in_force_for(world.frey) == ()
    for word in (released.number, "Reed", "Harlow"):
        assert word not in list_of(world.frey)


def test_a_supervisor_marks_one_told_by_radio_with_one_press(
    world: World, released: Bulletin
) -> None:
    reed = recipient_of(released, world.reed)

    page = at(world.sato).get("/list").content.decode()
    assert f'<button form="told-form" name="recipient" value="{reed.pk}"' in page
    typed = re.search(r'<input id="because"[^>]*value="([^"]*)"', page)
    assert typed
    done = at(world.sato).post("/list/told", {"recipient": reed.pk, "because": typed[1]})

    assert done["Location"] == "/list"
    reed.refresh_from_db()
    assert reed.acknowledged_by == world.sato
    assert reed.acknowledged_because == "told by radio, answered"
    assert Entry.objects.filter(action="acknowledged", actor="person:sato").exists()
    assert f'value="{reed.pk}"' not in at(world.sato).get("/list").content.decode()


def test_no_word_on_how_he_was_told_enters_nothing(world: World, released: Bulletin) -> None:
    reed = recipient_of(released, world.reed)
    sato = at(world.sato)

    answer = sato.post("/list/told", {"recipient": reed.pk, "because": " "})
    part = sato.post("/list/told", {"recipient": reed.pk, "because": ""}, HTTP_HX_REQUEST="true")

    assert answer.status_code == part.status_code == 422
    assert "It is not said how Reed was told." in main_of(answer)
    assert "It is not said how Reed was told." in part.content.decode()
    reed.refresh_from_db()
    assert reed.acknowledged_at is None


def test_who_may_not_speak_for_others_has_no_button_and_is_refused(
    world: World, released: Bulletin
) -> None:
    reed = recipient_of(released, world.reed)
    told = {"recipient": reed.pk, "because": "told by radio, answered"}

    assert "data-mark" not in at(world.dana).get("/list").content.decode()
    assert at(world.dana).post("/list/told", told).status_code == 403
    assert at(world.frey).post("/list/told", told).status_code == 404
    assert at(world.sato).post("/list/told", {**told, "recipient": "0x1"}).status_code == 422
    reed.refresh_from_db()
    assert reed.acknowledged_at is None


def test_a_page_elsewhere_cannot_be_named_as_the_next(world: World, released: Bulletin) -> None:
    rows = list(released.recipients.all())
    sato = at(world.sato)
    told = {"because": "told by radio"}

    for row, asked in zip(rows, ["//evil.example", "https://evil.example", "\\evil"], strict=False):
        answer = sato.post("/list/told", {**told, "recipient": row.pk, "next": asked})
        assert answer["Location"] == "/list"


def test_a_desk_is_entered_with_whom_and_whether_it_was_read_back(
    world: World, released: Bulletin
) -> None:
    notice = released.desk_notices.get(agency=world.harlow_pd)
    dana = at(world.dana)
    said = {"desk": notice.pk, "with_whom": "Sgt Lee, desk 2", "note": "He calls the cars."}

    shown = main_of(dana.get(f"/list?desk={notice.pk}"))
    assert "Harlow Police 555-0100" in shown
    silent = dana.post("/list/desk", said)
    assert silent.status_code == 422
    assert "It is not said whether it was read back." in main_of(silent)
    assert "Sgt Lee, desk 2" in silent.content.decode()
    nobody = dana.post("/list/desk", {**said, "with_whom": " ", "read_back": "yes"})
    assert nobody.status_code == 422
    assert "with whom you spoke" in main_of(nobody)
    done = dana.post("/list/desk", {**said, "read_back": "no"})

    assert done.status_code == 302
    notice.refresh_from_db()
    assert (notice.done_by, notice.spoke_with) == (world.dana, "Sgt Lee, desk 2")
    assert notice.was_read_back is False
    assert "Sgt Lee, desk 2, not read back" in list_of(world.sato)


def test_a_desk_of_another_center_is_not_there(world: World, released: Bulletin) -> None:
    notice = released.desk_notices.get(agency=world.harlow_pd)
    said = {"desk": notice.pk, "with_whom": "Lee", "read_back": "yes"}

    assert at(world.frey).post("/list/desk", said).status_code == 404
    assert at(world.reed).post("/list/desk", said).status_code == 404
    assert at(world.frey).get(f"/list?desk={notice.pk}").status_code == 404
    assert at(world.sato).get("/list?desk=x").status_code == 200


def test_the_script_is_read_twice_and_each_tick_is_a_person_told(
    world: World, released: Bulletin
) -> None:
    path = f"/bulletins/{released.number}/1/script"
    page = at(world.sato).get(path)
    words = main_of(page)

    assert words.count("All units.") == 2
    assert "I repeat." in words
    assert "s, read twice" in words
    assert "4 have not acknowledged" in words
    reed = recipient_of(released, world.reed)
    assert f'name="recipient" value="{reed.pk}"' in page.content.decode()
    told = {"recipient": reed.pk, "because": "told by radio, answered", "next": path}
    assert at(world.sato).post("/list/told", told)["Location"] == path

    words = main_of(at(world.sato).get(path))
    assert "3 have not acknowledged" in words
    assert "U-reed" not in words


def test_a_dispatcher_ticks_who_answers_the_script_and_can_say_nothing_else(
    world: World, released: Bulletin
) -> None:
    path = f"/bulletins/{released.number}/1/script"
    dana, reed = at(world.dana), recipient_of(released, world.reed)
    page = dana.get(path).content.decode()
    assert f'name="recipient" value="{reed.pk}"' in page
    assert 'action="/list/answered"' in page
    assert 'name="because"' not in page

    told = {"recipient": reed.pk, "because": "I think he knows", "next": path}
    assert dana.post("/list/answered", told)["Location"] == path

    reed.refresh_from_db()
    assert reed.acknowledged_by == world.dana
    assert reed.acknowledged_because == "read to him by radio, he answered"
    assert "U-reed" not in main_of(dana.get(path))
    other = {"recipient": recipient_of(released, world.sato).pk}
    assert at(world.reed).post("/list/answered", other).status_code == 404
    assert at(world.frey).post("/list/answered", other).status_code == 404


def test_enter_in_the_sentence_on_how_they_were_told_marks_nobody(
    world: World, released: Bulletin
) -> None:
    """A browser presses the form's first button then: it must be one that cannot be pressed."""
    for path in ("/list", f"/bulletins/{released.number}/1/script"):
        page = at(world.sato).get(path).content.decode()
        first = page.index('<button class="unseen" disabled')
        assert first < page.index('form="told-form"')


def test_the_script_calls_those_who_have_not_answered(world: World, released: Bulletin) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.dana), person=world.dana, now=NOW)

    words = main_of(at(world.sato).get(f"/bulletins/{released.number}/1/script?missing"))

    assert "These units have not answered:" in words
    assert "U-reed" in words
    assert "U-dana" not in words


def test_that_it_was_read_on_the_air_is_entered_with_the_channel(
    world: World, released: Bulletin
) -> None:
    notice = released.desk_notices.get(way=DeskNotice.Way.RADIO)
    path = f"/bulletins/{released.number}/1/script"
    dana = at(world.dana)
    assert "Northside Communications reads it" in main_of(dana.get(path))

    assert dana.post("/list/desk", {"desk": notice.pk, "with_whom": ""}).status_code == 422
    said = {"desk": notice.pk, "with_whom": "channel 2", "next": path}
    assert dana.post("/list/desk", said)["Location"] == path

    notice.refresh_from_db()
    assert notice.was_read_back is None
    assert "Northside Communications read it" in main_of(dana.get(path))
    assert "Read on the air" in list_of(world.dana)


def test_the_teletype_and_the_printed_page_are_files(world: World, released: Bulletin) -> None:
    dana = at(world.dana)
    start = f"/bulletins/{released.number}/1"

    text = dana.get(f"{start}/teletype")
    page = dana.get(f"{start}/print")

    assert "attachment" in text["Content-Disposition"]
    assert "COPY FROM HERE" in text.content.decode("ascii")
    assert released.number in text.content.decode("ascii")
    assert "attachment" in page["Content-Disposition"]
    words = PdfReader(BytesIO(page.content)).pages[0].extract_text()
    assert released.number in words
    for path in ("script", "teletype", "print"):
        assert at(world.frey).get(f"{start}/{path}").status_code == 404
        assert at(world.reed).get(f"{start}/{path}").status_code == 404


def test_a_person_s_own_page_is_for_those_who_may_answer_for_him_and_is_logged(
    world: World, released: Bulletin
) -> None:
    path = f"/bulletins/{released.number}/1/print?person="

    assert at(world.dana).get(f"{path}reed").status_code == 403
    assert at(world.sato).get(f"{path}nobody").status_code == 404
    page = at(world.sato).get(f"{path}reed")

    assert page.content.startswith(b"%PDF")
    entry = Entry.objects.get(action="printed for person:reed")
    assert entry.actor == "person:sato"


def test_what_was_never_released_is_carried_nowhere(world: World, threat: Threat) -> None:
    draft = the_draft(threat)

    for path in ("script", "teletype", "print"):
        answer = at(world.sato).get(f"/bulletins/{draft.number}/1/{path}")
        assert answer.status_code == 409
        assert "was never released" in main_of(answer)


def test_a_commander_of_another_center_s_agency_sees_the_bulletin_on_his_list(
    world: World, threat: Threat
) -> None:
    world.sheriff.center = world.south
    world.sheriff.save()
    an_area("south", "South Valley", [world.sheriff])
    lund = a_person("lund", world.sheriff, Role.WATCH_COMMANDER, channel="memory")
    draft = the_draft(threat)
    draft.agencies.add(world.sheriff)
    released = bulletins.release(draft, person=world.ortiz, now=NOW)

    assert in_force_for(lund) == (released.pk,)
    assert "Boone" in list_of(lund)


def test_the_message_tried_last_is_shown_and_the_others_are_counted(
    world: World, threat: Threat
) -> None:
    world.reed.addresses.create(channel="console", value="screen", rank=1)
    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    send(released.deliveries.get(person=world.reed, channel="console"), now=NOW + minutes(1))

    reed = people_on(board_of(world.sato))["reed"]

    assert [one.channel for one in reed.messages] == ["console"]
    assert reed.other_messages == 1
    assert "and 1 other message" in list_of(world.sato)


def test_a_desk_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        find_desk(0, world.sato)


def _message(bulletin: Bulletin, person: Person) -> Claimed:
    return taken(bulletin.deliveries.get(person=person), now=NOW)
