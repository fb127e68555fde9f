"""A gateway that takes one message in one request: templates in, its name for the message out."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from tocsin.errors import OutcomeUnknown, SetupError, Undeliverable, Unreachable
from tocsin.warn.channel import Message, Receipt
from tocsin.warn.channels.http.exchange import Lines, Reply, Request
from tocsin.warn.channels.http.meaning import one_line, require_taken, sentence_of
from tocsin.warn.channels.http.places import (
    fill_address,
    fill_object,
    read_template,
    require_headers,
    require_places,
)

METHODS = ("POST", "PUT", "GET")
SHAPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
LONGEST_ID = 200
"""Characters of a gateway's name for a message."""


class Gateway:
    """Sends by the settings `url`, `method`, `headers`, `shape`, `body` and `id`.

    Args:
        who: the channel, for its sentences.
        settings: those, over the preset; `user`, `secret`, `from`, `callback` fill their places.
        preset: settings of a gateway that is known by name.
    """

    def __init__(self, who: str, settings: Mapping[str, str], preset: Mapping[str, str]) -> None:
        self._who = who
        chosen = dict(preset) | {name: value for name, value in settings.items() if value}
        self._url = _address(who, chosen.get("url", ""))
        self._method = _one_of("method", chosen.get("method", "POST").upper(), METHODS)
        self._shape = _one_of("shape", chosen.get("shape", "json"), tuple(SHAPES))
        self._headers = read_template("headers", chosen.get("headers", "{}"))
        self._body = read_template("body", chosen.get("body", "{}"))
        self._id = chosen.get("id", "")
        require_headers(self._headers)
        self._facts = _facts(chosen)
        self.lines = Lines(chosen, is_own=True)
        self._require_address()

    async def send(self, message: Message, *, to: str, text: str) -> Receipt:
        """The gateway's word that it has the text.

        Raises:
            Undeliverable, Unreachable, OutcomeUnknown: as `Channel.send`.
        """
        reply = await self.lines.exchange(self._request(message, to=to, text=text))
        require_taken(reply, who=f"The gateway of {self._who}")
        name = self._name_in(reply)
        said = f"{sentence_of(reply)}{f'; its number for it is {name}' if name else ''}"
        return Receipt(text=said, id=name)

    async def check(self) -> None:
        """Return when the gateway answers; nothing is sent to anybody.

        Raises:
            SetupError: it refuses the name or the secret.
            Unreachable: it does not answer.
        """
        words = {**self._facts, **dict.fromkeys(("to", "text", "key", "code", "digits"), "")}
        request = Request(
            method="HEAD",
            url=fill_address(self._url, words),
            headers=self._filled_headers(words),
            body=b"",
        )
        try:
            reply = await self.lines.exchange(request)
        except (OutcomeUnknown, Undeliverable) as error:
            raise Unreachable(error.what, way_out=error.way_out) from error
        if reply.status in {401, 407}:
            raise SetupError(
                f"The gateway of {self._who} answered {sentence_of(reply)}.",
                way_out="Correct the name or the secret in the channel's settings.",
            )
        if reply.status >= 500:
            raise Unreachable(f"The gateway of {self._who} answered {sentence_of(reply)}.")

    def _request(self, message: Message, *, to: str, text: str) -> Request:
        words = self._facts | {
            "to": to,
            "text": text,
            "key": message.key,
            "code": message.code,
            "digits": str(len(message.code) or 1),
        }
        filled = fill_object(self._body, words)
        headers = [*self._filled_headers(words), ("Idempotency-Key", message.key)]
        if self._method == "GET":
            body = b""
        else:
            headers.append(("Content-Type", SHAPES[self._shape]))
            body = _as_json(filled) if self._shape == "json" else _as_form(filled)
        return Request(
            method=self._method,
            url=fill_address(self._url, words),
            headers=tuple(headers),
            body=body,
        )

    def _filled_headers(self, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        filled = fill_object(self._headers, words)
        for name, value in filled.items():
            if not (value.isascii() and value.isprintable()):
                raise Undeliverable(f"The header {name} of the gateway cannot be sent.")
        return (("Accept", "application/json"), *filled.items())

    def _name_in(self, reply: Reply) -> str:
        """The gateway's name for the message; empty where the settings expect none."""
        if not self._id:
            return ""
        try:
            found: Any = json.loads(reply.body or b"")
            for step in self._id.split("/")[1:]:
                key = step.replace("~1", "/").replace("~0", "~")
                found = found[int(key)] if isinstance(found, list) else found[key]
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise self._unknown(reply) from error
        name = one_line(str(found)) if isinstance(found, str | int) else ""
        if not name or len(str(found)) > LONGEST_ID or isinstance(found, bool):
            raise self._unknown(reply)
        return name

    def _unknown(self, reply: Reply) -> OutcomeUnknown:
        return OutcomeUnknown(
            f"The gateway of {self._who} answered {sentence_of(reply)}, and no name for the "
            f"message stands at {self._id} of its answer.",
            way_out="Look in the gateway whether it went out; correct the setting id.",
        )

    def _require_address(self) -> None:
        try:
            self.lines.wall.require_safe(self._url)
        except Undeliverable as error:
            raise SetupError(
                f"The channel {self._who} has no gateway: {error.what}", way_out=error.way_out
            ) from error


def _address(who: str, url: str) -> str:
    require_places("url", url)
    if "{" in "".join(url.split("/", 3)[:3]):
        raise SetupError(f"The gateway of {who} has a place in its host.")
    return url


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise SetupError(f"The setting {name} is {value!r}.", way_out=f"Known: {', '.join(known)}.")
    return value


def _facts(chosen: Mapping[str, str]) -> dict[str, str]:
    facts = {name: chosen.get(name, "") for name in ("callback", "from", "user", "secret")}
    basic = b64encode(f"{facts['user']}:{facts['secret']}".encode()).decode()
    return facts | {"basic": basic if facts["user"] else ""}


def _as_json(filled: Mapping[str, Any]) -> bytes:
    return json.dumps(filled, ensure_ascii=True).encode("ascii")


def _as_form(filled: Mapping[str, Any]) -> bytes:
    return urlencode(
        {name: str(value) for name, value in filled.items()}, errors="replace"
    ).encode()
