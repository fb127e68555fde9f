"""A center's own calls and cars, given as files: read first, then sealed, then on record."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
from django.conf import settings
from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.exhibits import Piece, record_exhibit
from tocsin.desk.records.models import CallHistory, Exhibit, Roster
from tocsin.desk.records.pricing import columns_as_json
from tocsin.errors import InputError, TooLarge
from tocsin.evidence import Sealed, open_store, seal
from tocsin.evidence.chain import Fact
from tocsin.intake import plain_name
from tocsin.posture.price import Columns, read_history, read_roster
from tocsin.posture.price.table import MOST_BYTES

KEPT = 300
"""Types and beats whose calls are counted on the row; the others are in the file."""


def may_give(person: Person) -> bool:
    """Whether the person may give calls and cars: an administrator, or who orders postures."""
    return person.may(Act.ADMINISTER) or person.may(Act.ORDER_POSTURE)


def give_history(
    center: Agency, raw: bytes, columns: Columns, *, name: str, person: Person, now: datetime
) -> CallHistory:
    """Prices of the center's orders are computed from these calls from now on.

    Raises:
        NotAllowed: the person may neither administer nor order postures.
        TooLarge: the file is larger than is read; nothing is kept.
        InputError: names the line that cannot be read; nothing is kept.
        StoreFailed: the store did not take it.
    """
    _require(person)
    read = read_history(_bounded(raw), columns)
    calls = read.history.calls
    if not calls:
        raise InputError("The file holds no call.", way_out="Look at what is left out.")
    sealed = _seal(raw)
    with transaction.atomic():
        log.hold(center)
        exhibit = _record(sealed, name, center=center, person=person, now=now)
        row = CallHistory.objects.create(
            center=center,
            exhibit=exhibit,
            name=plain_name(name),
            read_at=now,
            by=person,
            columns=columns_as_json(columns),
            calls=len(calls),
            first_at=calls[0].at,
            last_at=calls[-1].at,
            kinds=_counted(call.kind for call in calls),
            priorities=_counted(str(call.priority) for call in calls),
            beats=_counted(call.beat for call in calls if call.beat),
            doubts=[*_left_out(read.left_out, read.repeated), *read.doubts],
        )
        facts: dict[str, Fact] = {"sha256": sealed.sha256, "calls": len(calls), "rows": read.rows}
        log.append(center, "calls given", f"history:{row.pk}", actor=person, now=now, facts=facts)
    return row


def give_roster(center: Agency, raw: bytes, *, name: str, person: Person, now: datetime) -> Roster:
    """Prices of the center's orders are computed with these cars from now on.

    Raises:
        NotAllowed: the person may neither administer nor order postures.
        TooLarge: the file is larger than is read; nothing is kept.
        InputError: names the line or beat that cannot be; nothing is kept.
        StoreFailed: the store did not take it.
    """
    _require(person)
    read = read_roster(_bounded(raw))
    sealed = _seal(raw)
    most = int(np.array([beat.cars for beat in read.beats]).sum(axis=0).max())
    with transaction.atomic():
        log.hold(center)
        row = Roster.objects.create(
            center=center,
            exhibit=_record(sealed, name, center=center, person=person, now=now),
            name=plain_name(name),
            read_at=now,
            by=person,
            beats=len(read.beats),
            most_cars=most,
        )
        facts: dict[str, Fact] = {
            "sha256": sealed.sha256,
            "beats": len(read.beats),
            "most_cars": most,
        }
        log.append(center, "roster given", f"roster:{row.pk}", actor=person, now=now, facts=facts)
    return row


def _require(person: Person) -> None:
    if not may_give(person):
        require(person, Act.ORDER_POSTURE)


def _bounded(raw: bytes) -> bytes:
    if len(raw) > MOST_BYTES:
        raise TooLarge(
            f"The file has more than {MOST_BYTES:,} bytes.", way_out="Give fewer months."
        )
    return raw


def _seal(raw: bytes) -> Sealed:
    return seal([raw], store=open_store(settings.TOCSIN_STORE), limit=MOST_BYTES)


def _record(sealed: Sealed, name: str, *, center: Agency, person: Person, now: datetime) -> Exhibit:
    piece = Piece(sealed=sealed, kind=Exhibit.Kind.TABLE, name=plain_name(name))
    return record_exhibit(piece, center=center, actor=person, now=now)


def _counted(words: Iterable[str]) -> dict[str, int]:
    """How often each word comes, the most frequent first; not more than are kept."""
    return dict(Counter(words).most_common(KEPT))


def _left_out(kinds: Mapping[str, int], repeated: int) -> list[str]:
    said = [f"{many:,} rows of the type {kind} are left out." for kind, many in kinds.items()]
    return [*said, f"{repeated:,} rows repeat a number."] if repeated else said
