"""Live pages: one LISTEN connection a process, and a stream of server-sent events for each page."""

import asyncio
import logging
from collections.abc import AsyncIterator

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from psycopg.conninfo import make_conninfo

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.log import CHANNEL

log = logging.getLogger("tocsin.live")

BEAT = 2.0
"""Seconds between two signs of life; a page that misses one says that it is not live."""

WAITING = 200
"""Changes that may wait for a slow page; more are replaced by one `everything`."""

EVERYTHING = "everything"
"""Sent where changes may have been missed: the page asks for all of itself again."""


class Hub:
    """Passes every change that PostgreSQL announces on to the pages that are open."""

    def __init__(self) -> None:
        self._pages: set[asyncio.Queue[str]] = set()
        self._listener: asyncio.Task[None] | None = None

    async def changes(self) -> AsyncIterator[str]:
        """The subjects that change, as they do; an empty text as a sign of life."""
        queue: asyncio.Queue[str] = asyncio.Queue(WAITING)
        self._pages.add(queue)
        self._listen()
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), timeout=BEAT)
                except TimeoutError:
                    yield ""
        finally:
            self._pages.discard(queue)

    def tell(self, subject: str) -> None:
        """Put a change before every open page."""
        for queue in self._pages:
            if queue.full():
                while not queue.empty():
                    queue.get_nowait()
                subject = EVERYTHING
            queue.put_nowait(subject)

    def _listen(self) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._follow(), name="live")

    async def _follow(self) -> None:
        """Listen as long as a page is open; a lost connection is made again."""
        while self._pages:
            try:
                await self._follow_connection()
            except psycopg.Error as error:
                log.warning("the live connection broke: %s", error)
                await asyncio.sleep(1.0)

    async def _follow_connection(self) -> None:
        async with await psycopg.AsyncConnection.connect(_address(), autocommit=True) as link:
            await link.execute(f"LISTEN {CHANNEL}")  # a constant of ours
            # What changed while nobody listened is not known.
            self.tell(EVERYTHING)
            while self._pages:
                async for notice in link.notifies(timeout=BEAT):
                    self.tell(notice.payload)


hub = Hub()


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Send what changes to one page, for as long as it is open."""
    centers = await sync_to_async(_centers)(request)
    answer = StreamingHttpResponse(_events(centers), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


async def _events(centers: frozenset[str]) -> AsyncIterator[str]:
    """What changed in these centers by name; that something changed, for any other."""
    async for change in hub.changes():
        center, _, subject = change.partition(" ")
        shown = subject if center in centers else "elsewhere"
        yield f"event: change\ndata: {shown}\n\n" if change else "event: beat\ndata:\n\n"


def _centers(request: HttpRequest) -> frozenset[str]:
    """Keys of the centers whose numbers this person may know."""
    person = person_of(request)
    if not person.may(Act.SEE_CALLS):
        return frozenset()
    return frozenset(centers_of(person).values_list("key", flat=True))


def _address() -> str:
    """Where the record lies, as psycopg reads it."""
    database = connection.settings_dict
    facts = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    return make_conninfo(**{key: database[name] for key, name in facts.items() if database[name]})
