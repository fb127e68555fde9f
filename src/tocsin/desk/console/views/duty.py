"""Who works, whatever his shifts say: called back, held over, sick."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.assess import Act
from tocsin.desk.console.forms import first_fault
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.console.terms import DutyForm
from tocsin.desk.people.models import Duty, Person
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.duty import duty_page, find_staff
from tocsin.desk.records.commands.duty import enter_duty
from tocsin.errors import Error, InputError


@require_http_methods(["GET", "HEAD", "POST"])
def duty(request: HttpRequest) -> HttpResponse:
    """Show who was entered to work or not, and enter somebody."""
    person = person_of(request)
    require(person, Act.ENTER_DUTY)
    if request.method != "POST":
        return _page(request, person)
    try:
        row = _enter(request, person)
    except Error as error:
        return _page(request, person, again=retry("duty", error, request))
    works = "works" if row.is_on else "does not work"
    messages.success(request, f"{row.person.name} {works}: that stands under your name.")
    return redirect("console:duty")


def _enter(request: HttpRequest, person: Person) -> Duty:
    now = timezone.now()
    form = DutyForm(request.POST, zone=person.agency.zone, now=now)
    if not form.is_valid():
        raise InputError(first_fault(form))
    whom = find_staff(form.cleaned_data["person"], person)
    return enter_duty(whom, form.hours, by=person, now=now)


def _page(request: HttpRequest, person: Person, *, again: Retry | None = None) -> HttpResponse:
    page = duty_page(person, now=timezone.now())
    shown = {"here": "/duty", "page": page, "retry": again}
    return render(request, "console/duty.html", shown, status=again.status if again else 200)
