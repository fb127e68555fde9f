"""What happens to something that was sent to us: it becomes a call, or is refused with a trace."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.exhibits import Piece, record_exhibit
from tocsin.desk.records.commands.tasks import finish_tasks_about, raise_task
from tocsin.desk.records.jobs import Job, defer
from tocsin.desk.records.models import Arrival, Call, Exhibit
from tocsin.errors import EmptyRecording, InputError, MissingReason, TooLarge
from tocsin.evidence import Sealed, Sealing, open_store, seal
from tocsin.intake import LARGEST, CallFacts, parse_facts, plain_name, plain_text, recognise_number
from tocsin.listen import probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something sent to a center.

    Attributes:
        center: the dispatch center it was sent to.
        source: page, api, folder, command or demo.
        actor: the person, or `key:NAME` and `system:PART` for machines.
        name: the file's name as it arrived.
        recording: bytes that are sealed already; None where none came.
        call_data: JSON as it arrived; None where none came.
        note: what was typed.
        fault: why the recording did not arrive whole; None where it did.
    """

    center: Agency
    source: str
    actor: Person | str
    name: str = ""
    recording: Sealed | None = None
    call_data: bytes | None = None
    note: str = ""
    fault: InputError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What became of an accepted offer: its call, and whether that was here before."""

    call: Call
    is_new: bool


def receive(offer: Offer, *, now: datetime) -> Received:
    """Make a call of what was sent, or find the call that it is already part of.

    Raises:
        NotAllowed: the person may not submit calls; nothing is written.
        InputError: it cannot be used. The bytes that arrived stay sealed, the refusal is in the
            log and among the tasks, and no call exists.
    """
    if isinstance(offer.actor, Person):
        require(offer.actor, Act.SUBMIT_CALL)
    sealed_data = _seal_call_data(offer)
    try:
        facts = _understand(offer, now=now)
    except InputError as error:
        _refuse(offer, sealed_data, error, now=now)
        raise
    with transaction.atomic():
        log.hold(offer.center)
        known = _find_known(offer)
        call = known or _open_call(offer, facts, now=now)
        outcome = Arrival.Outcome.LINKED if known else Arrival.Outcome.ACCEPTED
        _write_arrival(offer, sealed_data, outcome=outcome, call=call, now=now)
        return Received(call=call, is_new=known is None)


@transaction.atomic
def adopt(arrival: Arrival, *, because: str, person: Person, now: datetime) -> Call:
    """A refused arrival is a call after all, by this person's word; the one it is already, if so.

    Raises:
        NotAllowed: the person may not submit calls.
        MissingReason: he does not say why.
    """
    require(person, Act.SUBMIT_CALL)
    if not because.strip():
        raise MissingReason("It is not said why this is a call.", way_out="Say it in a sentence.")
    log.hold(arrival.center)
    arrival.refresh_from_db()
    if arrival.call:
        return arrival.call
    recording = arrival.recording
    real = Call.objects.filter(is_drill=False)
    known = real.filter(recording=recording).first() if recording else None
    call = known or _adopt(arrival, now=now)
    arrival.call, arrival.outcome = call, Arrival.Outcome.ACCEPTED
    arrival.save(update_fields=["call", "outcome"])
    log.append(
        arrival.center,
        "adopted",
        f"call:{call.number}",
        actor=person,
        now=now,
        facts={"arrival": arrival.pk, "because": because.strip()},
    )
    finish_tasks_about(f"arrival:{arrival.pk}", person=person, because=because, now=now)
    return call


def _adopt(arrival: Arrival, *, now: datetime) -> Call:
    call = Call.objects.create(
        number=log.next_number("C", now=now),
        center=arrival.center,
        state=Call.State.WAITING if arrival.recording else Call.State.NOTE_ONLY,
        recording=arrival.recording,
        received_at=arrival.arrived_at,
        note=arrival.note,
    )
    defer(Job.HEAR if arrival.recording else Job.READ, call.pk)
    return call


def seal_upload(chunks: Iterable[bytes]) -> tuple[Sealed, TooLarge | None]:
    """The bytes of a recording in the store; with a fault where only those before the limit are.

    Raises:
        StoreFailed: the store did not take them.
    """
    store = open_store(settings.TOCSIN_STORE)
    with Sealing(store, limit=settings.TOCSIN.upload_limit) as sealing:
        fault = None
        try:
            for chunk in chunks:
                sealing.feed(chunk)
        except TooLarge as error:
            fault = error
        return sealing.close(), fault


def _understand(offer: Offer, *, now: datetime) -> CallFacts:
    if offer.fault:
        raise offer.fault
    facts = parse_facts(offer.call_data, now=now) if offer.call_data is not None else CallFacts()
    if offer.recording is None:
        if not (offer.note or facts.note):
            raise EmptyRecording(
                "Nothing arrived: no recording and no note.",
                way_out="Choose the recording's file, or type what was said.",
            )
        return facts
    if offer.recording.size == 0:
        raise EmptyRecording(
            f"{plain_name(offer.name)} holds no bytes.",
            way_out="Export the recording again from the recorder, and send that file.",
        )
    store = open_store(settings.TOCSIN_STORE)
    with store.local(offer.recording.sha256) as path:
        probe(path, config=settings.TOCSIN.listen, name=offer.name)
    return facts


def _find_known(offer: Offer) -> Call | None:
    if offer.recording is None:
        return None
    return Call.objects.filter(
        center=offer.center, recording__sha256=offer.recording.sha256, is_drill=False
    ).first()


def _open_call(offer: Offer, facts: CallFacts, *, now: datetime) -> Call:
    number = log.next_number("C", now=now)
    caller = recognise_number(facts.ani)
    place = facts.location
    recording = _exhibit(offer, offer.recording, Exhibit.Kind.ORIGINAL, now=now)
    call = Call.objects.create(
        number=number,
        center=offer.center,
        state=Call.State.WAITING if recording else Call.State.NOTE_ONLY,
        recording=recording,
        received_at=now,
        started_at=facts.started_at,
        ended_at=facts.ended_at,
        ani=facts.ani,
        is_911_only=caller.is_911_only,
        handset=caller.handset,
        class_of_service=facts.class_of_service,
        carrier=facts.carrier,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        uncertainty=place.uncertainty if place else None,
        confidence=place.confidence if place else None,
        address=place.address if place else "",
        position=facts.position,
        note=plain_text("\n".join(part for part in (facts.note, offer.note) if part)),
        clock_offset=facts.clock_offset,
        is_demonstration=offer.source == "demo",
    )
    log.append(
        offer.center,
        "received",
        f"call:{number}",
        actor=offer.actor,
        now=now,
        facts={"source": offer.source, **_digests(offer.recording)},
    )
    defer(Job.HEAR if recording else Job.READ, call.pk)
    if recording and call.note:
        defer(Job.READ, call.pk)
    return call


def _refuse(offer: Offer, sealed_data: Sealed | None, error: InputError, *, now: datetime) -> None:
    with transaction.atomic():
        arrival = _write_arrival(
            offer, sealed_data, outcome=Arrival.Outcome.REFUSED, reason=error.for_person(), now=now
        )
        raise_task(
            offer.center,
            "refused arrival",
            f"arrival:{arrival.pk}",
            f"{arrival.name or 'A call'} from {offer.source} was refused. {error.for_person()}",
            now=now,
        )


def _write_arrival(
    offer: Offer,
    sealed_data: Sealed | None,
    *,
    outcome: Arrival.Outcome,
    now: datetime,
    call: Call | None = None,
    reason: str = "",
) -> Arrival:
    is_whole = offer.fault is None
    kind = Exhibit.Kind.ORIGINAL if is_whole else Exhibit.Kind.FRAGMENT
    arrival = Arrival.objects.create(
        center=offer.center,
        source=offer.source,
        actor=offer.actor if isinstance(offer.actor, str) else offer.actor.key,
        arrived_at=now,
        name=plain_name(offer.name) if offer.name else "",
        recording=_exhibit(offer, offer.recording, kind, now=now),
        call_data=_exhibit(offer, sealed_data, Exhibit.Kind.CALL_DATA, now=now),
        note=plain_text(offer.note),
        outcome=outcome,
        reason=reason,
        call=call,
    )
    log.append(
        offer.center,
        f"arrival {outcome}",
        f"call:{call.number}" if call else f"arrival:{arrival.pk}",
        actor=offer.actor,
        now=now,
        facts={"source": offer.source, **_digests(offer.recording), **_data_digest(sealed_data)},
    )
    return arrival


def _exhibit(
    offer: Offer, sealed: Sealed | None, kind: Exhibit.Kind, *, now: datetime
) -> Exhibit | None:
    if sealed is None or sealed.size == 0:
        return None
    name = plain_name(offer.name) if offer.name else kind.label
    piece = Piece(sealed=sealed, kind=kind, name=name)
    return record_exhibit(piece, center=offer.center, actor=offer.actor, now=now)


def _seal_call_data(offer: Offer) -> Sealed | None:
    if not offer.call_data:
        return None
    store = open_store(settings.TOCSIN_STORE)
    return seal([offer.call_data[: LARGEST + 1]], store=store, limit=LARGEST + 1)


def _digests(sealed: Sealed | None) -> dict[str, str]:
    return {"sha256": sealed.sha256, "sha512": sealed.sha512} if sealed else {}


def _data_digest(sealed: Sealed | None) -> dict[str, str]:
    return {"call_data_sha256": sealed.sha256} if sealed else {}
