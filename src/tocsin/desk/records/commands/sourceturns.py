"""What the machine does with sources of units: takes turns, says that one fails or is silent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tocsin.desk.people.models import Agency
from tocsin.desk.records import log
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import UnitSource
from tocsin.desk.records.standing import standing_orders
from tocsin.evidence.chain import Fact

ACTOR = "system:feeds"
FAILS = "units feed fails"
SILENT = "units feed silent"
"""Kinds of tasks: one of each for a source, however often it happens."""

LEASE = timedelta(seconds=30)
"""A worker that took a source and says nothing for so long has lost it to another."""

MENDED_AFTER = timedelta(seconds=30)
"""A source is said to be mended once no message of it failed for so long."""

MOST_SHOWN = 50
"""Refused rows that are kept of a source, the latest."""

LONGEST_REASON = 300
LONGEST_TROUBLE = 1000
LONGEST_ETAG = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTurn:
    """A source whose turn it is.

    Attributes:
        source: its row, as it was then.
        claimed_at: when it was claimed.
        lease: until when it is this worker's.
    """

    source: UnitSource
    claimed_at: datetime
    lease: datetime


def subject_of(source: UnitSource) -> str:
    """How the log and the tasks name a source."""
    return f"units-feed:{source.pk}"


@transaction.atomic
def claim_due_sources(*, now: datetime) -> list[SourceTurn]:
    """The sources that are to be asked now; until its lease ends no other worker asks one."""
    due = UnitSource.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        way=UnitSource.Way.POLL, is_active=True, due_at__lte=now
    )
    rows = list(due.select_related("center", "agency"))
    for row in rows:
        row.due_at = now + LEASE
        row.save(update_fields=["due_at"])
    return [SourceTurn(source=row, claimed_at=now, lease=now + LEASE) for row in rows]


@transaction.atomic
def settle_turn(turn: SourceTurn, *, etag: str, now: datetime) -> None:
    """The source was asked; it is asked again when its pause is over, counted from the asking."""
    again = turn.claimed_at + timedelta(seconds=turn.source.every_seconds)
    kept = etag if len(etag) <= LONGEST_ETAG else ""
    held = UnitSource.objects.filter(pk=turn.source.pk, due_at=turn.lease)
    held.update(due_at=max(again, now), etag=kept)


@transaction.atomic
def claim_lines(held: Mapping[int, datetime], *, now: datetime) -> list[SourceTurn]:
    """The sources to which this worker keeps a line open, each for one more lease.

    Args:
        held: those that it had, by key, each with the end of the lease that it was given.
        now: when.
    """
    own = Q(pk__in=[])
    for pk, lease in held.items():
        own |= Q(pk=pk, due_at=lease)
    rows = (
        UnitSource.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(own | Q(due_at=None) | Q(due_at__lte=now))
        .filter(way=UnitSource.Way.SOCKET, is_active=True)
        .select_related("center", "agency")
    )
    found = list(rows)
    for row in found:
        row.due_at = now + LEASE
        row.save(update_fields=["due_at"])
    return [SourceTurn(source=row, claimed_at=now, lease=now + LEASE) for row in found]


@transaction.atomic
def release_lines(held: Mapping[int, datetime], *, now: datetime) -> None:
    """Lines that this worker has closed may be opened by another at once."""
    for pk, lease in held.items():
        UnitSource.objects.filter(pk=pk, due_at=lease).update(due_at=now)


@transaction.atomic
def record_trouble(source: UnitSource, why: str, *, now: datetime) -> None:
    """That a message of the source could not be used is on its row; it is one task and one entry.

    However long it lasts: they are made when it begins.
    """
    center = source.center
    log.hold(center)
    row = UnitSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    began = not row.trouble
    row.trouble = plain(why, LONGEST_TROUBLE)
    row.refused_at = now
    row.latest_refused = newest([refusal(0, "", why, now)], row.latest_refused)
    row.save(update_fields=["trouble", "refused_at", "latest_refused"])
    if began:
        tell(row, "units feed failed", {"why": row.trouble}, now=now)
        said = f"The units feed {row.name} cannot be used: {row.trouble} Its units grow stale."
        raise_task(center, FAILS, subject_of(row), said, now=now)
    log.announce(center, f"units:{center.key}")


@transaction.atomic
def record_answer(source: UnitSource, *, now: datetime) -> None:
    """The source answered that nothing has changed since: it is not silent, and works."""
    fresh = UnitSource.objects.select_related("center").get(pk=source.pk)
    if has_news(fresh, now=now):
        log.hold(fresh.center)
    row = UnitSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    row.heard_at = now
    if has_news(fresh, now=now):
        recover(row, now=now)
    row.save(update_fields=["heard_at", "trouble", "silent_since"])


def find_silent_sources(*, now: datetime) -> int:
    """Each active source that says nothing of use while an order stands is a task; how many anew.

    Sources of centers without an order in force are left alone: nobody is judged by them.
    """
    after = settings.TOCSIN.posture.silent_after
    quiet = Q(heard_at__lt=now - after) | Q(heard_at=None, due_at__lt=now - after)
    rows = UnitSource.objects.filter(quiet, is_active=True, silent_since=None)
    return sum(
        _find_silent(center, now=now)
        for center in Agency.objects.filter(pk__in=rows.values("center")).order_by("key")
        if standing_orders(center, now=now).exists()
    )


@transaction.atomic
def _find_silent(center: Agency, *, now: datetime) -> int:
    log.hold(center)
    after = settings.TOCSIN.posture.silent_after
    quiet = Q(heard_at__lt=now - after) | Q(heard_at=None)
    rows = UnitSource.objects.select_for_update(of=("self",)).filter(
        quiet, center=center, is_active=True, silent_since=None
    )
    found = list(rows)
    for row in found:
        row.silent_since = row.heard_at or now
        row.save(update_fields=["silent_since"])
        last = row.heard_at.isoformat(timespec="seconds") if row.heard_at else "never"
        tell(row, "units feed silent", {"heard": last}, now=now)
        said = (
            f"The units feed {row.name} says nothing of use while an order stands: nobody sees who "
            "breaks it. Look at the feed, and keep its units by hand."
        )
        raise_task(center, SILENT, subject_of(row), said, now=now)
    if found:
        log.announce(center, f"units:{center.key}")
    return len(found)


def has_news(row: UnitSource, *, now: datetime) -> bool:
    """Whether a message that can be used changes how the source stands: the log must say so."""
    is_over = bool(row.trouble) and not _failed_lately(row, now)
    return row.heard_at is None or row.silent_since is not None or is_over


def recover(row: UnitSource, *, now: datetime) -> None:
    """The source, of which a message was just used, is said to be heard, and mended if it is.

    The caller holds the log and saves the row. The tasks stay: a person looks whether all is well.
    """
    if row.silent_since is not None:
        tell(row, "units feed heard again", {"since": row.silent_since.isoformat()}, now=now)
        row.silent_since = None
    if row.trouble and not _failed_lately(row, now):
        tell(row, "units feed mended", {"why": row.trouble}, now=now)
        row.trouble = ""


def tell(row: UnitSource, action: str, facts: Mapping[str, Fact], *, now: datetime) -> None:
    """The center's log has it."""
    told: dict[str, Fact] = {"name": row.name, **facts}
    log.append(row.center, action, subject_of(row), actor=ACTOR, now=now, facts=told)


def refusal(row: int | None, call_sign: str, reason: str, now: datetime) -> dict[str, Any]:
    """A refused row as a source keeps it; row 0 is the whole message, None one of several."""
    said = plain(reason, LONGEST_REASON)
    return {"at": now.isoformat(), "row": row, "call_sign": plain(call_sign, 32), "reason": said}


def plain(text: str, longest: int) -> str:
    """The text as a row can hold it: what cannot be printed is a question mark."""
    return "".join(one if one.isprintable() else "?" for one in text[:longest])


def newest(found: list[dict[str, Any]], known: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The latest refused rows, the newest first, as many as are kept."""
    return [*found, *known][:MOST_SHOWN]


def _failed_lately(row: UnitSource, now: datetime) -> bool:
    """Whether a whole message could not be used a moment ago."""
    failed = [one["at"] for one in row.latest_refused if one["row"] == 0]
    return any(now - datetime.fromisoformat(at) < MENDED_AFTER for at in failed)
