"""The command line: `tocsin --help`. Reading and hearing need no database."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import IO, Any, ParamSpec, TypeVar

import click
from rich.console import Console

from tocsin import __version__
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
def waiting(words: str) -> Iterator[None]:
    """Show on a terminal that something is being done; nothing where nobody looks."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 90})
@click.version_option(__version__, prog_name="tocsin")
def main() -> None:
    """From a threatening emergency call to every officer warned, with the evidence intact."""


@main.command()
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line, in and out.")
@click.option(
    "--county",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="County file whose places and agencies are recognised.",
)
@says_errors
def read(jsonl: bool, county: Path | None) -> None:  # noqa: FBT001 # click gives it so
    """Read texts from standard input: whose threat is it, and which words say so?

    Each line holds {"id", "text", "kind"}, where kind is asr, transcript or note. Each answer is
    one line. A line that cannot be read is answered with {"id", "error"}, and the exit status
    is 2 at the end. No database is needed.
    """
    from tocsin.read.lines import read_lines

    sys.exit(REFUSED if read_lines(sys.stdin, sys.stdout, county=county) else 0)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Everything, for a program.")
@says_errors
def hear(file: Path, as_json: bool) -> None:  # noqa: FBT001 # click gives it so
    """Hear one recording: its words with their doubts, its facts, and what was read in it.

    No database is needed.
    """
    from tocsin.config import ListenConfig
    from tocsin.pipeline import hear_and_read

    with waiting("listening ..."):
        heard, statement = hear_and_read(file, config=ListenConfig())
    value = {}
    click.echo(json.dumps(value) if as_json else heard.text)


def start_desk() -> None:
    """Make Django ready over the database of this installation."""
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.desk.settings")
    from tocsin.desk.database import ensure_database

    ensure_database()
    import django

    django.setup()


if __name__ == "__main__":
    main()


__all__: list[Any] = [IO]
