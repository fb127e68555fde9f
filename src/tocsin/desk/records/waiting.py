"""The live bulletins that wait for one person's answer before he is available."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import own_bulletins, require, staff_of
from tocsin.desk.records.models import Bulletin
from tocsin.desk.records.queries import is_exercise
from tocsin.desk.records.values import content_from
from tocsin.errors import InputError, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One live bulletin that a person has not acknowledged.

    Attributes:
        number, version: which.
        safety_line: its first line.
        released_at: when.
        is_exercise: whether it is a demonstration's.
    """

    number: str
    version: int
    safety_line: str
    released_at: datetime
    is_exercise: bool


def waiting_for(person: Person) -> list[Waiting]:
    """What waits for this person's answer, the oldest first.

    A drill's bulletin is shown to him like any other, and holds nobody back from real work.
    """
    rows = own_bulletins(person).filter(
        bulletin__state=Bulletin.State.RELEASED,
        bulletin__threat__is_drill=False,
        must_acknowledge=True,
        acknowledged_at=None,
    )
    return [_waiting(row.bulletin) for row in rows.order_by("bulletin__released_at", "pk")]


def name_of(one: Waiting) -> str:
    """Its number and version, as they stand in the record of a log-on."""
    return f"{one.number} v{one.version}"


def find_starter(center: Agency, *, login: str, unit: str) -> Person:
    """Who of the center, or of an agency that it serves, begins to work.

    Raises:
        InputError: it is not said who, or more than one has the call sign.
        NotFound: nobody is called so.
        NotAllowed: he is not one who is warned.
    """
    if not (login or unit):
        raise InputError("It is not said who logs on.", way_out="Send a login or a call sign.")
    staff = staff_of(center)
    found = list(staff.filter(login__iexact=login) if login else staff.filter(unit__iexact=unit))
    if not found:
        name = f"the login {login!r}" if login else f"the call sign {unit!r}"
        raise NotFound(
            f"Nobody of {center.name} has {name}.", way_out="Check it against the county file."
        )
    if len(found) > 1:
        raise InputError(
            f"{len(found)} people have the call sign {unit!r}.", way_out="Send the login instead."
        )
    require(found[0], Act.RECEIVE_BULLETINS)
    return found[0]


def _waiting(row: Bulletin) -> Waiting:
    return Waiting(
        number=row.number,
        version=row.version,
        safety_line=content_from(row.content).safety_line,
        released_at=row.released_at or row.drafted_at,
        is_exercise=is_exercise(row),
    )
