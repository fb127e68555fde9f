"""How a bulletin ends: cancelled, expired or superseded, three different things; or is renewed."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.bulletins import (
    drafts_of,
    end_version,
    release,
    start_version,
    tell,
)
from tocsin.desk.records.commands.notices import queue_expiry, queue_notices, queue_superseded
from tocsin.desk.records.commands.tasks import finish_tasks_about, raise_task
from tocsin.desk.records.models import Bulletin
from tocsin.desk.records.queries import Concerned, is_exercise, told_by
from tocsin.desk.records.values import as_json, content_from
from tocsin.errors import MissingReason, OutOfTurn
from tocsin.warn import BulletinKind
from tocsin.warn.wording import local_time


@transaction.atomic
def cancel(bulletin: Bulletin, *, because: str, person: Person, now: datetime) -> Bulletin:
    """The bulletin is void, and exactly those who were or may have been told are told so.

    Raises:
        NotAllowed: the person may not release bulletins.
        OutOfTurn: the bulletin is not in force, or there is no word on why.
    """
    require(person, Act.RELEASE_BULLETIN)
    log.hold(bulletin.threat.center)
    drafts_of(bulletin).update(state=Bulletin.State.DROPPED)
    last = start_version(bulletin, BulletinKind.CANCEL, person=person, now=now)
    _say_why(last, because)
    return release(last, person=person, now=now)


@transaction.atomic
def renew(
    bulletin: Bulletin, *, lasts_for: timedelta, because: str, person: Person, now: datetime
) -> Bulletin:
    """A next version holds until later, by this person's name; every acknowledgment stands.

    Raises:
        NotAllowed: the person may not release bulletins.
        MissingReason: there is no word on why the danger goes on.
        OutOfTurn: the bulletin is not in force, or another version of it is being written.
    """
    require(person, Act.RELEASE_BULLETIN)
    if not because.strip():
        raise MissingReason(
            f"It is not said why {bulletin.number} goes on.",
            way_out="Say it in a sentence, such as: nobody has been found.",
        )
    log.hold(bulletin.threat.center)
    if drafts_of(bulletin).exists():
        raise OutOfTurn(
            f"A next version of {bulletin.number} is being written.",
            way_out="Release that one, with the time that it is to last, or drop it.",
        )
    later = start_version(bulletin, BulletinKind.CORRECTION, person=person, now=now)
    until = local_time(now + lasts_for, bulletin.threat.center.zone)
    _say_why(later, f"Renewed until {until} by {person.name}: {because.strip()}")
    done = release(later, person=person, now=now, expires_after=lasts_for)
    _finish_renewal(bulletin, person=person, because=because, now=now)
    return done


@transaction.atomic
def supersede(bulletin: Bulletin, *, by: Bulletin, person: Person, now: datetime) -> None:
    """Another bulletin holds in this one's place, and all who were told of this one hear so.

    Who was not told of the other is told now, and must acknowledge it.

    Raises:
        NotAllowed: the person may not release bulletins.
        OutOfTurn: one of the two is not in force, they are the same, of two centers, or one of
            them is an exercise and the other is not.
    """
    require(person, Act.RELEASE_BULLETIN)
    log.hold(bulletin.threat.center)
    for one in (bulletin, by):
        one.refresh_from_db()
        if one.state != Bulletin.State.RELEASED:
            raise OutOfTurn(
                f"{one} is {one.get_state_display()}.",
                way_out="Only a bulletin in force can take the place of another in force.",
            )
    if bulletin.number == by.number or bulletin.threat.center_id != by.threat.center_id:
        raise OutOfTurn(
            f"{by} cannot take the place of {bulletin}.",
            way_out="Choose another bulletin of the same center.",
        )
    if is_exercise(bulletin) != is_exercise(by):
        raise OutOfTurn(
            f"One of {bulletin} and {by} is an exercise, and the other is not.",
            way_out="Cancel the exercise instead.",
        )
    drafts_of(bulletin).update(state=Bulletin.State.DROPPED)
    end_version(bulletin, Bulletin.State.SUPERSEDED, now=now)
    by.supersedes.add(bulletin)
    queue_superseded(bulletin, by=by, now=now)
    told = queue_notices(by, _not_told(bulletin, by), now=now)
    name, keys = f"{by.number}.{by.version}", [one.key for one in told]
    tell(bulletin, "superseded", person=person, now=now, by=name, told=keys)
    _finish_renewal(bulletin, person=person, because=f"superseded by {by}", now=now)


def ask_renewal(*, now: datetime) -> int:
    """For every bulletin that ends soon there is a task: renew it by name, or let it end."""
    soon = Bulletin.objects.filter(
        state=Bulletin.State.RELEASED,
        renewal_asked_at=None,
        expires_at__lte=now + settings.TOCSIN.warn.renewal_before,
    )
    rows = list(soon.select_related("threat__center"))
    for bulletin in rows:
        _ask(bulletin, now=now)
    return len(rows)


def expire_due(*, now: datetime) -> int:
    """Every bulletin past its end is expired."""
    due = Bulletin.objects.filter(state=Bulletin.State.RELEASED, expires_at__lte=now)
    rows = list(due.select_related("threat__center"))
    for bulletin in rows:
        expire(bulletin, now=now)
    return len(rows)


@transaction.atomic
def expire(bulletin: Bulletin, *, now: datetime) -> None:
    """A bulletin past its end is expired, and those who were told are told so."""
    log.hold(bulletin.threat.center)
    bulletin.refresh_from_db()
    if bulletin.state != Bulletin.State.RELEASED or (bulletin.expires_at or now) > now:
        return
    end_version(bulletin, Bulletin.State.EXPIRED, now=now)
    queue_expiry(bulletin, now=now)
    tell(bulletin, "expired", person=None, now=now)


def _not_told(bulletin: Bulletin, by: Bulletin) -> list[Concerned]:
    """Who was told of the one bulletin, and whom the other does not concern yet."""
    known = set(by.recipients.values_list("person_id", flat=True))
    why = f"was told of {bulletin.number}, in whose place this one holds"
    return [
        Concerned(person=person, why=(why,))
        for person in told_by(bulletin)
        if person.pk not in known
    ]


@transaction.atomic
def _ask(bulletin: Bulletin, *, now: datetime) -> None:
    Bulletin.objects.filter(pk=bulletin.pk).update(renewal_asked_at=now)
    center = bulletin.threat.center
    end = local_time(bulletin.expires_at or now, center.zone)
    raise_task(
        center,
        "ends soon",
        _renewal(bulletin),
        f"{bulletin.number} ends {end}: renew it by name, or let it end.",
        now=now,
    )


def _finish_renewal(bulletin: Bulletin, *, person: Person, because: str, now: datetime) -> None:
    finish_tasks_about(_renewal(bulletin), person=person, because=because, now=now)


def _renewal(bulletin: Bulletin) -> str:
    return f"renewal:{bulletin.number}.{bulletin.version}"


def _say_why(draft: Bulletin, because: str) -> None:
    draft.content = as_json(replace(content_from(draft.content), change=because.strip()))
    draft.save(update_fields=["content"])
