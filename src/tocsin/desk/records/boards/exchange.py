"""With whom CAP is exchanged: our signature, pinned certificates, feeds, keys."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tocsin.desk.people.models import Agency
from tocsin.desk.records.models import Certificate, Feed, Key
from tocsin.desk.signing import OwnSignature, own_signature
from tocsin.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """A pinned certificate, and whether it still holds."""

    row: Certificate
    has_expired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """All that the page shows.

    Attributes:
        own: our own signature.
        sender: our name in CAP messages.
        folder: the watched folder; empty where none is set.
        networks: private networks in which feeds may lie.
        pinned: certificates that are trusted.
        removed: those that were.
        feeds: whom we ask for alerts.
        keys: machines, and whether each may exchange CAP.
        centers: for whom a feed may be asked.
    """

    own: OwnSignature
    sender: str
    folder: str
    networks: str
    pinned: tuple[Pinned, ...]
    removed: tuple[Certificate, ...]
    feeds: tuple[Feed, ...]
    keys: tuple[Key, ...]
    centers: tuple[Agency, ...]


def exchange_of(*, now: datetime) -> Exchange:
    """With whom this installation exchanges CAP."""
    certificates = Certificate.objects.select_related("pinned_by")
    held = certificates.filter(removed_at=None)
    return Exchange(
        own=own_signature(),
        sender=settings.TOCSIN_CAP_SENDER,
        folder=settings.TOCSIN_CAP_FOLDER,
        networks=settings.TOCSIN_CAP_NETWORKS,
        pinned=tuple(Pinned(row=row, has_expired=row.expires_at <= now) for row in held),
        removed=tuple(certificates.exclude(removed_at=None)),
        feeds=tuple(Feed.objects.select_related("center")),
        keys=tuple(Key.objects.filter(is_active=True).select_related("center").order_by("name")),
        centers=tuple(Agency.objects.filter(kind=Agency.Kind.DISPATCH)),
    )


def find_certificate(pk: int) -> Certificate:
    """The certificate.

    Raises:
        NotFound: there is none.
    """
    row = Certificate.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such certificate.", way_out="Open the page again.")
    return row


def find_feed(pk: int) -> Feed:
    """The feed.

    Raises:
        NotFound: there is none.
    """
    row = Feed.objects.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such feed.", way_out="Open the page again.")
    return row


def find_exchange_key(pk: int) -> Key:
    """The key.

    Raises:
        NotFound: there is none.
    """
    row = Key.objects.filter(pk=pk, is_active=True).select_related("center").first()
    if row is None:
        raise NotFound("There is no such key.", way_out="Make one with 'tocsin key'.")
    return row
