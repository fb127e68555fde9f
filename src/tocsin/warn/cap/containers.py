"""What alerts come in: a feed (Atom, RSS), an envelope (EDXL-DE), a list, or nothing at all.

One broken alert or entry never silences the others: what was refused stands beside what was read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from tocsin.errors import BadAlert
from tocsin.warn.cap.message import NAMESPACE, OLDER, CapMessage
from tocsin.warn.cap.parse import read_alert
from tocsin.warn.cap.tree import (
    MOST_BYTES,
    children_of,
    line_of,
    name_of,
    namespace_of,
    read_tree,
    text_of,
)

ATOM = "http://www.w3.org/2005/Atom"
EDXL = "urn:oasis:names:tc:emergency:EDXL:DE:1.0"
MEDIA_TYPE = "application/cap+xml"

MOST_ALERTS = 1000


class ContainerKind(StrEnum):
    """What the alerts came in."""

    ALERT = "a single alert"
    LIST = "a list of alerts"
    ATOM = "an Atom feed"
    RSS = "an RSS feed"
    EDXL = "an EDXL-DE envelope"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """An entry of a feed: where its alert is to be fetched.

    Attributes:
        key: the entry's own id, or its address where it has none.
        address: of the alert; nobody has checked it.
        is_cap: the entry says that CAP is there.
    """

    key: str
    title: str
    address: str
    is_cap: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAlerts:
    """All that a file held.

    Attributes:
        messages: the alerts inside, in their order.
        links: the entries that hold no alert but say where one is.
        faults: a sentence on each alert or entry that could not be used, with its line.
    """

    kind: ContainerKind
    messages: tuple[CapMessage, ...]
    links: tuple[FeedLink, ...]
    faults: tuple[str, ...]


def open_alerts(content: bytes, *, limit: int = MOST_BYTES) -> OpenedAlerts:
    """Every alert in the bytes, whatever they came in.

    Raises:
        TooLarge: more than `limit` bytes.
        BadAlert: neither an alert nor anything that alerts come in, or a single alert that is bad.
    """
    root = read_tree(content, limit=limit)
    kind = _kind_of(root)
    if kind is ContainerKind.ALERT:
        message = read_alert(root, content=content, is_embedded=False)
        return OpenedAlerts(kind=kind, messages=(message,), links=(), faults=())
    messages, faults = _read_each(_alerts_in(root))
    links, broken = _entries(root, kind)
    return OpenedAlerts(kind=kind, messages=messages, links=links, faults=(*faults, *broken))


def _kind_of(root: etree._Element) -> ContainerKind:
    name, namespace = name_of(root), namespace_of(root)
    if name == "alerts" and namespace in {NAMESPACE, OLDER}:
        return ContainerKind.LIST
    if (name, namespace) == ("feed", ATOM):
        return ContainerKind.ATOM
    if (name, namespace) == ("rss", ""):
        return ContainerKind.RSS
    if (name, namespace) == ("EDXLDistribution", EDXL):
        return ContainerKind.EDXL
    return ContainerKind.ALERT  # whose reader says what is wrong with it


def _alerts_in(root: etree._Element) -> Iterator[etree._Element]:
    """The outermost alerts: what lies inside an alert is its own."""
    waiting = children_of(root)[::-1]
    while waiting:
        element = waiting.pop()
        if name_of(element) == "alert":
            yield element
        else:
            waiting.extend(children_of(element)[::-1])


def _read_each(
    alerts: Iterator[etree._Element],
) -> tuple[tuple[CapMessage, ...], tuple[str, ...]]:
    messages: list[CapMessage] = []
    faults: list[str] = []
    for count, alert in enumerate(alerts, start=1):
        if count > MOST_ALERTS:
            faults.append(f"More than {MOST_ALERTS} alerts; the rest was not read.")
            break
        try:
            content = etree.tostring(alert, encoding="UTF-8", with_tail=False)
            messages.append(read_alert(alert, content=content, is_embedded=True))
        except BadAlert as error:
            faults.append(error.what)
    return tuple(messages), tuple(faults)


def _entries(
    root: etree._Element, kind: ContainerKind
) -> tuple[tuple[FeedLink, ...], tuple[str, ...]]:
    """The links of a feed, and what its entries lack."""
    if kind is ContainerKind.ATOM:
        return _read_entries(root, [one for one in children_of(root) if name_of(one) == "entry"])
    if kind is ContainerKind.RSS:
        channels = [one for one in children_of(root) if name_of(one) == "channel"]
        if not channels:
            return (), (f"Line {line_of(root)}: the feed has no <channel>.",)
        items = [one for one in children_of(channels[0]) if name_of(one) == "item"]
        return _read_entries(channels[0], items)
    return (), ()


def _read_entries(
    feed: etree._Element, entries: list[etree._Element]
) -> tuple[tuple[FeedLink, ...], tuple[str, ...]]:
    faults = [] if _text(feed, "title") else [f"Line {line_of(feed)}: the feed has no <title>."]
    if namespace_of(feed) == ATOM and not _text(feed, "id"):
        faults.append(f"Line {line_of(feed)}: the feed has no <id>.")
    links: list[FeedLink] = []
    for entry in entries[:MOST_ALERTS]:
        link = _link(entry)
        wanting = [name for name, text in (("id", link.key), ("title", link.title)) if not text]
        faults += [f"Line {line_of(entry)}: the entry has no <{name}>." for name in wanting]
        if any(True for _ in _alerts_in(entry)):
            continue
        if link.address:
            links.append(link)
        else:
            faults.append(f"Line {line_of(entry)}: the entry holds no alert and leads to none.")
    if len(entries) > MOST_ALERTS:
        faults.append(f"More than {MOST_ALERTS} entries; the rest was not read.")
    return tuple(links), tuple(faults)


def _link(entry: etree._Element) -> FeedLink:
    links = [child for child in children_of(entry) if name_of(child) == "link"]
    cap = [one for one in links if one.get("type") == MEDIA_TYPE]
    chosen = cap or [one for one in links if one.get("rel", "alternate") == "alternate"]
    address = (chosen[0].get("href") or text_of(chosen[0])).strip() if chosen else ""
    key = _text(entry, "id") or _text(entry, "guid")
    if not key and namespace_of(entry) != ATOM:
        key = address
    return FeedLink(key=key, title=_text(entry, "title"), address=address, is_cap=bool(cap))


def _text(element: etree._Element, name: str) -> str:
    """The text of the first such field of the feed's own namespace."""
    for child in children_of(element):
        if name_of(child) == name and namespace_of(child) == namespace_of(element):
            return text_of(child).strip()
    return ""
