"""What is on record of one bulletin, as the after-action report is made from it."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Min, QuerySet

from tocsin.desk.records.models import (
    Bulletin,
    Call,
    Delivery,
    DeskNotice,
    Recipient,
    Statement,
    Threat,
)
from tocsin.desk.records.queries import is_exercise
from tocsin.errors import NotFound
from tocsin.warn import BulletinKind, DeliveryState
from tocsin.warn.afteraction import End, Means, Sent, Spoken, Story, Version, Warned

NOT_SENT = (DeliveryState.FAILED.value, DeliveryState.WITHDRAWN.value)
"""States of a message of which it is known that nobody has it."""


def numbers_of(threat: Threat) -> list[str]:
    """The numbers of the threat's bulletins that were released, the last one first."""
    rows = _released(threat.bulletins.all())
    return list(dict.fromkeys(rows.order_by("-released_at").values_list("number", flat=True)))


def story_of(threat: Threat, number: str) -> Story:
    """All that is on record of this bulletin of the threat; without one, of the call alone.

    Raises:
        NotFound: the threat has no released bulletin of this number.
    """
    rows = _released(threat.bulletins.filter(number=number)).order_by("version")
    versions = list(rows.select_related("threat__center"))
    if number and not versions:
        raise NotFound(f"{threat.number} has no released bulletin {number}.")
    call = threat.calls.order_by("received_at", "pk").select_related("recording").first()
    end = _end(versions)
    return Story(
        number=number or threat.number,
        center=threat.center.name,
        zone=threat.center.zone,
        is_exercise=threat.is_drill or any(is_exercise(row) for row in versions[:1]),
        call_began_at=call.started_at if call else None,
        call_ended_at=call.ended_at if call else None,
        sealed_at=_sealed_at(call) if call else None,
        heard_at=call.hearings.aggregate(first=Min("heard_at"))["first"] if call else None,
        drafted_at=_drafted_at(threat, number),
        spoken=tuple(_spoken(versions)),
        versions=tuple(_version(row) for row in versions),
        end=end[0],
        ended_at=end[1],
        # Only a drill's end says to everybody that it is over: a cancellation is no all-clear.
        stood_down_at=end[1] if threat.is_drill and end[0] is End.CANCELLED else None,
    )


def desks_to_tell(threat: Threat, number: str) -> list[tuple[datetime, datetime | None]]:
    """For each desk of the first version when it was to be told, and when it was; None: never."""
    first = _released(threat.bulletins.filter(number=number)).order_by("version").first()
    notices = DeskNotice.objects.filter(bulletin=first) if first else DeskNotice.objects.none()
    return list(notices.values_list("raised_at", "done_at"))


def _released(rows: QuerySet[Bulletin]) -> QuerySet[Bulletin]:
    return rows.filter(released_at__isnull=False)


def _sealed_at(call: Call) -> datetime | None:
    """When its recording was sealed; a drill's was sealed long before, when the call was real."""
    return call.recording.sealed_at if call.recording and not call.is_drill else None


def _drafted_at(threat: Threat, number: str) -> datetime | None:
    """When the first draft stood that held what was read."""
    first = threat.bulletins.order_by("drafted_at", "pk").first()
    if first is not None and first.number != number and number:
        later = threat.bulletins.filter(number=number, version=1).first()
        return later.drafted_at if later else None
    read = Statement.objects.filter(call__threats=threat).aggregate(first=Min("read_at"))["first"]
    return max(threat.opened_at, read) if read else threat.opened_at


def _version(row: Bulletin) -> Version:
    people = Recipient.objects.filter(bulletin=row).select_related(
        "person", "agency", "acknowledged_by"
    )
    sent = Delivery.objects.filter(bulletin=row, purpose=Delivery.Purpose.BULLETIN)
    facts = sent.order_by("pk").values_list(
        "person__login", "channel", "sent_at", "delivered_at", "failed_at", "state"
    )
    return Version(
        version=row.version,
        kind=BulletinKind(row.kind),
        released_at=row.released_at or row.drafted_at,
        people=tuple(_warned(one) for one in people.order_by("agency__name", "person__name")),
        messages=tuple(
            Sent(
                key=key,
                channel=channel,
                sent_at=sent_at,
                delivered_at=delivered_at,
                failed_at=failed_at if state in NOT_SENT else None,
            )
            for key, channel, sent_at, delivered_at, failed_at, state in facts.iterator()
        ),
    )


def _warned(row: Recipient) -> Warned:
    return Warned(
        key=row.person.login,
        name=row.person.name,
        agency=row.agency.name,
        must_acknowledge=row.must_acknowledge,
        seen_at=row.seen_at,
        acknowledged_at=row.acknowledged_at,
        how=_how(row),
        escalated_at=row.escalated_at,
    )


def _how(row: Recipient) -> str:
    """By what he acknowledged; what was entered for him with the name of who did."""
    if row.acknowledged_how == "supervisor" and row.acknowledged_by:
        said = f"{row.acknowledged_because} ({row.acknowledged_by.name})"
    else:
        said = {"console": "his own page"}.get(row.acknowledged_how, row.acknowledged_how)
    return f"{said}, of version {row.carried_from}" if row.carried_from else said


def _spoken(versions: Iterable[Bulletin]) -> Iterator[Spoken]:
    """Who was told by word of mouth: desks, all units, and people by radio. Each once."""
    rows = DeskNotice.objects.filter(bulletin__in=versions, done_at__isnull=False)
    for notice in rows.select_related("agency", "done_by").order_by("done_at", "pk"):
        is_radio = notice.way == DeskNotice.Way.RADIO
        yield Spoken(
            to=f"all units, {notice.spoke_with}" if is_radio else f"desk of {notice.agency.name}",
            means=Means.RADIO if is_radio else Means.DESK,
            told_at=notice.done_at,
            told_by=notice.done_by.name if notice.done_by else "",
        )
    told = Recipient.objects.filter(
        bulletin__in=versions,
        acknowledged_how="supervisor",
        acknowledged_because__icontains="radio",
        carried_from=None,
    )
    for row in told.select_related("person", "acknowledged_by").order_by("acknowledged_at", "pk"):
        yield Spoken(
            to=row.person.name,
            means=Means.RADIO,
            told_at=row.acknowledged_at,
            told_by=row.acknowledged_by.name if row.acknowledged_by else "",
        )


def _end(versions: list[Bulletin]) -> tuple[End | None, datetime | None]:
    """How the bulletin ended, and when; a version that only another version replaced has not."""
    if not versions:
        return None, None
    last = versions[-1]
    if last.state == Bulletin.State.CANCELLED:
        return End.CANCELLED, last.ended_at
    if last.state == Bulletin.State.EXPIRED:
        return End.EXPIRED, last.ended_at
    if last.state == Bulletin.State.SUPERSEDED:
        return End.SUPERSEDED, last.ended_at
    return None, None
