"""Whoever supervises somebody who is alone hears of it again and again, or it is a task."""

from datetime import timedelta

import pytest

from tests.postures import a_standing_order, a_unit, an_officer, put_units
from tests.world import NOW, World, a_threat, the_draft
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.commands.breaches import excuse_breach
from tocsin.desk.records.commands.breachladder import move_breaches
from tocsin.desk.records.commands.watch import judge_units
from tocsin.desk.records.crews import find_people
from tocsin.desk.records.models import Breach, BreachMove, Delivery, Entry, Order, Task
from tocsin.posture import Unit

MINUTE = timedelta(minutes=1)


@pytest.fixture
def order(world: World) -> Order:
    """In force, with the bulletin by whose machinery it is told."""
    threat = a_threat(world)
    bulletin = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    return a_standing_order(world, threat=threat, bulletin=bulletin)


def alone(world: World, *units: Unit) -> None:
    """The units are known, and judged."""
    put_units(world.north, *(units or (a_unit("C12", an_officer("reed")),)))
    judge_units(world.north, None, now=NOW)


def told() -> list[tuple[str, str]]:
    rows = Delivery.objects.filter(purpose=Delivery.Purpose.BREACH).order_by("pk")
    return [(row.person.login, row.text) for row in rows]


def test_his_supervisor_is_told_after_a_minute_and_the_commander_after_three(
    world: World, order: Order
) -> None:
    world.reed.supervisor = world.sato
    world.reed.save()
    alone(world)

    assert move_breaches(now=NOW + MINUTE - timedelta(seconds=1)) == 0
    assert move_breaches(now=NOW + MINUTE) == 1
    assert [who for who, _ in told()] == ["sato"]
    assert "C12" in told()[0][1]
    assert order.number in told()[0][1]
    assert move_breaches(now=NOW + 2 * MINUTE) == 0
    assert move_breaches(now=NOW + 3 * MINUTE) == 1
    assert [who for who, _ in told()] == ["sato", "ortiz"]
    assert move_breaches(now=NOW + 18 * MINUTE) == 1
    assert [who for who, _ in told()] == ["sato", "ortiz", "ortiz"]
    moves = BreachMove.objects.order_by("number").values_list("number", "outcome")
    assert list(moves) == [
        (0, "message queued to Sato"),
        (1, "message queued to Ortiz"),
        (2, "message queued to Ortiz"),
    ]
    assert Entry.objects.filter(action="breach told").count() == 3


def test_many_units_of_one_supervisor_are_one_message(world: World, order: Order) -> None:
    alone(
        world,
        a_unit("C12", an_officer("reed"), position=None),
        a_unit("C14", an_officer("kim"), position=None),
        a_unit("C16", an_officer("nobody on record"), position=None),
    )

    move_breaches(now=NOW + MINUTE)

    (message,) = told()
    assert message[0] == "ortiz"
    assert all(sign in message[1] for sign in ("C12", "C14", "C16"))
    assert "Reed" in message[1]


def test_where_nobody_can_be_told_it_is_a_task(world: World, order: Order) -> None:
    world.ortiz.addresses.all().delete()
    alone(world)

    move_breaches(now=NOW + MINUTE)

    assert told() == []
    task = Task.objects.get(kind="alone, nobody told")
    assert "harlow-pd/C12" in task.sentence
    assert BreachMove.objects.get().outcome == "nobody can be told: a task"


def test_an_excused_breach_is_told_to_nobody(world: World, order: Order) -> None:
    alone(world)
    excuse_breach(
        Breach.objects.get(),
        because="escorts the ambulance",
        until=NOW + 30 * MINUTE,
        person=world.ortiz,
        now=NOW,
    )

    assert move_breaches(now=NOW + 5 * MINUTE) == 0
    assert told() == []


def test_a_breach_that_is_over_is_told_to_nobody(world: World, order: Order) -> None:
    alone(world)
    soon = NOW + timedelta(seconds=30)
    put_units(world.north, a_unit("C12", an_officer("reed"), an_officer("kim"), now=soon))
    judge_units(world.north, None, now=soon)

    assert move_breaches(now=NOW + MINUTE) == 0


def test_people_are_found_by_login_by_name_and_by_call_sign(world: World) -> None:
    kim = Person.objects.get(login="kim")
    kim.unit = "C14"
    kim.save()

    found = find_people(
        {
            "harlow-pd/C12": ["person:reed", "Vale"],
            "harlow-pd/C14": [],
            "calder-so/C14": [],
            "calder-so/C15": ["Vale"],
        }
    )

    assert [one.login for one in found["harlow-pd/C12"]] == ["reed", "vale"]
    assert found["harlow-pd/C14"] == (kim,)
    assert found["calder-so/C14"] == ()
    assert found["calder-so/C15"] == ()  # of that name, but another agency's
