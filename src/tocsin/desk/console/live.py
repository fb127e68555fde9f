"""Live pages: one LISTEN connection a process, and a stream of server-sent events for each page.

A page is told what has changed, and fetches itself again. The list of who has not been told is not
fetched again: its parts are drawn here, once for all who see the same, and each page is sent what
differs from what it was sent last. So a page that is slow or gone delays no other: when it takes
something again, it gets the difference to the latest, and nothing was kept for it meanwhile.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from tocsin.assess import Act
from tocsin.desk.console.drawing import Pen, Scope
from tocsin.desk.console.person import person_of
from tocsin.desk.console.rights import Right, right_of, rights_of
from tocsin.desk.console.snapshots import Snapshot, as_event, difference, whole
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.missing import all_in_force
from tocsin.desk.records.log import CHANNEL

T = TypeVar("T")

log = logging.getLogger("tocsin.live")

BEAT = 2.0
"""Seconds between two signs of life; a page that misses one says that it is not live."""

GAP = 0.1
"""Seconds between two looks at the list at the least, while changes pour in."""

RECHECK = 5.0
"""Seconds after which it is asked again who may hear what."""

WAITING = 200
"""Changes that may wait for a slow page; more are replaced by one `everything`."""

EVERYTHING = "everything"
"""Sent where changes may have been missed: the page asks for all of itself again."""

ON_EVERY_PAGE = ("call", "threat", EVERYTHING, "elsewhere")
"""What a change may be about that shows outside the list: the alarm of a new threat."""

UNITS = "units:"
"""What begins a change of units, of which a page hears that asks for it."""

_SIGN = b"event: beat\ndata:\n\n"
_THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live")


class Seat:
    """One open page: what it may hear of, and what it has not been told yet."""

    def __init__(
        self, session: str, right: Right, *, shows_list: bool, shows_units: bool = False
    ) -> None:
        self.session = session
        self.right: Right | None = right
        self.shows_list = shows_list
        self.shows_units = shows_units
        self.shown: Snapshot | None = None
        self.changes: set[str] = set()
        self.stirred = asyncio.Event()

    @property
    def scope(self) -> Scope | None:
        """What its list shows; None where it shows none."""
        return self.right.scope if self.right and self.shows_list else None

    @property
    def is_allowed(self) -> bool:
        """Whether anything may be sent to it."""
        return self.right is not None and (self.scope is not None or not self.shows_list)

    def tell(self, change: str) -> None:
        """Put a change before the page: by name where it may know it."""
        center, _, subject = change.partition(" ")
        shown = subject if self.right and center in self.right.centers else "elsewhere"
        if change == EVERYTHING:
            shown = EVERYTHING
        if subject.startswith(UNITS) and (shown != subject or not self.shows_units):
            return  # once a second: only for pages that show units, and those of this center
        if self.shows_list and shown.partition(":")[0] not in ON_EVERY_PAGE:
            return
        if len(self.changes) >= WAITING:
            self.changes = {EVERYTHING}
        self.changes.add(shown)
        self.stirred.set()

    def grant(self, right: Right | None) -> None:
        """The page may hear of this from now on; of nothing, where it is None."""
        if right == self.right:
            return
        self.right = right
        self.changes.add(EVERYTHING)
        self.stirred.set()


class Hub:
    """Passes on what PostgreSQL announces, and draws the list for the pages that show it."""

    def __init__(self) -> None:
        self._seats: set[Seat] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stirred = asyncio.Event()
        self._pen = Pen()
        self._lists: dict[Scope, _Drawn] = {}

    async def events(self, seat: Seat) -> AsyncIterator[bytes]:
        """What the page is sent, for as long as its person may see it and all of this works."""
        self._seats.add(seat)
        self._start()
        self._stirred.set()
        try:
            yield _SIGN
            while seat.is_allowed and self._is_running():
                try:
                    async with asyncio.timeout(BEAT):
                        await seat.stirred.wait()
                except TimeoutError:
                    yield _SIGN
                    continue
                seat.stirred.clear()
                if news := self._news(seat):
                    yield news
                    # Shorter than the pause between two looks, so that no look is missed by it.
                    await asyncio.sleep(GAP / 2)
        finally:
            self._seats.discard(seat)

    def tell(self, change: str) -> None:
        """Put a change before every open page."""
        for seat in self._seats:
            seat.tell(change)
        self._stirred.set()

    def _news(self, seat: Seat) -> bytes:
        if not seat.is_allowed:
            return b""
        changes, seat.changes = seat.changes, set()
        if EVERYTHING in changes:
            changes = {EVERYTHING}
        told = b"".join(f"event: change\ndata: {change}\n\n".encode() for change in sorted(changes))
        drawn = self._lists.get(seat.scope) if seat.scope else None
        if drawn is None or drawn.snapshot is seat.shown:
            return told
        before, seat.shown = seat.shown, drawn.snapshot
        return told + drawn.since(before)

    def _start(self) -> None:
        for name, work in (("listen", self._follow), ("draw", self._draw)):
            task = self._tasks.get(name)
            if task is None or task.done():
                self._tasks[name] = asyncio.create_task(work(), name=name)
                self._tasks[name].add_done_callback(_report)

    def _is_running(self) -> bool:
        """Whether everything works on which a page relies that says it is live."""
        return not any(task.done() for task in self._tasks.values())

    async def _follow(self) -> None:
        """Listen as long as a page is open; a lost connection is made again."""
        while self._seats:
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
            while self._seats:
                async for notice in link.notifies(timeout=BEAT):
                    self.tell(notice.payload)

    async def _draw(self) -> None:
        """Look at the lists when something changed, and every `BEAT`: the clock changes them too.

        Who may hear what is asked again every `RECHECK`, and whenever a bulletin came or ended.
        """
        clock = asyncio.get_running_loop().time
        in_force: tuple[int, ...] | None = None
        checked_at = 0.0
        while self._seats:
            try:
                async with asyncio.timeout(BEAT):
                    await self._stirred.wait()
            except TimeoutError:
                pass
            self._stirred.clear()
            started_at = clock()
            now_in_force = await _in_rows(all_in_force)
            if now_in_force != in_force or clock() > checked_at + RECHECK:
                in_force, checked_at = now_in_force, clock()
                await self._check()
            await self._look()
            await asyncio.sleep(max(GAP / 4, started_at + GAP - clock()))

    async def _check(self) -> None:
        sessions = {seat.session for seat in self._seats}
        rights = await _in_rows(partial(rights_of, sessions, now=timezone.now()))
        for seat in self._seats:
            if seat.session in sessions:
                seat.grant(rights.get(seat.session))

    async def _look(self) -> None:
        seats = [seat for seat in self._seats if seat.scope]
        scopes = {seat.scope for seat in seats if seat.scope}
        self._lists = {scope: one for scope, one in self._lists.items() if scope in scopes}
        for scope in scopes:
            snapshot = await _in_rows(partial(self._pen.draw, scope, now=timezone.now()))
            drawn, before = _Drawn(snapshot), self._lists.get(scope)
            if before is None or drawn.since(before.snapshot):
                self._lists[scope] = drawn
            for seat in seats:
                if seat.scope == scope and seat.shown is not self._lists[scope].snapshot:
                    seat.stirred.set()


class _Drawn:
    """One list at one moment, and what brings a page there from what it shows."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._events: dict[int, tuple[Snapshot | None, bytes]] = {}

    def since(self, before: Snapshot | None) -> bytes:
        """The event for a page that shows `before`; made once for all who show the same."""
        # The older one is kept with its event, so that no other can take its place in memory.
        found = self._events.get(id(before))
        if found is None:
            change = whole(self.snapshot) if before is None else difference(before, self.snapshot)
            found = (before, as_event("list", change) if change else b"")
            self._events[id(before)] = found
        return found[1]


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()
"""The hub of each event loop; a process that serves has one loop."""


async def stream(request: HttpRequest) -> StreamingHttpResponse:
    """Send what changes to one page, for as long as it is open; with `?list`, the list itself.

    With `?units` it is also told of each change of units.
    """
    # The stream never ends by itself: it must not keep the connection with which it was opened.
    seat = await sync_to_async(_call)(partial(_seat, request))
    hub = _hubs.setdefault(asyncio.get_running_loop(), Hub())
    answer = StreamingHttpResponse(hub.events(seat), content_type="text/event-stream")
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _seat(request: HttpRequest) -> Seat:
    person = person_of(request)
    shows_list = "list" in request.GET
    if shows_list:
        require(person, Act.SEE_CALLS)
    session = request.session.session_key or ""
    shows_units = "units" in request.GET
    return Seat(session, right_of(person), shows_list=shows_list, shows_units=shows_units)


async def _in_rows(function: Callable[[], T]) -> T:
    """What the function gives; it may use the database, on a thread kept for this."""
    return await asyncio.get_running_loop().run_in_executor(_THREAD, _call, function)


def _call(function: Callable[[], T]) -> T:
    try:
        return function()
    finally:
        connection.close()


def _report(task: "asyncio.Task[None]") -> None:
    """Say why live pages ended; they open again by themselves."""
    if not task.cancelled() and (error := task.exception()):
        log.error("live pages stopped: %s", task.get_name(), exc_info=error)


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
