"""The text message: one part where that is enough, never more than three, in the phone's alphabet.

A part carries 160 septets, or 153 where several make one message (3GPP TS 23.040, 9.2.3.24.1).
For places, the assessment, what changed and who is missing a further part is sent, and of an order
for whom it concerns and why. The end, the link, the advice and the caller's words only fill room
that is sent anyway. Where a code answers, the link is one of these; where only the link answers, it
is always there.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from tocsin.warn.septets import BASIC, EXTENSION, fitting_septets
from tocsin.warn.wording.letter import line_of
from tocsin.warn.wording.notice import OF_ORDERS, Form, Notice, Words, short_time
from tocsin.warn.wording.pieces import (
    Fits,
    add_while,
    compose,
    in_brief,
    listed,
    longest,
    of_order,
    one_line,
    shortened,
)

ONE_PART = 160
EACH_PART = 153
MOST_PARTS = 3
LONGEST = MOST_PARTS * EACH_PART
"""Septets of a message at the most."""

_FILLING = ("link", "ends", "review", "advice", "said", "safety_line")
"""What only fills room that is sent anyway; the safety line stands already, unless of an order."""

UNKNOWN = "?"
"""Stands for a character that the alphabet does not have and that has no near one."""

_NEAR = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`\u2039\u203a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7", "-"),
        "\u2026": "...",
        "\u0153": "oe",
        "\u0152": "OE",
        "\u0142": "l",
        "\u0141": "L",
        "\u0111": "d",
        "\u0110": "D",
        "\u0131": "i",
    }
)


def short(notice: Notice) -> Words:
    """The notice in at most three parts, with its number, its version and how to answer."""
    fixed, pieces = _fixed(notice), _pieces(notice)

    def text(chosen: Mapping[str, str]) -> str:
        return "\n".join(compose(Form.SHORT, notice, fixed, chosen))

    def within(limit: int) -> Fits:
        return lambda chosen: fitting_septets(text(chosen)) <= limit

    def of(*names: str) -> list[tuple[str, str]]:
        return [(name, pieces[name]) for name in names]

    is_link_alone = notice.must_be_acknowledged and not notice.code
    must = ("answer", "other", "link") if is_link_alone else ("answer", "other")
    chosen = add_while({}, of(*must), fits=within(LONGEST))
    for name in _first(notice):
        versions = shortened(pieces[name], most=LONGEST)
        chosen = longest(versions, name=name, chosen=chosen, fits=within(LONGEST))
    missing = (in_alphabet(line) for line in listed(notice.missing))
    chosen = longest(missing, name="missing", chosen=chosen, fits=within(LONGEST))
    chosen = add_while(chosen, of("whom", "why", "assessed", "places"), fits=within(LONGEST))
    paid_for = room_of(parts_of(fitting_septets(text(chosen))))
    chosen = add_while(chosen, of(*_FILLING), fits=within(paid_for))
    words = text(chosen)
    return Words(
        subject=line_of(notice),
        text=words,
        measure=measure(words),
        faults=tuple(_faults(notice, pieces, chosen)),
    )


def _first(notice: Notice) -> tuple[str, ...]:
    """What is told whatever it costs: of an order what it demands, before why."""
    return ("measures",) if notice.topic in OF_ORDERS else ("safety_line", "change")


def parts_of(septets: int) -> int:
    """How many parts carry so many septets."""
    return 1 if septets <= ONE_PART else -(-septets // EACH_PART)


def room_of(parts: int) -> int:
    """How many septets so many parts carry."""
    return ONE_PART if parts == 1 else parts * EACH_PART


def measure(text: str) -> str:
    """`212 septets, 2 parts`."""
    count = fitting_septets(text)
    parts = parts_of(count)
    return f"{count} septets, {parts} part{'s' if parts > 1 else ''}"


def in_alphabet(text: str) -> str:
    """One line in the phone's alphabet: nearest characters, `?` where there is none."""
    return "".join(_nearest(letter) for letter in one_line(text).translate(_NEAR))


def _nearest(letter: str) -> str:
    if letter in BASIC or letter in EXTENSION:
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    return "".join(one if one in BASIC or one in EXTENSION else UNKNOWN for one in kept)


def _fixed(notice: Notice) -> dict[str, str]:
    bulletin = notice.bulletin
    return {
        "exercise": "EXERCISE - " if bulletin.is_exercise else "",
        "name": in_alphabet(f"{bulletin.number} v{bulletin.version}"),
        "order": in_alphabet(notice.order.number),
        "minutes": str(notice.minutes),
    }


def _pieces(notice: Notice) -> dict[str, str]:
    bulletin, content = notice.bulletin, notice.bulletin.content
    said = in_alphabet(content.said)
    pieces = {
        "safety_line": content.safety_line,
        "change": content.change,
        "places": ", ".join(bulletin.places),
        "assessed": in_brief(content.assessed),
        "said": f'"{said}"' if said else "",
        "advice": content.advice,
        "ends": short_time(bulletin.expires_at, bulletin.zone),
        "answer": _answer(notice),
        "link": notice.link,
        "other": notice.other,
        **of_order(notice),
    }
    return {name: in_alphabet(words) for name, words in pieces.items()}


def _answer(notice: Notice) -> str:
    if not notice.must_be_acknowledged:
        return ""
    return f"Reply {notice.code} = I have it" if notice.code else "Open = I have it:"


def _faults(notice: Notice, pieces: Mapping[str, str], chosen: Mapping[str, str]) -> Iterator[str]:
    parts = f"{MOST_PARTS} parts of a text message"
    first = _first(notice)
    for name, what in (
        ("safety_line", "officer-safety line"),
        ("change", "sentence on the change"),
        ("measures", "list of what is ordered"),
    ):
        if name not in first:
            continue
        is_told = name != "change" or notice.bulletin.content.change
        if is_told and chosen.get(name, "") != pieces[name]:
            yield f"The {what} does not fit into {parts}: shorten it."
    if notice.must_be_acknowledged and not notice.code and notice.link and "link" not in chosen:
        yield f"The link does not fit into {parts}: give those people a code to answer with."
    told = (*notice.order.measures, *_words(notice, chosen))
    lost = sorted({one for words in told for one in _lost(words)})
    if lost:
        yield (
            f"A text message has no sign for {' '.join(lost)}: it shows {UNKNOWN}. "
            "Write it in plain letters."
        )


def _words(notice: Notice, chosen: Mapping[str, str]) -> Iterator[str]:
    for name in {"safety_line", "change"} & set(chosen):
        yield getattr(notice.bulletin.content, name)


def _lost(text: str) -> Iterator[str]:
    for letter in one_line(text).translate(_NEAR):
        if letter != UNKNOWN and UNKNOWN in _nearest(letter):
            yield letter
