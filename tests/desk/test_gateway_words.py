"""What gateways say later, and what people answer through them."""

from datetime import timedelta

import pytest

from tests.sending import record_sent, send, taken
from tests.world import NOW, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.people.models import Address, Person
from tocsin.desk.records.commands import (
    acknowledgments,
    bulletins,
    deliveries,
    endings,
    gateways,
    threats,
)
from tocsin.desk.records.models import Bulletin, Delivery, Entry, GatewayWord, Task
from tocsin.warn import Receipt
from tocsin.warn.answers import Answer, AnswerKind

PHONE = "+13035550142"
OTHER = "+13035550199"


def a_word(kind: AnswerKind = AnswerKind.DELIVERED, **changes: str) -> Answer:
    facts = {"id": "SM1", "address": PHONE, "text": "delivered", "raw": "{}"} | changes
    return Answer(kind=kind, **facts)


def a_reply(text: str, *, address: str = PHONE) -> Answer:
    return a_word(AnswerKind.REPLY, id="", text=text, address=address)


def text_to(person: Person, number: str) -> None:
    Address.objects.filter(person=person).delete()
    Address.objects.create(person=person, channel="sms", value=number)


@pytest.fixture
def released(world: World) -> Bulletin:
    text_to(world.reed, PHONE)
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


@pytest.fixture
def message(released: Bulletin, world: World) -> Delivery:
    row = released.deliveries.get(person=world.reed)
    record_sent(taken(row, now=NOW), Receipt(text="201", id="SM1"), now=NOW)
    return row


def state_of(row: Delivery) -> str:
    row.refresh_from_db()
    return row.state


def test_a_message_is_delivered_only_by_the_gateway_s_word(message: Delivery) -> None:
    assert state_of(message) == "sent"

    heard = gateways.hear_gateway("sms", a_word(), now=NOW + minutes(1))

    assert heard.is_known
    assert state_of(message) == "delivered"
    assert message.delivered_at == NOW + minutes(1)


def test_a_text_that_the_gateway_gave_up_has_failed_and_is_a_task(message: Delivery) -> None:
    gateways.hear_gateway("sms", a_word(AnswerKind.FAILED, text="undelivered 30003"), now=NOW)
    deliveries.log_sent(now=NOW)

    assert state_of(message) == "failed"
    assert "undelivered 30003" in message.trouble
    assert {task.kind for task in Task.objects.all()} == {"not delivered", "not reached"}
    assert Entry.objects.filter(action="failed").exists()


def test_a_step_on_the_way_changes_nothing(message: Delivery) -> None:
    gateways.hear_gateway("sms", a_word(AnswerKind.UNKNOWN, text="queued"), now=NOW)

    assert state_of(message) == "sent"


def test_a_receipt_for_a_name_that_is_not_ours_is_kept_and_changes_nothing(
    message: Delivery,
) -> None:
    heard = gateways.hear_gateway("sms", a_word(id="SM99"), now=NOW)

    assert not heard.is_known
    assert state_of(message) == "sent"
    assert GatewayWord.objects.get().outcome == gateways.NOT_KNOWN


def test_a_receipt_without_a_name_fits_no_message(released: Bulletin, world: World) -> None:
    row = released.deliveries.get(person=world.reed)
    send(row, now=NOW)

    heard = gateways.hear_gateway("sms", a_word(id=""), now=NOW)

    assert not heard.is_known
    assert state_of(row) == "sent"


def test_a_receipt_that_overtakes_our_own_record_finds_its_message_later(
    released: Bulletin, world: World
) -> None:
    row = released.deliveries.get(person=world.reed)
    one = taken(row, now=NOW)
    gateways.hear_gateway("sms", a_word(), now=NOW)
    record_sent(one, Receipt(text="201", id="SM1"), now=NOW)

    assert gateways.match_early(now=NOW + minutes(1)) == 1
    assert gateways.match_early(now=NOW + minutes(1)) == 0

    assert state_of(row) == "delivered"


def test_a_one_acknowledges_for_its_owner(message: Delivery, world: World) -> None:
    assert "Reply 1" in message.text

    gateways.hear_gateway("sms", a_reply("1"), now=NOW + minutes(1))

    reed = recipient_of(message.bulletin, world.reed)
    assert (reed.acknowledged_at, reed.acknowledged_how) == (NOW + minutes(1), "sms")
    assert state_of(message) == "acknowledged"


def test_a_reply_twice_changes_nothing_the_second_time(message: Delivery, world: World) -> None:
    for after in (1, 2):
        gateways.hear_gateway("sms", a_reply("1"), now=NOW + minutes(after))

    assert recipient_of(message.bulletin, world.reed).acknowledged_at == NOW + minutes(1)
    assert Entry.objects.filter(action="acknowledged").count() == 1
    assert GatewayWord.objects.count() == 2


@pytest.mark.parametrize("text", ["10-4", "who is this", "2", "not 1"])
def test_an_answer_that_may_mean_something_else_acknowledges_nothing_and_is_a_task(
    message: Delivery, world: World, text: str
) -> None:
    gateways.hear_gateway("sms", a_reply(text), now=NOW)

    assert recipient_of(message.bulletin, world.reed).acknowledged_at is None
    task = Task.objects.get(kind="answer not understood")
    assert text in task.sentence

    acknowledgments.acknowledge_by_link(message.key, now=NOW)
    task.refresh_from_db()
    assert task.done_at


def test_a_reply_from_a_number_that_is_nobody_s_is_kept(message: Delivery) -> None:
    gateways.hear_gateway("sms", a_reply("1", address=OTHER), now=NOW)

    assert GatewayWord.objects.get().outcome == "the number is nobody's here"
    assert state_of(message) == "sent"


def test_a_phone_that_two_share_answers_for_each_with_digits_of_his_own(world: World) -> None:
    text_to(world.reed, PHONE)
    text_to(world.ortiz, PHONE)
    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    codes = {row.person.login: row.code for row in bulletin.deliveries.filter(channel="sms")}
    assert sorted(codes.values()) == ["1", "2"]

    gateways.hear_gateway("sms", a_reply(codes["reed"]), now=NOW)

    assert recipient_of(bulletin, world.reed).acknowledged_at
    assert recipient_of(bulletin, world.ortiz).acknowledged_at is None


def test_a_person_with_three_phones_has_it_once_he_answers_on_one(world: World) -> None:
    text_to(world.reed, PHONE)
    for last in (2, 3):
        Address.objects.create(person=world.reed, channel="sms", value=f"+1303555010{last}")
    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    assert bulletin.deliveries.filter(person=world.reed).count() == 3

    gateways.hear_gateway("sms", a_reply("1", address="+13035550103"), now=NOW)

    assert recipient_of(bulletin, world.reed).acknowledged_at


def test_the_digits_of_an_older_message_never_acknowledge_a_newer_one(
    message: Delivery, world: World
) -> None:
    first = message.bulletin
    endings.expire(first, now=NOW + timedelta(hours=12))
    later = NOW + timedelta(hours=13)
    draft = threats.start_bulletin(first.threat, person=world.dana, now=later)
    second = bulletins.release(draft, person=world.ortiz, now=later)
    assert second.deliveries.get(person=world.reed, purpose="bulletin").code == "2"

    gateways.hear_gateway("sms", a_reply("1"), now=later)

    assert recipient_of(second, world.reed).acknowledged_at is None


def test_a_key_pressed_in_a_call_acknowledges_by_the_call_s_name(world: World) -> None:
    Address.objects.filter(person=world.reed).delete()
    Address.objects.create(person=world.reed, channel="voice", value=PHONE)
    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    row = bulletin.deliveries.get(person=world.reed)
    record_sent(taken(row, now=NOW), Receipt(text="201", id="CA7"), now=NOW)

    pressed = a_word(AnswerKind.REPLY, id="CA7", text=row.code)
    gateways.hear_gateway("voice", pressed, now=NOW + minutes(1))

    assert recipient_of(bulletin, world.reed).acknowledged_how == "voice"
