"""People at the pages: signed in, looking, and sending forms."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.world import NOW
from tocsin.desk.people.models import Person


def at(person: Person | None) -> Client:
    """A browser in which this person is signed in; None for nobody."""
    client = Client()
    if person:
        client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    """What a person reads of a page: its words without the tags, spaces made one."""
    body = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", answer.content.decode())
    body = re.sub(r"</?(a|code|em|small|span|strong|time)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def main_of(answer: Any) -> str:
    """The words of the page's own part, without its bar, its alarm and its foot."""
    body = answer.content.decode()
    inner = HttpResponse(body[body.index("<main") : body.index("</main>")])
    return text_of(inner)


def call_data(ani: str, **more: Any) -> bytes:
    """Call data with this number."""
    facts = {"ani": ani, "started_at": NOW.isoformat(), **more}
    return json.dumps(facts).encode()


@contextmanager
def questions(at_most: int) -> Iterator[None]:
    """Fail where the block asks the database more often."""
    with CaptureQueriesContext(connection) as asked:
        yield
    shown = "\n".join(query["sql"][:160] for query in asked.captured_queries)
    assert len(asked) <= at_most, f"{len(asked)} questions:\n{shown}"
