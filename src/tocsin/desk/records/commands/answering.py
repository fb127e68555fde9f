"""What a named person does with an alert from elsewhere: answers it, ties it to a threat."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.commands.alerts import headline_of
from tocsin.desk.records.commands.arrivals import Offer, receive
from tocsin.desk.records.commands.messages import OwnMessage, seal_own
from tocsin.desk.records.commands.tasks import finish_tasks_about
from tocsin.desk.records.commands.threats import open_threat
from tocsin.desk.records.models import ForeignAlert, Threat
from tocsin.errors import NotAllowed, OutOfTurn
from tocsin.evidence import open_store
from tocsin.warn.cap import CapReply, build_reply, parse_cap

FOLDER = "folder"
"""The source of what came through the watched folder: its answer is written beside it."""

LONGEST_PROBLEM = 2000
ACTUAL = "Actual"
"""The status of an alert that is no exercise, test or draft."""


@transaction.atomic
def answer_alert(
    alert: ForeignAlert, *, problem: str = "", person: Person, now: datetime
) -> ForeignAlert:
    """Our `Ack` of the alert, or an `Error` with the problem, is sealed and ready to be fetched.

    Raises:
        NotAllowed: the person may not answer alerts, or works for another center.
        OutOfTurn: it is answered already, was refused, or is itself an answer.
    """
    _require(person, Act.ANSWER_ALERT, alert)
    log.hold(alert.center)
    alert.refresh_from_db()
    if alert.refused_because or alert.answer_id:
        what = "could not be read" if alert.refused_because else "is answered already"
        raise OutOfTurn(f"This alert {what}.", way_out="Call its sender.")
    number = log.next_number("A", now=now)
    reply = CapReply(
        identifier=number,
        sender=settings.TOCSIN_CAP_SENDER,
        at=now,
        zone=alert.center.zone,
        problem=problem.strip()[:LONGEST_PROBLEM],
    )
    content = build_reply(parse_cap(content_of(alert)), reply)
    subject = f"alert:{alert.pk}"
    own = OwnMessage(content=content, name=number, subject=subject)
    alert.answer = seal_own(own, center=alert.center, actor=person, now=now)
    alert.answer_number, alert.answered_at, alert.answered_by = number, now, person
    alert.save(update_fields=["answer", "answer_number", "answered_at", "answered_by"])
    kind = "Error" if reply.problem else "Ack"
    facts = {"answer": number, "kind": kind, "cap": alert.answer.sha256, "because": reply.problem}
    log.append(alert.center, "alert answered", subject, actor=person, now=now, facts=facts)
    finish_tasks_about(subject, person=person, because=f"answered with {kind}", now=now)
    return alert


@transaction.atomic
def link_alert(
    alert: ForeignAlert, threat: Threat, *, person: Person, now: datetime
) -> ForeignAlert:
    """The alert stands beside the threat; that says nothing on whether the two are one event.

    Raises:
        NotAllowed: the person may not open threats, or works for another center.
        OutOfTurn: it was refused, stands beside a threat, or the threat is another center's.
    """
    _require(person, Act.OPEN_THREAT, alert)
    log.hold(alert.center)
    alert.refresh_from_db()
    if alert.refused_because or threat.center_id != alert.center_id:
        raise OutOfTurn("This alert cannot stand beside that threat.")
    if alert.threat:
        raise OutOfTurn(f"This alert stands beside {alert.threat} already.")
    alert.threat = threat
    alert.save(update_fields=["threat"])
    log.append(
        alert.center,
        "alert put beside",
        f"threat:{threat.number}",
        actor=person,
        now=now,
        facts={"alert": str(alert), "key": alert.pk, "sha256": alert.exhibit.sha256},
    )
    log.announce(alert.center, f"alert:{alert.pk}")
    because = f"put beside {threat.number}"
    finish_tasks_about(f"alert:{alert.pk}", person=person, because=because, now=now)
    return alert


@transaction.atomic
def start_from_alert(alert: ForeignAlert, *, person: Person, now: datetime) -> Threat:
    """There is a threat that rests on the alert's words, entered as a note; no bulletin has left.

    Raises:
        NotAllowed: the person may not open threats, or works for another center.
        OutOfTurn: it was refused, stands beside a threat already, or is no actual alert.
    """
    _require(person, Act.OPEN_THREAT, alert)
    log.hold(alert.center)
    alert.refresh_from_db()
    if alert.refused_because or alert.threat:
        raise OutOfTurn(
            "No threat can be started from this alert.",
            way_out="Open the threat that it stands beside, or enter a call by hand.",
        )
    if alert.message["status"] != ACTUAL:
        raise OutOfTurn(
            f"This alert is marked {alert.message['status']}: no real threat rests on it.",
            way_out="Start a drill, and put the alert beside its threat.",
        )
    offer = Offer(center=alert.center, source="alert", actor=person, note=_note(alert))
    threat = open_threat(receive(offer, now=now).call, person=person, now=now)
    link_alert(alert, threat, person=person, now=now)
    return threat


def leave_answers(folder: Path, *, now: datetime) -> int:
    """Every answer to what came by the folder lies beside it, once."""
    rows = ForeignAlert.objects.filter(
        source=FOLDER, answer__isnull=False, answer_left_at=None
    ).select_related("answer")
    done = 0
    for row in rows:
        if row.answer is None:
            continue
        with open_store(settings.TOCSIN_STORE).open(row.answer.sha256) as file:
            content = file.read()
        place = folder / f"{Path(row.name).stem[:80] or 'alert'}.{row.answer_number}.xml"
        # Written aside first: whoever looks into the folder finds all of it, or nothing.
        aside = place.with_suffix(".tmp")
        aside.write_bytes(content)
        aside.rename(place)
        ForeignAlert.objects.filter(pk=row.pk).update(answer_left_at=now)
        done += 1
    return done


def content_of(alert: ForeignAlert) -> bytes:
    """The alert's bytes as they came."""
    with open_store(settings.TOCSIN_STORE).open(alert.exhibit.sha256) as file:
        return file.read()


def _note(alert: ForeignAlert) -> str:
    """The alert in words, for the note of a call."""
    message = alert.message
    infos = message["infos"]
    texts = [
        text
        for info in infos[:1]
        for text in (info["headline"], info["description"], info["instruction"])
        if text.strip()
    ]
    signed = (
        "signed with a certificate known here"
        if alert.verdict["is_trusted"]
        else ("not signed with a certificate known here")
    )
    head = f"CAP message of {alert.sender}, {alert.identifier}, sent {alert.sent}, {signed}."
    return "\n".join((head, *(texts or [headline_of(alert)])))[:20_000]


def _require(person: Person, act: Act, alert: ForeignAlert) -> None:
    require(person, act)
    if not centers_of(person).filter(pk=alert.center_id).exists():
        raise NotAllowed(f"{person.name} does not work with {alert.center.name}.")
