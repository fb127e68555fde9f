"""What becomes of messages: lost ones are queued again, all are logged, failures are tasks."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from tocsin.desk.people.models import Agency
from tocsin.desk.records import log
from tocsin.desk.records.commands.tasks import raise_for_people, raise_task
from tocsin.desk.records.models import Bulletin, Delivery, Recipient
from tocsin.warn import DeliveryState

WORKER = "system:worker"
BATCH = 1000

UNREACHED = (
    DeliveryState.FAILED.value,
    DeliveryState.UNKNOWN.value,
    DeliveryState.WITHDRAWN.value,
)
"""States of messages that nobody is known to have, and that are not tried again."""

_MANY = 3
"""People whom the task about a channel names; the list on the page names all."""


@transaction.atomic
def requeue_lost(*, now: datetime) -> int:
    """Messages whose sender never came back are queued again, marked as perhaps sent twice.

    One that was lost at its last try is `unknown`: trying for ever could tell somebody for ever.
    """
    lost = Delivery.objects.select_for_update(skip_locked=True).filter(
        state=DeliveryState.SENDING.value, lease_until__lt=now
    )[:BATCH]
    most = len(settings.TOCSIN.warn.retry_after)
    again = [row.pk for row in lost if row.attempts <= most]
    trouble = "The sender stopped in the middle: it may have been sent."
    Delivery.objects.filter(pk__in=again).update(
        state=DeliveryState.QUEUED.value,
        due_at=now,
        lease_until=None,
        is_perhaps_double=True,
        trouble=trouble,
    )
    last = [row.pk for row in lost if row.attempts > most]
    Delivery.objects.filter(pk__in=last).update(
        state=DeliveryState.UNKNOWN.value,
        failed_at=now,
        lease_until=None,
        is_perhaps_double=True,
        is_logged=False,
        trouble=trouble,
    )
    return len(again) + len(last)


def log_sent(*, now: datetime) -> int:
    """What was sent or has failed since the last sweep stands in the log; failures are tasks."""
    waiting = Delivery.objects.filter(is_logged=False)
    centers = Agency.objects.filter(
        threats__bulletins__deliveries__in=waiting.order_by("pk")[:BATCH]
    )
    return sum(_log_center(waiting, center, now=now) for center in centers.distinct())


@transaction.atomic
def _log_center(waiting: QuerySet[Delivery], center: Agency, *, now: datetime) -> int:
    log.hold(center)
    rows = list(
        waiting.filter(bulletin__threat__center=center)
        .select_related("person", "bulletin__threat__center", "recipient__agency")
        .defer("text")
        .order_by("bulletin_id", "state", "pk")[:BATCH]
    )
    for (bulletin, state), group in groupby(rows, key=lambda row: (row.bulletin, row.state)):
        _log_group(bulletin, state, list(group), now=now)
    Delivery.objects.filter(pk__in=[row.pk for row in rows]).update(is_logged=True)
    return len(rows)


def _log_group(bulletin: Bulletin, state: str, rows: Sequence[Delivery], *, now: datetime) -> None:
    log.append(
        bulletin.threat.center,
        state,
        f"bulletin:{bulletin.number}.{bulletin.version}",
        actor=WORKER,
        now=now,
        facts={"messages": [_line(row) for row in rows]},
    )
    failed = [row for row in rows if row.state in UNREACHED and not row.is_exercise]
    _report_channels(bulletin, failed, now=now)
    _report_people(bulletin, {row.recipient for row in failed if row.recipient}, now=now)


def _line(row: Delivery) -> str:
    at = row.sent_at or row.failed_at
    when = at.isoformat(timespec="milliseconds") if at else ""
    double = ", perhaps twice" if row.is_perhaps_double else ""
    said = row.receipt or row.trouble
    return f"{row.person.key} {row.channel} {row.purpose} try {row.attempts}{double} {when} {said}"


def _report_channels(bulletin: Bulletin, failed: Iterable[Delivery], *, now: datetime) -> None:
    """One task for each channel and trouble, whomever it missed."""
    ordered = sorted(failed, key=lambda row: (row.channel, row.trouble))
    for (channel, trouble), group in groupby(ordered, key=lambda row: (row.channel, row.trouble)):
        people = list(dict.fromkeys(row.person.name for row in group))
        more = f" and {len(people) - _MANY} more" if len(people) > _MANY else ""
        raise_task(
            bulletin.threat.center,
            "not delivered",
            f"bulletin:{bulletin.number}.{bulletin.version}:{channel}",
            f"{bulletin} did not reach {', '.join(people[:_MANY])}{more} by {channel}. {trouble}",
            now=now,
        )


def _report_people(bulletin: Bulletin, people: Iterable[Recipient], *, now: datetime) -> None:
    """A task for those whom no message can reach any more, and who have not answered."""
    pks = [row.pk for row in people]
    reached = Delivery.objects.filter(recipient__in=pks, purpose=Delivery.Purpose.BULLETIN)
    reached = reached.exclude(state__in=UNREACHED)
    missed = Recipient.objects.filter(pk__in=pks, acknowledged_at=None, must_acknowledge=True)
    rows = missed.exclude(pk__in=reached.values("recipient")).select_related("person")
    raise_for_people(
        bulletin,
        "not reached",
        [(row.pk, f"{row.person.name} {row.person.unit}".strip()) for row in rows],
        f"not been reached by any channel with {bulletin}: tell them by radio or telephone.",
        now=now,
    )
