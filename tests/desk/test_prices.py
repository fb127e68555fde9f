"""The price of an order: from files or assumptions, asked, computed in a process, shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.clock import on_the_wall
from tests.histories import COLUMNS, ROSTER, a_history, calls_csv, compute
from tests.postures import a_standing_order
from tests.visiting import at, main_of
from tests.world import NOW, World, minutes
from tocsin.desk.records.boards.prices import price_page
from tocsin.desk.records.commands.histories import give_history, give_roster
from tocsin.desk.records.commands.prices import ask_price, record_price_trouble
from tocsin.desk.records.models import CallHistory, Entry, Exhibit, Order, Price, Roster
from tocsin.desk.records.pricing import Wanted, unpriced
from tocsin.errors import InputError, NotAllowed, OutOfTurn
from tocsin.posture import Measure
from tocsin.posture.price import price_from_json

PROPOSED: dict[str, Any] = {"state": Order.State.PROPOSED, "ordered_at": None, "ordered_by": None}


@pytest.fixture
def order(world: World) -> Order:
    return a_standing_order(world, **PROPOSED)


def page_of(world: World, order: Order) -> str:
    return main_of(at(world.ortiz).get(f"/orders/{order.number}/price"))


def test_calls_that_were_given_are_sealed_and_on_record(world: World) -> None:
    row = a_history(world)

    assert row.calls == 630
    assert set(row.kinds) == {"FIGHT", "NOISE"}
    assert sum(row.priorities.values()) == 630
    assert row.exhibit.kind == Exhibit.Kind.TABLE
    assert row.exhibit.size == len(calls_csv())
    assert Entry.objects.filter(action="calls given", actor="person:ortiz").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b",FIGHT,1,", b",FIGHT,urgent,", "column 'priority': it is 'urgent'"),
        (b"time,type", b"when,type", "'time'"),
        (b",FIGHT,1,", b",FIGHT,1,extra,", "7 fields"),
    ],
)
def test_a_bad_file_names_what_is_wrong_and_nothing_is_kept(
    world: World, old: bytes, new: bytes, said: str
) -> None:
    raw = calls_csv(days=9).replace(old, new, 1)

    with pytest.raises(InputError) as error:
        give_history(world.north, raw, COLUMNS, name="x.csv", person=world.ortiz, now=NOW)

    assert said in error.value.what
    assert not CallHistory.objects.exists()
    assert not Exhibit.objects.filter(kind=Exhibit.Kind.TABLE).exists()


def test_only_an_administrator_or_who_orders_may_give_calls_and_cars(world: World) -> None:
    for person in (world.dana, world.sato, world.reed, world.vale):
        with pytest.raises(NotAllowed):
            give_roster(world.north, ROSTER, name="cars.csv", person=person, now=NOW)
    row = give_roster(world.north, ROSTER, name="cars.csv", person=world.adams, now=NOW)

    assert (row.beats, row.most_cars) == (2, 8)


def test_without_calls_the_page_says_so_and_nothing_is_asked(world: World, order: Order) -> None:
    with pytest.raises(OutOfTurn, match="no history of calls"):
        ask_price(order, person=world.ortiz, now=NOW)

    assert "No price: the center gave no history of calls." in page_of(world, order)
    assert not Price.objects.exists()


def test_a_price_is_computed_from_a_roster_and_shown_with_all_that_was_assumed(
    world: World, order: Order
) -> None:
    a_history(world)
    give_roster(world.north, ROSTER, name="cars.csv", person=world.ortiz, now=NOW)
    wanted = Wanted(hours=168, priorities=(1,))
    row = ask_price(order, person=world.sato, now=on_the_wall(), wanted=wanted)
    assert "The price is being computed." in page_of(world, order)

    compute(row, now=NOW + minutes(1))

    row.refresh_from_db()
    assert row.state == Price.State.DONE
    found = price_from_json(row.answer)
    cars = {form.key: form.figure("cars") for form in found.forms}
    assert {key: one.mean for key, one in cars.items() if one} == {
        "as_now": 8, "two_to_a_car": 4, "two_cars_to_a_call": 8, "two_cars_to_some": 8,
    }  # fmt: skip
    page = page_of(world, order)
    assert "Two to a car this order" in page
    assert "4.0 cars on the road, 4.0 fewer than now." in page
    assert "Two cars to priority 1 only" in page
    assert "Priority 1: all cars there, mean minutes" in page
    assert "Cars drive 40 km/h" in page
    assert "Today one car goes to every call." in page
    assert "San Diego" in page
    assert "calls.csv: 630 calls" in page
    assert "recommends nothing" in page


def test_where_a_priority_has_hardly_a_call_the_page_says_that_its_minutes_are_not_known(
    world: World, order: Order
) -> None:
    a_history(world, raw=calls_csv(days=80, a_day=3))
    give_roster(world.north, ROSTER, name="cars.csv", person=world.ortiz, now=NOW)
    wanted = Wanted(hours=4, priorities=(1,))

    compute(ask_price(order, person=world.sato, now=NOW, wanted=wanted), now=NOW + minutes(1))

    page = page_of(world, order)
    assert "Priority 1: all cars there, mean minutes" not in page
    assert "calls in this time: too few for mean minutes; ask for a longer time." in page
    assert "recommended" not in page


def test_the_same_facts_give_the_same_price(world: World, order: Order) -> None:
    a_history(world)
    first = ask_price(order, person=world.ortiz, now=NOW)
    compute(first)
    second = ask_price(order, person=world.ortiz, now=NOW)
    compute(second)

    assert first.pk != second.pk
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.answer == second.answer


def test_without_a_roster_one_is_assumed_from_the_shifts_and_the_price_says_so(
    world: World,
) -> None:
    order = a_standing_order(world, agencies=[world.harlow_pd, world.sheriff], **PROPOSED)
    a_history(world)
    row = ask_price(order, person=world.ortiz, now=NOW)
    asked = unpriced(row.pk)
    assert asked
    assert asked.cars
    # Reed and Boone always work; Ortiz commands, Kim has no shift.
    assert {beat.key: max(beat.cars) for beat in asked.cars.beats} == {"harlow": 1, "calder": 1}
    assert all(min(beat.cars) == 1 for beat in asked.cars.beats)

    compute(row)

    page = page_of(world, order)
    assert "The center gave no roster. It is assumed from the people and shifts on record" in page
    assert "Harlow Police" in page


def test_a_form_for_which_there_are_too_few_cars_is_left_out_and_named(
    world: World, order: Order
) -> None:
    a_history(world)
    row = ask_price(order, person=world.ortiz, now=NOW)

    compute(row)

    page = page_of(world, order)
    assert "Not computed, because the roster has too few cars in every hour: two to a car" in page


def test_a_price_asked_twice_is_computed_once_and_a_second_answer_changes_nothing(
    world: World, order: Order
) -> None:
    a_history(world)
    row = ask_price(order, person=world.ortiz, now=NOW)

    assert ask_price(order, person=world.sato, now=NOW + minutes(1)) == row
    record_price_trouble(row.pk, InputError("Too little.", way_out="Give more."), now=NOW)
    assert unpriced(row.pk) is None
    record_price_trouble(row.pk, InputError("Another."), now=NOW)

    row.refresh_from_db()
    assert (row.state, row.trouble) == (Price.State.FAILED, "Too little. Give more.")
    assert "No price could be computed. Too little. Give more." in page_of(world, order)
    assert Entry.objects.filter(action="price not computed").count() == 1


def test_too_little_history_is_said_and_not_computed_around(world: World, order: Order) -> None:
    a_history(world, raw=calls_csv(days=5))
    row = ask_price(order, person=world.ortiz, now=NOW)

    with pytest.raises(InputError, match="Nothing is foretold"):
        compute(row)


def test_a_price_that_never_came_may_be_asked_for_again(world: World, order: Order) -> None:
    a_history(world)
    first = ask_price(order, person=world.ortiz, now=NOW)
    later = NOW + timedelta(minutes=11)

    assert price_page(order, now=later).is_lost
    assert ask_price(order, person=world.ortiz, now=later) != first


def test_an_ended_order_has_no_new_price(world: World) -> None:
    order = a_standing_order(world, state=Order.State.STOOD_DOWN, ended_at=NOW)
    a_history(world)

    with pytest.raises(OutOfTurn):
        ask_price(order, person=world.ortiz, now=NOW)


def test_an_order_of_both_measures_is_compared_as_both(world: World) -> None:
    both = [Measure.TWO_TO_A_CAR.value, Measure.TWO_CARS_TO_A_CALL.value]
    order = a_standing_order(world, measures=both, call_types=["FIGHT"], **PROPOSED)
    a_history(world)
    give_roster(world.north, ROSTER, name="cars.csv", person=world.ortiz, now=NOW)

    row = ask_price(order, person=world.ortiz, now=NOW)

    asked = unpriced(row.pk)
    assert asked
    forms = {form.key: form for form in asked.forms}
    assert forms["both"].two_to_a_car
    assert forms["both"].two_cars.kinds == {"FIGHT"}
    assert asked.settings.begins_hour == 6 * 24 + 21, "Sunday, 21:00 in Denver"
    assert asked.settings.hours == 8


@pytest.mark.parametrize("hours", [0, 700])
def test_a_length_that_cannot_be_computed_is_refused(
    world: World, order: Order, hours: int
) -> None:
    a_history(world)

    with pytest.raises(InputError):
        ask_price(order, person=world.ortiz, now=NOW, wanted=Wanted(hours=hours))


def test_files_are_given_and_prices_asked_on_the_pages(world: World, order: Order) -> None:
    browser = at(world.ortiz)
    file = SimpleUploadedFile("calls.csv", calls_csv())
    names = {"at": "time", "kind": "type", "priority": "priority", "service_minutes": "minutes"}
    named = {**names, "longitude": "longitude", "latitude": "latitude"}
    assert browser.post("/price/calls", {"file": file, **named}).status_code == 302
    assert browser.post("/price/cars", {"file": SimpleUploadedFile("c.csv", ROSTER)}).status_code
    assert "630 calls" in main_of(browser.get("/price"))
    assert Roster.objects.get().beats == 2

    path = f"/orders/{order.number}/price"
    asked = {"hours": "24", "priorities": ["1"], "kinds": ["NOISE"], "service": "45, 20"}
    assert browser.post(f"{path}/ask", asked).status_code == 302

    wanted = Price.objects.get().assumed["wanted"]
    assert (wanted["hours"], wanted["kinds"], wanted["service"]) == (24, ["NOISE"], [45.0, 20.0])


def test_what_was_typed_wrongly_is_shown_again_with_the_reason(world: World, order: Order) -> None:
    browser = at(world.ortiz)
    file = SimpleUploadedFile("calls.csv", b"time,kind\n1,2\n")
    answer = browser.post("/price/calls", {"file": file, "at": "time", "kind": "WHAT"})
    assert answer.status_code == 422
    assert 'value="WHAT"' in answer.content.decode()
    assert browser.post("/price/calls", {"at": "time"}).status_code == 422

    a_history(world)
    path = f"/orders/{order.number}/price/ask"
    for bad in (
        {"hours": "many"},
        {"hours": "8", "service": "nan"},
        {"hours": "8", "speed_kmh": "x"},
    ):
        assert browser.post(path, bad).status_code == 422, bad
    assert not Price.objects.exists()


def test_who_sees_and_who_asks(world: World, order: Order) -> None:
    a_history(world)
    path = f"/orders/{order.number}/price"
    seen = {one.login: at(one).get(path).status_code for one in world.everybody()}
    asks = {one.login: at(one).post(f"{path}/ask").status_code for one in world.everybody()}
    tables = {one.login: at(one).get("/price").status_code for one in world.everybody()}

    assert {login for login, status in seen.items() if status == 200} == {
        "dana", "sato", "ortiz", "vale",
    }  # fmt: skip
    assert {login for login, status in asks.items() if status == 302} == {"sato", "ortiz"}
    assert {login for login, status in tables.items() if status == 200} == {
        "dana", "sato", "ortiz", "vale", "adams", "frey",
    }  # fmt: skip
    assert "calls.csv" not in main_of(at(world.frey).get("/price"))
