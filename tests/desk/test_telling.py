"""Messages and acknowledgments: who has been told, and who has it."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from tests.sending import record_failure, record_sent, send, take, taken
from tests.world import NOW, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.records.commands import acknowledgments, bulletins, deliveries
from tocsin.desk.records.links import key_of, link_of
from tocsin.desk.records.models import Bulletin, Delivery, Entry, Task
from tocsin.errors import (
    MissingReason,
    NotAllowed,
    NotFound,
    OutcomeUnknown,
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


def test_a_message_is_being_sent_before_it_is_sent(released: Bulletin, world: World) -> None:
    one = taken(the_message(released, world), now=NOW)
    row = the_message(released, world)
    assert (row.state, row.attempts, row.sent_at) == ("sending", 1, None)
    assert row.lease_until == NOW + settings.TOCSIN.warn.lease_for

    record_sent(one, Receipt(text="250 kept as 17", id="17"), now=NOW)

    row.refresh_from_db()
    assert (row.state, row.receipt, row.gateway_id) == ("sent", "250 kept as 17", "17")
    assert row.sent_at == NOW
    assert row.attempts == 1


def test_two_workers_never_send_the_same_message(released: Bulletin, world: World) -> None:
    row = the_message(released, world)
    taken(row, now=NOW)

    assert take(row, now=NOW) is None


def test_what_does_not_go_now_is_tried_again_by_the_plan_and_then_a_task(
    released: Bulletin, world: World
) -> None:
    row = the_message(released, world)
    now = NOW
    for pause in settings.TOCSIN.warn.retry_after:
        one = taken(row, now=now)
        record_failure(one, Unreachable("The mail server is away."), now=now)
        row.refresh_from_db()
        assert (row.state, row.due_at) == ("queued", now + pause)
        assert take(row, now=now) is None
        now += pause
    assert not Task.objects.exists()

    one = taken(row, now=now)
    record_failure(one, Unreachable("The mail server is away."), now=now)

    row.refresh_from_db()
    assert row.state == "failed"
    deliveries.log_sent(now=now)
    sentences = {task.kind: task.sentence for task in Task.objects.all()}
    assert "did not reach Reed by memory" in sentences["not delivered"]
    assert "The mail server is away." in sentences["not delivered"]
    assert "Reed U-reed has not been reached by any channel" in sentences["not reached"]


@pytest.mark.parametrize("error", [Undeliverable("No such mailbox."), SetupError("No server.")])
def test_what_never_will_go_is_a_task_at_once(
    released: Bulletin, world: World, error: Undeliverable | SetupError
) -> None:
    record_failure(taken(the_message(released, world), now=NOW), error, now=NOW)

    assert the_message(released, world).state == "failed"
    deliveries.log_sent(now=NOW)
    assert {task.kind for task in Task.objects.all()} == {"not delivered", "not reached"}


def test_who_has_another_channel_that_works_is_no_task_of_his_own(
    released: Bulletin, world: World
) -> None:
    first = the_message(released, world)
    Delivery.objects.create(
        bulletin=released, recipient=first.recipient, person=world.reed, purpose="bulletin",
        channel="console", address="reed", subject="", text="", key=uuid.uuid4(),
        queued_at=NOW, due_at=NOW,
    )  # fmt: skip
    record_failure(taken(first, now=NOW), Undeliverable("No such mailbox."), now=NOW)

    deliveries.log_sent(now=NOW)

    assert [task.kind for task in Task.objects.all()] == ["not delivered"]


def test_a_gateway_that_is_away_is_one_task_whomever_it_missed(released: Bulletin) -> None:
    for row in released.deliveries.all():
        record_failure(taken(row, now=NOW), Undeliverable("The gateway is closed."), now=NOW)

    deliveries.log_sent(now=NOW)

    (task,) = Task.objects.filter(kind="not delivered")
    assert "and 1 more by memory. The gateway is closed." in task.sentence


def test_every_message_that_was_sent_stands_in_the_log_once(
    released: Bulletin, world: World
) -> None:
    for row in released.deliveries.all():
        send(row, now=NOW, receipt="250 kept")

    assert deliveries.log_sent(now=NOW + minutes(1)) == 4
    assert deliveries.log_sent(now=NOW + minutes(2)) == 0

    lines = Entry.objects.get(action="sent").facts["messages"]
    assert len(lines) == 4
    assert any(
        line.startswith("person:reed memory bulletin try 1 2026-03-02T04:05:06")
        and line.endswith("250 kept")
        for line in lines
    )


def test_an_unknown_outcome_is_sent_again_and_says_so(released: Bulletin, world: World) -> None:
    one = taken(the_message(released, world), now=NOW)
    record_failure(one, OutcomeUnknown("No answer came."), now=NOW)

    row = the_message(released, world)
    assert row.state == "queued"
    assert row.is_perhaps_double


def test_an_outcome_that_stays_unknown_is_never_called_sent(
    released: Bulletin, world: World
) -> None:
    row = the_message(released, world)
    now = NOW
    for _ in range(len(settings.TOCSIN.warn.retry_after) + 1):
        one = taken(row, now=now)
        record_failure(one, OutcomeUnknown("No answer came."), now=now)
        now += timedelta(hours=1)

    row.refresh_from_db()
    assert (row.state, row.sent_at) == ("unknown", None)


def test_a_lost_lease_is_sent_again_and_says_so(released: Bulletin, world: World) -> None:
    taken(the_message(released, world), now=NOW)
    lease = settings.TOCSIN.warn.lease_for
    assert deliveries.requeue_lost(now=NOW + lease) == 0

    assert deliveries.requeue_lost(now=NOW + lease + timedelta(seconds=1)) == 1

    row = the_message(released, world)
    assert row.state == "queued"
    assert row.is_perhaps_double


def test_a_message_that_is_lost_at_every_try_is_unknown_in_the_end(
    released: Bulletin, world: World
) -> None:
    now = NOW
    for _ in range(len(settings.TOCSIN.warn.retry_after) + 1):
        taken(the_message(released, world), now=now)
        now += timedelta(hours=1)
        deliveries.requeue_lost(now=now)

    row = the_message(released, world)
    assert (row.state, row.is_perhaps_double) == ("unknown", True)


def test_a_worker_that_comes_back_too_late_changes_nothing(
    released: Bulletin, world: World
) -> None:
    late = taken(the_message(released, world), now=NOW)
    deliveries.requeue_lost(now=NOW + timedelta(hours=1))
    taken(the_message(released, world), now=NOW + timedelta(hours=1))

    record_sent(late, Receipt(text="late"), now=NOW + timedelta(hours=1))

    row = the_message(released, world)
    assert (row.state, row.receipt, row.attempts) == ("sending", "", 2)


def test_a_message_is_taken_again_when_its_next_try_is_due(
    released: Bulletin, world: World
) -> None:
    row = the_message(released, world)
    record_failure(taken(row, now=NOW), Unreachable("away"), now=NOW)

    assert take(row, now=NOW + timedelta(seconds=4)) is None
    assert take(row, now=NOW + timedelta(seconds=5)) is not None


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
    acknowledgments.acknowledge_by_link(message.key, now=NOW + minutes(1))

    acknowledgments.acknowledge_by_link(message.key, now=NOW + minutes(9))

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
