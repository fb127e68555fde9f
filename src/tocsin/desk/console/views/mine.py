"""A person's own bulletins, for the phone in his hand."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.bulletins import own_bulletin, own_page
from tocsin.desk.records.commands.acknowledgments import acknowledge, mark_seen


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The bulletins that concern this person; those in force he has seen now."""
    person = person_of(request)
    require(person, Act.RECEIVE_BULLETINS)
    page = own_page(person)
    if request.method == "GET":
        now = timezone.now()
        for one in page.unseen:
            mark_seen(one.row, person=person, now=now)
    return render(request, "console/mine.html", {"page": page})


@require_POST
def have(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """This person has the warning."""
    person = person_of(request)
    acknowledge(own_bulletin(number, version, person), person=person, now=timezone.now())
    messages.success(request, "You have it. Your dispatch center sees that.")
    return redirect("console:mine")
