"""One threat: what was said, what people think of it, who has been told and who has not."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Answer, Question
from tocsin.desk.console.forms import AssessForm, first_fault
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import find_threat
from tocsin.desk.records.boards.orders import posture_card
from tocsin.desk.records.boards.threats import threat_page
from tocsin.desk.records.boards.timeline import timeline
from tocsin.desk.records.boards.told import SHOWN, find_recipient
from tocsin.desk.records.commands.acknowledgments import acknowledge_for
from tocsin.desk.records.commands.threats import close_threat, record_assessment, start_bulletin
from tocsin.errors import Error, InputError


@require_safe
def threat(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one threat."""
    return _page(request, number, person_of(request))


@require_POST
def assess(request: HttpRequest, number: str) -> HttpResponse:
    """This person's answer to one of the two questions stands beside the others'."""
    person = person_of(request)
    row = find_threat(number, person)
    form = AssessForm(request.POST)
    name = f"assess-{request.POST.get('question')}"
    if not form.is_valid():
        fault = InputError(first_fault(form))
        return _page(request, number, person, again=retry(name, fault, request))
    given = form.cleaned_data
    question, answer = Question(given["question"]), Answer(given["answer"])
    now, reasons = timezone.now(), given["reasons"]
    try:
        record_assessment(row, question, answer, reasons=reasons, person=person, now=now)
    except Error as error:
        return _page(request, number, person, again=retry(name, error, request))
    messages.success(request, "Your answer stands under your name.")
    return redirect("console:threat", number)


@require_POST
def tell_otherwise(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A person was told by other means: this supervisor says how."""
    person = person_of(request)
    row = find_recipient(pk, person)
    because = request.POST.get("because", "")
    try:
        acknowledge_for(row, because=because, person=person, now=timezone.now())
    except Error as error:
        return _page(request, number, person, again=retry(f"told-{pk}", error, request))
    messages.success(request, f"{row.person.name} was told: that stands under your name.")
    return redirect("console:threat", number)


@require_POST
def start(request: HttpRequest, number: str) -> HttpResponse:
    """There is a draft of a new bulletin, to be edited."""
    person = person_of(request)
    draft = start_bulletin(find_threat(number, person), person=person, now=timezone.now())
    return redirect("console:edit", draft.number, draft.version)


@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """The threat is closed, for this reason."""
    person = person_of(request)
    row = find_threat(number, person)
    because = request.POST.get("because", "")
    try:
        close_threat(row, person=person, because=because, now=timezone.now())
    except Error as error:
        return _page(request, number, person, again=retry("close", error, request))
    messages.success(request, f"{number} is closed.")
    return redirect("console:threat", number)


def _page(
    request: HttpRequest, number: str, person: Person, *, again: Retry | None = None
) -> HttpResponse:
    row = find_threat(number, person)
    is_all = "all" in request.GET
    page = threat_page(row, person, limit=None if is_all else SHOWN)
    shown = {
        "here": reverse("console:threat", args=[number]) + ("?all" if is_all else ""),
        "page": page,
        "line": page.line,
        "posture": posture_card(row, person, now=timezone.now()),
        "timeline": timeline(page),
        "zone": page.line.threat.center.zone,
        "shown_at_most": None if is_all else SHOWN,
        "retry": again,
    }
    return render(request, "console/threat.html", shown, status=again.status if again else 200)
