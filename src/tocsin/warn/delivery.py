"""The states of one message to one address, and which may follow which."""

from datetime import datetime, timedelta
from enum import StrEnum


class DeliveryState(StrEnum):
    """Where a message is. Nothing is `sent` before the gateway has said so."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DELIVERED = "delivered"
    SEEN = "seen"
    ACKNOWLEDGED = "acknowledged"
    WITHDRAWN = "withdrawn"


_FOLLOWS: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.QUEUED: frozenset({DeliveryState.SENDING, DeliveryState.WITHDRAWN}),
    DeliveryState.SENDING: frozenset(
        {DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.QUEUED}
    ),
    DeliveryState.UNKNOWN: frozenset(
        {DeliveryState.QUEUED, DeliveryState.DELIVERED, DeliveryState.FAILED}
    ),
    DeliveryState.SENT: frozenset({DeliveryState.DELIVERED, DeliveryState.FAILED}),
    DeliveryState.DELIVERED: frozenset(),
    DeliveryState.SEEN: frozenset(),
    DeliveryState.FAILED: frozenset(),
    DeliveryState.ACKNOWLEDGED: frozenset(),
    DeliveryState.WITHDRAWN: frozenset(),
}

_ANSWERED = frozenset({DeliveryState.SEEN, DeliveryState.ACKNOWLEDGED})

TOLD = frozenset(
    {
        DeliveryState.SENDING,
        DeliveryState.SENT,
        DeliveryState.UNKNOWN,
        DeliveryState.DELIVERED,
        DeliveryState.SEEN,
        DeliveryState.ACKNOWLEDGED,
    }
)
"""States after which the person has, or may have, the message."""


def can_follow(state: DeliveryState, later: DeliveryState) -> bool:
    """Whether a message may go from one state to the other.

    A person's answer counts from wherever the message seems to be: who holds it in his hand has
    it, whatever the gateway said. Only an acknowledgment is final.
    """
    if state is DeliveryState.ACKNOWLEDGED:
        return False
    if later is DeliveryState.ACKNOWLEDGED:
        return True
    if later is DeliveryState.SEEN:
        return state not in _ANSWERED
    return later in _FOLLOWS[state]


def next_try_at(
    attempts: int, *, now: datetime, retry_after: tuple[timedelta, ...]
) -> datetime | None:
    """When to try again after `attempts` tries; None when the plan is at its end."""
    if attempts > len(retry_after):
        return None
    return now + retry_after[attempts - 1]
