"""Shifts, the county file, accounts and keys."""

import json
from datetime import UTC, datetime, time
from typing import Any

import pytest

from tests.world import NOW, PASSWORD, World
from tocsin.desk import demo
from tocsin.desk.people.models import Agency, Area, Person, Shift
from tocsin.desk.records.commands.accounts import (
    change_password,
    find_key,
    make_first_administrator,
    make_key,
)
from tocsin.desk.records.commands.county import load_county
from tocsin.desk.records.models import Entry
from tocsin.errors import BadCounty, NotAllowed, NotFound, OutOfTurn


def a_shift(world: World, starts: str, ends: str, *days: int) -> Shift:
    return Shift(
        person=world.reed,
        name="x",
        weekdays=list(days),
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
    )


def local(text: str) -> datetime:
    """A moment in Denver; 2026-03-02 is a Monday."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        ("2026-03-02T05:59:59-07:00", False),
        ("2026-03-02T06:00:00-07:00", True),
        ("2026-03-02T17:59:59-07:00", True),
        ("2026-03-02T18:00:00-07:00", False),
        ("2026-03-03T12:00:00-07:00", False),
    ],
)
def test_a_day_shift_covers_its_hours_on_its_days(world: World, at: str, covered: bool) -> None:
    assert a_shift(world, "06:00", "18:00", 0).covers(local(at)) is covered


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        ("2026-03-02T17:59:00-07:00", False),
        ("2026-03-02T18:00:00-07:00", True),
        ("2026-03-03T05:59:00-07:00", True),
        ("2026-03-03T06:00:00-07:00", False),
        ("2026-03-03T20:00:00-07:00", False),
        ("2026-03-02T03:00:00-07:00", False),
    ],
)
def test_a_night_shift_ends_on_the_next_day(world: World, at: str, covered: bool) -> None:
    assert a_shift(world, "18:00", "06:00", 0).covers(local(at)) is covered


def test_a_shift_follows_the_clock_on_the_wall_through_summer_time(world: World) -> None:
    shift = a_shift(world, "06:00", "18:00", *range(7))

    assert shift.covers(datetime(2026, 7, 1, 12, 30, tzinfo=UTC))
    assert not shift.covers(datetime(2026, 1, 1, 12, 30, tzinfo=UTC))


@pytest.mark.usefixtures("db")
def test_the_demonstration_county_loads_and_has_what_it_promises() -> None:
    loaded = load_county(demo.county(), actor="system:setup", now=NOW, password=PASSWORD)

    assert loaded.people == 60
    kinds = list(Agency.objects.values_list("kind", flat=True))
    assert kinds.count("police") == 3
    assert (kinds.count("dispatch"), kinds.count("sheriff"), kinds.count("fire")) == (2, 1, 1)
    assert Area.objects.count() == 4
    assert Person.objects.get(login="reed").supervisor is not None
    assert all(Person.objects.get(login=login).check_password(PASSWORD) for login, _ in demo.LOGINS)


@pytest.mark.usefixtures("db")
def test_loading_again_changes_and_doubles_nothing() -> None:
    for password in (PASSWORD, "another password"):
        load_county(demo.county(), actor="system:setup", now=NOW, password=password)

    assert Person.objects.count() == 60
    reed = Person.objects.get(login="reed")
    assert reed.addresses.count() == reed.shifts.count() == 1
    assert reed.check_password(PASSWORD)


def changed(change: Any) -> bytes:
    """The demonstration county with one thing changed."""
    county = json.loads(demo.county())
    change(county)
    return json.dumps(county).encode()


def point(county: dict[str, Any]) -> None:
    county["areas"]["features"][0]["geometry"]["coordinates"] = [[[0, 0], [1, 1]]]


def bow_tie(county: dict[str, Any]) -> None:
    ring = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
    county["areas"]["features"][0]["geometry"]["coordinates"] = [ring]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"", "not JSON"),
        (b"[]", "the whole"),
        (changed(lambda c: c.pop("people")), "people"),
        (changed(lambda c: c["people"][0].update(agency="nowhere")), "nowhere"),
        (changed(lambda c: c["people"][0].update(supervisor="nobody")), "nobody"),
        (changed(lambda c: c["people"][0].update(roles=["king"])), "people.0.roles"),
        (changed(lambda c: c["people"][0]["shifts"][0].update(starts="25:00")), "starts"),
        (changed(lambda c: c["agencies"][2].update(center="nowhere")), "nowhere"),
        (changed(lambda c: c["agencies"][0].update(zone="Mars/Olympus")), "Mars/Olympus"),
        (changed(lambda c: c["people"].append(c["people"][0])), "'dana' stands twice"),
        (changed(lambda c: c["people"][0]["addresses"][0].update(channel="pigeon")), "pigeon"),
        (changed(point), "harlowe"),
        (changed(bow_tie), "crosses itself"),
    ],
)
def test_a_county_file_that_does_not_fit_changes_nothing(raw: bytes, named: str) -> None:
    with pytest.raises(BadCounty) as refusal:
        load_county(raw, actor="system:setup", now=NOW)

    assert named in refusal.value.for_person()
    assert not Agency.objects.exists()
    assert not Entry.objects.exists()


def test_only_an_administrator_loads_a_county(world: World) -> None:
    with pytest.raises(NotAllowed):
        load_county(demo.county(), actor=world.ortiz, now=NOW)


@pytest.mark.usefixtures("db")
def test_an_empty_installation_has_one_administrator_who_must_change_his_password() -> None:
    person = make_first_administrator("one time only 17", now=NOW)

    assert person.must_change_password
    with pytest.raises(OutOfTurn):
        make_first_administrator("again and again", now=NOW)

    change_password(person, old="one time only 17", new="my own long words", now=NOW)
    person.refresh_from_db()
    assert not person.must_change_password
    assert person.check_password("my own long words")


@pytest.mark.parametrize(
    ("old", "new"),
    [("wrong", "my own long words"), (PASSWORD, "short"), (PASSWORD, "password1234")],
)
def test_a_password_is_changed_by_its_owner_and_never_to_a_weak_one(
    world: World, old: str, new: str
) -> None:
    with pytest.raises(NotAllowed):
        change_password(world.reed, old=old, new=new, now=NOW)

    world.reed.refresh_from_db()
    assert world.reed.check_password(PASSWORD)


def test_a_key_is_shown_once_and_known_by_its_digest(world: World) -> None:
    secret = make_key("recorder", world.north, actor="system:command", now=NOW)

    assert find_key(secret).center == world.north
    assert not Entry.objects.filter(facts__icontains=secret).exists()
    with pytest.raises(NotFound):
        find_key(secret[:-1])
    with pytest.raises(OutOfTurn):
        make_key("recorder", world.north, actor="system:command", now=NOW)
