"""The price of an order, and the calls and cars from which prices are computed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.console.tables import columns_shown, columns_typed, file_of, wanted_typed
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of, find_order, require
from tocsin.desk.records.boards.prices import calls_and_cars, price_page
from tocsin.desk.records.commands.histories import give_history, give_roster, may_give
from tocsin.desk.records.commands.prices import ask_price
from tocsin.errors import Error, NotAllowed


@require_safe
def order_price(request: HttpRequest, number: str) -> HttpResponse:
    """The forms of an order beside each other, and what is assumed."""
    return _page(request, number)


@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """The price is being computed."""
    person, now = person_of(request), timezone.now()
    order = find_order(number, person)
    usual = price_page(order, now=now).wanted
    try:
        wanted = wanted_typed(request.POST, usual) if "hours" in request.POST else None
        ask_price(order, person=person, now=now, wanted=wanted)
    except Error as error:
        return _page(request, number, again=retry("ask", error, request))
    messages.info(request, "The price is being computed; this page shows it when it is there.")
    return redirect("console:order_price", number)


@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """The calls and cars that the center gave."""
    return _tables(request)


@require_POST
def give_calls(request: HttpRequest) -> HttpResponse:
    """Prices are computed from these calls from now on."""
    person = person_of(request)
    center = _center(person)
    try:
        name, raw = file_of(request)
        columns = columns_typed(request.POST, zone=center.zone)
        row = give_history(center, raw, columns, name=name, person=person, now=timezone.now())
    except Error as error:
        return _tables(request, again=retry("calls", error, request))
    messages.success(request, f"{row.calls:,} calls were read from {row.name}.")
    return redirect("console:tables")


@require_POST
def give_cars(request: HttpRequest) -> HttpResponse:
    """Prices are computed with these cars from now on."""
    person = person_of(request)
    center = _center(person)
    try:
        name, raw = file_of(request)
        row = give_roster(center, raw, name=name, person=person, now=timezone.now())
    except Error as error:
        return _tables(request, again=retry("cars", error, request))
    messages.success(request, f"{row.beats} beats were read from {row.name}.")
    return redirect("console:tables")


def _page(request: HttpRequest, number: str, *, again: Retry | None = None) -> HttpResponse:
    person = person_of(request)
    order = find_order(number, person)
    shown: dict[str, Any] = {
        "here": request.path if request.method == "GET" else f"/orders/{number}/price",
        "order": order,
        "price": price_page(order, now=timezone.now()),
        "may_ask": person.may(Act.PROPOSE_POSTURE),
        "retry": again,
        "zone": order.threat.center.zone,
    }
    return render(request, "console/price.html", shown, status=again.status if again else 200)


def _tables(request: HttpRequest, *, again: Retry | None = None) -> HttpResponse:
    person = person_of(request)
    given = calls_and_cars(_center(person))
    latest = given.histories[0].columns if given.histories else {}
    typed = again.typed if again and again.form == "calls" else columns_shown(latest)
    shown: dict[str, Any] = {
        "here": "/price",
        "given": given,
        "typed": typed,
        "may_give": may_give(person),
        "retry": again,
        "zone": given.center.zone,
    }
    return render(request, "console/tables.html", shown, status=again.status if again else 200)


def _center(person: Person) -> Agency:
    """The center whose calls the person may see or give.

    Raises:
        NotAllowed: he may do neither, or no center serves his agency.
    """
    if not may_give(person):
        require(person, Act.SEE_CALLS)
    center = centers_of(person).first()
    if center is None:
        raise NotAllowed(
            f"{person.agency} is served by no dispatch center.",
            way_out="Ask the administrator to name its center.",
        )
    return center
