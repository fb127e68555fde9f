"""Edits and releases bulletins, and starts their next versions."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.audience import audience_of, kept_audience, reasons_for_audience
from tocsin.desk.records.commands.desks import raise_desks, withdraw_desks
from tocsin.desk.records.commands.messages import OwnMessage, seal_own
from tocsin.desk.records.commands.notices import queue_notices
from tocsin.desk.records.commands.tasks import finish_tasks_about
from tocsin.desk.records.drafting import standing_on
from tocsin.desk.records.models import Bulletin, Exhibit, Threat
from tocsin.desk.records.queries import (
    as_bulletin,
    cap_areas,
    concerned_by,
    fingerprint_of,
    references_of,
    versions_in_force,
)
from tocsin.desk.records.values import as_json, content_from
from tocsin.errors import OutOfTurn
from tocsin.evidence import digest_of
from tocsin.warn import (
    BulletinKind,
    Content,
    DeliveryState,
    assessed_sentence,
    build_cap,
    ladder_json,
    ladder_of,
    require_complete,
)
from tocsin.warn.recipients import Audience, audience_json, signed_audience

_ENDS = {
    BulletinKind.ALERT: Bulletin.State.SUPERSEDED.value,
    BulletinKind.UPDATE: Bulletin.State.SUPERSEDED.value,
    BulletinKind.CORRECTION: Bulletin.State.SUPERSEDED.value,
    BulletinKind.CANCEL: Bulletin.State.CANCELLED.value,
}
"""What the versions before become when one of this kind is released."""

SHORTEST = timedelta(minutes=10)
LONGEST = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What a person made of a draft.

    Attributes:
        content: its words.
        audience: whom it concerns.
        seen: fingerprint of the draft that he had before him; empty for a program that saw none.
    """

    content: Content
    audience: Audience
    seen: str = ""


@transaction.atomic
def edit_draft(bulletin: Bulletin, edit: Edit, *, person: Person, now: datetime) -> Bulletin:
    """The draft says this, and concerns this audience; what is new in it carries his name.

    Raises:
        NotAllowed: the person may not edit bulletins.
        InputError: the audience names what is not on record, or ground that cannot be measured.
        OutOfTurn: the version is a draft no more, or is not the one that he saw.
    """
    require(person, Act.EDIT_BULLETIN)
    _lock_draft(bulletin, seen=edit.seen)
    audience = signed_audience(edit.audience, by=person.name, before=audience_of(bulletin))
    reasons_for_audience(audience, center=bulletin.threat.center)  # refuses what does not fit
    bulletin.content = as_json(edit.content)
    bulletin.audience = kept_audience(audience)
    bulletin.edited_at, bulletin.edited_by = now, person
    bulletin.save(update_fields=["content", "audience", "edited_at", "edited_by"])
    bulletin.areas.set(Area.objects.filter(key__in=audience.areas))
    bulletin.agencies.set(Agency.objects.filter(key__in=audience.agencies))
    tell(
        bulletin,
        "edited",
        person=person,
        now=now,
        content=digest_of(bulletin.content),
        audience=digest_of(audience_json(audience)),
    )
    return bulletin


@transaction.atomic
def release(
    bulletin: Bulletin,
    *,
    person: Person,
    now: datetime,
    expires_after: timedelta | None = None,
    seen: str = "",
) -> Bulletin:
    """The version is in force, and a message to everybody concerned is queued.

    Raises:
        NotAllowed: the person may not release bulletins.
        OutOfTurn: it is no draft, is not the one whose fingerprint he saw, says too little, or
            concerns nobody who is on duty.
    """
    require(person, Act.RELEASE_BULLETIN)
    _lock_draft(bulletin, seen=seen)
    kind = BulletinKind(bulletin.kind)
    before = list(versions_in_force(bulletin))
    words = replace(
        content_from(bulletin.content), assessed=assessed_sentence(standing_on(bulletin.threat))
    )
    require_complete(words, kind)
    concerned = concerned_by(bulletin, now=now)
    if not concerned and kind is not BulletinKind.CANCEL:
        raise OutOfTurn(
            f"{bulletin} would reach nobody: no person on duty is concerned.",
            way_out="Choose more areas or agencies, or correct the shifts.",
        )
    bulletin.content = as_json(words)
    bulletin.plan = ladder_json(ladder_of(settings.TOCSIN.warn))
    bulletin.released_at, bulletin.released_by = now, person
    bulletin.expires_at = now + _life(expires_after)
    is_over = kind is BulletinKind.CANCEL
    bulletin.state = Bulletin.State.CANCELLED if is_over else Bulletin.State.RELEASED
    bulletin.ended_at = now if is_over else None
    bulletin.cap = _seal_cap(bulletin, now=now)
    bulletin.save()
    for earlier in before:
        end_version(earlier, _ENDS[kind], now=now)
    told = queue_notices(bulletin, concerned, now=now)
    raise_desks(bulletin, now=now)
    tell(
        bulletin,
        "released",
        person=person,
        now=now,
        content=digest_of(bulletin.content),
        cap=bulletin.cap.sha256,
        told=[one.key for one in told],
    )
    finish_tasks_about(
        f"threat:{bulletin.threat.number}", person=person, because=f"released {bulletin}", now=now
    )
    return bulletin


@transaction.atomic
def start_update(bulletin: Bulletin, *, person: Person, now: datetime) -> Bulletin:
    """There is a draft of the next version; the one there was already, where there was one.

    Raises:
        NotAllowed: the person may not edit bulletins.
        OutOfTurn: the bulletin is not in force.
    """
    require(person, Act.EDIT_BULLETIN)
    return start_version(bulletin, BulletinKind.UPDATE, person=person, now=now)


@transaction.atomic
def start_correction(bulletin: Bulletin, *, person: Person, now: datetime) -> Bulletin:
    """The same, of a small correction: who has acknowledged need not do so again.

    Raises:
        NotAllowed: the person may not edit bulletins.
        OutOfTurn: the bulletin is not in force, or a material update of it is being written.
    """
    require(person, Act.EDIT_BULLETIN)
    draft = start_version(bulletin, BulletinKind.CORRECTION, person=person, now=now)
    if draft.kind != BulletinKind.CORRECTION.value:
        raise OutOfTurn(
            f"A {draft.get_kind_display()} of {bulletin.number} is being written already.",
            way_out="Release or drop that draft first.",
        )
    return draft


@transaction.atomic
def drop_draft(bulletin: Bulletin, *, person: Person, now: datetime) -> None:
    """The draft is dropped; nobody was told of it.

    Raises:
        NotAllowed: the person may not edit bulletins.
        OutOfTurn: it is a draft no more, or the first version of a threat that nobody was told of.
    """
    require(person, Act.EDIT_BULLETIN)
    _lock_draft(bulletin)
    if bulletin.version == 1:
        raise OutOfTurn(
            "The first draft of a threat is not dropped.", way_out="Close the threat instead."
        )
    bulletin.state = Bulletin.State.DROPPED
    bulletin.save(update_fields=["state"])
    tell(bulletin, "dropped", person=person, now=now)


def start_version(
    bulletin: Bulletin, kind: BulletinKind, *, person: Person, now: datetime
) -> Bulletin:
    """There is a draft of the next version; the one there was already, where there was one.

    Raises:
        OutOfTurn: the bulletin is not in force.
    """
    log.hold(bulletin.threat.center)
    bulletin.refresh_from_db()
    draft = drafts_of(bulletin).first()
    if draft:
        return draft
    if bulletin.state != Bulletin.State.RELEASED:
        raise OutOfTurn(
            f"{bulletin} is {bulletin.get_state_display()}.",
            way_out="Only a bulletin in force can be updated or cancelled.",
        )
    if bulletin.expires_at and bulletin.expires_at <= now:
        raise OutOfTurn(
            f"{bulletin} has reached its end.",
            way_out="Start a new bulletin on the page of the threat.",
        )
    last = Bulletin.objects.filter(number=bulletin.number).order_by("-version")[0]
    draft = Bulletin.objects.create(
        number=bulletin.number,
        version=last.version + 1,
        threat=bulletin.threat,
        kind=kind.value,
        content=as_json(replace(content_from(bulletin.content), change="")),
        audience=bulletin.audience,
        drafted_at=now,
    )
    draft.areas.set(bulletin.areas.all())
    draft.agencies.set(bulletin.agencies.all())
    tell(draft, "drafted", person=person, now=now, kind=kind.value)
    return draft


def end_version(bulletin: Bulletin, state: str, *, now: datetime) -> None:
    """The version is over: what of it is still queued is not sent, and no ladder moves."""
    bulletin.state, bulletin.ended_at = state, now
    bulletin.save(update_fields=["state", "ended_at"])
    # An order that rests on it goes on, and so do the messages that tell of the order.
    bulletin.deliveries.filter(state=DeliveryState.QUEUED.value, order=None).update(
        state=DeliveryState.WITHDRAWN.value, failed_at=now, trouble="The bulletin ended first."
    )
    bulletin.recipients.filter(acknowledged_at=None).update(rung_due_at=None)
    withdraw_desks(bulletin, now=now)


def _seal_cap(bulletin: Bulletin, *, now: datetime) -> Exhibit:
    message = build_cap(
        as_bulletin(bulletin),
        sender=settings.TOCSIN_CAP_SENDER,
        areas=cap_areas(bulletin),
        references=references_of(bulletin, now=now),
    )
    name = f"{bulletin.number}.{bulletin.version}"
    return seal_own(
        OwnMessage(content=message, name=name, subject=f"bulletin:{name}"),
        center=bulletin.threat.center,
        actor=bulletin.released_by or "system:desk",
        now=now,
    )


def _lock_draft(bulletin: Bulletin, *, seen: str = "") -> None:
    log.hold(bulletin.threat.center)
    bulletin.refresh_from_db()
    bulletin.threat.refresh_from_db()
    if bulletin.state != Bulletin.State.DRAFT:
        raise OutOfTurn(
            f"{bulletin} is {bulletin.get_state_display()}.",
            way_out="A released version stays as it is: make an update.",
        )
    if bulletin.threat.state != Threat.State.OPEN:
        raise OutOfTurn(f"{bulletin.threat} is closed.", way_out="Open a new threat.")
    if seen and seen != fingerprint_of(bulletin):
        raise OutOfTurn(
            "The draft was changed while this page was open, and nothing was sent or kept.",
            way_out="Read it again as it is now.",
        )


def drafts_of(bulletin: Bulletin) -> QuerySet[Bulletin]:
    """The drafts of further versions of the bulletin; one at the most."""
    return Bulletin.objects.filter(number=bulletin.number, state=Bulletin.State.DRAFT)


def _life(expires_after: timedelta | None) -> timedelta:
    life = expires_after or settings.TOCSIN.warn.expires_after
    if not SHORTEST <= life <= LONGEST:
        raise OutOfTurn(
            f"A bulletin cannot live for {life}.",
            way_out="Choose between ten minutes and seven days; it can be renewed.",
        )
    return life


def tell(
    bulletin: Bulletin,
    action: str,
    *,
    person: Person | None,
    now: datetime,
    **facts: str | list[str],
) -> None:
    """The log and the open pages have what was done with the version."""
    log.append(
        bulletin.threat.center,
        action,
        f"bulletin:{bulletin.number}.{bulletin.version}",
        actor=person or "system:sweep",
        now=now,
        facts=facts,
    )
    log.announce(bulletin.threat.center, f"threat:{bulletin.threat.number}")
