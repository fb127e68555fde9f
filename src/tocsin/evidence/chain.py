"""The log: entries that each hold the digest of the one before, one chain per agency."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tocsin.errors import Tampered
from tocsin.evidence.canonical import digest_of

GENESIS = "0" * 64
"""What the first entry of a chain holds in place of a digest."""

Fact = str | int | bool | None | list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that was done.

    Attributes:
        at: when, aware.
        actor: `person:LOGIN`, or `system:PART`.
        action: a verb in the past, such as `sealed` or `acknowledged`.
        subject: what it was done to, such as `call:C-2026-000001`.
        facts: digests, numbers and short words; never the text of a recording.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A deed in its place.

    Attributes:
        chain: key of the agency whose log this is.
        seq: 1 for the first entry of the chain, then one more each.
        deed: what was done.
        previous: digest of the entry before, `GENESIS` for the first.
        digest: SHA-256 of the canonical JSON of all the above.
    """

    chain: str
    seq: int
    deed: Deed
    previous: str
    digest: str


def link(deed: Deed, *, chain: str, after: tuple[int, str] = (0, GENESIS)) -> LogEntry:
    """The entry that follows the one of the number and digest `after`."""
    last, previous = after
    body = _body(chain, last + 1, deed, previous)
    return LogEntry(chain=chain, seq=last + 1, deed=deed, previous=previous, digest=digest_of(body))


def check_chain(entries: Iterable[LogEntry]) -> LogEntry | None:
    """Check a whole chain in order of its numbers; give its last entry, None where it is empty.

    Raises:
        Tampered: names the first entry that does not fit, and how.
    """
    last: LogEntry | None = None
    for entry in entries:
        _check_follows(last, entry)
        last = entry
    return last


def _check_follows(last: LogEntry | None, entry: LogEntry) -> None:
    name = f"Entry {entry.seq} of the log of {entry.chain}"
    expected = last.seq + 1 if last else 1
    if entry.seq != expected:
        raise Tampered(f"{name} stands where entry {expected} should be: one is missing.")
    if entry.previous != (last.digest if last else GENESIS):
        raise Tampered(f"{name} does not hold the digest of the entry before it.")
    if entry.digest != digest_of(body_of(entry)):
        raise Tampered(f"{name} was changed: its digest is not that of its content.")


def body_of(entry: LogEntry) -> dict[str, object]:
    """What the digest of an entry is computed over."""
    return _body(entry.chain, entry.seq, entry.deed, entry.previous)


def _body(chain: str, seq: int, deed: Deed, previous: str) -> dict[str, object]:
    return {
        "chain": chain,
        "seq": seq,
        "at": deed.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": deed.actor,
        "action": deed.action,
        "subject": deed.subject,
        "facts": dict(deed.facts),
        "previous": previous,
    }
