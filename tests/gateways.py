"""Gateways on this machine that speak HTTP, keep what they hear, and misbehave when told to."""

import asyncio
import json
import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs

LARGEST = 1024 * 1024
"""Bytes of one request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One request, as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    line: int

    def json(self) -> dict[str, str]:
        """The body as JSON."""
        found: dict[str, str] = json.loads(self.body)
        return found

    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}


@dataclass(slots=True, kw_only=True)
class HttpGateway:
    """A gateway that gives each message a number, and the same number to the same key.

    Attributes:
        port: where it listens on 127.0.0.1.
        latency: seconds that it takes for an answer.
        error_rate: share of requests that it answers with 503, taking nothing.
        heard: every request, in their order.
        taken: the number that it gave, by `Idempotency-Key`.
        doubles: requests with a key that it had taken before.
        status: said to every request instead of taking it.
        answer: raw bytes said instead of any answer of HTTP.
        headers: added to its answers.
        hang_up: take the message, and break the connection without a word.
        drip: seconds between the bytes of an answer.
        body: said instead of its number.
        name: the field of its answer that holds the number.
    """

    port: int = 0
    latency: float = 0.0
    error_rate: float = 0.0
    heard: list[Heard] = field(default_factory=list)
    taken: dict[str, str] = field(default_factory=dict)
    doubles: int = 0
    status: int = 0
    answer: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang_up: bool = False
    drip: float = 0.0
    body: bytes | None = None
    name: str = "id"
    dice: random.Random = field(default_factory=lambda: random.Random(911))  # noqa: S311
    lines: int = 0

    @property
    def url(self) -> str:
        """Where messages are posted."""
        return f"http://127.0.0.1:{self.port}/messages"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends."""
        self.lines += 1
        line = self.lines
        try:
            while request := await _read(reader, line):
                self.heard.append(request)
                if self.latency:
                    await asyncio.sleep(self.latency)
                if not await self._reply(request, writer):
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _reply(self, request: Heard, writer: asyncio.StreamWriter) -> bool:
        """Answer, and say whether the connection stays."""
        raw = self.answer or self._http(request)
        if self.hang_up:
            writer.transport.abort()
            return False
        if self.drip:
            for byte in raw:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(self.drip)
        writer.write(raw)
        await writer.drain()
        return not self.answer

    def _http(self, request: Heard) -> bytes:
        status, body = self._take(request)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        lines = [f"{name}: {value}" for name, value in (headers | self.headers).items()]
        head = "\r\n".join([f"HTTP/1.1 {status} {_PHRASES.get(status, 'Said')}", *lines])
        return f"{head}\r\n\r\n".encode() + (b"" if request.method == "HEAD" else body)

    def _take(self, request: Heard) -> tuple[int, bytes]:
        if self.status:
            return self.status, self.body or b""
        if request.method == "HEAD":
            return 200, b""
        if self.dice.random() < self.error_rate:
            return 503, b""
        key = request.headers.get("idempotency-key") or f"none {len(self.heard)}"
        self.doubles += key in self.taken
        number = self.taken.setdefault(key, f"SM{len(self.taken) + 1:06d}")
        return 201, json.dumps({self.name: number}).encode() if self.body is None else self.body


@contextmanager
def a_gateway(*, latency: float = 0.0, error_rate: float = 0.0) -> Iterator[HttpGateway]:
    """A gateway on a free port of this machine, in a thread of its own."""
    gateway = HttpGateway(latency=latency, error_rate=error_rate)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="gateway", daemon=True)
    thread.start()
    opened = asyncio.start_server(gateway.serve, "127.0.0.1", 0, limit=LARGEST)
    server = asyncio.run_coroutine_threadsafe(opened, loop).result(10)
    gateway.port = server.sockets[0].getsockname()[1]
    try:
        yield gateway
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _read(reader: asyncio.StreamReader, line: int) -> Heard | None:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = head.strip().split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = {}
    for each in rest:
        name, _, value = each.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Heard(method=method, path=path, headers=headers, body=body, line=line)


_PHRASES = {200: "OK", 201: "Created", 302: "Found", 404: "Not Found", 410: "Gone", 503: "Busy"}
