"""Our errors as HTTP answers: a status, and the two sentences every error has."""

import json

from django.http import HttpRequest, HttpResponse

from tocsin.desk.statuses import status_of
from tocsin.errors import Error


def body_of(error: Error) -> bytes:
    """The error as JSON: its name, what happened, and the way out."""
    value = {"error": type(error).__name__, "what": error.what, "way_out": error.way_out}
    return json.dumps(value).encode()


def answer_error(request: HttpRequest, error: Error | type[Error]) -> HttpResponse:
    """The answer to a request that met this error."""
    if isinstance(error, type):
        error = error("")
    return HttpResponse(body_of(error), status=status_of(error), content_type="application/json")
