"""Calls: a new one by hand, and one with all that is known of it."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.forms import NewCallForm
from tocsin.desk.console.person import person_of
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import centers_of, find_call, require
from tocsin.desk.records.boards.calls import call_page
from tocsin.desk.records.commands.access import record_view
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.desk.records.commands.threats import open_threat
from tocsin.errors import Error, NotAllowed
from tocsin.intake import LARGEST, CallFacts, facts_as_json


@require_http_methods(["GET", "HEAD", "POST"])
def new_call(request: HttpRequest) -> HttpResponse:
    """Show the form of a new call, and take one in."""
    person = person_of(request)
    require(person, Act.SUBMIT_CALL)
    if request.method != "POST":
        return _form(request, NewCallForm(zone=person.agency.zone))
    form = NewCallForm(request.POST, request.FILES, zone=person.agency.zone)
    if not form.is_valid():
        return _form(request, form, status=422)
    try:
        received = receive(_offer(form, person), now=timezone.now())
    except Error as error:
        form.add_error(None, error.for_person())
        return _form(request, form, status=422)
    if not received.is_new:
        messages.info(request, f"This recording was here already, as {received.call.number}.")
    return redirect("console:call", received.call.number)


@require_safe
def call(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one call; that it was looked at is in the log."""
    person = person_of(request)
    row = find_call(number, person)
    if not request.htmx:  # type: ignore[attr-defined] # the middleware puts it there
        now = timezone.now()
        record_view(row.center, f"call:{number}", action="viewed", person=person, now=now)
    shown = {"page": call_page(row, person), "zone": row.center.zone}
    return render(request, "console/call.html", shown)


@require_POST
def open_from_call(request: HttpRequest, number: str) -> HttpResponse:
    """The call is a threat, by this person's word."""
    person = person_of(request)
    threat = open_threat(find_call(number, person), person=person, now=timezone.now())
    return redirect("console:threat", threat.number)


def _form(request: HttpRequest, form: NewCallForm, *, status: int = 200) -> HttpResponse:
    return render(request, "console/new_call.html", {"form": form}, status=status)


def _offer(form: NewCallForm, person: Person) -> Offer:
    facts = form.cleaned_data
    center = centers_of(person).first()
    if center is None:
        raise NotAllowed(
            f"{person.agency} is served by no dispatch center.",
            way_out="Ask the administrator to name its center.",
        )
    audio = facts["audio"]
    recording, fault = seal_upload(audio.chunks()) if audio is not None else (None, None)
    return Offer(
        center=center,
        source="page",
        actor=person,
        name=audio.name if audio is not None else "",
        recording=recording,
        call_data=_call_data(form),
        note=facts["note"],
        fault=fault,
    )


def _call_data(form: NewCallForm) -> bytes | None:
    facts = form.cleaned_data
    if facts["call_data"] is not None:
        return bytes(facts["call_data"].read(LARGEST + 1))
    if not (facts["ani"] or facts["started_at"]):
        return None
    typed = CallFacts(ani=facts["ani"], started_at=facts["started_at"])
    return json.dumps(facts_as_json(typed)).encode()
