"""What is read over the radio: at most twenty seconds, plain words, the number digit by digit.

The text is one reading; it is read twice. The pace is 150 words a minute. Works on radio speech ask
for 160 to 180 (reviewed in Rodero 2012, Text & Talk 32(3), doi:10.1515/text-2012-0019); who reads
a warning that others write down stays below that. Digits, and the letters among them, are read one
by one: each counts as a word.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tocsin.warn.bulletin import Bulletin, BulletinKind
from tocsin.warn.wording.letter import letter
from tocsin.warn.wording.notice import (
    OF_ORDERS,
    Form,
    Notice,
    Topic,
    Words,
    fill,
    template_of,
)

WORDS_A_MINUTE = 150
"""Pace of the reader."""

LONGEST_READING = 20.0
"""Seconds of one reading."""

EXERCISE = "EXERCISE, EXERCISE, EXERCISE."
PLACES_NAMED = 2
"""Places that are read out where not all can be."""

_LONG_WORD = 15
"""Letters; a longer run counts as several words, so that nothing is read in no time."""

_TOKEN = re.compile(r"[^\s,;:.!?/\"()\[\]\u2010-\u2015-]+")
_TEN_CODE = re.compile(r"\b10[-\u2010-\u2015]\d{1,3}\b")
_DOUBT = re.compile(r"\[([^\[\]]+)\?\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """The parts that are read, each without its full stop; empty where it is left out."""

    safety_line: str
    where: str
    assessed: str
    advice: str
    change: str
    center: str
    missing: tuple[str, ...] = ()
    others: int = 0
    measures: tuple[str, ...] = ()
    whom: str = ""
    why: str = ""
    until: str = ""


_Step = Callable[[_Script], _Script]


def script(notice: Notice) -> Words:
    """One reading, shortened in a fixed order until it fits; a fault where it cannot."""
    parts = _whole(notice)
    text = _text(notice, parts)
    for shorter in _shorter(notice, parts):
        if reading_time(text) <= LONGEST_READING:
            break
        parts, text = shorter, _text(notice, shorter)
    return Words(
        subject=letter(notice).subject,
        text=text,
        measure=f"{reading_time(text):.1f} s, read twice",
        faults=tuple(_faults(notice, text, parts)),
    )


def reading_time(text: str) -> float:
    """Seconds that one reading of the text takes."""
    return spoken_words(text) * 60 / WORDS_A_MINUTE


def spoken_words(text: str) -> int:
    """How many words are said; of what holds digits, each letter and digit is one."""
    return sum(_said(token) for token in _TOKEN.findall(text))


def spell(name: str) -> str:
    """A number as it is read out: `B-2026-000001` as `B, 2 0 2 6, 0 0 0 0 0 1`."""
    return ", ".join(" ".join(group) for group in re.findall(r"[^\W_]+", name))


def _said(token: str) -> int:
    if any(char.isdigit() for char in token):
        return sum(char.isalnum() for char in token)
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in token)
    return wide + math.ceil((len(token) - wide) / _LONG_WORD)


def _whole(notice: Notice) -> _Script:
    bulletin, content = notice.bulletin, notice.bulletin.content
    order = notice.order
    listed = notice.missing if notice.topic in {Topic.LADDER, Topic.BREACH} else ()
    return _Script(
        safety_line=_plain(content.safety_line),
        where=_where(bulletin, len(bulletin.places)),
        assessed=_assessed(content.assessed),
        advice=_plain(content.advice),
        change=_plain(content.change),
        center=_plain(bulletin.center),
        missing=tuple(_plain(one) for one in listed),
        measures=tuple(_plain(one) for one in order.measures),
        whom=_plain(order.whom),
        why=_plain(order.why),
        until="It holds until it is stood down" if notice.topic is Topic.ORDER else "",
    )


def _shorter(notice: Notice, parts: _Script) -> Iterator[_Script]:
    """The same with less and less: who sends, the assessment, what to do, places, what changed.

    Last of all units that have not answered; and of a warning that ended, what it said: its number
    tells which it was. Of an order all but its measures and its number.
    """
    for shorten in _of_order() if notice.topic in OF_ORDERS else _of_warning(notice):
        parts = shorten(parts)
        yield parts
    if _has_ended(notice):
        yield replace(parts, safety_line="")
    for named in range(len(parts.missing) - 1, 0, -1):
        yield replace(parts, missing=parts.missing[:named], others=len(parts.missing) - named)


def _of_order() -> tuple[_Step, ...]:
    return (
        lambda one: replace(one, center=""),
        lambda one: replace(one, why=_first_sentence(one.why)),
        lambda one: replace(one, until=""),
        lambda one: replace(one, why=""),
        lambda one: replace(one, whom=one.whom.partition(";")[0]),
        lambda one: replace(one, whom=""),
    )


def _of_warning(notice: Notice) -> tuple[_Step, ...]:
    return (
        lambda one: replace(one, center=""),
        lambda one: replace(one, assessed=""),
        lambda one: replace(one, advice=_first_sentence(one.advice)),
        lambda one: replace(one, advice=""),
        lambda one: replace(one, where=_where(notice.bulletin, PLACES_NAMED)),
        lambda one: replace(one, change=_first_sentence(one.change)),
    )


def _text(notice: Notice, parts: _Script) -> str:
    bulletin = notice.bulletin
    others = (f"and {parts.others} more",) if parts.others else ()
    filled = fill(
        Form.SCRIPT,
        template_of(notice),
        exercise=EXERCISE if bulletin.is_exercise else "",
        safety_line=parts.safety_line,
        where=parts.where,
        assessed=parts.assessed,
        advice=parts.advice,
        change=parts.change,
        center=parts.center,
        missing="; ".join((*parts.missing, *others)),
        answer="Answer with your call sign" if _asks(notice) else "",
        name=f"{spell(bulletin.number)}, version {spell(str(bulletin.version))}",
        other=_spelled(notice.other),
        order=spell(notice.order.number),
        measures=". ".join(parts.measures),
        whom=parts.whom,
        why=parts.why,
        until=parts.until,
    )
    return "\n".join(_ended(line) for line in filled.splitlines() if _says(line))


def _did(notice: Notice) -> str:
    return "stand against it" if notice.topic is Topic.BREACH else "have not answered"


def _asks(notice: Notice) -> bool:
    is_news = notice.bulletin.kind in {BulletinKind.ALERT, BulletinKind.UPDATE}
    return notice.topic is Topic.LADDER or (notice.topic is Topic.BULLETIN and is_news)


def _has_ended(notice: Notice) -> bool:
    is_void = notice.bulletin.kind is BulletinKind.CANCEL
    return notice.topic in {Topic.EXPIRY, Topic.SUPERSEDED} or (
        notice.topic is Topic.BULLETIN and is_void
    )


def _says(line: str) -> bool:
    """Whether anything stands in the line but its label."""
    return bool(line.strip(" .")) and not line.rstrip(" .").endswith(":")


def _ended(line: str) -> str:
    return re.sub(r"([!?])\.$", r"\1", line.strip())


def _where(bulletin: Bulletin, named: int) -> str:
    """The places, unless the safety line names them already."""
    places = bulletin.places
    if not places:
        return "The place is not known"
    line = bulletin.content.safety_line.casefold()
    if all(place.casefold() in line for place in places):
        return ""
    rest = len(places) - named
    more = (f"and {rest} more",) if rest > 0 else ()
    return "Where: " + ", ".join((*(_plain(place) for place in places[:named]), *more))


def _assessed(sentence: str) -> str:
    """`NOT YET ASSESSED` alone, without its explanation; any other answer as it is."""
    head = sentence.partition(":")[0]
    return head.capitalize() if head.isupper() else _plain(sentence)


def _plain(text: str) -> str:
    """One line, as it is said aloud, without its full stop."""
    line = " ".join(_DOUBT.sub(r"\1, in doubt,", text).split())
    return line.replace(" - ", ", ").rstrip(" .,;")


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?;])\s", text, maxsplit=1)[0].rstrip(" .;")


def _spelled(name: str) -> str:
    return " ".join(
        spell(part) if any(one.isdigit() for one in part) else part for part in name.split()
    )


def _faults(notice: Notice, text: str, parts: _Script) -> Iterator[str]:
    over = spoken_words(text) - int(LONGEST_READING * WORDS_A_MINUTE / 60)
    if over > 0:
        is_order = notice.topic in OF_ORDERS
        warned = f"take {over} words out of the safety line or of what changed."
        yield (
            f"One reading takes {reading_time(text):.1f} s and may take {LONGEST_READING:.0f} s: "
            + ("read what is ordered in two parts." if is_order else warned)
        )
    if parts.others:
        yield (
            f"{parts.others} of those who {_did(notice)} are not named in the script: "
            "read their call signs from the list in Tocsin."
        )
    if notice.topic is Topic.ORDER and notice.order.whom and not parts.whom:
        yield f"The script does not say for whom: say it after it. For: {notice.order.whom}."
    if codes := sorted(set(_TEN_CODE.findall(text))):
        yield f"The script says {', '.join(codes)}: say it in plain words."
