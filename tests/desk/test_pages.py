"""Every page as every one of the cast: shown, refused, or the way to the right page."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.visiting import at, call_data, main_of, questions, text_of
from tests.world import (
    NOW,
    PASSWORD,
    World,
    a_call,
    a_threat,
    a_wav,
    an_offer,
    chunks,
    the_draft,
)
from tocsin.desk.console.security import POLICY
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import accounts, arrivals, bulletins, threats
from tocsin.desk.records.models import Arrival, Call, Entry, Task, Threat
from tocsin.errors import EmptyRecording
from tocsin.evidence import Sealed

SEES_CALLS = {"dana", "sato", "ortiz", "vale"}
RECEIVES = {"dana", "sato", "ortiz", "reed", "kim", "boone", "vale", "frey"}


def seen_by(world: World, path: str) -> dict[str, int]:
    return {person.login: at(person).get(path).status_code for person in world.everybody()}


@pytest.fixture
def threat(world: World) -> Threat:
    return a_threat(world)


def test_nobody_sees_a_page_before_he_signs_in(world: World, threat: Threat) -> None:
    paths = ["/", "/calls/new", "/mine", "/outbox", "/arrivals", "/county", "/password", "/live"]
    call = threat.calls.get()
    paths += [f"/threats/{threat.number}", f"/calls/{call.number}", f"/calls/{call.number}/audio"]
    paths += [f"/threats/{threat.number}/blue", f"/threats/{threat.number}/blue?state=colorado"]

    for path in paths:
        answer = at(None).get(path)
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/login"), path


def test_each_person_begins_where_his_work_is(world: World) -> None:
    begins = {
        person.login: at(person).get("/").headers.get("Location", "board")
        for person in world.everybody()
    }

    assert begins == {
        "dana": "board", "sato": "board", "ortiz": "board", "vale": "board", "frey": "board",
        "reed": "/mine", "kim": "/mine", "boone": "/mine", "adams": "/county",
    }  # fmt: skip


def test_a_call_and_a_threat_are_for_those_of_the_center_who_see_calls(
    world: World, threat: Threat
) -> None:
    page = f"/threats/{threat.number}"
    for path in [page, f"{page}/blue", f"/calls/{threat.calls.get().number}"]:
        for login, status in seen_by(world, path).items():
            assert status == (200 if login in SEES_CALLS else 404), (path, login)


def test_a_draft_is_for_those_who_may_write_it(world: World, threat: Threat) -> None:
    seen = seen_by(world, f"/bulletins/{the_draft(threat).number}/1/edit")

    assert {login for login, status in seen.items() if status == 200} == {"dana", "sato", "ortiz"}
    assert seen["vale"] == 403
    assert seen["frey"] == 404


def test_a_release_is_for_those_who_may_release(world: World, threat: Threat) -> None:
    seen = seen_by(world, f"/bulletins/{the_draft(threat).number}/1/release")

    assert {login for login, status in seen.items() if status == 200} == {"sato", "ortiz"}
    assert seen["dana"] == 403
    assert seen["reed"] == 404


def test_a_cancellation_is_for_those_who_may_release(world: World, threat: Threat) -> None:
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    seen = seen_by(world, f"/bulletins/{threat.bulletins.get().number}/1/cancel")

    assert {login for login, status in seen.items() if status == 200} == {"sato", "ortiz"}


def test_everybody_who_is_warned_has_a_page_of_his_own(world: World) -> None:
    seen = seen_by(world, "/mine")

    assert {login for login, status in seen.items() if status == 200} == RECEIVES
    assert seen["adams"] == 403


def test_the_outbox_is_for_supervisors_and_administrators(world: World) -> None:
    seen = seen_by(world, "/outbox")

    assert {login for login, status in seen.items() if status == 200} == {"sato", "ortiz", "adams"}


def test_the_county_is_for_administrators(world: World) -> None:
    seen = seen_by(world, "/county")

    assert {login for login, status in seen.items() if status == 200} == {"adams"}


def test_a_new_call_is_for_those_who_submit_calls(world: World) -> None:
    seen = seen_by(world, "/calls/new")

    allowed = {login for login, status in seen.items() if status == 200}
    assert allowed == {"dana", "sato", "ortiz", "frey"}


def test_another_center_sees_nothing_of_this_one(world: World, threat: Threat) -> None:
    call, draft = threat.calls.get(), the_draft(threat)
    frey = at(world.frey)
    paths = [
        f"/threats/{threat.number}",
        f"/threats/{threat.number}/blue",
        f"/calls/{call.number}",
        f"/calls/{call.number}/audio",
        f"/calls/{call.number}/original",
        f"/bulletins/{draft.number}/1/edit",
        f"/bulletins/{draft.number}/1/cap",
    ]

    assert {path: frey.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)
    assert threat.number not in text_of(frey.get("/"))
    assert call.number not in text_of(frey.get("/"))
    for path in [f"/threats/{threat.number}/take", f"/threats/{threat.number}/close"]:
        assert frey.post(path, {"because": "mine now"}).status_code == 404
    threat.refresh_from_db()
    assert threat.taken_at is None


def test_every_page_lets_nothing_run_that_is_not_ours(world: World, threat: Threat) -> None:
    call, draft = threat.calls.get(), the_draft(threat)
    ortiz = at(world.ortiz)
    paths = [
        "/", "/calls/new", "/mine", "/outbox", "/arrivals", "/password", "/nowhere",
        f"/threats/{threat.number}", f"/threats/{threat.number}/blue",
        f"/threats/{threat.number}/blue?state=colorado", f"/bulletins/{draft.number}/1/edit",
        f"/bulletins/{draft.number}/1/release", "/calls/C-0",
    ]  # fmt: skip

    for path in paths:
        answer = ortiz.get(path)
        assert answer["Content-Security-Policy"] == POLICY, path
        body = answer.content.decode()
        assert " style=" not in body, path
        assert "<style" not in body, path
        assert " onclick=" not in body, path
        assert "<script>" not in body, path
    drawn = ortiz.get(f"/calls/{call.number}")["Content-Security-Policy"]
    assert "style-src 'self' 'nonce-" in drawn
    assert "script-src 'self';" in drawn


def test_two_pages_never_share_a_nonce(world: World, threat: Threat) -> None:
    path = f"/calls/{threat.calls.get().number}"
    dana = at(world.dana)

    first, second = (dana.get(path)["Content-Security-Policy"] for _ in range(2))

    assert first != second


def test_an_empty_board_says_what_to_do(world: World) -> None:
    page = main_of(at(world.dana).get("/"))

    assert "No threat is open" in page
    assert "Nothing waits for you" in page
    assert "New call" in page


def test_a_new_threat_calls_from_every_page_until_somebody_takes_it(
    world: World, threat: Threat
) -> None:
    dana = at(world.dana)

    for path in ["/", "/calls/new", "/mine", f"/calls/{threat.calls.get().number}"]:
        body = dana.get(path).content.decode()
        assert f'data-alarm="{threat.number}"' in body, path
        assert 'role="alert"' in body, path
    answer = dana.post(f"/threats/{threat.number}/take")

    assert answer["Location"] == f"/threats/{threat.number}"
    assert "data-alarm" not in dana.get("/").content.decode()
    threat.refresh_from_db()
    assert threat.taken_by == world.dana


def test_pages_that_show_nothing_else_that_moves_ask_for_the_alarm_alone(
    world: World, threat: Threat
) -> None:
    dana = at(world.dana)

    for path in ["/calls/new", "/password", "/nowhere", "/calls/C-9"]:
        assert 'hx-get="/alarm"' in dana.get(path).content.decode(), path
    assert f'data-alarm="{threat.number}"' in dana.get("/alarm").content.decode()
    assert "data-alarm" not in at(world.reed).get("/alarm").content.decode()
    assert at(None).get("/alarm").status_code == 302


def test_an_officer_is_not_called_by_the_board_s_alarm(world: World, threat: Threat) -> None:
    assert "data-alarm" not in at(world.reed).get("/mine").content.decode()


def test_the_board_says_who_has_not_been_told(world: World, threat: Threat) -> None:
    assert "Nobody has been told" in main_of(at(world.sato).get("/"))

    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    page = main_of(at(world.sato).get("/"))
    assert "Nobody has been told" not in page
    assert "Not acknowledged 4" in page


def test_a_911_only_number_is_never_a_link(world: World) -> None:
    a_call(world, call_data=call_data("911-555-0142"))

    for path in ["/", f"/calls/{Call.objects.get().number}"]:
        answer = at(world.dana).get(path)
        assert "911-555-0142" in text_of(answer)
        assert "cannot be called back" in text_of(answer)
        assert "tel:" not in answer.content.decode()


def test_an_ordinary_number_can_be_called(world: World) -> None:
    a_call(world, call_data=call_data("303-555-0148"))

    assert 'href="tel:3035550148"' in at(world.dana).get("/").content.decode()


def test_a_task_is_done_with_a_sentence(world: World) -> None:
    with pytest.raises(EmptyRecording):
        arrivals.receive(an_offer(world, recording=None), now=NOW)
    task = Task.objects.get()
    dana = at(world.dana)

    refused = dana.post(f"/tasks/{task.pk}/done", {"because": "  "})
    assert refused.status_code == 422
    assert "no word on what was done" in main_of(refused)
    done = dana.post(f"/tasks/{task.pk}/done", {"because": "It was a test of the line."})

    assert done.status_code == 302
    task.refresh_from_db()
    assert (task.done_by, task.done_because) == (world.dana, "It was a test of the line.")
    assert dana.post(f"/tasks/{task.pk}/done", {"because": "again"}).status_code == 404


def test_a_refused_arrival_can_be_kept_as_a_call(world: World) -> None:
    with pytest.raises(EmptyRecording):
        arrivals.receive(an_offer(world, recording=None), now=NOW)
    arrival = Arrival.objects.get()
    dana = at(world.dana)

    assert "Nothing arrived" in main_of(dana.get("/arrivals"))
    assert dana.post(f"/arrivals/{arrival.pk}/keep", {"because": ""}).status_code == 422
    assert at(world.frey).post(f"/arrivals/{arrival.pk}/keep", {"because": "x"}).status_code == 404
    kept = dana.post(f"/arrivals/{arrival.pk}/keep", {"because": "The line was open."})

    assert kept["Location"] == f"/calls/{Call.objects.get().number}"


def test_the_demonstration_can_be_played_only_where_it_is_loaded(world: World) -> None:
    dana = at(world.dana)

    assert "Play the demonstration" not in main_of(dana.get("/"))
    assert dana.post("/demonstration").status_code == 404
    world.north.key = "calder-north"
    world.north.save()

    assert "Play the demonstration" in main_of(dana.get("/"))
    assert dana.post("/demonstration").status_code == 302
    assert Call.objects.get().is_demonstration


def test_many_rows_ask_the_database_no_more_often_than_few(world: World) -> None:
    for number in range(8):
        threat = a_threat(world, recording=_recording(number), name=f"{number}.wav")
        bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
        threats.take_threat(threat, person=world.dana, now=NOW)
    sato = at(world.sato)

    with questions(at_most=25):
        assert sato.get("/").status_code == 200


def test_who_was_given_a_password_chooses_his_own_first(world: World) -> None:
    world.dana.must_change_password = True
    world.dana.save()
    dana = at(world.dana)

    assert dana.get("/")["Location"] == "/password"
    wrong = dana.post("/password", {"old": "not it", "new": "a longer word of mine"})
    assert wrong.status_code == 422
    assert "old password is not right" in main_of(wrong)


def test_signing_in_and_out(world: World) -> None:
    nobody = at(None)

    wrong = nobody.post("/login", {"username": "dana", "password": "guess"})
    assert "The name or the password is not right" in main_of(wrong)
    assert 'value="dana"' in wrong.content.decode()
    right = nobody.post("/login?next=/mine", {"username": "DANA", "password": PASSWORD})
    assert right.status_code == 302
    assert nobody.get("/mine").status_code == 200
    assert nobody.get("/logout").status_code == 405
    assert nobody.post("/logout")["Location"] == "/login"
    assert nobody.get("/mine").status_code == 302


def test_pages_that_are_not_there_say_so_in_words(world: World) -> None:
    assert "no page at this address" in main_of(at(world.dana).get("/nowhere"))
    assert "There is no call C-9 that you may see" in main_of(at(world.dana).get("/calls/C-9"))
    assert "may not administer" in main_of(at(world.dana).get("/county"))


def test_the_county_is_loaded_from_a_file_and_shown(world: World) -> None:
    adams = at(world.adams)

    page = main_of(adams.get("/county"))
    assert "Nobody can warn these" in page
    assert "Kim" in page
    assert adams.post("/county").status_code == 422
    refused = adams.post("/county", {"county": _file(b"{}")})
    assert refused.status_code == 422
    assert "In the county file" in main_of(refused)
    loaded = adams.post("/county", {"county": _file(_county())})
    assert loaded.status_code == 302
    assert Person.objects.filter(login="newman").exists()
    assert Entry.objects.filter(action="county loaded", actor="person:adams").exists()


def test_a_new_administrator_has_pages_before_there_is_a_county(db: None) -> None:
    first = accounts.make_first_administrator("harbor lantern 4821", now=NOW)
    first.must_change_password = False
    first.save()

    assert at(first).get("/")["Location"] == "/county"
    assert "None. Load a county file." in main_of(at(first).get("/county"))


def _recording(number: int) -> Sealed:
    return arrivals.seal_upload(chunks(a_wav(number=number + 5)))[0]


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("county.json", content, content_type="application/json")


def _county() -> bytes:
    agency = {"key": "north", "name": "Northside", "kind": "dispatch", "zone": "America/Denver"}
    person = {"login": "newman", "name": "Newman", "agency": "north", "roles": ["call_taker"]}
    areas = {"type": "FeatureCollection", "features": []}
    return json.dumps({"agencies": [agency], "areas": areas, "people": [person]}).encode()
