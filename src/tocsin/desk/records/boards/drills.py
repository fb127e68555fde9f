"""Drills: the one that runs, what can be replayed, and the scores beside each other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import calls_for, centers_of, require
from tocsin.desk.records.boards.excerpts import excerpts_of
from tocsin.desk.records.models import Call, Drill
from tocsin.errors import NotFound
from tocsin.warn.afteraction import in_words

CASES = 50
"""Calls that can be chosen on the page."""

COMPARED = 8
"""Drills that stand beside each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A call that can be replayed, with the words that weigh most in it."""

    call: Call
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One interval of one drill: its length in words; `is_met` None where nothing was measured."""

    text: str
    is_met: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One interval over the drills: its goal in words, and a cell for each drill."""

    name: str
    goal: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillsPage:
    """What the page shows.

    Attributes:
        running: drills that run, latest first.
        ended: the last ones that ended, latest first.
        rows: their scores.
        cases: what can be replayed, latest first.
    """

    running: tuple[Drill, ...]
    ended: tuple[Drill, ...]
    rows: tuple[Row, ...]
    cases: tuple[Case, ...]


def drills_page(person: Person) -> DrillsPage:
    """The drills of the person's center.

    Raises:
        NotAllowed: the person may not run drills.
    """
    require(person, Act.RUN_DRILL)
    rows = Drill.objects.filter(center__in=centers_of(person)).select_related(
        "threat", "case", "started_by", "ended_by"
    )
    ended = tuple(rows.exclude(ended_at=None)[:COMPARED])
    calls = list(calls_for(person).filter(is_drill=False)[:CASES])
    excerpts = excerpts_of(calls)
    return DrillsPage(
        running=tuple(rows.filter(ended_at=None)),
        ended=ended,
        rows=tuple(_rows(ended)),
        cases=tuple(Case(call=call, excerpt=excerpts.get(call.pk, call.note)) for call in calls),
    )


def find_drill(number: str, person: Person) -> Drill:
    """The drill, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Drill.objects.filter(center__in=centers_of(person), number=number)
    row = rows.select_related("center", "threat").first()
    if row is None or not person.may(Act.RUN_DRILL):
        raise NotFound(f"There is no drill {number} that you may see.", way_out="Check the number.")
    return row


def all_drills(center: Agency) -> list[Drill]:
    """Every drill of the center, latest first."""
    return list(center.drills.select_related("threat", "case", "started_by"))


def met(drill: Drill) -> tuple[int, int]:
    """How many of the drill's goals were met, and how many could have been."""
    known = [one["is_met"] for one in drill.score if one["is_met"] is not None]
    return sum(known), len(known)


def score_lines(drill: Drill) -> list[str]:
    """Each interval with its goal, a line each, for a terminal."""
    marks = {True: "met", False: "MISSED", None: "-"}
    return [
        f"{marks[row.cells[0].is_met]:8}{row.name}: {row.cells[0].text} (goal: {row.goal})"
        for row in _rows([drill])
    ]


def line_of(drill: Drill) -> str:
    """The drill in a line, for a terminal."""
    reached, of = met(drill)
    state = f"{reached} of {of} goals met" if drill.ended_at else "RUNNING"
    case = f", replays {drill.case.number}" if drill.case else ""
    return f"{drill.number}  {drill.started_at:%Y-%m-%d %H:%M %Z}  {state}  {drill.title}{case}"


def _rows(drills: Iterable[Drill]) -> list[Row]:
    drills = list(drills)
    found = {drill.pk: {one["name"]: one for one in drill.score} for drill in drills}
    names = dict.fromkeys(name for scores in found.values() for name in scores)
    return [
        Row(
            name=name,
            goal=_goal(next(one[name] for one in found.values() if name in one)),
            cells=tuple(_cell(found[drill.pk].get(name)) for drill in drills),
        )
        for name in names
    ]


def _goal(one: Mapping[str, Any]) -> str:
    return in_words(timedelta(seconds=one["goal"])) if one["goal"] is not None else "none set"


def _cell(one: Mapping[str, Any] | None) -> Cell:
    if one is None or not one["of"]:
        return Cell(text="not measured", is_met=None)
    if one["took"] is None:
        return Cell(text=f"not reached, {one['n']} of {one['of']}", is_met=one["is_met"])
    return Cell(text=in_words(timedelta(seconds=one["took"])), is_met=one["is_met"])
