"""Who has not been told, across all bulletins in force: one list, worst first.

The list is asked for often while acknowledgments pour in. Its numbers and the order of its rows
(`missing_board`) cost the same few questions however many people there are; the facts of a row
(`people_of`) are asked for only where the row is new or has changed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Func,
    Min,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import bulletins_for, threats_for
from tocsin.desk.records.boards.desks import Desk, desks_about
from tocsin.desk.records.boards.told import Reach, with_reach
from tocsin.desk.records.models import (
    Bulletin,
    Call,
    Delivery,
    Move,
    Recipient,
    Task,
    Threat,
)
from tocsin.desk.records.queries import frozen_ladder, ladder_faults
from tocsin.desk.records.values import content_from
from tocsin.warn import BulletinKind, Step

SHOWN = 300
"""People whom the list shows at once; the counts are always of all."""

BEHIND = timedelta(seconds=5)
"""A ladder whose move is due for so long was forgotten by a worker that moves each second."""

PROVED_FOR = timedelta(seconds=60)
"""A proof of the ladders that is older than this is old; the worker makes four a minute."""

_BAD = (Reach.NOT_REACHED, Reach.UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many must acknowledge, and how far it came.

    Attributes:
        acknowledged: they said that they have it, or a supervisor said so for them.
        missing: on duty, and have not.
        not_reached: of the missing, nothing reached them, or nobody knows whether it did.
        off_duty: went off duty without an answer; in no other number.
    """

    acknowledged: int = 0
    missing: int = 0
    not_reached: int = 0
    off_duty: int = 0

    @property
    def concerned(self) -> int:
        """Everybody on duty, and who went off duty after he had acknowledged."""
        return self.acknowledged + self.missing

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            acknowledged=self.acknowledged + other.acknowledged,
            missing=self.missing + other.missing,
            not_reached=self.not_reached + other.not_reached,
            off_duty=self.off_duty + other.off_duty,
        )


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
class Mark:
    """A person's place on the list, and one text of everything that changes in his row."""

    pk: int
    facts: str


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
        behind_since: since when the worker owes a move; None where it owes none.
    """

    bulletins: tuple[InForce, ...]
    tally: Tally
    agencies: tuple[AgencyLine, ...]
    marks: tuple[Mark, ...]
    behind_since: datetime | None

    @property
    def more(self) -> int:
        """How many people are missing and not among the marks."""
        return self.tally.missing - len(self.marks)


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
    keys = tuple(row.pk for row in rows)
    by_bulletin, by_agency, first_due = _tallies(keys)
    names = {row.pk: f"bulletin:{row.number}.{row.version}" for row in rows}
    tasks = _tasks(names.values())
    lines = tuple(
        _line(row, by_bulletin[row.pk], tasks.get(names[row.pk], ()), now=now) for row in rows
    )
    is_behind = first_due is not None and first_due < now - BEHIND
    return MissingBoard(
        bulletins=lines,
        tally=sum(by_bulletin.values(), Tally()),
        agencies=_agencies(rows, by_agency, now=now),
        marks=_marks(keys),
        behind_since=first_due if is_behind else None,
    )


def people_of(keys: Collection[int]) -> list[Missing]:
    """The rows with these keys, in the list's order; who has acknowledged meanwhile is left out."""
    if not keys:
        return []
    messages = Delivery.objects.filter(purpose=Delivery.Purpose.BULLETIN).defer("text")
    rows = (
        _in_order(_waiting(Recipient.objects.filter(pk__in=keys)))
        .select_related("person", "agency", "supervisor", "bulletin__threat")
        .prefetch_related(
            "person__phones",
            "supervisor__phones",
            Prefetch("deliveries", messages.order_by(*_TRIED_LAST), to_attr="messages"),
            Prefetch("moves", Move.objects.order_by("-number"), to_attr="moved"),
        )
    )
    tasks = _tasks(map(_subject, keys))
    return [_missing(row, tasks) for row in rows]


def waiting_for(row: Bulletin) -> list[int]:
    """Keys of everybody on duty who has not acknowledged this version, worst first."""
    return list(_in_order(_waiting(row.recipients.all())).values_list("pk", flat=True))


_TRIED_LAST = (F("sending_at").desc(nulls_last=True), F("pk").desc())


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


def _tallies(
    bulletins: tuple[int, ...],
) -> tuple[dict[int, Tally], dict[int, Tally], datetime | None]:
    """The numbers by bulletin, the same by agency, and when the next move of any ladder is due."""
    by_bulletin: dict[int, Tally] = defaultdict(Tally)
    by_agency: dict[int, Tally] = defaultdict(Tally)
    first_due: list[datetime] = []
    for bulletin, agency, reach, has_stopped, people, due in _ask(_asked(bulletins).tallies):
        tally = _tally(Reach(reach), people, has_stopped=has_stopped)
        by_bulletin[bulletin] += tally
        by_agency[agency] += tally
        if due:
            first_due.append(due)
    return by_bulletin, by_agency, min(first_due, default=None)


def _tally(reach: Reach, people: int, *, has_stopped: bool) -> Tally:
    if reach is Reach.ACKNOWLEDGED:
        return Tally(acknowledged=people)
    if has_stopped:
        return Tally(off_duty=people)
    return Tally(missing=people, not_reached=people if reach in _BAD else 0)


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


def _waiting(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    return rows.filter(must_acknowledge=True, acknowledged_at=None, stopped_at=None)


def _in_order(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """Worst first; of the same reach, who waits longest."""
    return with_reach(rows).order_by("reach", "since", "agency__name", "person__unit", "pk")


def _marks(bulletins: tuple[int, ...]) -> tuple[Mark, ...]:
    found = _ask(_asked(bulletins).marks)
    tasks = _tasks(_subject(pk) for pk, *_ in found)
    return tuple(
        Mark(pk=pk, facts=f"{facts} {last} {tasks.get(_subject(pk), '')}")
        for pk, facts, last in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The two questions that go through everybody, as the database is asked."""

    tallies: tuple[str, tuple[Any, ...]]
    marks: tuple[str, tuple[Any, ...]]


@lru_cache(maxsize=64)
def _asked(bulletins: tuple[int, ...]) -> _Asked:
    """The questions about these bulletins; making them takes longer than answering them."""
    concerned = Recipient.objects.filter(bulletin__in=bulletins, must_acknowledge=True)
    has_stopped = Case(When(stopped_at=None, then=Value(False)), default=Value(True))
    tallies = (
        with_reach(concerned)
        .annotate(has_stopped=has_stopped)
        .values("bulletin", "agency", "reach", "has_stopped")
        .annotate(people=Count("pk"), due=Min("rung_due_at"))
        .order_by()
        .values_list("bulletin", "agency", "reach", "has_stopped", "people", "due")
    )
    tried = Delivery.objects.filter(recipient=OuterRef("pk"), purpose=Delivery.Purpose.BULLETIN)
    last = tried.order_by(*_TRIED_LAST).values(
        facts=_together("pk", "state", "attempts", "due_at", "is_perhaps_double")
    )
    marks = (
        _in_order(_waiting(concerned))
        .annotate(
            facts=_together("reach", "since", "is_queued", "seen_at", "rung", "rung_due_at"),
            last=Subquery(last[:1]),
        )
        .values_list("pk", "facts", "last")[:SHOWN]
    )
    return _Asked(tallies=tallies.query.sql_with_params(), marks=marks.query.sql_with_params())


def _ask(asked: tuple[str, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        return list(cursor.fetchall())


def _together(*names: str) -> Func:
    """The columns as one text: made by the database, because it is only ever compared."""
    return Func(Value("|"), *names, function="concat_ws", output_field=TextField())


def _tasks(subjects: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The sentences of the open tasks about each subject."""
    rows = Task.objects.filter(subject__in=list(subjects), done_at=None)
    found: dict[str, tuple[str, ...]] = {}
    for subject, sentence in rows.values_list("subject", "sentence"):
        found[subject] = (*found.get(subject, ()), sentence)
    return found


def _subject(pk: int) -> str:
    return f"recipient:{pk}"


def _missing(row: Any, tasks: Mapping[str, tuple[str, ...]]) -> Missing:
    """The facts of a row with its `reach`, `messages` and `moved`."""
    next_rung = frozen_ladder(row.bulletin).rung(row.rung)
    return Missing(
        row=row,
        reach=Reach(row.reach),
        messages=tuple(row.messages[:1]),
        other_messages=max(0, len(row.messages) - 1),
        move=next(iter(row.moved), None),
        next_step=next_rung.step,
        tasks=tasks.get(_subject(row.pk), ()),
    )
