"""A process of its own for work that takes long, so that pages and messages never wait for it."""

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from tocsin.errors import OverBudget

T = TypeVar("T")
Work = TypeVar("Work")

MEEK = 10
"""How much a child that computes yields to the processes that tell people (see nice(2))."""


class Child:
    """One child process; made anew when it died. It ends when its parent does."""

    def __init__(self, name: str, *, way_out: str, is_meek: bool = False) -> None:
        self._name = name
        self._way_out = way_out
        self._is_meek = is_meek
        self._pool: ProcessPoolExecutor | None = None

    async def do(self, function: Callable[[Work], T], work: Work) -> T:
        """What the function gives in the child.

        Raises:
            OverBudget: the child was killed.
        """
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(
                1, mp_context=context, initializer=_begin, initargs=(self._is_meek,)
            )
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, function, work)
        except BrokenProcessPool as error:
            self._pool = None
            raise OverBudget(
                f"The process that was {self._name} was killed, perhaps for its memory.",
                way_out=f"{self._way_out} The administrator finds more in the log.",
            ) from error

    def close(self) -> None:
        """End the child."""
        if self._pool:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None


def _begin(is_meek: bool) -> None:
    if is_meek:
        os.nice(MEEK)
    follow_parent()


def follow_parent() -> None:
    """The child ends when the worker does, also when that was killed."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent:
            parent.join()
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
