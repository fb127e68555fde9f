"""What a store must do: keep bytes under their digest, for ever, and give them back."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from tocsin.errors import SetupError
from tocsin.evidence.stores import STORES


class Draft(Protocol):
    """Bytes on their way in, not yet kept."""

    def write(self, chunk: bytes) -> None:
        """Take more bytes.

        Raises:
            StoreFailed: they could not be taken.
        """

    def keep(self, digest: str) -> None:
        """Make the bytes durable under their SHA-256; on return a power cut cannot lose them.

        Raises:
            StoreFailed: they could not be kept.
        """

    def discard(self) -> None:
        """Forget the bytes; harmless after `keep`."""


class Store(Protocol):
    """Keeps bytes under their SHA-256, hexadecimal. Nothing in it is ever changed."""

    def draft(self) -> Draft:
        """Begin to take bytes.

        Raises:
            StoreFailed: nothing can be taken now.
        """

    def open(self, digest: str) -> BinaryIO:
        """The bytes, from the first.

        Raises:
            NotFound: there are none under this digest.
            StoreFailed: they could not be given.
        """

    def local(self, digest: str) -> AbstractContextManager[Path]:
        """The bytes as a file of this machine, for as long as the context lasts.

        Raises:
            NotFound: there are none under this digest.
            StoreFailed: they could not be given.
        """

    def digests(self) -> Iterator[str]:
        """The digests of all that is kept, in no order."""


def open_store(address: str) -> Store:
    """The store at an address such as `disk:///var/lib/tocsin/store`.

    Raises:
        SetupError: no store is registered for the part before `://`.
    """
    scheme, _, place = address.partition("://")
    if scheme not in STORES or not place:
        known = ", ".join(f"{name}://..." for name in sorted(STORES))
        raise SetupError(f"No store can be opened at {address!r}.", way_out=f"Known: {known}.")
    module, _, name = STORES[scheme].partition(":")
    return cast(Store, getattr(import_module(module), name)(place))
