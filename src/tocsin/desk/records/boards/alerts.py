"""Alerts from elsewhere: what each says, what is known of its signature, what is wrong with it."""

from dataclasses import dataclass
from typing import Any

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import alerts_for
from tocsin.desk.records.commands.alerts import headline_of
from tocsin.desk.records.commands.answering import content_of
from tocsin.desk.records.foreign import where_on_record
from tocsin.desk.records.models import ForeignAlert, Threat
from tocsin.errors import NotFound

SHOWN = 100
"""Alerts that the list shows, and refused ones."""

LONGEST_RAW = 64 * 1024
"""Bytes of a message that its page shows; the file holds all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """An alert as the list shows it.

    Attributes:
        row: as it is kept.
        headline: what it is about, in its sender's words.
        errors: how many rules it breaks.
    """

    row: ForeignAlert
    headline: str
    errors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An earlier message to which an alert refers.

    Attributes:
        text: as the alert writes it.
        kind: alert, threat or public; empty where nothing here fits it.
        name: its key or number.
    """

    text: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPage:
    """One alert with all that its page shows.

    Attributes:
        line: as the list shows it.
        infos: what it says, in each language.
        errors, remarks: rules that it does not keep.
        references: the earlier messages it names.
        twins: others with the same names and other bytes: somebody has changed one of them.
        raw: its bytes, as far as they are shown.
        is_cut: more of them are in the file.
        threats: open ones beside which it may be put.
        can_be_answered: it asks for an answer, and none was given.
    """

    line: AlertLine
    infos: tuple[dict[str, Any], ...]
    errors: tuple[dict[str, str], ...]
    remarks: tuple[dict[str, str], ...]
    references: tuple[Reference, ...]
    twins: tuple[ForeignAlert, ...]
    raw: str
    is_cut: bool
    threats: tuple[Threat, ...]
    can_be_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertList:
    """The alerts of a center, latest first, and what could not be used."""

    alerts: tuple[AlertLine, ...]
    refused: tuple[ForeignAlert, ...]


def alert_list(person: Person) -> AlertList:
    """What came to the person's center from elsewhere."""
    rows = alerts_for(person).select_related("threat", "answered_by")
    return AlertList(
        alerts=tuple(_line(row) for row in rows.filter(refused_because="")[:SHOWN]),
        refused=tuple(rows.exclude(refused_because="")[:SHOWN]),
    )


def find_alert(pk: int, person: Person) -> ForeignAlert:
    """The alert, for this person's eyes.

    Raises:
        NotFound: there is none, or it came to another center.
    """
    rows = alerts_for(person).select_related("center", "exhibit", "threat", "answered_by")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such alert that you may see.", way_out="Open the list again.")
    return row


def alert_page(pk: int, person: Person) -> AlertPage:
    """What the page of one alert shows.

    Raises:
        NotFound: there is none, or it came to another center.
    """
    row = find_alert(pk, person)
    content = content_of(row)
    message = row.message
    open_ones = Threat.objects.filter(center=row.center, state=Threat.State.OPEN)
    twins = ForeignAlert.objects.filter(
        center=row.center, sender=row.sender, identifier=row.identifier, sent=row.sent
    ).exclude(pk=row.pk)
    return AlertPage(
        line=_line(row),
        infos=tuple(message.get("infos") or ()),
        errors=tuple(one for one in row.findings if one["level"] == "error"),
        remarks=tuple(one for one in row.findings if one["level"] != "error"),
        references=tuple(_reference(text, row) for text in message.get("references") or ()),
        twins=tuple(twins) if row.identifier else (),
        raw=content[:LONGEST_RAW].decode("utf-8", "replace"),
        is_cut=len(content) > LONGEST_RAW,
        threats=tuple(open_ones) if row.threat is None else (),
        can_be_answered=not row.answer_number
        and message.get("msg_type") in {"Alert", "Update", "Cancel"},
    )


def _line(row: ForeignAlert) -> AlertLine:
    errors = sum(one["level"] == "error" for one in row.findings)
    return AlertLine(row=row, headline=headline_of(row), errors=errors)


def _reference(text: str, row: ForeignAlert) -> Reference:
    kind, name = where_on_record(text, row.center)
    return Reference(text=text, kind=kind, name=name)
