"""The gate before a unit is sent: CAD asks it, and says where one is sent all the same."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from pydantic import ConfigDict, StringConstraints

from tocsin.assess import Act
from tocsin.desk.api.answers import Refused
from tocsin.desk.api.callers import Caller
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.gate import ask_gate
from tocsin.desk.records.commands.overrides import Sending, override_gate, verdict_as_json
from tocsin.posture import Assignment, Position

router = Router()

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=1000, strip_whitespace=True)]


class Place(Schema):
    """Where a call is, WGS 84."""

    model_config = ConfigDict(extra="forbid")
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class Where(Schema):
    """A call to which a unit is to be sent."""

    model_config = ConfigDict(extra="forbid")
    number: Name
    type: Annotated[str, StringConstraints(max_length=60, strip_whitespace=True)] = ""
    place: Place | None = None


class Question(Schema):
    """A unit, by `AGENCY/CALL SIGN` or by its call sign alone, and the call."""

    model_config = ConfigDict(extra="forbid")
    unit: Name
    call: Where


class Word(Question):
    """The unit is sent all the same: why, and who decided it."""

    because: Words
    dispatcher: Annotated[str, StringConstraints(max_length=120, strip_whitespace=True)] = ""


class Found(Schema):
    """A measure that would be broken, or of which it is not known."""

    order: str
    measure: str
    state: str
    reason: str
    persons: list[str]


class Instead(Schema):
    """What would not break it: pick up, send instead, send too."""

    kind: str
    unit: str
    minutes: float
    how: str
    mends: list[str]


class Verdict(Schema):
    """`keeps`, `breaks`, or `not_known`, which is never to be read as safe."""

    unit: str
    call: str
    answer: str
    findings: list[Found]
    remedies: list[Instead]
    heard_at: datetime
    version: int


@router.post("/check", response={200: Verdict, 401: Any, 404: Refused, 422: Any})
def post_check(request: HttpRequest, question: Question) -> dict[str, Any]:
    """Whether sending this unit to this call breaks an order, and what would not."""
    caller, now = _caller(request), timezone.now()
    if isinstance(caller.actor, Person):
        require(caller.actor, Act.SEE_CALLS)
    call = _assignment(question.call, now)
    return verdict_as_json(ask_gate(caller.center, question.unit, call, now=now))


@router.post("/override", response={201: Verdict, 401: Any, 403: Refused, 404: Refused, 422: Any})
def post_override(request: HttpRequest, word: Word) -> Status[Any]:
    """The unit is sent against an order, with a reason, under a person's name."""
    caller, now = _caller(request), timezone.now()
    sending = Sending(
        unit=word.unit,
        call=_assignment(word.call, now),
        because=word.because,
        dispatcher=word.dispatcher,
    )
    row = override_gate(caller.center, sending, actor=caller.actor, now=now)
    return Status(201, row.verdict)


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined] # ninja puts it there
    return caller


def _assignment(where: Where, now: datetime) -> Assignment:
    place = where.place
    position = Position(lon=place.lon, lat=place.lat, at=now) if place else None
    return Assignment(call=where.number, type=where.type, position=position, since=now)
