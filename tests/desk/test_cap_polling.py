"""Feeds of others, asked over real HTTP: what is new comes in, what fails is shown, as one task."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import settings

from tests.exchange import an_alert, pin, signed
from tests.guards import log_may_be_emptied
from tests.visiting import at, main_of
from tests.world import NOW, World, build_world
from tocsin.desk.records.commands.alerts import MOST_BYTES
from tocsin.desk.records.commands.exchange import (
    FeedTurn,
    add_feed,
    claim_due_feeds,
    switch_feed,
)
from tocsin.desk.records.models import Feed, ForeignAlert, Task
from tocsin.desk.worker.fetching import is_same_host
from tocsin.desk.worker.polling import Poller, poll
from tocsin.desk.worker.rows import in_rows
from tocsin.errors import InputError, NotAllowed, OutOfTurn
from tocsin.warn.cap import etag

__all__ = ["log_may_be_emptied"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, seen by the worker's threads too."""
    return build_world()


class Site:
    """Another agency's web server; `pages` holds what lies at each path."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.moved: dict[str, str] = {}
        self.slow: set[str] = set()
        self.asked: list[str] = []
        site = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(self, asked: BaseHTTPRequestHandler) -> None:
        self.asked.append(asked.path)
        if asked.path in self.slow:
            time.sleep(3)
        if asked.path in self.moved:
            asked.send_response(302)
            asked.send_header("Location", self.moved[asked.path])
            asked.end_headers()
            return
        content = self.pages.get(asked.path)
        mark = etag(content) if content is not None else ""
        if content is not None and asked.headers.get("If-None-Match") == mark:
            asked.send_response(304)
            asked.end_headers()
            return
        asked.send_response(404 if content is None else 200)
        asked.send_header("ETag", mark)
        asked.send_header("Content-Length", str(len(content or b"")))
        asked.end_headers()
        with suppress(BrokenPipeError):
            asked.wfile.write(content or b"")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """A site in this machine's own network, which the setting allows."""
    monkeypatch.setattr(settings, "TOCSIN_CAP_NETWORKS", "127.0.0.0/8")
    site = Site()
    yield site
    site.close()


def a_feed(*addresses: str, alerts: bytes = b"") -> bytes:
    entries = "".join(
        f"<entry><id>{one}</id><title>x</title>"
        f'<link type="application/cap+xml" href="{one}"/></entry>'
        for one in addresses
    )
    head = '<feed xmlns="http://www.w3.org/2005/Atom"><id>weld</id><title>Weld</title>'
    return f"{head}{entries}".encode() + alerts + b"</feed>"


def added(world: World, site: Site, path: str = "/cap.atom", *, name: str = "Weld") -> Feed:
    return add_feed(
        name,
        f"{site.address}{path}",
        center=world.north,
        every=timedelta(seconds=60),
        person=world.adams,
        now=NOW,
    )


def ask(feed: Feed) -> Feed:
    """The feed's turn, once."""
    feed.refresh_from_db()
    turn = FeedTurn(pk=feed.pk, name=feed.name, url=feed.url, etag=feed.etag, center=feed.center)
    asyncio.run(poll(turn))
    feed.refresh_from_db()
    return feed


def tasks(kind: str) -> int:
    return Task.objects.filter(kind=kind, done_at=None).count()


def test_what_is_new_in_a_feed_comes_in_with_its_signature_checked(
    world: World, site: Site
) -> None:
    pin(world)
    content = signed(an_alert())
    site.pages = {"/cap.atom": a_feed("/a/7.xml"), "/a/7.xml": content}

    feed = ask(added(world, site))

    row = ForeignAlert.objects.get()
    assert (row.source, row.name) == ("Weld", f"{site.address}/a/7.xml")
    assert row.verdict["is_trusted"]
    assert (feed.trouble, feed.etag) == ("", etag(site.pages["/cap.atom"]))
    assert tasks("alerts in a feed") == 1
    assert tasks("alert from elsewhere") == 0


def test_an_unchanged_feed_is_not_read_again(world: World, site: Site) -> None:
    site.pages = {"/cap.atom": a_feed("/a/7.xml"), "/a/7.xml": an_alert()}
    feed = ask(added(world, site))
    site.asked.clear()

    ask(feed)

    assert site.asked == ["/cap.atom"]
    assert feed.etag
    site.pages["/cap.atom"] = a_feed("/a/8.xml", "/a/7.xml")
    site.pages["/a/8.xml"] = an_alert(number=8)
    site.asked.clear()
    ask(feed)
    assert site.asked == ["/cap.atom", "/a/8.xml"]
    assert ForeignAlert.objects.count() == 2


def test_alerts_inside_the_feed_come_in_too(world: World, site: Site) -> None:
    inside = an_alert().partition(b"?>\n")[2]
    entry = b"<entry><id>i</id><title>x</title><content>" + inside + b"</content></entry>"
    site.pages = {"/cap.atom": a_feed(alerts=entry)}

    ask(added(world, site))

    assert ForeignAlert.objects.get().identifier == "W-2026-000007.1"


def test_a_single_alert_can_be_asked_for_too(world: World, site: Site) -> None:
    site.pages = {"/cap.atom": an_alert()}

    assert ask(added(world, site)).trouble == ""
    assert ForeignAlert.objects.count() == 1


def test_a_feed_that_fails_is_shown_and_is_one_task(world: World, site: Site) -> None:
    feed = added(world, site)

    ask(feed)
    ask(feed)

    assert "127.0.0.1 answered 404" in feed.trouble
    assert tasks("feed fails") == 1
    assert "127.0.0.1 answered 404" in main_of(at(world.adams).get("/exchange"))
    site.pages["/cap.atom"] = a_feed()
    assert ask(feed).trouble == ""


def test_one_bad_alert_in_a_feed_silences_no_other_and_is_kept_with_its_reason(
    world: World, site: Site
) -> None:
    site.pages = {
        "/cap.atom": a_feed("/bad.xml", "/gone.xml", "/good.xml"),
        "/bad.xml": b"<!DOCTYPE a><a/>",
        "/good.xml": an_alert(),
    }

    feed = ask(added(world, site))

    assert ForeignAlert.objects.filter(refused_because="").count() == 1
    assert "document type" in ForeignAlert.objects.exclude(refused_because="").get().refused_because
    assert "document type" in feed.trouble
    assert "answered 404" in feed.trouble
    assert feed.etag == ""
    site.asked.clear()
    ask(feed)
    assert site.asked == ["/cap.atom", "/gone.xml"]


def test_no_redirect_to_another_host_is_followed(world: World, site: Site) -> None:
    other = Site()
    other.pages = {"/cap.atom": an_alert()}
    site.moved = {"/cap.atom": f"{other.address}/cap.atom", "/same": "/here"}
    site.pages = {"/here": an_alert()}

    feed = ask(added(world, site))
    fine = ask(added(world, site, "/same", name="Same"))

    assert "another host" in feed.trouble
    assert other.asked == []
    assert fine.trouble == ""
    other.close()


def test_entries_that_lead_to_another_host_are_not_followed(world: World, site: Site) -> None:
    other = Site()
    site.pages = {"/cap.atom": a_feed(f"{other.address}/a.xml", "file:///etc/passwd", "//x/a")}

    feed = ask(added(world, site))

    assert other.asked == []
    assert "3 of its entries lead to another host" in feed.trouble
    other.close()


def test_a_circle_of_redirects_ends(world: World, site: Site) -> None:
    site.moved = {"/cap.atom": "/b", "/b": "/cap.atom"}

    assert "from one address to the next" in ask(added(world, site)).trouble
    assert len(site.asked) == 4


def test_a_private_address_is_not_reached_unless_a_setting_allows_it(
    world: World, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.pages = {"/cap.atom": an_alert()}
    feed = added(world, site)
    port = site.address.rpartition(":")[2]
    hidden = add_feed(
        "Hidden",
        f"https://localhost:{port}/cap.atom",
        center=world.north,
        every=timedelta(seconds=60),
        person=world.adams,
        now=NOW,
    )
    monkeypatch.setattr(settings, "TOCSIN_CAP_NETWORKS", "10.0.0.0/8")

    assert "without encryption" in ask(feed).trouble
    assert "inside a private network" in ask(hidden).trouble
    assert site.asked == []
    assert not ForeignAlert.objects.exists()


def test_an_answer_without_end_is_cut_off(world: World, site: Site) -> None:
    site.pages = {"/cap.atom": b"<" + b"a" * (MOST_BYTES + 10)}

    assert "more than 4,194,304 bytes" in ask(added(world, site)).trouble
    assert not ForeignAlert.objects.exists()


def test_a_slow_feed_delays_no_other(world: World, site: Site) -> None:
    site.slow = {"/slow"}
    site.pages = {"/slow": a_feed(), "/cap.atom": an_alert()}
    slow, quick = added(world, site, "/slow", name="Slow"), added(world, site)

    async def turns() -> tuple[bool, bool]:
        poller, came = Poller(), False
        await poller.tick()
        for _ in range(100):
            await asyncio.sleep(0.02)
            if came := await in_rows(ForeignAlert.objects.exists):
                break
        still = await in_rows(Feed.objects.filter(pk=slow.pk, polled_at=None).exists)
        await poller.close()
        return came, still

    assert asyncio.run(turns()) == (True, True)
    quick.refresh_from_db()
    assert quick.due_at > NOW


def test_a_feed_is_asked_by_one_worker_and_when_it_is_due(world: World, site: Site) -> None:
    feed = added(world, site)

    assert [one.pk for one in claim_due_feeds(now=NOW)] == [feed.pk]
    assert claim_due_feeds(now=NOW + timedelta(seconds=59)) == []
    assert len(claim_due_feeds(now=NOW + timedelta(seconds=60))) == 1
    switch_feed(feed, is_active=False, person=world.adams, now=NOW)
    assert claim_due_feeds(now=NOW + timedelta(hours=1)) == []


def test_an_administrator_adds_feeds_on_the_page(world: World) -> None:
    fields = {"name": "Weld", "url": "https://weld.example.org/cap", "every": "120"}
    for person in (world.sato, world.dana, world.frey):
        assert at(person).post("/exchange/feed", fields | {"center": "north"}).status_code == 403
    adams = at(world.adams)
    for wrong in (
        {"url": "ftp://weld.example.org/cap"},
        {"url": "https://user:secret@weld.example.org/"},
        {"every": "5"},
        {"every": "often"},
        {"name": "folder"},
    ):
        answer = adams.post("/exchange/feed", fields | {"center": "north"} | wrong)
        assert answer.status_code == 422, wrong
    assert not Feed.objects.exists()
    assert adams.post("/exchange/feed", fields | {"center": "north"}).status_code == 302
    assert "https://weld.example.org/cap" in main_of(adams.get("/exchange"))
    with pytest.raises(OutOfTurn):
        add_again(world)


def add_again(world: World) -> None:
    with pytest.raises(NotAllowed):
        add_feed(
            "x", "https://y.example.org/", center=world.north, every=timedelta(minutes=2),
            person=world.sato, now=NOW,
        )  # fmt: skip
    with pytest.raises(InputError):
        add_feed(
            "x", "nowhere", center=world.north, every=timedelta(minutes=2),
            person=world.adams, now=NOW,
        )  # fmt: skip
    add_feed(
        "x", "https://weld.example.org/cap", center=world.north, every=timedelta(minutes=2),
        person=world.adams, now=NOW,
    )  # fmt: skip


def test_hosts_are_told_apart() -> None:
    assert is_same_host("https://a.org/x", "https://A.org:443/y")
    for other in ("http://a.org/x", "https://a.org:444/x", "https://b.org/", "https://a.org:x/"):
        assert not is_same_host("https://a.org/x", other)
