"""The whole notice for another program, in canonical JSON (RFC 8785).

`version` is the version of this shape. A later version may add names and takes none away; whoever
reads it leaves aside what he does not know. Times carry their offset (RFC 3339).
"""

from typing import Any
from zoneinfo import ZoneInfo

import rfc8785

from tocsin.warn.bulletin import Bulletin
from tocsin.warn.wording.letter import line_of
from tocsin.warn.wording.notice import OF_ORDERS, Notice, Words

VERSION = 1
"""Of the shape below."""


def machine(notice: Notice) -> Words:
    """Everything that the notice holds, as one JSON object."""
    raw = rfc8785.dumps(_clean(_object(notice)))
    return Words(
        subject=line_of(notice),
        text=raw.decode("utf-8"),
        measure=f"{len(raw)} bytes",
    )


def _object(notice: Notice) -> dict[str, Any]:
    return {
        "version": VERSION,
        "topic": notice.topic.value,
        "is_exercise": notice.bulletin.is_exercise,
        "must_be_acknowledged": notice.must_be_acknowledged,
        "name": notice.name,
        "link": notice.link,
        "code": notice.code,
        "missing": list(notice.missing),
        "minutes": notice.minutes,
        "other": notice.other,
        "bulletin": _bulletin(notice.bulletin),
    } | ({"order": _order(notice)} if notice.topic in OF_ORDERS else {})


def _order(notice: Notice) -> dict[str, Any]:
    order, zone = notice.order, ZoneInfo(notice.bulletin.zone)
    return {
        "number": order.number,
        "measures": list(order.measures),
        "whom": order.whom,
        "why": order.why,
        "by": order.by,
        "at": order.at.astimezone(zone).isoformat() if order.at else None,
        "review_at": order.review_at.astimezone(zone).isoformat() if order.review_at else None,
    }


def _bulletin(bulletin: Bulletin) -> dict[str, Any]:
    content, zone = bulletin.content, ZoneInfo(bulletin.zone)
    return {
        "number": bulletin.number,
        "version": bulletin.version,
        "kind": bulletin.kind.value,
        "center": bulletin.center,
        "safety_line": content.safety_line,
        "said": content.said,
        "not_known": list(content.not_known),
        "assessed": content.assessed,
        "advice": content.advice,
        "change": content.change,
        "places": list(bulletin.places),
        "since": bulletin.since.astimezone(zone).isoformat(),
        "released_at": bulletin.released_at.astimezone(zone).isoformat(),
        "released_by": bulletin.released_by,
        "expires_at": bulletin.expires_at.astimezone(zone).isoformat(),
        "zone": bulletin.zone,
    }


def _clean(found: Any) -> Any:
    """The same without halves of characters, for which JSON has no bytes."""
    if isinstance(found, str):
        return found.encode("utf-8", "replace").decode("utf-8")
    if isinstance(found, list):
        return [_clean(one) for one in found]
    if isinstance(found, dict):
        return {name: _clean(one) for name, one in found.items()}
    return found
