"""What the words of a threat bear on: measures that a person may order, each with its quote."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.desk.records.models import Call, Statement, Threat
from tocsin.desk.records.values import statement_from
from tocsin.posture import SENTENCES, UNWATCHED, WATCHED, Measure, propose


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """A measure as a form offers it.

    Attributes:
        key: its value.
        sentence: as it is told to an officer.
        unseen: why no feed can show whether it is kept; empty where one can.
    """

    key: str
    sentence: str
    unseen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalLine:
    """Words of a call that bear on a measure.

    Attributes:
        statement: key of the reading.
        call: its number.
        quote: the words.
        reason: why they bear on it.
        measure: the measure; None where no measure reaches the words.
    """

    statement: int
    call: str
    quote: str
    reason: str
    measure: MeasureLine | None


def measure_lines() -> tuple[MeasureLine, ...]:
    """The whole vocabulary, in its order."""
    return tuple(_line(one) for one in Measure)


def proposals_of(threat: Threat) -> tuple[ProposalLine, ...]:
    """What the newest readings of its calls bear on; nothing is ordered by it."""
    found: dict[object, ProposalLine] = {}
    for call in threat.calls.order_by("received_at", "pk"):
        for row in _newest(call):
            for one in _of(row, call):
                found.setdefault(one.measure or (one.reason, one.quote), one)
    return tuple(sorted(found.values(), key=lambda one: one.measure is None))


def proposals_from(statement: Statement) -> tuple[ProposalLine, ...]:
    """The same of one reading."""
    return tuple(_of(statement, statement.call))


def find_statement(threat: Threat, key: str) -> Statement | None:
    """The reading of a call of the threat with this key; None where there is none."""
    if not key.isdecimal() or len(key) > 18:
        return None
    return Statement.objects.filter(call__threats=threat, pk=int(key)).first()


def _of(row: Statement, call: Call) -> Iterable[ProposalLine]:
    for one in propose(statement_from(row.body)):
        yield ProposalLine(
            statement=row.pk,
            call=call.number,
            quote=one.quote,
            reason=one.reason,
            measure=_line(one.measure) if one.measure else None,
        )


def _line(measure: Measure) -> MeasureLine:
    unseen = "" if measure in WATCHED else UNWATCHED
    return MeasureLine(key=measure.value, sentence=SENTENCES[measure], unseen=unseen)


def _newest(call: Call) -> list[Statement]:
    """The last reading of the latest hearing, and the last of the note."""
    hearing = call.hearings.order_by("-version").first()
    last = {row.hearing_id: row for row in call.statements.order_by("version")}
    wanted = [last.get(hearing.pk) if hearing else None, last.get(None)]
    return [row for row in wanted if row]
