"""What the worker writes of one message: taken, sent, failed, or nobody knows."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from tocsin.desk.records import log
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.jobs import Job, defer_all
from tocsin.desk.records.models import Delivery
from tocsin.errors import Error, OutcomeUnknown
from tocsin.warn import DeliveryState, Receipt, next_try_at

WORKER = "system:worker"
BATCH = 1000


@transaction.atomic
def take(pk: int, *, now: datetime) -> Delivery | None:
    """The message is this worker's to send until its lease ends; None where it is not due.

    Written and committed before anything is sent: what was in flight at a crash can be told from
    what never left.
    """
    row = (
        Delivery.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("person", "bulletin__threat__center", "recipient")
        .filter(pk=pk, state=DeliveryState.QUEUED.value, due_at__lte=now)
        .first()
    )
    if row is None:
        return None
    row.state, row.sending_at = DeliveryState.SENDING.value, now
    row.lease_until = now + settings.TOCSIN.warn.lease_for
    row.attempts += 1
    row.save(update_fields=["state", "sending_at", "lease_until", "attempts"])
    return row


@transaction.atomic
def record_sent(row: Delivery, receipt: Receipt, *, now: datetime) -> None:
    """The gateway has the message, by its own word."""
    _hold(row)
    is_mine = _change(row, DeliveryState.SENT, receipt=receipt.text[:300], sent_at=now, trouble="")
    if is_mine:
        _log(row, "sent", now=now, receipt=receipt.text[:300])


@transaction.atomic
def record_failure(row: Delivery, error: Error, *, now: datetime) -> None:
    """The message is queued for another try by the plan, or has failed and is a task."""
    _hold(row)
    is_perhaps = row.is_perhaps_double or isinstance(error, OutcomeUnknown)
    config = settings.TOCSIN.warn
    again = None
    if not error.permanent:
        again = next_try_at(row.attempts, now=now, retry_after=config.retry_after)
    if again:
        _change(
            row,
            DeliveryState.QUEUED,
            due_at=again,
            trouble=error.for_person(),
            is_perhaps_double=is_perhaps,
        )
        return
    last = DeliveryState.UNKNOWN if is_perhaps else DeliveryState.FAILED
    if not _change(row, last, failed_at=now, trouble=error.for_person()):
        return
    _log(row, last.value, now=now, error=type(error).__name__)
    raise_task(
        row.bulletin.threat.center,
        "not delivered",
        f"delivery:{row.pk}",
        f"{row.person.name} was not reached by {row.channel} with {row.bulletin}. "
        f"{error.for_person()} Tell him by radio or telephone.",
        now=now,
    )


@transaction.atomic
def requeue_lost(*, now: datetime) -> int:
    """Messages whose worker never came back are queued again, marked as perhaps sent twice."""
    lost = Delivery.objects.select_for_update(skip_locked=True).filter(
        state=DeliveryState.SENDING.value, lease_until__lt=now
    )[:BATCH]
    pks = [row.pk for row in lost]
    Delivery.objects.filter(pk__in=pks).update(
        state=DeliveryState.QUEUED.value,
        due_at=now,
        nudged_at=now,
        is_perhaps_double=True,
        trouble="The worker that was sending it stopped: it may have been sent.",
    )
    defer_all(Job.DELIVER, pks)
    return len(pks)


@transaction.atomic
def nudge_due(*, now: datetime) -> int:
    """Every message that is due has a job, also where the one it had was lost."""
    stale = now - settings.TOCSIN.warn.lease_for
    # Nudged before it was due: its next try has come. Nudged long ago: that job was lost.
    waits = Q(nudged_at__lt=F("due_at")) | Q(nudged_at__lt=stale)
    due = Delivery.objects.select_for_update(skip_locked=True).filter(
        waits, state=DeliveryState.QUEUED.value, due_at__lte=now
    )[:BATCH]
    pks = [row.pk for row in due]
    Delivery.objects.filter(pk__in=pks).update(nudged_at=now)
    defer_all(Job.DELIVER, pks)
    return len(pks)


def _change(row: Delivery, state: DeliveryState, **fields: object) -> bool:
    """Change the row if it is still this attempt's; False where a sweep or a person was first."""
    return bool(
        Delivery.objects.filter(
            pk=row.pk, state=DeliveryState.SENDING.value, attempts=row.attempts
        ).update(state=state.value, lease_until=None, **fields)
    )


def _hold(row: Delivery) -> None:
    log.hold(row.bulletin.threat.center)


def _log(row: Delivery, action: str, *, now: datetime, **facts: str) -> None:
    log.append(
        row.bulletin.threat.center,
        action,
        f"bulletin:{row.bulletin.number}.{row.bulletin.version}",
        actor=WORKER,
        now=now,
        facts={
            "to": row.person.key,
            "channel": row.channel,
            "purpose": row.purpose,
            "attempt": row.attempts,
            "perhaps_double": row.is_perhaps_double,
            **facts,
        },
    )
