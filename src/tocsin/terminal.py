"""What every command shares: errors as sentences, a sign of life, the desk made ready."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from rich.console import Console

from tocsin.errors import Error

P = ParamSpec("P")
R = TypeVar("R")

REFUSED = 2
"""Exit status where an input or a setting is at fault."""


def says_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Show our errors as the sentences they carry, and exit with `REFUSED`."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except Error as error:
            click.echo(f"tocsin: {error.for_person()}", err=True)
            sys.exit(REFUSED)

    return run


@contextmanager
def waiting(words: str) -> Iterator[Callable[[str], None]]:
    """Show on a terminal that something is being done; nothing where nobody looks."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(words) as status:
        yield lambda now: status.update(f"{words} {now}")


def start_desk(*, address: str = "") -> None:
    """Make Django ready over the database of this installation."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.desk.settings")
    if address:
        os.environ.setdefault("TOCSIN_ADDRESS", address)
    from tocsin.desk.database import ensure_database

    with waiting("starting the database"):
        ensure_database()
    import django

    django.setup()


def make_tables() -> None:
    """The tables are up to date."""
    from tocsin.desk import setup

    setup.make_tables()
