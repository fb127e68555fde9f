"""Web hooks: the whole notice as JSON, signed, to another program.

The receipt is that program's word that it has it; no person has seen anything yet.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import ClassVar

import rfc8785

from tocsin.errors import SetupError
from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.channels.http import Lines, Request, require_taken, sentence_of
from tocsin.warn.wording import Form
from tocsin.warn.wording.machine import VERSION

SHORTEST_SECRET = 16
"""Characters; a shorter one can be guessed."""


class WebhookChannel:
    """Posts to the address, an `https://` one; the receiver knows us by the signature."""

    name: ClassVar[str] = "webhook"
    form: ClassVar[Form] = Form.DATA
    reaches_people: ClassVar[bool] = True

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._secret = settings.get("secret", "").encode()
        if len(self._secret) < SHORTEST_SECRET:
            raise SetupError(
                "The channel webhook has no secret, or a short one.",
                way_out=f"Set one of {SHORTEST_SECRET} characters or more that its receivers know.",
            )
        self._lines = Lines(settings)

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Post the notice; its key and signature stand in the head, the same at every attempt."""
        body = _body(message)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": message.key,
            "Tocsin-Key": message.key,
            "Tocsin-Signature": f"v1={signature(self._secret, message.key, body)}",
        }
        if message.is_again:
            headers["Tocsin-Again"] = "1"
        request = Request(method="POST", url=to.address, headers=tuple(headers.items()), body=body)
        reply = await self._lines.exchange(request)
        require_taken(reply, who=f"The web hook of {to.name}")
        return Receipt(text=sentence_of(reply))

    async def check(self) -> None:
        """Nothing can be asked: each person's address is another program."""


def signature(secret: bytes, key: str, body: bytes) -> str:
    """HMAC-SHA256 over the key, a full stop and the body, in hexadecimal digits."""
    return hmac.new(secret, key.encode() + b"." + body, hashlib.sha256).hexdigest()


def _body(message: Message) -> bytes:
    """The notice as it was written; words that are no JSON are wrapped in the same shape."""
    try:
        found = json.loads(message.text)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, dict):
        return message.text.encode("utf-8")
    wrapped: dict[str, str | int] = {
        "version": VERSION,
        "subject": message.subject,
        "text": message.text,
        "is_exercise": message.is_exercise,
        "link": message.link,
        "code": message.code,
    }
    return rfc8785.dumps(wrapped)
