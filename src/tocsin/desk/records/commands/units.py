"""Takes the reports of units, thousands a second, and what a dispatcher types of one by hand.

All who write units of a center stand in line at its watch: they write under its lock and with its
next version, so who reads them misses none. Positions are no entries of the log; that a source
begins, fails, falls silent or is mended is, and what a person enters.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from tocsin import posture
from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.commands.sourceturns import (
    has_news,
    newest,
    record_trouble,
    recover,
    refusal,
    tell,
)
from tocsin.desk.records.flood import Floodgate
from tocsin.desk.records.mirror import hand_over, units_before
from tocsin.desk.records.models import UnitSource, UnitState, Watch
from tocsin.desk.records.standing import limits_of
from tocsin.desk.records.unitrows import unit_as_json
from tocsin.errors import BadUnits, Error, NotFound, OutOfTurn, TooMany
from tocsin.evidence.chain import Fact
from tocsin.posture import BY_HAND, Batch, Unit, UnitReport, UnitsFeed, open_parser

CHANNEL = "tocsin_units"
"""Name under which PostgreSQL says which center's units changed (NOTIFY)."""

QUIET = timedelta(seconds=1)
"""After so long without a change the pages are told of the last one."""

BEAT = 5
"""Seconds between two looks of the pages while no unit changes."""

MOST_UNITS = 20_000
"""Units that are kept of a center; a feed that makes up call signs fills no disk."""

LONGEST_KEY = 120

_floodgate = Floodgate()
# One text in JSON: arrays of thousands of texts take the driver longer than all the rest.
_UPSERT = """
INSERT INTO records_unitstate (center_id, key, body, version, heard_at)
SELECT %s, one.key, one.body, %s, one.heard_at
FROM json_to_recordset(%s::json) AS one(key text, body jsonb, heard_at timestamptz)
ON CONFLICT (center_id, key) DO UPDATE
SET body = EXCLUDED.body, version = EXCLUDED.version, heard_at = EXCLUDED.heard_at
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A row that was not taken.

    Attributes:
        row: its number in the message, from 1; None where the row could be read, but says nothing
            that can be taken.
        call_sign: as far as one could be read.
        reason: what is wrong with it.
    """

    row: int | None
    call_sign: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a message.

    Attributes:
        taken: how many reports are in what is known of their units.
        refused: the other rows.
        known_at: when that was so.
    """

    taken: int
    refused: tuple[RefusedRow, ...]
    known_at: datetime


def take_message(source: UnitSource, raw: bytes, *, now: datetime) -> Taken:
    """What a message of the source says of its units is known; a bad row spoils no other.

    Raises:
        OutOfTurn: the source is switched off.
        TooMany: it sends more in a second than is taken.
        BadUnits: the message cannot be read. No unit is changed, and the source shows why.
    """
    try:
        _floodgate.admit_message(source.pk, now=now)
        source = _current(source)
        batch = open_parser(source.kind)(raw, _feed_of(source), now=now)
        _floodgate.admit_rows(source.pk, len(batch.reports), now=now)
    except TooMany as error:
        if _floodgate.is_news(source.pk, now=now):
            record_trouble(source, error.for_person(), now=now)
        raise
    except OutOfTurn:
        raise
    except Error as error:
        record_trouble(source, error.for_person(), now=now)
        raise
    return _take_batch(source, batch, now=now)


@transaction.atomic
def keep_by_hand(center: Agency, report: UnitReport, *, person: Person, now: datetime) -> Unit:
    """What a person says of a unit is known, under his name.

    Raises:
        NotAllowed: the person may not keep units.
        NotFound: it is not his center.
        BadUnits: something later is known already.
    """
    require(person, Act.KEEP_UNITS)
    if not centers_of(person).filter(pk=center.pk).exists():
        raise NotFound("There is no such center that is yours.", way_out="Ask that center.")
    log.hold(center)
    watch = hold_watch(center)
    told = replace(report, source=BY_HAND)
    before = units_before(watch, {told.key}).get(told.key)
    unit = posture.take(before, told, now, limits_of(center))
    _write(watch, [unit], now=now)
    log.append(
        center,
        "unit kept by hand",
        f"unit:{unit.key}",
        actor=person,
        now=now,
        facts=_facts_of(told),
    )
    log.announce(center, f"units:{center.key}")
    return unit


def announce_rest(*, now: datetime) -> int:
    """The pages are told of the last changes of units before a pause; how many centers had some.

    While units change, the pages are told once in each second of the clock, by the first change
    in it. What changed after that is told here. And silence ages everybody: while nothing comes,
    the pages look again every few seconds, so that who grows stale is shown so.
    """
    is_beat = int(now.timestamp()) % BEAT == 0
    longest = timedelta(days=1) if is_beat else 3 * QUIET
    rows = Watch.objects.filter(changed_at__lte=now - QUIET, changed_at__gt=now - longest)
    found = list(rows.select_related("center"))
    for row in found:
        log.announce(row.center, f"units:{row.center.key}")
    return len(found)


def hold_watch(center: Agency) -> Watch:
    """Lock the center's watch until the transaction ends; writers of units wait in line here."""
    locked = Watch.objects.select_for_update(of=("self",)).filter(center=center)
    locked = locked.select_related("center")
    for watch in locked:
        return watch
    Watch.objects.bulk_create([Watch(center=center)], ignore_conflicts=True)
    return locked.get()


@transaction.atomic
def _take_batch(source: UnitSource, batch: Batch, *, now: datetime) -> Taken:
    center = source.center
    holds_log = has_news(source, now=now)
    if holds_log:
        log.hold(center)  # before any other lock, as everywhere
    watch = hold_watch(center)
    units, refused = _take_all(watch, batch, now=now)
    _write(watch, units.values(), now=now)
    refused = [
        *(RefusedRow(row=r.row, call_sign=r.call_sign, reason=r.reason) for r in batch.refused),
        *refused,
    ]
    taken = len(batch.reports) + len(batch.refused) - len(refused)
    _count(source, taken, refused, holds_log=holds_log, now=now)
    return Taken(taken=taken, refused=tuple(refused), known_at=now)


def _current(source: UnitSource) -> UnitSource:
    """The source as it stands now; a line may be open for days.

    Raises:
        OutOfTurn: it is switched off.
    """
    row = UnitSource.objects.select_related("center", "agency").get(pk=source.pk)
    if not row.is_active:
        raise OutOfTurn(
            f"The units feed {row.name} is switched off here.",
            way_out="An administrator switches it on.",
        )
    return row


def _feed_of(source: UnitSource) -> UnitsFeed:
    return UnitsFeed(
        name=source.name,
        agency=source.agency.key if source.agency else "",
        agencies=frozenset(Agency.objects.values_list("key", flat=True)),
        zone=source.zone,
        columns=source.columns,
        statuses=source.statuses,
    )


def _take_all(
    watch: Watch, batch: Batch, *, now: datetime
) -> tuple[dict[str, Unit], list[RefusedRow]]:
    """The units that change, as they are known then, and the rows that say nothing new."""
    known = units_before(watch, {report.key for report in batch.reports})
    room = _room(watch.center, batch, known)
    limits = limits_of(watch.center)
    units: dict[str, Unit] = {}
    refused = []
    for report in batch.reports:
        key = report.key
        before = units.get(key) or known.get(key)
        try:
            _require_room(key, is_new=before is None, room=room)
            units[key] = posture.take(before, report, now, limits)
        except BadUnits as error:
            refused.append(RefusedRow(row=None, call_sign=report.call_sign, reason=error.what))
        else:
            room -= before is None
    return units, refused


def _require_room(key: str, *, is_new: bool, room: int) -> None:
    """Return where the unit may have a row.

    Raises:
        BadUnits: its key is too long, or there are too many.
    """
    if len(key) > LONGEST_KEY:
        raise BadUnits("The agency and call sign are too long in capital letters.")
    if is_new and room <= 0:
        raise BadUnits(f"More than {MOST_UNITS:,} units are known; no new one is taken.")


def _room(center: Agency, batch: Batch, known: dict[str, Unit]) -> int:
    """How many new units may still be taken."""
    if all(report.key in known for report in batch.reports):
        return 0
    return MOST_UNITS - UnitState.objects.filter(center=center).count()


def _write(watch: Watch, units: Iterable[Unit], *, now: datetime) -> None:
    """The rows are as the units are, with the watch's next version; who waits for that is told."""
    found = list(units)
    if not found:
        return
    center, before = watch.center, watch.changed_at
    watch.version += 1
    watch.changed_at = now
    rows = [
        {"key": unit.key, "heard_at": unit.heard_at.isoformat(), "body": unit_as_json(unit)}
        for unit in found
    ]
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [center.pk, watch.version, json.dumps(rows)])
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, center.key])
    watch.save(update_fields=["version", "changed_at"])
    hand_over(watch, {unit.key: unit for unit in found})
    if before is None or int(before.timestamp()) != int(now.timestamp()):
        log.announce(center, f"units:{center.key}")


def _count(
    source: UnitSource, taken: int, refused: list[RefusedRow], *, holds_log: bool, now: datetime
) -> None:
    """The source's row says what it brought; a message of which nothing was of use is no sign."""
    row = UnitSource.objects.select_for_update(of=("self",)).get(pk=source.pk)
    is_first = row.heard_at is None
    row.taken += taken
    row.refused += len(refused)
    if refused:
        row.refused_at = now
        shown = [refusal(one.row, one.call_sign, one.reason, now) for one in refused[:50]]
        row.latest_refused = newest(shown, row.latest_refused)
    if taken or not refused:
        row.heard_at = now
        if holds_log:
            if is_first:
                tell(row, "units feed began", {"kind": row.kind, "way": row.way}, now=now)
            recover(row, now=now)
    row.save(
        update_fields=[
            "taken",
            "refused",
            "refused_at",
            "latest_refused",
            "heard_at",
            "trouble",
            "silent_since",
        ]
    )


def _facts_of(report: UnitReport) -> dict[str, Fact]:
    """What a person said, as the log keeps it."""
    said: dict[str, Any] = {}
    if report.members is not None:
        said["crew"] = [f"{one.person} ({one.role.value})" for one in report.members]
    if report.crew_count is not None:
        said["crew_count"] = report.crew_count
    if report.status is not None:
        said["status"] = report.status.value
    if report.kind is not None:
        said["kind"] = report.kind.value
    if report.position is not None:
        said["position"] = f"{report.position.lat:.5f}, {report.position.lon:.5f}"
    if report.assignment is not None:
        said["call"] = report.assignment.call
    if report.ends_assignment:
        said["call"] = ""
    return said
