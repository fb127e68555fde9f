"""Keeps what people answer on the Blue Alert card, and has it gone over when the record changes."""

from datetime import datetime

from django.db import transaction

from tocsin.assess import Act, Answer
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.tasks import finish_tasks_about, raise_task
from tocsin.desk.records.models import BlueAnswer, Threat
from tocsin.errors import OutOfTurn
from tocsin.warn import blue

KIND = "blue alert"
"""The kind of the task that asks for a second look."""


@transaction.atomic
def record_blue_answer(
    threat: Threat, key: str, answer: Answer, *, reason: str, person: Person, now: datetime
) -> BlueAnswer:
    """The person's answer stands beside every other's, and nobody has to go over the card again.

    Raises:
        NotAllowed: the person may not assess.
        NotFound: no rule asks this question.
        MissingReason: there is no reason.
        OutOfTurn: the threat is closed.
    """
    require(person, Act.ASSESS)
    given = blue.answer_question(key, answer, reason=reason, person=person.as_assessor(), now=now)
    log.hold(threat.center)
    threat.refresh_from_db()
    if threat.state != Threat.State.OPEN:
        raise OutOfTurn(
            f"{threat.number} is closed: its Blue Alert card takes no more answers.",
            way_out="Open a new threat from its call.",
        )
    row = BlueAnswer.objects.create(
        threat=threat,
        criterion=given.key,
        answer=given.answer.value,
        reasons=given.reason,
        person=person,
        answered_at=now,
    )
    _log(threat, given, person=person)
    because = f"answered on the Blue Alert card of {threat.number}"
    finish_tasks_about(subject_of(threat), person=person, because=because, now=now)
    return row


@transaction.atomic
def ask_again(threat: Threat, *, now: datetime) -> None:
    """A task asks to go over the card, because the record of its threat has changed.

    Nothing happens where nobody has answered on the card, or where the threat is closed.
    """
    log.hold(threat.center)
    row = Threat.objects.filter(pk=threat.pk, state=Threat.State.OPEN)
    if not row.filter(blue_answers__isnull=False).exists():
        return
    raise_task(
        threat.center,
        KIND,
        subject_of(threat),
        f"The record of {threat.number} has changed since somebody answered on its Blue Alert "
        "card: go over the Blue Alert card again.",
        now=now,
    )


def subject_of(threat: Threat) -> str:
    """How a task names the card of a threat."""
    return f"blue:{threat.number}"


def _log(threat: Threat, given: blue.Answered, *, person: Person) -> None:
    """The question in the log is the one that he read, whatever it is reworded to later."""
    log.append(
        threat.center,
        "blue answered",
        f"threat:{threat.number}",
        actor=person,
        now=given.answered_at,
        facts={
            "criterion": given.key,
            "question": blue.questions()[given.key].text,
            "answer": given.answer.value,
            "reasons": given.reason,
        },
    )
