"""Keeps what people correct of a reading, and writes it out for training when a person asks."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.db.models import Max

from tocsin.assess import Act, Role, may
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.correcting import (
    LONGEST_REASON,
    Amendment,
    Labels,
    amended,
    difference,
    labels_from,
    labels_json,
    machine_labels,
)
from tocsin.desk.records.models import Correction, Statement
from tocsin.desk.records.reading import is_outdated
from tocsin.desk.records.values import hearing_from, statement_from
from tocsin.errors import InputError, MissingReason, NotFound, OutOfTurn
from tocsin.evidence import digest_of
from tocsin.evidence.chain import Fact
from tocsin.read import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What an export wrote.

    Attributes:
        corrections: lines, one for each version.
        exercises: how many of them are of exercises.
        sha256: of all that was written.
    """

    corrections: int
    exercises: int
    sha256: str


@transaction.atomic
def correct(
    statement: Statement,
    given: Amendment,
    *,
    seen: int,
    reason: str,
    person: Person,
    now: datetime,
) -> Correction:
    """The person's version stands beside the machine's and all earlier ones, and counts.

    Nothing of the machine's changes, no threat and no bulletin.

    Args:
        statement: what the machine read.
        given: the whole correction.
        seen: the version that its author had before him; 0 for the machine's.
        reason: why, in a sentence.
        person: its author.
        now: when.

    Raises:
        NotAllowed: the person may not correct readings.
        MissingReason: there is no reason.
        InputError: words cannot be found in the text, or nothing is corrected.
        OutOfTurn: somebody corrected it meanwhile, or the call was read anew.
    """
    require(person, Act.CORRECT_READING)
    because = _sentence(reason)
    log.hold(statement.call.center)
    newest = statement.corrections.select_related("person").order_by("-version").first()
    _check_turn(statement, newest, seen)
    machine = machine_labels(statement_from(statement.body))
    before = labels_from(newest.body) if newest else machine
    heard = hearing_from(statement.hearing.body).words if statement.hearing else ()
    known: Sequence[Span] = (*machine.spans, *before.spans)
    labels = amended(given, statement.text, known=known, words=heard)
    if difference(before, labels).is_none:
        raise InputError(
            "Nothing was corrected: all is as it was.",
            way_out="Change what is wrong, or leave the reading as it is.",
        )
    body = {**labels_json(labels), "reason": because}
    row = Correction.objects.create(
        statement=statement,
        version=seen + 1,
        body=body,
        digest=digest_of(body),
        person=person,
        roles=[role for role in person.roles if may(frozenset({Role(role)}), Act.CORRECT_READING)],
        corrected_at=now,
    )
    _log(row, labels)
    return row


@transaction.atomic
def export_corrections(file: BinaryIO, *, actor: str, now: datetime) -> Exported:
    """All corrections are in the file, a line of JSON each, and the log of each center says so.

    Nothing else reads them: no model is ever trained on them but by a person, from this file.

    Raises:
        NotFound: nobody has corrected anything; nothing is written.
    """
    digest, exercises = hashlib.sha256(), 0
    centers: Counter[Agency] = Counter()
    for row in _all_corrections():
        line = _line(row)
        content = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        file.write(content)
        digest.update(content)
        exercises += line["exercise"]
        centers[row.statement.call.center] += 1
    if not centers:
        raise NotFound("Nobody has corrected a reading yet: there is nothing to write.")
    file.flush()
    for center, many in sorted(centers.items(), key=lambda one: one[0].key):
        facts: dict[str, Fact] = {"corrections": many, "file_sha256": digest.hexdigest()}
        subject = f"agency:{center.key}"
        log.append(center, "corrections exported", subject, actor=actor, now=now, facts=facts)
    return Exported(corrections=centers.total(), exercises=exercises, sha256=digest.hexdigest())


def _sentence(reason: str) -> str:
    because = " ".join(reason.split())
    if not because:
        raise MissingReason(
            "The correction has no reason.", way_out="Say in a sentence what it rests on."
        )
    if len(because) > LONGEST_REASON:
        raise InputError(f"The reason is longer than {LONGEST_REASON} characters.")
    if "\0" in because:
        raise InputError("The reason holds a null character.", way_out="Type it anew.")
    return because


def _check_turn(statement: Statement, newest: Correction | None, seen: int) -> None:
    if is_outdated(statement):
        raise OutOfTurn(
            f"{statement.call.number} was heard or read anew while this page was open, so this is "
            "no longer the reading that counts.",
            way_out="Go to the call's page and correct the new reading.",
        )
    version = newest.version if newest else 0
    if version != seen:
        who = newest.person.name if newest else "Nobody"
        yours = f"version {seen}" if seen else "the machine's reading"
        raise OutOfTurn(
            f"{who} corrected this reading while this page was open: version {version} counts now, "
            f"and yours was made from {yours}. What you entered is still here.",
            way_out="Look at that version; keep yours again only if it is to follow it.",
        )


def _log(row: Correction, labels: Labels) -> None:
    """The words and the reason are in the row; the entry holds their digest."""
    statement = row.statement
    log.append(
        statement.call.center,
        "reading corrected",
        f"call:{statement.call.number}",
        actor=row.person,
        now=row.corrected_at,
        facts={
            "statement": statement.version,
            "version": row.version,
            "speech_act": labels.speech_act.value,
            "form": labels.form.value,
            "spans": len(labels.spans),
            "correction_sha256": row.digest,
        },
    )


def _all_corrections() -> Iterator[Correction]:
    newest = Max("statement__corrections__version")
    rows = Correction.objects.select_related("statement__call__center").annotate(newest=newest)
    yield from rows.order_by("pk").iterator(chunk_size=500)


def _line(row: Correction) -> dict[str, Any]:
    """One correction as the training reads it: who made it by his role alone, and not why."""
    statement = row.statement
    call, read = statement.call, statement_from(statement.body)
    return {
        "id": f"{call.number}.{statement.version}.{row.version}",
        "kind": statement.kind,
        "text": statement.text,
        **_labels(labels_from(row.body)),
        "corrected_by": ", ".join(row.roles),
        "at": row.corrected_at.isoformat(),
        "version": row.version,
        "is_newest": row.version == row.newest,  # type: ignore[attr-defined] # annotated
        "exercise": call.is_demonstration or call.is_drill,
        "machine": {**_labels(machine_labels(read)), "level": read.level, "score": read.score},
    }


def _labels(labels: Labels) -> dict[str, Any]:
    return {
        "speech_act": labels.speech_act,
        "form": labels.form,
        "targets_police": labels.targets_police,
        "spans": [
            {"field": span.field, "start": span.start, "end": span.end, "text": span.text}
            for span in labels.spans
        ],
    }
