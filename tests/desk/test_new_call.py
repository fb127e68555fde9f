"""A call that is entered by hand: taken in, or refused with nothing lost."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.visiting import at, call_data, main_of
from tests.world import World, a_call, a_wav
from tocsin.desk.records.models import Arrival, Call, Exhibit


def a_file(content: bytes, name: str = "call.wav") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/octet-stream")


def test_a_recording_becomes_a_call(world: World) -> None:
    answer = at(world.dana).post("/calls/new", {"audio": a_file(a_wav())})

    call = Call.objects.get()
    assert answer["Location"] == f"/calls/{call.number}"
    assert call.center == world.north
    assert call.state == Call.State.WAITING


def test_a_note_alone_becomes_a_call(world: World) -> None:
    at(world.dana).post("/calls/new", {"note": "HE SAYS HE WILL SHOOT ANY COP"})

    call = Call.objects.get()
    assert (call.state, call.note) == (Call.State.NOTE_ONLY, "HE SAYS HE WILL SHOOT ANY COP")


def test_number_and_time_can_be_typed(world: World) -> None:
    typed = {"note": "A THREAT", "ani": "911-555-0142", "started_at": "2026-03-01T21:04:05"}

    at(world.dana).post("/calls/new", typed)

    call = Call.objects.get()
    assert call.is_911_only
    assert call.started_at
    assert call.started_at.isoformat() == "2026-03-02T04:04:05+00:00"


def test_call_data_can_come_as_a_file(world: World) -> None:
    data = a_file(call_data("911-555-0142", carrier="Example Wireless"), "call.json")

    at(world.dana).post("/calls/new", {"audio": a_file(a_wav()), "call_data": data})

    assert Call.objects.get().carrier == "Example Wireless"


def test_an_empty_form_is_refused_with_the_way_out(world: World) -> None:
    answer = at(world.dana).post("/calls/new", {})

    assert answer.status_code == 422
    assert "Choose the recording's file, or type what was said." in main_of(answer)
    assert not Call.objects.exists()


def test_nothing_typed_is_lost_when_the_recording_is_refused(world: World) -> None:
    typed = {
        "note": "HE SAID\n<he would come back>",
        "ani": "303-555-0148",
        "started_at": "2026-03-01T21:04:05",
        "audio": a_file(b""),
    }

    answer = at(world.dana).post("/calls/new", typed)

    body = answer.content.decode()
    assert answer.status_code == 422
    assert "holds no bytes" in main_of(answer)
    assert "HE SAID\n&lt;he would come back&gt;" in body
    assert 'value="303-555-0148"' in body
    assert 'value="2026-03-01T21:04:05"' in body
    assert Arrival.objects.get().outcome == Arrival.Outcome.REFUSED


def test_bytes_that_are_no_recording_are_kept_and_refused(world: World) -> None:
    answer = at(world.dana).post("/calls/new", {"audio": a_file(b"not a sound", "evil.wav")})

    assert answer.status_code == 422
    assert not Call.objects.exists()
    assert Exhibit.objects.get().size == len(b"not a sound")


def test_a_time_that_is_none_is_refused_in_words(world: World) -> None:
    answer = at(world.dana).post("/calls/new", {"note": "x", "started_at": "yesterday"})

    assert answer.status_code == 422
    assert "is no date and time" in main_of(answer)
    assert not Arrival.objects.exists()


def test_a_number_needs_the_start_of_the_call(world: World) -> None:
    answer = at(world.dana).post("/calls/new", {"note": "x", "ani": "303-555-0148"})

    assert answer.status_code == 422
    assert "Type when the call began." in main_of(answer)


def test_a_data_file_and_typed_fields_together_are_refused(world: World) -> None:
    data = a_file(call_data("911-555-0142"), "call.json")

    answer = at(world.dana).post("/calls/new", {"note": "x", "call_data": data, "ani": "5550100"})

    assert answer.status_code == 422
    assert "Empty the fields, or leave the file out." in main_of(answer)


def test_call_data_that_does_not_fit_is_refused_by_the_name_of_its_field(world: World) -> None:
    data = a_file(b'{"started_at": 5}', "call.json")

    answer = at(world.dana).post("/calls/new", {"note": "x", "call_data": data})

    assert answer.status_code == 422
    assert "In the call data, started_at" in main_of(answer)


def test_the_same_recording_again_leads_to_its_call(world: World) -> None:
    call = a_call(world)
    dana = at(world.dana)

    answer = dana.post("/calls/new", {"audio": a_file(a_wav())})

    assert answer["Location"] == f"/calls/{call.number}"
    assert Call.objects.count() == 1
    assert "was here already" in main_of(dana.get(answer["Location"]))


def test_a_form_without_its_token_is_refused(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.dana)

    answer = client.post("/calls/new", {"note": "x"})

    assert answer.status_code == 403
    assert "copy what you typed" in main_of(answer)
    assert not Call.objects.exists()
