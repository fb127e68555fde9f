"""Orders of posture: proposed, made, renewed and stood down; each act with what it does."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tocsin.assess import Act
from tocsin.desk.console.forms import first_fault
from tocsin.desk.console.orderform import PLACES, OrderForm, ReviewForm, field_moment
from tocsin.desk.console.person import person_of
from tocsin.desk.console.retry import Retry, retry
from tocsin.desk.people.models import Agency
from tocsin.desk.records.access import find_order, find_threat, require
from tocsin.desk.records.boards.orderforms import (
    choices_of,
    drawn_of,
    find_agency,
    fresh_fields,
    kept_fields,
)
from tocsin.desk.records.boards.orderrecord import order_part
from tocsin.desk.records.boards.orders import order_page, orders_page
from tocsin.desk.records.boards.prices import price_page
from tocsin.desk.records.boards.proposals import measure_lines, proposals_of
from tocsin.desk.records.commands import orderjoining
from tocsin.desk.records.commands import orders as acts
from tocsin.desk.records.orderwords import Row
from tocsin.errors import Error, InputError


@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """The orders in force, proposed and ended."""
    person = person_of(request)
    require(person, Act.SEE_CALLS)
    page = orders_page(person, now=timezone.now())
    return render(request, "console/orders.html", {"here": "/orders", "page": page})


@require_safe
def order(request: HttpRequest, number: str) -> HttpResponse:
    """The page of one order."""
    return _page(request, number)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A form for an order of a threat; it is proposed."""
    person, now = person_of(request), timezone.now()
    require(person, Act.PROPOSE_POSTURE)
    given = request.POST if request.method == "POST" else request.GET
    threat = find_threat(given.get("threat", ""), person)
    zone = threat.center.zone
    if request.method != "POST":
        fields = fresh_fields(threat, given.get("statement", ""))
        fields["review_at"] = field_moment(now + settings.TOCSIN.posture.review_after, zone)
        return _form(request, OrderForm(initial=fields, zone=zone), {"threat": threat})
    form = OrderForm(request.POST, zone=zone)
    shown = {"threat": threat}
    if not form.is_valid():
        return _form(request, form, shown)
    try:
        row = acts.propose_order(threat, form.facts, person=person, now=now)
    except Error as error:
        return _form(request, form, shown, again=retry("order", error, request))
    messages.success(request, f"{row.number} is proposed. It holds for nobody yet.")
    return redirect("console:order", row.number)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """The form of a proposal, and what a person made of it."""
    person, now = person_of(request), timezone.now()
    require(person, Act.PROPOSE_POSTURE)
    row = find_order(number, person)
    zone = row.threat.center.zone
    shown = {"threat": row.threat, "order": row, "drawn": drawn_of(row)}
    if request.method != "POST":
        fields = kept_fields(row) | {"review_at": field_moment(row.review_at, zone)}
        return _form(request, OrderForm(initial=fields, zone=zone), shown)
    form = OrderForm(request.POST, zone=zone)
    if not form.is_valid():
        return _form(request, form, shown)
    try:
        acts.edit_order(row, form.facts, person=person, now=now)
    except Error as error:
        return _form(request, form, shown, again=retry("order", error, request))
    messages.success(request, f"{number} is kept. It holds for nobody yet.")
    return redirect("console:order", number)


@require_POST
def make(request: HttpRequest, number: str) -> HttpResponse:
    """The order is in force."""

    def do(row: Row, now: datetime) -> str:
        acts.make_order(row, person=person_of(request), now=now)
        return f"{number} is in force. The messages are on their way."

    return _do(request, number, "make", do)


@require_POST
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """The order goes on."""

    def do(row: Row, now: datetime) -> str:
        form = ReviewForm(request.POST, zone=row.threat.center.zone)
        if not form.is_valid():
            raise InputError(first_fault(form))
        at, because = form.cleaned_data["review_at"], form.cleaned_data["because"]
        acts.renew_order(row, at, because, person=person_of(request), now=now)
        return f"{number} goes on, under your name."

    return _do(request, number, "renew", do)


@require_POST
def stand_down(request: HttpRequest, number: str) -> HttpResponse:
    """The order is over."""

    def do(row: Row, now: datetime) -> str:
        acts.stand_down(row, _because(request), person=person_of(request), now=now)
        return f"{number} is stood down. Everybody who was told is told so."

    return _do(request, number, "stand-down", do)


@require_POST
def drop(request: HttpRequest, number: str) -> HttpResponse:
    """The proposal is dropped."""

    def do(row: Row, now: datetime) -> str:
        acts.drop_order(row, _because(request), person=person_of(request), now=now)
        return f"The proposal {number} is dropped. Nobody was told of it."

    return _do(request, number, "drop", do)


@require_POST
def join(request: HttpRequest, number: str) -> HttpResponse:
    """An agency joins the order."""

    def do(row: Row, now: datetime) -> str:
        agency = _agency(request)
        person = person_of(request)
        orderjoining.join_order(row, agency, _because(request), person=person, now=now)
        return f"{agency.name} has joined {number}. Its people on duty are told."

    return _do(request, number, "join", do)


@require_POST
def leave(request: HttpRequest, number: str) -> HttpResponse:
    """An agency leaves the order."""

    def do(row: Row, now: datetime) -> str:
        agency = _agency(request)
        person = person_of(request)
        orderjoining.leave_order(row, agency, _because(request), person=person, now=now)
        return f"{agency.name} has left {number}. Its people who were told are told so."

    return _do(request, number, "leave", do)


def _do(
    request: HttpRequest, number: str, name: str, act: Callable[[Row, datetime], str]
) -> HttpResponse:
    """The act is done, or its form is shown again with why not."""
    row = find_order(number, person_of(request))
    try:
        said = act(row, timezone.now())
    except Error as error:
        return _page(request, number, again=retry(name, error, request))
    messages.success(request, said)
    return redirect("console:order", number)


def _because(request: HttpRequest) -> str:
    return request.POST.get("because", "")[:4000]


def _agency(request: HttpRequest) -> Agency:
    return find_agency(request.POST.get("agency", ""))


def _page(request: HttpRequest, number: str, *, again: Retry | None = None) -> HttpResponse:
    person, now = person_of(request), timezone.now()
    row = find_order(number, person)
    page = order_page(row, person, now=now)
    zone = row.threat.center.zone
    shown = {
        "here": reverse("console:order", args=[number]),
        "page": page,
        "line": page.line,
        "order": page.line.row,
        "price": price_page(row, now=now),
        "part": order_part(row, now=now) if row.ended_at else None,
        "zone": zone,
        "next_review": field_moment(now + settings.TOCSIN.posture.review_after, zone),
        "retry": again,
    }
    return render(request, "console/order.html", shown, status=again.status if again else 200)


def _form(
    request: HttpRequest, form: OrderForm, about: dict[str, Any], *, again: Retry | None = None
) -> HttpResponse:
    threat = about["threat"]
    shown = {
        "form": form,
        "measures": measure_lines(),
        "places": PLACES,
        "choices": choices_of(threat),
        "proposals": proposals_of(threat),
        "zone": threat.center.zone,
        "retry": again,
        **about,
    }
    is_refused = form.is_bound and not form.is_valid()
    status = again.status if again else 422 if is_refused else 200
    return render(request, "console/order_edit.html", shown, status=status)
