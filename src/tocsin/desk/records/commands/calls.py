"""What the worker writes of a call: what was heard, what was read, or why it could not be."""

from datetime import datetime

from django.db import transaction

from tocsin.desk.records import log
from tocsin.desk.records.commands.blue import ask_again
from tocsin.desk.records.commands.exhibits import Piece, record_exhibit
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.commands.threats import open_by_machine, redraft
from tocsin.desk.records.jobs import Job, defer
from tocsin.desk.records.models import Call, Exhibit, Hearing, Statement
from tocsin.desk.records.values import as_json
from tocsin.errors import Error
from tocsin.evidence import Sealed, digest_of
from tocsin.listen import Hearing as Heard
from tocsin.read import Level
from tocsin.read import Statement as Read

WORKER = "system:worker"


@transaction.atomic
def record_hearing(call: Call, heard: Heard, playable: Sealed, *, now: datetime) -> Hearing:
    """The hearing is on record as a new version, and is going to be read.

    The same hearing a second time changes nothing.
    """
    log.hold(call.center)
    body = as_json(heard)
    digest = digest_of(body)
    known = call.hearings.filter(digest=digest).first()
    if known:
        return known
    hearing = Hearing.objects.create(
        call=call,
        version=call.hearings.count() + 1,
        playable=_derivative(call, heard, playable, now=now),
        body=body,
        digest=digest,
        heard_at=now,
    )
    call.state, call.trouble = Call.State.HEARD, ""
    call.save(update_fields=["state", "trouble"])
    log.append(
        call.center,
        "heard",
        f"call:{call.number}",
        actor=WORKER,
        now=now,
        facts={
            "version": hearing.version,
            "engine": heard.engine,
            "model_sha256": heard.model_digest,
            "hearing_sha256": digest,
        },
    )
    defer(Job.READ, call.pk)
    return hearing


@transaction.atomic
def record_trouble(call: Call, error: Error, *, now: datetime) -> None:
    """The page of the call says why it could not be heard, and a task asks somebody to listen."""
    log.hold(call.center)
    call.state, call.trouble = Call.State.NOT_HEARD, error.for_person()
    call.save(update_fields=["state", "trouble"])
    log.append(
        call.center,
        "not heard",
        f"call:{call.number}",
        actor=WORKER,
        now=now,
        facts={"error": type(error).__name__},
    )
    raise_task(
        call.center,
        "not heard",
        f"call:{call.number}",
        f"{call.number} could not be heard: listen to it. {call.trouble}",
        now=now,
    )


@transaction.atomic
def record_statement(
    call: Call, read: Read, text: str, *, hearing: Hearing | None, now: datetime
) -> Statement:
    """The reading is on record; one that reaches *flag* opens a threat with a drafted bulletin.

    The same reading a second time changes nothing.
    """
    log.hold(call.center)
    body = as_json(read)
    digest = digest_of(body)
    known = call.statements.filter(digest=digest, hearing=hearing).first()
    if known:
        return known
    statement = Statement.objects.create(
        call=call,
        version=call.statements.count() + 1,
        hearing=hearing,
        kind=read.kind.value,
        text=text,
        level=read.level.value,
        body=body,
        digest=digest,
        read_at=now,
    )
    log.append(
        call.center,
        "read",
        f"call:{call.number}",
        actor=WORKER,
        now=now,
        facts={"version": statement.version, "level": read.level, "statement_sha256": digest},
    )
    if read.level is Level.FLAG and not call.threats.exists():
        open_by_machine(call, now=now)
    for threat in call.threats.all():
        redraft(threat, now=now)
        ask_again(threat, now=now)
    return statement


def _derivative(call: Call, heard: Heard, playable: Sealed, *, now: datetime) -> Exhibit:
    piece = Piece(
        sealed=playable,
        kind=Exhibit.Kind.DERIVATIVE,
        name=f"{call.number}-16k.wav",
        parent=call.recording,
        made_by=f"decoded from {heard.quality.codec} to PCM, 16 kHz, one channel",
    )
    return record_exhibit(piece, center=call.center, actor=WORKER, now=now)
