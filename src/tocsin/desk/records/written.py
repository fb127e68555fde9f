"""The units that this process wrote last, so that who writes each second need not read them first.

They are used only where the watch, whose row is locked then, stands at the version that this
process wrote: nobody else wrote since. Kept once the transaction is committed, never before.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import transaction

from tocsin.desk.records.models import Watch
from tocsin.posture import Unit


@dataclass(frozen=True, slots=True)
class Last:
    """What was written up to one version of one watch, without a gap."""

    version: int = -1
    changed_at: datetime | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)


class Written:
    """What this process wrote of each center's units."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[int, Last] = {}

    def among(self, watch: Watch, keys: Collection[str]) -> dict[str, Unit]:
        """Those of the units that are known here as their rows are; the watch is locked."""
        units = self.current(watch).units
        return {key: units[key] for key in keys if key in units}

    def keep(self, watch: Watch, units: Mapping[str, Unit], *, before: Last) -> None:
        """The units are known here, beside those of before, once the transaction is committed."""
        last = Last(watch.version, watch.changed_at, {**before.units, **units})
        transaction.on_commit(partial(self._set, watch.pk, last))

    def current(self, watch: Watch) -> Last:
        """What is known here of the watch as it stands; nothing where another wrote since."""
        with self._lock:
            last = self._last.get(watch.pk)
        is_same = last and (last.version, last.changed_at) == (watch.version, watch.changed_at)
        return last if last and is_same else Last()

    def _set(self, watch: int, last: Last) -> None:
        with self._lock:
            self._last[watch] = last
