"""Plays the demonstration call into the record, and lets the demonstration's cars drive."""

import json
from datetime import datetime, timedelta

from tocsin.assess import Act, Role
from tocsin.desk import demo
from tocsin.desk.demo import patrol
from tocsin.desk.demo.patrol import Driver
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import require, staff_of
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.desk.records.commands.units import take_message
from tocsin.desk.records.duty import off_duty
from tocsin.desk.records.ground import areas_of, rings_of
from tocsin.desk.records.models import Call, Order, UnitSource
from tocsin.errors import NotFound
from tocsin.posture import Measure

LASTS = timedelta(seconds=37)
PATROL = "demonstration"
"""Name of the source of the demonstration's cars."""

DRIVES_FOR = timedelta(hours=2)


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
    _start_patrol(center, now=now)
    return receive(offer, now=now).call


def move_patrol(*, now: datetime) -> int:
    """The demonstration's cars are where they are by now; two hours after the play they stop."""
    source = UnitSource.objects.filter(name=PATROL, center__key=demo.CENTER, is_active=True).first()
    if source is None:
        return 0
    drivers = _drivers(source.center, now=now)
    if source.due_at is None or now >= source.due_at:
        take_message(source, patrol.stop(drivers, now=now), now=now)
        UnitSource.objects.filter(pk=source.pk).update(is_active=False)
        return len(drivers)
    message = patrol.reports(
        drivers, _grounds(source.center), ordered_at=_ordered_at(source.center), now=now
    )
    return take_message(source, message, now=now).taken


def _start_patrol(center: Agency, *, now: datetime) -> None:
    facts = {"kind": "native", "is_active": True, "due_at": now + DRIVES_FOR}
    UnitSource.objects.update_or_create(center=center, name=PATROL, defaults=facts)


def _drivers(center: Agency, *, now: datetime) -> list[Driver]:
    """The officers of the center's police and sheriff who work now and have a call sign."""
    kinds = [Agency.Kind.POLICE, Agency.Kind.SHERIFF]
    people = staff_of(center).filter(agency__kind__in=kinds, roles__contains=[Role.OFFICER.value])
    off = off_duty(people, now=now)
    return [
        Driver(
            login=one.login,
            name=one.name,
            call_sign=one.unit,
            agency=one.agency.key,
            role="supervisor" if Role.SUPERVISOR.value in one.roles else "officer",
        )
        for one in people
        if one.unit and one.pk not in off
    ]


def _grounds(center: Agency) -> dict[str, tuple[float, float]]:
    """The middle of each agency's ground: longitude and latitude."""
    found: dict[str, tuple[float, float]] = {}
    for area in areas_of(center):
        ring = [pair for ring in rings_of(area) for pair in ring]
        middle = (
            sum(lon for lon, _ in ring) / len(ring),
            sum(lat for _, lat in ring) / len(ring),
        )
        found |= {agency.key: middle for agency in area.agencies.all()}
    return found


def _ordered_at(center: Agency) -> datetime | None:
    """Since when two ride together: the first order in force that demands it."""
    rows = Order.objects.filter(
        threat__center=center,
        state=Order.State.IN_FORCE,
        measures__contains=[Measure.TWO_TO_A_CAR.value],
    )
    return rows.order_by("ordered_at").values_list("ordered_at", flat=True).first()


def _played_at(recording: bytes, now: datetime) -> bytes:
    """The WAV file with a note of the moment behind the sound: each play is a recording of its own.

    The same bytes twice would be the same call.
    """
    note = now.isoformat().encode().ljust(32)
    chunk = b"note" + len(note).to_bytes(4, "little") + note
    body = recording[8:] + chunk
    return b"RIFF" + len(body).to_bytes(4, "little") + body
