"""Asks the sources of units that are to be asked, and keeps lines open to those that have one.

Each source is one worker's at a time, by a lease on its row; one that fails delays no other. What
a message says goes through the same gate as what is pushed.
"""

import asyncio
import logging
import ssl
from datetime import datetime

import websockets
from django.conf import settings
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect

from tocsin import __version__
from tocsin.desk.records.commands.sourceturns import (
    SourceTurn,
    claim_due_sources,
    claim_lines,
    record_answer,
    record_trouble,
    release_lines,
    settle_turn,
)
from tocsin.desk.records.commands.units import take_message
from tocsin.desk.worker.fetching import Fetcher, reach
from tocsin.desk.worker.rows import in_rows
from tocsin.errors import BadUnits, Error, OutOfTurn, TooMany, Unreachable
from tocsin.posture.feed import LARGEST

log = logging.getLogger("tocsin.units")

ROWS = "application/json, text/csv, */*;q=0.1"
SETTING = "TOCSIN_UNIT_NETWORKS"

RENEWED = 10.0
"""Seconds between two renewals of a lease."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a line is opened again; each time twice as many, until one brings a message."""

SECONDS_TO_OPEN = 8.0
SECONDS_TO_ANSWER = 20.0
"""Until a line is open, and until its other end answers a ping."""


class UnitFeeds:
    """The sources that this worker asks and listens to now."""

    def __init__(self) -> None:
        self._visits: set[asyncio.Task[None]] = set()
        self._lines: dict[int, asyncio.Task[None]] = {}
        self._leases: dict[int, datetime] = {}
        self._addresses: dict[int, str] = {}
        self._renewed_at = 0.0

    async def tick(self) -> None:
        """Every source that is due is being asked, every line is open; nobody waits for another."""
        for turn in await in_rows(claim_due_sources, now=timezone.now()):
            visit = asyncio.create_task(poll(turn), name=f"units of {turn.source.name}")
            self._visits.add(visit)
            visit.add_done_callback(self._settle)
        clock = asyncio.get_running_loop().time()
        if clock >= self._renewed_at + RENEWED or not self._leases:
            self._renewed_at = clock
            await self._renew()

    async def close(self) -> None:
        """Give up what is on its way; another worker may take the sources at once."""
        tasks = [*self._visits, *self._lines.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await in_rows(release_lines, self._leases, now=timezone.now())

    async def _renew(self) -> None:
        """Keep the lines that are ours, open those that are new, and let go of the others."""
        turns = await in_rows(claim_lines, self._leases, now=timezone.now())
        self._leases = {turn.source.pk: turn.lease for turn in turns}
        wanted = {turn.source.pk: turn.source.url for turn in turns}
        for pk in [pk for pk, url in self._addresses.items() if wanted.get(pk) != url]:
            self._lines.pop(pk).cancel()
            del self._addresses[pk]
        for turn in turns:
            pk = turn.source.pk
            if pk not in self._lines or self._lines[pk].done():
                task = asyncio.create_task(keep_line(turn), name=f"line of {turn.source.name}")
                task.add_done_callback(_report)
                self._lines[pk], self._addresses[pk] = task, turn.source.url

    def _settle(self, visit: "asyncio.Task[None]") -> None:
        self._visits.discard(visit)
        _report(visit)


async def poll(turn: SourceTurn) -> None:
    """Ask one source; its row says what came of it."""
    etag = ""
    try:
        etag = await _ask(turn)
    except (BadUnits, TooMany, OutOfTurn):
        pass  # its row says so already
    except Error as error:
        await _say(turn, error)
    await in_rows(settle_turn, turn, etag=etag, now=timezone.now())


async def _ask(turn: SourceTurn) -> str:
    """Take what the source says now; the ETag of it."""
    source, networks = turn.source, settings.TOCSIN_UNIT_NETWORKS
    fetcher = Fetcher(networks=networks, limit=LARGEST, accept=ROWS, setting=SETTING)
    async with fetcher:
        found = await fetcher.fetch(source.url, etag=source.etag)
    if found.content is None:
        await in_rows(record_answer, source, now=timezone.now())
    else:
        await in_rows(take_message, source, found.content, now=timezone.now())
    return found.etag


async def keep_line(turn: SourceTurn) -> None:
    """Keep a line to the source open until this is cancelled; a line that broke opens again."""
    pause = FIRST_PAUSE
    while True:
        try:
            async with asyncio.timeout(SECONDS_TO_OPEN):
                line = await _open(turn)
            async with line:
                async for message in line:
                    raw = message.encode() if isinstance(message, str) else message
                    if await _take(turn, raw):
                        pause = FIRST_PAUSE
            await _say(turn, Unreachable(f"The line ended: {_why(line)}."))
        except Error as error:
            await _say(turn, error)
        except (websockets.WebSocketException, OSError, ValueError) as error:
            # OSError holds the time-out too; ValueError an answer that is no HTTP.
            what = str(error)[:200] or "nobody answers"
            await _say(turn, Unreachable(f"The line broke or cannot be opened: {what}."))
        await asyncio.sleep(pause)
        pause = min(LONGEST_PAUSE, pause * 2)


async def _open(turn: SourceTurn) -> ClientConnection:
    url = turn.source.url
    web = "http" + url.removeprefix("ws")
    link = await reach(web, networks=settings.TOCSIN_UNIT_NETWORKS, setting=SETTING)
    try:
        return await connect(
            url,
            sock=link,
            ssl=ssl.create_default_context() if url.startswith("wss:") else None,
            proxy=None,
            compression=None,
            max_size=LARGEST,
            max_queue=2,
            ping_timeout=SECONDS_TO_ANSWER,
            user_agent_header=f"Tocsin/{__version__}",
        )
    except BaseException:
        link.close()
        raise


async def _take(turn: SourceTurn, raw: bytes) -> bool:
    """Whether the message could be used; the source's row says why it could not."""
    try:
        await in_rows(take_message, turn.source, raw, now=timezone.now())
    except (BadUnits, TooMany, OutOfTurn):
        return False
    return True


async def _say(turn: SourceTurn, error: Error) -> None:
    log.warning("the units of %s: %s", turn.source.name, error.for_person())
    await in_rows(record_trouble, turn.source, error.for_person(), now=timezone.now())


def _why(line: ClientConnection) -> str:
    return (line.close_reason or "no reason was given")[:200]


def _report(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("%s stopped; it begins again", task.get_name(), exc_info=error)
