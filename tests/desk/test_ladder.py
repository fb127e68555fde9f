"""The ladder: it moves as its plan says until each person has answered, and it is proved."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests.sending import send
from tests.world import ALWAYS, NOW, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.people.models import Address, Shift
from tocsin.desk.records.commands import acknowledgments, bulletins, endings, ladder
from tocsin.desk.records.models import Bulletin, Delivery, DeskNotice, Entry, Move, Recipient, Task
from tocsin.errors import OutOfTurn
from tocsin.warn import Step


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


def climb(until: timedelta) -> None:
    """The sweep of every second, as far as it matters: each half minute."""
    now = NOW
    while now <= NOW + until:
        while ladder.move_ladders(now=now):
            pass
        now += timedelta(seconds=30)


def steps_of(row: Recipient) -> list[str]:
    return [move.step for move in Move.objects.filter(recipient=row)]


def test_nobody_is_listed_before_two_minutes_and_everybody_silent_after(
    released: Bulletin, world: World
) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.dana), person=world.dana, now=NOW)

    assert ladder.move_ladders(now=NOW + timedelta(seconds=119)) == 0
    assert ladder.move_ladders(now=NOW + minutes(2)) == 3
    assert ladder.move_ladders(now=NOW + minutes(3)) == 0

    listed = Recipient.objects.filter(listed_at__isnull=False)
    assert {row.person.login for row in listed} == {"ortiz", "reed", "sato"}


def test_the_supervisor_of_who_stays_silent_is_told_his_name_once(
    released: Bulletin, world: World
) -> None:
    climb(minutes(6))

    told = Delivery.objects.get(purpose=Delivery.Purpose.LADDER)
    assert told.person == world.ortiz
    assert "Reed U-reed" in told.text
    assert "after 5 minutes" in told.text
    facts = Entry.objects.get(action="ladder: supervisor").facts["people"]
    assert "person:reed: message queued to supervisor Ortiz" in facts


def test_the_ladder_goes_on_to_commander_desk_and_air_and_never_ends_by_itself(
    released: Bulletin, world: World
) -> None:
    reed = recipient_of(released, world.reed)

    climb(minutes(45))

    assert steps_of(reed) == ["list", "supervisor", "commander", "desk", "air", "air", "air"]
    desk = released.desk_notices.get(agency=world.harlow_pd, way=DeskNotice.Way.CALL)
    assert desk.due_at <= NOW + minutes(10)
    assert released.desk_notices.filter(agency=world.north, way=DeskNotice.Way.RADIO).exists()


def test_every_move_says_when_it_was_due_when_it_was_made_and_what_came_of_it(
    released: Bulletin, world: World
) -> None:
    ladder.move_ladders(now=NOW + minutes(2) + timedelta(seconds=3))

    move = Move.objects.get(recipient__person=world.reed)
    assert (move.step, move.due_at) == ("list", NOW + minutes(2))
    assert move.moved_at == NOW + minutes(2) + timedelta(seconds=3)
    assert move.outcome == "on the list of who has not acknowledged"


def test_who_has_nobody_above_him_is_a_task(released: Bulletin, world: World) -> None:
    climb(minutes(5))

    without = Task.objects.filter(kind="not acknowledged")
    assert len(without) == 3
    assert all("no supervisor can be told" in task.sentence for task in without)


def test_who_acknowledged_in_time_never_moves_the_ladder(released: Bulletin, world: World) -> None:
    for row in released.recipients.all():
        acknowledgments.acknowledge(row, person=row.person, now=NOW + minutes(1))

    climb(minutes(20))

    assert not Move.objects.exists()
    assert not Delivery.objects.filter(purpose=Delivery.Purpose.LADDER).exists()


def test_an_answer_in_the_middle_stops_his_ladder_and_finishes_his_tasks(
    released: Bulletin, world: World
) -> None:
    climb(minutes(5))
    sato = recipient_of(released, world.sato)
    assert Task.objects.filter(subject=f"recipient:{sato.pk}", done_at=None).exists()

    acknowledgments.acknowledge(sato, person=world.sato, now=NOW + minutes(6))
    climb(minutes(20))

    assert steps_of(sato) == ["list", "supervisor"]
    assert not Task.objects.filter(subject=f"recipient:{sato.pk}", done_at=None).exists()


def test_one_acknowledgment_never_stops_the_ladder_of_another(
    released: Bulletin, world: World
) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.ortiz), person=world.ortiz, now=NOW)

    climb(minutes(9))

    assert steps_of(recipient_of(released, world.reed)) == ["list", "supervisor", "commander"]


def test_the_ladder_stops_with_the_bulletin(released: Bulletin, world: World) -> None:
    endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW + minutes(1))

    climb(minutes(20))

    assert not Move.objects.filter(recipient__bulletin=released).exists()


def test_the_plan_is_the_one_of_the_release(
    released: Bulletin, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    released.refresh_from_db()
    plan = [(rung["step"], rung["after"]) for rung in released.plan["rungs"]]

    assert plan == [
        (Step.LIST, 120), (Step.SUPERVISOR, 300), (Step.COMMANDER, 480),
        (Step.DESK, 600), (Step.AIR, 720),
    ]  # fmt: skip
    assert released.plan["again_every"] == 900


def test_the_auditor_is_content_while_every_ladder_moves(released: Bulletin) -> None:
    climb(minutes(30))

    assert ladder.audit_ladders(now=NOW + minutes(30)) == 0

    released.refresh_from_db()
    assert released.audited_at == NOW + minutes(30)
    assert released.audit_trouble == ""


def test_the_auditor_raises_a_task_where_a_ladder_stands_still(
    released: Bulletin, world: World
) -> None:
    # As a fault would leave it: nothing says any more when the next move is due.
    released.recipients.filter(person=world.reed).update(rung_due_at=None)
    climb(minutes(3))

    assert ladder.audit_ladders(now=NOW + minutes(3)) == 1

    released.refresh_from_db()
    assert released.audit_trouble == "1 people's ladders have not moved as planned"
    assert "radio or telephone" in Task.objects.get(kind="ladder late").sentence


def test_the_auditor_gives_a_late_worker_a_little_time(released: Bulletin) -> None:
    at = NOW + settings.TOCSIN.warn.listed_after

    assert ladder.audit_ladders(now=at + timedelta(seconds=29)) == 0
    assert ladder.audit_ladders(now=at + timedelta(seconds=31)) == 4


def test_a_message_of_the_ladder_asks_for_no_acknowledgment(
    released: Bulletin, world: World
) -> None:
    climb(minutes(5))
    told = Delivery.objects.get(purpose=Delivery.Purpose.LADDER)

    with pytest.raises(OutOfTurn):
        acknowledgments.acknowledge_by_link(told.key, now=NOW)


def test_a_boss_without_an_address_is_a_task_and_the_others_still_move(
    released: Bulletin, world: World
) -> None:
    Address.objects.filter(person=world.ortiz).delete()

    climb(minutes(5))

    assert Task.objects.filter(subject=f"recipient:{recipient_of(released, world.reed).pk}")
    assert all(len(steps_of(row)) == 2 for row in released.recipients.all())


def test_the_watch_commander_is_the_one_on_duty_at_release(world: World) -> None:
    world.vale.roles = ["watch_commander"]
    world.vale.save()
    Shift.objects.filter(person=world.ortiz).delete()
    Shift.objects.create(person=world.vale, name="always", **ALWAYS)

    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)

    assert recipient_of(bulletin, world.reed).commander == world.vale


def test_a_ladder_that_is_behind_catches_up_one_rung_at_a_time(
    released: Bulletin, world: World
) -> None:
    send(released.deliveries.get(person=world.reed), now=NOW)
    late = NOW + minutes(9)

    for _ in range(3):
        assert ladder.move_ladders(now=late) == 4
    assert ladder.move_ladders(now=late) == 0

    assert steps_of(recipient_of(released, world.reed)) == ["list", "supervisor", "commander"]
