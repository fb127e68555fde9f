"""The start of a shift: the live bulletins first, then available."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.bulletins import own_page
from tocsin.desk.records.boards.duty import last_log_on
from tocsin.desk.records.commands.acknowledgments import mark_seen
from tocsin.desk.records.commands.log_on import ask_log_on, go_available
from tocsin.desk.records.waiting import waiting_for
from tocsin.errors import Error


@require_http_methods(["GET", "HEAD", "POST"])
def log_on(request: HttpRequest) -> HttpResponse:
    """Show what waits for this person's answer, and take his word that he is available."""
    person = person_of(request)
    require(person, Act.RECEIVE_BULLETINS)
    if request.method != "POST":
        return _page(request, person)
    now, unit = timezone.now(), request.POST.get("unit", "")
    try:
        row = ask_log_on(person, unit=unit, how="console", now=now)
        go_available(row, person=person, now=now)
    except Error as error:
        return _page(request, person, again=retry("log-on", error, request))
    messages.success(request, f"You are available{f' as {row.unit}' if row.unit else ''}.")
    return redirect("console:log_on")


def _page(request: HttpRequest, person: Person, *, again: Retry | None = None) -> HttpResponse:
    page = own_page(person)
    if request.method != "HEAD":
        for one in page.unseen:
            mark_seen(one.row, person=person, now=timezone.now())
    shown = {
        "here": "/log-on",
        "page": page,
        "waiting": len(waiting_for(person)),
        "last": last_log_on(person),
        "retry": again,
    }
    return render(request, "console/log_on.html", shown, status=again.status if again else 200)
