"""Drills: a recorded case replayed under numbers of its own, told to nobody outside, scored."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.commands.desks import withdraw_desks
from tocsin.desk.records.commands.endings import cancel, expire
from tocsin.desk.records.commands.orders import end_order
from tocsin.desk.records.commands.tasks import finish_tasks_about
from tocsin.desk.records.commands.threats import close_threat, open_untaken
from tocsin.desk.records.jobs import Job, defer
from tocsin.desk.records.models import (
    Bulletin,
    Call,
    DeskNotice,
    Drill,
    Order,
    Recipient,
    Task,
    Threat,
)
from tocsin.desk.records.story import desks_to_tell, numbers_of, story_of
from tocsin.desk.records.values import hearing_from
from tocsin.errors import InputError, NotAllowed, OutOfTurn
from tocsin.warn.afteraction import Score, score

LONGEST_TITLE = 120
OVER = "The exercise is over."

_COPIED = (
    "ani", "is_911_only", "class_of_service", "carrier", "latitude", "longitude", "uncertainty",
    "confidence", "address", "position", "note",
)  # fmt: skip
"""What the call of a drill says of its case; never the handset, which leads to other calls."""


@transaction.atomic
def start_drill(
    center: Agency, *, title: str, case: Call | None, person: Person, now: datetime
) -> Drill:
    """A drill runs: its call came in now, its threat waits on the boards, marked EXERCISE.

    Everything of it has numbers of its own (D, XC, XT, XB): it takes none of a real one.

    Raises:
        NotAllowed: the person may not run drills, or not in this center.
        InputError: it has no title, or the case is not one of the center's real calls.
        OutOfTurn: a drill of the center is running.
    """
    require(person, Act.RUN_DRILL)
    _check(center, title, case, person)
    log.hold(center)
    running = center.drills.filter(ended_at=None).first()
    if running:
        raise OutOfTurn(f"{running.number} is running.", way_out="End that drill first.")
    call = _replay(center, title, case, now=now)
    drill = Drill.objects.create(
        number=log.next_number("D", now=now),
        title=title.strip(),
        center=center,
        case=case,
        threat=open_untaken(call, person=person, now=now),
        started_at=now,
        started_by=person,
    )
    _tell(drill, "drill started", person=person, now=now, case=case.number if case else "none")
    return drill


@transaction.atomic
def end_drill(drill: Drill, *, person: Person, now: datetime) -> Drill:
    """The drill is over: its bulletins are cancelled, nothing of it waits, its times are scored.

    Raises:
        NotAllowed: the person may not run drills, or not in this center.
    """
    require(person, Act.RUN_DRILL)
    _require_center(drill.center, person)
    log.hold(drill.center)
    drill.refresh_from_db()
    if drill.ended_at:
        return drill
    threats = list(_threats(drill))
    for threat in threats:
        for order in threat.orders.filter(state=Order.State.IN_FORCE):
            end_order(order, OVER, person=person, now=now)
        _end_bulletins(threat, person=person, now=now)
        close_threat(threat, person=person, because=OVER, now=now)
    _finish_tasks(threats, person=person, now=now)
    drill.ended_at, drill.ended_by = now, person
    drill.score = [_as_json(one) for one in score_of(drill)]
    drill.save()
    _tell(drill, "drill ended", person=person, now=now)
    return drill


def score_of(drill: Drill) -> tuple[Score, ...]:
    """Each interval of the drill as it stands on record, against its goal."""
    threat = drill.threat
    if threat is None:
        return ()
    number = next(reversed(numbers_of(threat)), "")
    desks = desks_to_tell(threat, number)
    return score(story_of(threat, number), desks, goals=settings.TOCSIN.drill)


def _check(center: Agency, title: str, case: Call | None, person: Person) -> None:
    _require_center(center, person)
    if not title.strip() or len(title.strip()) > LONGEST_TITLE:
        raise InputError(
            f"A drill has a title of at most {LONGEST_TITLE} characters.",
            way_out="Say in a few words what is practised.",
        )
    if case and (case.center_id != center.pk or case.is_drill):
        raise InputError(
            f"{case.number} is not a case of {center.name}.",
            way_out="Choose one of its own calls that came in for real.",
        )


def _require_center(center: Agency, person: Person) -> None:
    if not centers_of(person).filter(pk=center.pk).exists():
        raise NotAllowed(
            f"{person.name} does not work with {center.name}.",
            way_out="Ask a supervisor of that center.",
        )


def _replay(center: Agency, title: str, case: Call | None, *, now: datetime) -> Call:
    """The call, as if it had ended now; with the case's own exhibit, which is heard again."""
    recording = case.recording if case else None
    copied: dict[str, Any] = (
        {name: getattr(case, name) for name in _COPIED} if case else {"note": title.strip()}
    )
    call = Call.objects.create(
        number=log.next_number("XC", now=now),
        center=center,
        state=Call.State.WAITING if recording else Call.State.NOTE_ONLY,
        recording=recording,
        received_at=now,
        started_at=now - _length(case),
        ended_at=now,
        is_demonstration=True,
        is_drill=True,
        **copied,
    )
    if recording:
        defer(Job.HEAR, call.pk)
    if call.note:
        defer(Job.READ, call.pk)
    return call


def _length(case: Call | None) -> timedelta:
    """How long the call lasted; by its recording where its end is not on record."""
    if case is None:
        return timedelta(0)
    if case.started_at and case.ended_at and case.ended_at >= case.started_at:
        return case.ended_at - case.started_at
    heard = case.hearings.last()
    return timedelta(seconds=hearing_from(heard.body).quality.duration) if heard else timedelta(0)


def _threats(drill: Drill) -> QuerySet[Threat]:
    """All that was opened from its call; one, unless it was closed by hand and opened again."""
    calls = Call.objects.filter(threats=drill.threat, is_drill=True)
    return Threat.objects.filter(calls__in=calls, is_drill=True).distinct()


def _end_bulletins(threat: Threat, *, person: Person, now: datetime) -> None:
    for bulletin in threat.bulletins.filter(state=Bulletin.State.RELEASED):
        if bulletin.expires_at and bulletin.expires_at <= now:
            expire(bulletin, now=now)
        else:
            cancel(bulletin, because=OVER, person=person, now=now)
    for bulletin in threat.bulletins.all():
        withdraw_desks(bulletin, now=now)


def _finish_tasks(threats: Iterable[Threat], *, person: Person, now: datetime) -> None:
    """No task of the drill is left to anybody."""
    threats = list(threats)
    people = Recipient.objects.filter(bulletin__threat__in=threats).values_list("pk", flat=True)
    desks = DeskNotice.objects.filter(bulletin__threat__in=threats).values_list("pk", flat=True)
    own = {f"recipient:{pk}" for pk in people} | {f"desk:{pk}" for pk in desks}
    for threat in threats:
        own |= {f"threat:{threat.number}", f"blue:{threat.number}"}
        own |= {f"call:{call.number}" for call in threat.calls.all()}
    numbers = tuple({f":{row.number}." for one in threats for row in one.bulletins.all()})
    numbers += tuple(f"order:{row.number}" for one in threats for row in one.orders.all())
    for task in Task.objects.filter(center__in={one.center for one in threats}, done_at=None):
        if task.subject in own or any(number in task.subject for number in numbers):
            finish_tasks_about(task.subject, person=person, because=OVER, now=now)


def _as_json(one: Score) -> dict[str, Any]:
    return {
        "name": one.name,
        "goal": one.goal.total_seconds() if one.goal is not None else None,
        "took": one.took.total_seconds() if one.took is not None else None,
        "n": one.n,
        "of": one.of,
        "is_met": one.is_met,
    }


def _tell(drill: Drill, action: str, *, person: Person, now: datetime, **facts: str) -> None:
    subject = f"threat:{drill.threat.number}" if drill.threat else f"drill:{drill.number}"
    log.append(
        drill.center,
        action,
        subject,
        actor=person,
        now=now,
        facts={"drill": drill.number, "title": drill.title, **facts},
    )
