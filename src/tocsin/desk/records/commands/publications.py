"""Messages to the public: one person asks, another one approves; each has its end.

Nobody approves what he asked for: it is refused here, and by the database. An end is a message to
the public too, and takes two people as well.
"""

from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.commands.messages import OwnMessage, seal_own
from tocsin.desk.records.commands.tasks import finish_tasks_about, raise_task
from tocsin.desk.records.models import Bulletin, Publication
from tocsin.desk.records.publishing import (
    Checked,
    Proposal,
    as_words,
    check_proposal,
    ends_at,
    issue_of,
    live_publication,
    next_issue,
    proposal_from,
)
from tocsin.errors import MissingReason, NotAllowed, OutOfTurn
from tocsin.evidence import digest_of
from tocsin.warn import BulletinKind

WAITS = "public message waits"
STANDS = "public message stands alone"
"""Kinds of tasks: a second person is to decide; the bulletin is over and the public not told."""


@transaction.atomic
def ask_publication(
    bulletin: Bulletin, proposal: Proposal, *, person: Person, now: datetime, seen: str = ""
) -> Publication:
    """The proposal waits for a second person; nothing is published yet.

    Where the public has been told of the bulletin already, it is an update of that.

    Raises:
        NotAllowed: the person may not ask, or works for another center.
        OutOfTurn: no version of the bulletin is in force, it is an exercise, another proposal
            waits, a rule of CAP is broken, or he had not seen what was found (`seen`).
    """
    center = bulletin.threat.center
    _require(person, Act.ASK_PUBLIC, center)
    log.hold(center)
    bulletin.refresh_from_db()
    _require_none_waits(bulletin)
    live = live_publication(bulletin, now=now)
    number = live.number if live else log.next_number("P", now=now)
    version = _next_version(number)
    issue = next_issue(bulletin, live, identifier=f"{number}.{version}", now=now)
    checked = check_proposal(proposal, issue, now=now)
    _require_clear(checked, proposal, seen)
    row = Publication.objects.create(
        number=number,
        version=version,
        kind=issue.kind.value,
        bulletin=bulletin,
        words=as_words(proposal),
        asked_at=now,
        asked_by=person,
        expires_at=ends_at(proposal, issue, now=now),
        follows=live,
    )
    _ask_second(row, person=person, now=now)
    return row


@transaction.atomic
def end_publication(
    publication: Publication, *, because: str, person: Person, now: datetime
) -> Publication:
    """The end of what the public is told waits for a second person; a waiting update is dropped.

    Raises:
        NotAllowed: the person may not ask, or works for another center.
        MissingReason: it is not said why.
        OutOfTurn: the public is not told this now, or its end waits already.
    """
    center = publication.bulletin.threat.center
    _require(person, Act.ASK_PUBLIC, center)
    _require_word(because, "It is not said why the message ends.")
    log.hold(center)
    publication.refresh_from_db()
    live = live_publication(publication.bulletin, now=now)
    if live is None or live.pk != publication.pk:
        raise OutOfTurn(f"{publication} is not what the public is told now.")
    waiting = _waiting(publication.bulletin)
    if waiting and waiting.kind == BulletinKind.CANCEL.value:
        raise OutOfTurn(f"The end of {publication} waits for a second person already.")
    if waiting:
        _refuse(waiting, because="The message is to end.", person=person, now=now)
    words = {**publication.words, "change": because.strip()}
    row = Publication.objects.create(
        number=live.number,
        version=_next_version(live.number),
        kind=BulletinKind.CANCEL.value,
        bulletin=live.bulletin,
        words=words,
        asked_at=now,
        asked_by=person,
        expires_at=live.expires_at,
        follows=live,
    )
    _ask_second(row, person=person, now=now)
    return row


@transaction.atomic
def approve_publication(
    publication: Publication, *, person: Person, now: datetime, seen: str = ""
) -> Publication:
    """The message is sealed, signed and in the public feed, by this second person's name.

    Raises:
        NotAllowed: the person may not approve, asked for it himself, or works for another center.
        OutOfTurn: it waits no more, no bulletin is in force, it is an exercise, a rule of CAP is
            broken, or he had not seen what was found (`seen`).
    """
    center = publication.bulletin.threat.center
    _require(person, Act.APPROVE_PUBLIC, center)
    log.hold(center)
    _require_waiting(publication)
    if publication.asked_by_id == person.pk:
        raise NotAllowed(
            "Nobody approves what he asked for himself.",
            way_out="Ask another supervisor or watch commander to look at it.",
        )
    proposal = proposal_from(publication.words)
    issue = issue_of(publication, now=now)
    checked = check_proposal(proposal, issue, now=now)
    _require_clear(checked, proposal, seen)
    message = OwnMessage(
        content=checked.content,
        name=publication.identifier,
        subject=f"public:{publication.identifier}",
    )
    publication.expires_at = ends_at(proposal, issue, now=now)
    publication.cap = seal_own(message, center=center, actor=person, now=now)
    publication.approved_at, publication.approved_by = now, person
    publication.save()
    _end_followed(publication, now=now)
    remarks = [f"{one.rule.key}: {one.place}" for one in checked.remarks]
    digest = publication.cap.sha256
    _tell(publication, "public approved", actor=person, now=now, cap=digest, remarks=remarks)
    _finish(publication, person=person, because=f"approved {publication}", now=now)
    return publication


@transaction.atomic
def refuse_publication(
    publication: Publication, *, because: str, person: Person, now: datetime
) -> Publication:
    """The proposal is refused for a reason; who asked may take it back himself in the same way.

    Raises:
        NotAllowed: the person may neither approve nor did he ask for it.
        MissingReason: it is not said why.
        OutOfTurn: it waits no more.
    """
    own = publication.asked_by_id == person.pk
    center = publication.bulletin.threat.center
    _require(person, Act.ASK_PUBLIC if own else Act.APPROVE_PUBLIC, center)
    _require_word(because, "It is not said why it is refused.")
    log.hold(center)
    _require_waiting(publication)
    return _refuse(publication, because=because, person=person, now=now)


def end_past_publications(*, now: datetime) -> int:
    """What has reached its end is over; what nobody approved in time is refused by the clock."""
    rows = list(
        Publication.objects.filter(ended_at=None, refused_at=None, expires_at__lte=now)
        .exclude(kind=BulletinKind.CANCEL.value, approved_at__isnull=False)
        .select_related("bulletin__threat__center")
    )
    for row in rows:
        _end_past(row, now=now)
    return len(rows)


def ask_for_ends(*, now: datetime) -> int:
    """Where a bulletin is over and the public still hears of it, a task says so."""
    in_force = Bulletin.objects.filter(state=Bulletin.State.RELEASED).values("number")
    rows = list(
        Publication.objects.filter(
            approved_at__isnull=False, ended_at=None, stood_alone_at=None, expires_at__gt=now
        )
        .exclude(kind=BulletinKind.CANCEL.value)
        .exclude(bulletin__number__in=in_force)
        .select_related("bulletin__threat__center")
    )
    for row in rows:
        _ask_for_end(row, now=now)
    return len(rows)


@transaction.atomic
def _end_past(row: Publication, *, now: datetime) -> None:
    log.hold(row.bulletin.threat.center)
    row.refresh_from_db()
    if row.ended_at or row.refused_at:
        return
    if row.approved_at:
        row.ended_at, row.ended_because = now, "It reached its end."
        row.save(update_fields=["ended_at", "ended_because"])
        _tell(row, "public ended", actor="system:sweep", now=now, because=row.ended_because)
        return
    row.refused_at, row.refused_because = now, "Nobody approved it before its end."
    row.save(update_fields=["refused_at", "refused_because"])
    _tell(row, "public refused", actor="system:sweep", now=now, because=row.refused_because)


@transaction.atomic
def _ask_for_end(row: Publication, *, now: datetime) -> None:
    Publication.objects.filter(pk=row.pk).update(stood_alone_at=now)
    raise_task(
        row.bulletin.threat.center,
        STANDS,
        _subject(row),
        f"{row.bulletin.number} is over, and the public is still told {row}. "
        "End that message, or let it run to its end.",
        now=now,
    )


def _end_followed(row: Publication, *, now: datetime) -> None:
    live = row.follows
    if live is None:
        return
    is_end = row.kind == BulletinKind.CANCEL.value
    live.ended_at = now
    live.ended_because = f"{'Ended' if is_end else 'Followed'} by {row.identifier}."
    live.save(update_fields=["ended_at", "ended_because"])
    if is_end and row.approved_by:
        _finish(live, person=row.approved_by, because=live.ended_because, now=now)


def _refuse(row: Publication, *, because: str, person: Person, now: datetime) -> Publication:
    row.refused_at, row.refused_by, row.refused_because = now, person, because.strip()
    row.save(update_fields=["refused_at", "refused_by", "refused_because"])
    _tell(row, "public refused", actor=person, now=now, because=row.refused_because)
    _finish(row, person=person, because=f"refused {row}", now=now)
    return row


def _ask_second(row: Publication, *, person: Person, now: datetime) -> None:
    _tell(row, "public asked", actor=person, now=now, words=digest_of(row.words), kind=row.kind)
    what = "to end the public message" if row.kind == BulletinKind.CANCEL.value else "to publish"
    raise_task(
        row.bulletin.threat.center,
        WAITS,
        _subject(row),
        f"{person.name} asks {what} {row.number}: it waits for a second person.",
        now=now,
    )


def _tell(
    row: Publication,
    action: str,
    *,
    actor: Person | str,
    now: datetime,
    **facts: str | list[str],
) -> None:
    """The log has it in the story of the bulletin, and the open pages hear of it."""
    bulletin = row.bulletin
    center = bulletin.threat.center
    subject = f"bulletin:{bulletin.number}.{bulletin.version}"
    log.append(
        center, action, subject, actor=actor, now=now, facts={"public": row.identifier, **facts}
    )
    log.announce(center, _subject(row))
    log.announce(center, f"threat:{bulletin.threat.number}")


def _finish(row: Publication, *, person: Person, because: str, now: datetime) -> None:
    finish_tasks_about(_subject(row), person=person, because=because, now=now)


def _subject(row: Publication) -> str:
    return f"public:{row.identifier}"


def _require(person: Person, act: Act, center: Agency) -> None:
    require(person, act)
    if not centers_of(person).filter(pk=center.pk).exists():
        raise NotAllowed(
            f"{person.name} does not work with {center.name}.",
            way_out=f"Ask somebody of {center.name}.",
        )


def _require_word(because: str, what: str) -> None:
    if not because.strip():
        raise MissingReason(what, way_out="Say it in a sentence.")


def _require_waiting(row: Publication) -> None:
    row.refresh_from_db()
    if row.approved_at:
        raise OutOfTurn(f"{row} is approved already.", way_out="Ask for its end instead.")
    if row.refused_at:
        raise OutOfTurn(f"{row} was refused.", way_out="Ask for a new one.")


def _require_none_waits(bulletin: Bulletin) -> None:
    waiting = _waiting(bulletin)
    if waiting:
        raise OutOfTurn(
            f"{waiting} waits for a second person already.",
            way_out="Refuse or take back that one first.",
        )


def _require_clear(checked: Checked, proposal: Proposal, seen: str) -> None:
    if checked.obstacle:
        raise checked.obstacle
    if seen and seen != checked.fingerprint(proposal):
        raise OutOfTurn(
            "What was found in the words has changed since this page was shown.",
            way_out="Look at the findings again, then decide.",
        )


def _waiting(bulletin: Bulletin) -> Publication | None:
    return Publication.objects.filter(
        bulletin__number=bulletin.number, approved_at=None, refused_at=None
    ).first()


def _next_version(number: str) -> int:
    last = Publication.objects.filter(number=number).order_by("-version").first()
    return last.version + 1 if last else 1
