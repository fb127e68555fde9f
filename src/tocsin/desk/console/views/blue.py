"""The Blue Alert card of a threat: what a state's rule asks, and what people have answered."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Answer
from tocsin.desk.console.forms import BlueForm, first_fault
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import find_threat
from tocsin.desk.records.boards.blue import blue_page
from tocsin.desk.records.commands.blue import record_blue_answer
from tocsin.errors import Error, InputError


@require_safe
def card(request: HttpRequest, number: str) -> HttpResponse:
    """The jurisdictions, or the card of the one that was chosen."""
    return _page(request, number, person_of(request), state=request.GET.get("state", ""))


@require_POST
def answer(request: HttpRequest, number: str) -> HttpResponse:
    """This person's answer to one question stands beside the others'."""
    person = person_of(request)
    row = find_threat(number, person)
    state, form = request.POST.get("state", ""), BlueForm(request.POST)
    try:
        if not form.is_valid():
            raise InputError(first_fault(form))
        given = form.cleaned_data
        key, said, reason = given["question"], Answer(given["answer"]), given["reason"]
        record_blue_answer(row, key, said, reason=reason, person=person, now=timezone.now())
    except Error as error:
        again = retry(f"blue-{request.POST.get('question')}", error, request)
        return _page(request, number, person, state=state, again=again)
    messages.success(request, "Your answer stands under your name.")
    return redirect(_address(number, state))


def _page(
    request: HttpRequest, number: str, person: Person, *, state: str, again: Retry | None = None
) -> HttpResponse:
    page = blue_page(find_threat(number, person), person, state=state)
    shown = {
        "here": _address(number, state),
        "page": page,
        "line": page.line,
        "sheet": page.sheet,
        "state": state,
        "zone": page.line.threat.center.zone,
        "retry": again,
    }
    return render(request, "console/blue.html", shown, status=again.status if again else 200)


def _address(number: str, state: str) -> str:
    address = reverse("console:blue", args=[number])
    return f"{address}?{urlencode({'state': state})}" if state else address
