"""The public feed: approved messages to the public, for everybody, without a login.

The bytes of a message are served as they were sealed. A message never changes, so who has it may
keep it; the lists carry an ETag, and who has the latest gets 304.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from tocsin.desk.records.boards.feeds import public_feed, public_message
from tocsin.errors import NotFound
from tocsin.warn.cap import etag

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
"""May be kept, but is asked for again each time: an alert must not come late."""

CAP = "application/cap+xml"
FORMS = {"atom": "application/atom+xml", "rss": "application/rss+xml"}


@login_not_required
@require_safe
def feed(request: HttpRequest, form: str) -> HttpResponseBase:
    """What the public is told now."""
    content = public_feed(form, now=timezone.now())
    return fitting(request, content, kind=FORMS[form], keep=ASK_AGAIN)


@login_not_required
@require_safe
def message(request: HttpRequest, identifier: str) -> HttpResponseBase:
    """One message to the public, as it was sealed."""
    try:
        content = public_message(identifier)
    except NotFound as error:
        return HttpResponse(error.for_person(), status=404, content_type="text/plain")
    return fitting(request, content, kind=CAP, keep=FOR_EVER)


def fitting(request: HttpRequest, content: bytes, *, kind: str, keep: str) -> HttpResponseBase:
    """The bytes, or 304 for who has them."""
    charset = "" if kind == CAP else "; charset=utf-8"
    answer = HttpResponse(content, content_type=f"{kind}{charset}")
    mark = etag(content)
    found = get_conditional_response(request, etag=mark, response=answer) or answer
    found.headers["ETag"] = mark
    found.headers["Cache-Control"] = keep
    return found


urlpatterns = [
    path("cap.atom", feed, {"form": "atom"}),
    path("cap.rss", feed, {"form": "rss"}),
    path("cap/<str:identifier>.xml", message),
]
