"""Notifications to a browser, by the push service that its maker runs.

The receipt is the push service's word that it will carry the message; the device may be switched
off. Whether it was shown, the page says; whether the person has it, only his answer says.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import urlsplit

from py_vapid import Vapid02, VapidException

from tocsin.errors import BadText, SetupError, Undeliverable
from tocsin.warn.channel import Addressee, Message, Receipt
from tocsin.warn.channels.http import Lines, Reply, Request, require_taken, sentence_of
from tocsin.warn.subscription import (
    LARGEST_PAYLOAD,
    Subscription,
    parse_subscription,
    seal,
    sender_key,
)
from tocsin.warn.wording import Form

SMALL_PAYLOAD = 1024
"""Bytes for a push service that takes less than the others."""

LIVES_FOR = 12 * 3600
"""Seconds for which the push service keeps what it cannot bring, unless a setting says so."""

SIGNED_FOR = 12 * 3600
"""Seconds; a day is the most, and clocks differ."""

_AGAIN = "(perhaps sent twice) "
_GONE = frozenset({404, 410})


class PushChannel:
    """Pushes to one browser; the address is its subscription."""

    name: ClassVar[str] = "push"
    form: ClassVar[Form] = Form.GLANCE
    reaches_people: ClassVar[bool] = True

    def __init__(self, settings: Mapping[str, str]) -> None:
        self._key = Vapid02(sender_key(settings.get("secret", "")))
        self._contact = settings.get("contact", "")
        self._lives_for = settings.get("lives_for") or str(LIVES_FOR)
        if not self._lives_for.isdecimal():
            raise SetupError(f"The setting lives_for is {self._lives_for!r}: no seconds.")
        self._lines = Lines(settings)
        try:
            self._authorization("https://push.example")
        except Undeliverable as error:
            raise SetupError(
                "The channel push has no contact for the push services.",
                way_out="Set one, such as mailto:it@center.example.",
            ) from error

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """Seal the message for the browser and hand it to its push service."""
        try:
            browser = parse_subscription(to.address)
        except BadText as error:
            raise Undeliverable(error.what, way_out=error.way_out) from error
        self._lines.wall.require_safe(browser.endpoint)
        reply = await self._push(message, browser, most=LARGEST_PAYLOAD)
        if reply.status == 413:
            reply = await self._push(message, browser, most=SMALL_PAYLOAD)
        if reply.status in _GONE:
            raise Undeliverable(
                f"The browser has given up this device: {sentence_of(reply)}.",
                way_out=f"{to.name} switches notifications on again on that device.",
            )
        require_taken(reply, who="The push service")
        return Receipt(text=sentence_of(reply), id=reply.headers.get("location", "")[:300])

    async def check(self) -> None:
        """Nothing can be asked: each browser has its own push service."""

    async def _push(self, message: Message, browser: Subscription, *, most: int) -> Reply:
        parts = urlsplit(browser.endpoint)
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": self._lives_for,
            "Urgency": "high",
            # Of one topic the push service keeps the last: an attempt replaces the one before.
            "Topic": hashlib.sha256(message.key.encode()).hexdigest()[:32],
            "Authorization": self._authorization(f"{parts.scheme}://{parts.netloc}"),
        }
        request = Request(
            method="POST",
            url=browser.endpoint,
            headers=tuple(headers.items()),
            body=seal(browser, payload_of(message, most=most)),
        )
        return await self._lines.exchange(request)

    def _authorization(self, audience: str) -> str:
        """Our signature for this push service (RFC 8292).

        Raises:
            Undeliverable: its address cannot be signed for.
        """
        until = int(time.time()) + SIGNED_FOR  # noqa: TID251 # it ends by the clock on the wall
        claims = {"aud": audience, "sub": self._contact, "exp": until}
        try:
            signed: dict[str, str] = self._key.sign(claims)
        except VapidException as error:
            raise Undeliverable(f"{audience[:80]!r} is no push service.") from error
        return signed["Authorization"]


def payload_of(message: Message, *, most: int) -> bytes:
    """What the page's worker is given, in so many bytes: the body gives way, then the title.

    `{"version": 1, "title": ..., "body": ..., "link": ..., "tag": ...}`; notifications of one tag
    replace each other.
    """
    body = f"{_AGAIN if message.is_again else ''}{message.text}"
    title = message.subject
    raw = _encoded(message, title, body)
    while len(raw) > most and (body or title):
        if body:
            body = body[: len(body) * 3 // 4]
        else:
            title = title[: len(title) * 3 // 4]
        raw = _encoded(message, title, body)
    return raw


def _encoded(message: Message, title: str, body: str) -> bytes:
    found = {
        "version": 1,
        "title": title,
        "body": body,
        "link": message.link,
        "tag": message.key,
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
