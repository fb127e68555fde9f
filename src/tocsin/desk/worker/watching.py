"""The watch: units are judged against the orders, by one worker at a time, a few times a second."""

import logging
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from tocsin.desk.people.models import Agency
from tocsin.desk.records.commands.watch import Sight, judge_units
from tocsin.desk.records.models import Watch
from tocsin.desk.worker.rows import in_rows

log = logging.getLogger("tocsin.watch")

EVERY = 0.25
"""Seconds between two looks at whether units have changed."""

AT_LEAST = timedelta(seconds=2)
"""Units are judged so often also where none has reported: silence ages everybody."""

_LOCK = 0x776174636873
"""Key of the advisory lock that one watching worker holds; 'watchs' in hexadecimal."""


class Watcher:
    """What this worker remembers of the centers it watches."""

    def __init__(self) -> None:
        self._sights: dict[int, Sight] = {}

    async def tick(self) -> None:
        """Every center whose units changed, or were not looked at for long, has been judged."""
        await in_rows(self._tick, now=timezone.now())

    def _tick(self, *, now: datetime) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
            row = cursor.fetchone()
        if not row or not row[0]:
            return
        try:
            for center in _waiting(now=now):
                self._judge(center, now=now)
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def _judge(self, center: Agency, *, now: datetime) -> None:
        """One center that fails must not blind the others; it is tried again at the next tick."""
        try:
            self._sights[center.pk] = judge_units(center, self._sights.get(center.pk), now=now)
        except Exception:
            log.exception("the units of %s could not be judged", center)


def _waiting(*, now: datetime) -> list[Agency]:
    """The centers that have units not judged yet, or not for long."""
    rows = Watch.objects.select_related("center")
    return [row.center for row in rows if _is_waiting(row, now)]


def _is_waiting(row: Watch, now: datetime) -> bool:
    if row.judged_at is None or row.version != row.judged_version:
        return True
    return now - row.judged_at >= AT_LEAST
