"""With whom CAP is exchanged: an administrator pins certificates, adds feeds, lets keys."""

from datetime import timedelta
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
from tocsin.desk.records.boards.exchange import (
    exchange_of,
    find_certificate,
    find_exchange_key,
    find_feed,
)
from tocsin.desk.records.commands.exchange import (
    CertificateFacts,
    add_feed,
    pin_certificate,
    read_pem,
    remove_certificate,
    switch_feed,
    switch_key,
)
from tocsin.desk.records.queries import the_center
from tocsin.errors import Error, InputError


@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """Our signature, certificates, feeds and keys."""
    return _page(request)


@require_POST
def certificate(request: HttpRequest) -> HttpResponse:
    """Show what stands in a certificate; pin it once its fingerprint was compared."""
    person = person_of(request)
    require(person, Act.ADMINISTER)
    pem, confirmed = request.POST.get("pem", ""), request.POST.get("confirmed", "")
    try:
        if not confirmed:
            return _page(request, facts=read_pem(pem))
        row = pin_certificate(
            request.POST.get("name", ""),
            pem,
            confirmed=confirmed,
            person=person,
            now=timezone.now(),
        )
    except Error as error:
        return _page(request, again=retry("certificate", error, request))
    messages.success(request, f"The certificate of {row.name} is pinned.")
    return redirect("console:exchange")


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate is trusted no more."""
    row = find_certificate(pk)
    because, person = request.POST.get("because", ""), person_of(request)
    try:
        remove_certificate(row, because=because, person=person, now=timezone.now())
    except Error as error:
        return _page(request, again=retry(f"certificate-{pk}", error, request))
    messages.success(request, f"The certificate of {row.name} is trusted no more.")
    return redirect("console:exchange")


@require_POST
def feed(request: HttpRequest) -> HttpResponse:
    """The feed is asked from now on."""
    person, typed = person_of(request), request.POST
    every = typed.get("every", "")
    try:
        if not every.isdecimal() or len(every) > 6:
            raise InputError("It is not said how often the feed is asked, in seconds.")
        row = add_feed(
            typed.get("name", ""),
            typed.get("url", "").strip(),
            center=the_center(typed.get("center", "")),
            every=timedelta(seconds=int(every)),
            person=person,
            now=timezone.now(),
        )
    except Error as error:
        return _page(request, again=retry("feed", error, request))
    messages.success(request, f"{row.name} is asked from now on.")
    return redirect("console:exchange")


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """The feed is asked again, or no more."""
    is_active = request.POST.get("then") == "start"
    switch_feed(find_feed(pk), is_active=is_active, person=person_of(request), now=timezone.now())
    return redirect("console:exchange")


@require_POST
def key(request: HttpRequest, pk: int) -> HttpResponse:
    """The key may exchange CAP, or may not."""
    may = request.POST.get("then") == "let"
    row = find_exchange_key(pk)
    switch_key(row, exchanges_cap=may, person=person_of(request), now=timezone.now())
    return redirect("console:exchange")


def _page(
    request: HttpRequest,
    *,
    facts: CertificateFacts | None = None,
    again: Retry | None = None,
) -> HttpResponse:
    require(person_of(request), Act.ADMINISTER)
    shown: dict[str, Any] = {
        "here": "/exchange",
        "exchange": exchange_of(now=timezone.now()),
        "facts": facts,
        "typed": request.POST if facts else (again.typed if again else {}),
        "retry": again,
    }
    return render(request, "console/exchange.html", shown, status=again.status if again else 200)
