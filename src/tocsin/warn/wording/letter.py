"""The full text: for e-mail, for the outbox, and for every page that shows the message."""

from tocsin.warn.bulletin import Bulletin, BulletinKind
from tocsin.warn.wording.notice import (
    OF_ORDERS,
    Form,
    Notice,
    Topic,
    Words,
    bulleted,
    fill,
    local_time,
    long_moment,
    template_of,
)

_OPENING = {
    BulletinKind.ALERT: "",
    BulletinKind.UPDATE: "UPDATE: ",
    BulletinKind.CORRECTION: "CORRECTION: ",
    BulletinKind.CANCEL: "CANCELLED: ",
}
_TOPIC = {
    Topic.BULLETIN: "",
    Topic.LADDER: "NOT ACKNOWLEDGED: ",
    Topic.EXPIRY: "EXPIRED: ",
    Topic.SUPERSEDED: "SUPERSEDED: ",
}
_OF_ORDER = {
    Topic.ORDER: "ORDER",
    Topic.STAND_DOWN: "STOOD DOWN: ORDER",
    Topic.BREACH: "AGAINST ORDER",
}
LONGEST_SUBJECT = 140
"""Characters of the safety line that a subject carries; mail programs show no more."""


def letter(notice: Notice) -> Words:
    """Everything that is known, what is not, and the link by which its owner acknowledges."""
    opening = "" if notice.topic in OF_ORDERS else _TOPIC[notice.topic]
    words = _places(notice) | _moments(notice.bulletin) | _ordered(notice)
    return Words(
        subject=opening + line_of(notice), text=fill(Form.LETTER, template_of(notice), **words)
    )


def line_of(notice: Notice) -> str:
    """One line: the bulletin's, or of an order its number and measures."""
    if notice.topic not in OF_ORDERS:
        return subject_line(notice.bulletin)
    mark = "EXERCISE - " if notice.bulletin.is_exercise else ""
    name = f"[{notice.bulletin.number} v{notice.bulletin.version}]"
    measures = " ".join(notice.order.measures)[:LONGEST_SUBJECT]
    return f"{mark}{_OF_ORDER[notice.topic]} {notice.order.number}: {measures} {name}"


def subject_line(bulletin: Bulletin) -> str:
    """One line: kind, safety line, number and version."""
    mark = "EXERCISE - " if bulletin.is_exercise else ""
    name = f"[{bulletin.number} v{bulletin.version}]"
    line = bulletin.content.safety_line[:LONGEST_SUBJECT]
    return f"{mark}{_OPENING[bulletin.kind]}{line} {name}"


def _places(notice: Notice) -> dict[str, str]:
    bulletin, content = notice.bulletin, notice.bulletin.content
    return {
        "exercise": "EXERCISE - THIS IS NOT A REAL WARNING\n" if bulletin.is_exercise else "",
        "safety_line": content.safety_line,
        "change": content.change,
        "said": content.said or "(no recording and no note)",
        "not_known": bulleted(content.not_known),
        "assessed": content.assessed,
        "advice": f"\nWHAT TO DO\n{content.advice}\n" if content.advice else "",
        "places": ", ".join(bulletin.places)
        or "no place was read: sent to every agency of the center",
        "name": f"{bulletin.number} version {bulletin.version}",
        "center": bulletin.center,
        "link": notice.link,
        "missing": bulleted(notice.missing),
        "minutes": str(notice.minutes),
        "other": notice.other,
    }


def _ordered(notice: Notice) -> dict[str, str]:
    order, zone = notice.order, notice.bulletin.zone
    return {
        "order": order.number,
        "measures": bulleted(order.measures),
        "whom": order.whom,
        "why": order.why,
        "by": order.by,
        "at": long_moment(order.at, zone),
        "review": long_moment(order.review_at, zone),
    }


def _moments(bulletin: Bulletin) -> dict[str, str]:
    return {
        "since": local_time(bulletin.since, bulletin.zone),
        "released": local_time(bulletin.released_at, bulletin.zone),
        "released_by": bulletin.released_by,
        "expires": local_time(bulletin.expires_at, bulletin.zone),
    }
