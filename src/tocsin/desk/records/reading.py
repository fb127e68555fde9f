"""What of a call is still to be heard and to be read, with all that the stages need."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.desk.records.drafting import gazetteer_of
from tocsin.desk.records.models import Call, Exhibit, Hearing, Statement
from tocsin.desk.records.values import hearing_from
from tocsin.listen import Word
from tocsin.read import Gazetteer, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text of a call.

    Attributes:
        text: untouched.
        kind: where it comes from.
        words: with their seconds, for a heard text.
        hearing: the row it was heard in; None for the typed note.
        gazetteer: the center's names.
        started_at: start of the call, for words such as "tonight".
    """

    text: str
    kind: Kind
    words: tuple[Word, ...]
    hearing: Hearing | None
    gazetteer: Gazetteer
    started_at: datetime


def unheard(pk: int) -> tuple[Call, Exhibit | None]:
    """The call, and its recording; None where nothing is to be heard."""
    call = Call.objects.select_related("center", "recording").get(pk=pk)
    return call, call.recording if call.state == Call.State.WAITING else None


def unread(pk: int) -> tuple[Call, list[Text]]:
    """The call with its latest hearing and its note, each unless there is a statement of it."""
    call = Call.objects.select_related("center").get(pk=pk)
    return call, _unread_texts(call)


def is_outdated(statement: Statement) -> bool:
    """Whether the call was heard or read again since, so that another reading stands for this."""
    rows = statement.call.statements.filter(hearing=statement.hearing)
    if rows.filter(version__gt=statement.version).exists():
        return True
    hearing = statement.hearing
    return (
        hearing is not None and statement.call.hearings.filter(version__gt=hearing.version).exists()
    )


def _unread_texts(call: Call) -> list[Text]:
    gazetteer = gazetteer_of(call.center)
    started_at = call.started_at or call.received_at
    found = []
    hearing = call.hearings.order_by("-version").first()
    if hearing and not hearing.statements.exists():
        heard = hearing_from(hearing.body)
        found.append(
            Text(
                text=heard.text,
                kind=Kind.ASR,
                words=heard.words,
                hearing=hearing,
                gazetteer=gazetteer,
                started_at=started_at,
            )
        )
    if call.note and not call.statements.filter(hearing=None).exists():
        found.append(
            Text(
                text=call.note,
                kind=Kind.NOTE,
                words=(),
                hearing=None,
                gazetteer=gazetteer,
                started_at=started_at,
            )
        )
    return found
