"""The latest calls for the board, and one call with all that a page shows of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Left

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import calls_for, threats_for
from tocsin.desk.records.boards.corrections import Corrected, corrections_of
from tocsin.desk.records.models import Arrival, Call, Exhibit, Hearing, Statement, Threat
from tocsin.desk.records.values import hearing_from, statement_from
from tocsin.errors import NotFound
from tocsin.intake import CallerNumber, recognise_number
from tocsin.listen import Hearing as Heard
from tocsin.listen import Word
from tocsin.read import Field, Level, SpeechAct
from tocsin.read import Statement as Read
from tocsin.warn import mark_doubts

LATEST = 50
"""Calls that the board lists."""

_RANK = {Level.NONE: 0, Level.SUGGEST: 1, Level.FLAG: 2}
_OPENING = 160
"""Characters of a call's words that a list shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gist:
    """What a list shows of the reading that says most."""

    level: Level
    speech_act: SpeechAct
    review: bool
    opening: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLine:
    """A call as a list shows it; `gist` is None where nothing has been read yet."""

    call: Call
    caller: CallerNumber
    gist: Gist | None
    threats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One word of a transcript, and what stands before it.

    Attributes:
        before: the untouched text between the last word and this one.
        word: with its times and its confidence.
        fields: what the spans that it belongs to say.
    """

    before: str
    word: Word
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A statement, the row it is kept in with the text that it reads, and what people corrected.

    Attributes:
        row: the machine's, as it is kept.
        statement: the same as the stages see it.
        corrections: of people, the newest first.
    """

    row: Statement
    statement: Read
    corrections: tuple[Corrected, ...]

    @property
    def counting(self) -> Read:
        """The newest correction; the machine's reading where nobody has corrected it."""
        return self.corrections[0].statement if self.corrections else self.statement


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPage:
    """One call with all that its page shows.

    Attributes:
        call: as it is kept.
        caller: its number, understood.
        hearing: the latest, as kept; None before it is heard.
        heard: the same as the stages see it.
        pieces: the transcript, word by word.
        readings: of the latest hearing and of the note, what says most first.
        arrivals: every time the same call came in, latest first.
        threats: those that it is part of.
        same_handset: other calls whose number ends in the same digits of a handset.
    """

    call: Call
    caller: CallerNumber
    hearing: Hearing | None
    heard: Heard | None
    pieces: tuple[Piece, ...]
    readings: tuple[Reading, ...]
    arrivals: tuple[Arrival, ...]
    threats: tuple[Threat, ...]
    same_handset: tuple[Call, ...]

    @property
    def has_open_threat(self) -> bool:
        """Whether somebody works on it as a threat already."""
        return any(threat.state == Threat.State.OPEN for threat in self.threats)


def latest_calls(person: Person) -> list[CallLine]:
    """The calls that came last, for this person's eyes."""
    calls = list(calls_for(person).prefetch_related("threats")[:LATEST])
    gists = _gists(calls)
    return [
        CallLine(
            call=call,
            caller=recognise_number(call.ani),
            gist=gists.get(call.pk),
            threats=tuple(threat.number for threat in call.threats.all()),
        )
        for call in calls
    ]


def call_page(call: Call, person: Person) -> CallPage:
    """What the page of a call shows."""
    hearing = call.hearings.select_related("playable").order_by("-version").first()
    heard = hearing_from(hearing.body) if hearing else None
    readings = _latest(call.statements.select_related("hearing"), hearing)
    spoken = next((one.counting for one in readings if one.row.hearing_id), None)
    same = calls_for(person).filter(handset=call.handset, is_drill=False).exclude(pk=call.pk)
    return CallPage(
        call=call,
        caller=recognise_number(call.ani),
        hearing=hearing,
        heard=heard,
        pieces=tuple(_pieces(heard, spoken)) if heard else (),
        readings=readings,
        arrivals=tuple(call.arrivals.select_related("recording", "call_data")),
        threats=tuple(threats_for(person).filter(calls=call)),
        same_handset=tuple(same[:10]) if call.handset else (),
    )


def _gists(calls: Iterable[Call]) -> dict[int, Gist]:
    """The reading that says most of each call; the last rows win, so the order is by rank."""
    rows = (
        Statement.objects.filter(call__in=[call.pk for call in calls])
        .annotate(
            act=KT("body__speech_act"), asked=F("body__review"), opening=Left("text", _OPENING)
        )
        .values("call", "level", "hearing", "version", "act", "asked", "opening")
    )
    ordered = sorted(
        rows, key=lambda row: (_RANK[Level(row["level"])], bool(row["hearing"]), row["version"])
    )
    return {
        row["call"]: Gist(
            level=Level(row["level"]),
            speech_act=SpeechAct(row["act"]),
            review=bool(row["asked"]),
            opening=row["opening"],
        )
        for row in ordered
    }


def _latest(rows: QuerySet[Statement], hearing: Hearing | None) -> tuple[Reading, ...]:
    """The last statement of the latest hearing, and the last of the note."""
    last: dict[int | None, Statement] = {row.hearing_id: row for row in rows.order_by("version")}
    wanted = [last.get(hearing.pk) if hearing else None, last.get(None)]
    pairs = [(row, statement_from(row.body)) for row in wanted if row]
    corrections = corrections_of(pairs)
    found = [
        Reading(row=row, statement=read, corrections=corrections[row.pk]) for row, read in pairs
    ]
    return tuple(sorted(found, key=lambda one: -_RANK[one.statement.level]))


def _pieces(heard: Heard, statement: Read | None) -> Iterable[Piece]:
    at = 0
    spans = statement.spans if statement else ()
    for word in heard.words:
        end = word.offset + len(word.text)
        inside = (span.field for span in spans if span.start < end and span.end > word.offset)
        yield Piece(
            before=heard.text[at : word.offset], word=word, fields=tuple(dict.fromkeys(inside))
        )
        at = end


def words_of(calls: Iterable[Call]) -> dict[int, str]:
    """What was heard in each call, doubtful words marked `[word?]`; else its note."""
    found = {call.pk: call.note for call in calls}
    for row in Hearing.objects.filter(call__in=list(found)).order_by("version"):
        heard = hearing_from(row.body)
        found[row.call_id] = mark_doubts(heard.text, heard.words).strip() or found[row.call_id]
    return found


def playable_of(call: Call) -> Exhibit:
    """What can be played of the call.

    Raises:
        NotFound: it was not heard.
    """
    hearing = (
        call.hearings.filter(playable__isnull=False)
        .select_related("playable")
        .order_by("-version")
        .first()
    )
    if hearing is None or hearing.playable is None:
        raise NotFound(
            f"{call.number} has nothing that can be played.",
            way_out="Fetch the original from the call's page, if there is one.",
        )
    return hearing.playable


def original_of(call: Call) -> Exhibit:
    """The recording as it arrived.

    Raises:
        NotFound: none came.
    """
    if call.recording is None:
        raise NotFound(f"{call.number} came without a recording.")
    return call.recording
