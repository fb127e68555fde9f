"""A page's moving parts at one moment, and what changes from one moment to the next.

A part is an element with a name on the page; its items are elements in it, each with a name of its
own, in order. A page that has the older snapshot and is sent the difference has the newer one.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_TIME = re.compile(r"(<time\b[^>]*>)[^<]*")
_FIRST_TAG = re.compile(r"<(\w+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One element.

    Attributes:
        key: its `id` on the page.
        digest: of its HTML without what a clock shows; the element carries it as `data-is`.
        html: the element.
    """

    key: str
    digest: str
    html: str


Snapshot = Mapping[str, tuple[Item, ...]]
"""The items of each part, by the part's `id`."""


def item(key: str, html: str) -> Item:
    """The element with its digest in it."""
    text = html.strip()
    digest = hashlib.blake2s(_TIME.sub(r"\1", text).encode(), digest_size=6).hexdigest()
    marked = _FIRST_TAG.sub(lambda tag: f'{tag[0]} data-is="{digest}"', text, count=1)
    return Item(key=key, digest=digest, html=marked)


def whole(now: Snapshot) -> dict[str, Any]:
    """All of it: `{"all": {PART: [[KEY, DIGEST, HTML], ...]}}`."""
    return {
        "all": {
            part: [[one.key, one.digest, one.html] for one in items] for part, items in now.items()
        }
    }


def difference(before: Snapshot, now: Snapshot) -> dict[str, Any]:
    """What changed: `{"some": {PART: {"gone": [KEY, ...], "put": [[KEY, HTML, AFTER], ...]}}}`.

    Items that are gone are taken away first. Then each one that is put goes behind the item
    `AFTER`, or to the front where that is empty, and takes the place of one with its own name.
    Empty where nothing changed.
    """
    parts = {part: _difference(before.get(part, ()), items) for part, items in now.items()}
    changed = {part: change for part, change in parts.items() if change}
    return {"some": changed} if changed else {}


def as_event(name: str, change: Mapping[str, Any]) -> bytes:
    """The change as a server-sent event."""
    return f"event: {name}\ndata: {json.dumps(change, separators=(',', ':'))}\n\n".encode()


def _difference(before: Iterable[Item], now: Iterable[Item]) -> dict[str, Any]:
    items, old = tuple(now), tuple(before)
    wanted = {one.key for one in items}
    gone = [one.key for one in old if one.key not in wanted]
    stays = _in_place(old, items)
    put = [
        [one.key, one.html, after]
        for one, after in zip(items, ["", *(one.key for one in items)], strict=False)
        if one.key not in stays
    ]
    return {"gone": gone, "put": put} if gone or put else {}


def _in_place(before: tuple[Item, ...], now: tuple[Item, ...]) -> set[str]:
    """Names of the items that need not be touched: unchanged, and in the same order as before."""
    places = {one.key: (place, one.digest) for place, one in enumerate(before)}
    found: set[str] = set()
    last = -1
    for one in now:
        place, digest = places.get(one.key, (-1, ""))
        if digest == one.digest and place > last:
            found.add(one.key)
            last = place
    return found
