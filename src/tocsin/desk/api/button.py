"""The button behind a message's link, answered before Django: after a warning all press at once.

Only a press without a cookie is taken here, as a phone sends it that opened a link. One with a
cookie may be of somebody else who is signed in: Django asks who it is.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, connection

from tocsin.desk.api.answers import page_of
from tocsin.desk.api.gate import Application, Receive, Scope, Send
from tocsin.desk.records.commands.acknowledgments import acknowledge_by_link
from tocsin.desk.records.links import key_of
from tocsin.desk.statuses import status_of
from tocsin.errors import Error, SetupError

log = logging.getLogger("tocsin.button")

PATH = "/a/"
"""Where the links of messages lead."""

PRIVATE = (
    (b"cache-control", b"no-store"),
    (b"x-robots-tag", b"noindex"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)

TOGETHER = 32
"""Threads that press: one writes, the others wait to share the next transaction."""


class Button:
    """Takes presses of message links, and passes everything else on.

    Args:
        application: Django.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(TOGETHER, thread_name_prefix="button")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not _is_press(scope):
            await self._application(scope, receive, send)
            return
        while (await receive()).get("more_body", False):
            pass  # a press says nothing but its path
        press = sync_to_async(_press, thread_sensitive=False, executor=self._threads)
        error = await press(scope["path"].removeprefix(PATH))
        if error is None:
            await _send(send, 302, (b"location", scope["path"].encode()))
        else:
            kind = (b"content-type", b"text/html; charset=utf-8")
            await _send(send, status_of(error), kind, body=page_of(error))


def _is_press(scope: Scope) -> bool:
    return (
        scope["type"] == "http"
        and scope["method"] == "POST"
        and scope["path"].startswith(PATH)
        and b"cookie" not in dict(scope["headers"])
    )


def _press(token: str) -> Error | None:
    try:
        acknowledge_by_link(key_of(token), now=datetime.now(UTC))
    except Error as error:
        return error
    except (DatabaseError, InterfaceError):
        log.exception("an acknowledgment could not be written")
        return SetupError(
            "Your answer could not be written down: it does not count yet.",
            way_out="Press again in a moment; if it fails again, call your dispatch center.",
        )
    finally:
        connection.close()
    return None


async def _send(send: Send, status: int, header: tuple[bytes, bytes], *, body: bytes = b"") -> None:
    headers = [header, (b"content-length", str(len(body)).encode()), *PRIVATE]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
