"""`POST /api/calls`: what is taken, what is refused, and what is kept either way."""

import json
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.world import NOW, PASSWORD, World, a_wav
from tocsin.desk.records.commands.accounts import make_key
from tocsin.desk.records.commands.arrivals import adopt
from tocsin.desk.records.models import Arrival, Call, Exhibit, Task
from tocsin.desk.records.verification import verify
from tocsin.errors import MissingReason, NotAllowed

START = "2026-03-01T21:04:05-07:00"


@pytest.fixture
def key(world: World) -> str:
    return make_key("recorder", world.north, actor="system:command", now=NOW)


def send(key: str, content: bytes | None = None, *, name: str = "call.wav", **fields: Any) -> Any:
    """What the API answers to a recorder."""
    data: dict[str, Any] = {k: v for k, v in fields.items() if v is not None}
    if content is not None:
        data["audio"] = SimpleUploadedFile(name, content)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return Client().post("/api/calls", data, headers=headers)


def sound(seconds: float, *, codec: str = "pcm_mulaw", kind: str = "wav", hz: int = 0) -> bytes:
    """A recording at 8 kHz: silence, or a tone."""
    file = BytesIO()
    with av.open(file, "w", format=kind) as out:
        stream = out.add_stream(codec, rate=8000, layout="mono")
        assert isinstance(stream, av.AudioStream)
        at = np.arange(int(8000 * seconds)) / 8000
        samples = (8000 * np.sin(2 * np.pi * hz * at)).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = 8000
        resampled = av.AudioResampler(
            format=stream.format.name, layout="mono", rate=8000, frame_size=stream.frame_size or 0
        )
        for part in (*resampled.resample(frame), *resampled.resample(None)):
            out.mux(stream.encode(part))
        out.mux(stream.encode(None))
    return file.getvalue()


def refused(answer: HttpResponse, status: int, *words: str) -> None:
    """The answer says what happened and what to do, and there is no call."""
    value = json.loads(answer.content)
    assert answer.status_code == status, value
    assert value["what"]
    assert value["way_out"]
    for word in words:
        assert word in f"{value['what']} {value['way_out']}"
    assert not Call.objects.exists()


def test_a_recording_becomes_a_call_that_waits_to_be_heard(world: World, key: str) -> None:
    data = {
        "started_at": START,
        "ani": "911-555-0142",
        "location": {"latitude": 39.2, "longitude": -105.1, "uncertainty_m": 300},
        "position": "North 3",
    }

    answer = send(key, a_wav(), call=json.dumps(data), note="CLR STS HE WILL SHOOT")

    assert answer.status_code == 201
    call = Call.objects.get()
    assert answer.json() == {
        "number": call.number,
        "is_new": True,
        "sha256": call.recording.sha256 if call.recording else "",
        "page": f"http://127.0.0.1:8000/calls/{call.number}",
    }
    assert (call.center, call.state, call.is_911_only) == (world.north, "waiting", True)
    assert (call.handset, call.uncertainty, call.position) == ("5550142", 300, "North 3")
    assert call.note == "CLR STS HE WILL SHOOT"
    jobs = ProcrastinateJob.objects.values_list("task_name", flat=True)
    assert sorted(jobs) == ["tocsin:hear", "tocsin:read"]


def test_call_data_may_be_a_file_of_its_own(key: str) -> None:
    file = SimpleUploadedFile("call.json", json.dumps({"started_at": START}).encode())

    assert send(key, a_wav(), call=file).status_code == 201
    assert Call.objects.get().started_at is not None


def test_a_note_alone_is_a_call(key: str) -> None:
    assert send(key, note="CLR STS HE WILL SHOOT").status_code == 201
    assert Call.objects.get().state == "note_only"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("secret", ["", "wrong"])
def test_without_a_key_nothing_is_taken(secret: str) -> None:
    assert send(secret, a_wav()).status_code == 401
    assert not Exhibit.objects.exists()


def test_a_person_who_is_signed_in_may_send_and_an_officer_may_not(world: World) -> None:
    for person, status in ((world.dana, 201), (world.reed, 403)):
        client = Client()
        client.login(username=person.login, password=PASSWORD)
        data = {"audio": SimpleUploadedFile("x.wav", a_wav(number=status))}
        assert client.post("/api/calls", data).status_code == status


def test_a_cookie_without_the_page_s_token_is_not_enough(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.login(username=world.dana.login, password=PASSWORD)

    answer = client.post("/api/calls", {"audio": SimpleUploadedFile("x.wav", a_wav())})

    assert answer.status_code == 403
    assert not Call.objects.exists()


def test_the_same_recording_twice_is_one_call_and_both_arrivals_are_kept(key: str) -> None:
    first, again = send(key, a_wav()), send(key, a_wav(), name="copy.wav", note="once more")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["number"] == first.json()["number"]
    assert again.json()["is_new"] is False
    assert Call.objects.count() == Exhibit.objects.count() == 1
    arrivals = list(Arrival.objects.order_by("pk").values_list("outcome", "name", "note"))
    assert arrivals == [("accepted", "call.wav", ""), ("linked", "copy.wav", "once more")]
    assert ProcrastinateJob.objects.count() == 1


def test_another_center_s_recording_is_its_own_call(world: World, key: str) -> None:
    other = make_key("other", world.south, actor="system:command", now=NOW)

    answers = [send(one, a_wav()) for one in (key, other)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert set(Call.objects.values_list("center__key", flat=True)) == {"north", "south"}


def test_zero_bytes_are_refused_and_leave_a_trace(key: str) -> None:
    refused(send(key, b"", name="empty.wav"), 422, "empty.wav", "no bytes")

    arrival = Arrival.objects.get()
    assert (arrival.outcome, arrival.recording) == ("refused", None)
    assert Task.objects.get().kind == "refused arrival"


def test_nothing_at_all_is_refused(key: str) -> None:
    refused(send(key), 422, "Nothing arrived")


@pytest.mark.parametrize(
    "content",
    [
        b"This is a letter, not a sound.\n" * 50,
        b"<html><body>404</body></html>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
        b"RIFF\x24\0\0\0WAVE",
        b"\0" * 5000,
    ],
)
def test_what_is_no_recording_is_refused_and_its_bytes_are_kept(key: str, content: bytes) -> None:
    refused(send(key, content, name="letter.wav"), 422)

    exhibit = Exhibit.objects.get()
    assert (exhibit.size, exhibit.name) == (len(content), "letter.wav")
    assert Arrival.objects.get().recording == exhibit
    assert verify().exhibits == 1


def test_a_picture_without_sound_is_refused(key: str) -> None:
    file = BytesIO()
    with av.open(file, "w", format="mp4") as out:
        stream = out.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 64
        frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))

    refused(send(key, file.getvalue(), name="film.mp4"), 422)


@pytest.mark.parametrize(
    "content",
    [
        sound(20, hz=300)[: 8000 * 5],
        sound(20, hz=300, codec="mp3", kind="mp3")[:20_000],
        sound(1),
        sound(0.2, hz=300),
        sound(1, hz=300, codec="pcm_s16le"),
    ],
    ids=["truncated wav", "truncated mp3", "silence", "0.2 seconds", "pcm"],
)
def test_a_recording_in_any_state_is_a_call(key: str, content: bytes) -> None:
    assert send(key, content).status_code == 201


def test_too_many_bytes_are_refused_and_those_before_the_limit_are_kept(
    key: str, settings: Any
) -> None:
    settings.TOCSIN = type(settings.TOCSIN)(upload_limit=70_000)

    refused(send(key, sound(20, hz=300)), 413, "70,000", "TOCSIN_UPLOAD_LIMIT")

    exhibit = Exhibit.objects.get()
    assert exhibit.kind == "fragment"
    assert 0 < exhibit.size <= 70_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.wav", "passwd.wav"),
        ("\u202egnp.wav", "gnp.wav"),
        ("a\u0000b.wav", "ab.wav"),
        ("\u4e2d\u6587 \U0001f6a8.wav", "\u4e2d\u6587 \U0001f6a8.wav"),
        ("x" * 200 + ".wav", "x" * 120),
    ],
)
def test_odd_names_are_shown_plainly_and_lead_nowhere(key: str, name: str, shown: str) -> None:
    assert send(key, a_wav(), name=name).status_code == 201
    assert Arrival.objects.get().name == shown


def test_a_note_with_nul_and_right_to_left_marks_keeps_its_words(key: str) -> None:
    assert send(key, note="HE WILL\u0000 SHOOT \u202e NOW").status_code == 201
    assert Call.objects.get().note == "HE WILL\ufffd SHOOT \u202e NOW"


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("{", "not JSON"),
        ("[]", "not of type"),
        (json.dumps({"ani": "303-555-0142"}), "started_at"),
        (json.dumps({"started_at": START, "queue": "E911"}), "queue"),
        (json.dumps({"started_at": "2226-01-01T00:00:00Z"}), "still to come"),
        (json.dumps({"started_at": "2026-01-01T00:00:00"}), "offset"),
    ],
)
def test_call_data_that_do_not_fit_are_refused_by_name_and_everything_is_kept(
    key: str, data: str, named: str
) -> None:
    refused(send(key, a_wav(), call=data, note="typed"), 422, named)

    arrival = Arrival.objects.get()
    assert arrival.recording is not None
    assert arrival.call_data is not None
    assert arrival.note == "typed"
    assert named in arrival.reason
    assert verify().exhibits == 2


def test_a_person_can_keep_a_refused_arrival_as_a_call(world: World, key: str) -> None:
    send(key, a_wav(), call="{", note="HE WILL SHOOT")
    arrival = Arrival.objects.get()

    with pytest.raises(NotAllowed):
        adopt(arrival, because="it is one", person=world.reed, now=NOW)
    with pytest.raises(MissingReason):
        adopt(arrival, because=" ", person=world.dana, now=NOW)
    call = adopt(arrival, because="it is one", person=world.dana, now=NOW)

    assert call.recording == arrival.recording
    assert call.note == "HE WILL SHOOT"
    assert not Task.objects.filter(done_at=None).exists()
    assert adopt(arrival, because="again", person=world.dana, now=NOW) == call
    assert Call.objects.count() == 1


def test_what_the_api_offers_is_described_for_machines() -> None:
    described = Client().get("/api/docs.json").json()

    assert set(described["paths"]) == {
        "/api/calls",
        "/api/bulletins/{number}/{version}/cap",
        "/api/cap",
        "/api/cap/feed.atom",
        "/api/cap/replies",
        "/api/cap/replies/{number}.xml",
        "/api/cap/{number}.{version}.xml",
        "/api/gateways/{channel}",
        "/api/log-on",
        "/api/log-on/{unit}",
        "/api/posture/check",
        "/api/posture/override",
        "/api/posture/units",
    }
