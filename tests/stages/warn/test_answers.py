"""What gateways say later, and what a person's digits mean."""

import base64
import hashlib
import hmac
import json
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError, TooLarge
from tocsin.warn.answers import (
    Answer,
    AnswerKind,
    bearer_of,
    code_in,
    is_token,
    is_twilio,
    read_answer,
)

JSON = {"Content-Type": "application/json; charset=utf-8"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


def plain(**fields: object) -> Answer:
    return read_answer("plain", json.dumps(fields).encode(), headers=JSON)


def twilio(**fields: str) -> Answer:
    return read_answer("twilio", urlencode(fields).encode(), headers=FORM)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1", "1"),
        (" 1.", "1"),
        ("ok 1", "1"),
        ("1 got it", "1"),
        ("#1!", "1"),
        ("(1)", "1"),
        ("1, 1", "1"),
        ("\uff11", "1"),
        ("Reply 4711 = I have it", "4711"),
        ("10-4", ""),
        ("1-1", ""),
        ("1st", ""),
        ("C1", ""),
        ("12:30", ""),
        ("10:10", ""),
        ("1.5", ""),
        ("1/2", ""),
        ("1 or 2", ""),
        ("1 10-4", ""),
        ("not 1", ""),
        ("I don't have 1", ""),
        ("I don\u2019t have 1", ""),
        ("STOP 1", ""),
        ("got it", ""),
        ("", ""),
        ("123456789", ""),
        ("\u00b9", "1"),
    ],
)
def test_the_digits_that_a_person_answers_with(text: str, code: str) -> None:
    assert code_in(text) == code


@given(st.text())
def test_a_code_is_digits_that_stand_in_the_text_or_nothing(text: str) -> None:
    code = code_in(text)

    assert code == "" or (code.isascii() and code.isdecimal() and len(code) <= 8)


@given(
    code=st.from_regex(r"[0-9]{1,8}", fullmatch=True), word=st.sampled_from(["", "ok", "Roger,"])
)
def test_a_code_is_found_alone_and_beside_words(code: str, word: str) -> None:
    assert code_in(f" {word} {code}. ") == code
    assert code_in(f"{code} {word}") == code


@given(st.text(alphabet=st.characters(exclude_categories=["N"])))
def test_words_without_digits_are_no_code(text: str) -> None:
    assert code_in(text) == "" or any(letter.isdigit() for letter in code_in(text))


def test_the_plain_gateway_says_what_became_of_a_message() -> None:
    found = plain(id="SM1", status="Delivered", to="+13035550123")

    assert (found.kind, found.id, found.address) == (AnswerKind.DELIVERED, "SM1", "+13035550123")
    assert plain(id="SM1", status="failed", text="30003 unreachable").text == (
        "failed 30003 unreachable"
    )
    assert plain(id="SM1", status="failed").kind is AnswerKind.FAILED
    assert plain(id="SM1", status="queued").kind is AnswerKind.UNKNOWN


def test_the_plain_gateway_passes_on_what_a_person_answered() -> None:
    found = plain(**{"from": "+13035550123", "text": "ok 1\u0000", "id": "SM9"})

    assert (found.kind, found.address, found.id) == (AnswerKind.REPLY, "+13035550123", "SM9")
    assert found.text == "ok 1\ufffd"
    assert json.loads(found.raw)["text"] == "ok 1\u0000"


@pytest.mark.parametrize(
    ("fields", "kind", "address", "text"),
    [
        ({"MessageSid": "SM1", "MessageStatus": "delivered"}, "delivered", "+1303", "delivered"),
        ({"MessageSid": "SM1", "MessageStatus": "sent"}, "unknown", "+1303", "sent"),
        (
            {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"},
            "failed",
            "+1303",
            "undelivered 30005",
        ),
        (
            {"SmsSid": "SM1", "Body": "1 got it", "SmsStatus": "received"},
            "reply",
            "+1720",
            "1 got it",
        ),
        ({"CallSid": "CA1", "Digits": "1", "CallStatus": "in-progress"}, "reply", "+1303", "1"),
        ({"CallSid": "CA1", "CallStatus": "no-answer"}, "failed", "+1303", "no-answer"),
        ({"CallSid": "CA1", "CallStatus": "completed"}, "delivered", "+1303", "completed"),
    ],
)
def test_twilio_says_what_became_of_a_message_and_what_a_person_answered(
    fields: dict[str, str], kind: str, address: str, text: str
) -> None:
    found = twilio(**{"To": "+1303", "From": "+1720", **fields})

    assert (found.kind, found.address, found.text) == (kind, address, text)
    assert found.id in {"SM1", "CA1"}


@pytest.mark.parametrize("preset", ["plain", "twilio", "pigeon"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"[" * 60_000,
        b"\xff\xfe",
        b'{"id": 1, "status": "delivered"}',
        b'{"id": "", "status": "delivered"}',
        b'{"id": "a", "status": "delivered", "from": "+13035550123", "text": ""}',
        b'{"from": "911", "text": "1"}',
        b'{"from": "+13035550123", "text": "' + b"x" * 3000 + b'"}',
        b"&".join(b"a%d=1" % n for n in range(200)),
        b"MessageSid=%00&MessageStatus=delivered",
        b"MessageStatus=delivered",
        b"=&=;",
    ],
)
@pytest.mark.parametrize("headers", [JSON, FORM, {}])
def test_what_is_no_answer_is_refused(preset: str, body: bytes, headers: dict[str, str]) -> None:
    with pytest.raises(InputError):
        read_answer(preset, body, headers=headers)


@given(st.binary(max_size=400), st.sampled_from(["plain", "twilio"]))
def test_any_bytes_are_an_answer_or_refused(body: bytes, preset: str) -> None:
    try:
        found = read_answer(preset, body, headers=JSON if preset == "plain" else FORM)
    except InputError:
        return
    assert found.id or found.address


def test_an_answer_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLarge):
        read_answer("plain", b" " * 65_537, headers=JSON)
    with pytest.raises(TooLarge):
        is_twilio({}, b"a=" + b"1" * 65_537, url="https://t.example", secret="s")


def test_a_token_is_known_or_not() -> None:
    assert is_token("s3cret", secret="s3cret")
    assert not is_token("s3cre", secret="s3cret")
    assert not is_token("\u4e2d", secret="s3cret")
    assert not is_token("", secret="")
    assert bearer_of({"AUTHORIZATION": "bearer s3cret"}) == "s3cret"
    assert bearer_of({"Authorization": "Basic s3cret"}) == ""
    assert bearer_of({}) == ""


def test_twilio_s_own_example_is_proved() -> None:
    """From its page "Security": account token 12345."""
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    body = urlencode(fields).encode()
    headers = {"X-Twilio-Signature": "RSOYDt4T1cUTdK1PDd93/VVr8B8="}

    assert is_twilio(headers, body, url=url, secret="12345")
    assert not is_twilio(headers, body, url=f"{url}&x", secret="12345")
    assert not is_twilio(headers, body + b"&x=1", url=url, secret="12345")
    assert not is_twilio(headers, body, url=url, secret="12346")
    assert not is_twilio({}, body, url=url, secret="12345")


def test_nobody_signs_with_an_empty_secret() -> None:
    signed = base64.b64encode(hmac.new(b"", b"https://t.example", hashlib.sha1).digest())

    headers = {"X-Twilio-Signature": signed.decode()}
    assert not is_twilio(headers, b"", url="https://t.example", secret="")
