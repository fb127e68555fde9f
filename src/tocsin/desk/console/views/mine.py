"""A person's own bulletins, for the phone in his hand."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.bulletins import devices_of, own_bulletin, own_page
from tocsin.desk.records.commands.acknowledgments import acknowledge, mark_seen
from tocsin.desk.records.commands.devices import add_device, remove_devices
from tocsin.warn.subscription import sender_name


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
    sender = sender_name(settings.TOCSIN_CHANNELS["push"]["secret"])
    shown = {"page": page, "sender": sender, "devices": devices_of(person)}
    return render(request, "console/mine.html", shown)


@require_POST
def have(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """This person has the warning."""
    person = person_of(request)
    acknowledge(own_bulletin(number, version, person), person=person, now=timezone.now())
    messages.success(request, "You have it. Your dispatch center sees that.")
    return redirect("console:log_on" if request.POST.get("then") == "log-on" else "console:mine")


@require_POST
def device(request: HttpRequest) -> HttpResponse:
    """This browser shows this person's warnings as notifications."""
    person = person_of(request)
    require(person, Act.RECEIVE_BULLETINS)
    add_device(person, request.POST.get("subscription", ""), now=timezone.now())
    return HttpResponse(status=204)


@require_POST
def no_devices(request: HttpRequest) -> HttpResponse:
    """No browser of this person shows notifications any more."""
    person = person_of(request)
    remove_devices(person, now=timezone.now())
    messages.success(request, "Notifications are off on all your devices.")
    return redirect("console:mine")


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows notifications while no page is open; it speaks for the whole site."""
    found = finders.find("console/push-worker.js")
    return HttpResponse(Path(str(found)).read_bytes(), content_type="text/javascript")
