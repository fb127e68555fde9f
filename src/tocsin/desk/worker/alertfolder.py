"""Takes alerts from the watched folder, and leaves our answers beside them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tocsin.desk.records.commands.alerts import MOST_BYTES, AlertOffer, receive_alerts
from tocsin.desk.records.commands.answering import FOLDER, leave_answers
from tocsin.desk.records.queries import the_center
from tocsin.errors import InputError, SetupError
from tocsin.intake import Arrival, open_source

log = logging.getLogger("tocsin.alerts")

WAY_OUT = "Correct TOCSIN_CAP_FOLDER, or let the service's user read and write there."


def take_alerts(*, now: datetime) -> int:
    """Every file that lies ready is on record, or put aside with its reason beside it.

    Raises:
        SetupError: the folder cannot be used, or it is not said whose alerts these are.
    """
    source = open_source(f"folder://{settings.TOCSIN_CAP_FOLDER}")
    with _naming_the_folder():
        arrivals = source.arrivals(now=now)
    for arrival in arrivals:
        refusal = _take(arrival, now=now)
        with _naming_the_folder():
            source.settle(arrival, refusal=refusal)
    with _naming_the_folder():
        if _taken().is_dir():
            leave_answers(_taken(), now=now)
    return len(arrivals)


@contextmanager
def _naming_the_folder() -> Iterator[None]:
    try:
        yield
    except (SetupError, OSError) as error:
        what = error.what if isinstance(error, SetupError) else f"{error}."
        raise SetupError(f"The folder of alerts: {what}", way_out=WAY_OUT) from error


def _take(arrival: Arrival, *, now: datetime) -> str:
    """Why the file was refused; empty where it was taken."""
    center = the_center(settings.TOCSIN_CAP_CENTER)
    try:
        with arrival.recording.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        # It is put aside all the same, so that it holds up no other.
        return f"{arrival.name} cannot be read: {error.strerror}."
    offer = AlertOffer(
        center=center, source=FOLDER, actor="system:folder", name=arrival.name, content=content
    )
    try:
        receive_alerts(offer, now=now)
    except InputError as error:
        log.warning("%s was refused: %s", arrival.name, type(error).__name__)
        return error.for_person()
    return ""


def _taken() -> Path:
    return Path(settings.TOCSIN_CAP_FOLDER) / "taken"
