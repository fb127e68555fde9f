"""What a channel must do: hand one message to one address, and say honestly what happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from tocsin.errors import SetupError, Undeliverable
from tocsin.warn.channels import CHANNELS
from tocsin.warn.wording import Form

EVERY_CHANNEL = ("connections", "per_second")
"""Settings that each channel has: how many messages at once, and how many a second at the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is handed over.

    Attributes:
        key: the same at every attempt; a gateway that knows it need not deliver twice.
        subject: one line.
        text: plain text in the channel's form, with the bulletin's number and version.
        is_exercise: True for a demonstration or drill.
        link: where its owner reads and acknowledges; empty where it asks for no answer.
        code: the digits that acknowledge it where he can only answer by digits; empty for none.
        is_again: whether an earlier attempt may have arrived.
    """

    key: str
    subject: str
    text: str
    is_exercise: bool
    link: str = ""
    code: str = ""
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Where it goes: the person's name, and what the channel needs to reach him."""

    name: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The gateway's own word that it has the message.

    Attributes:
        text: that word.
        id: the gateway's name for the message, by which it speaks of it later; empty for none.
    """

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A message laid out for a person who carries it by hand.

    Attributes:
        content: its bytes.
        media_type: `text/plain; charset=utf-8`, `application/pdf`, ...
        name: a file name for it.
    """

    content: bytes
    media_type: str
    name: str


class Channel(Protocol):
    """Hands messages over.

    Attributes:
        name: as it is registered.
        form: how its words look.
        reaches_people: False where no message can leave this machine.
    """

    name: str
    form: Form
    reaches_people: bool

    async def send(self, message: Message, *, to: Addressee) -> Receipt:
        """The gateway's receipt, once it has taken the message.

        Raises:
            Undeliverable: this address will never take it, or a person must carry it.
            Unreachable: not now; try again.
            OutcomeUnknown: it may have been taken.
        """

    async def check(self) -> None:
        """Return when the gateway answers and is set up.

        Raises:
            SetupError: a setting is missing or wrong.
            Unreachable: the gateway does not answer.
        """


class HandChannel(Channel, Protocol):
    """A channel whose messages a person carries: its `send` always says so."""

    def lay_out(self, message: Message, *, to: Addressee) -> Sheet:
        """The message as the person needs it in his hand."""


class _Kind(Protocol):
    """The class of a channel."""

    form: Form
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


def open_hand_channel(name: str, settings: Mapping[str, str]) -> HandChannel:
    """The channel with this name, whose messages a person carries.

    Raises:
        SetupError: there is none, or the machine sends it.
    """
    channel = open_channel(name, settings)
    if not hasattr(channel, "lay_out"):
        raise SetupError(f"The channel {name} is sent by the machine: there is nothing to carry.")
    return cast(HandChannel, channel)


async def hand_over(channel: Channel, message: Message, *, to: Addressee) -> Receipt:
    """Send the message: the only way to a channel, and the wall around exercises.

    Raises:
        Undeliverable: it is an exercise and the channel reaches people, or as `Channel.send`.
        Unreachable, OutcomeUnknown: as `Channel.send`.
    """
    if message.is_exercise and channel.reaches_people:
        raise Undeliverable(
            f"An exercise is never sent by {channel.name}.",
            way_out="It can be seen in the outbox.",
        )
    return await channel.send(message, to=to)


def reaches_people(name: str) -> bool:
    """Whether messages of this channel can leave the machine; True for one that is not known."""
    return name not in CHANNELS or _kind(name).reaches_people


def form_of(name: str) -> Form:
    """How the words of the channel look; the full text for one that is not known."""
    return _kind(name).form if name in CHANNELS else Form.LETTER


def _kind(name: str) -> _Kind:
    module, _, kind = CHANNELS[name].partition(":")
    return cast(_Kind, getattr(import_module(module), kind))
