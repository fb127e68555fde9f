"""The last pre-flight of a center: what was found, and how old that is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.models import Preflight
from tocsin.warn.preflight import Fault, Finding, Severity

WAITED = timedelta(minutes=2)
"""After so long without an answer the worker seems not to run."""

OLD = timedelta(hours=26)
"""A pre-flight older than this has missed its day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreflightPage:
    """A center's pre-flight.

    Attributes:
        center: whose.
        last: the last one that ran; None for none.
        waiting: the one that was asked for and has not run; None for none.
        findings: of the last one, worst first.
        is_old: whether the last one has missed its day.
        is_overdue: whether the one asked for waits for longer than it should.
    """

    center: Agency
    last: Preflight | None
    waiting: Preflight | None
    findings: tuple[Finding, ...]
    is_old: bool
    is_overdue: bool

    @property
    def severe(self) -> int:
        """How many findings are severe."""
        return sum(one.severity is Severity.SEVERE for one in self.findings)


def preflight_pages(person: Person, *, now: datetime) -> list[PreflightPage]:
    """The pre-flight of each center that the person works with."""
    return [_page(center, now=now) for center in centers_of(person)]


def severe_for(person: Person) -> int:
    """How many severe findings the last pre-flights of the person's centers have."""
    rows = Preflight.objects.filter(center__in=centers_of(person), ran_at__isnull=False)
    latest = rows.order_by("center_id", "-pk").distinct("center_id")
    severe = Severity.SEVERE.value
    return sum(one["severity"] == severe for row in latest for one in row.findings)


def _page(center: Agency, *, now: datetime) -> PreflightPage:
    rows = Preflight.objects.filter(center=center).select_related("asked_by")
    last = rows.filter(ran_at__isnull=False).first()
    waiting = rows.filter(ran_at=None).first()
    return PreflightPage(
        center=center,
        last=last,
        waiting=waiting,
        findings=findings_in(last) if last else (),
        is_old=bool(last and last.ran_at and now - last.ran_at > OLD),
        is_overdue=bool(waiting and waiting.asked_at and now - waiting.asked_at > WAITED),
    )


def findings_in(row: Preflight) -> tuple[Finding, ...]:
    """What it found, as the stage said it."""
    return tuple(
        Finding(**{**one, "severity": Severity(one["severity"]), "fault": Fault(one["fault"])})
        for one in row.findings
    )
