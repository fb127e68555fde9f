"""Hundreds press within a second: each is written once, at his own time, and the chain holds."""

import asyncio
import threading
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connection, connections

from tests.guards import log_may_be_emptied
from tests.visiting import at
from tests.world import NOW, World, a_threat, build_world, recipient_of, the_draft
from tocsin.desk.asgi import application
from tocsin.desk.records import log
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.commands.acknowledgments import acknowledge_by_link
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin, Entry
from tocsin.desk.records.together import MOST, Together
from tocsin.errors import Error, NotFound, OutOfTurn
from tocsin.evidence import check_chain

__all__ = ["log_may_be_emptied"]


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, seen by every thread."""
    return build_world()


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_all_who_press_at_once_are_written_once_each_at_their_time(
    world: World, released: Bulletin
) -> None:
    keys = list(released.deliveries.values_list("key", flat=True))
    pressed = [(key, NOW + timedelta(seconds=second)) for second in (1, 2, 3) for key in keys]
    assert len(pressed) > 10

    def press(one: tuple[uuid.UUID, object]) -> None:
        acknowledge_by_link(one[0], now=one[1])  # type: ignore[arg-type]
        connections.close_all()

    with ThreadPoolExecutor(len(pressed)) as threads:
        list(threads.map(press, pressed))

    rows = list(released.recipients.all())
    assert all(row.acknowledged_at and row.acknowledged_how == "link" for row in rows)
    said = Entry.objects.filter(action="acknowledged")
    assert sorted(said.values_list("actor", flat=True)) == sorted(row.person.key for row in rows)
    assert {one.at for one in said} == {row.acknowledged_at for row in rows}
    assert check_chain(log.entries_of(world.north.key)) is not None


@pytest.mark.django_db(transaction=True)
def test_a_link_that_fits_nothing_is_refused_alone(world: World, released: Bulletin) -> None:
    keys = [*released.deliveries.values_list("key", flat=True), uuid.uuid4()]

    def press(key: uuid.UUID) -> Error | None:
        try:
            acknowledge_by_link(key, now=NOW)
        except Error as error:
            return error
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(keys)) as threads:
        came = list(threads.map(press, keys))

    assert [type(one) for one in came] == [type(None)] * (len(keys) - 1) + [NotFound]
    assert not released.recipients.filter(acknowledged_at=None).exists()


def pressed(path: str, **headers: str) -> httpx.Response:
    """What the whole application answers to a press."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application)  # type: ignore[arg-type] # narrower messages
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.post(path, headers=headers)

    return asyncio.run(ask())


@pytest.mark.django_db(transaction=True)
def test_a_press_is_answered_before_django_and_leads_back_to_the_page(
    world: World, released: Bulletin
) -> None:
    path = urlsplit(link_of(released.deliveries.get(person=world.reed).key)).path

    answer = pressed(path)

    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert recipient_of(released, world.reed).acknowledged_how == "link"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/a/", "/a/x", f"/a/{'0' * 32}:{'x' * 43}", "/a/%00"])
def test_a_press_of_no_link_of_ours_says_what_to_do(released: Bulletin, path: str) -> None:
    answer = pressed(path)

    assert answer.status_code == 404
    assert "Open the link from the message again" in answer.text
    assert not released.recipients.exclude(acknowledged_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_press_by_somebody_else_who_is_signed_in_is_refused(
    world: World, released: Bulletin
) -> None:
    path = urlsplit(link_of(released.deliveries.get(person=world.reed).key)).path
    session = at(world.ortiz).cookies["sessionid"].value

    answer = pressed(path, Cookie=f"sessionid={session}")

    assert answer.status_code == 403
    assert recipient_of(released, world.reed).acknowledged_at is None


def test_who_comes_while_another_is_written_shares_the_next_write() -> None:
    begun, may_end, batches = threading.Event(), threading.Event(), []

    def write(asked: Sequence[int]) -> list[int]:
        batches.append(list(asked))
        begun.set()
        assert may_end.wait(30)
        return [2 * one for one in asked]

    together: Together[int, int] = Together(write)
    with ThreadPoolExecutor(MOST + 2) as threads:
        first = threads.submit(together.ask, 0)
        assert begun.wait(30)
        rest = [threads.submit(together.ask, one) for one in range(1, MOST + 2)]
        while len(together._waiting) <= MOST:
            time.sleep(0.01)
        may_end.set()

        assert [one.result(30) for one in (first, *rest)] == [2 * n for n in range(MOST + 2)]

    assert [len(batch) for batch in batches] == [1, MOST, 1]


def test_what_is_wrong_with_one_stops_none_of_those_who_shared_its_write() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def write(asked: Sequence[int]) -> list[int]:
        begun.set()
        assert may_end.wait(30)
        if 3 in asked:
            raise OutOfTurn("three is poisoned")
        return [2 * one for one in asked]

    together: Together[int, int] = Together(write)
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(together.ask, 0)
        assert begun.wait(30)
        rest = [threads.submit(together.ask, one) for one in range(1, 6)]
        while len(together._waiting) < 5:
            time.sleep(0.01)
        may_end.set()

        assert first.result(30) == 0
        with pytest.raises(OutOfTurn, match="three is poisoned"):
            rest[2].result(30)
        assert [rest[at].result(30) for at in (0, 1, 3, 4)] == [2, 4, 8, 10]
