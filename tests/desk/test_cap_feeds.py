"""What others fetch from us: the public feed for everybody, bulletins for agencies with a key."""

import pytest
from django.conf import settings
from django.test import Client
from lxml import etree

from tests.clock import on_the_wall
from tests.exchange import a_key, approved, asked, in_force
from tests.visiting import at
from tests.world import NOW, World, a_wav, chunks, minutes
from tocsin.desk.records.boards.feeds import public_feed
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.commands.arrivals import seal_upload
from tocsin.desk.records.commands.publications import approve_publication, end_publication
from tocsin.desk.records.models import Bulletin, Publication
from tocsin.desk.records.publishing import message_of
from tocsin.desk.records.queries import cap_message
from tocsin.warn.cap import etag, open_alerts

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def bulletin(world: World) -> Bulletin:
    """Released now: what is served over HTTP looks at the clock of this machine."""
    return in_force(world, now=on_the_wall())


@pytest.fixture
def published(world: World, bulletin: Bulletin) -> Publication:
    return approved(world, bulletin)


def entries(content: bytes) -> list[str]:
    root = etree.fromstring(content)
    return [one.findtext(f"{ATOM}id") or "" for one in root.iter(f"{ATOM}entry")]


def by_key(secret: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_everybody_reads_the_public_feed_and_the_stored_bytes(published: Publication) -> None:
    address = f"/feeds/cap/{published.identifier}.xml"

    atom, rss, file = (
        Client().get(path) for path in ("/feeds/cap.atom", "/feeds/cap.rss", address)
    )

    assert (atom.status_code, rss.status_code, file.status_code) == (200, 200, 200)
    assert atom["Content-Type"].startswith("application/atom+xml")
    assert rss["Content-Type"].startswith("application/rss+xml")
    assert file["Content-Type"] == "application/cap+xml"
    assert file.content == message_of(published)
    assert entries(atom.content) == [f"{settings.TOCSIN.address}{address}"]
    assert f"{settings.TOCSIN.address}{address}".encode() in rss.content
    assert [one.key for one in open_alerts(atom.content).links] == entries(atom.content)


def test_who_has_the_latest_gets_304_and_a_message_never_changes(
    world: World, bulletin: Bulletin, published: Publication
) -> None:
    for path in ("/feeds/cap.atom", "/feeds/cap.rss", f"/feeds/cap/{published.identifier}.xml"):
        first = Client().get(path)
        again = Client().get(path, headers={"If-None-Match": f'"other", {first["ETag"]}'})
        assert first["ETag"] == etag(first.content)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert Client().head(path).status_code == 200
        assert Client().post(path).status_code == 405
    assert "immutable" in Client().get(f"/feeds/cap/{published.identifier}.xml")["Cache-Control"]
    mark = Client().get("/feeds/cap.atom")["ETag"]

    approve_publication(
        end_publication(published, because="Over.", person=world.sato, now=NOW + minutes(2)),
        person=world.ortiz,
        now=NOW + minutes(3),
    )

    assert Client().get("/feeds/cap.atom", headers={"If-None-Match": mark}).status_code == 200


def test_what_waits_or_was_refused_is_nowhere(world: World, bulletin: Bulletin) -> None:
    row = asked(world, bulletin)

    assert entries(Client().get("/feeds/cap.atom").content) == []
    assert Client().get(f"/feeds/cap/{row.identifier}.xml").status_code == 404


def test_no_bulletin_is_in_the_public_feed(
    world: World, bulletin: Bulletin, published: Publication
) -> None:
    for name in (
        f"{bulletin.number}.1",
        bulletin.number,
        f"{published.number}",
        f"{published.number}.2",
        f"{published.number}.01x",
        "P-2026-000001.99999999",
        "..%2F..%2Fetc%2Fpasswd",
        "%00",
    ):
        assert Client().get(f"/feeds/cap/{name}.xml").status_code == 404, name
    shown = Client().get("/feeds/cap.atom").content + Client().get("/feeds/cap.rss").content
    assert b"OFFICER SAFETY" not in shown
    assert b"shoot" not in shown


def test_even_a_row_that_points_at_a_restricted_message_shows_nothing(
    world: World, bulletin: Bulletin, published: Publication
) -> None:
    """As somebody could make it who owns the database."""
    Publication.objects.filter(pk=published.pk).update(cap=bulletin.cap)

    assert entries(Client().get("/feeds/cap.atom").content) == []
    assert entries_of_rss() == 0
    assert Client().get(f"/feeds/cap/{published.identifier}.xml").status_code == 404


def entries_of_rss() -> int:
    return Client().get("/feeds/cap.rss").content.count(b"<item>")


def test_the_feed_forgets_what_has_expired_and_keeps_its_file(published: Publication) -> None:
    over = published.expires_at

    assert entries(public_feed("atom", now=over - minutes(1))) != []
    assert entries(public_feed("atom", now=over)) == []
    assert Client().get(f"/feeds/cap/{published.identifier}.xml").status_code == 200


def test_an_empty_feed_is_a_feed(world: World) -> None:
    assert entries(Client().get("/feeds/cap.atom").content) == []
    assert Client().get("/feeds/cap.atom")["ETag"] == Client().get("/feeds/cap.atom")["ETag"]


def test_agencies_with_a_key_read_the_bulletins_of_their_center(
    world: World, bulletin: Bulletin
) -> None:
    weld, south = by_key(a_key(world)), by_key(a_key(world, name="southern", south=True))
    path = f"/api/cap/{bulletin.number}.1.xml"

    feed, file = weld.get("/api/cap/feed.atom"), weld.get(path)

    assert entries(feed.content) == [f"{settings.TOCSIN.address}{path}"]
    assert file.content == cap_message(bulletin)
    assert "private" in feed["Cache-Control"]
    assert weld.get(path, headers={"If-None-Match": file["ETag"]}).status_code == 304
    assert entries(south.get("/api/cap/feed.atom").content) == []
    assert south.get(path).status_code == 404


def test_no_public_message_is_in_the_feed_for_agencies(
    world: World, published: Publication
) -> None:
    weld = by_key(a_key(world))

    assert len(entries(weld.get("/api/cap/feed.atom").content)) == 1
    assert weld.get(f"/api/cap/{published.identifier}.xml").status_code == 404


def test_a_recorders_key_reads_no_bulletin(world: World, bulletin: Bulletin) -> None:
    recorder = by_key(a_key(world, name="recorder", exchanges=False))
    paths = ["/api/cap/feed.atom", f"/api/cap/{bulletin.number}.1.xml", "/api/cap/replies"]

    for path in paths:
        answer = recorder.get(path)
        assert answer.status_code == 403
        assert "may not exchange CAP" in answer.json()["what"]
        assert Client().get(path).status_code == 401
        assert at(world.ortiz).get(path).status_code == 401
        assert by_key("guessed").get(path).status_code == 401


def test_no_exercise_reaches_an_agency(world: World) -> None:
    recording, _ = seal_upload(chunks(a_wav(number=5)))
    drill = in_force(world, now=on_the_wall(), source="demo", recording=recording)
    weld = by_key(a_key(world))

    assert entries(weld.get("/api/cap/feed.atom").content) == []
    assert weld.get(f"/api/cap/{drill.number}.1.xml").status_code == 404


def test_a_draft_is_not_fetched(world: World, bulletin: Bulletin) -> None:
    draft = bulletins.start_update(bulletin, person=world.sato, now=NOW + minutes(1))

    assert by_key(a_key(world)).get(f"/api/cap/{draft.number}.2.xml").status_code == 404
