"""The list of who has not been told, what is entered on it, and what is carried by hand."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.drawing import Pen
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.console.rights import right_of
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.carried import (
    print_for,
    print_of,
    released_for,
    script_of,
    teletype_of,
)
from tocsin.desk.records.boards.desks import find_desk
from tocsin.desk.records.boards.told import find_recipient
from tocsin.desk.records.commands.access import record_view
from tocsin.desk.records.commands.acknowledgments import acknowledge_for, enter_answer
from tocsin.desk.records.commands.desks import Spoken, enter_told
from tocsin.errors import Error, InputError, NotFound
from tocsin.warn import Sheet

READ_BACK = {"yes": True, "no": False}


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Everybody on duty who has not acknowledged, over all bulletins in force."""
    return _list(request, person_of(request))


@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """A person was told: this supervisor says so, and how."""
    because = request.POST.get("because", "")
    return _enter(request, partial(acknowledge_for, because=because))


@require_POST
def answered(request: HttpRequest) -> HttpResponse:
    """A person answered by radio: this dispatcher heard him."""
    return _enter(request, enter_answer)


@require_POST
def desk(request: HttpRequest) -> HttpResponse:
    """A duty desk was told, by this person's word."""
    person = person_of(request)
    row = find_desk(_number(request, "desk"), person)
    try:
        spoken = _spoken(request, is_call=row.way == "call")
        enter_told(row, spoken, person=person, now=timezone.now())
    except Error as error:
        return _list(request, person, again=retry("desk", error, request))
    messages.success(request, f"{row.agency.name} was told: that stands under your name.")
    return redirect(_next(request))


@require_safe
def script(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The radio script in big letters, and the units that have not answered."""
    row = released_for(number, version, person_of(request))
    names_missing = "missing" in request.GET
    found = script_of(row, names_missing=names_missing, now=timezone.now())
    shown = {
        "script": found,
        "open_notices": [one for one in found.notices if not one.done_at],
        "done_notices": [one for one in found.notices if one.done_at],
        "zone": row.threat.center.zone,
        "here": reverse("console:script", args=[number, version])
        + ("?missing" if names_missing else ""),
    }
    return render(request, "console/script.html", shown)


@require_safe
def teletype(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The text for the agency's own terminal, as a file."""
    return _file(teletype_of(released_for(number, version, person_of(request))))


@require_safe
def print_page(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """One page as a file; with `?person=LOGIN` it holds that person's own code, and is logged."""
    person = person_of(request)
    row = released_for(number, version, person)
    login = request.GET.get("person", "")
    if not login:
        return _file(print_of(row))
    sheet = print_for(row, login, person=person)
    subject, action = f"bulletin:{number}.{version}", f"printed for person:{login}"
    record_view(row.threat.center, subject, action=action, person=person, now=timezone.now())
    return _file(sheet)


def _enter(request: HttpRequest, enter: Callable[..., object]) -> HttpResponse:
    person = person_of(request)
    row = find_recipient(_number(request, "recipient"), person)
    try:
        enter(row, person=person, now=timezone.now())
    except Error as error:
        if request.htmx:  # type: ignore[attr-defined] # the middleware puts it there
            raise
        return _list(request, person, again=retry("tell", error, request))
    said = f"{row.person.name} was told: that stands under your name."
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(said, content_type="text/plain; charset=utf-8")
    messages.success(request, said)
    return redirect(_next(request))


def _list(request: HttpRequest, person: Person, *, again: Retry | None = None) -> HttpResponse:
    require(person, Act.SEE_CALLS)
    scope = right_of(person).scope
    if scope is None:
        raise NotFound("There is no list for you.")
    # Drawn anew: where no script runs, nothing sets the clocks of rows that were drawn before.
    drawn = Pen().draw(scope, now=timezone.now())
    is_desk = again is not None and again.form == "desk"
    asked = again.typed.get("desk", "") if again and is_desk else request.GET.get("desk", "")
    shown = {
        "here": reverse("console:list"),
        "parts": {part.removeprefix("list-"): items for part, items in drawn.items()},
        "desk": find_desk(int(asked), person) if _is_number(asked) else None,
        "desk_error": again.error if again and is_desk else None,
        "typed": again.typed if again else {},
        "because": again.typed.get("because", "") if again else "",
        "retry": again if not is_desk else None,
    }
    return render(request, "console/list.html", shown, status=again.status if again else 200)


def _spoken(request: HttpRequest, *, is_call: bool) -> Spoken:
    """What was typed of a desk.

    Raises:
        InputError: it is not said whether it was read back.
    """
    typed = request.POST
    read_back = READ_BACK.get(typed.get("read_back", "")) if is_call else None
    if is_call and read_back is None:
        raise InputError(
            "It is not said whether it was read back.",
            way_out="Ask the desk to read back number and safety line, and enter yes or no.",
        )
    return Spoken(
        with_whom=typed.get("with_whom", "")[:1000],
        was_read_back=read_back,
        note=typed.get("note", "")[:1000],
    )


def _number(request: HttpRequest, name: str) -> int:
    """The key that a form names.

    Raises:
        InputError: it is none.
    """
    text = request.POST.get(name, "")
    if not _is_number(text):
        raise InputError(f"The form names no {name}.", way_out="Open the list again.")
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16


def _next(request: HttpRequest) -> str:
    """The page to go back to: one of ours."""
    asked = request.POST.get("next", "")
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else reverse("console:list")


def _file(sheet: Sheet) -> HttpResponse:
    answer = HttpResponse(sheet.content, content_type=sheet.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{sheet.name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
