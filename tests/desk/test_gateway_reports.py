"""`POST /api/gateways/...`: proved first, read second; hostile words change nothing."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from tests.sending import record_sent, taken
from tests.world import World, a_threat, recipient_of, the_draft
from tocsin.desk.people.models import Address
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.models import Bulletin, Delivery, GatewayWord
from tocsin.warn import Receipt

PHONE = "+13035550142"
SECRET = "kettle lantern saddle 77"
PLAIN = {"url": "https://gateway.example/send", "answer_secret": SECRET}
TWILIO = {
    "preset": "twilio",
    "secret": SECRET,
    "callback": "https://tocsin.example/api/gateways/sms",
}


@pytest.fixture
def channels(monkeypatch: pytest.MonkeyPatch) -> dict[str, dict[str, str]]:
    found = {**settings.TOCSIN_CHANNELS, "sms": PLAIN}
    monkeypatch.setattr(settings, "TOCSIN_CHANNELS", found)
    return found


@pytest.fixture
def message(world: World, channels: object) -> Delivery:
    Address.objects.filter(person=world.reed).delete()
    Address.objects.create(person=world.reed, channel="sms", value=PHONE)
    now = timezone.now()  # noqa: TID251 # the reply comes in by the clock on the wall
    draft = the_draft(a_threat(world, now=now))
    bulletin: Bulletin = bulletins.release(draft, person=world.ortiz, now=now)
    row = bulletin.deliveries.get(person=world.reed)
    record_sent(taken(row, now=now), Receipt(text="201", id="SM1"), now=now)
    return row


def say(body: object, *, secret: str = SECRET, channel: str = "sms") -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Client().post(
        f"/api/gateways/{channel}",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )


def test_a_receipt_marks_the_message_delivered(message: Delivery) -> None:
    assert say({"id": "SM1", "status": "delivered"}).status_code == 204

    message.refresh_from_db()
    assert message.state == "delivered"


def test_a_reply_acknowledges_for_its_owner(message: Delivery, world: World) -> None:
    assert say({"from": PHONE, "text": "1"}).status_code == 204

    assert recipient_of(message.bulletin, world.reed).acknowledged_how == "sms"


@pytest.mark.parametrize("secret", ["", "wrong", SECRET.upper()])
def test_who_does_not_prove_himself_changes_nothing(message: Delivery, secret: str) -> None:
    assert say({"from": PHONE, "text": "1"}, secret=secret).status_code == 403
    assert not GatewayWord.objects.exists()


def test_without_a_secret_nobody_is_our_gateway(
    message: Delivery, channels: dict[str, dict[str, str]]
) -> None:
    channels["sms"] = {"url": "https://gateway.example/send"}

    assert say({"from": PHONE, "text": "1"}, secret="").status_code == 403


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"\xff\xfe", b"1" * 5000, b'{"id": "SM1"}', b'{"from": "911", "text": "1"}'],
)
def test_what_cannot_be_read_is_refused_in_words_and_kept(message: Delivery, body: bytes) -> None:
    answer = say(body)

    assert answer.status_code == 422
    assert answer.json()["what"]
    word = GatewayWord.objects.get()
    assert word.kind == "unreadable"
    message.refresh_from_db()
    assert message.state == "sent"


def test_a_gateway_that_is_not_set_up_is_not_found(message: Delivery) -> None:
    assert say({"id": "SM1", "status": "delivered"}, channel="voice").status_code == 404
    assert say({"id": "SM1", "status": "delivered"}, channel="pigeon").status_code in {404, 422}


def test_a_body_over_the_limit_is_refused(message: Delivery) -> None:
    assert say({"from": PHONE, "text": "1" * 70_000}).status_code == 413


def twilio(fields: dict[str, str], *, secret: str = SECRET) -> Any:
    signed = TWILIO["callback"] + "".join(name + fields[name] for name in sorted(fields))
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha1).digest()
    return Client().post(
        "/api/gateways/sms",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": base64.b64encode(digest).decode()},
    )


def test_twilio_signs_and_is_answered_in_its_own_way(
    message: Delivery, world: World, channels: dict[str, dict[str, str]]
) -> None:
    channels["sms"] = TWILIO
    reply = {"MessageSid": "SM77", "From": PHONE, "To": "+13035550100", "Body": "1"}

    assert twilio(reply, secret="another").status_code == 403
    answer = twilio(reply)

    assert answer.status_code == 200
    assert answer.content == b"<Response></Response>"
    assert recipient_of(message.bulletin, world.reed).acknowledged_how == "sms"
