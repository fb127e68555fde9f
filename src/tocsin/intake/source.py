"""What a source must do: say what has arrived, and be told what became of it."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from tocsin.errors import SetupError
from tocsin.intake.sources import SOURCES


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A recording that lies ready, with its call data where some came along.

    Attributes:
        name: as the source names it, for showing.
        recording: the file.
        call_data: bytes of JSON; None where none came.
    """

    name: str
    recording: Path
    call_data: bytes | None


class Source(Protocol):
    """A place where recordings arrive by themselves."""

    def arrivals(self, *, now: datetime) -> tuple[Arrival, ...]:
        """What lies ready now, oldest first.

        Raises:
            SetupError: the place cannot be read.
        """

    def settle(self, arrival: Arrival, *, refusal: str = "") -> None:
        """Put an arrival aside: taken, or refused with the sentence that says why.

        Raises:
            SetupError: it cannot be put aside.
        """


def open_source(address: str) -> Source:
    """The source at an address such as `folder:///var/spool/recorder`.

    Raises:
        SetupError: no source is registered for the part before `://`.
    """
    scheme, _, place = address.partition("://")
    if scheme not in SOURCES or not place:
        known = ", ".join(f"{name}://..." for name in sorted(SOURCES))
        raise SetupError(f"No source can be opened at {address!r}.", way_out=f"Known: {known}.")
    module, _, name = SOURCES[scheme].partition(":")
    return cast(Source, getattr(import_module(module), name)(place))
