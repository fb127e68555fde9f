"""Takes recordings from the watched folder into the record."""

import logging
from datetime import datetime
from functools import partial

from django.conf import settings

from tocsin.desk.people.models import Agency
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.desk.records.queries import the_center
from tocsin.errors import InputError
from tocsin.intake import Arrival, open_source

log = logging.getLogger("tocsin.folder")

_CHUNK = 1 << 20


def take_arrivals(*, now: datetime) -> int:
    """Every recording that lies ready is a call, or refused with its reason beside it.

    Raises:
        SetupError: the folder cannot be read, or it is not said whose calls these are.
    """
    source = open_source(f"folder://{settings.TOCSIN_WATCH_FOLDER}")
    arrivals = source.arrivals(now=now)
    if not arrivals:
        return 0
    center = the_center(settings.TOCSIN_WATCH_CENTER)
    for arrival in arrivals:
        try:
            receive(_offer(arrival, center), now=now)
        except InputError as error:
            log.warning("%s was refused: %s", arrival.name, type(error).__name__)
            source.settle(arrival, refusal=error.for_person())
        else:
            source.settle(arrival)
    return len(arrivals)


def _offer(arrival: Arrival, center: Agency) -> Offer:
    with arrival.recording.open("rb") as file:
        recording, fault = seal_upload(iter(partial(file.read, _CHUNK), b""))
    return Offer(
        center=center,
        source="folder",
        actor="system:folder",
        name=arrival.name,
        recording=recording,
        call_data=arrival.call_data,
        fault=fault,
    )
