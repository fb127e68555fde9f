"""The start of a shift, for a CAD that asks whether a unit may be made available."""

from datetime import datetime
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, StringConstraints

from tocsin.desk.api.answers import Refused
from tocsin.desk.api.callers import Caller
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.log_on import ask_log_on, go_available
from tocsin.desk.records.waiting import find_starter, waiting_for
from tocsin.errors import NotAllowed

router = Router()

Name = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Unit = Annotated[str, StringConstraints(max_length=20, strip_whitespace=True)]


class Starter(Schema):
    """Who begins to work: a login with the call sign of today, or the call sign alone."""

    model_config = ConfigDict(extra="forbid")
    login: Name = ""
    unit: Unit = ""


class Waits(Schema):
    """One live bulletin that he must acknowledge first."""

    number: str
    version: int
    safety_line: str
    released_at: datetime
    is_exercise: bool
    link: str


class Clearance(Schema):
    """Whether he may be made available, and what waits for his answer."""

    clear: bool
    waiting: list[Waits]
    person: str
    login: str
    unit: str


@router.post("", response={200: Clearance, 403: Refused, 404: Refused, 422: Any})
def post_log_on(request: HttpRequest, starter: Starter) -> dict[str, Any]:
    """A person begins his shift. He is available in Tocsin when the answer says `clear`."""
    caller = _caller(request)
    person = find_starter(caller.center, login=starter.login, unit=starter.unit)
    _require_own(caller, person)
    now = timezone.now()
    how = caller.actor if isinstance(caller.actor, str) else "api"
    log_on = ask_log_on(person, unit=starter.unit, how=how, now=now)
    if not waiting_for(person):
        go_available(log_on, person=person, now=now)
    return _clearance(person)


@router.get("/{unit}", response={200: Clearance, 403: Refused, 404: Refused, 422: Any})
def get_log_on(request: HttpRequest, unit: Unit) -> dict[str, Any]:
    """What waits for the person with this call sign now; nothing is changed."""
    caller = _caller(request)
    person = find_starter(caller.center, login="", unit=unit)
    _require_own(caller, person)
    return _clearance(person)


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined] # ninja puts it there
    return caller


def _require_own(caller: Caller, person: Person) -> None:
    """A machine speaks for its center's people; a person for himself alone."""
    if isinstance(caller.actor, Person) and caller.actor.pk != person.pk:
        raise NotAllowed(
            f"Only {person.name} can log on as himself.", way_out="Send your own login."
        )


def _clearance(person: Person) -> dict[str, Any]:
    waiting = [
        {
            "number": one.number,
            "version": one.version,
            "safety_line": one.safety_line,
            "released_at": one.released_at,
            "is_exercise": one.is_exercise,
            "link": f"{settings.TOCSIN.address}/log-on",
        }
        for one in waiting_for(person)
    ]
    return {
        "clear": not waiting,
        "waiting": waiting,
        "person": person.name,
        "login": person.login,
        "unit": person.unit,
    }
