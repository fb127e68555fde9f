"""Words that are laid out piece by piece, so that a small medium carries what matters most.

A template holds one piece a line. A line whose piece is absent is left out, with its label.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from tocsin.warn.bulletin import BulletinKind
from tocsin.warn.wording.notice import Form, Notice, Topic, fill, short_time, template_of

ABSENT = "\0"
"""Marks a piece that is not there; `one_line` keeps it out of every text."""

PIECES = (
    *("safety_line", "change", "places", "assessed", "said", "advice"),
    *("ends", "answer", "link", "missing", "other", "center"),
    *("measures", "whom", "why", "review"),
)
"""Pieces that a template may hold beside exercise, name, order and minutes, which are always there.
"""

Fits = Callable[[Mapping[str, str]], bool]
"""Whether a choice of pieces keeps to the measure of the medium."""

MOST_NAMED = 60
"""People who are named where a medium has little room; more would never fit."""

OPENING = {
    BulletinKind.ALERT: "",
    BulletinKind.UPDATE: "UPDATE: ",
    BulletinKind.CORRECTION: "CORRECTION: ",
    BulletinKind.CANCEL: "CANCELLED: ",
}
TOPIC = {
    Topic.BULLETIN: "",
    Topic.LADDER: "NOT ACKNOWLEDGED: ",
    Topic.EXPIRY: "EXPIRED: ",
    Topic.SUPERSEDED: "SUPERSEDED: ",
    Topic.ORDER: "ORDER: ",
    Topic.STAND_DOWN: "STOOD DOWN: ",
    Topic.BREACH: "AGAINST ORDER: ",
}


def compose(
    form: Form, notice: Notice, fixed: Mapping[str, str], pieces: Mapping[str, str]
) -> tuple[str, ...]:
    """The lines of the template without those whose piece is absent, behind the exercise's mark."""
    words = {name: pieces.get(name) or ABSENT for name in PIECES}
    filled = fill(form, template_of(notice), **(words | dict(fixed)))
    first, *rest = (line for line in filled.split("\n") if line and ABSENT not in line)
    return fixed["exercise"] + first, *rest


def add_while(
    chosen: Mapping[str, str],
    wanted: Iterable[tuple[str, str]],
    *,
    fits: Fits,
) -> dict[str, str]:
    """What is chosen, with each of the wanted pieces that still fits, in their order."""
    pieces = dict(chosen)
    for name, word in wanted:
        more = pieces | {name: word}
        if word and fits(more):
            pieces = more
    return pieces


def longest(
    versions: Iterable[str], *, name: str, chosen: Mapping[str, str], fits: Fits
) -> dict[str, str]:
    """What is chosen, with the first of these versions of one piece that fits, if one does."""
    for version in versions:
        pieces = dict(chosen) | {name: version}
        if version and fits(pieces):
            return pieces
    return dict(chosen)


def one_line(text: str) -> str:
    """The text as one line of characters that can be seen."""
    seen = (letter if letter.isprintable() else " " for letter in text)
    return " ".join("".join(seen).split())


def shortened(text: str, *, most: int) -> Iterator[str]:
    """The text, then cut further and further from `most` characters, with dots where it was cut."""
    yield text
    for length in range(min(len(text) - 1, most), 0, -1):
        yield text[:length].rstrip(" .,;") + "..."


def listed(lines: Sequence[str]) -> Iterator[str]:
    """All lines in one, then fewer and fewer of them with the number of the others."""
    many = [one_line(line) for line in lines]
    if many:
        yield ", ".join(many)
    for kept in range(min(len(many) - 1, MOST_NAMED), 0, -1):
        yield f"{', '.join(many[:kept])} and {len(many) - kept} more"
    if many:
        yield f"{len(many)} people"


def opening_of(notice: Notice) -> str:
    """What stands before the safety line: what the notice is, where it is no first version."""
    if notice.topic is Topic.BULLETIN:
        return OPENING[notice.bulletin.kind]
    return TOPIC[notice.topic]


def of_order(notice: Notice) -> dict[str, str]:
    """The pieces that tell of an order; empty ones where the notice tells of none."""
    order, zone = notice.order, notice.bulletin.zone
    return {
        "measures": " ".join(order.measures),
        "whom": order.whom,
        "why": order.why,
        "review": short_time(order.review_at, zone) if order.review_at else "",
    }


def in_brief(assessed: str) -> str:
    """`NOT YET ASSESSED` without the sentence that explains it; any other answer whole."""
    head = assessed.partition(":")[0]
    return head if head.isupper() else assessed
