"""Many small writes as one: those that come while one is being committed share the next."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Came = TypeVar("Came")

MOST = 200
"""Writes in one transaction."""


class Together(Generic[Asked, Came]):
    """Hands what several threads ask at once to one call of `write`; each gets his own outcome.

    A shared write that fails is nobody's: each then writes for himself, so that what is wrong with
    one stops no other.

    Args:
        write: takes what was asked, and gives as many outcomes in the same order; an outcome that
            is an exception is raised where it was asked.
    """

    def __init__(self, write: Callable[[Sequence[Asked]], Sequence[Came | Exception]]) -> None:
        self._write = write
        self._waiting: list[tuple[Asked, Future[Came]]] = []
        self._list = Lock()
        self._turn = Lock()

    def ask(self, one: Asked) -> Came:
        """What came of it, once it is written."""
        mine: Future[Came] = Future()
        with self._list:
            self._waiting.append((one, mine))
        with self._turn:
            while not mine.done():
                self._write_next()
        if mine.cancelled():
            mine = Future()
            _settle(mine, self._write([one])[0])
        return mine.result()

    def _write_next(self) -> None:
        with self._list:
            taken, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        try:
            came = self._write([one for one, _ in taken])
        except Exception:  # noqa: BLE001 # whose it was is seen when each writes for himself
            for _, future in taken:
                future.cancel()
            return
        for (_, future), outcome in zip(taken, came, strict=True):
            _settle(future, outcome)


def _settle(future: Future[Came], outcome: Came | Exception) -> None:
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
