"""How many have not acknowledged, and who stands worst: what the list asks again and again."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    Count,
    F,
    Func,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from tocsin.desk.records.boards.told import Reach, with_reach
from tocsin.desk.records.models import Delivery, Recipient, Task

SHOWN = 300
"""People whom the list shows at once; the counts are always of all."""

AHEAD = 20
"""People after those shown whose places are known too."""

TRIED_LAST = (F("sending_at").desc(nulls_last=True), F("pk").desc())
"""Messages to one person, the one that was tried last first."""

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
class Mark:
    """A person's place on the list, and one text of everything that changes in his row."""

    pk: int
    facts: str


def tallies_of(
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


def marks_of(bulletins: tuple[int, ...]) -> tuple[Mark, ...]:
    """The worst `SHOWN` people and `AHEAD` more, in the list's order."""
    found = _ask(_asked(bulletins).marks)
    tasks = tasks_about(subject_of(pk) for pk, *_ in found)
    return tuple(
        Mark(pk=pk, facts=f"{facts} {last} {tasks.get(subject_of(pk), '')}")
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
    last = tried.order_by(*TRIED_LAST).values(
        facts=_together("pk", "state", "attempts", "due_at", "is_perhaps_double")
    )
    marks = (
        in_order(waiting(concerned))
        .annotate(
            facts=_together("reach", "since", "is_queued", "seen_at", "rung", "rung_due_at"),
            last=Subquery(last[:1]),
        )
        .values_list("pk", "facts", "last")[: SHOWN + AHEAD]
    )
    return _Asked(tallies=tallies.query.sql_with_params(), marks=marks.query.sql_with_params())


def _ask(asked: tuple[str, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        return list(cursor.fetchall())


def _together(*names: str) -> Func:
    """The columns as one text: made by the database, because it is only ever compared."""
    return Func(Value("|"), *names, function="concat_ws", output_field=TextField())


def waiting(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """Of these, everybody on duty who has not acknowledged."""
    return rows.filter(must_acknowledge=True, acknowledged_at=None, stopped_at=None)


def in_order(rows: QuerySet[Recipient]) -> QuerySet[Recipient]:
    """Worst first; of the same reach, who waits longest."""
    return with_reach(rows).order_by("reach", "since", "agency__name", "person__unit", "pk")


def tasks_about(subjects: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The sentences of the open tasks about each subject."""
    rows = Task.objects.filter(subject__in=list(subjects), done_at=None)
    found: dict[str, tuple[str, ...]] = {}
    for subject, sentence in rows.values_list("subject", "sentence"):
        found[subject] = (*found.get(subject, ()), sentence)
    return found


def subject_of(pk: int) -> str:
    """How a task names the row of a person."""
    return f"recipient:{pk}"
