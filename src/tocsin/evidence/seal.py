"""Sealing: bytes into the store, and the digests by which anybody can know them again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType

from tocsin.errors import Tampered, TooLarge
from tocsin.evidence.store import Store

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """Bytes that are in the store: their digests, hexadecimal, and how many there are."""

    sha256: str
    sha512: str
    size: int


class Sealing:
    """Bytes being sealed as they arrive; a context that forgets them unless `close` was reached.

    Args:
        store: where they go.
        limit: most bytes to take.
    """

    def __init__(self, store: Store, *, limit: int) -> None:
        self._draft = store.draft()
        self._limit = limit
        self._sha256, self._sha512 = hashlib.sha256(), hashlib.sha512()
        self.size = 0

    def __enter__(self) -> "Sealing":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._draft.discard()

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            TooLarge: they pass the limit; those before are still here, for `close` to keep.
            StoreFailed: the store did not take them.
        """
        if self.size + len(chunk) > self._limit:
            raise TooLarge(
                f"The recording is larger than {self._limit:,} bytes.",
                way_out="Cut it into parts, or ask the administrator to raise TOCSIN_UPLOAD_LIMIT.",
            )
        self._draft.write(chunk)
        self._sha256.update(chunk)
        self._sha512.update(chunk)
        self.size += len(chunk)

    def close(self) -> Sealed:
        """Keep all that was fed, durably, under its digest.

        Raises:
            StoreFailed: the store did not keep them.
        """
        sealed = Sealed(
            sha256=self._sha256.hexdigest(), sha512=self._sha512.hexdigest(), size=self.size
        )
        self._draft.keep(sealed.sha256)
        return sealed


def seal(chunks: Iterable[bytes], *, store: Store, limit: int) -> Sealed:
    """Keep the bytes of `chunks`.

    Raises:
        TooLarge: there are more than `limit`; none were kept.
        StoreFailed: the store did not take or keep them.
    """
    with Sealing(store, limit=limit) as sealing:
        for chunk in chunks:
            sealing.feed(chunk)
        return sealing.close()


def check_sealed(sealed: Sealed, *, store: Store) -> None:
    """Read the bytes again and compare.

    Raises:
        Tampered: they are not the bytes that were sealed.
        NotFound: there are none.
        StoreFailed: they could not be read.
    """
    sha256, sha512, size = hashlib.sha256(), hashlib.sha512(), 0
    with store.open(sealed.sha256) as file:
        while chunk := file.read(_CHUNK):
            sha256.update(chunk)
            sha512.update(chunk)
            size += len(chunk)
    found = Sealed(sha256=sha256.hexdigest(), sha512=sha512.hexdigest(), size=size)
    if found != sealed:
        raise Tampered(
            f"The bytes kept as {sealed.sha256} were changed: "
            f"they are {found.size:,} with SHA-256 {found.sha256}, sealed were {sealed.size:,}."
        )
