"""The worker's loop: queues, sweep, watched folder, and the care of stalled jobs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import cast

from django.conf import settings
from django.utils import timezone
from procrastinate import App
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from tocsin.desk.records.jobs import NAMESPACE
from tocsin.desk.worker import preflight
from tocsin.desk.worker.alertfolder import take_alerts
from tocsin.desk.worker.folder import take_arrivals
from tocsin.desk.worker.jobs import blueprint
from tocsin.desk.worker.polling import Poller
from tocsin.desk.worker.rows import in_rows
from tocsin.desk.worker.sending import Senders
from tocsin.desk.worker.sweep import SLOW_STEPS, sweep
from tocsin.desk.worker.unitfeeds import UnitFeeds
from tocsin.desk.worker.watching import EVERY as LOOKS
from tocsin.desk.worker.watching import Watcher

log = logging.getLogger("tocsin.worker")

CONCURRENCY = {"hear": 1, "price": 1}
"""Jobs of each queue at once: hearing takes every core, a price one for seconds."""

SLOW = 15.0
"""Seconds between two looks at who has come on duty, and two proofs of the ladders."""

ASKED = 2.0
"""Seconds between two looks at whether a pre-flight is due."""

HEARTBEAT = 1.0
"""Seconds between two signs of life."""

SILENT_FOR = 5.0
"""Seconds without a sign of life after which a worker is taken for dead, and its jobs run again."""


async def work(
    stop: asyncio.Event, *, queues: Iterable[str] = tuple(CONCURRENCY), sends: bool = True
) -> None:
    """Work until `stop` is set; jobs and messages in hand are finished first."""
    # An App of its own: Django's defers jobs on the connection of the command, in its transaction,
    # also where worker and pages share this process.
    connector = cast(DjangoConnector, django_app.connector)
    application = App(connector=connector.get_worker_connector())
    application.add_tasks_from(blueprint, namespace=NAMESPACE)
    async with application.open_async(), asyncio.TaskGroup() as group:
        workers = [
            group.create_task(_run_queue(application, queue), name=f"queue {queue}")
            for queue in queues
        ]
        group.create_task(_every(1.0, _sweep, stop), name="sweep")
        group.create_task(_every(SLOW, _sweep_slowly, stop), name="slow sweep")
        group.create_task(_every(LOOKS, Watcher().tick, stop), name="watch")
        if sends:
            group.create_task(Senders().run(stop), name="senders")
            group.create_task(_every(ASKED, preflight.run_due, stop), name="pre-flight")
        care = partial(_retry_stalled, application)
        group.create_task(_every(SILENT_FOR, care, stop), name="stalled")
        if settings.TOCSIN_WATCH_FOLDER:
            group.create_task(_every(1.0, _watch, stop), name="folder")
        if settings.TOCSIN_CAP_FOLDER:
            group.create_task(_every(1.0, _watch_alerts, stop), name="folder of alerts")
        poller = Poller()
        group.create_task(_every(1.0, poller.tick, stop), name="feeds")
        unit_feeds = UnitFeeds()
        group.create_task(_every(1.0, unit_feeds.tick, stop), name="units' feeds")
        await stop.wait()
        await poller.close()
        await unit_feeds.close()
        for worker in workers:
            worker.cancel()


async def _run_queue(application: App, queue: str) -> None:
    try:
        await application.run_worker_async(
            queues=[queue],
            name=queue,
            concurrency=CONCURRENCY[queue],
            install_signal_handlers=False,
            fetch_job_polling_interval=1.0,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=SILENT_FOR,
            shutdown_graceful_timeout=20.0,
            delete_jobs="successful",
        )
    except asyncio.CancelledError:
        log.info("queue %s stopped", queue)


async def _every(seconds: float, step: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
    """Take the step again and again; a step that fails is logged, and tried again next time."""
    while not stop.is_set():
        try:
            await step()
        except Exception:
            log.exception("%s failed", step)
        try:
            await asyncio.wait_for(stop.wait(), timeout=seconds)
        except TimeoutError:
            continue


async def _sweep() -> None:
    await in_rows(sweep, now=timezone.now())


async def _sweep_slowly() -> None:
    await in_rows(sweep, SLOW_STEPS, now=timezone.now())


async def _watch() -> None:
    await in_rows(take_arrivals, now=timezone.now())


async def _watch_alerts() -> None:
    await in_rows(take_alerts, now=timezone.now())


async def _retry_stalled(application: App) -> None:
    """Jobs of a worker that has gone silent run again."""
    jobs = await application.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_FOR)
    for job in jobs:
        log.warning("job %s of a silent worker runs again", job.id)
        await application.job_manager.retry_job(job)
