"""What a locked phone shows: a title and a body that are read at a glance.

Browsers cut what is longer, each at another place; these measures pass on all that we know of.
"""

from collections.abc import Mapping

from tocsin.warn.wording.notice import OF_ORDERS, Form, Notice, Words, short_time
from tocsin.warn.wording.pieces import (
    add_while,
    compose,
    in_brief,
    listed,
    longest,
    of_order,
    one_line,
    opening_of,
    shortened,
)

LONGEST_TITLE = 60
LONGEST_BODY = 180


def glance(notice: Notice) -> Words:
    """A title of at most 60 characters, and a body of at most 180 with number and version."""
    fixed, pieces = _fixed(notice), _pieces(notice)

    def text(chosen: Mapping[str, str]) -> str:
        return "\n".join(compose(Form.GLANCE, notice, fixed, chosen))

    def fits(chosen: Mapping[str, str]) -> bool:
        return len(text(chosen)) <= LONGEST_BODY

    def of(*names: str) -> list[tuple[str, str]]:
        return [(name, pieces[name]) for name in names]

    chosen = add_while({}, of("answer", "other"), fits=fits)
    for name in ("change", "measures"):
        versions = shortened(pieces[name], most=LONGEST_BODY)
        chosen = longest(versions, name=name, chosen=chosen, fits=fits)
    chosen = longest(listed(notice.missing), name="missing", chosen=chosen, fits=fits)
    chosen = add_while(chosen, of("whom", "review", "why"), fits=fits)
    chosen = add_while(chosen, of("assessed", "places", "ends"), fits=fits)
    title, body = _title(notice), text(chosen)
    return Words(
        subject=title,
        text=body,
        measure=f"{len(title)} and {len(body)} characters",
    )


def _title(notice: Notice) -> str:
    mark = "EXERCISE - " if notice.bulletin.is_exercise else ""
    is_order = notice.topic in OF_ORDERS
    told = " ".join(notice.order.measures) if is_order else notice.bulletin.content.safety_line
    line = f"{mark}{opening_of(notice)}{one_line(told)}"
    return next(cut for cut in shortened(line, most=LONGEST_TITLE) if len(cut) <= LONGEST_TITLE)


def _fixed(notice: Notice) -> dict[str, str]:
    bulletin = notice.bulletin
    return {
        "exercise": "EXERCISE - " if bulletin.is_exercise else "",
        "name": one_line(f"{bulletin.number} v{bulletin.version}"),
        "order": one_line(notice.order.number),
        "minutes": str(notice.minutes),
    }


def _pieces(notice: Notice) -> dict[str, str]:
    bulletin, content = notice.bulletin, notice.bulletin.content
    pieces = {
        "change": content.change,
        "assessed": in_brief(content.assessed),
        "places": ", ".join(bulletin.places),
        "ends": short_time(bulletin.expires_at, bulletin.zone),
        "answer": "Open it to say that you have it." if notice.must_be_acknowledged else "",
        "other": notice.other,
        **of_order(notice),
    }
    return {name: one_line(words) for name, words in pieces.items()}
