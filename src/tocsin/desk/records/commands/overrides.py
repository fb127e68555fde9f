"""Writes down that a unit is sent against an order: who says so, why, what the gate answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.gate import Answered, ask_gate
from tocsin.desk.records.models import Order, Override
from tocsin.errors import InputError, MissingReason, OutOfTurn
from tocsin.evidence.chain import Fact
from tocsin.posture import Answer, Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A unit that is sent all the same.

    Attributes:
        unit: key, or the call sign alone.
        call: where to.
        because: the reason.
        dispatcher: whom a machine names as the person who decided; a person speaks for himself.
    """

    unit: str
    call: Assignment
    because: str
    dispatcher: str = ""


@transaction.atomic
def override_gate(
    center: Agency, sending: Sending, *, actor: Person | str, now: datetime
) -> Override:
    """The unit is sent against the gate's answer, under this name; the log has all of it.

    Raises:
        NotAllowed: the person may not send a unit against an order.
        MissingReason: there is no reason.
        InputError: a machine names nobody who decided, or two units have the call sign.
        OutOfTurn: the gate has nothing against it.
        NotFound: no such unit is known.
    """
    _require(sending, actor)
    log.hold(center)
    answered = ask_gate(center, sending.unit, sending.call, now=now)
    verdict = answered.verdict
    if verdict.answer is Answer.KEEPS:
        raise OutOfTurn("No order is broken by it.", way_out="Send the unit.")
    row = Override.objects.create(
        center=center,
        unit=verdict.unit,
        call=verdict.call,
        verdict=verdict_as_json(answered),
        because=sending.because.strip(),
        by=actor if isinstance(actor, Person) else None,
        actor=actor.key if isinstance(actor, Person) else actor,
        dispatcher=sending.dispatcher.strip(),
        at=now,
    )
    numbers = sorted({one.order for one in verdict.findings})
    orders = Order.objects.filter(number__in=numbers).select_related("threat__center")
    row.orders.set(orders)
    for order in orders:
        found = [one.reason for one in verdict.findings if one.order == order.number]
        facts: dict[str, Fact] = {"unit": row.unit, "call": row.call, "because": row.because}
        log.append(
            center,
            "unit sent against the order",
            f"order:{order.number}",
            actor=actor,
            now=now,
            facts=facts | {"dispatcher": row.dispatcher, "found": found},
        )
    return row


def _require(sending: Sending, actor: Person | str) -> None:
    """Return when this actor may send it, and said why.

    Raises:
        NotAllowed, InputError, MissingReason: as `override_gate` has it.
    """
    if isinstance(actor, Person):
        require(actor, Act.SEND_AGAINST)
    elif not sending.dispatcher.strip():
        raise InputError(
            "It is not said who decided it.", way_out="Name the dispatcher in `dispatcher`."
        )
    if not sending.because.strip():
        raise MissingReason("The override has no reason.", way_out="Say it in a sentence.")


def verdict_as_json(answered: Answered) -> dict[str, Any]:
    """What the gate answered, as CAD reads it and as it is kept."""
    verdict = answered.verdict
    return {
        "unit": verdict.unit,
        "call": verdict.call,
        "answer": verdict.answer.value,
        "findings": [
            {
                "order": one.order,
                "measure": str(one.measure),
                "state": one.state.value,
                "reason": one.reason,
                "persons": list(one.persons),
            }
            for one in verdict.findings
        ],
        "remedies": [
            {
                "kind": one.kind.value,
                "unit": one.unit,
                "minutes": round(one.minutes, 1),
                "how": one.how,
                "mends": sorted(str(measure) for measure in one.mends),
            }
            for one in verdict.remedies
        ],
        "heard_at": answered.heard_at.isoformat(),
        "version": answered.version,
    }
