"""The ladder: what happens to a person who does not acknowledge, and when. Frozen at release."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.config import WarnConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Moments of one person's ladder, aware.

    Attributes:
        list_due_at: without acknowledgment he is on the list from here.
        escalate_due_at: and his supervisor is told here.
    """

    list_due_at: datetime
    escalate_due_at: datetime


def plan_for(*, now: datetime, config: WarnConfig) -> Plan:
    """The plan of everybody who is told at `now`."""
    return Plan(
        list_due_at=now + config.listed_after,
        escalate_due_at=now + config.supervisor_after,
    )
