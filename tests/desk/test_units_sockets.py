"""Units by lines that stay open, theirs to us and ours to them, and by asking; all real ones."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import uvicorn
from django.conf import settings
from django.db import connection
from websockets import ConnectionClosed, InvalidStatus
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

from tests.clock import on_the_wall
from tests.guards import log_may_be_emptied
from tests.journeys.product import until
from tests.sinks import free_port
from tests.units import a_key, a_message, a_row, a_source, unit
from tests.world import World, build_world
from tocsin.desk.api.unitlines import PATH, UnitLines
from tocsin.desk.asgi import application
from tocsin.desk.records.commands.units import take_message
from tocsin.desk.records.models import Key, Task, UnitSource, UnitState, Watch
from tocsin.desk.worker.rows import in_rows
from tocsin.desk.worker.unitfeeds import UnitFeeds
from tocsin.posture import Status
from tocsin.warn.cap import etag

__all__ = ["log_may_be_emptied"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, seen by the server's and the worker's threads too."""
    return build_world()


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The application behind a real server."""
    port = free_port()
    config = uvicorn.Config(
        app,
        port=port,
        log_level="error",
        lifespan="off",
        ws_max_size=8 * 1024 * 1024,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, seconds=10, pause=0.02)
    yield f"ws://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The desk behind a real server."""
    with serving(application) as found:
        yield found


def line(address: str, secret: str, *, path: str = PATH) -> connect:
    return connect(
        f"{address}{path}", additional_headers={"Authorization": f"Bearer {secret}"}, proxy=None
    )


async def say(open_line: ClientConnection, raw: bytes | str) -> dict[str, Any]:
    await open_line.send(raw if isinstance(raw, str) else raw.decode())
    answer = await asyncio.wait_for(open_line.recv(), 10)
    found: dict[str, Any] = json.loads(answer)
    return found


def fresh(call_sign: str = "12", **changes: Any) -> dict[str, Any]:
    return a_row(call_sign, now=on_the_wall(), **changes)


def refused(address: str, secret: str, path: str = PATH) -> int:
    async def run() -> int:
        try:
            async with line(address, secret, path=path):
                return 0
        except InvalidStatus as error:
            return error.response.status_code

    return asyncio.run(run())


# A line that a CAD opens


def test_each_message_on_a_line_is_answered_by_a_line(world: World, address: str) -> None:
    secret = a_key(world.north)

    async def run() -> list[dict[str, Any]]:
        async with line(address, secret) as cad:
            return [
                await say(cad, a_message(fresh("12"), fresh("13", crew_count=-1))),
                await say(cad, "{no json"),
                await say(cad, a_message(fresh("14"))),
            ]

    good, bad, again = asyncio.run(run())

    assert (good["taken"], good["refused"][0]["row"]) == (1, 2)
    assert bad["error"] == "BadUnits"
    assert bad["way_out"]
    assert again["taken"] == 1
    assert set(UnitState.objects.values_list("key", flat=True)) == {"harlow-pd/12", "harlow-pd/14"}
    source = UnitSource.objects.get()
    assert (source.name, source.taken) == ("cad", 2)
    assert "not JSON" in source.trouble
    assert Task.objects.filter(kind="units feed fails").count() == 1


def test_a_line_needs_a_key_and_leads_to_the_units_alone(world: World, address: str) -> None:
    secret = a_key(world.north)

    assert refused(address, "made up") == 401
    assert refused(address, "") == 401
    assert refused(address, secret, "/live") == 404
    assert refused(address, secret, f"{PATH}?source=Elsewhere") == 404
    assert refused(address, secret) == 0


def test_a_key_that_is_taken_back_takes_its_line_with_it(world: World, address: str) -> None:
    secret = a_key(world.north)

    async def run() -> tuple[int, str]:
        async with line(address, secret) as cad:
            await say(cad, a_message(fresh()))
            await asyncio.to_thread(_in_own, lambda: Key.objects.update(is_active=False))
            with pytest.raises(ConnectionClosed) as closed:
                await say(cad, a_message(fresh("14")))
            assert closed.value.rcvd
            return closed.value.rcvd.code, closed.value.rcvd.reason

    code, reason = asyncio.run(run())

    assert (code, reason) == (1008, "This key is not known here.")
    assert UnitState.objects.count() == 1


def test_a_source_that_is_switched_off_ends_its_line(world: World, address: str) -> None:
    secret = a_key(world.north)

    async def run() -> int:
        async with line(address, secret) as cad:
            await say(cad, a_message(fresh()))
            await asyncio.to_thread(_in_own, lambda: UnitSource.objects.update(is_active=False))
            with pytest.raises(ConnectionClosed) as closed:
                await say(cad, a_message(fresh()))
            assert closed.value.rcvd
            return closed.value.rcvd.code

    assert asyncio.run(run()) == 1008


def test_the_newest_line_of_a_source_takes_the_place_of_the_one_before(
    world: World, address: str
) -> None:
    secret = a_key(world.north)

    async def run() -> tuple[int, int]:
        async with line(address, secret) as first:
            await say(first, a_message(fresh()))
            async with line(address, secret) as second:
                with pytest.raises(ConnectionClosed) as closed:
                    await asyncio.wait_for(first.recv(), 5)
                answer = await say(second, a_message(fresh("14")))
                assert closed.value.rcvd
                return closed.value.rcvd.code, answer["taken"]

    assert asyncio.run(run()) == (4409, 1)


def test_a_message_that_is_too_large_ends_the_line(world: World, address: str) -> None:
    secret = a_key(world.north)

    async def run() -> int:
        async with line(address, secret) as cad:
            with pytest.raises(ConnectionClosed) as closed:
                await cad.send("x" * (9 * 1024 * 1024))
                await asyncio.wait_for(cad.recv(), 10)
            assert closed.value.rcvd
            return closed.value.rcvd.code

    assert asyncio.run(run()) == 1009


def test_a_line_on_which_nothing_is_said_is_closed(world: World) -> None:
    secret = a_key(world.north)

    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        """No pages."""

    async def run(address: str) -> int:
        async with line(address, secret) as cad:
            with pytest.raises(ConnectionClosed) as closed:
                await asyncio.wait_for(cad.recv(), 5)
            assert closed.value.rcvd
            return closed.value.rcvd.code

    with serving(UnitLines(nothing, idle=0.3)) as address:
        assert asyncio.run(run(address)) == 4408


def test_a_flood_on_a_line_is_answered_and_shows_on_its_source(world: World, address: str) -> None:
    secret = a_key(world.north)
    raw = json.dumps([])

    async def run() -> list[dict[str, Any]]:
        async with line(address, secret) as cad:
            for _ in range(200):
                await cad.send(raw)
            return [json.loads(await asyncio.wait_for(cad.recv(), 20)) for _ in range(200)]

    answers = asyncio.run(run())

    assert "TooMany" in {one.get("error") for one in answers}
    assert "messages a second" in UnitSource.objects.get().trouble


# Lines that we keep, and sources that we ask


@pytest.fixture
def _near(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TOCSIN_UNIT_NETWORKS", "127.0.0.0/8")


async def working(feeds: UnitFeeds, question: Callable[[], Any], *, seconds: float = 15) -> None:
    """The worker's ticks until the question is answered with yes."""
    end = asyncio.get_running_loop().time() + seconds
    try:
        while not await in_rows(question):
            assert asyncio.get_running_loop().time() < end, "waited too long"
            await feeds.tick()
            await asyncio.sleep(0.1)
    finally:
        await feeds.close()


@pytest.mark.usefixtures("_near")
def test_a_line_that_we_keep_brings_units_and_opens_again_when_it_breaks(world: World) -> None:
    opened: list[str] = []

    async def cad(far: ServerConnection) -> None:
        opened.append(str(far.request and far.request.headers.get("User-Agent")))
        await far.send(a_message(fresh(f"{len(opened)}")).decode())
        if len(opened) > 1:
            await far.wait_closed()  # the first one breaks at once

    async def run() -> None:
        async with serve(cad, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            await in_rows(lambda: a_source(world, way="socket", url=f"ws://127.0.0.1:{port}/units"))
            await working(UnitFeeds(), lambda: UnitState.objects.filter(key="harlow-pd/2").exists())

    asyncio.run(run())

    assert len(opened) == 2
    assert opened[0].startswith("Tocsin/")
    source = UnitSource.objects.get()
    assert source.taken == 2
    assert "The line ended" in source.trouble
    assert source.due_at is not None
    assert source.due_at <= on_the_wall()  # let go: another worker may take it


@pytest.mark.usefixtures("_near")
def test_a_line_that_nobody_answers_shows_and_delays_no_other(world: World) -> None:
    a_source(world, name="Dead", way="socket", url=f"ws://127.0.0.1:{free_port()}/")

    async def cad(far: ServerConnection) -> None:
        await far.send(a_message(fresh()).decode())
        await far.wait_closed()

    async def run() -> None:
        async with serve(cad, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            await in_rows(lambda: a_source(world, way="socket", url=f"ws://127.0.0.1:{port}/"))
            await working(UnitFeeds(), UnitState.objects.exists)

    asyncio.run(run())

    assert UnitSource.objects.get(name="Dead").trouble
    assert not UnitSource.objects.get(name="CAD").trouble


def test_a_line_into_a_private_network_is_not_opened(world: World) -> None:
    a_source(world, way="socket", url="wss://127.0.0.1:9/units")

    async def run() -> None:
        await working(UnitFeeds(), lambda: UnitSource.objects.exclude(trouble="").exists())

    asyncio.run(run())

    trouble = UnitSource.objects.get().trouble
    assert "private network" in trouble
    assert "TOCSIN_UNIT_NETWORKS" in trouble


class Site:
    """A CAD that is asked; `content` is what it says."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.statuses: list[int] = []
        self.accepted: set[str] = set()
        site = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                mark = etag(site.content)
                has_it = self.headers.get("If-None-Match") == mark
                site.accepted.add(self.headers.get("Accept", ""))
                status = 304 if has_it else 200 if site.content else 500
                site.statuses.append(status)
                self.send_response(status)
                self.send_header("ETag", mark)
                body = b"" if has_it else site.content
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                with suppress(BrokenPipeError):
                    self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/units"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site(a_message(fresh()))
    yield found
    found.close()


@pytest.mark.usefixtures("_near")
def test_a_source_is_asked_again_and_again_and_what_is_unchanged_is_not_sent_twice(
    world: World, site: Site
) -> None:
    a_source(world, way="poll", url=site.address, every_seconds=1)

    asyncio.run(working(UnitFeeds(), lambda: len(site.statuses) >= 2 and site.statuses[-1] == 304))

    source = UnitSource.objects.get()
    assert site.statuses[:2] == [200, 304]
    assert (source.taken, source.trouble) == (1, "")
    assert all(one.startswith("application/json") for one in site.accepted)


@pytest.mark.usefixtures("_near")
def test_a_source_that_answers_nonsense_shows_it_and_is_asked_again_whole(
    world: World, site: Site
) -> None:
    site.content = b"<html>no units</html>"
    a_source(world, way="poll", url=site.address, every_seconds=1)

    asyncio.run(working(UnitFeeds(), lambda: len(site.statuses) >= 2))

    source = UnitSource.objects.get()
    assert "not JSON" in source.trouble
    assert set(site.statuses) == {200}
    assert Task.objects.filter(kind="units feed fails").count() == 1


@pytest.mark.usefixtures("_near")
def test_a_source_that_fails_delays_no_other(world: World, site: Site) -> None:
    a_source(world, name="Dead", way="poll", url=f"http://127.0.0.1:{free_port()}/")
    a_source(world, way="poll", url=site.address)

    asyncio.run(
        working(
            UnitFeeds(),
            lambda: UnitState.objects.exists() and UnitSource.objects.exclude(trouble="").exists(),
        )
    )

    assert UnitSource.objects.get(name="Dead").trouble
    assert not UnitSource.objects.get(name="CAD").trouble


def _in_own(change: Callable[[], Any]) -> None:
    """Make the change on a connection of this thread."""
    try:
        change()
    finally:
        connection.close()


def test_what_another_process_wrote_of_a_unit_is_built_upon(world: World) -> None:
    source = a_source(world)
    now = on_the_wall()
    for second in range(2):  # so that this process remembers what it wrote
        then = now + timedelta(seconds=second)
        take_message(source, a_message(a_row(now=then)), now=then)
    row, watch = UnitState.objects.get(), Watch.objects.get()
    row.body["status"], row.version = "break", watch.version + 1
    row.save()
    Watch.objects.update(version=watch.version + 1)

    then = now + timedelta(seconds=2)
    only_place = a_row(now=then, status=None, crew=None)
    take_message(source, a_message(only_place), now=then)

    assert unit().status is Status.BREAK
    assert unit().reported_at == then
