"""Who comes on duty, is moved or called back is told; who goes off is not chased."""

from datetime import timedelta

import pytest

from tests.world import (
    ALWAYS,
    NOW,
    World,
    a_person,
    a_threat,
    minutes,
    recipient_of,
    the_draft,
)
from tocsin.assess import Role
from tocsin.desk.people.models import Address, Duty, Person, Shift
from tocsin.desk.records.commands import (
    acknowledgments,
    bulletins,
    endings,
    joining,
    ladder,
    notices,
)
from tocsin.desk.records.models import Bulletin, Entry, Recipient


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


def on_duty(person: Person) -> None:
    Shift.objects.create(person=person, name="late", **ALWAYS)


def off_duty(person: Person, world: World) -> None:
    Duty.objects.create(
        person=person, is_on=False, starts_at=NOW, ends_at=NOW + timedelta(hours=6),
        because="sick", entered_by=world.ortiz, entered_at=NOW,
    )  # fmt: skip


def test_nobody_is_told_again_while_nothing_has_changed(released: Bulletin) -> None:
    assert joining.join_late(now=NOW + minutes(5)) == 0
    assert released.recipients.count() == 4


def test_an_officer_who_comes_on_duty_is_told_and_his_own_ladder_begins(
    released: Bulletin, world: World
) -> None:
    Address.objects.create(person=world.kim, channel="memory", value="kim@example.org")
    on_duty(world.kim)

    assert joining.join_late(now=NOW + minutes(30)) == 1

    row = recipient_of(released, world.kim)
    assert row.since == NOW + minutes(30)
    assert row.rung_due_at == NOW + minutes(32)
    assert "came on duty" in " ".join(row.why)
    assert released.deliveries.filter(person=world.kim, state="queued").exists()
    assert Entry.objects.get(action="told on coming on duty").facts["people"] == ["person:kim"]


def test_an_officer_who_is_moved_into_the_agency_is_told(released: Bulletin, world: World) -> None:
    world.boone.agency = world.harlow_pd
    world.boone.save()

    assert joining.join_late(now=NOW + minutes(1)) == 1
    assert recipient_of(released, world.boone).agency == world.harlow_pd


def test_who_is_called_back_is_told(released: Bulletin, world: World) -> None:
    Duty.objects.create(
        person=world.kim, is_on=True, starts_at=NOW, ends_at=NOW + timedelta(hours=4),
        because="called back", entered_by=world.ortiz, entered_at=NOW,
    )  # fmt: skip

    assert joining.join_late(now=NOW + minutes(1)) == 1


def test_nobody_joins_a_bulletin_that_has_ended(released: Bulletin, world: World) -> None:
    endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)
    on_duty(world.kim)

    assert joining.join_late(now=NOW + minutes(1)) == 0


def test_the_ladder_of_who_goes_off_duty_stands_still_and_is_no_fault(
    released: Bulletin, world: World
) -> None:
    off_duty(world.reed, world)

    assert joining.stop_off_duty(now=NOW + minutes(1)) == 1
    for at in (2, 5, 8):
        ladder.move_ladders(now=NOW + minutes(at))

    row = recipient_of(released, world.reed)
    assert (row.stopped_because, row.rung) == ("off duty", 0)
    assert ladder.audit_ladders(now=NOW + minutes(8)) == 0


def test_who_is_back_without_an_answer_is_told_again(released: Bulletin, world: World) -> None:
    off_duty(world.reed, world)
    joining.stop_off_duty(now=NOW + minutes(1))
    later = NOW + timedelta(hours=7)

    assert joining.join_late(now=later) == 1

    row = recipient_of(released, world.reed)
    assert (row.stopped_at, row.since, row.rung) == (None, later, 0)
    assert released.deliveries.filter(person=world.reed).count() == 2


def test_who_answered_before_he_went_is_left_in_peace(released: Bulletin, world: World) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)
    off_duty(world.reed, world)

    assert joining.stop_off_duty(now=NOW + minutes(1)) == 0
    assert joining.join_late(now=NOW + timedelta(hours=7)) == 0


def test_a_large_release_is_written_in_batches_and_nobody_is_left_out(world: World) -> None:
    for number in range(notices.AT_ONCE + 40):
        a_person(f"officer{number}", world.harlow_pd, Role.OFFICER, channel="memory")

    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    assert bulletin.deliveries.count() == notices.AT_ONCE

    rest = bulletin.recipients.count() - notices.AT_ONCE
    assert notices.queue_rest(now=NOW) == rest
    assert notices.queue_rest(now=NOW) == 0
    told = set(bulletin.deliveries.values_list("person", flat=True))
    assert told == set(bulletin.recipients.values_list("person", flat=True))


def test_what_ended_before_it_was_written_is_told_to_nobody(world: World) -> None:
    for number in range(notices.AT_ONCE + 5):
        a_person(f"officer{number}", world.harlow_pd, Role.OFFICER, channel="memory")
    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)

    endings.cancel(bulletin, because="A mistake.", person=world.ortiz, now=NOW)
    notices.queue_rest(now=NOW)

    assert not bulletin.deliveries.filter(state="queued").exists()
    assert not Recipient.objects.filter(is_queued=False).exists()
