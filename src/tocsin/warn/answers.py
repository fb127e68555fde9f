"""What gateways say later: delivered, not delivered, or a person's answer.

Comes in: the head and body of a request that claims to be from a gateway, unproved. First prove it
(`is_token`, `is_twilio`), then read it (`read_answer`). Only a whole, bounded message of the known
shape is read; everything else is an `InputError`.
"""

import hashlib
import hmac
import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tocsin.errors import BadText, TooLarge
from tocsin.intake import plain_text

LARGEST = 64 * 1024
"""Bytes of one answer."""

MOST_FIELDS = 100
LONGEST_TEXT = 2000
"""Characters of a person's answer that are kept."""


class AnswerKind(StrEnum):
    """What a gateway speaks of."""

    DELIVERED = "delivered"
    FAILED = "failed"
    REPLY = "reply"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One thing that a gateway said.

    Attributes:
        kind: what it speaks of; `UNKNOWN` for a step on the way, which changes nothing.
        id: the gateway's name for the message, as in `Receipt.id`; of a reply by text message, the
            name of the reply itself.
        address: the telephone number that it concerns.
        text: a person's words or keys; of a receipt the gateway's words.
        raw: all of it, as it came.
    """

    kind: AnswerKind
    id: str
    address: str
    text: str
    raw: str


_DIGITS = re.compile(r"(?<![^\s.,;:!?#()\"'=])([0-9]{1,8})(?![^\s.,;:!?()\"'=])")
_PART = re.compile(r"[0-9][.:,][0-9]")
"""A time or an amount: its digits stand for themselves."""

_DENIALS = frozenset({"no", "not", "never", "stop", "wrong", "cannot", "nobody"})


def code_in(text: str) -> str:
    """The digits with which a person answers; empty where he may mean something else.

    One run of digits, alone or beside words: `1`, ` 1.`, `ok 1`, `1 got it`. Two different runs,
    digits within a word, a time, a ten-code (`10-4`) or a denial (`not 1`) are for a person.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower().replace("\u2019", "'")
    words = re.findall(r"[a-z']+", plain)
    is_denial = any(word in _DENIALS or word.endswith("n't") for word in words)
    runs: list[str] = _DIGITS.findall(plain)
    others = len(re.findall(r"[0-9]+", plain)) - len(runs)
    if is_denial or others or len(set(runs)) != 1 or _PART.search(plain):
        return ""
    return runs[0]


def read_answer(preset: str, body: bytes, *, headers: Mapping[str, str]) -> Answer:
    """What a gateway of this preset said.

    Args:
        preset: `plain` or `twilio`.
        body: at most 64 KiB.
        headers: names in any case.

    Raises:
        InputError: it is none, too large, or of another shape.
    """
    if preset not in _READERS:
        raise BadText(f"No gateway is called {preset!r}.", way_out=f"Known: {', '.join(_READERS)}.")
    if len(body) > LARGEST:
        raise TooLarge(f"The answer of a gateway is over {LARGEST} bytes.")
    media = _header(headers, "content-type").partition(";")[0].strip().lower()
    try:
        found = _READERS[preset](body, media)
    except (ValueError, RecursionError) as error:
        raise BadText(f"The answer of a gateway cannot be read: {error}.") from error
    return replace(
        found,
        id=plain_text(found.id),
        address=plain_text(found.address),
        text=plain_text(found.text),
    )


def is_token(given: str, *, secret: str) -> bool:
    """Whether the gateway knows the secret, as its path or head gave it; never for an empty one."""
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode())


def bearer_of(headers: Mapping[str, str]) -> str:
    """The secret in `Authorization: Bearer ...`; empty where there is none."""
    scheme, _, token = _header(headers, "authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def is_twilio(headers: Mapping[str, str], body: bytes, *, url: str, secret: str) -> bool:
    """Whether Twilio signed the request.

    HMAC-SHA1 with the account's token over the address as Twilio was given it and the fields,
    sorted by name, each with its value (`X-Twilio-Signature`, Twilio's page "Webhooks security").

    Raises:
        InputError: the body is too large, or no form.
    """
    if len(body) > LARGEST:
        raise TooLarge(f"The answer of a gateway is over {LARGEST} bytes.")
    try:
        fields = _fields(body)
    except ValueError as error:
        raise BadText(f"The answer of a gateway cannot be read: {error}.") from error
    signed = url + "".join(name + value for name, value in sorted(fields))
    digest = hmac.new(secret.encode(), signed.encode("utf-8", "replace"), hashlib.sha1).digest()
    given = _header(headers, "x-twilio-signature")
    return bool(secret) and hmac.compare_digest(given.encode("utf-8", "replace"), b64encode(digest))


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for one, value in headers.items() if one.lower() == name), "")


_TEXT = {"type": "string", "maxLength": LONGEST_TEXT}
_NAME = {"type": "string", "minLength": 1, "maxLength": 200}
_PHONE = {"type": "string", "pattern": r"^\+[1-9][0-9]{7,14}$"}
_PLAIN = Draft202012Validator(
    {
        "type": "object",
        "oneOf": [
            {
                "required": ["id", "status"],
                "properties": {"id": _NAME, "status": _NAME, "to": _PHONE, "text": _TEXT},
                "not": {"required": ["from"]},
            },
            {
                "required": ["from", "text"],
                "properties": {"id": _NAME, "from": _PHONE, "text": _TEXT},
                "not": {"required": ["status"]},
            },
        ],
    }
)
_DONE = {
    "delivered": AnswerKind.DELIVERED,
    "completed": AnswerKind.DELIVERED,
    "read": AnswerKind.DELIVERED,
    "failed": AnswerKind.FAILED,
    "undelivered": AnswerKind.FAILED,
    "undeliverable": AnswerKind.FAILED,
    "rejected": AnswerKind.FAILED,
    "expired": AnswerKind.FAILED,
    "busy": AnswerKind.FAILED,
    "no-answer": AnswerKind.FAILED,
    "canceled": AnswerKind.FAILED,
}
"""A gateway's last words on a message. `completed` is a call that somebody or something took."""


def _read_plain(body: bytes, media: str) -> Answer:
    if media != "application/json":
        raise BadText("The answer of a gateway is not application/json.")
    raw = body.decode("utf-8")
    found: dict[str, Any] = json.loads(raw)
    fault = best_match(_PLAIN.iter_errors(found))
    if fault is not None:
        raise BadText(f"The answer of a gateway does not fit: {fault.message[:200]}.")
    if "from" in found:
        return Answer(
            kind=AnswerKind.REPLY,
            id=found.get("id", ""),
            address=found["from"],
            text=found["text"],
            raw=raw,
        )
    status = found["status"].lower()
    return Answer(
        kind=_DONE.get(status, AnswerKind.UNKNOWN),
        id=found["id"],
        address=found.get("to", ""),
        text=" ".join(filter(None, (status, found.get("text", "")))),
        raw=raw,
    )


def _read_twilio(body: bytes, media: str) -> Answer:
    if media != "application/x-www-form-urlencoded":
        raise BadText("The answer of a gateway is no form.")
    fields = dict(_fields(body))
    name = fields.get("CallSid") or fields.get("MessageSid") or fields.get("SmsSid") or ""
    if not re.fullmatch(r"[A-Za-z0-9]{1,64}", name):
        raise BadText("The answer of a gateway names no message.")
    raw = body.decode("utf-8")
    # A key pressed in our call concerns whom we called; a text message, who sent it.
    if "Digits" in fields:
        kind, address, text = AnswerKind.REPLY, fields.get("To", ""), fields["Digits"]
    elif "Body" in fields and fields.get("SmsStatus", "received") == "received":
        kind, address, text = AnswerKind.REPLY, fields.get("From", ""), fields["Body"]
    else:
        status = fields.get("CallStatus") or fields.get("MessageStatus") or fields.get("SmsStatus")
        text = " ".join(filter(None, (status, fields.get("ErrorCode", ""))))
        kind, address = _DONE.get(status or "", AnswerKind.UNKNOWN), fields.get("To", "")
    return Answer(kind=kind, id=name, address=address[:40], text=text[:LONGEST_TEXT], raw=raw)


def _fields(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form.

    Raises:
        ValueError: it is none, or has too many.
    """
    return parse_qsl(
        body.decode("ascii"),
        keep_blank_values=True,
        strict_parsing=bool(body),
        max_num_fields=MOST_FIELDS,
    )


_READERS: Mapping[str, Callable[[bytes, str], Answer]] = {
    "plain": _read_plain,
    "twilio": _read_twilio,
}
