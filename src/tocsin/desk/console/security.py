"""Headers that every page carries."""

import secrets
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

Answer = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


class Nonce:
    """A word that lets one style of one page through; made when the page first writes it."""

    def __init__(self) -> None:
        self._word = ""

    def __bool__(self) -> bool:
        """Whether the page has written it."""
        return bool(self._word)

    def __str__(self) -> str:
        self._word = self._word or secrets.token_urlsafe(16)
        return self._word


class ContentSecurityPolicy:
    """Nothing from elsewhere, nothing inline; works in both kinds of server.

    A page that draws a recording writes `request.csp_nonce`: the drawing's own style is let through
    by that word, on that page, and no script ever is.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        if iscoroutinefunction(answer):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """The answer, with the policy."""
        nonce = Nonce()
        request.csp_nonce = nonce  # type: ignore[attr-defined] # read by templates
        answer = self.answer(request)
        if isinstance(answer, Awaitable):
            return self._later(answer, nonce)
        return _guard(answer, nonce)

    async def _later(self, answer: Awaitable[HttpResponseBase], nonce: Nonce) -> HttpResponseBase:
        return _guard(await answer, nonce)


def _guard(answer: HttpResponseBase, nonce: Nonce) -> HttpResponseBase:
    policy = POLICY
    if nonce:
        policy = policy.replace("style-src 'self'", f"style-src 'self' 'nonce-{nonce}'")
    answer.headers.setdefault("Content-Security-Policy", policy)
    answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return answer
