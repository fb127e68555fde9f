"""Appends to the log, gives out numbers, and tells the open pages that something changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db import connection

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models import ChainHead, Counter, Entry
from tocsin.evidence import GENESIS, Deed, LogEntry, link
from tocsin.evidence.chain import Fact

CHANNEL = "tocsin"
"""Name under which PostgreSQL passes changes on (NOTIFY)."""


def hold(center: Agency) -> ChainHead:
    """Lock the center's chain until the transaction ends; writers wait in line here."""
    locked = ChainHead.objects.select_for_update().filter(chain=center.key)
    for head in locked:
        return head
    first = ChainHead(chain=center.key, digest=GENESIS)
    ChainHead.objects.bulk_create([first], ignore_conflicts=True)
    return locked.get()


def append(
    center: Agency,
    action: str,
    subject: str,
    *,
    actor: Person | str,
    now: datetime,
    facts: Mapping[str, Fact] | None = None,
) -> Entry:
    """Add an entry to the center's chain, in the transaction of what it tells of."""
    deed = Deed(
        at=now,
        actor=actor if isinstance(actor, str) else actor.key,
        action=action,
        subject=subject,
        facts=facts or {},
    )
    [entry] = append_all(center, [deed])
    return entry


def append_all(center: Agency, deeds: Sequence[Deed]) -> list[Entry]:
    """Add these entries to the center's chain in their order, and tell the pages once of each."""
    head = hold(center)
    entries = []
    for deed in deeds:
        entry = link(deed, chain=center.key, after=(head.seq, head.digest))
        head.seq, head.digest = entry.seq, entry.digest
        entries.append(_row(entry))
    head.save(update_fields=["seq", "digest"])
    for subject in dict.fromkeys(deed.subject for deed in deeds):
        announce(center, subject)
    return Entry.objects.bulk_create(entries)


def announce(center: Agency, subject: str) -> None:
    """Tell every open page, once the transaction is committed, what changed in this center."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{center.key} {subject}"])


def next_number(letter: str, *, now: datetime) -> str:
    """The next number under a letter and year, such as `C-2026-000001`; none is left out."""
    heading = f"{letter}-{now.year}"
    Counter.objects.bulk_create([Counter(heading=heading)], ignore_conflicts=True)
    counter = Counter.objects.select_for_update().get(heading=heading)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{heading}-{counter.last:06}"


def entries_of(chain: str) -> Iterator[LogEntry]:
    """The chain's entries in order, as the evidence stage checks them."""
    for row in Entry.objects.filter(chain=chain).order_by("seq").iterator(chunk_size=2000):
        yield LogEntry(
            chain=row.chain,
            seq=row.seq,
            deed=Deed(
                at=row.at,
                actor=row.actor,
                action=row.action,
                subject=row.subject,
                facts=row.facts,
            ),
            previous=row.previous,
            digest=row.digest,
        )


def _row(entry: LogEntry) -> Entry:
    deed = entry.deed
    return Entry(
        chain=entry.chain,
        seq=entry.seq,
        at=deed.at,
        actor=deed.actor,
        action=deed.action,
        subject=deed.subject,
        facts=dict(deed.facts),
        previous=entry.previous,
        digest=entry.digest,
    )
