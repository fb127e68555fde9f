"""Excuses of breaches: why one may stand, until when, under whose name."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.models import Breach, Excuse, Order
from tocsin.errors import InputError, MissingReason, OutOfTurn
from tocsin.evidence import Deed

LONGEST = timedelta(hours=12)
"""An excuse that would outlast a shift is an exemption; that takes another order."""


@transaction.atomic
def excuse_breach(
    breach: Breach, *, because: str, until: datetime, person: Person, now: datetime
) -> Excuse:
    """The breach may stand until then, by this person's word; its ladder stops meanwhile.

    Raises:
        NotAllowed: the person may not excuse.
        MissingReason: there is no reason.
        InputError: the excuse would end at once, or outlast a shift.
        OutOfTurn: the breach is over.
    """
    require(person, Act.EXCUSE_BREACH)
    if not because.strip():
        raise MissingReason("The excuse has no reason.", way_out="Say it in a sentence.")
    if not now < until <= now + LONGEST:
        raise InputError(
            "An excuse ends between now and 12 hours from now.", way_out="Give another time."
        )
    row = _locked(breach)
    excuse = Excuse.objects.create(
        order=row.order,
        unit=row.unit,
        measure=row.measure,
        because=because.strip(),
        by=person,
        starts_at=now,
        until=until,
    )
    Breach.objects.filter(pk=row.pk).update(rung_due_at=None)
    facts = {"unit": row.unit, "measure": row.measure, "because": excuse.because}
    _tell(row, "breach excused", facts | {"until": until.isoformat()}, person=person, now=now)
    return excuse


@transaction.atomic
def withdraw_excuse(excuse: Excuse, *, because: str, person: Person, now: datetime) -> Excuse:
    """The excuse counts no more; the breach, where it goes on, is told of from the first rung.

    Raises:
        NotAllowed: the person may not excuse.
        MissingReason: it is not said why.
        OutOfTurn: it counts no more already.
    """
    require(person, Act.EXCUSE_BREACH)
    if not because.strip():
        raise MissingReason(
            "It is not said why the excuse is taken back.", way_out="Say it in a sentence."
        )
    log.hold(excuse.order.threat.center)
    row = Excuse.objects.select_for_update().get(pk=excuse.pk)
    if row.withdrawn_at or row.until <= now:
        raise OutOfTurn("The excuse counts no more.", way_out="Look at the breach again.")
    row.withdrawn_at, row.withdrawn_by = now, person
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    facts = {"unit": row.unit, "measure": row.measure, "because": because.strip()}
    _tell(row, "excuse taken back", facts, person=person, now=now)
    return row


def _locked(breach: Breach) -> Breach:
    log.hold(breach.order.threat.center)
    row = (
        Breach.objects.select_for_update(of=("self",))
        .select_related("order__threat__center")
        .get(pk=breach.pk)
    )
    if row.ended_at:
        raise OutOfTurn("The breach is over.", way_out="Look at the page again.")
    return row


def _tell(
    row: Breach | Excuse, action: str, facts: dict[str, str], *, person: Person, now: datetime
) -> None:
    center = row.order.threat.center
    deed = Deed(
        at=now, actor=person.key, action=action, subject=f"order:{row.order.number}", facts=facts
    )
    log.append_all(center, [deed])
    for one in _watching(row.order):
        log.announce(one, f"posture:{one.key}")


def _watching(order: Order) -> Iterable[Agency]:
    """The centers on whose pages the order's breaches stand."""
    found = {order.threat.center}
    found |= {one.center for one in order.agencies.select_related("center") if one.center}
    joined = order.joinings.filter(left_at=None).select_related("agency__center")
    found |= {one.agency.center for one in joined if one.agency.center}
    return found
