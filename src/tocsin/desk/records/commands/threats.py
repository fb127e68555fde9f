"""Opens, takes, assesses and closes threats, and keeps their draft bulletin up to date."""

from datetime import datetime

from django.db import transaction

from tocsin.assess import Act, Answer, Question, assess
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.blue import ask_again, subject_of
from tocsin.desk.records.commands.tasks import finish_tasks_about
from tocsin.desk.records.drafting import drafted
from tocsin.desk.records.models import Assessment, Bulletin, Call, Order, Threat
from tocsin.desk.records.values import as_json
from tocsin.errors import MissingReason, OutOfTurn
from tocsin.warn import BulletinKind

MACHINE = "system:reader"


@transaction.atomic
def open_threat(call: Call, *, person: Person, now: datetime) -> Threat:
    """The call has a threat with a drafted bulletin; the one it had already, where it had one.

    Raises:
        NotAllowed: the person may not open threats.
    """
    require(person, Act.OPEN_THREAT)
    log.hold(call.center)
    threat = call.threats.filter(state=Threat.State.OPEN).first() or _open(call, person, now=now)
    finish_tasks_about(
        f"call:{call.number}", person=person, because=f"opened {threat.number}", now=now
    )
    return threat


def open_by_machine(call: Call, *, now: datetime) -> Threat:
    """The same, because a reading reached *flag*: an alarm that waits for a person to take it."""
    return _open(call, None, now=now)


def open_untaken(call: Call, *, person: Person, now: datetime) -> Threat:
    """The same, by the person who runs a drill: an alarm that waits for somebody to take it."""
    return _open(call, person, now=now, is_taken=False)


@transaction.atomic
def take_threat(threat: Threat, *, person: Person, now: datetime) -> Threat:
    """The alarm is quiet: this person has it. The first to take it stays on record.

    Raises:
        NotAllowed: the person may not see threats.
    """
    require(person, Act.SEE_CALLS)
    log.hold(threat.center)
    threat.refresh_from_db()
    if threat.taken_at is None:
        threat.taken_at, threat.taken_by = now, person
        threat.save(update_fields=["taken_at", "taken_by"])
        log.append(threat.center, "taken", f"threat:{threat.number}", actor=person, now=now)
    return threat


@transaction.atomic
def record_assessment(
    threat: Threat,
    question: Question,
    answer: Answer,
    *,
    reasons: str,
    person: Person,
    now: datetime,
) -> Assessment:
    """The person's answer stands beside every other person's.

    Raises:
        NotAllowed: the person may not assess.
        MissingReason: there are no reasons.
    """
    given = assess(question, answer, reasons=reasons, person=person.as_assessor(), now=now)
    log.hold(threat.center)
    row = Assessment.objects.create(
        threat=threat,
        question=given.question.value,
        answer=given.answer.value,
        reasons=given.reasons,
        person=person,
        assessed_at=now,
    )
    log.append(
        threat.center,
        "assessed",
        f"threat:{threat.number}",
        actor=person,
        now=now,
        facts={"question": question, "answer": answer, "reasons": given.reasons},
    )
    redraft(threat, now=now)
    ask_again(threat, now=now)
    return row


@transaction.atomic
def close_threat(threat: Threat, *, person: Person, because: str, now: datetime) -> Threat:
    """The threat is closed for a reason, and its drafts are dropped.

    Raises:
        NotAllowed: the person may not close threats.
        MissingReason: there is no reason.
        OutOfTurn: a bulletin or an order of it is still in force.
    """
    require(person, Act.CLOSE_THREAT)
    if not because.strip():
        raise MissingReason(
            f"{threat.number} cannot be closed without a reason.", way_out="Say why in a sentence."
        )
    log.hold(threat.center)
    threat.refresh_from_db()
    if threat.state == Threat.State.CLOSED:
        return threat
    if threat.bulletins.filter(state=Bulletin.State.RELEASED).exists():
        raise OutOfTurn(
            f"{threat.number} has a bulletin in force.",
            way_out="Cancel the bulletin first, so that everybody who was told hears of it.",
        )
    _end_proposals(threat, person=person, because=because, now=now)
    threat.bulletins.filter(state=Bulletin.State.DRAFT).update(state=Bulletin.State.DROPPED)
    threat.state = Threat.State.CLOSED
    threat.closed_at, threat.closed_by, threat.closed_because = now, person, because.strip()
    threat.save()
    log.append(
        threat.center,
        "closed",
        f"threat:{threat.number}",
        actor=person,
        now=now,
        facts={"because": threat.closed_because},
    )
    told = f"closed {threat.number}"
    finish_tasks_about(subject_of(threat), person=person, because=told, now=now)
    return threat


def _end_proposals(threat: Threat, *, person: Person, because: str, now: datetime) -> None:
    """No order of the threat is proposed any more.

    Raises:
        OutOfTurn: one is in force.
    """
    in_force = threat.orders.filter(state=Order.State.IN_FORCE).first()
    if in_force:
        raise OutOfTurn(
            f"{threat.number} has an order in force, {in_force.number}.",
            way_out="Stand the order down first, so that everybody who was told hears of it.",
        )
    threat.orders.filter(state=Order.State.PROPOSED).update(
        state=Order.State.DROPPED, ended_at=now, ended_by=person, ended_because=because.strip()
    )


@transaction.atomic
def start_bulletin(threat: Threat, *, person: Person, now: datetime) -> Bulletin:
    """The threat has a draft of a new bulletin, after the last one ended; the one it had already.

    Raises:
        NotAllowed: the person may not edit bulletins.
        OutOfTurn: the threat is closed, or a bulletin of it is in force.
    """
    require(person, Act.EDIT_BULLETIN)
    log.hold(threat.center)
    threat.refresh_from_db()
    if threat.state != Threat.State.OPEN:
        raise OutOfTurn(f"{threat.number} is closed.", way_out="Open a new threat from its call.")
    if threat.bulletins.filter(state=Bulletin.State.RELEASED).exists():
        raise OutOfTurn(
            f"{threat.number} has a bulletin in force.", way_out="Update that one instead."
        )
    draft = threat.bulletins.filter(state=Bulletin.State.DRAFT).first()
    if draft is None:
        draft = _draft(threat, now=now)
        log.append(
            threat.center,
            "drafted",
            f"bulletin:{draft.number}.{draft.version}",
            actor=person,
            now=now,
            facts={"kind": draft.kind},
        )
    return draft


def redraft(threat: Threat, *, now: datetime) -> None:
    """The first draft says what the record says now, unless a person has edited it."""
    draft = threat.bulletins.filter(state=Bulletin.State.DRAFT, version=1, edited_at=None).first()
    if draft is None:
        return
    words = drafted(threat)
    draft.content = as_json(words.content)
    draft.drafted_at = now
    draft.save(update_fields=["content", "drafted_at"])
    draft.areas.set(words.areas)
    draft.agencies.set(words.agencies)
    log.announce(threat.center, f"threat:{threat.number}")


def _open(call: Call, person: Person | None, *, now: datetime, is_taken: bool = True) -> Threat:
    """What is opened from the call of a drill is the drill's, whoever opens it."""
    threat = Threat.objects.create(
        number=log.next_number("XT" if call.is_drill else "T", now=now),
        center=call.center,
        is_drill=call.is_drill,
        since=call.started_at or call.received_at,
        opened_at=now,
        opened_by=person,
        taken_at=now if person and is_taken else None,
        taken_by=person if is_taken else None,
    )
    threat.calls.add(call)
    log.append(
        threat.center,
        "opened",
        f"threat:{threat.number}",
        actor=person or MACHINE,
        now=now,
        facts={"call": call.number},
    )
    _draft(threat, now=now)
    return threat


def _draft(threat: Threat, *, now: datetime) -> Bulletin:
    draft = Bulletin.objects.create(
        number=log.next_number("XB" if threat.is_drill else "B", now=now),
        version=1,
        threat=threat,
        kind=BulletinKind.ALERT.value,
        content={},
        drafted_at=now,
    )
    redraft(threat, now=now)
    draft.refresh_from_db()
    return draft
