"""The jobs. Each reads what is to be done from the record, does it, and writes it down."""

import logging
from collections.abc import Awaitable, Callable

from django.utils import timezone
from procrastinate import Blueprint, JobContext, RetryStrategy

from tocsin.desk.records.commands import calls, prices
from tocsin.desk.records.commands.tasks import raise_given_up
from tocsin.desk.records.jobs import Job
from tocsin.desk.records.pricing import unpriced
from tocsin.desk.records.reading import unheard, unread
from tocsin.desk.worker.hearing import hear_recording
from tocsin.desk.worker.pricing import reckon
from tocsin.desk.worker.rows import in_rows
from tocsin.errors import Error, InputError, ListenFailed
from tocsin.read import read

log = logging.getLogger("tocsin.worker")

blueprint = Blueprint()
"""All jobs, for the worker's queue."""

TRIES = 5
"""Attempts before a job gives up and becomes a task; a second, four, nine, sixteen between."""


def job(name: Job) -> Callable[[Callable[[int], Awaitable[None]]], None]:
    """Register a job on a row; one that gives up raises a visible task."""

    def register(work: Callable[[int], Awaitable[None]]) -> None:
        @blueprint.task(
            name=name.value,
            pass_context=True,
            retry=RetryStrategy(max_attempts=TRIES, exponential_wait=2),
        )
        async def attempt(context: JobContext, pk: int) -> None:
            try:
                await work(pk)
            except Exception as error:
                log.exception("%s %s failed", name, pk)
                if context.job.attempts + 1 >= TRIES:
                    await in_rows(raise_given_up, name, pk, error, now=timezone.now())
                raise

    return register


@job(Job.HEAR)
async def hear(pk: int) -> None:
    """Hear the recording of a call, once."""
    call, recording = await in_rows(unheard, pk)
    if recording is None:
        return
    try:
        heard, playable = await hear_recording(recording.sha256, name=recording.name)
    except (ListenFailed, InputError) as error:
        await in_rows(calls.record_trouble, call, error, now=timezone.now())
        return
    await in_rows(calls.record_hearing, call, heard, playable, now=timezone.now())


@job(Job.READ)
async def read_call(pk: int) -> None:
    """Read every text of a call that has not been read."""
    call, texts = await in_rows(unread, pk)
    for text in texts:
        statement = read(
            text.text,
            kind=text.kind,
            gazetteer=text.gazetteer,
            words=text.words,
            started_at=text.started_at,
        )
        await in_rows(
            calls.record_statement,
            call,
            statement,
            text.text,
            hearing=text.hearing,
            now=timezone.now(),
        )


@job(Job.PRICE)
async def price_order(pk: int) -> None:
    """Compute the price of an order, once; what could not be computed says why."""
    asked = await in_rows(unpriced, pk)
    if asked is None:
        return
    try:
        reckoned = await reckon(asked)
    except Error as error:
        await in_rows(prices.record_price_trouble, pk, error, now=timezone.now())
        return
    await in_rows(prices.record_price, pk, reckoned, now=timezone.now())
