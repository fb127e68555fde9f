"""Our errors as HTTP answers: a status, and the two sentences every error has."""

import json

from django.http import HttpRequest, HttpResponse

from tocsin.errors import (
    Error,
    InputError,
    MissingReason,
    NotAllowed,
    NotFound,
    OutOfTurn,
    TooLarge,
)

_STATUS: tuple[tuple[type[Error], int], ...] = (
    (TooLarge, 413),
    (InputError, 422),
    (MissingReason, 422),
    (NotAllowed, 403),
    (NotFound, 404),
    (OutOfTurn, 409),
)


def status_of(error: Error) -> int:
    """The HTTP status that fits an error; 503 for what is wrong with this installation."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 503)


def body_of(error: Error) -> bytes:
    """The error as JSON: its name, what happened, and the way out."""
    value = {"error": type(error).__name__, "what": error.what, "way_out": error.way_out}
    return json.dumps(value).encode()


def answer_error(request: HttpRequest, error: Error | type[Error]) -> HttpResponse:
    """The answer to a request that met this error."""
    if isinstance(error, type):
        error = error("")
    return HttpResponse(body_of(error), status=status_of(error), content_type="application/json")
