"""The API's operations. `/api/docs.json` describes them for machines."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile as DjangoFile
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Form, NinjaAPI, Schema, Status
from ninja.files import UploadedFile

from tocsin import __version__
from tocsin.desk.api import alerts, gateways, log_on, posture, units
from tocsin.desk.api.answers import Refused, answer_error
from tocsin.desk.api.callers import ByKey, BySession, Caller
from tocsin.desk.records.access import find_bulletin
from tocsin.desk.records.commands.arrivals import Offer, Received, receive, seal_upload
from tocsin.desk.records.queries import cap_message
from tocsin.errors import Error, NotAllowed
from tocsin.intake import LARGEST

api = NinjaAPI(
    title="Tocsin",
    version=__version__,
    docs_url=None,
    openapi_url="/docs.json",
    auth=[ByKey(), BySession()],
    urls_namespace="api",
)
api.add_exception_handler(Error, answer_error)
api.add_router("/log-on", log_on.router)
api.add_router("/cap", alerts.router)
api.add_router("/posture", posture.router)
api.add_router("/posture/units", units.router)


class Accepted(Schema):
    """A call that is on record."""

    number: str
    is_new: bool
    sha256: str | None
    page: str


@api.post("/calls", response={201: Accepted, 200: Accepted, 401: Any, 413: Refused, 422: Refused})
def post_call(
    request: HttpRequest,
    audio: File[UploadedFile | None] = None,
    call: Form[str] = "",
    note: Form[str] = "",
) -> Status[Any]:
    """Send a call: a recording, what is known of it as JSON, a typed note; at least one of both."""
    caller = _caller(request)
    recording, fault = seal_upload(audio.chunks()) if audio else (None, None)
    offer = Offer(
        center=caller.center,
        source="api",
        actor=caller.actor,
        name=(audio.name or "") if audio else "",
        recording=recording,
        call_data=_call_data(request, call),
        note=note,
        fault=fault,
    )
    received = receive(offer, now=timezone.now())
    return Status(201 if received.is_new else 200, _accepted(received))


@api.get("/bulletins/{number}/{version}/cap", response={404: Refused})
def get_cap(request: HttpRequest, number: str, version: int) -> HttpResponse:
    """The bytes of a released version's CAP message, as they were sealed."""
    caller = _caller(request)
    if isinstance(caller.actor, str):
        raise NotAllowed("A key cannot read bulletins.", way_out="Sign in as a person.")
    bulletin = find_bulletin(number, version, caller.actor)
    return HttpResponse(cap_message(bulletin), content_type="application/cap+xml")


@api.post(
    "/gateways/{channel}",
    auth=None,
    response={204: None, 400: Refused, 403: Refused, 404: Refused},
    openapi_extra={"security": []},
)
def post_gateway(request: HttpRequest, channel: gateways.Name) -> HttpResponse:
    """A gateway reports what became of a message, or what a person answered."""
    return gateways.report(request, channel)


def _caller(request: HttpRequest) -> Caller:
    caller: Caller = request.auth  # type: ignore[attr-defined] # ninja puts it there
    return caller


def _call_data(request: HttpRequest, text: str) -> bytes | None:
    """The JSON, sent as a form field or as a file of its own."""
    file = request.FILES.get("call")
    if isinstance(file, DjangoFile):
        return bytes(file.read(LARGEST + 1))
    return text.encode() if text else None


def _accepted(received: Received) -> dict[str, Any]:
    call = received.call
    return {
        "number": call.number,
        "is_new": received.is_new,
        "sha256": call.recording.sha256 if call.recording else None,
        "page": f"{settings.TOCSIN.address}/calls/{call.number}",
    }
