"""What a channel must do: hand one message to one address, and say honestly what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from tocsin.errors import SetupError
from tocsin.warn.channels import CHANNELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed over.

    Attributes:
        key: the same at every attempt; a gateway that knows it need not deliver twice.
        subject: one line.
        text: plain text with the bulletin's number, version and link.
        is_exercise: True for a demonstration or drill.
    """

    key: str
    subject: str
    text: str
    is_exercise: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Where it goes: the person's name, and what the channel needs to reach him."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The gateway's own word that it has the message."""

    text: str


class Channel(Protocol):
    """Hands messages over. `reaches_people` is False where none can leave this machine."""

    name: str
    reaches_people: bool

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """The gateway's receipt, once it has taken the message.

        Raises:
            Undeliverable: this address will never take it.
            Unreachable: not now; try again.
            OutcomeUnknown: it may have been taken.
        """

    async def check(self) -> None:
        """Return when the gateway answers and is set up.

        Raises:
            SetupError: a setting is missing or wrong.
            Unreachable: the gateway does not answer.
        """


class _Kind(Protocol):
    """The class of a channel."""

    reaches_people: bool

    def __call__(self, settings: Mapping[str, str]) -> Channel: ...


def open_channel(name: str, settings: Mapping[str, str]) -> Channel:
    """The channel with this registered name.

    Raises:
        SetupError: there is none, or a setting of it is missing.
    """
    if name not in CHANNELS:
        known = ", ".join(sorted(CHANNELS))
        raise SetupError(f"There is no channel {name!r}.", way_out=f"Known are: {known}.")
    return _kind(name)(settings)


def reaches_people(name: str) -> bool:
    """Whether messages of this channel can leave the machine; True for one that is not known."""
    return name not in CHANNELS or _kind(name).reaches_people


def _kind(name: str) -> _Kind:
    module, _, kind = CHANNELS[name].partition(":")
    return cast(_Kind, getattr(import_module(module), kind))
