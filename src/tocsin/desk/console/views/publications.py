"""Messages to the public: asked for on the page of a bulletin, decided by a second person."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.publicform import PublicForm, typed_from
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.publications import (
    PublicPage,
    preview_proposal,
    public_list,
    public_page,
    publication_page,
)
from tocsin.desk.records.commands.publications import (
    approve_publication,
    ask_publication,
    end_publication,
    refuse_publication,
)
from tocsin.desk.records.publishing import proposal_from, zone_word
from tocsin.errors import Error, OutOfTurn


@require_http_methods(["GET", "HEAD", "POST"])
def public(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show what the public is told of a bulletin, and ask for a message."""
    person = person_of(request)
    page = public_page(number, version, person, now=timezone.now())
    require(person, Act.ASK_PUBLIC)
    if request.method != "POST":
        return _page(request, page, _form(page))
    form = _form(page, request)
    if not form.is_valid() or request.POST.get("then") == "look":
        return _page(request, page, form)
    proposal, seen, now = form.proposal(), request.POST.get("seen", ""), timezone.now()
    try:
        if seen != preview_proposal(page, proposal, now=now).seen:
            raise _look_first()
        row = ask_publication(page.bulletin, proposal, person=person, now=now, seen=seen)
    except Error as error:
        return _page(request, page, form, again=retry("ask", error, request))
    messages.success(request, f"{row.number} waits for a second person. The public sees nothing.")
    return redirect("console:publication", row.number, row.version)


@require_POST
def preview(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """What the words typed so far would come to; nothing is kept."""
    person = person_of(request)
    page = public_page(number, version, person, now=timezone.now())
    shown = _preview(page, _form(page, request))
    return render(request, "console/parts/public_preview.html", shown)


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, what the public is told now, and what is over."""
    person = person_of(request)
    require(person, Act.SEE_CALLS)
    shown = {"here": "/public", "all": public_list(person, now=timezone.now())}
    return render(request, "console/publications.html", shown)


@require_safe
def publication(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """One message to the public."""
    return _one(request, number, version, person_of(request))


@require_POST
def decide(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """This person approves it, refuses it, or asks for its end."""
    person = person_of(request)
    row = publication_page(number, version, person, now=timezone.now()).row
    then, because = request.POST.get("then", ""), request.POST.get("because", "")
    now = timezone.now()
    try:
        if then == "approve":
            if not request.POST.get("seen"):
                raise _look_first()
            approve_publication(row, person=person, now=now, seen=request.POST["seen"])
            told = f"{row} is approved: it is in the public feed."
        elif then == "end":
            row = end_publication(row, because=because, person=person, now=now)
            told = f"The end of {row.number} waits for a second person."
        else:
            refuse_publication(row, because=because, person=person, now=now)
            told = f"{row} is refused."
    except Error as error:
        name = then if then in {"approve", "end"} else "refuse"
        return _one(request, number, version, person, again=retry(name, error, request))
    messages.success(request, told)
    return redirect("console:publication", row.number, row.version)


def _look_first() -> OutOfTurn:
    return OutOfTurn(
        "Nothing was done yet: look at what was found in the words first.",
        way_out="It stands beside them. Then press the button again.",
    )


def _form(page: PublicPage, request: HttpRequest | None = None) -> PublicForm:
    center = page.bulletin.threat.center
    word = zone_word(center.zone, now=timezone.now())
    if request is not None:
        return PublicForm(request.POST, areas=page.areas, zone=word)
    first: dict[str, Any] = {"agency": center.name, "group": settings.TOCSIN_IPAWS_GROUP}
    if page.live:
        first |= typed_from(proposal_from(page.live.words))
    else:
        first["areas"] = [area.key for area in page.bulletin.areas.all()]
    return PublicForm(initial=first, areas=page.areas, zone=word)


def _page(
    request: HttpRequest, page: PublicPage, form: PublicForm, *, again: Retry | None = None
) -> HttpResponse:
    shown = {
        "here": reverse("console:public", args=[page.bulletin.number, page.bulletin.version]),
        "page": page,
        "form": form,
        "zone": page.bulletin.threat.center.zone,
        "retry": again,
        **_preview(page, form),
    }
    is_asked = form.is_bound and request.POST.get("then") != "look"
    status = again.status if again else 422 if is_asked else 200
    return render(request, "console/public.html", shown, status=status)


def _preview(page: PublicPage, form: PublicForm) -> dict[str, Any]:
    """What is found in the words, where they are whole enough to be looked at."""
    shown: dict[str, Any] = {"preview": None, "faults": [], "in_form": True}
    if form.is_bound and form.is_valid():
        shown["preview"] = preview_proposal(page, form.proposal(), now=timezone.now())
    elif form.is_bound:
        shown["faults"] = form.faults()
    return shown


def _one(
    request: HttpRequest,
    number: str,
    version: int,
    person: Person,
    *,
    again: Retry | None = None,
) -> HttpResponse:
    page = publication_page(number, version, person, now=timezone.now())
    shown = {
        "here": reverse("console:publication", args=[number, version]),
        "page": page,
        "preview": page.preview,
        "zone": page.row.bulletin.threat.center.zone,
        "retry": again,
    }
    status = again.status if again else 200
    return render(request, "console/publication.html", shown, status=status)
