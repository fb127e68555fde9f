"""Lists of our alerts, as Atom and as RSS: bytes in, bytes out.

Atom as in OASIS CAP Feeds 1.0; RSS 2.0. The same alerts and the same moment give the same bytes.
Into the lists for the public comes only what is Public, into the one for agencies only what is
Restricted: any other alert is an error, never left out quietly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256

from lxml import etree

from tocsin.errors import OutOfTurn
from tocsin.warn.cap.containers import ATOM, MEDIA_TYPE
from tocsin.warn.cap.message import NAMESPACE, CapMessage, InfoBlock
from tocsin.warn.cap.parse import parse_cap
from tocsin.warn.cap.written import printable

ENDLESS_FOR = timedelta(hours=24)
"""How long an alert without an end stays; CAP leaves that to each of us (3.2.2, expires)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The feed itself.

    Attributes:
        address: where it is served; also its lasting id.
        home: the page of whoever issues the alerts.
        began_at: when the feed began, aware; its time of change while it is empty.
    """

    title: str
    author: str
    address: str
    home: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One alert as it is stored, and the lasting address at which its bytes are served."""

    content: bytes
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One alert that is listed."""

    message: CapMessage
    address: str
    title: str
    summary: str


def atom_feed(feed: Feed, published: Sequence[Published], *, now: datetime) -> bytes:
    """The feed as Atom, newest first, without what has expired.

    Raises:
        OutOfTurn: one of the alerts is not for the public.
        BadAlert: one of them is no alert.
    """
    return _atom(feed, _entries(published, now))


def agency_feed(feed: Feed, published: Sequence[Published], *, now: datetime) -> bytes:
    """The feed of restricted alerts as Atom, for agencies that have shown who they are.

    Raises:
        OutOfTurn: one of the alerts is not Restricted.
        BadAlert: one of them is no alert.
    """
    return _atom(feed, _entries(published, now, scope="Restricted"))


def _atom(feed: Feed, entries: Sequence[_Entry]) -> bytes:
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "cap": NAMESPACE})  # type: ignore[dict-item]
    _say(root, "id", feed.address)
    _say(root, "title", feed.title)
    _say(root, "updated", _changed_at(feed, entries).isoformat(timespec="seconds"))
    _say(etree.SubElement(root, f"{{{ATOM}}}author"), "name", feed.author)
    _link(root, "self", feed.address, "application/atom+xml")
    _link(root, "alternate", feed.home, "text/html")
    for entry in entries:
        _add_atom_entry(root, entry)
    return _to_bytes(root)


def rss_feed(feed: Feed, published: Sequence[Published], *, now: datetime) -> bytes:
    """The feed as RSS 2.0, newest first, without what has expired.

    Raises:
        OutOfTurn: one of the alerts is not for the public.
        BadAlert: one of them is no alert.
    """
    entries = _entries(published, now)
    root = etree.Element("rss", version="2.0")
    channel = etree.SubElement(root, "channel")
    changed_at = format_datetime(_changed_at(feed, entries))
    for name, text in (
        ("title", feed.title),
        ("link", feed.home),
        ("description", f"Alerts of {feed.author}"),
        ("lastBuildDate", changed_at),
    ):
        etree.SubElement(channel, name).text = printable(text)
    for entry in entries:
        item = etree.SubElement(channel, "item")
        for name, text in (
            ("title", entry.title),
            ("link", entry.address),
            ("description", entry.summary),
            ("pubDate", format_datetime(entry.message.sent.at)),
        ):
            etree.SubElement(item, name).text = printable(text)
        guid = etree.SubElement(item, "guid", isPermaLink="false")
        guid.text = printable(entry.message.identifier)
    return _to_bytes(root)


def etag(content: bytes) -> str:
    """The value of the `ETag` header: equal for equal bytes, quotes included (RFC 9110, 8.8.3)."""
    return f'"{sha256(content).hexdigest()[:32]}"'


def _entries(
    published: Sequence[Published], now: datetime, *, scope: str = "Public"
) -> list[_Entry]:
    messages = [(parse_cap(one.content), one.address) for one in published]
    for message, _ in messages:
        _require_scope(message, scope)
    every = [message for message, _ in messages]
    listed = [
        _entry(message, address) for message, address in messages if _ends_at(message, every) > now
    ]
    return sorted(
        listed, key=lambda one: (one.message.sent.at, one.message.identifier), reverse=True
    )


def _require_scope(message: CapMessage, scope: str) -> None:
    if message.scope != scope:
        where = "in public" if scope == "Public" else "for every agency"
        raise OutOfTurn(
            f"The alert {message.identifier} is {message.scope}, and is never listed {where}.",
            way_out=f"Give the feed {scope} alerts alone.",
        )
    if message.msg_type not in {"Alert", "Update", "Cancel"}:
        raise OutOfTurn(f"The message {message.identifier} is an {message.msg_type}, no alert.")


def _ends_at(message: CapMessage, every: Sequence[CapMessage]) -> datetime:
    """When the entry leaves the feed; a Cancel stays as long as what it cancels would have."""
    if message.expires_at:
        return message.expires_at
    if message.msg_type == "Cancel":
        ended = [one.expires_at for one in every if one.reference in message.references]
        known = [end for end in ended if end]
        if known:
            return max(known)
    return message.sent.at + ENDLESS_FOR


def _entry(message: CapMessage, address: str) -> _Entry:
    info = _main_info(message)
    headline = (info.headline.strip() or info.event.strip()) if info else ""
    title = headline or f"{message.msg_type} {message.identifier}"
    marks = [f"[{message.status.upper()}]"] if message.status != "Actual" else []
    if message.msg_type == "Cancel":
        marks.append("Cancelled:")
    return _Entry(
        message=message,
        address=address,
        title=" ".join((*marks, title)),
        summary=(info.description.strip() if info else "") or message.note.strip() or title,
    )


def _main_info(message: CapMessage) -> InfoBlock | None:
    english = (info for info in message.infos if info.language.lower().startswith("en"))
    return next(english, message.infos[0] if message.infos else None)


def _add_atom_entry(root: etree._Element, entry: _Entry) -> None:
    message, info = entry.message, _main_info(entry.message)
    element = etree.SubElement(root, f"{{{ATOM}}}entry")
    _say(element, "id", entry.address)
    _say(element, "title", entry.title)
    _say(element, "updated", message.sent.text)
    _say(element, "published", message.sent.text)
    _link(element, "alternate", entry.address, MEDIA_TYPE)
    _say(element, "summary", entry.summary)
    told = [("status", message.status), ("msgType", message.msg_type)]
    if info:
        told += [
            *(("category", one) for one in info.categories),
            ("event", info.event),
            ("urgency", info.urgency),
            ("severity", info.severity),
            ("certainty", info.certainty),
            ("expires", info.expires.text if info.expires else ""),
            *(("areaDesc", area.name) for area in info.areas),
            *(("polygon", polygon) for area in info.areas for polygon in area.polygons),
        ]
    for name, text in told:
        if text:
            etree.SubElement(element, f"{{{NAMESPACE}}}{name}").text = printable(text)


def _changed_at(feed: Feed, entries: Sequence[_Entry]) -> datetime:
    newest = max((one.message.sent.at for one in entries), default=feed.began_at)
    return max(newest, feed.began_at).astimezone(UTC)


def _say(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = printable(text)


def _link(parent: etree._Element, rel: str, address: str, media: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, type=media, href=printable(address))


def _to_bytes(root: etree._Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
