"""What each change to a bulletin in force would do, before it is done."""

from dataclasses import dataclass

from tocsin.desk.people.models import Person
from tocsin.desk.records.models import Bulletin, Recipient
from tocsin.desk.records.queries import is_exercise, told_by, versions_in_force
from tocsin.desk.records.values import content_from
from tocsin.errors import NotFound, OutOfTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another bulletin in force that could hold in this one's place.

    Attributes:
        row: the version in force.
        safety_line: its first line.
        fresh: people told of this one whom it would newly be told.
    """

    row: Bulletin
    safety_line: str
    fresh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A bulletin in force, and whom a change of it touches.

    Attributes:
        row: the version in force.
        people: who was, or may have been, told of it.
        answered: how many have acknowledged this version.
        silent: how many have not.
        others: which bulletins could take its place.
    """

    row: Bulletin
    people: tuple[Person, ...]
    answered: int
    silent: int
    others: tuple[Other, ...]


def change_of(row: Bulletin) -> Change:
    """What a change of this version would touch."""
    row.refresh_from_db()
    people = told_by(row)
    asked = row.recipients.filter(must_acknowledge=True)
    return Change(
        row=row,
        people=tuple(people),
        answered=asked.exclude(acknowledged_at=None).count(),
        silent=asked.filter(acknowledged_at=None).count(),
        others=tuple(_others(row, people)),
    )


def find_other(name: str, row: Bulletin) -> Bulletin:
    """The version `NUMBER.VERSION` that is to take the place of this one.

    Raises:
        OutOfTurn: none was chosen.
        NotFound: it is not one that could.
    """
    if not name:
        raise OutOfTurn(
            "It was not chosen which bulletin holds instead.", way_out="Choose one of them."
        )
    for one in _candidates(row):
        if f"{one.number}.{one.version}" == name:
            return one
    raise NotFound(
        f"{name} cannot hold in the place of {row}.", way_out="Look at what is in force now."
    )


def is_asked(row: Bulletin, person: Person) -> bool:
    """Whether this version waits for this person's own answer."""
    asked = row.recipients.filter(person=person, must_acknowledge=True, acknowledged_at=None)
    return row.state == Bulletin.State.RELEASED and asked.exists()


def answers_before(draft: Bulletin) -> int:
    """How many people have acknowledged the version that this draft would replace."""
    return Recipient.objects.filter(
        bulletin__in=versions_in_force(draft), must_acknowledge=True, acknowledged_at__isnull=False
    ).count()


def _others(row: Bulletin, people: list[Person]) -> list[Other]:
    told = {person.pk for person in people}
    return [
        Other(
            row=one,
            safety_line=content_from(one.content).safety_line,
            fresh=len(told - set(one.recipients.values_list("person", flat=True))),
        )
        for one in _candidates(row)
    ]


def _candidates(row: Bulletin) -> list[Bulletin]:
    """Live bulletins of the same center; an exercise never holds in the place of a real one."""
    live = Bulletin.objects.filter(
        state=Bulletin.State.RELEASED, threat__center=row.threat.center
    ).exclude(number=row.number)
    is_it = is_exercise(row)
    rows = live.select_related("threat__center").order_by("-released_at")
    return [one for one in rows if is_exercise(one) == is_it]
