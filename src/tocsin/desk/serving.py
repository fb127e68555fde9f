"""Runs pages and worker, together in one process or apart on several machines."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Iterable

import uvicorn

from tocsin.desk.asgi import application
from tocsin.desk.worker.loop import CONCURRENCY, work
from tocsin.posture.feed import LARGEST


def steady() -> None:
    """Short answers stay short beside long work: what is loaded is not looked through any more.

    Thousands of units are replaced each second. With Python's own figures everything that was
    ever imported would be searched for garbage every few seconds, for a tenth of a second; and who
    waits for the interpreter would wait five milliseconds each time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    sys.setswitchinterval(0.001)


async def serve_both(sockets: list[socket.socket]) -> None:
    """Serve pages and work in this process until it is told to stop."""
    steady()
    stop = _stop_on_signals()
    async with asyncio.TaskGroup() as group:
        group.create_task(_serve(sockets, stop), name="pages")
        group.create_task(work(stop), name="worker")


async def serve_pages(sockets: list[socket.socket]) -> None:
    """Serve pages in this process until it is told to stop."""
    steady()
    await _serve(sockets, _stop_on_signals())


async def serve_work(kinds: Iterable[str]) -> None:
    """Work in this process until it is told to stop: some of `hear`, `price`, `deliver`."""
    steady()
    kinds = set(kinds)
    queues = [name for name in CONCURRENCY if name in kinds]
    await work(_stop_on_signals(), queues=queues, sends="deliver" in kinds)


def _server() -> uvicorn.Server:
    config = uvicorn.Config(
        application,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        ws_max_size=LARGEST,
        ws_per_message_deflate=False,
    )
    return uvicorn.Server(config)


async def _serve(sockets: list[socket.socket], stop: asyncio.Event) -> None:
    server = _server()
    # uvicorn takes the signals while it serves: it ends, and the worker is told to.
    running = asyncio.create_task(server.serve(sockets), name="uvicorn")
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
