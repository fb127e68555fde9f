"""Open pages hear of changes: who may, what, how soon, and nobody waits for a slow one."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, ClassVar

import httpx
import pytest
import uvicorn
from django.contrib.sessions.models import Session
from django.test import Client

from tests.guards import log_may_be_emptied
from tests.sending import send
from tests.sinks import free_port
from tests.visiting import at
from tests.world import NOW, World, a_threat, build_world, recipient_of, the_draft
from tocsin.assess import Role
from tocsin.desk.asgi import application
from tocsin.desk.console import live
from tocsin.desk.console.rights import Right
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import acknowledgments, bulletins, endings
from tocsin.desk.records.models import Bulletin

__all__ = ["log_may_be_emptied"]

pytestmark = pytest.mark.django_db(transaction=True)

SOON = 30.0
"""Seconds that anything may take on a busy machine before a test gives up."""


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, seen by the server's threads too."""
    return build_world()


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


@pytest.fixture
def server(transactional_db: None) -> Iterator[str]:
    """The pages, served by the real server in a thread of this process."""
    config = uvicorn.Config(
        application, log_level="warning", lifespan="off", timeout_graceful_shutdown=5
    )
    serving = uvicorn.Server(config)
    port = free_port()
    with socket.create_server(("127.0.0.1", port)) as listening:
        thread = threading.Thread(target=serving.run, args=([listening],))
        thread.start()
        _until(lambda: serving.started)
        yield f"http://127.0.0.1:{port}"
        for screen in Screen.open:
            screen.close()
        Screen.open.clear()
        serving.should_exit = True
        thread.join(SOON)


class Screen:
    """One console's stream, read as a browser reads it."""

    open: ClassVar[list["Screen"]] = []

    def __init__(self, server: str, person: Person | None, query: str = "?list") -> None:
        self.events: list[tuple[str, Any]] = []
        self.status = 0
        self.has_ended = False
        self._socket: socket.socket | None = None
        self.client: Client = at(person)
        key = self.client.cookies["sessionid"].value if person else ""
        self._http = httpx.Client(base_url=server, cookies={"sessionid": key}, timeout=SOON)
        self._thread = threading.Thread(target=self._read, args=(query,))
        self._thread.start()
        self.open.append(self)
        _until(lambda: self.status)

    def close(self) -> None:
        """The console is switched off."""
        if self._socket:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(SOON)
        self._http.close()

    def _read(self, query: str) -> None:
        # The server ends before the screens do.
        with suppress(httpx.HTTPError), self._http.stream("GET", f"/live{query}") as answer:
            self._socket = answer.extensions["network_stream"].get_extra_info("socket")
            self.status = answer.status_code
            name = ""
            for line in answer.iter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data:"):
                    self._take(name, line.removeprefix("data:").strip())
        self.has_ended = True

    def _take(self, name: str, text: str) -> None:
        if name == "list":
            self.events.append((name, json.loads(text)))
        else:
            self.events.append((name, text))

    def lists(self) -> list[Any]:
        """What came of the list."""
        return [value for name, value in self.events if name == "list"]

    def changes(self) -> list[str]:
        """What came of changes, but for `everything`."""
        return [text for name, text in self.events if name == "change" and text != "everything"]

    def text(self) -> str:
        """All that came, as one text."""
        return json.dumps(self.events)


def _until(question: Callable[[], Any], seconds: float = SOON) -> None:
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.01)


def gone_from(screen: Screen) -> set[str]:
    """Rows that were taken off the list."""
    return {
        key
        for change in screen.lists()
        for key in change.get("some", {}).get("list-people", {}).get("gone", [])
    }


def whole_of(screen: Screen) -> dict[str, Any]:
    """The list as the stream began with it."""
    _until(screen.lists)
    found: dict[str, Any] = screen.lists()[0]["all"]
    return found


def test_a_console_begins_with_the_whole_list(
    server: str, world: World, released: Bulletin
) -> None:
    screen = Screen(server, world.sato)

    parts = whole_of(screen)

    assert {key for key, _, _ in parts["list-people"]} == {
        f"p-{row.pk}" for row in released.recipients.all()
    }
    assert "Harlow Police" in json.dumps(parts["list-agencies"])
    assert released.number in json.dumps(parts["list-head"])


def test_an_acknowledgment_takes_the_person_off_every_console(
    server: str, world: World, released: Bulletin
) -> None:
    screens = [Screen(server, person) for person in (world.sato, world.ortiz, world.dana)]
    for screen in screens:
        whole_of(screen)

    reed = recipient_of(released, world.reed)
    acknowledgments.acknowledge(reed, person=world.reed, now=NOW)

    for screen in screens:
        _until(lambda screen=screen: f"p-{reed.pk}" in gone_from(screen))  # type: ignore[misc]
        head = json.dumps(screen.lists()[-1])
        assert "3 of 4" in head


def test_a_row_that_changes_is_sent_alone(server: str, world: World, released: Bulletin) -> None:
    screen = Screen(server, world.sato)
    whole_of(screen)

    acknowledgments.mark_opened(released.deliveries.get(person=world.reed), now=NOW)

    reed = recipient_of(released, world.reed)
    _until(lambda: len(screen.lists()) > 1)
    people = screen.lists()[1]["some"]["list-people"]
    assert people["gone"] == []
    assert [key for key, _, _ in people["put"]] == [f"p-{reed.pk}"]
    assert "seen, no answer" in people["put"][0][1]


def test_what_is_pushed_holds_no_session_s_token(
    server: str, world: World, released: Bulletin
) -> None:
    screen = Screen(server, world.sato)

    assert "csrf" not in json.dumps(whole_of(screen)).lower()
    assert 'form=\\"told-form\\"' in screen.text()


def test_who_may_not_speak_for_others_is_sent_no_button(
    server: str, world: World, released: Bulletin
) -> None:
    screen = Screen(server, world.dana)

    whole_of(screen)

    assert "Reed" in screen.text()
    assert "told-form" not in screen.text()


def test_another_center_is_sent_nothing_of_it(
    server: str, world: World, released: Bulletin
) -> None:
    screen = Screen(server, world.frey)
    assert whole_of(screen)["list-people"] == []

    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)
    own = Screen(server, world.sato)
    _until(own.lists)

    for word in (released.number, "Reed", "Harlow"):
        assert word not in screen.text()


def test_an_officer_gets_no_list_and_nobody_gets_no_stream(
    server: str, world: World, released: Bulletin
) -> None:
    assert Screen(server, world.reed).status == 403
    assert Screen(server, None).status == 302
    assert Screen(server, world.reed, query="").status == 200


def test_a_new_bulletin_comes_to_lists_that_are_open(server: str, world: World) -> None:
    threat = a_threat(world)
    screen = Screen(server, world.sato)
    assert whole_of(screen)["list-people"] == []
    assert threat.number in screen.text()

    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    _until(lambda: f"p-{recipient_of(released, world.reed).pk}" in screen.text())
    endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)
    _until(lambda: f"p-{recipient_of(released, world.reed).pk}" in gone_from(screen))


@pytest.mark.parametrize("how", ["closed out", "no right", "signed out", "new password"])
def test_who_lost_the_right_gets_nothing_more(
    server: str, world: World, released: Bulletin, how: str
) -> None:
    screen = Screen(server, world.sato)
    whole_of(screen)

    if how == "closed out":
        Person.objects.filter(pk=world.sato.pk).update(is_active=False)
    elif how == "no right":
        Person.objects.filter(pk=world.sato.pk).update(roles=[Role.OFFICER.value])
    elif how == "signed out":
        Session.objects.all().delete()
    else:
        world.sato.set_password("another long word 22")
        world.sato.save()
    _until(lambda: screen.has_ended, live.RECHECK + SOON)
    before = screen.text()
    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)
    time.sleep(0.5)

    assert screen.text() == before


def test_a_console_that_reads_nothing_delays_no_other(
    server: str, world: World, released: Bulletin
) -> None:
    port = int(server.rpartition(":")[2])
    cookie = at(world.sato).cookies["sessionid"].value
    deaf = []
    for _ in range(5):
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        one.connect(("127.0.0.1", port))
        head = f"GET /live?list HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n"
        one.sendall(head.encode())
        deaf.append(one)
    screen = Screen(server, world.sato)
    whole_of(screen)

    for person in (world.reed, world.ortiz, world.dana):
        row = recipient_of(released, person)
        acknowledgments.acknowledge(row, person=person, now=NOW)
        _until(lambda row=row: f"p-{row.pk}" in gone_from(screen))  # type: ignore[misc]
    for one in deaf:
        one.close()


def test_more_pages_are_open_than_the_pool_has_connections(
    server: str, world: World, released: Bulletin
) -> None:
    screens = [Screen(server, world.sato) for _ in range(30)]

    assert {screen.status for screen in screens} == {200}
    # Each has the list as it was before: who answers earlier is in nobody's list, and leaves none.
    for screen in screens:
        _until(lambda screen=screen: screen.lists())  # type: ignore[misc]
    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)

    for screen in screens:
        _until(lambda screen=screen: '"gone": ["p-' in screen.text())  # type: ignore[misc]


def test_other_pages_are_told_what_changed_by_name_in_their_own_center(
    server: str, world: World, released: Bulletin
) -> None:
    own, other = (Screen(server, person, query="") for person in (world.sato, world.frey))
    _until(lambda: "everything" in own.text() + other.text())

    acknowledgments.acknowledge(recipient_of(released, world.reed), person=world.reed, now=NOW)

    _until(lambda: own.changes() and other.changes())
    assert own.changes() == [f"bulletin:{released.number}.1"]
    assert other.changes() == ["elsewhere"]


def test_many_changes_at_once_are_told_once(server: str, world: World, released: Bulletin) -> None:
    screen = Screen(server, world.sato, query="")
    _until(lambda: "everything" in screen.text())

    for row in released.recipients.all():
        acknowledgments.acknowledge(row, person=row.person, now=NOW)
    send(released.deliveries.get(person=world.reed), now=NOW)

    _until(screen.changes)
    assert len(screen.changes()) <= 4
    assert set(screen.changes()) == {f"bulletin:{released.number}.1"}


def test_a_page_that_takes_nothing_is_owed_one_word_at_the_most() -> None:
    """Not a queue that grows: too many changes become one `everything`."""
    right = Right(centers=frozenset({"north"}), scope=None)

    async def crowd() -> live.Seat:
        seat = live.Seat("session", right, shows_list=False)
        for number in range(10_000):
            seat.tell(f"north bulletin:B-{number}")
        return seat

    seat = asyncio.run(crowd())

    assert len(seat.changes) <= live.WAITING
    assert live.EVERYTHING in seat.changes
