"""Nlets free text (AM, AML): capitals of ASCII in lines of 80, the safety line first.

Tocsin is not connected to Nlets: a person copies the text into the agency's own terminal. What
stands beside the text there (message key, destinations, reference) is a `Routing`.
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from anyascii import anyascii

from tocsin.warn.wording.letter import letter
from tocsin.warn.wording.notice import (
    Form,
    Notice,
    Words,
    bulleted,
    fill,
    local_time,
    long_moment,
    template_of,
)

COLUMNS = 80
"""Characters of a line that every terminal shows."""

NAMED = 5
"""Characters that a fault names; more are counted."""

_BARRED = (
    (re.compile(r"\bATTEMPTS? TO LOCATE\b|\bATL\b"), "an attempt to locate"),
    (re.compile(r"\bREPLY ONLY IF WANTED\b"), '"reply only if wanted"'),
)
"""What a statewide or regional broadcast may not ask (Nlets; Wisconsin TIME manual)."""


def teletype(notice: Notice) -> Words:
    """The text field of the message; faults name what cannot be written or may not be asked."""
    filled = fill(Form.TELETYPE, template_of(notice), **_places(notice))
    text, lost = to_capitals(filled)
    lines = list(_lines(text))
    body = "\n".join(lines)
    return Words(
        subject=letter(notice).subject,
        text=body,
        measure=f"{len(lines)} lines, {len(body)} characters",
        faults=(*_lost(lost), *_barred(body)),
    )


def to_capitals(text: str) -> tuple[str, tuple[str, ...]]:
    """The text in capitals of ASCII, and the characters that have no such writing.

    Those stand in it by their number, as `[U+E000]`: nothing is left out in silence.
    """
    parts: list[str] = []
    lost: dict[str, None] = {}
    for char in unicodedata.normalize("NFC", text):
        written = char if char == "\n" else _written(char)
        if not written:
            written = f"[U+{ord(char):04X}]"
            lost[char] = None
        parts.append(written)
    return "".join(parts).upper(), tuple(lost)


def _written(char: str) -> str:
    """One character in printable ASCII; empty where it has no such writing."""
    if char.isspace():
        return " "
    return "".join(one for one in anyascii(char) if one.isprintable())


def _lines(text: str) -> Iterator[str]:
    """Lines of at most 80 characters; never two empty ones in a row."""
    before = ""
    for line in text.strip("\n").split("\n"):
        for part in textwrap.wrap(line, COLUMNS, break_on_hyphens=False) or [""]:
            if part or before:
                yield part
            before = part


def _places(notice: Notice) -> dict[str, str]:
    bulletin, content = notice.bulletin, notice.bulletin.content
    zone = bulletin.zone
    return {
        "exercise": "EXERCISE - THIS IS NOT A REAL WARNING\n" if bulletin.is_exercise else "",
        "safety_line": _one_line(content.safety_line),
        "change": _one_line(content.change),
        "said": f'"{_one_line(content.said)}"' if content.said else "(no recording and no note)",
        "not_known": bulleted([_one_line(one) for one in content.not_known]),
        "assessed": _one_line(content.assessed),
        "advice": f"What to do: {_one_line(content.advice)}" if content.advice else "",
        "places": _one_line(", ".join(bulletin.places)) or "no place was read",
        "number": _one_line(bulletin.number),
        "version": str(bulletin.version),
        "name": f"{_one_line(bulletin.number)} version {bulletin.version}",
        "center": _one_line(bulletin.center),
        "since": local_time(bulletin.since, zone),
        "released": local_time(bulletin.released_at, zone),
        "released_by": _one_line(bulletin.released_by),
        "expires": local_time(bulletin.expires_at, zone),
        "missing": bulleted([_one_line(one) for one in notice.missing]),
        "minutes": str(notice.minutes),
        "other": _one_line(notice.other),
        **_ordered(notice),
    }


def _ordered(notice: Notice) -> dict[str, str]:
    order, zone = notice.order, notice.bulletin.zone
    return {
        "order": _one_line(order.number),
        "measures": bulleted([_one_line(one) for one in order.measures]),
        "whom": _one_line(order.whom),
        "why": _one_line(order.why),
        "by": _one_line(order.by),
        "at": long_moment(order.at, zone),
        "review": long_moment(order.review_at, zone),
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lost(letters: Iterable[str]) -> Iterator[str]:
    codes = [f"{one!r} (U+{ord(one):04X})" for one in letters]
    if codes:
        more = f" and {len(codes) - NAMED} more" if len(codes) > NAMED else ""
        yield (
            f"A teletype cannot write {', '.join(codes[:NAMED])}{more}: "
            "put other words in the bulletin."
        )


def _barred(text: str) -> Iterator[str]:
    for pattern, what in _BARRED:
        if pattern.search(text):
            yield f"Nlets broadcasts may not carry {what}: put it in other words."
