"""What becomes of a bulletin in force: corrected, renewed, superseded; each change shown first."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from tocsin.assess import Act
from tocsin.desk.console.forms import HOURS, first_fault
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.console.terms import RenewForm
from tocsin.desk.records.access import find_bulletin, require
from tocsin.desk.records.boards.versions import Change, change_of, find_other
from tocsin.desk.records.commands import endings
from tocsin.desk.records.commands.bulletins import drop_draft, start_correction
from tocsin.errors import Error, InputError


@require_POST
def correct(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """There is a draft of a small correction, to be edited."""
    person = person_of(request)
    row = find_bulletin(number, version, person)
    draft = start_correction(row, person=person, now=timezone.now())
    return redirect("console:edit", draft.number, draft.version)


@require_POST
def drop(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The draft is dropped; what is in force stays as it is."""
    person = person_of(request)
    row = find_bulletin(number, version, person)
    drop_draft(row, person=person, now=timezone.now())
    messages.success(request, f"The draft of version {version} is dropped. Nobody was told of it.")
    return redirect("console:threat", row.threat.number)


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show what a renewal does, and renew under this person's name."""
    person = person_of(request)
    row = find_bulletin(number, version, person)
    require(person, Act.RELEASE_BULLETIN)
    if request.method != "POST":
        return _page(request, "renew", change_of(row))
    form = RenewForm(request.POST)
    try:
        if not form.is_valid():
            raise InputError(first_fault(form))
        given, now = form.cleaned_data, timezone.now()
        later = endings.renew(
            row, lasts_for=given["hours"], because=given["because"], person=person, now=now
        )
    except Error as error:
        return _page(request, "renew", change_of(row), again=retry("renew", error, request))
    messages.success(request, f"{number} is renewed as version {later.version}, under your name.")
    return redirect("console:threat", row.threat.number)


@require_http_methods(["GET", "HEAD", "POST"])
def supersede(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show which bulletins could hold instead, and put one in the place of this one."""
    person = person_of(request)
    row = find_bulletin(number, version, person)
    require(person, Act.RELEASE_BULLETIN)
    if request.method != "POST":
        return _page(request, "supersede", change_of(row))
    try:
        other = find_other(request.POST.get("by", ""), row)
        endings.supersede(row, by=other, person=person, now=timezone.now())
    except Error as error:
        return _page(request, "supersede", change_of(row), again=retry("supersede", error, request))
    messages.success(request, f"{other.number} holds in the place of {number}.")
    return redirect("console:threat", other.threat.number)


def _page(
    request: HttpRequest, name: str, change: Change, *, again: Retry | None = None
) -> HttpResponse:
    shown = {
        "bulletin": change.row,
        "change": change,
        "hours": HOURS,
        "zone": change.row.threat.center.zone,
        "retry": again,
    }
    status = again.status if again else 200
    return render(request, f"console/{name}.html", shown, status=status)
