"""Alerts from elsewhere: read, answered by a named person, put beside a threat."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import find_threat, require
from tocsin.desk.records.boards.alerts import alert_list, alert_page, find_alert
from tocsin.desk.records.commands.answering import (
    answer_alert,
    content_of,
    link_alert,
    start_from_alert,
)
from tocsin.errors import Error, MissingReason


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """The alerts that came to this person's center, latest first."""
    person = person_of(request)
    require(person, Act.SEE_CALLS)
    shown = {"here": "/alerts", "all": alert_list(person)}
    return render(request, "console/alerts.html", shown)


@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """One alert, with what is known of it."""
    return _page(request, pk, person_of(request))


@require_safe
def raw(request: HttpRequest, pk: int) -> HttpResponse:
    """The alert's bytes as they came, as a file: nothing in them is shown as a page of ours."""
    content = content_of(find_alert(pk, person_of(request)))
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="alert-{pk}.xml"'
    return answer


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Our `Ack`, or `Error` with its reason, stands under this person's name."""
    person = person_of(request)
    row = find_alert(pk, person)
    is_error = request.POST.get("then") == "error"
    problem = request.POST.get("problem", "") if is_error else ""
    try:
        if is_error and not problem.strip():
            raise MissingReason("It is not said what is wrong.", way_out="Say it in a sentence.")
        answer_alert(row, problem=problem, person=person, now=timezone.now())
    except Error as error:
        name = "error" if is_error else "ack"
        return _page(request, pk, person, again=retry(name, error, request))
    messages.success(request, f"It is answered with {row.answer_number}, under your name.")
    return redirect("console:alert", pk)


@require_POST
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """The alert stands beside a threat: one that is open, or a new one."""
    person = person_of(request)
    row = find_alert(pk, person)
    number, now = request.POST.get("threat", ""), timezone.now()
    try:
        if number:
            threat = find_threat(number, person)
            link_alert(row, threat, person=person, now=now)
        else:
            threat = start_from_alert(row, person=person, now=now)
    except Error as error:
        return _page(request, pk, person, again=retry("threat", error, request))
    messages.success(request, f"The alert stands beside {threat.number}.")
    return redirect("console:threat", threat.number)


def _page(
    request: HttpRequest, pk: int, person: Person, *, again: Retry | None = None
) -> HttpResponse:
    page = alert_page(pk, person)
    shown = {
        "here": reverse("console:alert", args=[pk]),
        "page": page,
        "row": page.line.row,
        "zone": page.line.row.center.zone,
        "retry": again,
    }
    return render(request, "console/alert.html", shown, status=again.status if again else 200)
