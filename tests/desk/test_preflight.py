"""Pre-flight at the desk: what is looked through, when it runs, who is told of what it found."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from tests.sinks import free_port, mail_sink
from tests.visiting import at, main_of
from tests.world import NOW, World, an_agency, minutes
from tocsin.desk.environment import read_time
from tocsin.desk.people.models import Address, Agency, Duty, Person, Phone
from tocsin.desk.records import log
from tocsin.desk.records.boards.preflight import severe_for
from tocsin.desk.records.commands.preflight import ask_preflight, run_preflight
from tocsin.desk.records.models import Certificate, Entry, Feed, Preflight, Task
from tocsin.desk.records.preflight import is_due, set_time, used_channels
from tocsin.desk.worker.preflight import check_channels
from tocsin.desk.worker.sending import channel_named
from tocsin.errors import NotAllowed, SetupError
from tocsin.warn.preflight import ChannelState

EMAIL = ChannelState(name="email")
SMS = ChannelState(name="sms")


@pytest.fixture
def ready(world: World) -> World:
    """Everybody on duty has two ways, a phone and somebody above him."""
    Address.objects.all().delete()
    for person in Person.objects.filter(shifts__isnull=False):
        for channel in ("email", "sms"):
            Address.objects.create(person=person, channel=channel, value=f"{channel}:{person.pk}")
        Phone.objects.create(person=person, number=f"555-01{person.pk % 100:02}")
        person.supervisor = world.ortiz if person != world.ortiz else world.sato
        person.save()
    return world


def found(world: World, *channels: ChannelState, now: datetime = NOW) -> list[str]:
    """The sentences of the center's findings."""
    states = channels or (EMAIL, SMS)
    rows = run_preflight(states, now=now, is_asked=True)
    (row,) = [one for one in rows if one.center == world.north]
    return [one["sentence"] for one in row.findings]


def test_where_all_is_well_nothing_is_found_and_no_task_is_raised(ready: World) -> None:
    assert found(ready) == []
    assert not Task.objects.exists()
    assert Entry.objects.get(chain="north", action="pre-flight ran").facts["severe"] == "0"


def test_a_person_without_an_address_is_a_task_of_his_center_alone(ready: World) -> None:
    ready.reed.addresses.all().delete()

    assert found(ready) == ["Reed has no address: no warning would arrive."]

    task = Task.objects.get()
    assert (task.center, task.kind) == (ready.north, "pre-flight")
    assert task.sentence == "Reed has no address: no warning would arrive."
    south = Preflight.objects.get(center=ready.south)
    assert south.findings == []


def test_a_task_is_raised_once_until_something_severe_is_new(ready: World) -> None:
    ready.reed.addresses.all().delete()
    found(ready)
    Task.objects.update(done_at=NOW, done_by=ready.sato, done_because="He gets a phone today.")

    found(ready, now=NOW + timedelta(days=1))
    assert not Task.objects.filter(done_at=None).exists()

    ready.boone.addresses.all().delete()
    found(ready, now=NOW + timedelta(days=2))
    assert Task.objects.get(done_at=None).sentence.startswith("Boone has no address")


def test_who_is_entered_as_off_for_the_whole_day_covers_nothing(ready: World) -> None:
    Duty.objects.create(
        person=ready.boone, is_on=False, because="leave", entered_by=ready.sato, entered_at=NOW,
        starts_at=NOW - minutes(1), ends_at=NOW + timedelta(days=3),
    )  # fmt: skip

    (said,) = found(ready)

    assert said.startswith("Nobody is on duty at Calder Sheriff from now until")


def test_a_channel_that_fails_is_said_with_those_who_would_be_told_on_it(ready: World) -> None:
    said = found(ready, EMAIL, ChannelState(name="sms", trouble="The gateway is closed"))

    assert any("sms does not work: The gateway is closed. " in one for one in said)


def test_certificates_and_feeds_are_looked_at(ready: World) -> None:
    facts: dict[str, Any] = {"pem": "x", "pinned_at": NOW, "pinned_by": ready.adams}
    for name, days in (("Weather", 3), ("State", 300)):
        expires = NOW + timedelta(days=days)
        Certificate.objects.create(name=name, fingerprint=name, expires_at=expires, **facts)
    Feed.objects.create(
        name="Lakeside", center=ready.north, url="https://feed.example/", due_at=NOW,
        trouble="It answered 404",
    )  # fmt: skip

    assert found(ready) == [
        "the pinned certificate Weather expires on 2026-03-05.",
        "The feed Lakeside gives no alerts: It answered 404.",
    ]


def test_an_agency_without_a_desk_number_is_named_but_not_for_what_no_file_can_hold(
    ready: World,
) -> None:
    Agency.objects.filter(key="calder-so").update(desk_number="")

    (said,) = found(ready)

    assert said == (
        "Calder Sheriff has no duty desk that a person can call or a message can reach."
    )


# When it runs


def test_it_is_due_once_a_day_at_the_set_time_of_the_center(world: World) -> None:
    log.append(world.north, "county loaded", "agency:north", actor="system:setup", now=NOW)
    first = set_time(world.north, before=NOW + timedelta(days=1))  # 06:00 in Denver
    assert f"{first:%H:%M}" == "06:00"

    assert not is_due(world.north, now=NOW)
    assert not is_due(world.north, now=first - minutes(1))
    assert is_due(world.north, now=first)
    run_preflight((), now=first + minutes(3))
    assert not is_due(world.north, now=first + timedelta(hours=23))
    assert is_due(world.north, now=first + timedelta(days=1))


def test_what_nobody_has_set_up_is_not_judged(world: World) -> None:
    assert Entry.objects.filter(chain="south").count() == 0
    assert not is_due(world.south, now=NOW + timedelta(days=9))


def test_two_workers_at_once_leave_one_row(ready: World) -> None:
    ask_preflight(person=ready.dana, now=NOW)

    assert len(run_preflight((EMAIL, SMS), now=NOW)) == 1
    assert run_preflight((EMAIL, SMS), now=NOW) == []
    assert Preflight.objects.count() == 1


def test_a_set_time_that_is_none_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("6:00", "24:00", "06:00:00", "06:00+02:00", ""):
        monkeypatch.setenv("TOCSIN_SOME_TIME", text)
        with pytest.raises(SetupError) as refused:
            read_time("TOCSIN_SOME_TIME", "06:00")
        assert "hours and minutes" in refused.value.for_person()


# The channels


@pytest.fixture
def _fresh_channels() -> Any:
    channel_named.cache_clear()
    yield
    channel_named.cache_clear()


@pytest.mark.usefixtures("_fresh_channels")
def test_each_channel_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_sink() as sink:
        email = {"smtp": f"smtp://127.0.0.1:{sink.port}", "from": "tocsin@example.org"}
        monkeypatch.setattr(settings, "TOCSIN_CHANNELS", {"email": email})
        (works,) = asyncio.run(check_channels(["email"]))
    channel_named.cache_clear()
    gone = {**email, "smtp": f"smtp://127.0.0.1:{free_port()}"}
    monkeypatch.setattr(settings, "TOCSIN_CHANNELS", {"email": gone})
    (fails,) = asyncio.run(check_channels(["email"]))

    assert (works.name, works.trouble, works.reaches_people) == ("email", "", True)
    assert fails.trouble


@pytest.mark.usefixtures("_fresh_channels")
def test_a_channel_that_nobody_uses_and_nobody_set_up_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "TOCSIN_CHANNELS", {"email": {"smtp": "", "from": "a@b.example"}})

    assert asyncio.run(check_channels([])) == ()
    (state,) = asyncio.run(check_channels(["email", "pigeon"]))
    assert state.name == "email"
    assert state.trouble


def test_the_channels_of_active_people_are_used(world: World) -> None:
    Address.objects.create(person=world.vale, channel="sms", value="555-0177")
    Person.objects.filter(pk=world.vale.pk).update(is_active=False)

    assert used_channels() == {"memory"}


# The page


def test_the_page_is_for_those_who_see_calls_or_administer(world: World) -> None:
    answers = {one.login: at(one).get("/preflight").status_code for one in world.everybody()}

    assert {login for login, status in answers.items() if status == 200} == {
        "dana", "sato", "ortiz", "vale", "frey", "adams",
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        ask_preflight(person=world.reed, now=NOW)
    assert at(world.reed).post("/preflight").status_code == 403
    assert not Preflight.objects.exists()


def test_the_page_says_the_worst_first_with_the_way_out_and_how_old_it_is(ready: World) -> None:
    ready.reed.addresses.all().delete()
    ready.boone.phones.all().delete()
    found(ready)

    page = main_of(at(ready.adams).get("/preflight"))

    severe = page.index("severe Reed has no address: no warning would arrive. Add one")
    assert severe < page.index("note Boone has no phone number on record")
    assert "That is more than a day: what follows may not be true any more." in page


def test_a_button_asks_the_worker_once(ready: World) -> None:
    for _ in range(2):
        assert at(ready.sato).post("/preflight")["Location"] == "/preflight"

    row = Preflight.objects.get()
    assert (row.asked_by, row.ran_at) == (ready.sato, None)
    assert "Sato asked for it" in main_of(at(ready.dana).get("/preflight"))
    assert is_due(ready.north, now=NOW)
    run_preflight((EMAIL, SMS), now=NOW)
    row.refresh_from_db()
    assert row.ran_at == NOW
    assert "Nothing was found" in main_of(at(ready.dana).get("/preflight"))


def test_before_the_first_one_the_page_says_so(world: World) -> None:
    assert "It has not run yet." in main_of(at(world.sato).get("/preflight"))


def test_the_board_leads_to_what_is_severe(ready: World) -> None:
    board = at(ready.dana)
    assert severe_for(ready.dana) == 0
    ready.reed.addresses.all().delete()
    found(ready)

    assert "Open the pre-flight" in main_of(board.get("/"))
    assert severe_for(ready.dana) == 1
    assert severe_for(ready.frey) == 0
    Task.objects.update(done_at=NOW)
    page = main_of(board.get("/"))
    assert "Open the pre-flight" not in page
    assert "Pre-flight: 1 severe fault" in page


def test_an_agency_that_no_center_serves_is_everybody_s(ready: World) -> None:
    an_agency("lone", "Lone Police", Agency.Kind.POLICE)

    run_preflight((EMAIL, SMS), now=NOW, is_asked=True)

    for row in Preflight.objects.all():
        assert [one["subject"] for one in row.findings] == ["lone"]
