"""Web push: sealed for one browser, signed by us, and never into our own network."""

import asyncio
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from py_vapid import Vapid02

from tests.gateways import HttpGateway, a_gateway
from tests.subscriber import Browser
from tocsin.errors import BadText, SetupError, Undeliverable
from tocsin.warn import Addressee, Message, Receipt, open_channel
from tocsin.warn.subscription import (
    LARGEST_PAYLOAD,
    as_address,
    parse_subscription,
    seal,
    seal_with,
    sender_name,
)

SECRET = "forty characters that nobody else knows."
SETTINGS = {"secret": SECRET, "contact": "mailto:it@example.org", "allow": "127.0.0.0/8"}


@pytest.fixture
def gateway() -> Iterator[HttpGateway]:
    with a_gateway() as found:
        yield found


def a_message(**changes: object) -> Message:
    facts: dict[str, object] = {
        "key": "0b0e9a52-0000-4000-8000-000000000001",
        "subject": "OFFICER SAFETY: threat",
        "text": "B-2026-000001 v1\nNOT YET ASSESSED",
        "is_exercise": False,
        "link": "https://tocsin.example/a/token",
    }
    return Message(**(facts | changes))  # type: ignore[arg-type] # a builder of keywords


def push(address: str, *, settings: dict[str, str] = SETTINGS, **changes: object) -> Receipt:
    channel = open_channel("push", settings)
    to = Addressee(name="Officer Reed", address=address)
    return asyncio.run(channel.send(a_message(**changes), to=to))


def test_only_the_browser_can_read_what_is_pushed(gateway: HttpGateway) -> None:
    browser = Browser()
    gateway.headers = {"Location": "https://push.example/m/17"}

    receipt = push(browser.subscription(gateway.url))

    heard = gateway.heard[0]
    assert browser.read(heard.body) == {
        "version": 1,
        "title": "OFFICER SAFETY: threat",
        "body": "B-2026-000001 v1\nNOT YET ASSESSED",
        "link": "https://tocsin.example/a/token",
        "tag": "0b0e9a52-0000-4000-8000-000000000001",
    }
    assert b"OFFICER" not in heard.body
    assert heard.headers["content-encoding"] == "aes128gcm"
    assert heard.headers["urgency"] == "high"
    assert heard.headers["ttl"] == "43200"
    assert receipt.id == "https://push.example/m/17"


def test_the_push_service_can_prove_who_sends(gateway: HttpGateway) -> None:
    push(Browser().subscription(gateway.url))

    authorization = gateway.heard[0].headers["authorization"]
    assert Vapid02.verify(authorization)
    assert authorization.endswith(f"k={sender_name(SECRET)}")
    claims = authorization.split(".")[1]
    found = json.loads(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    assert found["aud"] == f"http://127.0.0.1:{gateway.port}"
    assert found["sub"] == "mailto:it@example.org"


def test_attempts_replace_each_other_at_the_push_service(gateway: HttpGateway) -> None:
    browser = Browser()
    push(browser.subscription(gateway.url))
    push(browser.subscription(gateway.url), is_again=True)

    topics = {heard.headers["topic"] for heard in gateway.heard}
    assert len(topics) == 1
    assert len(topics.pop()) == 32
    assert browser.read(gateway.heard[1].body)["body"].startswith("(perhaps sent twice) B-2026")


def test_the_example_of_the_standard_is_sealed_as_it_says() -> None:
    """RFC 8291, 5 and appendix A."""

    def raw(text: str) -> bytes:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))

    def private(text: str) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(int.from_bytes(raw(text), "big"), ec.SECP256R1())

    browser = Browser(
        private("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), raw("BTBZMqHH6r4Tts7J_aSIgg")
    )
    plain = b"When I grow up, I want to be a watermelon"

    sealed = seal_with(
        parse_subscription(browser.subscription("https://push.example/1")),
        plain,
        own=private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=raw("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert sealed == raw(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLoc"
        "InmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLV"
        "WGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.opened(sealed) == plain


@given(st.binary(max_size=LARGEST_PAYLOAD))
def test_what_is_sealed_is_opened_and_fits_a_push_service(payload: bytes) -> None:
    browser = Browser()

    sealed = seal(parse_subscription(browser.subscription("https://push.example/1")), payload)

    assert len(sealed) <= 4096
    assert browser.opened(sealed) == payload


def test_more_than_fits_is_refused() -> None:
    with pytest.raises(BadText):
        seal(parse_subscription(Browser().subscription("https://p.example")), b"x" * 3994)


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_was_given_up_is_final(gateway: HttpGateway, status: int) -> None:
    gateway.status = status

    with pytest.raises(Undeliverable, match="given up this device") as refusal:
        push(Browser().subscription(gateway.url))

    assert "notifications on again" in refusal.value.way_out


def test_a_push_service_that_takes_less_is_given_less(gateway: HttpGateway) -> None:
    browser = Browser()
    gateway.status = 413

    with pytest.raises(Undeliverable, match="413"):
        push(browser.subscription(gateway.url), text="\u4e2d" * 3000)

    first, second = (heard.body for heard in gateway.heard)
    assert 2000 < len(first) <= 4096
    assert len(second) <= 1024 + 103
    assert browser.read(second)["title"] == "OFFICER SAFETY: threat"


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://10.0.0.1/x",
        "https://192.168.1.1:8443/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://[fd00::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://0.0.0.0/x",
        "https://224.0.0.1/x",
        "http://127.0.0.1/x",
        "http://push.example/x",
        "file:///etc/passwd",
        "https://user:word@push.example/",
        "https://push.example/\r\nX: y",
        "https://push.example:99999/",
        "https://[push/",
        "https:///x",
        "",
    ],
)
@pytest.mark.parametrize("name", ["push", "webhook"])
def test_nothing_is_sent_into_our_own_network(name: str, endpoint: str) -> None:
    settings = {"secret": SECRET, "contact": "mailto:it@example.org"}
    address = Browser().subscription(endpoint) if name == "push" else endpoint
    channel = open_channel(name, settings)

    with pytest.raises(Undeliverable) as refusal:
        asyncio.run(channel.send(a_message(), to=Addressee(name="Reed", address=address)))

    assert refusal.value.permanent


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "nobody@example.org",
        '{"endpoint": "https://p.example", "keys": {"p256dh": "AAAA", "auth": "AAAA"}}',
        '{"endpoint": "https://p.example", "keys": null}',
        '{"endpoint": "https://p.example", "keys": {"p256dh": 1, "auth": 2}}',
        "[" * 100_000,
        '{"endpoint": "' + "x" * 5000 + '"}',
    ],
)
def test_what_is_no_subscription_is_refused(text: str) -> None:
    with pytest.raises(BadText, match="no subscription"):
        parse_subscription(text)
    with pytest.raises(Undeliverable, match="no subscription"):
        push(text)


@given(st.text(max_size=300))
def test_any_text_is_a_subscription_or_refused(text: str) -> None:
    with pytest.raises(BadText):
        parse_subscription(text)


def test_a_subscription_is_kept_as_compact_json() -> None:
    found = parse_subscription(Browser().subscription("https://push.example/1"))

    assert parse_subscription(as_address(found)) == found
    assert " " not in as_address(found)


def test_our_key_is_always_the_same_for_the_same_secret() -> None:
    assert sender_name(SECRET) == sender_name(SECRET)
    assert sender_name(SECRET) != sender_name(SECRET + "!")
    assert len(urlsafe_b64decode(sender_name(SECRET) + "=")) == 65


@pytest.mark.parametrize(
    "wrong", [{"secret": "short"}, {"contact": ""}, {"contact": "it"}, {"lives_for": "long"}]
)
def test_a_setting_that_cannot_be_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(SetupError):
        open_channel("push", SETTINGS | wrong)
