"""The bytes of an exhibit as an answer: all of them, or the range that was asked for."""

import base64
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from tocsin.evidence import open_store

LONGEST = 4 * 1024 * 1024
"""Most bytes of one range; a player that wants more asks again."""

_CHUNK = 1 << 18
_ONE_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bytes:
    """Sealed bytes to be given: their digest, hexadecimal, how many, and what they are."""

    sha256: str
    size: int
    content_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """First and last byte; the last is before the first where the bytes have no such part."""

    first: int
    last: int


def give(request: HttpRequest, what: Bytes) -> HttpResponseBase:
    """The bytes, or their part: 200, 206 or 416 (RFC 9110, section 14).

    Raises:
        NotFound: the store has no such bytes.
        StoreFailed: it could not give them.
    """
    wanted = _wanted(request, what)
    if wanted is None:
        answer = _whole(request, what)
    elif wanted.last < wanted.first:
        answer = HttpResponse(status=416)
        answer.headers["Content-Range"] = f"bytes */{what.size}"
    else:
        answer = _part(what, wanted)
    digest = base64.b64encode(bytes.fromhex(what.sha256)).decode()
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["ETag"] = _etag(what)
    answer.headers["Repr-Digest"] = f"sha-256=:{digest}:"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def begins(request: HttpRequest, what: Bytes) -> bool:
    """Whether this asks for the bytes from the first: a play or a fetch begins."""
    wanted = _wanted(request, what)
    return request.method == "GET" and (wanted is None or wanted.first == 0 <= wanted.last)


def _wanted(request: HttpRequest, what: Bytes) -> Range | None:
    """The range asked for; None where all is wanted, or what is asked cannot be understood."""
    found = _ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    is_other = request.headers.get("If-Range", _etag(what)) != _etag(what)
    if request.method != "GET" or not found or found[0] == "bytes=-" or is_other:
        return None
    if not found[1]:
        first, last = max(0, what.size - int(found[2])), what.size - 1
    else:
        first, last = int(found[1]), int(found[2] or what.size)
        if found[2] and last < first:
            return None
    return Range(first=first, last=min(last, what.size - 1, first + LONGEST - 1))


def _whole(request: HttpRequest, what: Bytes) -> HttpResponseBase:
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse(content_type=what.content_type)
    else:
        file = open_store(settings.TOCSIN_STORE).open(what.sha256)
        answer = StreamingHttpResponse(_Chunks(file), content_type=what.content_type)
    answer.headers["Content-Length"] = str(what.size)
    return answer


def _part(what: Bytes, wanted: Range) -> HttpResponse:
    with open_store(settings.TOCSIN_STORE).open(what.sha256) as file:
        file.seek(wanted.first)
        content = file.read(wanted.last - wanted.first + 1)
    answer = HttpResponse(content, status=206, content_type=what.content_type)
    answer.headers["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{what.size}"
    return answer


class _Chunks:
    """The bytes of an open file, read beside the event loop; it is closed with the answer."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def close(self) -> None:
        self._file.close()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while chunk := await sync_to_async(self._file.read, thread_sensitive=False)(_CHUNK):
            yield chunk


def _etag(what: Bytes) -> str:
    return f'"{what.sha256}"'
