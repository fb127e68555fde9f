"""Who is told of an order, of its end and of who stands against it; and that drills never leave."""

from dataclasses import replace

import pytest

from tests.orders import a_proposal, an_order, order_facts, warned_threat
from tests.sending import record_failure, taken
from tests.visiting import questions
from tests.world import ALWAYS, NOW, World, a_person, a_threat, minutes, the_draft
from tocsin.assess import Role
from tocsin.desk.people.models import Address, Duty, Person, Shift
from tocsin.desk.records.audience import audience_of
from tocsin.desk.records.commands import (
    bulletins,
    drills,
    endings,
    orderjoining,
    orders,
    ordertold,
)
from tocsin.desk.records.models import Bulletin, Delivery, Entry, Order, Task, Threat
from tocsin.desk.records.values import content_from
from tocsin.errors import Undeliverable
from tocsin.warn import DeliveryState

ORDER, STAND_DOWN = Delivery.Purpose.ORDER, Delivery.Purpose.STAND_DOWN


def told(order: Order, purpose: str = ORDER) -> list[str]:
    rows = Delivery.objects.filter(order=order, purpose=purpose).order_by("person__login")
    return list(rows.values_list("person__login", flat=True))


def works(person: Person) -> None:
    Shift.objects.create(person=person, name="late", **ALWAYS)


def reachable(person: Person) -> None:
    Address.objects.create(person=person, channel="memory", value=f"{person.login}@example.org")


def test_an_order_is_told_to_the_bulletins_people_and_to_who_works_in_its_agencies(
    world: World,
) -> None:
    threat = warned_threat(world)
    # Of those whom the bulletin concerns only Dana was reached: she is of no agency of the order.
    Delivery.objects.filter(person=world.dana).update(state=DeliveryState.SENT.value)
    was_told = set(
        Delivery.objects.filter(state=DeliveryState.SENT.value).values_list(
            "person__login", flat=True
        )
    )
    row = an_order(world, threat)

    assert set(told(row)) == {"ortiz", "reed"} | was_told
    assert "kim" not in told(row)
    message = row.deliveries.get(person=world.reed)
    assert message.bulletin == row.bulletin
    assert "Two officers to every car." in message.text
    assert row.number in message.text
    assert "The caller means whoever is alone." in message.text
    assert message.state == DeliveryState.QUEUED.value
    assert message.recipient is None


def test_everybody_whom_the_bulletin_reached_is_told_also_off_duty(world: World) -> None:
    threat = warned_threat(world)
    Delivery.objects.update(state=DeliveryState.SENT.value)
    Duty.objects.create(
        person=world.boone, is_on=False, starts_at=NOW, ends_at=NOW + minutes(600),
        because="home", entered_by=world.sato, entered_at=NOW,
    )  # fmt: skip
    bulletin_people = set(
        Delivery.objects.filter(purpose="bulletin").values_list("person__login", flat=True)
    )

    row = an_order(world, threat)

    assert bulletin_people <= set(told(row))


def test_an_order_of_a_ground_is_told_to_the_agencies_that_answer_for_it(world: World) -> None:
    row = an_order(world, agencies=frozenset(), areas=frozenset({"calder"}))

    assert "boone" in told(row)


def test_who_has_no_address_is_a_task_once(world: World) -> None:
    works(world.kim)
    row = an_order(world)

    tasks = Task.objects.filter(kind=ordertold.NO_ADDRESS, subject__startswith="order:")
    [task] = tasks
    assert "Kim U-kim has no address and cannot be told of the order P-2026-000001" in task.sentence

    tasks.update(done_at=NOW)
    assert ordertold.tell_late(now=NOW + minutes(1)) == 0
    assert not Task.objects.filter(subject__startswith="order:", done_at=None).exists()
    assert Entry.objects.get(subject=f"order:{row.number}", action="order told").facts[
        "no_address"
    ] == ["person:kim"]


def test_who_comes_on_duty_later_is_told_once(world: World) -> None:
    row = an_order(world)
    assert ordertold.tell_late(now=NOW + minutes(1)) == 0
    reachable(world.kim)
    works(world.kim)

    assert ordertold.tell_late(now=NOW + minutes(30)) == 1
    assert ordertold.tell_late(now=NOW + minutes(31)) == 0

    assert told(row).count("kim") == 1
    assert row.deliveries.get(person=world.kim).queued_at == NOW + minutes(30)


def test_nobody_is_told_late_of_an_order_that_is_over(world: World) -> None:
    row = an_order(world)
    orders.stand_down(row, "He was found.", person=world.ortiz, now=NOW + minutes(5))
    reachable(world.kim)
    works(world.kim)

    assert ordertold.tell_late(now=NOW + minutes(30)) == 0


def test_a_stand_down_reaches_all_who_were_told_whatever_became_of_the_message(
    world: World,
) -> None:
    row = an_order(world)
    record_failure(
        taken(row.deliveries.get(person=world.reed), now=NOW),
        Undeliverable("No such address."),
        now=NOW,
    )
    Duty.objects.create(
        person=world.ortiz, is_on=False, starts_at=NOW, ends_at=NOW + minutes(600),
        because="home", entered_by=world.sato, entered_at=NOW,
    )  # fmt: skip
    before = set(told(row))
    reachable(world.kim)
    works(world.kim)

    orders.stand_down(row, "He was found.", person=world.ortiz, now=NOW + minutes(5))

    assert set(told(row, STAND_DOWN)) == before | {"kim"}
    message = row.deliveries.get(person=world.ortiz, purpose=STAND_DOWN)
    assert "He was found." in message.text
    assert "STOOD DOWN" in message.text


def test_what_of_an_order_still_waits_is_not_sent_after_its_end(world: World) -> None:
    row = an_order(world)

    orders.stand_down(row, "He was found.", person=world.ortiz, now=NOW + minutes(5))

    states = set(row.deliveries.filter(purpose=ORDER).values_list("state", flat=True))
    assert states == {DeliveryState.WITHDRAWN.value}
    waiting = row.deliveries.filter(state=DeliveryState.QUEUED.value)
    assert set(waiting.values_list("purpose", flat=True)) == {STAND_DOWN.value}


def test_the_end_of_the_bulletin_does_not_stop_the_messages_of_the_order(world: World) -> None:
    row = an_order(world)
    bulletin = Bulletin.objects.get(state=Bulletin.State.RELEASED)

    endings.cancel(bulletin, because="He was found.", person=world.ortiz, now=NOW + minutes(1))

    states = set(row.deliveries.filter(purpose=ORDER).values_list("state", flat=True))
    assert states == {DeliveryState.QUEUED.value}


def test_the_people_of_an_agency_that_joins_are_told_and_told_when_it_leaves(world: World) -> None:
    row = an_order(world)
    assert "boone" not in told(row)
    chief = a_person("haas", world.sheriff, Role.WATCH_COMMANDER)

    orderjoining.join_order(row, world.sheriff, "We ride with them.", person=chief, now=NOW)

    assert told(row).count("boone") == 1
    message = row.deliveries.get(person=world.boone)
    assert "Calder Sheriff, Harlow Police" in message.text

    orderjoining.leave_order(row, world.sheriff, "Too few.", person=chief, now=NOW + minutes(1))

    assert told(row, STAND_DOWN) == ["boone"]
    last = row.deliveries.get(person=world.boone, purpose=STAND_DOWN)
    assert "Calder Sheriff has left this order: Too few." in last.text
    assert ordertold.tell_late(now=NOW + minutes(2)) == 0


def test_an_officer_of_a_joined_agency_who_comes_later_is_told(world: World) -> None:
    row = an_order(world)
    chief = a_person("haas", world.sheriff, Role.WATCH_COMMANDER)
    orderjoining.join_order(row, world.sheriff, "We ride with them.", person=chief, now=NOW)
    a_person("late", world.sheriff, Role.OFFICER, channel="memory")

    assert ordertold.tell_late(now=NOW + minutes(3)) == 1
    assert "late" in told(row)


def test_a_supervisor_is_told_who_stands_against_the_order(world: World) -> None:
    row = an_order(world)

    ordertold.queue_breach(
        row, world.ortiz, ["2A14 Reed: alone in a car"], minutes=3, now=NOW + minutes(3)
    )

    message = row.deliveries.get(purpose=Delivery.Purpose.BREACH)
    assert message.person == world.ortiz
    assert "2A14 Reed: alone in a car" in message.text
    assert "3 min" in message.text
    assert row.number in message.text


def test_the_order_of_a_drill_never_leaves_and_ends_with_it(world: World) -> None:
    drill = drills.start_drill(world.north, title="Practice", case=None, person=world.sato, now=NOW)
    assert drill.threat
    bulletin = bulletins.edit_draft(
        the_draft(drill.threat), an_edit(drill.threat), person=world.sato, now=NOW
    )
    bulletins.release(bulletin, person=world.ortiz, now=NOW)
    row = an_order(world, drill.threat)

    assert row.number.startswith("XP-")
    assert {one.is_exercise for one in row.deliveries.all()} == {True}
    assert all("EXERCISE" in one.text for one in row.deliveries.all())

    drills.end_drill(drill, person=world.sato, now=NOW + minutes(9))

    row.refresh_from_db()
    assert row.state == Order.State.STOOD_DOWN
    assert {one.is_exercise for one in row.deliveries.all()} == {True}
    assert not Task.objects.filter(done_at=None, subject__contains=row.number).exists()


def an_edit(threat: Threat) -> bulletins.Edit:
    """The draft with a line, to whom it went before."""
    draft = the_draft(threat)
    words = replace(content_from(draft.content), safety_line="OFFICER SAFETY: practice")
    return bulletins.Edit(content=words, audience=audience_of(draft))


def test_thousands_are_told_with_few_questions(world: World) -> None:
    people = [
        Person(
            login=f"o{number}", name=f"O{number}", agency=world.harlow_pd,
            roles=[Role.OFFICER.value], unit=f"U{number}", password="!",
        )
        for number in range(300)
    ]  # fmt: skip
    Person.objects.bulk_create(people)
    Shift.objects.bulk_create(Shift(person=one, name="always", **ALWAYS) for one in people)
    Address.objects.bulk_create(
        Address(person=one, channel="memory", value=f"{one.login}@example.org") for one in people
    )
    threat = a_threat(world)
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    row = a_proposal(world, threat)

    with questions(at_most=60):
        orders.make_order(row, person=world.ortiz, now=NOW)

    assert len(told(row)) >= 300


def test_a_second_order_is_told_beside_the_first(world: World) -> None:
    first = an_order(world)
    second = orders.make_order(
        orders.propose_order(
            first.threat, order_facts(because="More."), person=world.sato, now=NOW
        ),
        person=world.ortiz,
        now=NOW,
    )
    orders.stand_down(first, "One is enough.", person=world.ortiz, now=NOW + minutes(1))

    assert told(second, STAND_DOWN) == []
    assert set(second.deliveries.values_list("state", flat=True)) == {DeliveryState.QUEUED.value}


@pytest.mark.parametrize("purpose", [ORDER, STAND_DOWN])
def test_the_log_has_whom_it_was_told_to(world: World, purpose: str) -> None:
    row = an_order(world)
    orders.stand_down(row, "He was found.", person=world.ortiz, now=NOW + minutes(1))

    action = "order told" if purpose == ORDER else "stand-down told"
    entry = Entry.objects.get(subject=f"order:{row.number}", action=action)
    assert set(entry.facts["people"]) == {f"person:{login}" for login in told(row, purpose)}
