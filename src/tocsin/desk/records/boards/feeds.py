"""Our CAP messages as others fetch them: the stored bytes, and lists of them.

Two lists that never meet: approved messages to the public, for everybody; and the bulletins of one
center, for agencies that have shown who they are. No exercise is in either.
"""

from datetime import UTC, datetime
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet

from tocsin.desk.people.models import Agency
from tocsin.desk.records.models import Bulletin, Entry, Exhibit, ForeignAlert, Publication
from tocsin.errors import NotFound
from tocsin.evidence import open_store
from tocsin.warn.cap import (
    CapMessage,
    Feed,
    Published,
    agency_feed,
    atom_feed,
    parse_cap,
    rss_feed,
)

_LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""When a feed began in which nothing ever was."""

PUBLIC_FEEDS = {"atom": atom_feed, "rss": rss_feed}


def public_feed(form: str, *, now: datetime) -> bytes:
    """What the public is told now, as `atom` or `rss`."""
    rows = _approved().filter(expires_at__gt=now)
    contents = [(row.identifier, _bytes_of(row.cap)) for row in rows if row.cap]
    published = [
        Published(content=content, address=public_address(identifier))
        for identifier, content in contents
        if _is_for_all(parse_cap(content))
    ]
    names = Agency.objects.filter(kind=Agency.Kind.DISPATCH).values_list("name", flat=True)
    author = ", ".join(names) or "Tocsin"
    last = _approved().order_by("-approved_at").values_list("approved_at", flat=True).first()
    feed = Feed(
        title=f"Public warnings of {author}",
        author=author,
        address=f"{settings.TOCSIN.address}/feeds/cap.{form}",
        home=settings.TOCSIN.address,
        began_at=last or _began_at(),
    )
    return PUBLIC_FEEDS[form](feed, published, now=now)


def public_message(identifier: str) -> bytes:
    """The stored bytes of one message to the public.

    Raises:
        NotFound: there is none, or it was never approved.
    """
    number, _, version = identifier.rpartition(".")
    wanted = int(version) if version.isdecimal() and len(version) < 5 else 0
    row = _approved().filter(number=number, version=wanted).first()
    content = _bytes_of(row.cap) if row and row.cap else b""
    if not content or not _is_for_all(parse_cap(content)):
        raise NotFound("There is no such message to the public.", way_out="Read the feed again.")
    return content


def public_address(identifier: str) -> str:
    """Where everybody finds the message, for ever."""
    return f"{settings.TOCSIN.address}/feeds/cap/{quote(identifier)}.xml"


def bulletin_feed(center: Agency, *, now: datetime) -> bytes:
    """The center's bulletins for agencies, as Atom."""
    rows = _bulletins(center).filter(expires_at__gt=now)
    address = f"{settings.TOCSIN.address}/api/cap"
    contents = [(f"{row.number}.{row.version}", _bytes_of(row.cap)) for row in rows if row.cap]
    published = [
        Published(content=content, address=f"{address}/{name}.xml")
        for name, content in contents
        if parse_cap(content).scope == "Restricted"
    ]
    last = _bulletins(center).order_by("-released_at").first()
    feed = Feed(
        title=f"Bulletins of {center.name}, not for the public",
        author=center.name,
        address=f"{address}/feed.atom",
        home=settings.TOCSIN.address,
        began_at=(last and last.released_at) or _began_at(),
    )
    return agency_feed(feed, published, now=now)


def bulletin_message(center: Agency, number: str, version: int) -> bytes:
    """The stored bytes of one version of a bulletin of this center.

    Raises:
        NotFound: there is none, it was never released, or another center's.
    """
    row = _bulletins(center).filter(number=number, version=version).first()
    if row is None or row.cap is None:
        raise NotFound(f"There is no bulletin {number} version {version} that this key may read.")
    return _bytes_of(row.cap)


def answers_of(center: Agency) -> list[ForeignAlert]:
    """The alerts from elsewhere that this center has answered, latest first."""
    rows = ForeignAlert.objects.filter(center=center, answer__isnull=False)
    return list(rows.select_related("answer").order_by("-answered_at")[:200])


def answer_message(center: Agency, number: str) -> bytes:
    """The stored bytes of one answer of this center.

    Raises:
        NotFound: there is none, or another center's.
    """
    rows = ForeignAlert.objects.filter(center=center, answer_number=number, answer__isnull=False)
    row = rows.select_related("answer").first()
    if row is None or row.answer is None:
        raise NotFound(f"There is no answer {number} that this key may read.")
    return _bytes_of(row.answer)


def _is_for_all(message: CapMessage) -> bool:
    """The last look before the public sees it; what is approved is always both."""
    return message.scope == "Public" and message.status == "Actual"


def _approved() -> QuerySet[Publication]:
    rows = Publication.objects.filter(approved_at__isnull=False, cap__isnull=False)
    return rows.select_related("cap")


def _bulletins(center: Agency) -> QuerySet[Bulletin]:
    rows = Bulletin.objects.filter(
        threat__center=center, cap__isnull=False, threat__is_drill=False
    ).exclude(threat__calls__is_demonstration=True)
    return rows.select_related("cap")


def _bytes_of(exhibit: Exhibit) -> bytes:
    with open_store(settings.TOCSIN_STORE).open(exhibit.sha256) as file:
        return file.read()


def _began_at() -> datetime:
    first = Entry.objects.order_by("at").values_list("at", flat=True).first()
    return first or _LONG_AGO
