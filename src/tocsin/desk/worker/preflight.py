"""Pre-flight: asks every channel whether it works, and has the record looked through."""

import asyncio
from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from tocsin.desk.records.boards.preflight import findings_in
from tocsin.desk.records.commands.preflight import run_preflight
from tocsin.desk.records.preflight import is_any_due, used_channels
from tocsin.desk.worker.rows import in_rows
from tocsin.desk.worker.sending import channel_named
from tocsin.errors import Error, SetupError, Unreachable
from tocsin.warn import CHANNELS, reaches_people
from tocsin.warn.preflight import ChannelState, Finding

ANSWERS_IN = 20.0
"""Seconds that a channel has to say whether it works."""


async def run_due() -> None:
    """The pre-flight has run where it is due: asked for, or at its time of the day."""
    if await in_rows(is_any_due, now=timezone.now()):
        states = await check_channels(await in_rows(used_channels))
        await in_rows(run_preflight, states, now=timezone.now())


def look_now(*, actor: str) -> list[Finding]:
    """What pre-flight finds now in all centers, each thing once; kept, whether due or not."""
    states = asyncio.run(check_channels(used_channels()))
    rows = run_preflight(states, now=timezone.now(), actor=actor, is_asked=True)
    return list(dict.fromkeys(one for row in rows for one in findings_in(row)))


async def check_channels(used: Iterable[str]) -> tuple[ChannelState, ...]:
    """What each channel says of itself: all that are used, and all that are set up."""
    known = set(used) & CHANNELS.keys()
    names = sorted(known | {name for name in settings.TOCSIN_CHANNELS if _is_set_up(name)})
    return tuple(await asyncio.gather(*(_check(name) for name in names)))


async def _check(name: str) -> ChannelState:
    trouble = ""
    try:
        async with asyncio.timeout(ANSWERS_IN):
            await channel_named(name).check()
    except TimeoutError:
        trouble = Unreachable(f"It gave no answer in {ANSWERS_IN:.0f} seconds.").for_person()
    except Error as error:
        trouble = error.for_person()
    return ChannelState(name=name, trouble=trouble, reaches_people=reaches_people(name))


def _is_set_up(name: str) -> bool:
    """Whether its settings are there; one that nobody uses and nobody set up is no fault."""
    try:
        channel_named(name)
    except SetupError:
        return False
    return True
