"""Runs commands and queries off the event loop, each with its own connection from the pool."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
R = TypeVar("R")

_THREADS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="rows")


async def in_rows(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What the function gives; it may use the database, and its connection is given back."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_THREADS, partial(_call, partial(function, *args, **kwargs)))


def _call(function: Callable[[], R]) -> R:
    try:
        return function()
    finally:
        connection.close()
