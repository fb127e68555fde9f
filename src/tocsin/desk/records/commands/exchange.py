"""With whom CAP is exchanged: pinned certificates, feeds, and keys; an administrator's word each.

Nothing is deleted: a certificate that is removed stays, with the time until which it was trusted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import Certificate, Feed, Key
from tocsin.errors import BadAlert, InputError, OutOfTurn, SetupError
from tocsin.evidence.chain import Fact
from tocsin.warn.cap.certificates import fingerprint, load_chain

LONGEST_PEM = 20_000
LONGEST_ETAG = 200
OWN_SOURCES = frozenset({"api", "folder"})
"""What no feed may be called: alerts that come in by themselves are marked so."""

SOONEST, SLOWEST = timedelta(seconds=30), timedelta(days=1)
FAILS = "feed fails"
NEWS = "alerts in a feed"
"""Kinds of tasks: one of each for a feed, however often it happens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What a person compares with the owner before he pins a certificate."""

    pem: str
    subject: str
    issuer: str
    fingerprint: str
    begins_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTurn:
    """A feed whose turn it is to be asked.

    Attributes:
        etag: of what was read whole the last time; empty where all is to be read.
    """

    pk: int
    name: str
    url: str
    etag: str
    center: Agency


def read_pem(text: str) -> CertificateFacts:
    """What stands in one certificate.

    Raises:
        InputError: it is none, more than one, or a key lies beside it.
    """
    if len(text) > LONGEST_PEM or "PRIVATE KEY" in text:
        raise InputError(
            "That is more than one certificate; a private key never belongs here.",
            way_out="Give the certificate alone, as PEM. Replace a key that was shown to others.",
        )
    try:
        chain = load_chain(text.encode())
        (leaf,) = chain
        subject, issuer = leaf.subject.rfc4514_string(), leaf.issuer.rfc4514_string()
    except (SetupError, ValueError) as error:
        raise InputError(
            f"That is not one certificate ({error}).",
            way_out="Paste one certificate, from BEGIN CERTIFICATE to END CERTIFICATE.",
        ) from error
    return CertificateFacts(
        pem=text.strip() + "\n",
        subject=subject,
        issuer=issuer,
        fingerprint=fingerprint(leaf),
        begins_at=leaf.not_valid_before_utc,
        expires_at=leaf.not_valid_after_utc,
    )


@transaction.atomic
def pin_certificate(
    name: str, pem: str, *, confirmed: str, person: Person, now: datetime
) -> Certificate:
    """Messages signed with this certificate, or by one that it issued, are trusted from now on.

    Args:
        name: whose it is, for people.
        pem: the certificate.
        confirmed: the fingerprint that the person saw and compared.
        person: an administrator.
        now: when.

    Raises:
        NotAllowed: the person may not administer.
        InputError: there is no name, or no certificate.
        OutOfTurn: it is pinned already, or he confirmed another fingerprint.
    """
    require(person, Act.ADMINISTER)
    facts = read_pem(pem)
    if not name.strip():
        raise InputError("It is not said whose certificate this is.", way_out="Give it a name.")
    if confirmed != facts.fingerprint:
        raise OutOfTurn(
            "The fingerprint was not confirmed.",
            way_out="Compare it with the owner by telephone, then pin the certificate.",
        )
    known = Certificate.objects.select_for_update().filter(fingerprint=facts.fingerprint).first()
    if known and known.removed_at is None:
        raise OutOfTurn(f"This certificate is pinned already, as {known.name}.")
    row = known or Certificate(fingerprint=facts.fingerprint)
    row.name, row.pem, row.expires_at = name.strip()[:120], facts.pem, facts.expires_at
    row.pinned_at, row.pinned_by, row.removed_at = now, person, None
    row.save()
    told: dict[str, Fact] = {"name": row.name, "subject": facts.subject}
    _tell("certificate pinned", f"certificate:{row.fingerprint}", told, person=person, now=now)
    return row


@transaction.atomic
def remove_certificate(row: Certificate, *, because: str, person: Person, now: datetime) -> None:
    """Nothing signed with the certificate is trusted any more; that it was, stays on record.

    Raises:
        NotAllowed: the person may not administer.
        InputError: it is not said why.
    """
    require(person, Act.ADMINISTER)
    if not because.strip():
        raise InputError("It is not said why it is removed.", way_out="Say it in a sentence.")
    if row.removed_at:
        return
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    told: dict[str, Fact] = {"name": row.name, "because": because.strip()}
    _tell("certificate removed", f"certificate:{row.fingerprint}", told, person=person, now=now)


@transaction.atomic
def add_feed(
    name: str,
    url: str,
    *,
    center: Agency,
    every: timedelta,
    person: Person,
    now: datetime,
) -> Feed:
    """The feed is asked for alerts from now on.

    Raises:
        NotAllowed: the person may not administer.
        InputError: there is no name, no address of the web, or it is to be asked too often.
        OutOfTurn: it is here already.
    """
    require(person, Act.ADMINISTER)
    _require_address(url)
    if not name.strip() or not SOONEST <= every <= SLOWEST:
        raise InputError(
            "The feed needs a name, and a pause between 30 seconds and a day.",
            way_out="Most senders ask for two minutes or more.",
        )
    if name.strip().lower() in OWN_SOURCES:
        raise InputError(f"A feed cannot be called {name.strip()!r}.", way_out="Name its sender.")
    if Feed.objects.filter(url=url).exists():
        raise OutOfTurn("This feed is here already.", way_out="Start it again where it stands.")
    row = Feed.objects.create(
        name=name.strip()[:120],
        center=center,
        url=url,
        every_seconds=int(every.total_seconds()),
        due_at=now,
    )
    _tell("feed added", f"feed:{row.pk}", {"url": url}, person=person, now=now)
    return row


@transaction.atomic
def switch_feed(row: Feed, *, is_active: bool, person: Person, now: datetime) -> None:
    """The feed is asked again, or no more; what it gave stays.

    Raises:
        NotAllowed: the person may not administer.
    """
    require(person, Act.ADMINISTER)
    row.is_active, row.due_at, row.etag = is_active, now, ""
    row.save(update_fields=["is_active", "due_at", "etag"])
    action = "feed started" if is_active else "feed stopped"
    _tell(action, f"feed:{row.pk}", {"url": row.url}, person=person, now=now)


@transaction.atomic
def switch_key(row: Key, *, exchanges_cap: bool, person: Person, now: datetime) -> None:
    """The key may read the center's bulletins as CAP and send it alerts, or may not.

    Raises:
        NotAllowed: the person may not administer.
    """
    require(person, Act.ADMINISTER)
    row.exchanges_cap = exchanges_cap
    row.save(update_fields=["exchanges_cap"])
    action = "key may exchange CAP" if exchanges_cap else "key may not exchange CAP"
    log.append(row.center, action, f"key:{row.name}", actor=person, now=now)


@transaction.atomic
def claim_due_feeds(*, now: datetime) -> list[FeedTurn]:
    """The feeds that are due; each is due again later, so no other worker asks it now."""
    due = Feed.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        is_active=True, due_at__lte=now
    )
    rows = list(due.select_related("center"))
    for row in rows:
        row.due_at = now + timedelta(seconds=row.every_seconds)
        row.save(update_fields=["due_at"])
    return [
        FeedTurn(pk=row.pk, name=row.name, url=row.url, etag=row.etag, center=row.center)
        for row in rows
    ]


@transaction.atomic
def record_poll(turn: FeedTurn, *, etag: str, trouble: str, news: int, now: datetime) -> None:
    """What came of asking is on the feed's row; trouble is one task, and so is what is new.

    Args:
        turn: whose it was.
        etag: of what was read whole; empty where that is to be read again.
        trouble: why it, or part of it, could not be used; empty where all could.
        news: how many alerts are new.
        now: when.
    """
    row = Feed.objects.select_related("center").get(pk=turn.pk)
    has_changed = trouble != row.trouble or news > 0
    kept = etag if len(etag) <= LONGEST_ETAG else ""
    row.polled_at, row.trouble, row.etag = now, trouble, kept
    row.save(update_fields=["polled_at", "trouble", "etag"])
    if has_changed:
        log.announce(row.center, f"feed:{row.pk}")
    if trouble:
        said = f"The feed {row.name} cannot be used: {trouble}"
        raise_task(row.center, FAILS, f"feed:{row.pk}", said, now=now)
    if news:
        said = f"There are new alerts in the feed {row.name}: look at them."
        raise_task(row.center, NEWS, f"feed:{row.pk}", said, now=now)


def _require_address(url: str) -> None:
    try:
        parts = urlsplit(url)
        is_web = (
            parts.scheme in {"https", "http"} and bool(parts.hostname) and (parts.port or 1) > 0
        )
    except ValueError as error:
        raise BadAlert(f"{url[:80]!r} is no address of the web.") from error
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500
    if not (is_web and is_plain) or parts.username is not None:
        raise BadAlert(
            f"{url[:80]!r} is no address of the web.",
            way_out="Write it whole, as in https://host.example/cap.atom, without a password.",
        )


def _tell(
    action: str, subject: str, facts: dict[str, Fact], *, person: Person, now: datetime
) -> None:
    """Every center's log has it: certificates and feeds are the installation's."""
    for center in Agency.objects.filter(kind=Agency.Kind.DISPATCH).order_by("pk"):
        log.append(center, action, subject, actor=person, now=now, facts=facts)
