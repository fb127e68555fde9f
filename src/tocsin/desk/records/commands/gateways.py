"""What gateways say of messages, and what people answer through them: written down, all of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tocsin.desk.people.models import Address
from tocsin.desk.records.commands.acknowledgments import acknowledge_by_reply
from tocsin.desk.records.commands.letters import CODES_LAST
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import Delivery, GatewayWord
from tocsin.errors import InputError
from tocsin.intake import plain_text
from tocsin.warn import DeliveryState, can_follow
from tocsin.warn.answers import Answer, AnswerKind, code_in

EARLY = timedelta(minutes=10)
"""So long a word about a message that is not known waits for the message to become known."""

NOT_KNOWN = "no message of ours has this name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What came of a gateway's word.

    Attributes:
        word: as it is kept.
        is_known: whether it fits a message of ours.
    """

    word: GatewayWord
    is_known: bool


@transaction.atomic
def hear_gateway(channel: str, answer: Answer, *, now: datetime) -> Heard:
    """The word is kept, and the message that it speaks of has moved as far as it says.

    The same word again changes nothing more. A word that fits nothing is kept too.
    """
    word = GatewayWord(
        channel=channel,
        kind=answer.kind.value,
        gateway_id=answer.id[:200],
        address=answer.address[:200],
        text=answer.text[:400],
        received_at=now,
    )
    if answer.kind is AnswerKind.REPLY:
        _answer(word, now=now)
    else:
        _receive(word, now=now)
    word.save()
    return Heard(word=word, is_known=word.delivery_id is not None)


def keep_unreadable(channel: str, body: bytes, error: InputError, *, now: datetime) -> None:
    """What our gateway said and nobody can read is kept, as far as there is room."""
    GatewayWord.objects.create(
        channel=channel,
        kind="unreadable",
        text=plain_text(body[:1600].decode("utf-8", "replace"))[:400],
        received_at=now,
        outcome=error.what[:200],
    )


@transaction.atomic
def match_early(*, now: datetime) -> int:
    """Words that came before the message's own name was on record have found their message."""
    early = GatewayWord.objects.filter(
        outcome=NOT_KNOWN, received_at__gt=now - EARLY, received_at__lte=now
    )
    found = 0
    for word in early:
        _receive(word, now=now)
        if word.delivery_id:
            word.save(update_fields=["delivery", "outcome"])
            found += 1
    return found


def _receive(word: GatewayWord, *, now: datetime) -> None:
    """A receipt: the message with the gateway's name for it is delivered, or is not."""
    row = Delivery.objects.filter(channel=word.channel, gateway_id=word.gateway_id)
    delivery = row.exclude(gateway_id="").order_by("-pk").first()
    word.delivery = delivery
    if delivery is None:
        word.outcome = NOT_KNOWN
        return
    kind = AnswerKind(word.kind)
    if kind is AnswerKind.UNKNOWN:
        word.outcome = "a step on the way: nothing changed"
        return
    state = DeliveryState.DELIVERED if kind is AnswerKind.DELIVERED else DeliveryState.FAILED
    word.outcome = _move(delivery, state, word.text, now=now)


def _move(delivery: Delivery, state: DeliveryState, words: str, *, now: datetime) -> str:
    row = Delivery.objects.select_for_update().get(pk=delivery.pk)
    if not can_follow(DeliveryState(row.state), state):
        return f"the message is {row.state}: nothing changed"
    row.state, row.is_logged = state.value, False
    if state is DeliveryState.DELIVERED:
        row.delivered_at = now
    else:
        row.failed_at, row.trouble = now, f"The gateway says: {words}."[:2000]
    row.save(update_fields=["state", "is_logged", "delivered_at", "failed_at", "trouble"])
    return f"the message is {state.value}"


def _answer(word: GatewayWord, *, now: datetime) -> None:
    """A person's answer: it acknowledges the one message that its digits name, or is a task."""
    delivery = _answered(word, code_in(word.text), now=now)
    if delivery is not None:
        word.delivery = delivery
        acknowledge_by_reply(delivery, how=word.channel, now=now)
        word.outcome = "acknowledged"
        return
    waiting = _waiting(word, now=now).first()
    if waiting is None:
        known = Address.objects.filter(channel=word.channel, value=word.address).exists()
        word.outcome = "no message waits for it" if known else "the number is nobody's here"
        return
    word.delivery, word.outcome = waiting, "not understood: a task"
    _ask(waiting, word, now=now)


def _answered(word: GatewayWord, code: str, *, now: datetime) -> Delivery | None:
    """The message that a code names: by its call, or the latest with that code to that number."""
    if not code:
        return None
    sent = Delivery.objects.filter(channel=word.channel, code=code, recipient__isnull=False)
    called = Q(gateway_id=word.gateway_id) & ~Q(gateway_id="")
    texted = Q(address=word.address, queued_at__gt=now - CODES_LAST)
    found = sent.filter(called).order_by("-pk").first() if word.gateway_id else None
    return found or sent.filter(texted).order_by("-pk").first()


def _waiting(word: GatewayWord, *, now: datetime) -> QuerySet[Delivery]:
    """Messages to that number which ask for an answer and have none."""
    return Delivery.objects.filter(
        channel=word.channel,
        address=word.address,
        queued_at__gt=now - CODES_LAST,
        recipient__acknowledged_at=None,
        recipient__must_acknowledge=True,
    ).order_by("-pk")


def _ask(delivery: Delivery, word: GatewayWord, *, now: datetime) -> None:
    bulletin, person = delivery.bulletin, delivery.person
    raise_task(
        bulletin.threat.center,
        "answer not understood",
        f"recipient:{delivery.recipient_id}",
        f"{person.name} answered {bulletin} by {word.channel} with {word.text[:80]!r}, which does "
        "not acknowledge it: ask him, and enter that he was told.",
        now=now,
    )
