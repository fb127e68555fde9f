"""Runs pages and worker, together in one process or apart on several machines."""

import asyncio
import signal
from collections.abc import Iterable
from dataclasses import dataclass

import uvicorn

from tocsin.desk.worker.loop import work


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the pages are served: host name or address, and port."""

    host: str
    port: int


async def serve_both(place: Place) -> None:
    """Serve pages and work in this process until it is told to stop."""
    stop = _stop_on_signals()
    server = _server(place)
    async with asyncio.TaskGroup() as group:
        group.create_task(_serve(server, stop), name="pages")
        group.create_task(work(stop), name="worker")


async def serve_pages(place: Place) -> None:
    """Serve pages in this process until it is told to stop."""
    await _serve(_server(place), _stop_on_signals())


async def serve_work(queues: Iterable[str]) -> None:
    """Work in this process until it is told to stop."""
    await work(_stop_on_signals(), queues=queues)


def _server(place: Place) -> uvicorn.Server:
    from tocsin.desk.asgi import application  # noqa: PLC0415 # makes Django ready when imported

    config = uvicorn.Config(
        application,
        host=place.host,
        port=place.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    return uvicorn.Server(config)


async def _serve(server: uvicorn.Server, stop: asyncio.Event) -> None:
    # uvicorn takes the signals while it serves: it ends, and the worker is told to.
    running = asyncio.create_task(server.serve(), name="uvicorn")
    stopping = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    # Whichever came first, the other ends with it.
    server.should_exit = True
    stop.set()
    await running
    await stopping


def _stop_on_signals() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
