"""The Blue Alert card of a threat: what people answered under one state's rule, and a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Answer
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.boards.calls import words_of
from tocsin.desk.records.boards.threats import ThreatLine, threat_line
from tocsin.desk.records.drafting import named_in, standing_from, telling
from tocsin.desk.records.models import BlueAnswer, Call, Threat
from tocsin.desk.records.values import statement_from
from tocsin.intake import recognise_number
from tocsin.warn import blue
from tocsin.warn.blue import Answered, Asked, Card, FormField, Group, Hint, Jurisdiction, State
from tocsin.warn.wording import local_time


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueQuestion:
    """One question of the rule, and the answers that the same people have followed by others.

    Attributes:
        asked: the question with the answers that stand, and the hints beside it.
        former: answers that do not stand any more, latest first.
    """

    asked: Asked
    former: tuple[Answered, ...]

    @property
    def form(self) -> str:
        """Name of its form on the page."""
        return f"blue-{self.asked.criterion.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueGroup:
    """Parts of the rule of which all are needed, or any one.

    Attributes:
        group: as the rule has it.
        state: how it stands.
        parts: its questions and further groups, in the order of the rule.
    """

    group: Group
    state: State
    parts: tuple["BlueQuestion | BlueGroup", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueLine:
    """One jurisdiction in the list: what the answers given so far come to there."""

    card: Card

    @property
    def answered(self) -> int:
        """How many of its questions somebody has answered."""
        return sum(one.is_answered for one in self.card.asked)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlueSheet:
    """The card under one rule, in sentences, with its request.

    Attributes:
        card: what the answers come to.
        headline: the outcome.
        fails: what fails.
        open: what is open.
        changes: what would change the outcome.
        rests: what the outcome rests on and nobody has verified.
        latest: the last answer to one of its questions; None where there is none.
        lately: what that answer changed, and what the record has gained since.
        rule: the questions, as the rule groups them.
        form: the request, with what the record holds.
    """

    card: Card
    headline: str
    fails: tuple[str, ...]
    open: tuple[str, ...]
    changes: tuple[str, ...]
    rests: tuple[str, ...]
    latest: Answered | None
    lately: tuple[str, ...]
    rule: BlueGroup
    form: blue.Form


@dataclass(frozen=True, slots=True, kw_only=True)
class BluePage:
    """The page: every jurisdiction, and the sheet of the one that was chosen.

    Attributes:
        line: the threat, as the board shows it.
        states: the jurisdictions, the federal one first.
        sheet: None where none was chosen; nobody's state is assumed.
    """

    line: ThreatLine
    states: tuple[BlueLine, ...]
    sheet: BlueSheet | None


def blue_page(threat: Threat, person: Person, *, state: str) -> BluePage:
    """What the page shows to this person; `state` is a jurisdiction's key, or empty.

    Raises:
        NotFound: there is no rule of that name.
    """
    chosen = blue.jurisdiction(state) if state else None
    line = threat_line(threat)
    rows = threat.blue_answers.select_related("person").order_by("answered_at", "pk")
    answers = tuple(_answered(row) for row in rows)
    return BluePage(
        line=line,
        states=tuple(BlueLine(card=blue.card_of(one, answers)) for one in blue.jurisdictions()),
        sheet=_sheet(chosen, answers, line, person) if chosen else None,
    )


def _answered(row: BlueAnswer) -> Answered:
    return Answered(
        key=row.criterion,
        answer=Answer(row.answer),
        reason=row.reasons,
        person=row.person.as_assessor(),
        answered_at=row.answered_at,
    )


def _sheet(
    chosen: Jurisdiction, answers: tuple[Answered, ...], line: ThreatLine, person: Person
) -> BlueSheet:
    keys = {one.key for one in chosen.criteria}
    own = tuple(one for one in answers if one.key in keys)
    card = blue.card_of(chosen, own, hints=_hints(line))
    return BlueSheet(
        card=card,
        headline=blue.headline_of(card),
        fails=blue.fails_of(card),
        open=blue.open_of(card),
        changes=blue.changes_of(card),
        rests=blue.rests_of(card),
        latest=own[-1] if own else None,
        lately=_lately(card, own, line) if own else (),
        rule=_group(chosen.rule, card, own),
        form=blue.form_of(chosen, _facts(line, person), is_exercise=line.is_exercise),
    )


def _lately(card: Card, own: tuple[Answered, ...], line: ThreatLine) -> tuple[str, ...]:
    """Against the card before the latest answer, beside what its author could read then."""
    known = _hints(line, until=own[-1].answered_at)
    return blue.changed(blue.card_of(card.jurisdiction, own[:-1], hints=known), card)


def _group(rule: Group, card: Card, own: tuple[Answered, ...]) -> BlueGroup:
    return BlueGroup(
        group=rule,
        state=card.state_of(rule),
        parts=tuple(
            _group(part, card, own)
            if isinstance(part, Group)
            else _question(card.of(part.key), own)
            for part in rule.parts
        ),
    )


def _question(asked: Asked, own: tuple[Answered, ...]) -> BlueQuestion:
    to_it = (one for one in reversed(own) if one.key == asked.criterion.key)
    former = tuple(one for one in to_it if one not in asked.answers)
    return BlueQuestion(asked=asked, former=former)


def _hints(line: ThreatLine, *, until: datetime | None = None) -> tuple[Hint, ...]:
    """What the record holds, or held at that moment; of several calls each one's own by number."""
    rows = line.threat.assessments.all()
    standing = standing_from(row for row in rows if until is None or row.assessed_at <= until)
    each: list[tuple[Call, tuple[Hint, ...]]] = []
    for call in line.calls:
        row = telling(call, until=until)
        statement = statement_from(row.body) if row else None
        caller = recognise_number(call.ani)
        each.append((call, blue.hints_of(statement, caller=caller, standing=standing)))
    shared = set.intersection(*(set(hints) for _, hints in each)) if each else set()
    found = [
        hint if hint in shared else Hint(key=hint.key, text=f"{call.number}: {hint.text}")
        for call, hints in each
        for hint in hints
    ]
    return tuple(dict.fromkeys(found))


def _facts(line: ThreatLine, person: Person) -> dict[FormField, str]:
    """What the record holds and may be filled in; never a word on suspect, vehicle or plate.

    The agency that asks is the person's own. A dispatch center asks for nobody: there it is blank.
    """
    own = person.agency
    is_center = own.kind == Agency.Kind.DISPATCH
    zone = line.threat.center.zone
    return {
        FormField.AGENCY: "" if is_center else own.name,
        FormField.DESK_NUMBER: "" if is_center else own.desk_number,
        FormField.CASE_NUMBER: f"Tocsin {line.threat.number}",
        FormField.HAPPENED_AT: "\n".join(_began(call, zone) for call in line.calls),
        FormField.PLACE: _places(line.calls),
        FormField.THREAT_WORDS: _words(line.calls),
    }


def _began(call: Call, zone: str) -> str:
    if call.started_at:
        return f"The call {call.number} began {local_time(call.started_at, zone)}."
    return f"The call {call.number} was received {local_time(call.received_at, zone)}."


def _places(calls: Iterable[Call]) -> str:
    """The ground that the words name: said so, because nothing need have happened there."""
    rows = [row for call in calls if (row := telling(call))]
    names = dict.fromkeys(area.name for row in rows for area in named_in(row)[0])
    return f"Named in the call: {', '.join(names)}." if names else ""


def _words(calls: Iterable[Call]) -> str:
    """What was heard in each call, doubtful words marked; a note is said to be one."""
    calls = list(calls)
    found = words_of(calls)
    told = []
    for call in calls:
        words = found[call.pk].strip()
        if not words:
            continue
        whose = "the call taker's note" if words == call.note.strip() else "as heard by a machine"
        told.append(f"{call.number}, {whose}: {words}")
    if any("?]" in one for one in told):
        told.append("Words written [word?] are doubtful: listen to the recording.")
    return "\n".join(told)
