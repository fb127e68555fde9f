"""Moves every ladder as its plan says, and proves that it did."""

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.db.models import F

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.desks import call_desk, read_on_air
from tocsin.desk.records.commands.notices import queue_ladder
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import Bulletin, Move, Recipient
from tocsin.desk.records.queries import frozen_ladder, ladder_faults
from tocsin.warn import Step

BATCH = 5000
SWEEP = "system:sweep"

Group = list[Recipient]
Told = Mapping[int, tuple[Person | None, str]]
"""For each row, by key: who was told about that person, and what came of it."""


def move_ladders(*, now: datetime) -> int:
    """Everybody whose next rung is due has moved by one, and the move is on record.

    One center after the other, each in its own transaction.
    """
    due = Recipient.objects.filter(rung_due_at__lte=now, acknowledged_at=None)
    centers = Agency.objects.filter(threats__bulletins__recipients__in=due).distinct()
    moved = 0
    for center in centers:
        with transaction.atomic():
            log.hold(center)
            rows = list(
                due.filter(bulletin__threat__center=center)
                .select_related(
                    "bulletin__threat__center", "person", "supervisor", "commander",
                    "agency__center",
                )
                .order_by("bulletin_id", "rung", "pk")[:BATCH]
            )  # fmt: skip
            for (bulletin, number), group in groupby(rows, key=_place):
                _move(bulletin, number, list(group), now=now)
            moved += len(rows)
    return moved


def audit_ladders(*, now: datetime) -> int:
    """Each live bulletin says when its ladders were last proved, and a task says where they stand.

    The proof counts the rungs that the frozen plan makes due; it does not ask the column by which
    the ladders are moved.
    """
    live = Bulletin.objects.filter(state=Bulletin.State.RELEASED)
    faults = 0
    for bulletin in live.select_related("threat__center"):
        late = ladder_faults(bulletin, now=now)
        trouble = f"{late} people's ladders have not moved as planned" if late else ""
        Bulletin.objects.filter(pk=bulletin.pk).update(audited_at=now, audit_trouble=trouble)
        if late:
            raise_task(
                bulletin.threat.center,
                "ladder late",
                f"bulletin:{bulletin.number}.{bulletin.version}",
                f"The ladder of {bulletin} is late: {trouble}. Reach who has not acknowledged by "
                "radio or telephone, and tell the administrator that the worker is behind.",
                now=now,
            )
        faults += late
    return faults


def _move(bulletin: Bulletin, number: int, rows: Group, *, now: datetime) -> None:
    ladder = frozen_ladder(bulletin)
    rung = ladder.rung(number)
    told = _STEPS[rung.step](bulletin, rows, now)
    Move.objects.bulk_create(
        Move(
            recipient=row,
            number=number,
            step=rung.step.value,
            due_at=row.since + rung.after,
            moved_at=now,
            to=told[row.pk][0],
            outcome=told[row.pk][1],
        )
        for row in rows
    )
    following = ladder.rung(number + 1).after
    Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(
        rung=number + 1, rung_due_at=F("since") + following
    )
    log.append(
        bulletin.threat.center,
        f"ladder: {rung.step.value}",
        f"bulletin:{bulletin.number}.{bulletin.version}",
        actor=SWEEP,
        now=now,
        facts={"people": [f"{row.person.key}: {told[row.pk][1]}" for row in rows]},
    )


def _place(row: Recipient) -> tuple[Bulletin, int]:
    return row.bulletin, row.rung


def _list(bulletin: Bulletin, rows: Group, now: datetime) -> Told:
    Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(listed_at=now)
    return {row.pk: (None, "on the list of who has not acknowledged") for row in rows}


def _tell_supervisors(bulletin: Bulletin, rows: Group, now: datetime) -> Told:
    Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(escalated_at=now)
    return _tell(bulletin, rows, lambda row: row.supervisor, "supervisor", now=now)


def _tell_commanders(bulletin: Bulletin, rows: Group, now: datetime) -> Told:
    return _tell(bulletin, rows, lambda row: row.commander, "watch commander", now=now)


def _tell(
    bulletin: Bulletin,
    rows: Group,
    boss_of: Callable[[Recipient], Person | None],
    title: str,
    *,
    now: datetime,
) -> Told:
    """Each boss is told of his people; a person without one who can be told is a task."""
    told: dict[int, tuple[Person | None, str]] = {}
    ordered = sorted(rows, key=lambda row: boss.pk if (boss := boss_of(row)) else 0)
    for boss, group in groupby(ordered, key=boss_of):
        people = list(group)
        if boss and boss.is_active and boss.addresses.exists():
            queue_ladder(bulletin, boss, people, now=now)
            told |= {row.pk: (boss, f"message queued to {title} {boss.name}") for row in people}
            continue
        for row in people:
            _raise_alone(bulletin, row, title, now=now)
            told[row.pk] = (None, f"no {title} can be told: a task")
    return told


def _raise_alone(bulletin: Bulletin, row: Recipient, title: str, *, now: datetime) -> None:
    raise_task(
        bulletin.threat.center,
        "not acknowledged",
        f"recipient:{row.pk}",
        f"{row.person.name} of {row.agency} has not acknowledged {bulletin}, and no {title} can "
        "be told: reach him by radio or telephone.",
        now=now,
    )


def _call_desks(bulletin: Bulletin, rows: Group, now: datetime) -> Told:
    told: dict[int, tuple[Person | None, str]] = {}
    for agency, group in groupby(sorted(rows, key=lambda row: row.agency_id), _agency):
        people = list(group)
        outcome = call_desk(bulletin, agency, missing=len(people), now=now)
        told |= {row.pk: (None, outcome) for row in people}
    return told


def _read_on_air(bulletin: Bulletin, rows: Group, now: datetime) -> Told:
    told: dict[int, tuple[Person | None, str]] = {}
    for row in rows:
        center = row.agency.center or bulletin.threat.center
        told[row.pk] = (None, f"{center.name} is to read it on the air")
    centers = {row.agency.center or bulletin.threat.center for row in rows}
    for center in sorted(centers, key=lambda one: one.key):
        read_on_air(bulletin, center, why="people have not acknowledged", now=now)
    return told


def _agency(row: Recipient) -> Agency:
    return row.agency


_STEPS: dict[Step, Callable[[Bulletin, Group, datetime], Told]] = {
    Step.LIST: _list,
    Step.SUPERVISOR: _tell_supervisors,
    Step.COMMANDER: _tell_commanders,
    Step.DESK: _call_desks,
    Step.AIR: _read_on_air,
}
