"""Draws the list of who has not been told: the same parts for its page and for what is pushed."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template import loader

from tocsin.desk.console.snapshots import Item, Snapshot, item
from tocsin.desk.records.boards.missing import (
    AgencyLine,
    MissingBoard,
    missing_board,
    people_of,
)
from tocsin.desk.records.boards.tallies import Mark

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
    facts: object
    item: Item
    until: datetime


class Pen:
    """Draws lists, and draws a row that did not change only once a minute."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, bool], _Drawn] = {}

    def draw(self, scope: Scope, *, now: datetime) -> Snapshot:
        """The list's parts as they are now."""
        if len(self._rows) > MOST:
            self._rows.clear()
        board = missing_board(scope.bulletins, now=now)
        shown = {"scope": scope, "board": board, **_surroundings(scope, now)}
        return {
            "list-head": (_part("list-head-part", "list_head", shown),),
            "list-agencies": self._agencies(board, scope, now=now),
            "list-people": self._people(board, scope, now=now),
            "list-more": (_part("list-more-part", "list_more", shown),),
        }

    def _agencies(self, board: MissingBoard, scope: Scope, *, now: datetime) -> tuple[Item, ...]:
        shown = _surroundings(scope, now)
        found = []
        for line in board.agencies:
            key, facts = f"agency-{line.agency.pk}", _facts(line)
            if not self._has(key, facts, scope, now=now):
                drawn = _part(key, "agency_line", {**shown, "line": line})
                self._keep(drawn, facts, scope, now=now)
            found.append(self._rows[_place(key, scope)].item)
        return tuple(found)

    def _people(self, board: MissingBoard, scope: Scope, *, now: datetime) -> tuple[Item, ...]:
        stale = [mark for mark in board.marks if not self._is_fresh(mark, scope, now=now)]
        if stale:
            # One look at the record for several rows: those that will be shown next come along.
            stale += [one for one in board.following if not self._is_fresh(one, scope, now=now)]
        facts = {mark.pk: mark.facts for mark in stale}
        shown = {"in_list": True, **_surroundings(scope, now)}
        for one in people_of(list(facts)):
            drawn = _part(_key(one.row.pk), "person_line", {**shown, "one": one})
            self._keep(drawn, facts[one.row.pk], scope, now=now)
        found = (self._rows.get(_place(_key(mark.pk), scope)) for mark in board.marks)
        return tuple(row.item for row in found if row)

    def _is_fresh(self, mark: Mark, scope: Scope, *, now: datetime) -> bool:
        return self._has(_key(mark.pk), mark.facts, scope, now=now)

    def _has(self, key: str, facts: object, scope: Scope, *, now: datetime) -> bool:
        row = self._rows.get(_place(key, scope))
        return row is not None and row.facts == facts and row.until > now

    def _keep(self, drawn: Item, facts: object, scope: Scope, *, now: datetime) -> None:
        # Not all in the same second.
        until = now + timedelta(seconds=LASTS + zlib.crc32(drawn.key.encode()) % LASTS)
        row = _Drawn(facts=facts, item=drawn, until=until)
        self._rows[_place(drawn.key, scope)] = row


def _key(pk: int) -> str:
    return f"p-{pk}"


def _place(key: str, scope: Scope) -> tuple[str, str, bool]:
    return key, scope.zone, scope.may_enter


def _facts(line: AgencyLine) -> object:
    """Everything that changes in an agency's line."""
    desks = [
        (desk.notice.pk, desk.notice.due_at, desk.notice.done_at, desk.is_overdue)
        for desk in line.desks
    ]
    return line.tally, line.agency.desk_number, desks


def _surroundings(scope: Scope, now: datetime) -> dict[str, Any]:
    may = {"SEE_CALLS": True, "ACKNOWLEDGE_FOR": scope.may_enter}
    return {"now": now, "zone": scope.zone, "may": may}


def _part(key: str, template: str, shown: dict[str, Any]) -> Item:
    found = loader.get_template(f"console/parts/{template}.html")
    return item(key, found.render({**shown, "key": key}))
