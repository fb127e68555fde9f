"""Deliveries, acknowledgments, the ladder: who has been told, and who has not."""

from datetime import timedelta

import pytest
from django.conf import settings

from tests.world import NOW, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.records.commands import acknowledgments, bulletins, deliveries, ladder
from tocsin.desk.records.links import key_of, link_of
from tocsin.desk.records.models import Bulletin, Delivery, Entry, Recipient, Task
from tocsin.errors import (
    MissingReason,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
    OutOfTurn,
    SetupError,
    Undeliverable,
    Unreachable,
)
from tocsin.warn import Receipt


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


def the_message(bulletin: Bulletin, world: World) -> Delivery:
    """Reed's message."""
    return bulletin.deliveries.get(person=world.reed)


def take(row: Delivery, *, after: timedelta = timedelta()) -> Delivery:
    taken = deliveries.take(row.pk, now=NOW + after)
    assert taken is not None
    return taken


def test_a_message_is_being_sent_before_it_is_sent(released: Bulletin, world: World) -> None:
    row = take(the_message(released, world))
    assert (row.state, row.attempts, row.sent_at) == ("sending", 1, None)
    assert row.lease_until == NOW + settings.TOCSIN.warn.lease_for

    deliveries.record_sent(row, Receipt(text="250 kept as 17"), now=NOW)

    row.refresh_from_db()
    assert (row.state, row.receipt, row.sent_at) == ("sent", "250 kept as 17", NOW)


def test_two_workers_never_send_the_same_message(released: Bulletin, world: World) -> None:
    row = the_message(released, world)
    take(row)

    assert deliveries.take(row.pk, now=NOW) is None


def test_what_does_not_go_now_is_tried_again_by_the_plan_and_then_a_task(
    released: Bulletin, world: World
) -> None:
    row = the_message(released, world)
    now = NOW
    for pause in settings.TOCSIN.warn.retry_after:
        taken = deliveries.take(row.pk, now=now)
        assert taken
        deliveries.record_failure(taken, Unreachable("The mail server is away."), now=now)
        row.refresh_from_db()
        assert (row.state, row.due_at) == ("queued", now + pause)
        assert deliveries.take(row.pk, now=now) is None
        now += pause
    assert not Task.objects.exists()

    taken = deliveries.take(row.pk, now=now)
    assert taken
    deliveries.record_failure(taken, Unreachable("The mail server is away."), now=now)

    row.refresh_from_db()
    assert row.state == "failed"
    assert "Reed was not reached by memory" in Task.objects.get().sentence


@pytest.mark.parametrize("error", [Undeliverable("No such mailbox."), SetupError("No server.")])
def test_what_never_will_go_is_a_task_at_once(
    released: Bulletin, world: World, error: Undeliverable | SetupError
) -> None:
    deliveries.record_failure(take(the_message(released, world)), error, now=NOW)

    assert the_message(released, world).state == "failed"
    assert Task.objects.get().kind == "not delivered"


def test_an_unknown_outcome_is_sent_again_and_says_so(released: Bulletin, world: World) -> None:
    row = take(the_message(released, world))
    deliveries.record_failure(row, OutcomeUnknown("No answer came."), now=NOW)

    row.refresh_from_db()
    assert row.state == "queued"
    assert row.is_perhaps_double


def test_an_outcome_that_stays_unknown_is_never_called_sent(
    released: Bulletin, world: World
) -> None:
    row = the_message(released, world)
    now = NOW
    for _ in range(len(settings.TOCSIN.warn.retry_after) + 1):
        taken = deliveries.take(row.pk, now=now)
        assert taken
        deliveries.record_failure(taken, OutcomeUnknown("No answer came."), now=now)
        now += timedelta(hours=1)

    row.refresh_from_db()
    assert (row.state, row.sent_at) == ("unknown", None)


def test_a_lost_lease_is_sent_again_and_says_so(released: Bulletin, world: World) -> None:
    row = take(the_message(released, world))
    lease = settings.TOCSIN.warn.lease_for
    assert deliveries.requeue_lost(now=NOW + lease) == 0

    assert deliveries.requeue_lost(now=NOW + lease + timedelta(seconds=1)) == 1

    row.refresh_from_db()
    assert row.state == "queued"
    assert row.is_perhaps_double


def test_a_worker_that_comes_back_too_late_changes_nothing(
    released: Bulletin, world: World
) -> None:
    late = take(the_message(released, world))
    deliveries.requeue_lost(now=NOW + timedelta(hours=1))
    again = take(the_message(released, world), after=timedelta(hours=1))

    deliveries.record_sent(late, Receipt(text="late"), now=NOW + timedelta(hours=1))

    again.refresh_from_db()
    assert (again.state, again.receipt) == ("sending", "")


def test_a_message_whose_job_was_lost_is_found_again(released: Bulletin, world: World) -> None:
    assert deliveries.nudge_due(now=NOW + timedelta(seconds=30)) == 0

    assert deliveries.nudge_due(now=NOW + timedelta(minutes=2)) == released.deliveries.count()
    assert deliveries.nudge_due(now=NOW + timedelta(minutes=2)) == 0


def test_a_message_is_nudged_when_its_next_try_is_due(released: Bulletin, world: World) -> None:
    deliveries.record_failure(take(the_message(released, world)), Unreachable("away"), now=NOW)

    assert deliveries.nudge_due(now=NOW + timedelta(seconds=4)) == 0
    assert deliveries.nudge_due(now=NOW + timedelta(seconds=5)) == 1
    assert deliveries.nudge_due(now=NOW + timedelta(seconds=6)) == 0


def test_each_person_acknowledges_for_himself(released: Bulletin, world: World) -> None:
    reed = recipient_of(released, world.reed)

    with pytest.raises(NotAllowed, match="Only Reed"):
        acknowledgments.acknowledge(reed, person=world.ortiz, now=NOW)
    acknowledgments.acknowledge(reed, person=world.reed, now=NOW + minutes(1))

    waiting = released.recipients.filter(acknowledged_at=None)
    assert {row.person.login for row in waiting} == {"ortiz", "dana", "sato"}
    reed.refresh_from_db()
    assert (reed.acknowledged_by, reed.acknowledged_how) == (world.reed, "console")


def test_a_second_acknowledgment_changes_nothing(released: Bulletin, world: World) -> None:
    message = the_message(released, world)
    acknowledgments.acknowledge_by_link(message, now=NOW + minutes(1))

    acknowledgments.acknowledge_by_link(message, now=NOW + minutes(9))

    assert recipient_of(released, world.reed).acknowledged_at == NOW + minutes(1)
    assert Entry.objects.filter(action="acknowledged").count() == 1
    message.refresh_from_db()
    assert (message.state, message.acknowledged_at) == ("acknowledged", NOW + minutes(1))


def test_a_link_belongs_to_one_message_and_cannot_be_made_up(
    released: Bulletin, world: World
) -> None:
    message = the_message(released, world)
    token = link_of(message.key).rpartition("/")[2]

    assert key_of(token) == message.key
    assert token in message.text
    for other in (token[:-1], token + "x", message.key.hex, "", "\0"):
        with pytest.raises(NotFound):
            key_of(other)


def test_opening_a_link_is_not_an_acknowledgment(released: Bulletin, world: World) -> None:
    acknowledgments.mark_opened(the_message(released, world), now=NOW + minutes(1))

    reed = recipient_of(released, world.reed)
    assert reed.acknowledged_at is None
    assert reed.seen_at == NOW + minutes(1)
    assert "mail scanner" in reed.seen_how


def test_a_supervisor_says_how_a_person_was_told(released: Bulletin, world: World) -> None:
    reed = recipient_of(released, world.reed)

    with pytest.raises(MissingReason):
        acknowledgments.acknowledge_for(reed, because=" ", person=world.sato, now=NOW)
    with pytest.raises(NotAllowed):
        acknowledgments.acknowledge_for(reed, because="radio", person=world.dana, now=NOW)
    acknowledgments.acknowledge_for(reed, because="by radio", person=world.sato, now=NOW)

    reed.refresh_from_db()
    assert (reed.acknowledged_by, reed.acknowledged_how) == (world.sato, "supervisor")
    assert reed.acknowledged_because == "by radio"


def test_nobody_is_listed_before_two_minutes_and_everybody_silent_after(
    released: Bulletin, world: World
) -> None:
    acknowledgments.acknowledge(recipient_of(released, world.dana), person=world.dana, now=NOW)

    assert ladder.list_missing(now=NOW + timedelta(seconds=119)) == 0
    assert ladder.list_missing(now=NOW + minutes(2)) == 3
    assert ladder.list_missing(now=NOW + minutes(3)) == 0

    listed = Recipient.objects.filter(listed_at__isnull=False)
    assert {row.person.login for row in listed} == {"ortiz", "reed", "sato"}


def test_the_supervisor_of_who_stays_silent_is_told_his_name_once(
    released: Bulletin, world: World
) -> None:
    assert ladder.escalate(now=NOW + timedelta(seconds=299)) == 0
    ladder.escalate(now=NOW + minutes(5))
    ladder.escalate(now=NOW + minutes(6))

    told = Delivery.objects.get(purpose=Delivery.Purpose.LADDER)
    assert told.person == world.ortiz
    assert "Reed U-reed" in told.text
    assert "after 5 minutes" in told.text
    assert Entry.objects.get(action="escalated").facts["people"] == ["person:reed"]


def test_who_has_no_supervisor_is_a_task(released: Bulletin, world: World) -> None:
    ladder.escalate(now=NOW + minutes(5))

    without = Task.objects.filter(kind="not acknowledged")
    assert len(without) == 3
    assert all("no supervisor can be told" in task.sentence for task in without)


def test_who_acknowledged_in_time_never_moves_the_ladder(released: Bulletin, world: World) -> None:
    for row in released.recipients.all():
        acknowledgments.acknowledge(row, person=row.person, now=NOW + minutes(1))

    assert ladder.list_missing(now=NOW + minutes(2)) == 0
    assert ladder.escalate(now=NOW + minutes(5)) == 0
    assert not Delivery.objects.filter(purpose=Delivery.Purpose.LADDER).exists()


def test_the_ladder_stops_with_the_bulletin(released: Bulletin, world: World) -> None:
    bulletins.cancel(released, because="He was found.", person=world.ortiz, now=NOW + minutes(1))

    assert ladder.list_missing(now=NOW + minutes(2)) == 0
    assert ladder.escalate(now=NOW + minutes(5)) == 0


def test_the_sweep_expires_what_is_past_its_end(released: Bulletin) -> None:
    assert ladder.expire_due(now=NOW + timedelta(hours=11)) == 0
    assert ladder.expire_due(now=NOW + timedelta(hours=12)) == 1
    assert ladder.expire_due(now=NOW + timedelta(hours=13)) == 0


def test_a_message_of_the_ladder_asks_for_no_acknowledgment(
    released: Bulletin, world: World
) -> None:
    ladder.escalate(now=NOW + minutes(5))
    told = Delivery.objects.get(purpose=Delivery.Purpose.LADDER)

    with pytest.raises(OutOfTurn):
        acknowledgments.acknowledge_by_link(told, now=NOW)
