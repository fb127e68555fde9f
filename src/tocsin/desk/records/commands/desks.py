"""Desks that a person must tell: called with a read-back, or read to all units on the air."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.tasks import finish_tasks_about, raise_task
from tocsin.desk.records.models import Bulletin, DeskNotice
from tocsin.desk.records.queries import desks_of
from tocsin.errors import MissingReason
from tocsin.warn import BulletinKind

SOON = timedelta(minutes=2)
"""A radio script waits no longer than this before it is overdue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a person says of a desk that he told.

    Attributes:
        with_whom: name of the person at the desk; for the radio, the channel it was read on.
        was_read_back: whether number and safety line were repeated; None on the radio.
        note: anything else.
    """

    with_whom: str
    was_read_back: bool | None
    note: str = ""


def raise_desks(bulletin: Bulletin, *, now: datetime) -> None:
    """Every duty desk concerned is to be called, and every dispatch center is to read it out.

    A correction changes nothing that a desk must hear at once; it gets none.
    """
    if bulletin.kind == BulletinKind.CORRECTION.value:
        return
    by = now + settings.TOCSIN.warn.desk_after
    for agency in desks_of(bulletin):
        is_center = agency.kind == Agency.Kind.DISPATCH
        _raise(
            bulletin,
            agency,
            DeskNotice.Way.RADIO if is_center else DeskNotice.Way.CALL,
            why=f"{bulletin.get_kind_display()} released",
            due_at=now + SOON if is_center else by,
            now=now,
        )


def call_desk(bulletin: Bulletin, agency: Agency, *, missing: int, now: datetime) -> str:
    """The agency's desk is to be called now; what the ladder writes down about it."""
    why = f"{missing} of its people have not acknowledged"
    _raise(bulletin, agency, DeskNotice.Way.CALL, why=why, due_at=now, now=now)
    number = agency.desk_number or "no number is on record"
    return f"the desk of {agency.name} is to be called ({number})"


def read_on_air(bulletin: Bulletin, center: Agency, *, why: str, now: datetime) -> None:
    """The dispatch center is to read the bulletin to all units now."""
    _raise(bulletin, center, DeskNotice.Way.RADIO, why=why, due_at=now, now=now)


@transaction.atomic
def enter_told(notice: DeskNotice, spoken: Spoken, *, person: Person, now: datetime) -> DeskNotice:
    """The desk was told, by this person's word: with whom he spoke, and whether it was read back.

    Raises:
        NotAllowed: the person may not see calls.
        MissingReason: nobody at the desk is named.
    """
    require(person, Act.SEE_CALLS)
    center = notice.bulletin.threat.center
    log.hold(center)
    notice.refresh_from_db()
    if notice.done_at:
        return notice
    if not spoken.with_whom.strip():
        is_call = notice.way == DeskNotice.Way.CALL
        raise MissingReason(
            f"It is not said {'with whom you spoke' if is_call else 'where it was read'}.",
            way_out="A name and a call sign." if is_call else "Name the radio channel.",
        )
    notice.done_at, notice.done_by = now, person
    notice.spoke_with, notice.note = spoken.with_whom.strip()[:120], spoken.note.strip()
    notice.was_read_back = spoken.was_read_back
    notice.save()
    log.append(
        center,
        "desk told",
        _subject(notice.bulletin),
        actor=person,
        now=now,
        facts={
            "desk": notice.agency.key,
            "way": notice.way,
            "with": notice.spoke_with,
            "read_back": {True: "yes", False: "no", None: "does not apply"}[notice.was_read_back],
            "note": notice.note,
        },
    )
    finish_tasks_about(f"desk:{notice.pk}", person=person, because="told", now=now)
    return notice


def raise_overdue_desks(*, now: datetime) -> int:
    """Every desk that should have been told by now is a task."""
    rows = DeskNotice.objects.filter(
        done_at=None, withdrawn_at=None, overdue_at=None, due_at__lte=now
    ).select_related("bulletin__threat__center", "agency")
    for notice in rows:
        _raise_overdue(notice, now=now)
    return len(rows)


def withdraw_desks(bulletin: Bulletin, *, now: datetime) -> None:
    """Nobody needs to tell a desk of this version any more."""
    bulletin.desk_notices.filter(done_at=None, withdrawn_at=None).update(withdrawn_at=now)


@transaction.atomic
def _raise_overdue(notice: DeskNotice, *, now: datetime) -> None:
    DeskNotice.objects.filter(pk=notice.pk).update(overdue_at=now)
    agency = notice.agency
    how = f"call {agency.desk_number or 'it (no number is on record)'}"
    if notice.way == DeskNotice.Way.RADIO:
        how = "read it on the air"
    raise_task(
        notice.bulletin.threat.center,
        "desk not told",
        f"desk:{notice.pk}",
        f"The desk of {agency.name} has not been told of {notice.bulletin}: {how}.",
        now=now,
    )


def _raise(
    bulletin: Bulletin, agency: Agency, way: str, *, why: str, due_at: datetime, now: datetime
) -> None:
    """One open notice for a desk and a way; a second one brings the first forward."""
    waiting = bulletin.desk_notices.filter(
        agency=agency, way=way, done_at=None, withdrawn_at=None
    ).first()
    if waiting is None:
        bulletin.desk_notices.create(
            agency=agency, way=way, why=why[:200], raised_at=now, due_at=due_at
        )
    elif due_at < waiting.due_at:
        waiting.due_at, waiting.why = due_at, why[:200]
        waiting.save(update_fields=["due_at", "why"])


def _subject(bulletin: Bulletin) -> str:
    return f"bulletin:{bulletin.number}.{bulletin.version}"
