"""Units for CAD and AVL: positions, crews and statuses in, each message answered at once."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from tocsin.desk.api.answers import Refused
from tocsin.desk.api.callers import ByKey, Caller
from tocsin.desk.records.commands.sources import source_of
from tocsin.desk.records.commands.units import Taken, take_message
from tocsin.errors import InputError, TooLarge
from tocsin.posture.feed import LARGEST

PATH = "/api/posture/units"

SHOWN = 50
"""Refused rows that an answer names."""

# A person who is signed in keeps units by hand, under his name; a feed has a key.
router = Router(auth=ByKey())


class RefusedRow(Schema):
    """A row that was not taken, and why."""

    row: int | None
    call_sign: str
    reason: str


class TakenUnits(Schema):
    """What became of a message."""

    taken: int
    refused_count: int
    refused: list[RefusedRow]
    known_at: datetime


@router.post(
    "",
    response={
        200: TakenUnits,
        401: Any,
        404: Refused,
        409: Refused,
        413: Refused,
        422: Refused,
        429: Refused,
    },
)
def post_units(request: HttpRequest, source: str = "") -> dict[str, Any]:
    """Send reports of units: the body is one message of the feed, as docs/units.md describes it."""
    caller: Caller = request.auth  # type: ignore[attr-defined] # ninja puts it there
    key = str(caller.actor).removeprefix("key:")
    row = source_of(key, caller.center, name=source, now=timezone.now())
    # Read as it comes: Django's own limit for bodies is that of forms.
    raw = request.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise TooLarge(f"The message is larger than {LARGEST:,} bytes.")
    if not raw:
        raise InputError("The message is empty.", way_out="Send the units as the body.")
    return answer_of(take_message(row, raw, now=timezone.now()))


def answer_of(taken: Taken) -> dict[str, Any]:
    """What the sender is told of a message."""
    return {
        "taken": taken.taken,
        "refused_count": len(taken.refused),
        "refused": [
            {"row": one.row, "call_sign": one.call_sign, "reason": one.reason}
            for one in taken.refused[:SHOWN]
        ],
        "known_at": taken.known_at,
    }
