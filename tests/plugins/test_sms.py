"""Text messages and voice calls: what the gateway is told, and what it may say."""

import asyncio
import base64
import json
from collections.abc import Iterator

import pytest
from lxml import etree

from tests.gateways import HttpGateway, a_gateway
from tocsin.errors import OutcomeUnknown, SetupError, Undeliverable, Unreachable
from tocsin.warn import Addressee, Message, Receipt, open_channel
from tocsin.warn.septets import fitting_septets

KEY = "0b0e9a52-0000-4000-8000-000000000001"
REED = Addressee(name="Officer Reed", address="+13035550123")
HOSTILE = (
    'He said "}, {"to": "+19005550100"} & <Say>\r\nX-Evil: 1\r\n\u201cnow\u201d {secret} \u4e2d'
)


@pytest.fixture
def gateway() -> Iterator[HttpGateway]:
    with a_gateway() as found:
        yield found


def sms_settings(gateway: HttpGateway, **changes: str) -> dict[str, str]:
    return {
        "url": gateway.url,
        "secret": "of the gateway",
        "from": "+13035550100",
        "seconds": "1",
        **changes,
    }


def a_message(**changes: object) -> Message:
    facts: dict[str, object] = {
        "key": KEY,
        "subject": "x",
        "text": "OFFICER SAFETY\nB-2026-000001 v1\nReply 1 = I have it",
        "is_exercise": False,
        "code": "1",
    }
    return Message(**(facts | changes))  # type: ignore[arg-type] # a builder of keywords


def send(
    settings: dict[str, str], *, name: str = "sms", to: Addressee = REED, **changes: object
) -> Receipt:
    return asyncio.run(open_channel(name, settings).send(a_message(**changes), to=to))


def test_the_plain_gateway_is_told_all_in_json(gateway: HttpGateway) -> None:
    receipt = send(sms_settings(gateway, callback="https://tocsin.example/api/gateways/sms"))

    heard = gateway.heard[0]
    assert heard.json() == {
        "to": "+13035550123",
        "from": "+13035550100",
        "text": a_message().text,
        "key": KEY,
        "callback": "https://tocsin.example/api/gateways/sms",
    }
    assert heard.headers["authorization"] == "Bearer of the gateway"
    assert heard.headers["idempotency-key"] == KEY
    assert receipt.id == "SM000001"
    assert receipt.text == "201 Created; its number for it is SM000001"


def test_twilio_is_told_all_in_a_form(gateway: HttpGateway) -> None:
    gateway.name = "sid"
    settings = sms_settings(gateway, preset="twilio", user="AC1", secret="token")
    url = f"{gateway.url}/Accounts/{{user}}/Messages.json"

    receipt = send({**settings, "url": url, "callback": "https://t.example/a?b=c&d"})

    heard = gateway.heard[0]
    assert heard.path == "/messages/Accounts/AC1/Messages.json"
    assert heard.form() == {
        "To": "+13035550123",
        "From": "+13035550100",
        "Body": a_message().text,
        "StatusCallback": "https://t.example/a?b=c&d",
    }
    assert heard.headers["authorization"] == f"Basic {base64.b64encode(b'AC1:token').decode()}"
    assert receipt.id == "SM000001"


def test_what_is_not_set_is_left_out(gateway: HttpGateway) -> None:
    send({"url": gateway.url})

    assert set(gateway.heard[0].json()) == {"to", "text", "key"}
    assert "authorization" not in gateway.heard[0].headers


@pytest.mark.parametrize("preset", ["plain", "twilio"])
def test_a_hostile_text_stays_a_text(gateway: HttpGateway, preset: str) -> None:
    gateway.name = "id" if preset == "plain" else "sid"
    send(sms_settings(gateway, preset=preset, user="AC1"), text=HOSTILE)

    heard = gateway.heard[0]
    found = heard.json() if preset == "plain" else heard.form()
    assert found["text" if preset == "plain" else "Body"] == HOSTILE
    assert found["to" if preset == "plain" else "To"] == "+13035550123"
    assert "x-evil" not in heard.headers


def test_a_template_of_one_s_own_is_filled_wherever_it_has_places(gateway: HttpGateway) -> None:
    gateway.body = b'{"messages": [{"status": {"ref/no": 77}}]}'
    settings = {
        "url": f"{gateway.url}?to={{to}}&text={{text}}",
        "method": "put",
        "headers": '{"X-Api-Key": "{secret}"}',
        "body": '{"messages": [{"destinations": [{"to": "{to}"}], "n": 1, "text": "a {text}"}]}',
        "id": "/messages/0/status/ref~1no",
        "secret": "s",
    }

    receipt = send(settings, text="50% & more")

    heard = gateway.heard[0]
    assert (heard.method, heard.headers["x-api-key"]) == ("PUT", "s")
    assert heard.path == "/messages?to=%2B13035550123&text=50%25%20%26%20more"
    told = {"destinations": [{"to": "+13035550123"}], "n": 1, "text": "a 50% & more"}
    assert json.loads(heard.body) == {"messages": [told]}
    assert receipt.id == "77"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>queued</html>",
        b'{"message": "queued"}',
        b'{"id": ""}',
        b'{"id": null}',
        b'{"id": true}',
        b'{"id": {"a": 1}}',
        b'{"id": "' + b"9" * 300 + b'"}',
        b'["id"]',
        b"[" * 60_000,
        b"\xff\xfe",
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_yes_without_a_number_leaves_the_outcome_unknown(
    gateway: HttpGateway, body: bytes
) -> None:
    gateway.body = body

    with pytest.raises(OutcomeUnknown, match="/id"):
        send(sms_settings(gateway))


def test_a_huge_answer_is_not_read_to_its_end(gateway: HttpGateway) -> None:
    gateway.body = b'{"id": "1", "more": "' + b"x" * 2_000_000 + b'"}'

    with pytest.raises(OutcomeUnknown):
        send(sms_settings(gateway))


def test_a_huge_refusal_is_a_refusal(gateway: HttpGateway) -> None:
    gateway.status, gateway.body = 400, b"x" * 2_000_000

    with pytest.raises(Undeliverable, match="400"):
        send(sms_settings(gateway))


def test_an_answer_that_drips_is_not_waited_for(gateway: HttpGateway) -> None:
    gateway.drip = 0.05

    with pytest.raises(OutcomeUnknown):
        send(sms_settings(gateway, seconds="0.5"))


def test_a_redirect_is_not_followed(gateway: HttpGateway) -> None:
    with a_gateway() as other:
        gateway.status, gateway.headers = 307, {"Location": other.url}

        with pytest.raises(Unreachable, match="do not follow"):
            send(sms_settings(gateway))

    assert other.heard == []


def test_the_words_of_a_gateway_are_made_fit_to_be_shown(gateway: HttpGateway) -> None:
    gateway.answer = b"HTTP/1.1 429 " + b"\xe2\x80\xae" + b"x" * 900 + b"\r\nRetry-After: 9\r\n\r\n"

    with pytest.raises((Unreachable, OutcomeUnknown)) as failure:
        send(sms_settings(gateway))

    assert str(failure.value).isprintable()
    assert len(str(failure.value)) < 400


@pytest.mark.parametrize(
    "address",
    [
        *("", "911", "40404", "3035550123", "+", "+1303555", "+0123456789", "+1 303 555 0123"),
        *("+13035550123\n", "+1303555012\u0663", "tel:+13035550123", "+1234567890123456"),
    ],
)
@pytest.mark.parametrize("name", ["sms", "voice"])
def test_what_is_no_number_is_final_and_nothing_is_sent(
    gateway: HttpGateway, name: str, address: str
) -> None:
    settings = sms_settings(gateway, callback="https://t.example/a")
    with pytest.raises(Undeliverable, match="no telephone number"):
        send(settings, name=name, to=Addressee(name="Reed", address=address))

    assert gateway.heard == []


@pytest.mark.parametrize("address", ["+19115550123", "+11234567890", "+13035110123"])
@pytest.mark.parametrize("name", ["sms", "voice"])
def test_a_911_only_phone_is_never_texted_or_called(
    gateway: HttpGateway, name: str, address: str
) -> None:
    settings = sms_settings(gateway, callback="https://t.example/a")
    with pytest.raises(Undeliverable) as refusal:
        send(settings, name=name, to=Addressee(name="Reed", address=address))

    assert refusal.value.permanent
    assert gateway.heard == []


def test_a_text_that_may_be_there_already_says_so_where_it_fits(gateway: HttpGateway) -> None:
    send(sms_settings(gateway), is_again=True)
    send(sms_settings(gateway), is_again=True, text="x" * 459, key="2")

    texts = [heard.json()["text"] for heard in gateway.heard]
    assert texts[0] == f"{a_message().text}\n(perhaps sent twice)"
    assert fitting_septets(texts[1]) == 459


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"url": ""}, "sms"),
        ({"url": "ftp://127.0.0.1/"}, "no address"),
        ({"url": "http://gateway.example/"}, "encryption"),
        ({"url": "https://user:word@gateway.example/"}, "no address"),
        ({"url": "https://{to}.example/"}, "host"),
        ({"url": "https://gateway.example/{number}"}, "number"),
        ({"method": "DELETE"}, "DELETE"),
        ({"shape": "xml"}, "xml"),
        ({"headers": "[]"}, "headers"),
        ({"headers": '{"A\\nB": "c"}'}, "cannot be sent"),
        ({"headers": '{"A": "b\\r\\nC: d"}'}, "cannot be sent"),
        ({"headers": '{"A": "{text}"}'}, "text"),
        ({"body": "{"}, "body"),
        ({"body": '{"a": "{password}"}'}, "password"),
        ({"preset": "pigeon"}, "pigeon"),
        ({"allow": "everybody"}, "allow"),
    ],
)
def test_a_setting_that_cannot_be_is_named(
    gateway: HttpGateway, wrong: dict[str, str], named: str
) -> None:
    with pytest.raises(SetupError, match=named):
        open_channel("sms", sms_settings(gateway) | wrong)


def test_a_secret_that_breaks_a_header_is_refused_before_anything_is_sent(
    gateway: HttpGateway,
) -> None:
    with pytest.raises((Undeliverable, SetupError)):
        send(sms_settings(gateway, secret="a\r\nX-Evil: 1"))

    assert gateway.heard == []


def test_the_check_asks_without_sending(gateway: HttpGateway) -> None:
    asyncio.run(open_channel("sms", sms_settings(gateway)).check())

    assert [heard.method for heard in gateway.heard] == ["HEAD"]
    gateway.status = 401
    with pytest.raises(SetupError, match="401"):
        asyncio.run(open_channel("sms", sms_settings(gateway)).check())
    gateway.status = 503
    with pytest.raises(Unreachable, match="503"):
        asyncio.run(open_channel("sms", sms_settings(gateway)).check())


def test_a_call_tells_twilio_what_to_say_and_how_many_keys_to_await(gateway: HttpGateway) -> None:
    gateway.name = "sid"
    back = "https://t.example/answers?a=1&b=2"
    settings = sms_settings(gateway, preset="twilio", user="AC1", callback=back)

    send(settings, name="voice", text=HOSTILE, code="4711")

    tree = etree.fromstring(gateway.heard[0].form()["Twiml"])
    gather = tree[0]
    assert [element.tag for element in tree.iter()] == ["Response", "Gather", "Say"]
    assert (gather.get("numDigits"), gather.get("action")) == ("4", back)
    assert gather[0].text == HOSTILE.replace("\r\n", "\n")


def test_a_call_tells_the_plain_gateway_what_to_say(gateway: HttpGateway) -> None:
    send(sms_settings(gateway, callback="https://t.example/a"), name="voice", is_again=True)

    heard = gateway.heard[0].json()
    assert heard["say"].startswith("You may have had this call already. OFFICER SAFETY")
    assert heard["digits"] == "1"


def test_a_call_needs_to_know_where_keys_are_reported(gateway: HttpGateway) -> None:
    with pytest.raises(SetupError, match="pressed key"):
        open_channel("voice", {"url": gateway.url})


def test_a_gateway_that_fails_now_and_then_takes_every_message_once(gateway: HttpGateway) -> None:
    gateway.error_rate = 0.3
    channel = open_channel("sms", sms_settings(gateway, seconds="30"))

    async def send_until_taken(number: int) -> None:
        while True:
            try:
                await channel.send(a_message(key=str(number)), to=REED)
            except Unreachable:
                continue
            return

    async def send_all() -> None:
        await asyncio.gather(*(send_until_taken(number) for number in range(100)))

    asyncio.run(send_all())

    assert len(gateway.taken) == 100
    assert gateway.doubles == 0
    assert len(gateway.heard) > 100


def test_a_gateway_that_was_too_slow_once_is_heard_again(gateway: HttpGateway) -> None:
    channel = open_channel("sms", sms_settings(gateway, seconds="0.3", connections="1"))

    async def send_twice() -> Receipt:
        gateway.latency = 5.0
        with pytest.raises(OutcomeUnknown):
            await channel.send(a_message(), to=REED)
        gateway.latency = 0.0
        return await channel.send(a_message(), to=REED)

    assert asyncio.run(send_twice()).id == "SM000001"
