"""The watch: units are judged against the orders a few times a second, a center by one worker."""

import asyncio
import logging
from datetime import datetime

from django.utils import timezone

from tocsin.desk.people.models import Agency
from tocsin.desk.records.commands.watch import Sight, centers_to_judge, judge_alone
from tocsin.desk.worker.rows import in_rows

log = logging.getLogger("tocsin.watch")

EVERY = 0.25
"""Seconds between two looks at whether units have changed."""


class Watcher:
    """What this worker remembers of the centers it watches."""

    def __init__(self) -> None:
        self._sights: dict[int, Sight] = {}

    async def tick(self) -> None:
        """Every center that waits for it has been judged; one that fails blinds no other."""
        now = timezone.now()
        centers = await in_rows(centers_to_judge, now=now)
        done = await asyncio.gather(
            *(self._judge(center, now=now) for center in centers), return_exceptions=True
        )
        for center, outcome in zip(centers, done, strict=True):
            if isinstance(outcome, BaseException):
                log.error("the units of %s could not be judged", center, exc_info=outcome)

    async def _judge(self, center: Agency, *, now: datetime) -> None:
        sight = await in_rows(judge_alone, center, self._sights.get(center.pk), now=now)
        if sight is not None:
            self._sights[center.pk] = sight
