"""What is printed on one page: the safety line large, then what was said, with its doubts.

The text is a head, blocks and a foot with an empty line between them. A block is a heading and its
lines; whatever people wrote is in single lines, so that a block never falls apart.
"""

from dataclasses import dataclass

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

CUT_FIRST = ("WHAT WAS SAID", "WHAT IS NOT KNOWN", "ASSESSMENT", "WHAT TO DO", "WHERE")
"""Headings of the blocks that are shortened where a page does not suffice, in this order; the
safety line says in short what the caller's words say at length. All others come after these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of the page.

    Attributes:
        heading: its first line; empty for head and foot.
        lines: the others.
    """

    heading: str
    lines: tuple[str, ...]


def sheet(notice: Notice) -> Words:
    """Everything a person standing before the page must know, blocks without content left out."""
    filled = fill(Form.SHEET, template_of(notice), **_places(notice))
    blocks = [block.strip("\n") for block in filled.split("\n\n")]
    kept = [blocks[0], *(block for block in blocks[1:-1] if not _is_bare(block)), blocks[-1]]
    return Words(subject=letter(notice).subject, text="\n\n".join(kept), measure="one page")


def blocks_of(text: str) -> tuple[Block, tuple[Block, ...], Block]:
    """Head, blocks and foot of a text; of one that is no sheet, what comes first is the head."""
    head, *rest = [part.split("\n") for part in text.strip("\n").split("\n\n")]
    foot = rest.pop() if rest else []
    return (
        Block(heading="", lines=tuple(head)),
        tuple(Block(heading=first, lines=tuple(lines)) for first, *lines in rest),
        Block(heading="", lines=tuple(foot)),
    )


def _is_bare(block: str) -> bool:
    """Whether it is a heading over nothing."""
    return not block.partition("\n")[2].strip()


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
        "advice": _one_line(content.advice),
        "places": _one_line(", ".join(bulletin.places))
        or "no place was read: sent to every agency of the center",
        "number": bulletin.number,
        "name": f"{bulletin.number} version {bulletin.version}",
        "center": _one_line(bulletin.center),
        "since": local_time(bulletin.since, zone),
        "released": local_time(bulletin.released_at, zone),
        "released_by": _one_line(bulletin.released_by),
        "expires": local_time(bulletin.expires_at, zone),
        "answer": _answer(notice),
        "missing": bulleted([_one_line(one) for one in notice.missing]),
        "minutes": str(notice.minutes),
        "other": _one_line(notice.other),
        **_ordered(notice),
    }


def _ordered(notice: Notice) -> dict[str, str]:
    order, zone = notice.order, notice.bulletin.zone
    return {
        "order": _one_line(order.number),
        "measures": "\n".join(_one_line(one) for one in order.measures),
        "whom": _one_line(order.whom),
        "why": _one_line(order.why),
        "by": _one_line(order.by),
        "at": long_moment(order.at, zone),
        "review": long_moment(order.review_at, zone),
    }


def _answer(notice: Notice) -> str:
    """How the reader acknowledges; each way only where there is one."""
    owner = _one_line(notice.name) or "its owner"
    ways = []
    if notice.link:
        ways.append(f"Read the square code with a phone. It answers for {owner} alone.")
    if notice.code:
        ways.append(f"Answer with the digits {notice.code}.")
    by_radio = "by radio: tell dispatch your call sign."
    return "\n".join([*ways, f"Or {by_radio}" if ways else by_radio.capitalize()])


def _one_line(text: str) -> str:
    return " ".join(text.split())
