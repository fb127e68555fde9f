"""CAP for machines of other agencies: bulletins out, alerts in, our answers out.

Every request needs a key that an administrator has let exchange CAP; a recorder's key has no right
to read bulletins.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from ninja import Router, Schema, Status

from tocsin.desk.api.answers import Refused
from tocsin.desk.api.callers import ByKey, Caller
from tocsin.desk.api.published import ASK_AGAIN, CAP, FORMS, fitting
from tocsin.desk.records.boards.feeds import (
    answer_message,
    answers_of,
    bulletin_feed,
    bulletin_message,
)
from tocsin.desk.records.commands.accounts import find_key
from tocsin.desk.records.commands.alerts import AlertOffer, Kept, receive_alerts
from tocsin.errors import NotAllowed, NotFound

PRIVATE = ASK_AGAIN.replace("public", "private")
"""No cache between us and the agency keeps it."""


class ByExchangeKey(ByKey):
    """The same, with a key that may exchange CAP."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The machine with this key; None where there is none.

        Raises:
            NotAllowed: its key may not exchange CAP.
        """
        try:
            key = find_key(token)
        except NotFound:
            return None
        if not key.exchanges_cap:
            raise NotAllowed(
                f"The key {key.name} may not exchange CAP.",
                way_out="An administrator lets it on the page Exchange.",
            )
        return Caller(actor=f"key:{key.name}", center=key.center)


router = Router(auth=ByExchangeKey())


class KeptAlert(Schema):
    """One alert that is on record here."""

    sender: str
    identifier: str
    sent: str
    is_new: bool
    signature: list[str]
    page: str


class TakenAlerts(Schema):
    """What became of what was sent."""

    alerts: list[KeptAlert]
    faults: list[str]


class Answered(Schema):
    """One of our answers, and what it answers."""

    number: str
    address: str
    sender: str
    identifier: str
    sent: str


@router.post(
    "", response={201: TakenAlerts, 200: TakenAlerts, 403: Refused, 413: Refused, 422: Refused}
)
def post_alerts(request: HttpRequest) -> Status[Any]:
    """Send one CAP alert, or several in a list, feed or envelope; the body is the XML itself."""
    caller = _caller(request)
    offer = AlertOffer(
        center=caller.center,
        source="api",
        actor=str(caller.actor),
        name="",
        content=request.body,
    )
    taken = receive_alerts(offer, now=timezone.now())
    is_new = any(one.is_new for one in taken.alerts)
    value = {"alerts": [_kept(one) for one in taken.alerts], "faults": list(taken.faults)}
    return Status(201 if is_new else 200, value)


@router.get("/feed.atom")
def get_feed(request: HttpRequest) -> HttpResponseBase:
    """The center's bulletins as Atom, not for the public."""
    content = bulletin_feed(_caller(request).center, now=timezone.now())
    return fitting(request, content, kind=FORMS["atom"], keep=PRIVATE)


@router.get("/replies", response=list[Answered])
def get_answers(request: HttpRequest) -> list[dict[str, str]]:
    """What this center has answered to alerts, latest first."""
    return [
        {
            "number": row.answer_number,
            "address": f"{settings.TOCSIN.address}/api/cap/replies/{row.answer_number}.xml",
            "sender": row.sender,
            "identifier": row.identifier,
            "sent": row.sent,
        }
        for row in answers_of(_caller(request).center)
    ]


@router.get("/replies/{number}.xml")
def get_answer(request: HttpRequest, number: str) -> HttpResponse:
    """The bytes of one answer, as they were sealed."""
    return HttpResponse(answer_message(_caller(request).center, number), content_type=CAP)


@router.get("/{number}.{int:version}.xml")
def get_bulletin(request: HttpRequest, number: str, version: int) -> HttpResponseBase:
    """The bytes of one version of a bulletin, as they were sealed."""
    content = bulletin_message(_caller(request).center, number, version)
    return fitting(request, content, kind=CAP, keep=PRIVATE)


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined] # ninja puts it there
    return caller


def _kept(one: Kept) -> dict[str, Any]:
    row = one.row
    return {
        "sender": row.sender,
        "identifier": row.identifier,
        "sent": row.sent,
        "is_new": one.is_new,
        "signature": list(row.verdict["sentences"]),
        "page": f"{settings.TOCSIN.address}/alerts/{row.pk}",
    }
