"""The channels of this installation, opened once each, and the wall around demonstrations."""

from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings

from tocsin.desk.records.queries import is_exercise
from tocsin.errors import Undeliverable
from tocsin.warn import Channel, Message, open_channel

if TYPE_CHECKING:
    from tocsin.desk.records.models import Delivery


@cache
def channel_named(name: str) -> Channel:
    """The channel, with this installation's settings.

    Raises:
        SetupError: there is none, or a setting of it is missing.
    """
    return open_channel(name, settings.TOCSIN_CHANNELS.get(name, {}))


def channel_for(row: "Delivery") -> Channel:
    """The channel that sends this message.

    Raises:
        SetupError: there is none, or a setting of it is missing.
        Undeliverable: it is a demonstration, and the channel reaches people.
    """
    channel = channel_named(row.channel)
    if channel.reaches_people and is_exercise(row.bulletin):
        raise Undeliverable(
            f"A demonstration is never sent by {row.channel}.",
            way_out="It can be seen in the outbox.",
        )
    return channel


def message_of(row: "Delivery") -> Message:
    """The message as the channel is given it; one that may be there already says so."""
    doubt = "You may have this already: it was possibly sent twice.\n\n"
    return Message(
        key=str(row.key),
        subject=row.subject,
        text=f"{doubt if row.is_perhaps_double else ''}{row.text}",
        is_exercise=is_exercise(row.bulletin),
    )
