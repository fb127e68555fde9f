"""Where reports of units come from: an administrator sets them up and switches them."""

from collections.abc import Mapping
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
from tocsin.desk.records.boards.sources import find_source, sources_board
from tocsin.desk.records.commands.sources import (
    FIELDS,
    SourceFacts,
    add_source,
    change_source,
    switch_source,
)
from tocsin.desk.records.queries import the_center
from tocsin.errors import Error, InputError

LONGEST_TEXT = 20_000


@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The sources with how each stands, and what was refused of it."""
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Reports are taken from the source from now on."""
    person = person_of(request)
    try:
        facts = _facts(request.POST)
        center = the_center(request.POST.get("center", ""))
        row = add_source(facts, center=center, person=person, now=timezone.now())
    except Error as error:
        return _page(request, again=retry("source", error, request))
    messages.success(request, f"Units are taken from {row.name} from now on.")
    return redirect("console:sources")


@require_POST
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """The source is read in this way from now on."""
    person = person_of(request)
    require(person, Act.ADMINISTER)
    row = find_source(pk)
    try:
        row = change_source(row, _facts(request.POST), person=person, now=timezone.now())
    except Error as error:
        return _page(request, again=retry(f"source-{pk}", error, request))
    messages.success(request, f"{row.name} is changed.")
    return redirect("console:sources")


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """Reports are taken from the source again, or no more."""
    person = person_of(request)
    require(person, Act.ADMINISTER)
    is_active = request.POST.get("then") == "start"
    switch_source(find_source(pk), is_active=is_active, person=person, now=timezone.now())
    return redirect("console:sources")


def _facts(typed: Mapping[str, str]) -> SourceFacts:
    every = typed.get("every", "5") or "5"
    if not every.isdecimal() or len(every) > 6:
        raise InputError("It is not said how often the feed is asked, in seconds.")
    return SourceFacts(
        name=typed.get("name", ""),
        kind=typed.get("kind", ""),
        way=typed.get("way", ""),
        url=typed.get("url", "").strip(),
        every_seconds=int(every),
        key=typed.get("key", ""),
        agency=typed.get("agency", ""),
        zone=typed.get("zone", "").strip(),
        columns=_pairs(typed.get("columns", "")),
        statuses=_pairs(typed.get("statuses", "")),
    )


def _pairs(text: str) -> dict[str, str]:
    """One pair in a line, with a sign of equality: `call_sign = UNIT`."""
    found: dict[str, str] = {}
    for line in text[:LONGEST_TEXT].splitlines():
        if not line.strip():
            continue
        name, sign, value = (part.strip() for part in line.partition("="))
        if not sign or name in found:
            raise InputError(
                f"{line.strip()[:60]!r} is no pair, or its first part stands there twice.",
                way_out="Write one in a line, as in: call_sign = UNIT",
            )
        found[name] = value
    return found


def _page(request: HttpRequest, *, again: Retry | None = None) -> HttpResponse:
    require(person_of(request), Act.ADMINISTER)
    shown: dict[str, Any] = {
        "here": "/units/sources",
        "board": sources_board(now=timezone.now()),
        "fields": FIELDS,
        "retry": again,
        "typed": again.typed if again else {},
    }
    return render(request, "console/sources.html", shown, status=again.status if again else 200)
