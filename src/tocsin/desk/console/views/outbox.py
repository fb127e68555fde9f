"""The outbox: every message that was or will be sent."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.outbox import outbox as outbox_of


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The messages, latest first."""
    person = person_of(request)
    require(person, Act.SEE_OUTBOX)
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isdecimal() and 0 < len(asked) < 7 else 1
    threat = request.GET.get("threat", "")
    shown = {"outbox": outbox_of(person, page=max(1, page), threat=threat), "threat": threat}
    return render(request, "console/outbox.html", shown)
