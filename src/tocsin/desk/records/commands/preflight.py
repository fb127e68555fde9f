"""Asks for a pre-flight, and keeps what it has found."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import Preflight
from tocsin.desk.records.preflight import findings_of, is_due, the_centers
from tocsin.warn.preflight import ChannelState, Finding, Severity


@transaction.atomic
def ask_preflight(*, person: Person, now: datetime) -> None:
    """The worker will look through everything for this person's center; asked twice, once.

    Raises:
        NotAllowed: the person may neither see calls nor administer.
    """
    if not person.may(Act.ADMINISTER):
        require(person, Act.SEE_CALLS)
    for center in centers_of(person):
        log.hold(center)
        asked = {"asked_at": now, "asked_by": person}
        _, is_new = Preflight.objects.get_or_create(center=center, ran_at=None, defaults=asked)
        if is_new:
            log.append(center, "pre-flight asked", subject_of(center), actor=person, now=now)


def run_preflight(
    channels: Iterable[ChannelState], *, now: datetime, actor: str = "", is_asked: bool = False
) -> list[Preflight]:
    """Every center whose pre-flight is due has its findings, and a task where a severe one is new.

    Args:
        channels: what the checks of the channels said.
        now: when.
        actor: who ran it; the worker unless said.
        is_asked: whether all centers are looked at, due or not.
    """
    found = findings_of(channels, now=now)
    return [
        _keep(center, found[center.key], now=now, actor=actor or "system:worker")
        for center in the_centers()
        if is_asked or is_due(center, now=now)
    ]


def subject_of(center: Agency) -> str:
    """How the log and the tasks name a center's pre-flight."""
    return f"preflight:{center.key}"


@transaction.atomic
def _keep(center: Agency, found: tuple[Finding, ...], *, now: datetime, actor: str) -> Preflight:
    log.hold(center)
    before = Preflight.objects.filter(center=center, ran_at__isnull=False).first()
    row = Preflight.objects.filter(center=center, ran_at=None).first() or Preflight(center=center)
    row.ran_at, row.findings = now, [asdict(one) for one in found]
    row.save()
    severe = [one for one in found if one.severity is Severity.SEVERE]
    log.append(
        center,
        "pre-flight ran",
        subject_of(center),
        actor=actor,
        now=now,
        facts={"severe": str(len(severe)), "all": str(len(found))},
    )
    known = {(one["fault"], one["subject"]) for one in before.findings} if before else set()
    new = [one for one in severe if (one.fault.value, one.subject) not in known]
    if new:
        more = f" And {len(new) - 1} more." if len(new) > 1 else ""
        raise_task(center, "pre-flight", subject_of(center), f"{new[0].sentence}{more}", now=now)
    return row
