"""The bytes of a call: whole, in ranges, and every fetch written down."""

import base64
import hashlib
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, RequestFactory

from tests.visiting import at
from tests.world import NOW, World, a_call, a_threat, a_wav
from tocsin.desk.console.ranges import LONGEST, Bytes, give
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.desk.records.models import Call, Entry


@pytest.fixture
def call(world: World) -> Call:
    return a_threat(world).calls.get()


def whole(person: Person, path: str, **headers: str) -> tuple[Any, bytes]:
    """The answer and its bytes, as the server gives them."""

    async def get() -> tuple[Any, bytes]:
        client = AsyncClient()
        await client.aforce_login(person)
        answer: Any = await client.get(path, headers=headers)
        if not answer.streaming:
            return answer, answer.content
        return answer, b"".join([part async for part in answer.streaming_content])

    return async_to_sync(get)()


def played(call: Call) -> int:
    return Entry.objects.filter(action="played", subject=f"call:{call.number}").count()


def test_the_whole_can_be_played(world: World, call: Call) -> None:
    answer, content = whole(world.dana, f"/calls/{call.number}/audio")

    assert answer.status_code == 200
    assert answer["Content-Type"] == "audio/wav"
    assert answer["Accept-Ranges"] == "bytes"
    assert content == a_wav(number=call.pk + 1)
    assert played(call) == 1


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-9", 0, 9), ("bytes=100-", 100, None), ("bytes=-10", -10, None), ("bytes=5-5", 5, 5)],
)
def test_a_range_is_given_as_it_was_asked(
    world: World, call: Call, asked: str, first: int, last: int | None
) -> None:
    content = a_wav(number=call.pk + 1)
    start = first % len(content)
    end = len(content) - 1 if last is None else last

    answer = at(world.dana).get(f"/calls/{call.number}/audio", headers={"Range": asked})

    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end}/{len(content)}"
    assert answer.content == content[start : end + 1]
    assert answer["Content-Length"] == str(end + 1 - start)


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(world: World, call: Call, asked: str) -> None:
    answer = at(world.dana).get(f"/calls/{call.number}/audio", headers={"Range": asked})

    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(a_wav())}"
    assert played(call) == 0


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-5", "bytes=a-b", "bytes=-", "lines=0-4", "bytes=0-1,4-5", "bytes=" + "9" * 99],
)
def test_a_range_that_makes_no_sense_is_not_heeded(world: World, call: Call, asked: str) -> None:
    answer, content = whole(world.dana, f"/calls/{call.number}/audio", Range=asked)

    assert answer.status_code == 200
    assert content == a_wav(number=call.pk + 1)


def test_one_play_is_written_down_once(world: World, call: Call) -> None:
    dana = at(world.dana)

    for asked in ["bytes=0-", "bytes=4000-", "bytes=8000-8010"]:
        dana.get(f"/calls/{call.number}/audio", headers={"Range": asked})

    assert played(call) == 1


def test_a_range_is_bounded_and_the_player_asks_for_the_rest() -> None:
    content = b"x" * (LONGEST + 10)
    sealed, _ = seal_upload([content])
    what = Bytes(sha256=sealed.sha256, size=sealed.size, content_type="audio/wav")

    answer = give(RequestFactory().get("/", headers={"Range": "bytes=5-"}), what)

    assert answer["Content-Range"] == f"bytes 5-{LONGEST + 4}/{len(content)}"


def test_a_range_of_other_bytes_gives_the_whole(world: World, call: Call) -> None:
    headers = {"Range": "bytes=0-9", "If-Range": '"something older"'}

    answer, content = whole(world.dana, f"/calls/{call.number}/audio", **headers)

    assert answer.status_code == 200
    assert len(content) == len(a_wav())


def test_asking_about_the_sound_is_not_playing_it(world: World, call: Call) -> None:
    answer = at(world.dana).head(f"/calls/{call.number}/audio")

    assert answer.status_code == 200
    assert answer["Content-Length"] == str(len(a_wav()))
    assert played(call) == 0


def test_the_original_comes_as_it_arrived_with_its_digest(world: World, call: Call) -> None:
    answer, content = whole(world.dana, f"/calls/{call.number}/original")

    digest = hashlib.sha256(content)
    assert content == a_wav()
    assert answer["ETag"] == f'"{digest.hexdigest()}"'
    assert answer["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer["Content-Disposition"] == f'attachment; filename="{call.number}-call.wav"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    fetched = Entry.objects.get(action="fetched", subject=f"call:{call.number}")
    assert fetched.actor == "person:dana"


def test_a_name_from_outside_cannot_break_a_header(world: World) -> None:
    recording, _ = seal_upload([a_wav(number=77)])
    name = 'x";\r\nSet-Cookie: a=b; "\u202e.wav'
    offer = Offer(
        center=world.north, source="page", actor=world.dana, name=name, recording=recording
    )
    call = receive(offer, now=NOW).call

    answer = at(world.dana).head(f"/calls/{call.number}/original")

    assert "\n" not in answer["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers
    assert answer["Content-Disposition"].startswith("attachment;")


def test_a_call_that_was_not_heard_has_nothing_to_play(world: World) -> None:
    call = a_call(world)

    assert at(world.dana).get(f"/calls/{call.number}/audio").status_code == 404
    assert played(call) == 0


def test_bytes_that_the_store_has_lost_are_missed_loudly(world: World, call: Call) -> None:
    exhibit = call.hearings.get().playable
    assert exhibit
    exhibit.sha256 = "0" * 64
    exhibit.save()

    assert at(world.dana).get(f"/calls/{call.number}/audio").status_code == 404
    assert played(call) == 0
