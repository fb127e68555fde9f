"""Keeps what arrived of an upload that did not arrive whole."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import IO, TYPE_CHECKING

from django.contrib.auth import get_user
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from tocsin.desk.api.callers import ByKey, Caller, caller_of
from tocsin.desk.api.gate import Scope
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.arrivals import Offer, receive, seal_upload
from tocsin.errors import Error, InputError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

log = logging.getLogger("tocsin.api")

_CHUNK = 1 << 20


def keep_fragment(scope: Scope, copy: IO[bytes], error: InputError) -> None:
    """The recording's bytes in a broken body are sealed, and the refusal is on record.

    Nothing is kept of senders that nobody knows.
    """
    try:
        caller = _caller(ASGIRequest(scope, BytesIO()))
        if caller is None:
            log.warning("an upload of nobody known was stopped: %s", type(error).__name__)
            return
        part = _AudioPart(_boundary(scope))
        recording, _ = seal_upload(part.bytes_of(copy))
        offer = Offer(
            center=caller.center,
            source="api",
            actor=caller.actor,
            name=part.name,
            recording=recording if recording.size else None,
            fault=error,
        )
        with suppress(InputError):
            receive(offer, now=timezone.now())
    except Error as problem:
        log.error("a broken upload could not be kept: %s", problem.what)  # noqa: TRY400 # no bug
    finally:
        connection.close()


def _caller(request: ASGIRequest) -> Caller | None:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return ByKey().authenticate(request, secret)
    SessionMiddleware(lambda _: HttpResponse()).process_request(request)
    person = get_user(request)
    return caller_of(person) if isinstance(person, Person) else None


def _boundary(scope: Scope) -> bytes:
    kind = dict(scope["headers"]).get(b"content-type", b"")
    _, options = parse_options_header(kind)
    return options.get(b"boundary", b"")


class _AudioPart:
    """Finds the recording in a multipart body that may end anywhere."""

    def __init__(self, boundary: bytes) -> None:
        self.name = ""
        self._header: dict[str, bytes] = {}
        self._is_audio = False
        self._found: list[bytes] = []
        callbacks: MultipartCallbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
        }
        self._parser = MultipartParser(boundary, callbacks) if boundary else None

    def bytes_of(self, body: IO[bytes]) -> Iterator[bytes]:
        """The recording's bytes, as far as they came."""
        while self._parser and (chunk := body.read(_CHUNK)):
            try:
                self._parser.write(chunk)
            except FormParserError:
                return
            yield from self._found
            self._found.clear()

    def _begin(self) -> None:
        self._is_audio = False
        self._header = {"name": b"", "value": b""}

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header["name"] += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header["value"] += data[start:end]

    def _header_end(self) -> None:
        if self._header["name"].lower() == b"content-disposition":
            _, options = parse_options_header(self._header["value"])
            self._is_audio = options.get(b"name") == b"audio"
            if self._is_audio:
                self.name = options.get(b"filename", b"").decode("utf-8", "replace")
        self._header = {"name": b"", "value": b""}

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_audio:
            self._found.append(data[start:end])
