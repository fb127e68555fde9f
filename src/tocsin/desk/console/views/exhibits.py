"""The bytes of a call: what can be played, and what arrived."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tocsin.desk.console.person import person_of
from tocsin.desk.console.ranges import Bytes, begins, give
from tocsin.desk.records.access import find_call
from tocsin.desk.records.boards.calls import original_of, playable_of
from tocsin.desk.records.commands.access import record_view


@require_safe
def audio(request: HttpRequest, number: str) -> HttpResponseBase:
    """What can be played of a call; that a play began is in the log."""
    person = person_of(request)
    call = find_call(number, person)
    exhibit = playable_of(call)
    what = Bytes(sha256=exhibit.sha256, size=exhibit.size, content_type="audio/wav")
    answer = give(request, what)
    if begins(request, what):
        now = timezone.now()
        record_view(call.center, f"call:{number}", action="played", person=person, now=now)
    return answer


@require_safe
def original(request: HttpRequest, number: str) -> HttpResponseBase:
    """The bytes as they arrived, to be kept as a file; that they were fetched is in the log."""
    person = person_of(request)
    call = find_call(number, person)
    exhibit = original_of(call)
    what = Bytes(sha256=exhibit.sha256, size=exhibit.size, content_type="application/octet-stream")
    answer = give(request, what)
    name = content_disposition_header(as_attachment=True, filename=f"{number}-{exhibit.name}")
    answer.headers["Content-Disposition"] = name or "attachment"
    if begins(request, what):
        now = timezone.now()
        record_view(call.center, f"call:{number}", action="fetched", person=person, now=now)
    return answer
