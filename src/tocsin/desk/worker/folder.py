"""Takes recordings from the watched folder into the record."""

import logging
from datetime import datetime
from functools import partial

from django.conf import settings

from tocsin.desk.people.models import Agency
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.errors import InputError, SetupError
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
    center = _center()
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


def _center() -> Agency:
    """The center whose recorder writes to the folder: the one named, or the only one there is."""
    centers = Agency.objects.filter(kind=Agency.Kind.DISPATCH)
    if settings.TOCSIN_WATCH_CENTER:
        centers = centers.filter(key=settings.TOCSIN_WATCH_CENTER)
    found = list(centers[:2])
    if len(found) != 1:
        raise SetupError(
            "It is not said which dispatch center the watched folder belongs to.",
            way_out="Set TOCSIN_WATCH_CENTER to the key of a dispatch center.",
        )
    return found[0]
