"""Feeds of our public alerts: lasting, marked, and never a word that is not public."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from lxml import etree

from tests.alerts import CAP_XSD, HARLOW, a_public_warning
from tests.bulletins import NOW, a_bulletin
from tests.reference import needs
from tocsin.errors import BadAlert, OutOfTurn
from tocsin.warn import BulletinKind
from tocsin.warn.cap import (
    CapAudience,
    CapReference,
    CapReply,
    ContainerKind,
    Feed,
    Published,
    atom_feed,
    build_cap,
    build_public_cap,
    build_reply,
    etag,
    open_alerts,
    parse_cap,
    reference_to,
    rss_feed,
)

ATOM = "{http://www.w3.org/2005/Atom}"
XSD = CAP_XSD.parent
FEED = Feed(
    title="Alerts of Northside",
    author="Northside Communications",
    address="https://x.org/alerts.atom",
    home="https://x.org/",
    began_at=datetime(2026, 1, 1, tzinfo=UTC),
)
SOON = NOW + timedelta(minutes=5)
MAKERS = [atom_feed, rss_feed]


def published(*references: CapReference, **changes: Any) -> Published:
    warning = a_public_warning(**changes)
    content = build_public_cap(
        warning, sender="tocsin@x.org", areas=(HARLOW,), references=references
    )
    return Published(content=content, address=f"https://x.org/alerts/{warning.identifier}.xml")


def titles(feed: bytes) -> list[str]:
    return [
        one.findtext(f"{ATOM}title") or "" for one in etree.fromstring(feed).iter(f"{ATOM}entry")
    ]


def test_atom_says_where_each_alert_is() -> None:
    raw = atom_feed(FEED, [published()], now=SOON)
    root = etree.fromstring(raw)
    (entry,) = root.findall(f"{ATOM}entry")
    link = entry.find(f"{ATOM}link")

    assert root.findtext(f"{ATOM}id") == FEED.address
    assert root.findtext(f"{ATOM}updated") == "2026-03-02T04:05:06+00:00"
    assert entry.findtext(f"{ATOM}id") == "https://x.org/alerts/P-2026-000001.1.xml"
    assert entry.findtext(f"{ATOM}updated") == "2026-03-01T21:05:06-07:00"
    assert link is not None
    assert {name: link.get(name) for name in ("rel", "type", "href")} == {
        "rel": "alternate",
        "type": "application/cap+xml",
        "href": "https://x.org/alerts/P-2026-000001.1.xml",
    }


def test_what_we_list_we_can_read() -> None:
    for make, kind in ((atom_feed, ContainerKind.ATOM), (rss_feed, ContainerKind.RSS)):
        opened = open_alerts(make(FEED, [published()], now=SOON))

        assert opened.kind is kind
        assert [link.address for link in opened.links] == [published().address]
        assert opened.faults == ()


@needs("standards", "cap", "xsd")
def test_both_feeds_are_valid_by_their_schemas() -> None:
    for make, name in ((atom_feed, "atom.xsd"), (rss_feed, "rss-2_0.xsd")):
        raw = make(FEED, [published(), published(identifier="P-2.1", status="Test")], now=SOON)
        root = etree.fromstring(raw)
        # That schema of Atom knows no extensions; Atom itself allows them (RFC 4287, 6.4).
        etree.strip_elements(root, "{urn:oasis:names:tc:emergency:cap:1.2}*")
        etree.XMLSchema(file=str(XSD / name)).assertValid(root)


def test_rss_names_the_alert_by_its_identifier() -> None:
    root = etree.fromstring(rss_feed(FEED, [published()], now=SOON))

    assert root.findtext("channel/item/guid") == "P-2026-000001.1"
    assert root.findtext("channel/item/link") == published().address
    assert parsedate_to_datetime(root.findtext("channel/item/pubDate") or "") == NOW


def test_the_same_alerts_give_the_same_bytes_in_any_order() -> None:
    one, two = published(), published(identifier="P-2.1")

    for make in MAKERS:
        first, second = make(FEED, [one, two], now=SOON), make(FEED, [two, one], now=SOON)
        assert first == second
        assert etag(first) == etag(second)
        assert etag(first) != etag(make(FEED, [one], now=SOON))
        assert make(FEED, [one], now=SOON) == make(FEED, [one], now=SOON + timedelta(minutes=1))


def test_an_etag_has_its_quotes() -> None:
    assert etag(b"a").startswith('"')
    assert etag(b"a").endswith('"')


@pytest.mark.parametrize("status", ["Exercise", "System", "Test", "Draft"])
def test_what_is_not_actual_is_marked_in_its_title(status: str) -> None:
    entry = published(status=status)

    assert titles(atom_feed(FEED, [entry], now=SOON))[0].startswith(f"[{status.upper()}] ")
    rss = etree.fromstring(rss_feed(FEED, [entry], now=SOON))
    assert (rss.findtext("channel/item/title") or "").startswith(f"[{status.upper()}] ")


def test_what_is_actual_has_no_mark() -> None:
    assert titles(atom_feed(FEED, [published()], now=SOON)) == [
        "Police ask everybody in Harlow to stay inside"
    ]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("audience", [CapAudience(), CapAudience(addresses=("a@x.org",))])
def test_restricted_and_private_alerts_never_come_in(make: Any, audience: CapAudience) -> None:
    secret = build_cap(a_bulletin(), sender="a@x.org", areas=(HARLOW,), audience=audience)

    with pytest.raises(OutOfTurn, match="never listed in public"):
        make(FEED, [published(), Published(content=secret, address="https://x.org/s")], now=SOON)
    # Not even when it has expired, and would not be listed.
    with pytest.raises(OutOfTurn, match="never listed in public"):
        make(
            FEED,
            [Published(content=secret, address="https://x.org/s")],
            now=NOW + timedelta(days=9),
        )


@pytest.mark.parametrize("make", MAKERS)
def test_replies_and_strangers_never_come_in(make: Any) -> None:
    reply = build_reply(
        parse_cap(published().content),
        CapReply(identifier="R", sender="a@x.org", at=NOW, zone="UTC"),
    ).replace(b">Private<", b">Public<")

    with pytest.raises(OutOfTurn, match="no alert"):
        make(FEED, [Published(content=reply, address="https://x.org/r")], now=SOON)
    with pytest.raises(BadAlert):
        make(FEED, [Published(content=b"<html/>", address="https://x.org/h")], now=SOON)


def test_an_alert_stays_until_it_expires() -> None:
    assert len(titles(atom_feed(FEED, [published()], now=NOW + timedelta(minutes=119)))) == 1
    assert titles(atom_feed(FEED, [published()], now=NOW + timedelta(hours=2))) == []


def test_an_update_and_a_cancel_are_new_entries_beside_the_old() -> None:
    first = published()
    update = published(
        reference_to(first.content),
        identifier="P-2026-000001.2",
        kind=BulletinKind.UPDATE,
        released_at=NOW + timedelta(minutes=1),
    )
    cancel = published(
        reference_to(first.content),
        reference_to(update.content),
        identifier="P-2026-000001.3",
        kind=BulletinKind.CANCEL,
        released_at=NOW + timedelta(minutes=2),
    )

    listed = titles(atom_feed(FEED, [first, update, cancel], now=SOON))

    assert len(listed) == 3
    assert listed[0].startswith("Cancelled: ")


def test_a_cancel_without_an_end_stays_as_long_as_what_it_cancels() -> None:
    first = published(expires_at=NOW + timedelta(hours=30))
    cancel = published(reference_to(first.content), identifier="C", kind=BulletinKind.CANCEL)
    bare = cancel.content[: cancel.content.index(b"<info>")] + b"</alert>"
    ended = Published(content=bare, address="https://x.org/c")

    assert len(titles(atom_feed(FEED, [first, ended], now=NOW + timedelta(hours=29)))) == 2
    assert titles(atom_feed(FEED, [first, ended], now=NOW + timedelta(hours=31))) == []
    assert len(titles(atom_feed(FEED, [ended], now=NOW + timedelta(hours=23)))) == 1
    assert titles(atom_feed(FEED, [ended], now=NOW + timedelta(hours=25))) == []


@pytest.mark.parametrize("make", MAKERS)
def test_an_empty_feed_is_a_feed(make: Any) -> None:
    opened = open_alerts(make(FEED, [], now=NOW))

    assert (opened.links, opened.faults) == ((), ())
