"""Our errors as HTTP answers: a status, and the two sentences every error has."""

import json
from html import escape
from string import Template

from django.http import HttpRequest, HttpResponse
from ninja import Schema

from tocsin.desk.statuses import status_of
from tocsin.errors import Error

_PAGE = Template(
    '<!doctype html><html lang="en"><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width"><title>Tocsin</title>'
    '<h1>That was not done</h1><p>$what</p><p>$way_out</p><p><a href="/">To the board</a></p>'
)


class Refused(Schema):
    """What happened and what to do."""

    error: str
    what: str
    way_out: str


def body_of(error: Error) -> bytes:
    """The error as JSON: its name, what happened, and the way out."""
    value = {"error": type(error).__name__, "what": error.what, "way_out": error.way_out}
    return json.dumps(value).encode()


def page_of(error: Error) -> bytes:
    """The error as a page that needs nothing else, for who meets it before Django does."""
    return _PAGE.substitute(what=escape(error.what), way_out=escape(error.way_out)).encode()


def answer_error(request: HttpRequest, error: Error | type[Error]) -> HttpResponse:
    """The answer to a request that met this error."""
    if isinstance(error, type):
        error = error("")
    return HttpResponse(body_of(error), status=status_of(error), content_type="application/json")
