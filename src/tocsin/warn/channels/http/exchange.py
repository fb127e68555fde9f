"""One request and its answer: bounded in time and size, over connections that are kept open."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpcore

from tocsin.errors import OutcomeUnknown, SetupError, Unreachable
from tocsin.warn.channels.http.wall import WalledNetwork, wall_from

SECONDS = 20.0
"""From the first look-up to the last byte; the lease of a delivery is longer."""

SECONDS_TO_CONNECT = 8.0
IDLE_FOR = 10.0
"""Seconds that a connection waits for the next message."""

LARGEST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; a gateway has little to say."""

CONNECTIONS = 8
MOST = 1000
"""Connections, and seconds, that a setting may ask for."""

_SENT = "http11.send_request_body.started"
"""Before this, no gateway can have taken the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back.

    Attributes:
        status: of HTTP.
        phrase: the words beside it.
        headers: names in lower case; of several the last.
        body: None where it was too long, too slow or broke off.
    """

    status: int
    phrase: str
    headers: Mapping[str, str]
    body: bytes | None


class Lines:
    """Connections of one channel, kept open for the loop that opened them until it ends.

    Args:
        settings: `connections` at the same time, `seconds` that an exchange may take, `authority`:
            a PEM file of certificates to trust beside the public ones, `allow`: see the wall.
        is_own: as of the wall.

    Raises:
        SetupError: one of them is wrong.
    """

    def __init__(self, settings: Mapping[str, str], *, is_own: bool = False) -> None:
        self.wall = wall_from(settings, is_own=is_own)
        self._connections = int(_number(settings, "connections", CONNECTIONS))
        self._seconds = _number(settings, "seconds", SECONDS)
        self._tls = httpcore.default_ssl_context()
        if settings.get("authority"):
            _trust(self._tls, settings["authority"])
        self._rows: dict[asyncio.AbstractEventLoop, _Row] = {}

    async def exchange(self, request: Request) -> Reply:
        """The answer to the request.

        Raises:
            Undeliverable: the wall stands before its address.
            Unreachable: nothing was sent.
            OutcomeUnknown: it was sent, and no answer came.
        """
        host = self.wall.require_safe(request.url).hostname
        was_sent = False

        async def watch(event: str, _: Mapping[str, Any]) -> None:
            nonlocal was_sent
            was_sent = was_sent or event == _SENT

        try:
            async with asyncio.timeout(self._seconds):
                return await self._ask(request, watch)
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException) as error:
            what = str(error) or type(error).__name__
            raise _broken(host, what, was_sent=was_sent) from error
        except TimeoutError as error:
            what = f"no answer in {self._seconds:g} seconds"
            raise _broken(host, what, was_sent=was_sent) from error

    async def _ask(self, request: Request, watch: Callable[..., Any]) -> Reply:
        headers = [("Host", _host_header(request.url)), *request.headers]
        if request.body:
            headers.append(("Content-Length", str(len(request.body))))
        waits = dict.fromkeys(("pool", "read", "write"), self._seconds)
        waits["connect"] = min(SECONDS_TO_CONNECT, self._seconds)
        async with (
            self._row().line_to(_host_header(request.url)) as line,
            line.stream(
                request.method,
                request.url,
                headers=[
                    (name.encode("ascii"), value.encode("latin-1")) for name, value in headers
                ],
                content=request.body,
                extensions={"timeout": waits, "trace": watch},
            ) as answer,
        ):
            phrase = answer.extensions.get("reason_phrase", b"")
            return Reply(
                status=answer.status,
                phrase=phrase.decode("ascii", "replace"),
                headers={
                    name.decode("latin-1").lower(): value.decode("latin-1")
                    for name, value in answer.headers
                },
                body=await _read(answer, seconds=self._seconds / 2),
            )

    def _row(self) -> "_Row":
        loop = asyncio.get_running_loop()
        self._rows = {one: row for one, row in self._rows.items() if not one.is_closed()}
        if loop not in self._rows:
            self._rows[loop] = _Row([self._line() for _ in range(self._connections)])
        return self._rows[loop]

    def _line(self) -> httpcore.AsyncConnectionPool:
        return httpcore.AsyncConnectionPool(
            ssl_context=self._tls,
            max_connections=1,
            keepalive_expiry=IDLE_FOR,
            network_backend=WalledNetwork(self.wall),
        )


class _Row:
    """The lines of one loop: each is one connection, and carries one message at a time.

    A pool of many connections looks at all of them whenever one is taken or given back; with 32 it
    is slower than with 8. So each line is a pool of one, and they are handed out here.
    """

    def __init__(self, lines: list[httpcore.AsyncConnectionPool]) -> None:
        self._free = [("", line) for line in lines]
        self._count = asyncio.Semaphore(len(lines))
        self._keeper = asyncio.create_task(_close_with_loop(lines), name="lines")

    @asynccontextmanager
    async def line_to(self, host: str) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """A free line: the last that led to this host, or else the one that is free for longest."""
        async with self._count:
            at = next(
                (at for at in reversed(range(len(self._free))) if self._free[at][0] == host), 0
            )
            _, line = self._free.pop(at)
            try:
                yield line
            finally:
                self._free.append((host, line))


async def _read(answer: httpcore.Response, *, seconds: float) -> bytes | None:
    """The body, or None: the status stands, whatever becomes of the rest."""
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for part in answer.aiter_stream():
                size += len(part)
                if size > LARGEST_ANSWER:
                    return None
                parts.append(part)
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, TimeoutError):
        return None
    return b"".join(parts)


async def _close_with_loop(lines: list[httpcore.AsyncConnectionPool]) -> None:
    """Wait for the end of the loop, which cancels its tasks, and leave nothing open."""
    try:
        await asyncio.Event().wait()
    finally:
        for line in lines:
            await line.aclose()


def _broken(host: str | None, what: str, *, was_sent: bool) -> OutcomeUnknown | Unreachable:
    if was_sent:
        return OutcomeUnknown(f"{host} was given the message and did not answer: {what}.")
    return Unreachable(f"{host} cannot be reached: {what}.")


def _host_header(url: str) -> str:
    return url.split("/", 3)[2].partition("?")[0].partition("#")[0]


def _trust(context: ssl.SSLContext, authority: str) -> None:
    try:
        context.load_verify_locations(authority)
    except (OSError, ssl.SSLError) as error:
        raise SetupError(
            f"The certificates in {authority} cannot be read: {error}.",
            way_out="Name a PEM file of the authority that signed the gateway's certificate.",
        ) from error


def _number(settings: Mapping[str, str], name: str, default: float) -> float:
    text = settings.get(name) or str(default)
    try:
        number = float(text)
    except ValueError as error:
        raise SetupError(f"The setting {name} is {text!r}: no number.") from error
    if not 0 < number <= MOST:
        raise SetupError(f"The setting {name} is {text!r}: not between 0 and {MOST}.")
    return number
