"""The voice call: read by a machine, said twice, answered by a key.

A synthetic voice reads signs aloud or stumbles over them, so none are left: no address of a page,
no brackets, no capitals that would be spelled. The number is read digit by digit. The measure is
the time of the whole call at 150 words a minute, the pace of the radio script.
"""

import re
from collections.abc import Iterator, Mapping

from tocsin.warn.wording.letter import line_of
from tocsin.warn.wording.notice import OF_ORDERS, Form, Notice, Words
from tocsin.warn.wording.pieces import (
    add_while,
    compose,
    in_brief,
    listed,
    longest,
    of_order,
    one_line,
)
from tocsin.warn.wording.script import reading_time, spell

LONGEST_CALL = 45.0
"""Seconds from the first word to the last; who hangs up before has not heard how to answer."""

_FILLING = ("whom", "why", "review", "assessed", "places", "advice")

AGAIN = "I say it again."
_PAGE = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_DOUBT = re.compile(r"\[([^\[\]]*)\?\]")
_NAMED_SIGNS = {"&": " and ", "%": " percent ", "@": " at ", "+": " plus ", "$": " dollar "}
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:\s+[A-Z]{2,})+\b|\b[A-Z]{4,}\b")
"""Words in capitals; up to three alone are taken for letters, as in `SUV`."""


def spoken(notice: Notice) -> Words:
    """The call: one saying, the same again, and which key says `I have it`."""
    fixed, pieces = _fixed(notice), _pieces(notice)

    def text(chosen: Mapping[str, str]) -> str:
        saying = " ".join(_ended(line) for line in compose(Form.SPOKEN, notice, fixed, chosen))
        return " ".join((saying, AGAIN, saying, *_answer(notice)))

    def fits(chosen: Mapping[str, str]) -> bool:
        return reading_time(text(chosen)) <= LONGEST_CALL

    def of(*names: str) -> list[tuple[str, str]]:
        return [(name, pieces[name]) for name in names]

    chosen = {"other": pieces["other"]}
    is_order = notice.topic in OF_ORDERS
    for name in ("measures", "center") if is_order else ("safety_line", "change", "center"):
        chosen = longest(_fewer_words(pieces[name]), name=name, chosen=chosen, fits=fits)
    missing = (speakable(line) for line in listed(notice.missing))
    chosen = longest(missing, name="missing", chosen=chosen, fits=fits)
    chosen = add_while(chosen, of(*_FILLING), fits=fits)
    words = text(chosen)
    return Words(
        subject=line_of(notice),
        text=words,
        measure=f"{reading_time(words):.0f} s, said twice",
        faults=tuple(_faults(notice, pieces, chosen, words)),
    )


def speakable(text: str) -> str:
    """One line of words without signs, as it is said aloud; a word in doubt says so."""
    line = _DOUBT.sub(r" possibly \1 ", _PAGE.sub(" ", one_line(text)))
    for sign, name in _NAMED_SIGNS.items():
        line = line.replace(sign, name)
    line = line.replace("\u2019", "'")
    line = re.sub(r"[^\w\s.,;:!?']|_", " ", re.sub(r"\s[-\u2010-\u2015]\s", ", ", line))
    line = _CAPITALS.sub(lambda found: found.group().lower(), line)
    line = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(line.split()))
    return line[:1].upper() + line[1:]


def _fixed(notice: Notice) -> dict[str, str]:
    bulletin = notice.bulletin
    mark = "Exercise. Exercise. This is not a real warning. "
    return {
        "exercise": mark if bulletin.is_exercise else "",
        "name": f"{spell(bulletin.number)}, version {spell(str(bulletin.version))}",
        "order": spell(notice.order.number),
        "minutes": str(notice.minutes),
    }


def _pieces(notice: Notice) -> dict[str, str]:
    bulletin, content = notice.bulletin, notice.bulletin.content
    pieces = {
        "center": bulletin.center,
        "safety_line": content.safety_line,
        "change": content.change,
        "places": ", ".join(bulletin.places),
        "assessed": in_brief(content.assessed),
        "advice": content.advice,
        **of_order(notice),
    }
    other = re.sub(r"\bv(?=\d+$)", "version ", one_line(notice.other))
    other = re.sub(r"\S*\d\S*", lambda found: spell(found.group()), other)
    return {name: speakable(words) for name, words in pieces.items()} | {"other": other}


def _answer(notice: Notice) -> tuple[str, ...]:
    if not notice.must_be_acknowledged:
        return ("You need not answer.",)
    if not notice.code:
        return ("Open Tocsin and say that you have it.",)
    return (f"Press {' '.join(notice.code)} to say that you have it.",)


def _ended(line: str) -> str:
    return line if line.endswith((".", "!", "?")) else line.rstrip(",;: ") + "."


def _fewer_words(line: str) -> Iterator[str]:
    words = line.split()
    yield line
    for kept in range(min(len(words) - 1, 120), 0, -1):
        yield " ".join(words[:kept])


def _faults(
    notice: Notice, pieces: Mapping[str, str], chosen: Mapping[str, str], words: str
) -> Iterator[str]:
    limit = f"{LONGEST_CALL:.0f} seconds at the most"
    told = {
        "safety_line": "officer-safety line",
        "change": "sentence on the change",
        "center": "name of the center",
        "measures": "list of what is ordered",
    }
    for name, what in told.items():
        is_wanted = notice.topic not in OF_ORDERS or name in {"center", "measures"}
        if is_wanted and pieces[name] and chosen.get(name, "") != pieces[name]:
            yield f"The {what} is cut in the call, which takes {limit}: shorten it."
    if reading_time(words) > LONGEST_CALL:
        yield f"The call takes {reading_time(words):.0f} seconds, and may take {limit}."
