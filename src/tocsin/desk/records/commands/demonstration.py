"""Plays the demonstration call into the record."""

import json
from datetime import datetime, timedelta

from tocsin.assess import Act
from tocsin.desk import demo
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.desk.records.models import Call
from tocsin.errors import NotFound

LASTS = timedelta(seconds=37)


def play_demonstration(*, actor: Person | str, now: datetime) -> Call:
    """A new call of the demonstration county, marked as one; every message of it says EXERCISE.

    Raises:
        NotAllowed: the person may not submit calls.
        NotFound: the demonstration county is not loaded here.
    """
    if isinstance(actor, Person):
        require(actor, Act.SUBMIT_CALL)
    center = Agency.objects.filter(key=demo.CENTER).first()
    if center is None:
        raise NotFound(
            "The demonstration county is not loaded in this installation.",
            way_out="Start an empty installation with 'tocsin run' to have it.",
        )
    facts = json.loads(demo.call_data()) | {
        "started_at": (now - LASTS).isoformat(),
        "ended_at": now.isoformat(),
    }
    recording, _ = seal_upload([_played_at(demo.recording(), now)])
    offer = Offer(
        center=center,
        source="demo",
        actor=actor,
        name="demonstration.wav",
        recording=recording,
        call_data=json.dumps(facts).encode(),
    )
    return receive(offer, now=now).call


def _played_at(recording: bytes, now: datetime) -> bytes:
    """The WAV file with a note of the moment behind the sound: each play is a recording of its own.

    The same bytes twice would be the same call.
    """
    note = now.isoformat().encode().ljust(32)
    chunk = b"note" + len(note).to_bytes(4, "little") + note
    body = recording[8:] + chunk
    return b"RIFF" + len(body).to_bytes(4, "little") + body
