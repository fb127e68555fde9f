"""The command `tocsin corrections`: what people corrected, written out for training by hand."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from tocsin.errors import InputError
from tocsin.terminal import make_tables, says_errors, start_desk

ONLY_OWNER = 0o600


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@says_errors
def corrections(*, file: Path) -> None:
    """Write what people corrected of the machine's readings to FILE, a line of JSON each.

    The lines hold the words of callers: evidence and personal data. They are for a person who
    trains a reading by hand; Tocsin itself never trains on them. The export stands in the log.
    """
    start_desk()
    make_tables()
    from django.utils import timezone

    from tocsin.desk.records.commands.corrections import export_corrections

    with _new_file(file) as opened:
        done = export_corrections(opened, actor="system:command", now=timezone.now())
    many = f"{done.corrections} correction{'' if done.corrections == 1 else 's'}"
    click.echo(
        f"{many}, {done.exercises} of them of exercises, are in {file} (SHA-256 {done.sha256})."
    )
    click.echo(
        "The texts are what callers said: evidence and personal data. Keep the file where only "
        "those may read it who may read the calls, and remove it when it is no longer needed. "
        "That it was written is in the log."
    )


@contextmanager
def _new_file(file: Path) -> Iterator[BinaryIO]:
    """A file that nobody else may read; it has its name only once all of it is written and logged.

    Raises:
        InputError: it is there already, or cannot be written.
    """
    part = file.with_name(f"{file.name}.part")
    if file.exists():
        raise InputError(f"{file} is there already.", way_out="Name a file that is not there.")
    try:
        number = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWNER)
    except OSError as error:
        raise InputError(f"{part} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(number, "wb") as opened:
            yield opened
        # Fails where the name was taken meanwhile, and replaces nothing.
        os.link(part, file)
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error
    finally:
        part.unlink(missing_ok=True)
