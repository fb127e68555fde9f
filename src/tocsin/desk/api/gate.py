"""The gate before Django: bodies are bounded, and what arrived of a broken upload is kept."""

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from typing import IO, Any

from asgiref.sync import sync_to_async

from tocsin.config import MEBIBYTE
from tocsin.desk.api.answers import body_of, page_of
from tocsin.desk.statuses import status_of
from tocsin.errors import InputError, Interrupted, TooLarge

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Keep = Callable[[Scope, IO[bytes], InputError], None]

FRAME = MEBIBYTE
"""Bytes that a multipart body may hold beside the recording: its frame, call data and note."""

ELSEWHERE = 4 * MEBIBYTE
"""Most bytes of a body that brings no recording."""


class Gate:
    """Passes requests on to an application, and stops bodies that grow too large.

    Args:
        application: Django.
        limit: most bytes of a recording.
        uploads: paths to which recordings are sent.
        keep: writes down what arrived of an upload that did not arrive whole.
        bounds: most bytes of a body, by path, where it is not what holds elsewhere.
    """

    def __init__(
        self,
        application: Application,
        *,
        limit: int,
        uploads: frozenset[str],
        keep: Keep,
        bounds: Mapping[str, int] | None = None,
    ) -> None:
        self._application = application
        self._limit = limit
        self._uploads = uploads
        self._keep = keep
        self._bounds = bounds or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
        elif scope["method"] == "POST" and scope["path"] in self._uploads:
            await self._upload(scope, receive, send)
        else:
            await self._bounded(scope, receive, send)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._bounds.get(scope["path"], ELSEWHERE)
        body = _Body(receive, limit=limit, copy=None)
        try:
            body.check_length(scope)
            await self._application(scope, body.receive, send)
        except _Overflow:
            await _refuse(scope, send, TooLarge("The request is too large."))

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        with tempfile.TemporaryFile() as copy:
            body = _Body(receive, limit=self._limit + FRAME, copy=copy)
            try:
                body.check_length(scope)
                await self._application(scope, body.receive, send)
            except _Overflow:
                error = TooLarge(
                    f"The recording is larger than {self._limit:,} bytes.",
                    way_out="Cut it into parts, or ask the administrator to raise "
                    "TOCSIN_UPLOAD_LIMIT. What arrived before the limit is kept.",
                )
                await self._keep_copy(scope, copy, error)
                await _refuse(scope, send, error)
            else:
                if body.is_cut:
                    cut = Interrupted(
                        "The sender stopped before the end of the upload.",
                        way_out="Send it again, whole. What arrived is kept.",
                    )
                    await self._keep_copy(scope, copy, cut)

    async def _keep_copy(self, scope: Scope, copy: IO[bytes], error: InputError) -> None:
        copy.seek(0)
        await sync_to_async(self._keep)(scope, copy, error)


class _Overflow(Exception):
    """The body passes its limit."""


class _Body:
    """Counts a body as it comes in, and copies it."""

    def __init__(self, receive: Receive, *, limit: int, copy: IO[bytes] | None) -> None:
        self._receive = receive
        self._limit = limit
        self._copy = copy
        self._size = 0
        self._is_whole = False
        self.is_cut = False

    def check_length(self, scope: Scope) -> None:
        """Refuse at once what says itself that it is too long."""
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._limit:
            raise _Overflow

    async def receive(self) -> Message:
        """The next message, counted."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._take(message)
        elif message["type"] == "http.disconnect" and not self._is_whole:
            self.is_cut = True
        return message

    def _take(self, message: Message) -> None:
        chunk = message.get("body", b"")
        self._size += len(chunk)
        if self._size > self._limit:
            raise _Overflow
        if self._copy:
            self._copy.write(chunk)
        self._is_whole = not message.get("more_body", False)


async def _refuse(scope: Scope, send: Send, error: InputError) -> None:
    is_person = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
    kind = b"text/html; charset=utf-8" if is_person else b"application/json"
    body = page_of(error) if is_person else body_of(error)
    headers = [
        (b"content-type", kind),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status_of(error), "headers": headers})
    await send({"type": "http.response.body", "body": body})
