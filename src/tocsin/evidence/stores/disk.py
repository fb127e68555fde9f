"""A store in a folder of this machine: read-only files, synced before they count."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tocsin.errors import NotFound, StoreFailed


class DiskStore:
    """Keeps each piece of bytes in a file named by its SHA-256."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)
        self._drafts = self._folder / "drafts"

    def draft(self) -> "DiskDraft":
        """Begin a file beside the kept ones, on the same disk, so that keeping is a rename."""
        try:
            self._drafts.mkdir(parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            return DiskDraft(self._folder, self._drafts)
        except OSError as error:
            raise _failed("take", self._folder, error) from error

    def open(self, digest: str) -> BinaryIO:
        """The file's bytes."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"The store holds no bytes with SHA-256 {digest}.") from error
        except OSError as error:
            raise _failed("give", self._folder, error) from error

    @contextmanager
    def local(self, digest: str) -> Iterator[Path]:
        """The kept file itself; it is read-only."""
        with self.open(digest):
            yield self._path(digest)

    def digests(self) -> Iterator[str]:
        """Every kept file's name."""
        for file in self._folder.glob("??/??/*"):
            yield file.name

    def _path(self, digest: str) -> Path:
        return _place(self._folder, digest)


class DiskDraft:
    """A file that is being written."""

    def __init__(self, folder: Path, drafts: Path) -> None:
        self._folder = folder
        handle, name = tempfile.mkstemp(dir=drafts)
        self._file = os.fdopen(handle, "wb")
        self._path = Path(name)

    def write(self, chunk: bytes) -> None:
        """Append to the file."""
        try:
            self._file.write(chunk)
        except OSError as error:
            raise _failed("take", self._folder, error) from error

    def keep(self, digest: str) -> None:
        """Sync the file, give it its name, and sync the folders that lead to it."""
        place = _place(self._folder, digest)
        try:
            self._file.flush()
            os.fchmod(self._file.fileno(), 0o400)
            os.fsync(self._file.fileno())
            self._file.close()
            place.parent.mkdir(parents=True, exist_ok=True)
            self._path.replace(place)
            for folder in (place.parent, place.parent.parent, self._folder):
                _sync(folder)
        except OSError as error:
            raise _failed("keep", self._folder, error) from error

    def discard(self) -> None:
        """Remove the file where it was not kept."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def _place(folder: Path, digest: str) -> Path:
    # The digest is the only part of a path that comes from a record: letters it has none of
    # would lead elsewhere.
    if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
        raise NotFound(f"{digest[:80]!r} is no SHA-256.")
    return folder / digest[:2] / digest[2:4] / digest


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _failed(verb: str, folder: Path, error: OSError) -> StoreFailed:
    return StoreFailed(
        f"The store at {folder} could not {verb} the bytes: {error.strerror}.",
        way_out="Check that the disk is there, writable and not full; nothing was recorded.",
    )
