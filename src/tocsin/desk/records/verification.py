"""Walks store and log, and names the first thing that does not fit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Model

from tocsin.desk.records import log
from tocsin.desk.records.models import (
    Bulletin,
    ChainHead,
    Correction,
    Entry,
    Exhibit,
    Hearing,
    Statement,
)
from tocsin.errors import NotFound, Tampered
from tocsin.evidence import GENESIS, Sealed, check_chain, check_sealed, digest_of, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What was walked and fitted.

    Attributes:
        entries: of all logs.
        exhibits: whose bytes were read again.
        readings: hearings, statements, corrections and bulletins whose digests fit.
        strays: digests in the store that no exhibit names: bytes of something that never became
            a call, such as an upload during which the machine stopped.
    """

    entries: int
    exhibits: int
    readings: int
    strays: tuple[str, ...]


def verify(*, progress: Callable[[str], None] = lambda _: None) -> Verified:
    """Check everything that is on record.

    Raises:
        Tampered: names the first thing that does not fit.
        StoreFailed: the store does not give its bytes.
    """
    entries = _check_chains(progress)
    exhibits = _check_exhibits(progress)
    readings = _check_readings(progress)
    known = set(Exhibit.objects.values_list("sha256", flat=True))
    strays = tuple(sorted(set(open_store(settings.TOCSIN_STORE).digests()) - known))
    return Verified(entries=entries, exhibits=exhibits, readings=readings, strays=strays)


def _check_chains(progress: Callable[[str], None]) -> int:
    heads = {head.chain: head for head in ChainHead.objects.all()}
    chains = sorted({*heads, *Entry.objects.values_list("chain", flat=True).distinct()})
    total = 0
    for chain in chains:
        progress(f"the log of {chain}")
        last = check_chain(log.entries_of(chain))
        head = heads.get(chain)
        found = (last.seq, last.digest) if last else (0, GENESIS)
        if head is None or (head.seq, head.digest) != found:
            raise Tampered(
                f"The log of {chain} ends at entry {found[0]}, and its head names entry "
                f"{head.seq if head else 0}: entries were removed or put in."
            )
        total += found[0]
    return total


def _check_exhibits(progress: Callable[[str], None]) -> int:
    """Each exhibit's bytes fit the row, the row fits the log, and the log names no other."""
    logged = _sealed_by_log()
    store = open_store(settings.TOCSIN_STORE)
    count = 0
    for row in Exhibit.objects.select_related("center").order_by("pk"):
        progress(f"{row.name} {row.sha256[:12]}")
        key = (row.center.key, row.sha256)
        if logged.pop(key, None) != row.sha512:
            raise Tampered(f"The exhibit {row.sha256} does not fit the log of {row.center.key}.")
        try:
            sealed = Sealed(sha256=row.sha256, sha512=row.sha512, size=row.size)
            check_sealed(sealed, store=store)
        except NotFound as error:
            raise Tampered(f"The bytes of {row.name}, {row.sha256}, are gone.") from error
        count += 1
    for center, digest in logged:
        raise Tampered(f"The log of {center} names the exhibit {digest}, which is gone.")
    return count


def _sealed_by_log() -> dict[tuple[str, str], str]:
    """SHA-512 of everything the logs say was sealed, by center and SHA-256."""
    rows = Entry.objects.filter(action="sealed").values_list("chain", "facts")
    return {(chain, facts["sha256"]): facts["sha512"] for chain, facts in rows.iterator()}


def _check_readings(progress: Callable[[str], None]) -> int:
    """What was heard, read, corrected and released fits the log; none that it names is gone."""
    progress("hearings, statements, corrections and bulletins")
    logged = _written_by_log()
    count = 0
    for row, digest in _written_rows():
        if digest not in logged:
            raise Tampered(f"The {row} was changed after it was written down.")
        count += 1
        logged[digest] = ""
    for subject in filter(None, logged.values()):
        raise Tampered(f"The log names something of {subject} that is gone.")
    return count


_WRITTEN = {
    "heard": "hearing_sha256",
    "read": "statement_sha256",
    "reading corrected": "correction_sha256",
    "released": "content",
}
"""For each action that writes a value down, the fact that holds the value's digest."""


def _written_by_log() -> dict[str, str]:
    """What each digest was written down for."""
    entries = Entry.objects.filter(action__in=list(_WRITTEN)).only("action", "facts", "subject")
    return {entry.facts[_WRITTEN[entry.action]]: entry.subject for entry in entries.iterator()}


def _written_rows() -> Iterator[tuple[Model, str]]:
    for model in (Hearing, Statement):
        for row in model.objects.select_related("call").order_by("pk").iterator():
            yield row, digest_of(row.body)
    for correction in (
        Correction.objects.select_related("statement__call").order_by("pk").iterator()
    ):
        yield correction, digest_of(correction.body)
    for bulletin in Bulletin.objects.filter(released_at__isnull=False).iterator():
        yield bulletin, digest_of(bulletin.content)
