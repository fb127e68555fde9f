"""Pre-flight: whom a warning would not reach tonight, worst first; asked for by a button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.preflight import preflight_pages
from tocsin.desk.records.commands.preflight import ask_preflight


@require_http_methods(["GET", "HEAD", "POST"])
def preflight(request: HttpRequest) -> HttpResponse:
    """Show what the last pre-flight has found, and ask for a new one."""
    person, now = person_of(request), timezone.now()
    if not person.may(Act.ADMINISTER):
        require(person, Act.SEE_CALLS)
    if request.method == "POST":
        ask_preflight(person=person, now=now)
        messages.success(request, "Everything is being looked through. Nothing is sent to anybody.")
        return redirect("console:preflight")
    return render(request, "console/preflight.html", {"pages": preflight_pages(person, now=now)})
