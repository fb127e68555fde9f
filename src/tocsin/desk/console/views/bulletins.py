"""Bulletins: edited, released, updated, cancelled; each with its consequences shown first."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.forms import HOURS, TELLABLE, DraftForm, ReleaseForm, first_fault
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import find_bulletin, require
from tocsin.desk.records.boards.audience import (
    drawn_lines,
    ground_map,
    offer_lines,
    reached_by,
)
from tocsin.desk.records.boards.bulletins import (
    Draft,
    choices_for,
    consequences_of,
    find_draft,
    people_to_cancel,
    preview_of,
)
from tocsin.desk.records.boards.versions import answers_before
from tocsin.desk.records.commands.bulletins import edit_draft, start_update
from tocsin.desk.records.commands.bulletins import release as release_bulletin
from tocsin.desk.records.commands.endings import cancel as cancel_bulletin
from tocsin.desk.records.queries import cap_message
from tocsin.errors import Error, InputError


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show a draft's words, and keep them as this person writes them."""
    person = person_of(request)
    draft = find_draft(number, version, person)
    require(person, Act.EDIT_BULLETIN)
    if request.method != "POST":
        return _edit(request, draft, DraftForm(initial=draft.initial))
    form = DraftForm(request.POST)
    if not form.is_valid() or request.POST.get("then") == "look" or draft.has_moved(request.POST):
        return _edit(request, draft, form)
    edit_draft(draft.row, form.edit(draft.content.assessed), person=person, now=timezone.now())
    if request.POST.get("then") == "release":
        return redirect("console:release", number, version)
    messages.success(request, "The draft is kept. Nobody has been told yet.")
    return redirect("console:threat", draft.row.threat.number)


@require_POST
def preview(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The message that the words typed so far would make; nothing is kept."""
    draft = find_draft(number, version, person_of(request))
    form = DraftForm(request.POST)
    return render(request, "console/parts/preview.html", _preview(draft, form))


@require_POST
def audience(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Whom what is chosen so far would reach, and who else is offered; nothing is kept."""
    draft = find_draft(number, version, person_of(request))
    shown = {**_audience(draft, DraftForm(request.POST)), "draft": draft, "is_part": True}
    return render(request, "console/parts/audience_reach.html", shown)


@require_safe
def ground(request: HttpRequest) -> HttpResponse:
    """Every area on record, for the map."""
    require(person_of(request), Act.EDIT_BULLETIN)
    answer = JsonResponse(ground_map())
    answer.headers["Cache-Control"] = "private, max-age=60"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show what a release would do, and release."""
    person = person_of(request)
    draft = find_draft(number, version, person)
    require(person, Act.RELEASE_BULLETIN)
    if request.method != "POST":
        return _release(request, draft, person)
    try:
        life, seen = _choice(ReleaseForm(request.POST))
        row = release_bulletin(
            draft.row, person=person, now=timezone.now(), expires_after=life, seen=seen
        )
    except Error as error:
        return _release(request, draft, person, again=retry("release", error, request))
    messages.success(request, f"{row} is released. The messages are on their way.")
    return redirect("console:threat", row.threat.number)


@require_POST
def update(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """There is a draft of the next version, to be edited."""
    person = person_of(request)
    row = find_bulletin(number, version, person)
    draft = start_update(row, person=person, now=timezone.now())
    return redirect("console:edit", draft.number, draft.version)


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """Show who would hear of a cancellation, and cancel."""
    person = person_of(request)
    row = find_bulletin(number, version, person)
    require(person, Act.RELEASE_BULLETIN)
    again = None
    if request.method == "POST":
        because = request.POST.get("because", "")
        try:
            cancel_bulletin(row, because=because, person=person, now=timezone.now())
        except Error as error:
            again = retry("cancel", error, request)
        else:
            messages.success(request, f"{number} is cancelled.")
            return redirect("console:threat", row.threat.number)
    shown = {"bulletin": row, "people": people_to_cancel(row), "retry": again}
    status = again.status if again else 200
    return render(request, "console/cancel.html", shown, status=status)


@require_safe
def cap(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The bytes of a released version's CAP message, as a file."""
    content = cap_message(find_bulletin(number, version, person_of(request)))
    answer = HttpResponse(content, content_type="application/cap+xml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.{version}.xml"'
    return answer


def _choice(form: ReleaseForm) -> tuple[timedelta, str]:
    """How long the bulletin is to live, and the fingerprint of what was before the person.

    Raises:
        InputError: it was not chosen.
    """
    if not form.is_valid():
        raise InputError(first_fault(form))
    return form.cleaned_data["hours"], form.cleaned_data["seen"]


def _edit(request: HttpRequest, draft: Draft, form: DraftForm) -> HttpResponse:
    has_moved = form.is_bound and draft.has_moved(request.POST)
    shown = {
        "draft": draft,
        "form": form,
        "choices": choices_for(draft.row),
        "roles": TELLABLE,
        "drawn": drawn_lines(draft.audience.drawn),
        "has_moved": has_moved,
        "zone": draft.row.threat.center.zone,
        **_preview(draft, form),
        **_audience(draft, form),
    }
    is_refused = form.is_bound and (has_moved or not form.is_valid())
    return render(request, "console/edit.html", shown, status=422 if is_refused else 200)


def _preview(draft: Draft, form: DraftForm) -> dict[str, Any]:
    """The message of what is typed, where it can be read; else of what is kept."""
    content, areas = draft.content, draft.row.areas.all()
    if form.is_bound and form.has_words:
        content = form.content(draft.content.assessed)
        areas = form.cleaned_data.get("areas", areas)
    return {"preview": preview_of(draft.row, content, areas)}


def _audience(draft: Draft, form: DraftForm) -> dict[str, Any]:
    """Whom what is chosen would reach, and the offers; those of what is kept where it is amiss."""
    chosen = form.audience if form.is_bound else draft.audience
    fault = form.audience_fault if form.is_bound else ""
    try:
        reached = reached_by(draft.row, chosen, now=timezone.now()) if chosen else None
        offered = offer_lines(
            draft.row,
            chosen or draft.audience,
            look_alikes=form.ticked("look_alikes"),
            neighbours=form.ticked("neighbours"),
        )
    except InputError as error:
        reached, offered, fault = None, (), error.for_person()
    return {"reached": reached, "offered": offered, "audience_fault": fault}


def _release(
    request: HttpRequest, draft: Draft, person: Person, *, again: Retry | None = None
) -> HttpResponse:
    shown = {
        "draft": draft,
        "consequences": consequences_of(draft.row, by=person, now=timezone.now()),
        "hours": HOURS,
        "answers": answers_before(draft.row),
        "zone": draft.row.threat.center.zone,
        "retry": again,
    }
    return render(request, "console/release.html", shown, status=again.status if again else 200)
