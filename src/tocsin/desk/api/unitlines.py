"""The line that a CAD keeps open: a WebSocket in front of Django, each message answered by a line.

Django does not speak WebSocket, so every one is answered here: one that leads to the units with a
key is taken, any other refused. A message is one of the feed, as it would be posted, and its answer
is the JSON that the post would get. Each waits for the answer to the one before it.
"""

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from tocsin.desk.api.answers import body_of
from tocsin.desk.api.gate import Application, Message, Receive, Scope, Send
from tocsin.desk.api.units import PATH as POSTED
from tocsin.desk.api.units import answer_of
from tocsin.desk.records.commands.accounts import find_key
from tocsin.desk.records.commands.sources import source_of
from tocsin.desk.records.commands.units import Taken, take_message
from tocsin.desk.statuses import status_of
from tocsin.errors import Error, NotAllowed, NotFound, OutOfTurn, SetupError

if TYPE_CHECKING:
    from tocsin.desk.records.models import UnitSource

T = TypeVar("T")

log = logging.getLogger("tocsin.units")

PATH = f"{POSTED}/live"

IDLE = 120.0
"""Seconds without a message after which a line is closed; an empty list is a sign of life."""

BARRED, SILENT, REPLACED = 1008, 4408, 4409
"""Codes with which a line is closed: no right any more, nothing said, another line came."""

TOGETHER = 8
"""Threads that take messages."""

MOST_LINES = 100
"""Lines that this process keeps open."""


class UnitLines:
    """Takes the lines of units feeds, and passes everything else on.

    Args:
        application: what answers HTTP.
        idle: seconds without a message after which a line is closed.
    """

    def __init__(self, application: Application, *, idle: float = IDLE) -> None:
        self._application = application
        self._idle = idle
        self._threads = ThreadPoolExecutor(TOGETHER, thread_name_prefix="units")
        self._open: dict[int, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or keep one line."""
        if scope["type"] != "websocket":
            await self._application(scope, receive, send)
            return
        await receive()  # the connect
        secret = _secret(scope)
        opened = await self._in_rows(partial(_open, scope, secret))
        if isinstance(opened, Error):
            await _refuse(scope, send, opened)
        elif len(self._open) >= MOST_LINES and opened.pk not in self._open:
            full = SetupError("Too many lines are open here.", way_out="Post the messages instead.")
            await _refuse(scope, send, full)
        else:
            await send({"type": "websocket.accept"})
            await self._keep(opened, secret, receive, send)

    async def _keep(self, source: "UnitSource", secret: str, receive: Receive, send: Send) -> None:
        """Take messages until the line ends; the newest line of a source ends the one before it."""
        before = self._open.get(source.pk)
        if before:
            before.set()
        replaced = self._open[source.pk] = asyncio.Event()
        taking = asyncio.create_task(replaced.wait())
        try:
            while message := await self._next(receive, taking, send):
                raw = message.get("text")
                raw = raw.encode() if raw is not None else message.get("bytes") or b""
                answer = await self._in_rows(partial(_take, source, secret, raw))
                if isinstance(answer, NotAllowed | OutOfTurn):
                    await _close(send, BARRED, answer.what)
                    return
                await send({"type": "websocket.send", "text": _line(answer)})
        finally:
            taking.cancel()
            if self._open.get(source.pk) is replaced:
                del self._open[source.pk]

    async def _next(
        self, receive: Receive, taking: "asyncio.Task[Any]", send: Send
    ) -> Message | None:
        """The next message; None where the line has ended, or was closed here."""
        waiting = asyncio.ensure_future(receive())
        await asyncio.wait(
            {waiting, taking}, timeout=self._idle, return_when=asyncio.FIRST_COMPLETED
        )
        if taking.done():
            waiting.cancel()
            await _close(send, REPLACED, "Another line of this units feed was opened.")
            return None
        if not waiting.done():
            waiting.cancel()
            await _close(send, SILENT, f"Nothing was said for {self._idle:g} seconds.")
            return None
        message = waiting.result()
        return message if message["type"] == "websocket.receive" else None

    async def _in_rows(self, function: Callable[[], T]) -> "T | Error":
        """What the function gives, or the error that it meets."""
        call = sync_to_async(_call, thread_sensitive=False, executor=self._threads)
        answer: T | Error = await call(function)
        return answer


def _call(function: Callable[[], T]) -> "T | Error":
    try:
        return function()
    except Error as error:
        return error
    except (DatabaseError, InterfaceError):
        log.exception("a message of units could not be written")
        return SetupError("The units could not be written down.", way_out="Send them again.")
    finally:
        connection.close()


def _open(scope: Scope, secret: str) -> "UnitSource":
    """The source of a line.

    Raises:
        NotFound: no line leads here, or the key has no such source.
        NotAllowed: there is no such key.
    """
    if scope["path"] != PATH:
        raise NotFound("No line leads here.", way_out=f"Open {PATH}.")
    caller = _key(secret)
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    name = asked.get("source", [""])[0]
    return source_of(caller.name, caller.center, name=name, now=timezone.now())


def _take(source: "UnitSource", secret: str, raw: bytes) -> Taken:
    """A key that was taken back takes its open lines with it."""
    _key(secret)
    return take_message(source, raw, now=timezone.now())


def _key(secret: str) -> Any:
    try:
        return find_key(secret)
    except NotFound as error:
        raise NotAllowed(error.what, way_out=error.way_out) from error


def _secret(scope: Scope) -> str:
    said = dict(scope["headers"]).get(b"authorization", b"").decode("latin-1")
    kind, _, secret = said.partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _line(answer: Taken | Error) -> str:
    if isinstance(answer, Error):
        return body_of(answer).decode()
    return json.dumps(answer_of(answer), cls=DjangoJSONEncoder)


async def _close(send: Send, code: int, reason: str) -> None:
    await send({"type": "websocket.close", "code": code, "reason": reason[:120]})


async def _refuse(scope: Scope, send: Send, error: Error) -> None:
    """An answer over HTTP, where the server can give one to who asked for a line."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await _close(send, BARRED, error.what)
        return
    body = body_of(error)
    status = 401 if isinstance(error, NotAllowed) else status_of(error)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start = {"type": "websocket.http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": body})
