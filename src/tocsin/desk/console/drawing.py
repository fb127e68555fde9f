"""Draws the list of who has not been told: the same parts for its page and for what is pushed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template import loader

from tocsin.desk.console.snapshots import Item, Snapshot, item
from tocsin.desk.records.boards.missing import Mark, MissingBoard, missing_board, people_of

LASTS = 60
"""Seconds for which a drawn row may be shown again; afterwards a new telephone number is seen."""

MOST = 5000
"""Drawn rows that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All that makes the list of one person look as it does; equal for all who see the same.

    Attributes:
        bulletins: keys of those in force that he may see.
        untold: numbers of the open threats that he may see and of which nobody is told.
        zone: IANA name of the zone in which he reads times.
        may_enter: whether he may say of somebody that he was told.
    """

    bulletins: tuple[int, ...]
    untold: tuple[str, ...]
    zone: str
    may_enter: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drawn:
    digest: str
    item: Item
    until: datetime


class Pen:
    """Draws lists, and draws a row that did not change only once a minute."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str, bool], _Drawn] = {}

    def draw(self, scope: Scope, *, now: datetime) -> Snapshot:
        """The list's parts as they are now."""
        board = missing_board(scope.bulletins, now=now)
        shown = {"scope": scope, "board": board, **_surroundings(scope, now)}
        return {
            "list-head": (_part("list-head-part", "console/parts/list_head.html", shown),),
            "list-agencies": _agencies(board, shown),
            "list-people": self._people(board.marks, scope, now=now),
            "list-more": (_part("list-more-part", "console/parts/list_more.html", shown),),
        }

    def _people(self, marks: Iterable[Mark], scope: Scope, *, now: datetime) -> tuple[Item, ...]:
        marks = tuple(marks)
        fresh = [mark.pk for mark in marks if not self._has(mark, scope, now=now)]
        digests = {mark.pk: mark.digest for mark in marks}
        if len(self._rows) > MOST:
            self._rows.clear()
            fresh = list(digests)
        shown = {"in_list": True, **_surroundings(scope, now)}
        for one in people_of(fresh):
            pk = one.row.pk
            drawn = _part(f"p-{pk}", "console/parts/person_line.html", {**shown, "one": one})
            # Not all in the same second.
            until = now + timedelta(seconds=LASTS + pk % LASTS)
            self._rows[_place(pk, scope)] = _Drawn(digest=digests[pk], item=drawn, until=until)
        found = (self._rows.get(_place(mark.pk, scope)) for mark in marks)
        return tuple(row.item for row in found if row)

    def _has(self, mark: Mark, scope: Scope, *, now: datetime) -> bool:
        row = self._rows.get(_place(mark.pk, scope))
        return row is not None and row.digest == mark.digest and row.until > now


def _place(pk: int, scope: Scope) -> tuple[int, str, bool]:
    return pk, scope.zone, scope.may_enter


def _agencies(board: MissingBoard, shown: Mapping[str, Any]) -> tuple[Item, ...]:
    return tuple(
        _part(f"agency-{line.agency.pk}", "console/parts/agency_line.html", {**shown, "line": line})
        for line in board.agencies
    )


def _surroundings(scope: Scope, now: datetime) -> dict[str, Any]:
    may = {"SEE_CALLS": True, "ACKNOWLEDGE_FOR": scope.may_enter}
    return {"now": now, "zone": scope.zone, "may": may}


def _part(key: str, template: str, shown: dict[str, Any]) -> Item:
    return item(key, loader.get_template(template).render({**shown, "key": key}))
