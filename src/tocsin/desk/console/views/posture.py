"""The posture board: who is alone, excuses, and the gate before a unit is sent."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of, require
from tocsin.desk.records.boards.gate import Answered, ask_gate
from tocsin.desk.records.boards.posture import find_breach, find_excuse, posture_board
from tocsin.desk.records.boards.unitmap import map_for
from tocsin.desk.records.commands.breaches import excuse_breach, withdraw_excuse
from tocsin.desk.records.commands.overrides import Sending, override_gate
from tocsin.errors import Error, InputError, NotFound
from tocsin.posture import Assignment, Position

LENGTHS = {"10": "10 minutes", "30": "30 minutes", "60": "1 hour"}
"""For how long a breach is excused, in minutes, unless a time is typed."""

LONGEST_WORD = 120


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Who is alone now, and what breaks which order."""
    return _page(request, person_of(request))


@require_safe
def facts(request: HttpRequest) -> HttpResponse:
    """What the map draws; with `?units` the units alone, because the ground stays."""
    person = person_of(request)
    require(person, Act.SEE_CALLS)
    found = map_for(person, with_ground="units" not in request.GET, now=timezone.now())
    answer = JsonResponse(found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
def excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The breach may stand for a while, by this person's reason."""
    person, now = person_of(request), timezone.now()
    row = find_breach(pk, person)
    try:
        until = _until(request, person, now)
        because = request.POST.get("because", "")[:1000]
        excuse_breach(row, because=because, until=until, person=person, now=now)
    except Error as error:
        return _page(request, person, again=retry(f"excuse-{pk}", error, request))
    sign = row.unit.partition("/")[2]
    messages.success(request, f"{sign} is excused until then, under your name.")
    return redirect("console:posture")


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The excuse counts no more."""
    person = person_of(request)
    row = find_excuse(pk, person)
    because = request.POST.get("because", "")[:1000]
    try:
        withdraw_excuse(row, because=because, person=person, now=timezone.now())
    except Error as error:
        return _page(request, person, again=retry(f"withdraw-{pk}", error, request))
    messages.success(request, "The excuse is taken back: the breach counts again.")
    return redirect("console:posture")


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Whether sending this unit to this call breaks an order, and what would not."""
    person, now = person_of(request), timezone.now()
    require(person, Act.SEE_CALLS)
    try:
        answered = ask_gate(_center(person), *_question(request, now), now=now)
    except Error as error:
        return _page(request, person, again=retry("gate", error, request))
    return _page(request, person, answered=answered)


@require_POST
def override(request: HttpRequest) -> HttpResponse:
    """The unit is sent against an order, by this person's reason."""
    person, now = person_of(request), timezone.now()
    try:
        unit, call = _question(request, now)
        because = request.POST.get("because", "")[:1000]
        sending = Sending(unit=unit, call=call, because=because)
        row = override_gate(_center(person), sending, actor=person, now=now)
    except Error as error:
        return _page(request, person, again=retry("gate", error, request))
    sign = row.unit.partition("/")[2]
    messages.success(request, f"{sign} is sent to {row.call} all the same, under your name.")
    return redirect("console:posture")


def _page(
    request: HttpRequest,
    person: Person,
    *,
    again: Retry | None = None,
    answered: Answered | None = None,
) -> HttpResponse:
    require(person, Act.SEE_CALLS)
    typed: Any = again.typed if again else request.POST if answered else {}
    shown = {
        "here": "/posture",
        "boards": posture_board(person, now=timezone.now()),
        "lengths": LENGTHS.items(),
        "answered": answered,
        "asked": typed,
        "retry": again,
    }
    return render(request, "console/posture.html", shown, status=again.status if again else 200)


def _center(person: Person) -> Agency:
    center = centers_of(person).first()
    if center is None:
        raise NotFound("No dispatch center serves your agency.", way_out="Ask your administrator.")
    return center


def _until(request: HttpRequest, person: Person, now: datetime) -> datetime:
    """The end of an excuse: a length from now, or the next time of the day that was typed.

    Raises:
        InputError: neither was said, or it is no time.
    """
    typed = request.POST.get("until", "").strip()
    if not typed:
        length = request.POST.get("minutes", "")
        if length not in LENGTHS:
            raise InputError("It is not said until when.", way_out="Choose a length or a time.")
        return now + timedelta(minutes=int(length))
    try:
        clock = datetime.strptime(typed, "%H:%M").time()  # noqa: DTZ007 # joined with a zone below
    except ValueError as error:
        raise InputError(
            f"{typed[:20]!r} is no time of the day.", way_out="Write it as in 21:30."
        ) from error
    local = now.astimezone(ZoneInfo(person.agency.zone))
    until = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return until if until > local else until + timedelta(days=1)


def _question(request: HttpRequest, now: datetime) -> tuple[str, Assignment]:
    """The unit and the call that were typed.

    Raises:
        InputError: one is missing, or the place is no latitude and longitude.
    """
    unit, call = (request.POST.get(name, "").strip()[:LONGEST_WORD] for name in ("unit", "call"))
    if not unit or not call:
        raise InputError(
            "It is not said which unit is sent where.", way_out="Type the call sign and the call."
        )
    place = request.POST.get("place", "").strip()
    kind = request.POST.get("type", "").strip()[:60]
    position = _position(place, now) if place else None
    return unit, Assignment(call=call, type=kind, position=position, since=now)


def _position(text: str, now: datetime) -> Position:
    parts = text.replace(",", " ").split()
    try:
        lat, lon = (float(part) for part in parts)
    except ValueError as error:
        raise InputError(
            f"{text[:60]!r} is no place.", way_out="Write latitude, longitude: 39.21, -105.12."
        ) from error
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError(
            f"{text[:60]!r} is not on the earth.", way_out="Latitude first, then longitude."
        )
    return Position(lon=lon, lat=lat, at=now)
