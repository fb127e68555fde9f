"""Takes in alerts from elsewhere: read, checked, verified, kept once; refused ones with a reason.

Nothing that comes in here changes a threat, a bulletin or a person. What follows from an alert is a
named person's act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from tocsin.desk.people.models import Agency
from tocsin.desk.records import log
from tocsin.desk.records.commands.exhibits import Piece, record_exhibit
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.foreign import (
    earlier_alerts,
    facts_of,
    found_in,
    ground_for,
    words_of_alert,
)
from tocsin.desk.records.models import Certificate, Exhibit, ForeignAlert
from tocsin.errors import BadAlert, InputError
from tocsin.evidence import open_store, seal
from tocsin.intake import plain_text
from tocsin.warn.cap import CapMessage, check_cap, open_alerts, verify_cap

MOST_BYTES = 4 * 1024 * 1024
"""Of one file or request, whatever it holds."""

LONGEST_NAME = 200
"""Characters of a sender or identifier."""

NEW, REFUSED = "alert from elsewhere", "refused alert"
"""Kinds of tasks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOffer:
    """Bytes that somebody gave us as an alert, or as several in one file.

    Attributes:
        center: the dispatch center it is for.
        source: `api`, `folder`, or the name of a feed.
        actor: `key:NAME` or `system:PART`.
        name: of the file, or the address in the feed.
        content: as they came, at most `MOST_BYTES` and one.
        is_asked_for: we fetched it ourselves: its feed has one task, not each alert.
    """

    center: Agency
    source: str
    actor: str
    name: str
    content: bytes
    is_asked_for: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One alert that is on record, and whether it is new."""

    row: ForeignAlert
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of an offer.

    Attributes:
        alerts: each alert in it that could be used.
        faults: a sentence on each that could not.
        links: addresses of alerts that the offer names and does not hold.
    """

    alerts: tuple[Kept, ...]
    faults: tuple[str, ...]
    links: tuple[str, ...]


def receive_alerts(offer: AlertOffer, *, now: datetime) -> Taken:
    """Every alert in the offer is on record once, with what is known of its signature.

    Raises:
        InputError: it holds no alert that can be used. Its bytes are sealed, and the refusal is on
            record; nothing else has changed.
    """
    try:
        taken = _take(offer, now=now)
        if not taken.alerts:
            raise _nothing(offer, taken)
    except InputError as error:
        refuse_alert(offer, error.for_person(), now=now)
        raise
    if taken.faults:
        refuse_alert(offer, " ".join(taken.faults), now=now)
    return taken


def read_feed(offer: AlertOffer, *, now: datetime) -> Taken:
    """Every alert in a feed's own file is on record once; where the others are is said.

    The file itself is not kept: it is another one each time. What is wrong with it is for the
    feed's own row.

    Raises:
        InputError: it is no feed, and no alert.
    """
    return _take(offer, now=now)


@transaction.atomic
def refuse_alert(offer: AlertOffer, because: str, *, now: datetime) -> ForeignAlert:
    """The bytes are sealed, and why they could not be used is on record, once."""
    log.hold(offer.center)
    row, is_new = ForeignAlert.objects.get_or_create(
        center=offer.center,
        sender="",
        identifier="",
        sent="",
        exhibit=_seal(offer, offer.content, now=now),
        defaults={
            "source": offer.source[:200],
            "name": _shown(offer.name),
            "message": {},
            "verdict": {},
            "received_at": now,
            "refused_because": plain_text(because),
        },
    )
    if not is_new:
        return row
    log.append(
        offer.center,
        "alert refused",
        f"alert:{row.pk}",
        actor=offer.actor,
        now=now,
        facts={"source": row.source, "sha256": row.exhibit.sha256, "because": row.refused_because},
    )
    if not offer.is_asked_for:
        what = f"{row.name or 'An alert'} from {row.source} was refused. {row.refused_because}"
        raise_task(offer.center, REFUSED, f"alert:{row.pk}", what, now=now)
    return row


def known_names(center: Agency, source: str, names: Sequence[str]) -> frozenset[str]:
    """Those of the addresses whose alert, or refusal, is on record already."""
    rows = ForeignAlert.objects.filter(
        center=center, source=source[:200], name__in=[_shown(name) for name in names]
    )
    found = set(rows.values_list("name", flat=True))
    return frozenset(name for name in names if _shown(name) in found)


def _take(offer: AlertOffer, *, now: datetime) -> Taken:
    opened = open_alerts(offer.content, limit=MOST_BYTES)
    kept: list[Kept] = []
    faults = list(opened.faults)
    for message in opened.messages:
        try:
            kept.append(_keep(offer, message, now=now))
        except InputError as error:
            faults.append(error.what)
    links = tuple(dict.fromkeys(link.address for link in opened.links))
    return Taken(alerts=tuple(kept), faults=tuple(faults), links=links)


def _nothing(offer: AlertOffer, taken: Taken) -> BadAlert:
    """Why an offer without a single alert that can be used is refused."""
    if taken.faults:
        return BadAlert(" ".join(taken.faults), way_out="Ask its sender to correct it.")
    what = "leads to alerts elsewhere and holds none" if taken.links else "holds no alert"
    return BadAlert(
        f"{_shown(offer.name) or 'What came'} {what}.",
        way_out="Send the alerts themselves, or have its address added as a feed.",
    )


def _keep(offer: AlertOffer, message: CapMessage, *, now: datetime) -> Kept:
    if max(len(message.sender), len(message.identifier)) > LONGEST_NAME:
        raise BadAlert(f"A sender or identifier has more than {LONGEST_NAME} characters.")
    pinned = {one.fingerprint: one for one in Certificate.objects.filter(removed_at=None)}
    trusted = [one.pem.encode() for one in pinned.values()]
    verdict = verify_cap(message.content, trusted=trusted, at=now)
    # What a sound signature covers is read from the signed words alone.
    covered = verdict.message or message
    findings = check_cap(
        covered,
        home=ground_for(covered, offer.center),
        earlier=earlier_alerts(covered, offer.center),
    )
    names = {key: one.name for key, one in pinned.items()}
    facts = {
        "message": words_of_alert(covered),
        "verdict": facts_of(verdict, certificates=names),
        "findings": found_in(findings),
    }
    return _record(offer, covered, facts, now=now)


@transaction.atomic
def _record(
    offer: AlertOffer, message: CapMessage, facts: dict[str, Any], *, now: datetime
) -> Kept:
    log.hold(offer.center)
    row, is_new = ForeignAlert.objects.get_or_create(
        center=offer.center,
        sender=message.sender,
        identifier=message.identifier,
        sent=message.sent.text,
        exhibit=_seal(offer, message.content, now=now),
        defaults={
            "source": offer.source[:200],
            "name": _shown(offer.name),
            "received_at": now,
            **facts,
        },
    )
    if is_new:
        _tell(offer, row, now=now)
    return Kept(row=row, is_new=is_new)


def _tell(offer: AlertOffer, row: ForeignAlert, *, now: datetime) -> None:
    facts = {"source": row.source, "sha256": row.exhibit.sha256, "message": str(row)}
    facts |= {"signature": " ".join(row.verdict["sentences"])}
    subject = f"alert:{row.pk}"
    log.append(row.center, "alert received", subject, actor=offer.actor, now=now, facts=facts)
    if offer.is_asked_for or row.message["msg_type"] not in {"Alert", "Update", "Cancel"}:
        return
    what = headline_of(row)
    mark = "" if row.message["status"] == "Actual" else f" [{row.message['status'].upper()}]"
    raise_task(row.center, NEW, subject, f"{row.sender}{mark}: {what}", now=now)


def headline_of(row: ForeignAlert) -> str:
    """What the alert is about, in the words of its sender."""
    infos = row.message.get("infos") or []
    english = [one for one in infos if one["language"].lower().startswith("en")]
    for info in (english or infos)[:1]:
        return str(info["headline"].strip() or info["event"].strip())[:300]
    kind = row.message.get("msg_type", "")
    return f"{kind} {row.identifier}".strip() or row.name or "An alert that could not be used"


def _seal(offer: AlertOffer, content: bytes, *, now: datetime) -> Exhibit:
    limit = MOST_BYTES + 1
    sealed = seal([content[:limit]], store=open_store(settings.TOCSIN_STORE), limit=limit)
    name = _shown(offer.name)[-120:] or "alert.xml"
    piece = Piece(sealed=sealed, kind=Exhibit.Kind.CAP, name=name)
    return record_exhibit(piece, center=offer.center, actor=offer.actor, now=now)


def _shown(name: str) -> str:
    """The name as it can be kept and shown: one line without control characters."""
    return " ".join(plain_text(name).split())[:500]
