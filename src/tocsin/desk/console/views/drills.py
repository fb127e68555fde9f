"""Drills: started, ended, and their scores beside each other."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import centers_of, find_call
from tocsin.desk.records.boards.drills import drills_page, find_drill, met
from tocsin.desk.records.commands.drills import end_drill, start_drill
from tocsin.errors import Error, NotAllowed


@require_safe
def drills(request: HttpRequest) -> HttpResponse:
    """What runs, what can be replayed, and what came of it."""
    return _page(request, person_of(request))


@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A drill runs; its threat is before this person."""
    person = person_of(request)
    number, title = request.POST.get("case", ""), request.POST.get("title", "")
    try:
        center = centers_of(person).first()
        if center is None:
            raise NotAllowed(f"{person.agency} is served by no dispatch center.")
        case = find_call(number, person) if number else None
        drill = start_drill(center, title=title, case=case, person=person, now=timezone.now())
    except Error as error:
        return _page(request, person, again=retry("start", error, request))
    messages.success(request, f"{drill.number} runs. Nothing of it leaves this machine.")
    return redirect("console:drills")


@require_POST
def end(request: HttpRequest, number: str) -> HttpResponse:
    """The drill is over, and scored."""
    person = person_of(request)
    drill = end_drill(find_drill(number, person), person=person, now=timezone.now())
    reached, of = met(drill)
    messages.success(request, f"{number} is over: {reached} of {of} goals were met.")
    return redirect("console:drills")


def _page(request: HttpRequest, person: Person, *, again: Retry | None = None) -> HttpResponse:
    shown = {"here": "/drills", "page": drills_page(person), "retry": again}
    return render(request, "console/drills.html", shown, status=again.status if again else 200)
