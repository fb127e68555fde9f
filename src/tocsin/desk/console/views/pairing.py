"""Which lone units could join: a proposal, and people's words that it keeps to."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.pairing import pairing_page
from tocsin.desk.records.commands.pairing import end_word, say_pair
from tocsin.desk.records.radio import center_for
from tocsin.errors import Error


@require_safe
def pairing(request: HttpRequest) -> HttpResponse:
    """The plan that stands."""
    return _page(request)


@require_POST
def word(request: HttpRequest) -> HttpResponse:
    """Two units are a pair, or never are one."""
    typed, is_pair = request.POST, request.POST.get("word") == "pair"
    try:
        row = say_pair(
            (typed.get("one", ""), typed.get("other", "")),
            is_pair=is_pair,
            because=typed.get("because", ""),
            person=person_of(request),
            now=timezone.now(),
        )
    except Error as error:
        return _page(request, again=retry("word", error, request))
    what = "are a pair" if row.is_pair else "are never a pair"
    messages.success(request, f"{row.one} and {row.other} {what} in each plan.")
    return redirect("console:pairing")


@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The word counts no more."""
    row = end_word(pk, person=person_of(request), now=timezone.now())
    messages.success(request, f"The word on {row.one} and {row.other} counts no more.")
    return redirect("console:pairing")


def _page(request: HttpRequest, *, again: Retry | None = None) -> HttpResponse:
    person = person_of(request)
    require(person, Act.SEE_CALLS)
    center = center_for(person)
    shown: dict[str, Any] = {
        "here": "/pairing",
        "page": pairing_page(center, now=timezone.now()),
        "may_say": person.may(Act.PROPOSE_POSTURE),
        "typed": again.typed if again else {},
        "retry": again,
        "zone": center.zone,
    }
    return render(request, "console/pairing.html", shown, status=again.status if again else 200)
