"""Who has the warning: each person says so for himself, or a supervisor for him with a reason."""

from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.tasks import finish_tasks_about
from tocsin.desk.records.models import Delivery, Recipient
from tocsin.errors import MissingReason, NotAllowed, OutOfTurn
from tocsin.warn import DeliveryState, can_follow


@transaction.atomic
def mark_opened(delivery: Delivery, *, now: datetime) -> None:
    """The link of this message was opened; by the person or by a mail scanner, nobody can say."""
    _advance(delivery, DeliveryState.SEEN, now=now)
    _see(delivery.recipient, how="link opened, by him or by a mail scanner", now=now)


@transaction.atomic
def mark_seen(recipient: Recipient, *, person: Person, now: datetime) -> None:
    """The person has the bulletin on his own page."""
    if recipient.person_id == person.pk:
        _see(recipient, how="own page", now=now)


@transaction.atomic
def acknowledge_by_link(delivery: Delivery, *, now: datetime) -> Recipient:
    """The link's owner has the warning; again changes nothing.

    Raises:
        OutOfTurn: the message asks for no acknowledgment.
    """
    return _by_message(delivery, how="link", now=now)


@transaction.atomic
def acknowledge_by_reply(delivery: Delivery, *, how: str, now: datetime) -> Recipient:
    """Who answers from the address of this message has the warning; again changes nothing.

    Args:
        delivery: the message that his digits name.
        how: the channel by which he answered.
        now: when.

    Raises:
        OutOfTurn: the message asks for no acknowledgment.
    """
    return _by_message(delivery, how=how, now=now)


@transaction.atomic
def acknowledge(recipient: Recipient, *, person: Person, now: datetime) -> Recipient:
    """The person, signed in, has the warning; again changes nothing.

    Raises:
        NotAllowed: it concerns somebody else.
    """
    if recipient.person_id != person.pk:
        raise NotAllowed(
            f"Only {recipient.person.name} can acknowledge this for himself.",
            way_out="A supervisor can enter, with a reason, that he was told.",
        )
    return _acknowledge(recipient, by=person, how="console", now=now)


@transaction.atomic
def acknowledge_for(
    recipient: Recipient, *, because: str, person: Person, now: datetime
) -> Recipient:
    """The person was told in another way: this supervisor says so, and how.

    Raises:
        NotAllowed: the person may not answer for others.
        MissingReason: there is no word on how he was told.
    """
    require(person, Act.ACKNOWLEDGE_FOR)
    if not because.strip():
        raise MissingReason(
            f"It is not said how {recipient.person.name} was told.",
            way_out="Say it in a sentence, such as: read to him on channel 2, he answered.",
        )
    return _acknowledge(recipient, by=person, how="supervisor", because=because.strip(), now=now)


def _by_message(delivery: Delivery, *, how: str, now: datetime) -> Recipient:
    recipient = delivery.recipient
    if recipient is None:
        raise OutOfTurn("This message asks for no acknowledgment.")
    # The chain is locked before any row, here as everywhere: two writers never wait for each other.
    log.hold(recipient.bulletin.threat.center)
    _advance(delivery, DeliveryState.ACKNOWLEDGED, now=now)
    return _acknowledge(recipient, by=recipient.person, how=how, now=now)


def _see(recipient: Recipient | None, *, how: str, now: datetime) -> None:
    if recipient is None:
        return
    is_first = Recipient.objects.filter(pk=recipient.pk, seen_at=None).update(
        seen_at=now, seen_how=how
    )
    if is_first:
        log.announce(recipient.bulletin.threat.center, _subject(recipient))


def _advance(delivery: Delivery, state: DeliveryState, *, now: datetime) -> None:
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not can_follow(DeliveryState(row.state), state):
        return
    row.state = state.value
    setattr(row, f"{state.value}_at", now)
    row.save(update_fields=["state", f"{state.value}_at"])


def _acknowledge(
    recipient: Recipient, *, by: Person, how: str, now: datetime, because: str = ""
) -> Recipient:
    bulletin = recipient.bulletin
    log.hold(bulletin.threat.center)
    recipient.refresh_from_db()
    if recipient.acknowledged_at:
        return recipient
    recipient.acknowledged_at, recipient.acknowledged_by = now, by
    recipient.acknowledged_how, recipient.acknowledged_because = how, because
    recipient.rung_due_at = None
    recipient.save(
        update_fields=[
            "rung_due_at",
            "acknowledged_at",
            "acknowledged_by",
            "acknowledged_how",
            "acknowledged_because",
        ]
    )
    log.append(
        bulletin.threat.center,
        "acknowledged",
        _subject(recipient),
        actor=by,
        now=now,
        facts={"for": recipient.person.key, "how": how, "because": because},
    )
    said = because or f"acknowledged: {how}"
    finish_tasks_about(f"recipient:{recipient.pk}", person=by, because=said, now=now)
    return recipient


def _subject(recipient: Recipient) -> str:
    return f"bulletin:{recipient.bulletin.number}.{recipient.bulletin.version}"
