"""Sends what is queued: each channel in lanes of its own, so that none waits for another."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from functools import cache

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from psycopg import AsyncConnection, OperationalError

from tocsin.desk.records import outgoing
from tocsin.desk.records.commands.notices import queue_rest
from tocsin.desk.records.outgoing import Claimed, Lane, settling_failure, settling_sent
from tocsin.desk.worker.rows import in_rows
from tocsin.errors import ChannelError, OutcomeUnknown, SetupError
from tocsin.warn import (
    Addressee,
    Channel,
    Form,
    Message,
    Receipt,
    hand_over,
    open_channel,
    reaches_people,
)

log = logging.getLogger("tocsin.worker")

EXERCISES_GO_TO = "console"
"""The channel of every exercise: shown in the outbox, never out of this machine."""

CONNECTIONS = 8
"""Messages that one channel hands over at the same time, unless its settings say otherwise."""

MARGIN = 5.0
"""Seconds before the end of its lease at which a sender gives a message up."""

_DOUBT = {
    Form.LETTER: "You may have this already: it was possibly sent twice.\n\n",
}
"""What stands before a message that may be there already, in the channel's form."""


class Senders:
    """All lanes of this worker. A lane has its senders while messages are due, and none after."""

    def __init__(self) -> None:
        self._lanes: dict[Lane, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; messages in hand are finished first."""
        listener = asyncio.create_task(self._listen(), name="woken")
        writer: asyncio.Task[None] | None = None
        while not stop.is_set():
            if writer is None or writer.done():
                writer = asyncio.create_task(_write_rest(), name="writer")
            await self._start_lanes()
            self._woken.clear()
            await _first(stop.wait(), self._woken.wait(), seconds=1.0)
        listener.cancel()
        tasks = [task for task in (writer, listener) if task]
        await asyncio.gather(*tasks, *self._lanes.values(), return_exceptions=True)

    async def _start_lanes(self) -> None:
        self._lanes = {lane: task for lane, task in self._lanes.items() if not task.done()}
        try:
            async with await outgoing.connect() as rows:
                due = await outgoing.lanes(rows, now=timezone.now())
        except OperationalError:
            log.exception("the record does not answer; the senders try again")
            return
        for lane in due:
            if lane not in self._lanes:
                self._lanes[lane] = asyncio.create_task(_run_lane(lane), name=f"lane {lane}")

    async def _listen(self) -> None:
        """Wake up as soon as a release is committed; the tick of each second needs no word."""
        while True:
            try:
                async with await outgoing.connect() as rows:
                    await rows.execute(f"LISTEN {outgoing.WAKE}")
                    async for _ in rows.notifies():
                        self._woken.set()
            except OperationalError:
                log.warning("the record does not answer; listening again in a second")
                await asyncio.sleep(1)


class Pace:
    """Lets so many messages a second pass, evenly; 0 lets all pass."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0

    async def wait(self) -> None:
        """Return when the next message may leave."""
        if not self._gap:
            return
        loop = asyncio.get_running_loop()
        at = max(self._next, loop.time())
        self._next = at + self._gap
        await asyncio.sleep(at - loop.time())


async def _write_rest() -> None:
    """Every message of a release is written, a batch at a time; each batch wakes the senders."""
    try:
        while await in_rows(queue_rest, now=timezone.now()):
            pass
    except DatabaseError:
        log.exception("messages could not be written; the next tick tries again")


async def _run_lane(lane: Lane) -> None:
    """Send all that is due in the lane, several at once."""
    facts = settings.TOCSIN_CHANNELS.get(lane.channel, {})
    pace = Pace(float(facts.get("per_second") or 0))
    many = int(facts.get("connections") or CONNECTIONS)
    channel = await asyncio.to_thread(_opened, lane)
    senders = (_send_all(lane, channel, pace) for _ in range(many))
    for result in await asyncio.gather(*senders, return_exceptions=True):
        if isinstance(result, BaseException):
            log.error("a sender of %s stopped; its message is sent again", lane, exc_info=result)


def _opened(lane: Lane) -> Channel | SetupError:
    """The channel of the lane; or why there is none, for every message of it."""
    try:
        return channel_of(lane)
    except SetupError as error:
        return error


async def _send_all(lane: Lane, channel: Channel | SetupError, pace: Pace) -> None:
    lease_for = settings.TOCSIN.warn.lease_for
    async with await outgoing.connect() as rows:
        while True:
            await pace.wait()
            one = await outgoing.claim(rows, lane, lease_for=lease_for, now=timezone.now())
            if one is None:
                return
            await _send(rows, channel, one)


async def _send(rows: AsyncConnection, channel: Channel | SetupError, one: Claimed) -> None:
    try:
        if isinstance(channel, SetupError):
            raise channel
        receipt = await _hand_over(channel, one)
    except (ChannelError, SetupError) as error:
        plan = settings.TOCSIN.warn.retry_after
        done = settling_failure(one, error, now=timezone.now(), retry_after=plan)
    else:
        done = settling_sent(one, receipt, now=timezone.now())
    await outgoing.settle(rows, done)


async def _hand_over(channel: Channel, one: Claimed) -> Receipt:
    seconds = max(settings.TOCSIN.warn.lease_for.total_seconds() - MARGIN, 1.0)
    try:
        async with asyncio.timeout(seconds):
            to = Addressee(name=one.name, address=one.address)
            return await hand_over(channel, message_of(one, channel.form), to=to)
    except TimeoutError as error:
        raise OutcomeUnknown(
            f"The gateway of {channel.name} gave no answer in {seconds:.0f} seconds."
        ) from error


def channel_of(lane: Lane) -> Channel:
    """The channel that sends the messages of a lane.

    Raises:
        SetupError: there is none, or a setting of it is missing.
    """
    is_walled = lane.is_exercise and reaches_people(lane.channel)
    return channel_named(EXERCISES_GO_TO if is_walled else lane.channel)


@cache
def channel_named(name: str) -> Channel:
    """The channel, with this installation's settings.

    Raises:
        SetupError: there is none, or a setting of it is missing.
    """
    facts: Mapping[str, str] = settings.TOCSIN_CHANNELS.get(name, {})
    return open_channel(name, facts)


def message_of(one: Claimed, form: Form) -> Message:
    """The message as the channel is given it; one that may be there already says so."""
    doubt = _DOUBT.get(form, "") if one.is_perhaps_double else ""
    return Message(
        key=str(one.key),
        subject=one.subject,
        text=f"{doubt}{one.text}",
        is_exercise=one.is_exercise,
        link=one.link,
        code=one.code,
        is_again=one.is_perhaps_double,
    )


async def _first(*waits: Coroutine[None, None, bool], seconds: float) -> None:
    """Return when one of these is done, or the time is over."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
