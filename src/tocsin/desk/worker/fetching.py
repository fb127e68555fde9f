"""Fetches a file of somebody else's: bounded in time and size, and never from where we must not.

The wall stands where the connection is made, behind the look-up of the name: a private address is
reached only where a setting allows its network (`TOCSIN_CAP_NETWORKS`, `TOCSIN_UNIT_NETWORKS`). No
proxy of the environment is used, no cookie kept, nothing unpacked, and no redirect to another host
followed.
"""

import asyncio
import socket
from dataclasses import dataclass
from types import TracebackType
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore

from tocsin import __version__
from tocsin.errors import SetupError, TooLarge, Undeliverable, Unreachable
from tocsin.warn.channels.http.wall import WalledNetwork, wall_from

SECONDS = 20.0
"""From the first look-up to the last byte."""

SECONDS_TO_CONNECT = 8.0
MOST_REDIRECTS = 3
ALERTS = "application/atom+xml, application/rss+xml, application/cap+xml, */*;q=0.1"
"""What a feed of alerts is asked for."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_BROKEN = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.TimeoutException,
    TimeoutError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back.

    Attributes:
        content: None where nothing has changed since the ETag.
        etag: as the sender gave it; empty where he gave none.
    """

    content: bytes | None
    etag: str


class Fetcher:
    """Connections for one visit; a context that closes them.

    Args:
        networks: private networks that may be reached, separated by commas.
        limit: most bytes of one answer.
        accept: kinds of files that are asked for.
        setting: name of the setting that holds the networks.

    Raises:
        SetupError: one of the networks is none.
    """

    def __init__(
        self,
        *,
        networks: str,
        limit: int,
        accept: str = ALERTS,
        setting: str = "TOCSIN_CAP_NETWORKS",
    ) -> None:
        self._wall = wall_from({"allow": networks})
        self._limit = limit
        self._accept = accept
        self._setting = setting
        self._pool = httpcore.AsyncConnectionPool(
            max_connections=2, network_backend=WalledNetwork(self._wall)
        )

    async def __aenter__(self) -> "Fetcher":
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._pool.aclose()

    async def fetch(self, url: str, *, etag: str = "") -> Fetched:
        """What lies at the address now.

        Raises:
            SetupError: the address may not be reached from here.
            Unreachable: no whole answer came, or none that can be used.
            TooLarge: the answer has more bytes than are read.
        """
        start = url
        try:
            async with asyncio.timeout(SECONDS):
                for _ in range(MOST_REDIRECTS + 1):
                    found = await self._ask(url, etag)
                    if isinstance(found, Fetched):
                        return found
                    url = _require_same_host(start, urljoin(url, found))
        except Undeliverable as error:
            raise SetupError(
                error.what,
                way_out=f"Correct the address, or allow its network in {self._setting}.",
            ) from error
        except _BROKEN as error:
            what = str(error) or f"no whole answer in {SECONDS:g} seconds"
            raise Unreachable(f"{_host(start)} cannot be read: {what}.") from error
        raise Unreachable(f"{_host(start)} sends us from one address to the next.")

    async def _ask(self, url: str, etag: str) -> Fetched | str:
        """The answer, or the address to which it sends us."""
        parts = self._wall.require_safe(url)
        headers = _headers(parts, etag, self._accept)
        async with self._pool.stream(
            "GET", url, headers=headers, extensions={"timeout": _waits()}
        ) as answer:
            said = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
            if answer.status in _MOVED and said.get(b"location"):
                return said[b"location"]
            if answer.status == 304 and etag:
                return Fetched(content=None, etag=etag)
            if answer.status != 200:
                raise Unreachable(f"{parts.hostname} answered {answer.status}.")
            if said.get(b"content-encoding", "identity").lower() != "identity":
                raise Unreachable(f"{parts.hostname} sent something packed, unasked.")
            return Fetched(content=await self._read(answer), etag=said.get(b"etag", ""))

    async def _read(self, answer: httpcore.Response) -> bytes:
        parts, size = [], 0
        async for part in answer.aiter_stream():
            size += len(part)
            if size > self._limit:
                raise TooLarge(f"The answer has more than {self._limit:,} bytes.")
            parts.append(part)
        return b"".join(parts)


async def reach(url: str, *, networks: str, setting: str) -> socket.socket:
    """A connection to the host of an address, made behind the wall; whoever asks closes it.

    Raises:
        SetupError: the address may not be reached from here.
        Unreachable: nobody answers there.
    """
    wall = wall_from({"allow": networks})
    try:
        parts = wall.require_safe(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(SECONDS_TO_CONNECT):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
            wall.require_open(host, addresses)
            return await _connect(addresses, port)
    except Undeliverable as error:
        raise SetupError(
            error.what, way_out=f"Correct the address, or allow its network in {setting}."
        ) from error
    except (OSError, UnicodeError) as error:
        what = str(error) or f"no answer in {SECONDS_TO_CONNECT:g} seconds"
        raise Unreachable(f"{_host(url)} cannot be reached: {what}.") from error


async def _connect(addresses: list[str], port: int) -> socket.socket:
    """A connection to the first address that answers."""
    failure: OSError = OSError("it has no address")
    for address in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        link = socket.socket(family, socket.SOCK_STREAM)
        link.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(link, (address, port))
        except OSError as error:
            link.close()
            failure = error
        except asyncio.CancelledError:
            link.close()
            raise
        else:
            return link
    raise failure


def is_same_host(one: str, other: str) -> bool:
    """Whether both addresses lead to the same scheme, host and port."""
    try:
        return _origin(one) == _origin(other)
    except ValueError:
        return False


def _require_same_host(start: str, url: str) -> str:
    if not is_same_host(start, url):
        raise Unreachable(
            f"{_host(start)} sends us to another host, which is not followed.",
            way_out="Name the address to which it sends, if that is right.",
        )
    return url


def _origin(url: str) -> tuple[str, str, int]:
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return parts.scheme, (parts.hostname or "").lower(), port


def _host(url: str) -> str:
    return urlsplit(url).hostname or "the sender"


def _headers(parts: SplitResult, etag: str, accept: str) -> list[tuple[bytes, bytes]]:
    headers = [
        ("Host", parts.netloc),
        ("User-Agent", f"Tocsin/{__version__}"),
        ("Accept", accept),
        ("Accept-Encoding", "identity"),
    ]
    if etag and etag.isascii() and etag.isprintable():
        headers.append(("If-None-Match", etag))
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]


def _waits() -> dict[str, float]:
    return dict.fromkeys(("pool", "read", "write"), SECONDS) | {"connect": SECONDS_TO_CONNECT}
