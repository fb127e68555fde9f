"""Tocsin's own feed: JSON, one unit or many, each row by unit-report.schema.json.

A message is one row, a list of rows, or an object whose `units` is such a list: pushed over HTTP,
polled, or a frame of a WebSocket.
"""

import json
from datetime import datetime
from typing import Any

from tocsin.errors import BadUnits
from tocsin.posture.feed import LARGEST, Batch, UnitsFeed
from tocsin.posture.rows import batch_of


def parse(raw: bytes, feed: UnitsFeed, *, now: datetime) -> Batch:
    """The reports of a message in JSON.

    Raises:
        BadUnits: it is too large, no JSON, or holds no rows.
    """
    if len(raw) > LARGEST:
        raise BadUnits(f"The message of {feed.name} is larger than {LARGEST:,} bytes.")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadUnits(
            f"The message of {feed.name} is not JSON: {error}.",
            way_out="docs/posture.md lists every field.",
        ) from error
    return batch_of(_rows(value, feed), feed, now=now)


def _rows(value: Any, feed: UnitsFeed) -> list[Any]:
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and isinstance(value.get("units"), list):
        return list(value["units"])
    if isinstance(value, dict) and "call_sign" in value:
        return [value]
    raise BadUnits(
        f"The message of {feed.name} holds no units.",
        way_out="Send a row, a list of rows, or an object whose `units` is such a list.",
    )
