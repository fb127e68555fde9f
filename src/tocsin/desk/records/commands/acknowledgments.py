"""Who has the warning: each person says so for himself, or a supervisor for him with a reason.

After a warning hundreds press within seconds. Those who press a link while another's word is being
written wait for it and share the next transaction: one lock of the chain and one commit for all.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.tasks import finish_tasks_about
from tocsin.desk.records.links import no_message
from tocsin.desk.records.models import Delivery, Recipient, Task
from tocsin.desk.records.together import Together
from tocsin.errors import Error, MissingReason, NotAllowed, OutOfTurn
from tocsin.evidence import Deed
from tocsin.warn import DeliveryState, can_follow

ANSWERED = "read to him by radio, he answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pressed:
    """The button behind a message's link, pressed at a moment."""

    key: uuid.UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """Somebody's word that a person has the warning."""

    recipient: Recipient
    by: Person
    how: str
    at: datetime
    because: str = ""


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


def acknowledge_by_link(key: uuid.UUID, *, now: datetime) -> None:
    """The person whose message has this key has the warning; again changes nothing.

    Raises:
        NotFound: there is no such message.
        OutOfTurn: the message asks for no acknowledgment.
    """
    _links.ask(_Pressed(key=key, at=now))


@transaction.atomic
def acknowledge_by_reply(delivery: Delivery, *, how: str, now: datetime) -> None:
    """Who answers from the address of this message has the warning; again changes nothing.

    Args:
        delivery: the message that his digits name.
        how: the channel by which he answered.
        now: when.

    Raises:
        OutOfTurn: the message asks for no acknowledgment.
    """
    if delivery.recipient is None:
        raise _asks_nothing()
    word = _Word(recipient=delivery.recipient, by=delivery.person, how=how, at=now)
    _write([word], {delivery.pk: now})


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
    _write([_Word(recipient=recipient, by=person, how="console", at=now)])
    recipient.refresh_from_db()
    return recipient


@transaction.atomic
def enter_answer(recipient: Recipient, *, person: Person, now: datetime) -> Recipient:
    """The script was read and the person answered by radio: this dispatcher heard him.

    Raises:
        NotAllowed: the person may not enter who answered.
    """
    require(person, Act.ENTER_ANSWER)
    return _answer_for(recipient, ANSWERED, person=person, now=now)


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
    return _answer_for(recipient, because.strip(), person=person, now=now)


def _answer_for(recipient: Recipient, because: str, *, person: Person, now: datetime) -> Recipient:
    _write([_Word(recipient=recipient, by=person, how="supervisor", because=because, at=now)])
    recipient.refresh_from_db()
    return recipient


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


@transaction.atomic(durable=True)
def _press_all(pressed: Sequence[_Pressed]) -> list[Error | None]:
    """Write down everybody who pressed; what came of each, in order."""
    rows = Delivery.objects.filter(key__in=[one.key for one in pressed]).select_related(
        "recipient__person", "recipient__bulletin__threat__center"
    )
    known = {row.key: row for row in rows}
    words, messages, outcomes = [], dict[int, datetime](), list[Error | None]()
    for one in pressed:
        row = known.get(one.key)
        if row is None or row.recipient is None:
            outcomes.append(_asks_nothing() if row else no_message())
            continue
        words.append(_Word(recipient=row.recipient, by=row.recipient.person, how="link", at=one.at))
        messages.setdefault(row.pk, one.at)
        outcomes.append(None)
    _write(words, messages)
    return outcomes


_links = Together(_press_all)


def _write(words: Sequence[_Word], messages: Mapping[int, datetime] | None = None) -> None:
    """Each word counts where it is the first of its person; messages are acknowledged with it."""
    centers = {word.recipient.bulletin.threat.center for word in words}
    # The chain is locked before any row, here as everywhere: two writers never wait for each other.
    for center in sorted(centers, key=lambda center: center.key):
        log.hold(center)
    _settle(messages or {})
    pks = {word.recipient.pk for word in words}
    open_pks = set(
        Recipient.objects.filter(pk__in=pks, acknowledged_at=None).values_list("pk", flat=True)
    )
    first: dict[int, _Word] = {}
    for word in words:
        if word.recipient.pk in open_pks:
            first.setdefault(word.recipient.pk, word)
    _keep(list(first.values()))
    for center in centers:
        deeds = [
            _deed(one) for one in first.values() if one.recipient.bulletin.threat.center == center
        ]
        if deeds:
            log.append_all(center, deeds)
    _finish_tasks(first)


def _settle(messages: Mapping[int, datetime]) -> None:
    """These messages are acknowledged, each at its time; one that was already stays."""
    if not messages:
        return
    rows = list(
        Delivery.objects.select_for_update()
        .filter(pk__in=messages)
        .exclude(state=DeliveryState.ACKNOWLEDGED.value)
        .order_by("pk")
    )
    for row in rows:
        row.state, row.acknowledged_at = DeliveryState.ACKNOWLEDGED.value, messages[row.pk]
    Delivery.objects.bulk_update(rows, ["state", "acknowledged_at"])


def _keep(words: Sequence[_Word]) -> None:
    rows = []
    for word in words:
        row = word.recipient
        row.acknowledged_at, row.acknowledged_by, row.rung_due_at = word.at, word.by, None
        row.acknowledged_how, row.acknowledged_because = word.how, word.because
        rows.append(row)
    Recipient.objects.bulk_update(
        rows,
        [
            "rung_due_at",
            "acknowledged_at",
            "acknowledged_by",
            "acknowledged_how",
            "acknowledged_because",
        ],
    )


def _deed(word: _Word) -> Deed:
    return Deed(
        at=word.at,
        actor=word.by.key,
        action="acknowledged",
        subject=_subject(word.recipient),
        facts={"for": word.recipient.person.key, "how": word.how, "because": word.because},
    )


def _finish_tasks(words: Mapping[int, _Word]) -> None:
    """What waited for somebody's acknowledgment is done by it."""
    subjects = {f"recipient:{pk}": word for pk, word in words.items()}
    waiting = Task.objects.filter(subject__in=subjects, done_at=None).values_list(
        "subject", flat=True
    )
    for subject in dict.fromkeys(waiting):
        word = subjects[subject]
        said = word.because or f"acknowledged: {word.how}"
        finish_tasks_about(subject, person=word.by, because=said, now=word.at)


def _asks_nothing() -> OutOfTurn:
    return OutOfTurn("This message asks for no acknowledgment.")


def _subject(recipient: Recipient) -> str:
    return f"bulletin:{recipient.bulletin.number}.{recipient.bulletin.version}"
