"""Puts our own CAP messages on record: signed where we can, and never held up where we cannot."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.exhibits import Piece, record_exhibit
from tocsin.desk.records.commands.tasks import raise_task
from tocsin.desk.records.models import Exhibit
from tocsin.desk.signing import sign_own
from tocsin.evidence import open_store, seal

UNSIGNED = "CAP not signed"
"""The kind of the task that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnMessage:
    """A message of ours that is about to leave.

    Attributes:
        content: as it was built, not signed.
        name: its identifier; the exhibit is named after it.
        subject: what the log and the task are about.
    """

    content: bytes
    name: str
    subject: str


def seal_own(message: OwnMessage, *, center: Agency, actor: Person | str, now: datetime) -> Exhibit:
    """The message is an exhibit with its final bytes.

    Where signing fails it is sealed unsigned, the log says so, and a task asks for help.
    """
    signed = sign_own(message.content)
    if signed.trouble:
        log.append(
            center,
            "CAP left unsigned",
            message.subject,
            actor="system:desk",
            now=now,
            facts={"because": signed.trouble},
        )
        raise_task(
            center,
            UNSIGNED,
            message.subject,
            f"{message.name} left without our signature, so others cannot prove that it is ours. "
            f"Tell the administrator: {signed.trouble}",
            now=now,
        )
    store = open_store(settings.TOCSIN_STORE)
    sealed = seal([signed.content], store=store, limit=len(signed.content))
    piece = Piece(sealed=sealed, kind=Exhibit.Kind.CAP, name=f"{message.name}.xml")
    return record_exhibit(piece, center=center, actor=actor, now=now)
