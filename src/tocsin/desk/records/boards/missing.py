"""Who has not been told, across all bulletins in force: one list, worst first.

The list is asked for often while acknowledgments pour in. Its numbers and the order of its rows
(`missing_board`) cost the same few questions however many people there are; the facts of a row
(`people_of`) are asked for only where the row is new or has changed.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    QuerySet,
)

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import bulletins_for, threats_for
from tocsin.desk.records.boards.desks import Desk, desks_about
from tocsin.desk.records.boards.tallies import (
    SHOWN,
    TRIED_LAST,
    Mark,
    Tally,
    in_order,
    marks_of,
    subject_of,
    tallies_of,
    tasks_about,
    waiting,
)
from tocsin.desk.records.boards.told import Reach
from tocsin.desk.records.models import (
    Bulletin,
    Call,
    Delivery,
    Move,
    Recipient,
    Threat,
)
from tocsin.desk.records.queries import frozen_ladder, ladder_faults
from tocsin.desk.records.values import content_from
from tocsin.warn import BulletinKind, Ladder, Step

BEHIND = timedelta(seconds=5)
"""A ladder whose move is due for so long was forgotten by a worker that moves each second."""

PROVED_FOR = timedelta(seconds=60)
"""A proof of the ladders that is older than this is old; the worker makes four a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """One bulletin in force, and whether its ladders move.

    Attributes:
        row: the version.
        safety_line: its first line.
        is_exercise: whether nothing of it leaves the machine.
        tally: of all whom it concerns.
        faults: people whose ladders have not moved as planned, counted now.
        is_proved: whether the worker's own proof is young enough to say anything.
        tasks: what a person must do about many of its people at once, a sentence each.
    """

    row: Bulletin
    safety_line: str
    is_exercise: bool
    tally: Tally
    faults: int
    is_proved: bool
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyLine:
    """One agency: its numbers and its desks."""

    agency: Agency
    tally: Tally
    desks: tuple[Desk, ...]

    @property
    def is_desk_late(self) -> bool:
        """Whether its desk should have been told before now."""
        return any(desk.is_overdue for desk in self.desks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One person on duty who has not acknowledged one bulletin.

    Attributes:
        row: who, why, since when.
        reach: how far the warning came with him.
        messages: the message that was tried last; empty where he has no address.
        other_messages: how many more were queued for him.
        move: the last move of his ladder; None where none was due yet.
        next_step: what the next one does, at `row.rung_due_at`.
        tasks: what a person must do about him, a sentence each.
    """

    row: Recipient
    reach: Reach
    messages: tuple[Delivery, ...]
    other_messages: int
    move: Move | None
    next_step: Step
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingBoard:
    """The list, without the facts of its rows.

    Attributes:
        bulletins: in force, oldest first.
        tally: of all of them.
        agencies: the late desks first, then most missing first.
        marks: the worst people, at the most `SHOWN`.
        following: some who come after them: their rows can be drawn before they are shown.
        behind_since: since when the worker owes a move; None where it owes none.
    """

    bulletins: tuple[InForce, ...]
    tally: Tally
    agencies: tuple[AgencyLine, ...]
    marks: tuple[Mark, ...]
    following: tuple[Mark, ...]
    behind_since: datetime | None

    @property
    def more(self) -> int:
        """How many people are missing and not among the marks."""
        return self.tally.missing - len(self.marks)


_NOTHING = MissingBoard(
    bulletins=(), tally=Tally(), agencies=(), marks=(), following=(), behind_since=None
)


def all_in_force() -> tuple[int, ...]:
    """Keys of every bulletin in force that asks for an acknowledgment."""
    return tuple(_in_force(Bulletin.objects.all()))


def in_force_for(person: Person) -> tuple[int, ...]:
    """Keys of the bulletins in force that ask for an acknowledgment, for this person's eyes."""
    return tuple(_in_force(bulletins_for(person)))


def untold_for(person: Person) -> tuple[str, ...]:
    """Numbers of the open threats of which nobody is told, for this person's eyes."""
    is_told = Bulletin.objects.filter(threat=OuterRef("pk"), released_at__isnull=False)
    rows = threats_for(person).filter(~Exists(is_told), state=Threat.State.OPEN)
    return tuple(rows.order_by("number").values_list("number", flat=True))


def missing_board(bulletins: Collection[int], *, now: datetime) -> MissingBoard:
    """The list over these bulletins, by their keys."""
    rows = _bulletins(bulletins)
    if not rows:
        return _NOTHING
    keys = tuple(row.pk for row in rows)
    by_bulletin, by_agency, first_due = tallies_of(keys)
    names = {row.pk: f"bulletin:{row.number}.{row.version}" for row in rows}
    tasks = tasks_about(names.values())
    lines = tuple(
        _line(row, by_bulletin[row.pk], tasks.get(names[row.pk], ()), now=now) for row in rows
    )
    marks = marks_of(keys)
    is_behind = first_due is not None and first_due < now - BEHIND
    return MissingBoard(
        bulletins=lines,
        tally=sum(by_bulletin.values(), Tally()),
        agencies=_agencies(rows, by_agency, now=now),
        marks=marks[:SHOWN],
        following=marks[SHOWN:],
        behind_since=first_due if is_behind else None,
    )


def people_of(keys: Collection[int]) -> list[Missing]:
    """The rows with these keys, in the list's order; who has acknowledged meanwhile is left out."""
    if not keys:
        return []
    messages = Delivery.objects.filter(purpose=Delivery.Purpose.BULLETIN).defer("text")
    # What many rows share is fetched once for all of them.
    rows = (
        in_order(waiting(Recipient.objects.filter(pk__in=keys)))
        .select_related("person")
        .prefetch_related(
            "agency",
            "bulletin",
            "supervisor__phones",
            "person__phones",
            Prefetch("deliveries", messages.order_by(*TRIED_LAST), to_attr="messages"),
            Prefetch("moves", Move.objects.order_by("-number"), to_attr="moved"),
        )
    )
    ladders = {row.bulletin_id: frozen_ladder(row.bulletin) for row in rows}
    tasks = tasks_about(map(subject_of, keys))
    return [_missing(row, ladders[row.bulletin_id], tasks) for row in rows]


def waiting_for(row: Bulletin) -> list[int]:
    """Keys of everybody on duty who has not acknowledged this version, worst first."""
    return list(in_order(waiting(row.recipients.all())).values_list("pk", flat=True))


def _in_force(rows: QuerySet[Bulletin]) -> QuerySet[Bulletin, int]:
    live = rows.filter(state=Bulletin.State.RELEASED).exclude(kind=BulletinKind.CANCEL.value)
    return live.order_by("pk").values_list("pk", flat=True)


def _bulletins(keys: Collection[int]) -> list[Bulletin]:
    demonstrated = Call.objects.filter(threats=OuterRef("threat"), is_demonstration=True)
    rows = Bulletin.objects.filter(pk__in=keys, state=Bulletin.State.RELEASED)
    return list(
        rows.select_related("threat")
        .annotate(is_demonstrated=Exists(demonstrated))
        .order_by("released_at", "pk")
    )


def _line(row: Bulletin, tally: Tally, tasks: tuple[str, ...], *, now: datetime) -> InForce:
    return InForce(
        row=row,
        safety_line=content_from(row.content).safety_line,
        is_exercise=row.threat.is_drill or row.is_demonstrated,  # type: ignore[attr-defined] # annotated
        tally=tally,
        faults=ladder_faults(row, now=now),
        is_proved=row.audited_at is not None and row.audited_at > now - PROVED_FOR,
        tasks=tasks,
    )


def _agencies(
    rows: list[Bulletin], tallies: Mapping[int, Tally], *, now: datetime
) -> tuple[AgencyLine, ...]:
    desks = desks_about(rows, now=now)
    found = Agency.objects.filter(pk__in={*tallies, *desks})
    lines = [
        AgencyLine(
            agency=agency,
            tally=tallies.get(agency.pk, Tally()),
            desks=tuple(desks.get(agency.pk, ())),
        )
        for agency in found
    ]
    lines.sort(key=_worst_first)
    return tuple(lines)


def _worst_first(line: AgencyLine) -> tuple[bool, int, int, str]:
    tally = line.tally
    return (not line.is_desk_late, -tally.missing, -tally.not_reached, line.agency.name)


def _missing(row: Any, ladder: Ladder, tasks: Mapping[str, tuple[str, ...]]) -> Missing:
    """The facts of a row with its `reach`, `messages` and `moved`."""
    return Missing(
        row=row,
        reach=Reach(row.reach),
        messages=tuple(row.messages[:1]),
        other_messages=max(0, len(row.messages) - 1),
        move=next(iter(row.moved), None),
        next_step=ladder.rung(row.rung).step,
        tasks=tasks.get(subject_of(row.pk), ()),
    )
