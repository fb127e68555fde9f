"""Moves the ladder: who has not acknowledged is listed, then his supervisor is told."""

from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import Q

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.bulletins import expire
from tocsin.desk.records.commands.notices import queue_ladder
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import Bulletin, Recipient

BATCH = 1000
SWEEP = "system:sweep"

Move = Callable[[Bulletin, list[Recipient], datetime], None]


def list_missing(*, now: datetime) -> int:
    """Everybody past his first deadline without acknowledgment is on the list, and it is logged."""
    return _each_center(Q(listed_at=None, list_due_at__lte=now), _list_center, now=now)


def escalate(*, now: datetime) -> int:
    """The supervisor of everybody past his second deadline has a message queued that names him.

    Who has no supervisor, or one without an address, is a task.
    """
    return _each_center(Q(escalated_at=None, escalate_due_at__lte=now), _escalate_center, now=now)


def expire_due(*, now: datetime) -> int:
    """Every bulletin past its end is expired."""
    due = Bulletin.objects.filter(state=Bulletin.State.RELEASED, expires_at__lte=now)
    rows = list(due.select_related("threat__center"))
    for bulletin in rows:
        expire(bulletin, now=now)
    return len(rows)


def _each_center(due: Q, move: Move, *, now: datetime) -> int:
    """Move the people who are due, one center after the other, each in its own transaction."""
    waiting = Recipient.objects.filter(due, acknowledged_at=None)
    centers = Agency.objects.filter(threats__bulletins__recipients__in=waiting).distinct()
    moved = 0
    for center in centers:
        with transaction.atomic():
            log.hold(center)
            rows = list(
                waiting.filter(bulletin__threat__center=center)
                .select_related("bulletin__threat__center", "person", "supervisor", "agency")
                .order_by("bulletin_id", "pk")[:BATCH]
            )
            for bulletin, people in groupby(rows, key=lambda row: row.bulletin):
                move(bulletin, list(people), now)
            moved += len(rows)
    return moved


def _list_center(bulletin: Bulletin, missing: list[Recipient], now: datetime) -> None:
    Recipient.objects.filter(pk__in=[row.pk for row in missing]).update(listed_at=now)
    log.append(
        bulletin.threat.center,
        "listed as not acknowledged",
        _subject(bulletin),
        actor=SWEEP,
        now=now,
        facts={"people": [row.person.key for row in missing]},
    )


def _escalate_center(bulletin: Bulletin, missing: list[Recipient], now: datetime) -> None:
    Recipient.objects.filter(pk__in=[row.pk for row in missing]).update(escalated_at=now)
    ordered = sorted(missing, key=lambda row: row.supervisor_id or 0)
    for supervisor, people in groupby(ordered, key=lambda row: row.supervisor):
        _escalate_to(supervisor, bulletin, list(people), now=now)


def _escalate_to(
    supervisor: Person | None, bulletin: Bulletin, missing: list[Recipient], *, now: datetime
) -> None:
    if supervisor is None or not supervisor.addresses.exists():
        for row in missing:
            raise_task(
                bulletin.threat.center,
                "not acknowledged",
                f"recipient:{row.pk}",
                f"{row.person.name} of {row.agency} has not acknowledged {bulletin}, and no "
                "supervisor can be told: reach him by radio or telephone.",
                now=now,
            )
        return
    queue_ladder(bulletin, supervisor, missing, now=now)
    log.append(
        bulletin.threat.center,
        "escalated",
        _subject(bulletin),
        actor=SWEEP,
        now=now,
        facts={"supervisor": supervisor.key, "people": [row.person.key for row in missing]},
    )


def _subject(bulletin: Bulletin) -> str:
    return f"bulletin:{bulletin.number}.{bulletin.version}"
