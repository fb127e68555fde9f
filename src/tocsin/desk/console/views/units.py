"""The units as they are known, and the board on which a dispatcher keeps them by hand."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.records.access import require
from tocsin.desk.records.boards.units import MOST_SHOWN, STATUS_WORDS, units_for
from tocsin.desk.records.commands.units import keep_by_hand
from tocsin.desk.records.radio import CODES, KEYS, LONGEST, center_for, read_line
from tocsin.errors import Error

LONGEST_FILTER = 100


@require_http_methods(["GET", "HEAD", "POST"])
def units(request: HttpRequest) -> HttpResponse:
    """Every unit, the doubtful and the stale first; what is typed of one is kept."""
    if request.method != "POST":
        return _page(request)
    person, typed, now = person_of(request), request.POST, timezone.now()
    require(person, Act.KEEP_UNITS)
    try:
        center = center_for(person)
        said = [typed.get(name, "") for name in LONGEST]
        report = read_line(*said, center=center, now=now)
        unit = keep_by_hand(center, report, person=person, now=now)
    except Error as error:
        return _page(request, again=retry("hand", error, request))
    status = STATUS_WORDS[unit.status]
    messages.success(request, f"{unit.call_sign} is kept: {status}, under your name.")
    # Where it was typed, the next one is: in the line, or on the row of the unit.
    where = {"row": unit.key} if typed.get("from") == "row" else {"hand": "1"}
    words = typed.get("q", "")[:LONGEST_FILTER]
    back = {**({"q": words} if words else {}), **where}
    return redirect(f"{reverse('console:units')}?{urlencode(back)}")


def _page(request: HttpRequest, *, again: Retry | None = None) -> HttpResponse:
    person = person_of(request)
    require(person, Act.SEE_CALLS)
    asked = request.POST if again else request.GET
    words = asked.get("q", "")[:LONGEST_FILTER]
    query = urlencode({"q": words}) if words else ""
    shown: dict[str, Any] = {
        "here": f"/units?{query}" if query else "/units",
        "board": units_for(person, words=words, now=timezone.now()),
        "most": MOST_SHOWN,
        "words": words,
        "query": query,
        "typed": again.typed if again else {"call_sign": request.GET.get("unit", "")[:97]},
        "is_typing": bool(again) or "hand" in request.GET or "unit" in request.GET,
        "row": request.GET.get("row", ""),
        "codes": [(code, key, STATUS_WORDS[CODES[code]]) for key, code in KEYS.items()],
        "longest": LONGEST,
        "retry": again,
    }
    return render(request, "console/units.html", shown, status=again.status if again else 200)
