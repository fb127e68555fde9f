"""Where the machine may connect to: never into its own network, unless a setting allows it.

The address of a web hook or of a browser comes from outside. The wall stands where the connection
is made, behind the look-up of the name: a name that changes its mind in between leads nowhere.
"""

import asyncio
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httpcore

from tocsin.errors import SetupError, Undeliverable

LONGEST_URL = 2048
_TRANSLATED = ip_network("64:ff9b::/96")
"""IPv4 addresses inside IPv6 (RFC 6052)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What may be reached.

    Attributes:
        networks: private networks that may be reached, and without TLS.
        is_own: the address is the administrator's own setting: it may lie in any network.
    """

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    is_own: bool = False

    def require_safe(self, url: str) -> SplitResult:
        """The parts of an address that may be tried; its host is looked at when it is reached.

        Raises:
            Undeliverable: it is no address of the web, or it is without TLS.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or 443
        except ValueError as error:
            raise Undeliverable(f"{url[:80]!r} is no address of the web: {error}.") from error
        is_plain = url.isascii() and url.isprintable() and " " not in url
        is_web = parts.scheme in {"https", "http"} and bool(parts.hostname) and port > 0
        if len(url) > LONGEST_URL or not (is_plain and is_web) or parts.username is not None:
            raise Undeliverable(
                f"{url[:80]!r} is no address of the web.",
                way_out="Write it whole, as in https://host.example/path, without a password.",
            )
        if parts.scheme == "http" and not self._may_be_plain(parts.hostname or ""):
            raise Undeliverable(
                f"{parts.hostname} would be reached without encryption.",
                way_out="Use https://, or allow its network in the channel's settings.",
            )
        return parts

    def require_open(self, host: str, addresses: Iterable[str]) -> None:
        """Return when all of the host's addresses may be reached.

        Raises:
            Undeliverable: names the address that may not.
        """
        for text in addresses:
            if not self.is_own and not self._is_open(_meant(text)):
                raise Undeliverable(
                    f"{host} is {text}, an address inside a private network: not reached.",
                    way_out="Correct the address, or allow that network in the settings.",
                )

    def _is_open(self, address: IPv4Address | IPv6Address) -> bool:
        if self._is_allowed(address):
            return True
        return address.is_global and not address.is_multicast and not address.is_reserved

    def _is_allowed(self, address: IPv4Address | IPv6Address) -> bool:
        return any(
            address in network for network in self.networks if network.version == address.version
        )

    def _may_be_plain(self, host: str) -> bool:
        try:
            address = ip_address(host)
        except ValueError:
            return self.is_own and host == "localhost"
        return self._is_allowed(address) or (self.is_own and address.is_loopback)


def wall_from(settings: Mapping[str, str], *, is_own: bool = False) -> Wall:
    """The wall with the networks that the setting `allow` names, separated by commas.

    Raises:
        SetupError: one of them is no network.
    """
    names = [name.strip() for name in settings.get("allow", "").split(",") if name.strip()]
    try:
        return Wall(networks=tuple(ip_network(name) for name in names), is_own=is_own)
    except ValueError as error:
        raise SetupError(
            f"The setting allow is wrong: {error}.",
            way_out="Write networks such as 10.4.0.0/24, separated by commas.",
        ) from error


class WalledNetwork(httpcore.AsyncNetworkBackend):
    """Looks a name up once, passes the wall, and connects to what was looked up."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 # httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            Undeliverable: the wall stands before it.
        """
        addresses = await _look_up(host, port)
        self._wall.require_open(host, addresses)
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


async def _look_up(host: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} is not known ({error})") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _meant(text: str) -> IPv4Address | IPv6Address:
    """The address that is reached in the end, where one stands inside the other."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address
