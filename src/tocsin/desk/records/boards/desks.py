"""The duty desks of a bulletin: told by a person's word, or still to be told."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import bulletins_for
from tocsin.desk.records.models import Bulletin, DeskNotice
from tocsin.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One duty desk and one bulletin: told by a person's word, or still to be told.

    Attributes:
        notice: what is to be done or was done.
        is_overdue: whether it should have been told before now.
    """

    notice: DeskNotice
    is_overdue: bool


def desks_about(rows: Iterable[Bulletin], *, now: datetime) -> dict[int, list[Desk]]:
    """For each agency every desk to be told, and of those that were told the last word."""
    notices = DeskNotice.objects.filter(bulletin__in=rows, withdrawn_at=None)
    found: dict[int, list[Desk]] = defaultdict(list)
    last: dict[tuple[int, int, str], DeskNotice] = {}
    for notice in notices.select_related("bulletin", "done_by").order_by("due_at", "pk"):
        if notice.done_at is None:
            late = notice.due_at < now
            found[notice.agency_id].append(Desk(notice=notice, is_overdue=late))
        else:
            last[notice.agency_id, notice.bulletin_id, notice.way] = notice
    for notice in last.values():
        found[notice.agency_id].append(Desk(notice=notice, is_overdue=False))
    return found


def find_desk(pk: int, person: Person) -> DeskNotice:
    """The desk that is to be told, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = DeskNotice.objects.filter(bulletin__in=bulletins_for(person))
    row = rows.select_related("bulletin__threat__center", "agency").filter(pk=pk).first()
    if row is None:
        raise NotFound("There is no such desk that you may see.", way_out="Open the list again.")
    return row
