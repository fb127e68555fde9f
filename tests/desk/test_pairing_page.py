"""The pairing plan on its page: from the units as they are known, and people's words on pairs."""

from datetime import datetime, time, timedelta
from typing import Any

import pytest

from tests.clock import on_the_wall
from tests.postures import LAT, LON, a_standing_order, a_unit, an_officer, put_units
from tests.visiting import at, main_of
from tests.world import NOW, World, minutes
from tocsin.desk.people.models import Duty, Shift
from tocsin.desk.records.boards.pairing import PairingPage, pairing_page
from tocsin.desk.records.commands.pairing import end_word, say_pair
from tocsin.desk.records.duty import with_duty
from tocsin.desk.records.lonecrews import shift_end
from tocsin.desk.records.models import Entry, PairingWord
from tocsin.errors import InputError, MissingReason, NotAllowed, NotFound, OutOfTurn
from tocsin.posture import Assignment, CrewRole, Position, Status, Unit, UnitKind

A, B, C, D = (f"harlow-pd/{sign}" for sign in ("1A", "2B", "3C", "4D"))


def lone(sign: str, *, east: float = 0.0, now: datetime = NOW, **more: Any) -> Unit:
    """A car with one officer, so many degrees east."""
    where = Position(lon=LON + east, lat=LAT, at=now)
    return a_unit(sign, an_officer(sign), now=now, **{"position": where, **more})


def four(now: datetime = NOW) -> list[Unit]:
    """1A and 2B are near each other, so are 3C and 4D."""
    places = {"1A": 0.0, "2B": 0.005, "3C": 0.05, "4D": 0.055}
    return [lone(sign, east=east, now=now) for sign, east in places.items()]


def pairs(page: PairingPage) -> set[tuple[str, str]]:
    return {line.keys for line in page.pairs}


def page_of(world: World, *, now: datetime = NOW) -> PairingPage:
    page = pairing_page(world.north, now=now)
    assert not page.made.trouble
    return page


def test_the_near_ones_join_with_minutes_and_a_bound(world: World) -> None:
    a_standing_order(world)
    put_units(world.north, *four())

    page = page_of(world)

    assert pairs(page) == {(A, B), (C, D)}
    assert page.is_ordered
    assert all(int(line.minutes) <= 2 for line in page.pairs)
    assert page.gap == "0.0 %"
    assert page.greedy


def test_who_is_not_known_to_ride_alone_is_not_planned_and_named(world: World) -> None:
    a_standing_order(world)
    put_units(
        world.north,
        *four(),
        a_unit("5E", an_officer("reed"), an_officer("kim")),
        lone("6F", heard_at=NOW - minutes(10), reported_at=NOW - minutes(10)),
        lone("7G", status=Status.STATION),
        lone("8H", status=Status.OFF_DUTY),
        lone("9I", agency="calder-so"),
    )

    page = page_of(world)

    facts = page.made.facts
    assert facts
    assert {unit.key for unit in facts.situation.units} == {A, B, C, D}
    [(unit, why)] = facts.unplanned
    assert unit == "harlow-pd/6F"
    assert "was last heard of 10 min ago" in why
    assert facts.situation.beats[0].cars == 1, "5E has two officers already"


def test_an_old_position_is_dropped_and_a_busy_unit_is_left_with_its_reason(world: World) -> None:
    old = Position(lon=LON, lat=LAT, at=NOW - minutes(5))
    put_units(
        world.north,
        lone("1A", position=old),
        lone("2B", status=Status.ON_SCENE, assignment=Assignment(call="C-9")),
        lone("3C", kind=UnitKind.MOTORCYCLE),
        lone("4D"),
    )

    page = page_of(world)

    facts = page.made.facts
    assert facts
    units = {unit.key: unit for unit in facts.situation.units}
    assert units[A].spot is None
    assert units[B].is_busy
    assert not units[C].has_seat
    assert B in dict(page.left_over)
    assert not page.is_ordered


def test_a_trainee_and_a_supervisor_are_known_as_such(world: World) -> None:
    put_units(
        world.north,
        a_unit("1A", an_officer("new", CrewRole.TRAINEE), an_officer("reed")),
        a_unit("2B", an_officer("sato")),
    )

    facts = page_of(world).made.facts

    assert facts
    units = {unit.key: unit for unit in facts.situation.units}
    assert not units[A].is_trainee, "an officer is with him"
    assert units[B].is_supervisor


def test_shift_ends_come_from_people_on_record(world: World) -> None:
    Shift.objects.create(
        person=world.kim, name="late", weekdays=list(range(7)), starts=time(14), ends=time(23)
    )
    [kim, reed] = [with_duty(type(world.kim).objects.filter(pk=one.pk)).get() for one in (
        world.kim, world.reed,
    )]  # fmt: skip
    assert shift_end(kim, now=NOW) == NOW.replace(hour=6, minute=0, second=0), "23:00 in Denver"
    assert shift_end(reed, now=NOW) is None, "he always works"
    Duty.objects.create(
        person=world.kim, is_on=True, starts_at=NOW - minutes(5), ends_at=NOW + minutes(90),
        because="held over", entered_by=world.sato, entered_at=NOW,
    )  # fmt: skip
    kim = with_duty(type(world.kim).objects.filter(pk=world.kim.pk)).get()
    assert shift_end(kim, now=NOW) == NOW + minutes(90)

    put_units(world.north, a_unit("1A", an_officer("kim")), lone("2B"))
    facts = page_of(world).made.facts
    assert facts
    ends = {unit.key: unit.shift_ends_at for unit in facts.situation.units}
    assert ends == {A: NOW + minutes(90), B: None}


# People's words


def test_a_pair_that_a_person_fixed_stands_and_one_that_he_forbade_does_not(world: World) -> None:
    put_units(world.north, *four())
    say_pair((D, A), is_pair=True, because="They know the bank.", person=world.ortiz, now=NOW)

    page = page_of(world)

    assert pairs(page) == {(A, D), (B, C)}
    [fixed] = [line for line in page.pairs if line.is_fixed]
    assert fixed.keys == (A, D)
    end_word(PairingWord.objects.get().pk, person=world.sato, now=NOW)
    say_pair((A, B), is_pair=False, because="Last night.", person=world.sato, now=NOW)
    assert (A, B) not in pairs(page_of(world, now=NOW + timedelta(seconds=1)))
    said = Entry.objects.filter(subject__startswith="pairing:").order_by("seq")
    assert list(said.values_list("action")) == [
        ("pair fixed",), ("word on a pair taken back",), ("pair forbidden",),
    ]  # fmt: skip


def test_a_word_on_a_unit_that_is_not_alone_does_not_count_and_says_so(world: World) -> None:
    put_units(world.north, *four())
    say_pair((A, B), is_pair=True, because="Partners.", person=world.ortiz, now=NOW)
    put_units(world.north, a_unit("2B", an_officer("reed"), an_officer("kim")))

    page = page_of(world, now=NOW + timedelta(seconds=6))

    facts = page.made.facts
    assert facts
    [(word, why)] = facts.unheeded
    assert (word.one, word.other) == (A, B)
    assert f"{B} is not known to ride alone now." in why


def test_a_word_needs_a_reason_two_units_that_are_there_and_no_other_word(world: World) -> None:
    put_units(world.north, *four())

    def say(one: str, other: str, *, because: str = "So.", is_pair: bool = True) -> PairingWord:
        return say_pair((one, other), is_pair=is_pair, because=because, person=world.sato, now=NOW)

    with pytest.raises(MissingReason):
        say(A, B, because=" ")
    with pytest.raises(InputError):
        say(A, A)
    with pytest.raises(NotFound):
        say(A, "harlow-pd/ghost")
    say(A, B)
    with pytest.raises(OutOfTurn, match="already"):
        say(B, A, is_pair=False)
    with pytest.raises(OutOfTurn, match="another pair"):
        say(B, C)
    for person in (world.dana, world.vale, world.reed, world.adams):
        with pytest.raises(NotAllowed):
            say_pair((C, D), is_pair=True, because="So.", person=person, now=NOW)


def test_a_word_of_another_center_cannot_be_ended(world: World) -> None:
    put_units(world.north, *four())
    word = say_pair((A, B), is_pair=True, because="So.", person=world.sato, now=NOW)
    type(world.frey).objects.filter(pk=world.frey.pk).update(roles=["supervisor"])
    world.frey.refresh_from_db()

    with pytest.raises(NotFound):
        end_word(word.pk, person=world.frey, now=NOW)


# How often it is made


def test_a_plan_stands_for_five_seconds_and_while_no_unit_moves(world: World) -> None:
    put_units(world.north, *four())
    first = page_of(world).made

    put_units(world.north, *four()[:3])
    assert page_of(world, now=NOW + timedelta(seconds=4)).made is first
    second = page_of(world, now=NOW + timedelta(seconds=6)).made
    assert second is not first
    assert second.version > first.version
    assert page_of(world, now=NOW + timedelta(seconds=20)).made is second, "nobody moved"
    assert page_of(world, now=NOW + timedelta(seconds=90)).made is not second


# The page


def test_the_page_shows_the_plan_and_takes_words(world: World) -> None:
    now = on_the_wall()
    a_standing_order(world, now=now)
    put_units(world.north, *four(now), now=now)
    browser = at(world.sato)
    page = main_of(browser.get("/pairing"))

    assert "Pairs 2" in page
    assert "It orders nobody" in page.replace("it orders", "It orders")
    assert "the plain rule, nearest first" in page
    words = {"one": A, "other": C, "because": "<b>so</b>", "word": "pair"}
    assert browser.post("/pairing/word", words).status_code == 302
    answer = browser.get("/pairing")
    assert f"{A} and {C} together" in main_of(answer)
    assert "<b>so" not in answer.content.decode()
    assert browser.post("/pairing/word", {**words, "because": ""}).status_code == 422
    row = PairingWord.objects.get()
    assert browser.post(f"/pairing/words/{row.pk}/end").status_code == 302
    assert browser.post("/pairing/words/999999/end").status_code == 404


def test_without_units_and_without_an_order_the_page_says_so(world: World) -> None:
    page = main_of(at(world.ortiz).get("/pairing"))

    assert "No order in force demands two to a car." in page
    assert "no unit is known to ride alone" in page


def test_the_page_is_for_those_who_see_calls(world: World) -> None:
    seen = {one.login: at(one).get("/pairing").status_code for one in world.everybody()}

    assert {login for login, status in seen.items() if status == 200} == {
        "dana", "sato", "ortiz", "vale", "frey",
    }  # fmt: skip
