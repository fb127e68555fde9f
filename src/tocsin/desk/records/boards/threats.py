"""Open threats for the board, and one threat with all that a page shows of it."""

from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from tocsin.assess import Opinion, Standing
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import calls_for, threats_for
from tocsin.desk.records.audience import reasons_of
from tocsin.desk.records.boards.calls import words_of
from tocsin.desk.records.boards.excerpts import excerpts_of
from tocsin.desk.records.boards.told import Counts, ToldList, counts_of, told_list
from tocsin.desk.records.drafting import standing_from
from tocsin.desk.records.models import Assessment, Bulletin, Call, Threat
from tocsin.desk.records.queries import as_bulletin
from tocsin.desk.records.values import content_from
from tocsin.warn import BulletinKind, Content, Form, Notice, write

OWN_LINK = "(here stands the link that is each person's own)"
"""What is shown where every message has another link."""

_EMPTY = Content(safety_line="", said="", not_known=(), assessed="")


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatLine:
    """A threat as a list shows it.

    Attributes:
        threat: number, clock, who took it.
        is_exercise: whether it is a drill's, or rests on a demonstration.
        content: the words of the version in force, else of the draft, else of the last one.
        excerpt: the sentence with the harm in it, or what the bulletin quotes.
        places: names of the ground and agencies that those words concern.
        standing: what people have answered.
        current: the last version that left the house; None where nothing has.
        draft: the draft that waits for a person; None where there is none.
        counts: of the current version.
        calls: oldest first.
    """

    threat: Threat
    is_exercise: bool
    content: Content
    excerpt: str
    places: tuple[str, ...]
    standing: Standing
    current: Bulletin | None
    draft: Bulletin | None
    counts: Counts
    calls: tuple[Call, ...]

    @property
    def is_in_force(self) -> bool:
        """Whether a bulletin of it is in force now."""
        return self.current is not None and self.current.state == Bulletin.State.RELEASED

    @property
    def must_acknowledge(self) -> bool:
        """Whether those told are asked to say that they have it."""
        return self.current is not None and self.current.kind != BulletinKind.CANCEL.value

    @property
    def opinions(self) -> tuple[Opinion, Opinion]:
        """What stands on the two questions."""
        return (self.standing.specific, self.standing.credible)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatPage:
    """One threat with all that its page shows.

    Attributes:
        line: as the board shows it.
        told: everybody whom the current version concerns; None where nothing has left the house.
        concerned: for a draft the agencies it concerns, by name, each with every reason why.
        draft_content: the words of the draft; None where there is none.
        message: the current version as each person got it; empty where nothing has left the house.
        versions: all versions but the draft, latest first.
        former: answers that the same person has followed by another one, latest first.
        words: each call with what was heard in it, doubtful words marked, or its note.
        open_calls: numbers of the calls that this person may open.
    """

    line: ThreatLine
    told: ToldList | None
    concerned: tuple[tuple[str, tuple[str, ...]], ...]
    draft_content: Content | None
    message: str
    versions: tuple[Bulletin, ...]
    former: tuple[Assessment, ...]
    words: tuple[tuple[Call, str], ...]
    open_calls: frozenset[str]


def open_threats(person: Person) -> list[ThreatLine]:
    """The open threats that a person may see, worst first.

    Worst: it is no exercise; then nobody has it; then nobody was warned; then most people not
    reached; then most without acknowledgment; then the oldest.
    """
    lines = _lines(threats_for(person).filter(state=Threat.State.OPEN))
    return sorted(lines, key=_worst_first)


def new_threats(person: Person) -> list[ThreatLine]:
    """The open threats that nobody has taken: real ones first, then the oldest."""
    rows = threats_for(person).filter(state=Threat.State.OPEN, taken_at=None)
    # An exercise never stands before what is real.
    return sorted(_lines(rows.order_by("since", "pk")), key=lambda one: one.is_exercise)


def closed_threats(person: Person, *, limit: int = 10) -> list[Threat]:
    """The threats closed last."""
    rows = threats_for(person).filter(state=Threat.State.CLOSED).select_related("closed_by")
    return list(rows.order_by("-closed_at")[:limit])


def threat_line(threat: Threat) -> ThreatLine:
    """The threat as a list shows it."""
    return _lines(Threat.objects.filter(pk=threat.pk))[0]


def threat_page(threat: Threat, person: Person, *, limit: int | None) -> ThreatPage:
    """What the page of a threat shows; at the most `limit` people of each kind."""
    line = threat_line(threat)
    versions = threat.bulletins.exclude(state=Bulletin.State.DRAFT)
    numbers = [call.number for call in line.calls]
    words = words_of(line.calls)
    may_open = calls_for(person).filter(number__in=numbers).values_list("number", flat=True)
    return ThreatPage(
        line=line,
        told=told_list(line.current, limit=limit) if line.current else None,
        concerned=_concerned(line.draft) if line.draft else (),
        draft_content=content_from(line.draft.content) if line.draft else None,
        message=_message(line.current) if line.current else "",
        versions=tuple(versions.select_related("released_by").order_by("-number", "-version")),
        former=_former(threat),
        words=tuple((call, words[call.pk]) for call in line.calls),
        open_calls=frozenset(may_open),
    )


def _concerned(draft: Bulletin) -> tuple[tuple[str, tuple[str, ...]], ...]:
    reasons = reasons_of(draft)
    rows = Agency.objects.filter(key__in=list(reasons))
    return tuple((row.name, reasons[row.key]) for row in rows)


def _former(threat: Threat) -> tuple[Assessment, ...]:
    rows = threat.assessments.select_related("person").order_by("-assessed_at", "-pk")
    seen: set[tuple[int, str]] = set()
    former = []
    for row in rows:
        key = (row.person_id, row.question)
        if key in seen:
            former.append(row)
        seen.add(key)
    return tuple(former)


def _lines(threats: QuerySet[Threat]) -> list[ThreatLine]:
    shown = Bulletin.objects.exclude(state=Bulletin.State.DROPPED).order_by("-drafted_at", "-pk")
    rows = list(
        threats.select_related("center", "taken_by", "opened_by", "closed_by").prefetch_related(
            Prefetch(
                "bulletins",
                shown.select_related("released_by", "edited_by").prefetch_related(
                    "areas", "agencies"
                ),
            ),
            Prefetch("calls", Call.objects.order_by("received_at", "pk")),
            Prefetch("assessments", Assessment.objects.select_related("person")),
        )
    )
    current = {row.pk: _current(row) for row in rows}
    counts = counts_of(one for one in current.values() if one)
    excerpts = excerpts_of(call for row in rows for call in row.calls.all())
    return [_line(row, current[row.pk], counts, excerpts) for row in rows]


def _line(
    threat: Threat,
    current: Bulletin | None,
    counts: dict[int, Counts],
    excerpts: dict[int, str],
) -> ThreatLine:
    draft = next((one for one in threat.bulletins.all() if _is(one, Bulletin.State.DRAFT)), None)
    is_live = current is not None and _is(current, Bulletin.State.RELEASED)
    telling = current if is_live else draft or current
    calls = tuple(threat.calls.all())
    content = content_from(telling.content) if telling and telling.content else _EMPTY
    said = (excerpts[call.pk] for call in calls if call.pk in excerpts)
    return ThreatLine(
        threat=threat,
        is_exercise=threat.is_drill or any(call.is_demonstration for call in calls),
        content=content,
        excerpt=next(said, content.said),
        places=_places(telling) if telling else (),
        standing=standing_from(threat.assessments.all()),
        current=current,
        draft=draft,
        counts=counts.get(current.pk, Counts()) if current else Counts(),
        calls=calls,
    )


def _current(threat: Threat) -> Bulletin | None:
    """The version in force, else the last that was."""
    gone = [one for one in threat.bulletins.all() if not _is(one, Bulletin.State.DRAFT)]
    in_force = [one for one in gone if _is(one, Bulletin.State.RELEASED)]
    return next(iter(in_force or gone), None)


def _is(bulletin: Bulletin, state: str) -> bool:
    return bulletin.state == state


def _places(bulletin: Bulletin) -> tuple[str, ...]:
    named = [area.name for area in bulletin.areas.all()]
    named += [agency.name for agency in bulletin.agencies.all()]
    return tuple(dict.fromkeys(named))


def _worst_first(line: ThreatLine) -> tuple[bool, bool, bool, int, int, float]:
    return (
        line.is_exercise,
        line.threat.taken_at is not None,
        line.current is not None,
        -line.counts.not_reached,
        -line.counts.not_acknowledged if line.is_in_force else 0,
        line.threat.since.timestamp(),
    )


def _message(bulletin: Bulletin) -> str:
    """The text that each person got."""
    return write(Notice(bulletin=as_bulletin(bulletin), link=OWN_LINK), Form.LETTER).text
