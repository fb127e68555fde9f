"""What we answer to a message from elsewhere: that it has come, or that it cannot be used.

CAP 1.2, 3.2.1: `Ack` acknowledges receipt and acceptance; `Error` says that a message was
rejected, and why in its note. Both go to the sender alone.
"""

from dataclasses import dataclass
from datetime import datetime

from tocsin.errors import OutOfTurn
from tocsin.warn.cap.message import CapMessage, write_addresses
from tocsin.warn.cap.written import (
    add,
    add_references,
    add_some,
    cap_time,
    new_alert,
    require_names,
    to_bytes,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapReply:
    """Our answer to one message.

    Attributes:
        identifier: unique among our messages.
        problem: why the message cannot be used; empty where it is accepted.
        at: when we answer, aware.
        zone: IANA name of the zone in which the time is written.
    """

    identifier: str
    sender: str
    at: datetime
    zone: str
    problem: str = ""


def build_reply(message: CapMessage, reply: CapReply) -> bytes:
    """The bytes of an `Ack`, or of an `Error` where there is a problem; for the sender alone.

    The reply has the status of what it answers: an exercise is answered in the exercise.

    Raises:
        OutOfTurn: the message is itself a reply, or its own names cannot be referred to.
    """
    if message.msg_type in {"Ack", "Error"}:
        raise OutOfTurn(f"A CAP {message.msg_type} is not answered.")
    if '"' in message.sender or len(str(message.reference).split(",")) != 3:
        raise OutOfTurn(f"CAP has no way to refer to a message of {message.sender!r}.")
    require_names(message.sender, message.identifier)
    require_names(reply.sender, reply.identifier)
    alert = new_alert()
    add(alert, "identifier", reply.identifier)
    add(alert, "sender", reply.sender)
    add(alert, "sent", cap_time(reply.at, reply.zone))
    add(alert, "status", message.status)
    add(alert, "msgType", "Error" if reply.problem else "Ack")
    add(alert, "scope", "Private")
    add(alert, "addresses", write_addresses((message.sender,)))
    add_some(alert, ("note", reply.problem))
    add_references(alert, (message.reference,))
    return to_bytes(alert)
