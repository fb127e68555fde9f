"""Moves every ladder as its plan says, and proves that it did."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.desks import call_desk, read_on_air
from tocsin.desk.records.commands.notices import queue_ladder
from tocsin.desk.records.commands.tasks import raise_for_people, raise_task
from tocsin.desk.records.models import Bulletin, Recipient
from tocsin.desk.records.queries import frozen_ladder, ladder_faults
from tocsin.warn import Ladder, Rung, Step

BATCH = 5000
SWEEP = "system:sweep"


@dataclass(frozen=True, slots=True)
class Silent:
    """A person whose next rung is due, as far as a move needs to know; of thousands at once."""

    pk: int
    bulletin: int
    rung: int
    key: str
    line: str
    since: datetime
    agency: int
    supervisor: int | None
    commander: int | None


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one person's move: who was told, and a sentence."""

    pk: int
    to: int | None
    outcome: str


def move_ladders(*, now: datetime) -> int:
    """Everybody whose next rung is due has moved by one, and the move is on record.

    One center after the other, each in its own transaction.
    """
    due = Recipient.objects.filter(rung_due_at__lte=now, acknowledged_at=None)
    centers = Agency.objects.filter(threats__bulletins__recipients__in=due[:BATCH]).distinct()
    return sum(_move_center(center, now=now) for center in centers)


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
                _subject(bulletin),
                f"The ladder of {bulletin} is late: {trouble}. Reach who has not acknowledged by "
                "radio or telephone, and tell the administrator that the worker is behind.",
                now=now,
            )
        faults += late
    return faults


@transaction.atomic
def _move_center(center: Agency, *, now: datetime) -> int:
    log.hold(center)
    people = _silent(center, now=now)
    for (number, rung), group in groupby(people, key=attrgetter("bulletin", "rung")):
        bulletin = Bulletin.objects.select_related("threat__center").get(pk=number)
        _move(bulletin, rung, list(group), now=now)
    return len(people)


def _silent(center: Agency, *, now: datetime) -> list[Silent]:
    rows = Recipient.objects.filter(
        rung_due_at__lte=now, acknowledged_at=None, bulletin__threat__center=center
    ).order_by("bulletin_id", "rung", "pk")
    found = rows.values_list(
        "pk", "bulletin_id", "rung", "person__login", "person__name", "person__unit", "since",
        "agency_id", "supervisor_id", "commander_id",
    )[:BATCH]  # fmt: skip
    return [
        Silent(
            pk,
            bulletin,
            rung,
            f"person:{login}",
            f"{name} {unit}".strip(),
            since,
            agency,
            boss,
            lead,
        )
        for pk, bulletin, rung, login, name, unit, since, agency, boss, lead in found
    ]


def _move(bulletin: Bulletin, number: int, people: list[Silent], *, now: datetime) -> None:
    ladder = frozen_ladder(bulletin)
    rung = ladder.rung(number)
    made = _STEPS[rung.step](bulletin, people, now)
    _record(number, rung, made, now=now)
    _advance([one.pk for one in made], number, ladder, now=now)
    keys = {one.pk: one.key for one in people}
    log.append(
        bulletin.threat.center,
        f"ladder: {rung.step.value}",
        _subject(bulletin),
        actor=SWEEP,
        now=now,
        facts={"people": [f"{keys[one.pk]}: {one.outcome}" for one in made]},
    )


def _record(number: int, rung: Rung, made: Sequence[Made], *, now: datetime) -> None:
    """A row for each move, in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO records_move (recipient_id, number, step, due_at, moved_at, to_id, outcome)
            SELECT r.id, %s, %s, r.since + make_interval(secs => %s::float8), %s, m.boss, m.outcome
            FROM unnest(%s::bigint[], %s::bigint[], %s::text[]) AS m (pk, boss, outcome)
            JOIN records_recipient r ON r.id = m.pk
            """,
            [number, rung.step.value, str(rung.after.total_seconds()), now, *_columns(made)],
        )


def _advance(pks: list[int], number: int, ladder: Ladder, *, now: datetime) -> None:
    """The people stand one rung further, in one statement: a list of thousands is one array."""
    step = ladder.rung(number).step
    following = ladder.rung(number + 1).after
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE records_recipient SET
                rung = %s,
                rung_due_at = since + make_interval(secs => %s::float8),
                listed_at = CASE WHEN %s THEN %s ELSE listed_at END,
                escalated_at = CASE WHEN %s THEN %s ELSE escalated_at END
            WHERE id = ANY (%s::bigint[])
            """,
            [
                number + 1,
                str(following.total_seconds()),
                *(step is Step.LIST, now),
                *(step is Step.SUPERVISOR, now),
                pks,
            ],
        )


def _columns(made: Sequence[Made]) -> tuple[list[int], list[int | None], list[str]]:
    return [one.pk for one in made], [one.to for one in made], [one.outcome[:200] for one in made]


def _list(bulletin: Bulletin, people: list[Silent], now: datetime) -> list[Made]:
    return [Made(one.pk, None, "on the list of who has not acknowledged") for one in people]


def _tell_supervisors(bulletin: Bulletin, people: list[Silent], now: datetime) -> list[Made]:
    return list(_tell(bulletin, people, "supervisor", now=now))


def _tell_commanders(bulletin: Bulletin, people: list[Silent], now: datetime) -> list[Made]:
    return list(_tell(bulletin, people, "commander", now=now))


def _tell(bulletin: Bulletin, people: list[Silent], boss: str, *, now: datetime) -> Iterable[Made]:
    """Each boss is told of his people; people without one who can be told are a task."""
    title = "watch commander" if boss == "commander" else boss
    bosses = _reachable({getattr(one, boss) for one in people})
    alone: list[Silent] = []
    ordered = sorted(people, key=lambda one: getattr(one, boss) or 0)
    for pk, group in groupby(ordered, key=attrgetter(boss)):
        if pk not in bosses:
            alone += group
            continue
        his = list(group)
        since = min(one.since for one in his)
        queue_ladder(bulletin, bosses[pk], [one.line for one in his], since=since, now=now)
        for one in his:
            yield Made(one.pk, pk, f"message queued to {title} {bosses[pk].name}")
    if alone:
        _raise_alone(bulletin, alone, title, now=now)
    for one in alone:
        yield Made(one.pk, None, f"no {title} can be told: a task")


def _reachable(pks: set[int | None]) -> dict[int | None, Person]:
    known = [pk for pk in pks if pk is not None]
    found = Person.objects.filter(pk__in=known, is_active=True, addresses__isnull=False)
    return {person.pk: person for person in found.prefetch_related("addresses").distinct()}


def _raise_alone(
    bulletin: Bulletin, people: Sequence[Silent], title: str, *, now: datetime
) -> None:
    raise_for_people(
        bulletin,
        "not acknowledged",
        [(one.pk, one.line) for one in people],
        f"not acknowledged {bulletin}, and no {title} can be told: radio or telephone.",
        now=now,
    )


def _call_desks(bulletin: Bulletin, people: list[Silent], now: datetime) -> list[Made]:
    agencies = Agency.objects.in_bulk({one.agency for one in people})
    outcomes = {
        pk: call_desk(bulletin, agency, missing=sum(one.agency == pk for one in people), now=now)
        for pk, agency in agencies.items()
    }
    return [Made(one.pk, None, outcomes[one.agency]) for one in people]


def _read_on_air(bulletin: Bulletin, people: list[Silent], now: datetime) -> list[Made]:
    agencies = Agency.objects.select_related("center").in_bulk({one.agency for one in people})
    centers = {pk: one.center or bulletin.threat.center for pk, one in agencies.items()}
    for center in sorted(set(centers.values()), key=attrgetter("key")):
        read_on_air(bulletin, center, why="people have not acknowledged", now=now)
    return [
        Made(one.pk, None, f"{centers[one.agency].name} is to read it on the air") for one in people
    ]


def _subject(bulletin: Bulletin) -> str:
    return f"bulletin:{bulletin.number}.{bulletin.version}"


_STEPS: dict[Step, Callable[[Bulletin, list[Silent], datetime], list[Made]]] = {
    Step.LIST: _list,
    Step.SUPERVISOR: _tell_supervisors,
    Step.COMMANDER: _tell_commanders,
    Step.DESK: _call_desks,
    Step.AIR: _read_on_air,
}
