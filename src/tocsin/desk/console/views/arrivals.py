"""What was sent to the center and refused."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.arrivals import find_arrival, refused
from tocsin.desk.records.commands.arrivals import adopt
from tocsin.errors import Error


@require_safe
def arrivals(request: HttpRequest) -> HttpResponse:
    """The refused arrivals, latest first."""
    return _page(request, person_of(request))


@require_POST
def keep(request: HttpRequest, pk: int) -> HttpResponse:
    """A refused arrival is a call after all, for this reason."""
    person = person_of(request)
    row = find_arrival(pk, person)
    because = request.POST.get("because", "")
    try:
        call = adopt(row, because=because, person=person, now=timezone.now())
    except Error as error:
        return _page(request, person, again=retry(f"arrival-{pk}", error, request))
    messages.success(request, f"It is kept as {call.number}.")
    return redirect("console:call", call.number)


def _page(request: HttpRequest, person: Person, *, again: Retry | None = None) -> HttpResponse:
    require(person, Act.SEE_CALLS)
    shown = {"here": "/arrivals", "arrivals": refused(person), "retry": again}
    return render(request, "console/arrivals.html", shown, status=again.status if again else 200)
