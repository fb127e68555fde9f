"""Drills: a recorded case replayed under numbers of its own, told to nobody, scored."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.gateways import HttpGateway, a_gateway
from tests.plugins.test_channels import address_for, settings_for
from tests.sending import send
from tests.sinks import MailSink, mail_sink
from tests.visiting import at, main_of
from tests.world import (
    NOW,
    SAID,
    World,
    a_hearing,
    a_statement,
    a_threat,
    an_offer,
    hear,
    minutes,
    recipient_of,
    the_draft,
)
from tocsin.desk.records.boards.drills import drills_page, met
from tocsin.desk.records.boards.threats import new_threats, open_threats
from tocsin.desk.records.commands import acknowledgments, arrivals, bulletins, calls, desks, ladder
from tocsin.desk.records.commands.drills import end_drill, score_of, start_drill
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.commands.threats import open_threat
from tocsin.desk.records.models import (
    Bulletin,
    Call,
    Counter,
    Delivery,
    DeskNotice,
    Drill,
    Entry,
    Recipient,
    Task,
    Threat,
)
from tocsin.desk.records.queries import cap_message
from tocsin.errors import InputError, NotAllowed, OutOfTurn, Undeliverable
from tocsin.warn import Addressee, Message, hand_over, open_channel, reaches_people
from tocsin.warn.channels import CHANNELS


@pytest.fixture
def case(world: World) -> Call:
    """A real call of 37 seconds, heard and read, with its threat."""
    call = a_threat(world).calls.get()
    call.started_at, call.ended_at = NOW - timedelta(seconds=37), NOW
    call.ani, call.is_911_only, call.handset = "911-555-0142", True, "5550142"
    call.save()
    return call


LATER = NOW + timedelta(days=3)


def a_drill(world: World, case: Call | None = None, *, now: datetime = LATER) -> Drill:
    return start_drill(world.north, title="Night shift", case=case, person=world.sato, now=now)


def the_threat(drill: Drill) -> Threat:
    assert drill.threat
    return drill.threat


def heard(drill: Drill, *, now: datetime) -> None:
    """The worker hears and reads the replayed call."""
    call = the_threat(drill).calls.get()
    hear(call, heard=a_hearing(), now=now)
    hearing = call.hearings.get(version=1)
    calls.record_statement(call, a_statement(), SAID, hearing=hearing, now=now)


def released(world: World, drill: Drill, *, now: datetime) -> Bulletin:
    row = bulletins.release(the_draft(the_threat(drill)), person=world.ortiz, now=now)
    for message in row.deliveries.all():
        send(message, now=now + timedelta(seconds=2))
    return row


def test_the_case_is_heard_again_as_if_its_call_had_ended_now(world: World, case: Call) -> None:
    before = {field.name: getattr(case, field.name) for field in Call._meta.concrete_fields}
    drill = a_drill(world, case)
    call = the_threat(drill).calls.get()

    assert (call.number, call.recording) == ("XC-2026-000001", case.recording)
    assert (call.started_at, call.ended_at) == (LATER - timedelta(seconds=37), LATER)
    assert (call.state, call.ani, call.handset) == (Call.State.WAITING, case.ani, "")
    assert call.is_drill
    assert call.is_demonstration
    assert the_threat(drill).since == call.started_at
    case.refresh_from_db()
    after = {field.name: getattr(case, field.name) for field in Call._meta.concrete_fields}
    assert after == before
    assert drill.case == case


def test_no_drill_takes_a_real_number(world: World, case: Call) -> None:
    counters = dict(Counter.objects.values_list("heading", "last"))
    drill = a_drill(world, case)
    heard(drill, now=LATER)
    row = released(world, drill, now=LATER)
    end_drill(drill, person=world.sato, now=LATER + minutes(5))

    assert (drill.number, the_threat(drill).number) == ("D-2026-000001", "XT-2026-000001")
    assert row.number == "XB-2026-000001"
    after = dict(Counter.objects.values_list("heading", "last"))
    assert {key: after[key] for key in counters} == counters
    assert all(key[0] in "DX" for key in set(after) - set(counters))


def test_what_is_opened_from_a_drill_s_call_is_the_drill_s(world: World, case: Call) -> None:
    drill = a_drill(world, case)
    end_drill(drill, person=world.sato, now=LATER)
    call = the_threat(drill).calls.get()

    again = open_threat(call, person=world.dana, now=LATER)

    assert again.number == "XT-2026-000002"
    assert again.is_drill
    assert the_draft(again).number.startswith("XB-")


def test_the_real_recording_sent_again_is_the_real_call(world: World, case: Call) -> None:
    a_drill(world, case)

    received = arrivals.receive(an_offer(world), now=LATER)

    assert received.call == case
    assert not received.is_new


def test_everything_of_it_says_exercise(world: World, case: Call) -> None:
    drill = a_drill(world, case)
    heard(drill, now=LATER)
    row = released(world, drill, now=LATER)
    acknowledgments.mark_seen(recipient_of(row, world.reed), person=world.reed, now=LATER)
    ladder.move_ladders(now=LATER + minutes(3))
    ladder.move_ladders(now=LATER + minutes(6))
    end_drill(drill, person=world.sato, now=LATER + minutes(9))

    messages = Delivery.objects.filter(bulletin__threat=the_threat(drill))
    assert {one.purpose for one in messages} == {"bulletin", "ladder"}
    assert messages.filter(bulletin__kind="cancel").exists()
    for one in messages:
        assert one.is_exercise
        assert "EXERCISE" in one.subject
        assert "EXERCISE" in one.text
    for version in Bulletin.objects.filter(number=row.number):
        assert b"<status>Exercise</status>" in cap_message(version)
    assert "Exercise" in main_of(at(world.ortiz).get(f"/threats/{the_threat(drill).number}"))


def test_who_may_run_a_drill(world: World, case: Call) -> None:
    for login in ("dana", "reed", "vale", "adams"):
        with pytest.raises(NotAllowed):
            start_drill(world.north, title="x", case=None, person=getattr(world, login), now=LATER)
    with pytest.raises(NotAllowed, match="does not work with"):
        start_drill(world.south, title="x", case=None, person=world.sato, now=LATER)
    with pytest.raises(InputError):
        start_drill(world.north, title=" ", case=None, person=world.sato, now=LATER)
    seen = {one.login: at(one).get("/drills").status_code for one in world.everybody()}
    assert {login for login, status in seen.items() if status == 200} == {"sato", "ortiz"}
    drill = a_drill(world, case)
    with pytest.raises(InputError, match="not a case"):
        again = the_threat(drill).calls.get()
        start_drill(world.north, title="x", case=again, person=world.sato, now=LATER)
    with pytest.raises(OutOfTurn, match=f"{drill.number} is running"):
        a_drill(world, case)


def test_a_drill_without_a_case_begins_with_its_title(world: World) -> None:
    drill = a_drill(world)
    call = the_threat(drill).calls.get()

    assert (call.state, call.note, call.recording) == (Call.State.NOTE_ONLY, "Night shift", None)
    assert the_draft(the_threat(drill)).number == "XB-2026-000001"


def test_its_end_leaves_nothing_that_waits_for_anybody(world: World, case: Call) -> None:
    drill = a_drill(world, case)
    heard(drill, now=LATER)
    row = released(world, drill, now=LATER)
    bulletins.start_update(row, person=world.dana, now=LATER)
    ladder.move_ladders(now=LATER + minutes(13))
    desks.raise_overdue_desks(now=LATER + minutes(13))
    raise_task(world.north, "ends soon", f"renewal:{row.number}.1", "It ends.", now=LATER)
    real = raise_task(world.north, "other", "call:C-2026-000009", "A real one.", now=LATER)

    end_drill(drill, person=world.sato, now=LATER + minutes(15))

    own = Recipient.objects.filter(bulletin__threat=the_threat(drill))
    assert not own.filter(rung_due_at__isnull=False).exists()
    assert (
        not DeskNotice.objects.filter(done_at=None, withdrawn_at=None)
        .exclude(bulletin__threat__is_drill=False)
        .exists()
    )
    assert list(Task.objects.filter(done_at=None, center=world.north)) == [real]
    threat = Threat.objects.get(pk=the_threat(drill).pk)
    assert (threat.state, threat.closed_because) == (Threat.State.CLOSED, "The exercise is over.")
    states = list(threat.bulletins.order_by("version").values_list("state", flat=True))
    assert states == ["cancelled", "dropped", "cancelled"]
    assert end_drill(drill, person=world.sato, now=LATER + minutes(99)).ended_at == (
        LATER + minutes(15)
    )


def test_a_bulletin_past_its_end_does_not_stop_the_end_of_the_drill(
    world: World, case: Call
) -> None:
    drill = a_drill(world, case)
    heard(drill, now=LATER)
    row = released(world, drill, now=LATER)

    end_drill(drill, person=world.sato, now=LATER + timedelta(hours=13))

    row.refresh_from_db()
    assert row.state == Bulletin.State.EXPIRED


def test_its_times_are_scored_from_the_record(world: World, case: Call) -> None:
    drill = a_drill(world, case)
    heard(drill, now=LATER + timedelta(seconds=8))
    row = released(world, drill, now=LATER + minutes(1))
    acknowledgments.acknowledge(
        recipient_of(row, world.reed), person=world.reed, now=LATER + minutes(1.5)
    )
    notice = row.desk_notices.filter(way=DeskNotice.Way.CALL).get()
    spoken = desks.Spoken(with_whom="Lee", was_read_back=True)
    desks.enter_told(notice, spoken, person=world.dana, now=LATER + minutes(4))
    end_drill(drill, person=world.sato, now=LATER + minutes(20))

    found = {one["name"]: one for one in drill.score}
    assert {
        name: (one["took"], one["n"], one["of"], one["is_met"]) for name, one in found.items()
    } == {
        "call ended to recording sealed": (None, 0, 0, None),
        "call ended to transcript": (8, 1, 1, True),
        "call ended to draft": (8, 1, 1, True),
        "draft to release": (52, 1, 1, True),
        "release to every message handed over": (2, 4, 4, True),
        "release to first acknowledgment": (30, 1, 4, True),
        "release to half acknowledged": (None, 1, 4, False),
        "release to last acknowledgment": (None, 1, 4, False),
        "release to every desk told": (None, 1, 2, False),
        "release to stand-down": (19 * 60, 1, 1, None),
    }
    assert met(drill) == (5, 8)
    ended = [entry.action for entry in Entry.objects.filter(subject__startswith="threat:XT")]
    assert "drill ended" in ended


def test_a_drill_that_never_released_anything_is_scored_too(world: World) -> None:
    drill = a_drill(world)
    end_drill(drill, person=world.sato, now=LATER + minutes(1))

    assert score_of(drill)
    assert met(drill)[0] <= 1


def test_on_the_board_an_exercise_stands_apart_and_never_before_a_real_threat(
    world: World, case: Call
) -> None:
    a_drill(world, case, now=NOW - timedelta(days=30))

    for lines in (open_threats(world.ortiz), new_threats(world.ortiz)):
        assert [line.is_exercise for line in lines] == [False, True]
    body = at(world.ortiz).get("/").content.decode()
    real = body.rindex('id="open-T-2026-000001"')
    assert real < body.index("These are exercises") < body.rindex('id="open-XT-2026-000001"')


def test_a_drill_s_task_says_so_and_stands_behind_real_ones(world: World, case: Call) -> None:
    drill = a_drill(world, case)
    number = the_threat(drill).number
    raise_task(world.north, "not heard", f"threat:{number}", "A drill's.", now=NOW)
    raise_task(world.north, "not heard", "call:C-2026-000001", "A real one.", now=LATER)

    page = main_of(at(world.ortiz).get("/"))

    assert "Not heard Exercise for" in page
    assert page.index("A real one.") < page.index("A drill's.")


def test_the_page_starts_ends_and_compares(world: World, case: Call) -> None:
    sato = at(world.sato)
    assert "No drill has ended yet." in main_of(sato.get("/drills"))
    refused = sato.post("/drills/start", {"title": " ", "case": case.number})
    assert refused.status_code == 422
    for title in ("First", "Second"):
        assert sato.post("/drills/start", {"title": title, "case": case.number}).status_code == 302
        running = drills_page(world.sato).running[0]
        page = main_of(sato.get("/drills"))
        assert f"{running.number} Exercise runs for" in page
        assert "Start the drill" not in page
        assert at(world.frey).post(f"/drills/{running.number}/end").status_code in {403, 404}
        assert sato.post(f"/drills/{running.number}/end").status_code == 302

    page = main_of(sato.get("/drills"))
    assert "D-2" in page
    assert "First" in page
    assert "Second" in page
    assert "Draft to release 1 min" in page


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with mail_sink() as found:
        yield found


@pytest.fixture
def gateway() -> Iterator[HttpGateway]:
    with a_gateway() as found:
        yield found


def a_message(*, is_exercise: bool) -> Message:
    facts: dict[str, Any] = {
        "key": "0b0e9a52-0000-4000-8000-000000000001",
        "subject": "EXERCISE",
        "text": "EXERCISE: He said.",
    }
    return Message(**facts, is_exercise=is_exercise)


@pytest.mark.parametrize("name", sorted(CHANNELS))
def test_the_only_way_to_a_channel_is_walled_for_every_exercise(
    name: str, sink: MailSink, gateway: HttpGateway
) -> None:
    channel = open_channel(name, settings_for(name, sink, gateway))
    to = Addressee(name="Reed", address=address_for(name, gateway))

    async def one(*, is_exercise: bool) -> str:
        try:
            return (await hand_over(channel, a_message(is_exercise=is_exercise), to=to)).text
        except Undeliverable as error:
            return error.what

    said = asyncio.run(one(is_exercise=True))
    assert (said == f"An exercise is never sent by {name}.") == reaches_people(name)
    assert (sink.letters, gateway.heard) == ([], [])

    # The control: what is no exercise does reach the sink, or needs a person to carry it.
    said = asyncio.run(one(is_exercise=False))
    arrived = bool(sink.letters or gateway.heard)
    assert arrived or not reaches_people(name) or "person" in said
