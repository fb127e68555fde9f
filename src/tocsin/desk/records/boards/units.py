"""Every unit as it is known, the doubtful and the stale first, and what a radio line means."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import UnitSource
from tocsin.desk.records.standing import limits_of
from tocsin.errors import NotFound
from tocsin.posture import BY_HAND, Limits, Status, Unit, age, is_stale

MOST_SHOWN = 200
"""Units that the page shows; of more, the filter finds the others."""

BOARD = "by hand"
"""How the page names the source of what people keep."""

STATUS_WORDS: Mapping[Status, str] = {
    Status.AVAILABLE: "available",
    Status.EN_ROUTE: "en route",
    Status.ON_SCENE: "on scene",
    Status.BREAK: "on a break",
    Status.STATION: "at a station",
    Status.OUT_OF_SERVICE: "out of service",
    Status.OFF_DUTY: "off duty",
    Status.EMERGENCY: "emergency",
    Status.NOT_KNOWN: "not known",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitLine:
    """One unit as the page shows it.

    Attributes:
        unit: as it is known.
        agency: its agency's name; its key where nobody knows it.
        crew: each person in words; the number alone where no person was said.
        status: in words.
        source: where the newest report came from, in words.
        is_stale: whether it was not heard of for too long: then nothing of it is sure.
        silent: how old the newest report is.
        place_age: how old the position is; None where there is none.
    """

    unit: Unit
    agency: str
    crew: tuple[str, ...]
    status: str
    source: str
    is_stale: bool
    silent: timedelta
    place_age: timedelta | None

    @property
    def rank(self) -> int:
        """0 emergency, 1 doubtful, 2 stale, 3 neither, 4 off duty: the order of the page."""
        if self.unit.status is Status.EMERGENCY:
            return 0
        if self.unit.doubts:
            return 1
        if self.unit.status is Status.OFF_DUTY:
            return 4
        return 2 if self.is_stale else 3

    @property
    def words(self) -> str:
        """All that the filter looks in."""
        call = self.unit.assignment.call if self.unit.assignment else ""
        doubts = ("doubtful",) if self.unit.doubts else ()
        stale = ("stale",) if self.is_stale else ()
        found = (self.unit.key, self.agency, *self.crew, self.status, self.source, call)
        return " ".join((*found, *doubts, *stale)).casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsBoard:
    """What the page of units shows.

    Attributes:
        lines: the units that the filter lets pass, the first of them.
        found: how many it lets pass.
        total: how many there are.
        stale: how many of all are stale and not off duty.
        doubtful: how many of all are doubted.
        sources: the feeds, with how each stands.
    """

    lines: tuple[UnitLine, ...]
    found: int
    total: int
    stale: int
    doubtful: int
    sources: tuple["SourceLine", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A feed, and how it stands in a word: well, failing, silent, off or never heard."""

    row: UnitSource
    state: str


def units_for(person: Person, *, words: str, now: datetime) -> UnitsBoard:
    """The units of the person's center that have all these words somewhere in their row."""
    lines: list[UnitLine] = []
    sources: list[SourceLine] = []
    names = dict(Agency.objects.values_list("key", "name"))
    for center in centers_of(person):
        limits = limits_of(center)
        known = known_units(center, now=now).units.values()
        lines += (_line(unit, names, limits, now) for unit in known)
        sources += sources_of(center, now=now)
    wanted = words.casefold().split()
    found = [one for one in lines if all(word in one.words for word in wanted)]
    found.sort(key=lambda one: (one.rank, one.unit.key))
    return UnitsBoard(
        lines=tuple(found[:MOST_SHOWN]),
        found=len(found),
        total=len(lines),
        stale=sum(one.is_stale and one.unit.status is not Status.OFF_DUTY for one in lines),
        doubtful=sum(bool(one.unit.doubts) for one in lines),
        sources=tuple(sources),
    )


def unit_for(key: str, person: Person, *, now: datetime) -> Unit:
    """The unit with this key, for this person's eyes.

    Raises:
        NotFound: there is none, or it is another center's.
    """
    for center in centers_of(person):
        unit = known_units(center, now=now).units.get(key)
        if unit:
            return unit
    raise NotFound("There is no such unit that you may see.", way_out="Look at the page Units.")


def sources_of(center: Agency, *, now: datetime) -> Iterable[SourceLine]:
    """The center's feeds, with how each stands."""
    for row in UnitSource.objects.filter(center=center).select_related("center", "key", "agency"):
        yield SourceLine(row=row, state=state_of(row, now=now))


def state_of(row: UnitSource, *, now: datetime) -> str:
    """How a feed stands, in a word."""
    if not row.is_active:
        return "off"
    if row.trouble:
        return "failing"
    if row.heard_at is None:
        return "never heard"
    return "silent" if now - row.heard_at > settings.TOCSIN.posture.silent_after else "well"


def _line(unit: Unit, names: Mapping[str, str], limits: Limits, now: datetime) -> UnitLine:
    position = unit.position
    return UnitLine(
        unit=unit,
        agency=names.get(unit.agency, unit.agency),
        crew=_crew(unit),
        status=STATUS_WORDS[unit.status],
        source=BOARD if unit.source == BY_HAND else unit.source,
        is_stale=is_stale(unit, now, limits),
        silent=age(unit, now),
        place_age=max(timedelta(0), now - position.at) if position else None,
    )


def _crew(unit: Unit) -> tuple[str, ...]:
    if unit.members:
        return tuple(
            f"{one.shown}"
            + ("" if one.role == "officer" else f" ({one.role.replace('_', ' ')})")
            + ("" if one.is_present else " (away)")
            for one in unit.members
        )
    if unit.crew_count is None:
        return ()
    if unit.crew_count == 0:
        return ("nobody",)
    return (f"{unit.crew_count} by number",)
