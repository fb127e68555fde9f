"""Templates of requests: `{to}`, `{text}` and the like, put in where they can break nothing.

A template is JSON itself; a place stands inside one of its strings, so no text can end the string
that holds it. An entry whose place is empty is left out. In an address a word is percent-encoded.
"""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from tocsin.errors import SetupError

PLACES = ("to", "text", "key", "callback", "from", "code", "digits", "user", "secret", "basic")
"""What may stand in braces; `{text:xml}` is the text as XML holds it."""

_PLACE = re.compile(r"\{([a-z]+)(:xml)?\}")
_IN_HEADERS = frozenset(PLACES) - {"text"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")

Words = Mapping[str, str]


def read_template(name: str, text: str) -> dict[str, Any]:
    """The template of headers or of a body.

    Raises:
        SetupError: it is no JSON object, or it holds a place that is not known.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SetupError(f"The setting {name} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise SetupError(f"The setting {name} is no JSON object.")
    require_places(name, json.dumps(found))
    return found


def require_places(name: str, text: str) -> None:
    """Return when every place in the template is known.

    Raises:
        SetupError: names the one that is not.
    """
    for place, _ in _PLACE.findall(text):
        if place not in PLACES:
            known = ", ".join(PLACES)
            raise SetupError(
                f"The setting {name} has no place {place!r}.", way_out=f"Known: {known}."
            )


def require_headers(template: Mapping[str, Any]) -> None:
    """Return when the headers can be sent.

    Raises:
        SetupError: names the one that cannot.
    """
    for name, value in template.items():
        is_text = isinstance(value, str) and value.isascii() and value.isprintable()
        if not is_text or not _HEADER_NAME.fullmatch(name):
            raise SetupError(f"The header {name!r} cannot be sent.")
        if not {place for place, _ in _PLACE.findall(value)} <= _IN_HEADERS:
            raise SetupError(
                f"The header {name} holds the text of the message.",
                way_out="Put {text} into the body.",
            )


def fill_object(template: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """The template with the words in its strings, without the entries whose place is empty."""
    return {
        name: fill_in(value, words)
        for name, value in template.items()
        if not (isinstance(value, str) and _is_empty(value, words))
    }


def fill_in(template: Any, words: Words) -> Any:
    """The same for any value of JSON."""
    if isinstance(template, str):
        return _PLACE.sub(lambda found: _word(found, words), template)
    if isinstance(template, dict):
        return fill_object(template, words)
    if isinstance(template, list):
        return [fill_in(one, words) for one in template]
    return template


def fill_address(template: str, words: Words) -> str:
    """The address with the words percent-encoded."""
    return _PLACE.sub(lambda found: quote(words[found[1]], safe=""), template)


def _word(found: re.Match[str], words: Words) -> str:
    word = words[found[1]]
    return escape(_NOT_XML.sub(" ", word), {'"': "&quot;"}) if found[2] else word


def _is_empty(value: str, words: Words) -> bool:
    return any(not words[place] for place, _ in _PLACE.findall(value))
