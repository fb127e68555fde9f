"""A center's units in this process: read once, then only what changed.

Whoever writes units does so under the lock of the center's watch and with its next version. So who
knows all up to one version needs only the rows of later ones, and misses none. What this process
wrote itself is not read at all: it is handed over once it is committed.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from tocsin.desk.people.models import Agency
from tocsin.desk.records.models import UnitState, Watch
from tocsin.desk.records.unitrows import unit_from_json
from tocsin.posture import Unit

FORGOTTEN_AFTER = timedelta(days=1)
"""A unit that was not heard of for so long is left out; who breaks an order until then stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The units as they were known at one version.

    Attributes:
        version: the watch's; 0 where the center never had a unit.
        units: by key.
    """

    version: int
    units: Mapping[str, Unit]


def known_units(center: Agency, *, now: datetime) -> Known:
    """The center's units as they are known now, without those that are long forgotten."""
    watch = Watch.objects.filter(center=center).first()
    if watch is None:
        return Known(version=0, units={})
    version, units = _mirror(watch).read(watch.version)
    fresh = {key: one for key, one in units.items() if now - one.heard_at <= FORGOTTEN_AFTER}
    return Known(version=version, units=fresh)


def units_before(watch: Watch, keys: Collection[str]) -> dict[str, Unit]:
    """Those of the units that are known, forgotten or not, for who has the watch locked."""
    _, units = _mirror(watch).read(watch.version)
    return {key: units[key] for key in keys if key in units}


def hand_over(watch: Watch, units: Mapping[str, Unit]) -> None:
    """What was just written with the watch's version is known here once it is committed."""
    transaction.on_commit(partial(_mirror(watch).take, watch.version, units))


class _Mirror:
    """The units of one watch."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch.pk
        self._center = watch.center_id
        self._lock = threading.Lock()
        self._version = 0
        self._units: dict[str, Unit] = {}

    def read(self, version: int) -> tuple[int, dict[str, Unit]]:
        """Brings in what changed up to this version; what was given out is never touched again."""
        with self._lock:
            if version > self._version:
                rows = UnitState.objects.filter(center=self._center, version__gt=self._version)
                changed = list(rows.values_list("key", "version", "body"))
                news = {key: unit_from_json(body) for key, _, body in changed}
                self._units = {**self._units, **news}
                self._version = max([version, *(found for _, found, _ in changed)])
            return self._version, self._units

    def take(self, version: int, units: Mapping[str, Unit]) -> None:
        """What this process wrote, where nothing lies between it and what is known here."""
        with self._lock:
            if version == self._version + 1:
                self._units = {**self._units, **units}
                self._version = version


_mirrors: dict[int, _Mirror] = {}
_guard = threading.Lock()


def _mirror(watch: Watch) -> _Mirror:
    """The center's mirror; a new one where its watch is another, as after a restored backup."""
    with _guard:
        found = _mirrors.get(watch.center_id)
        if found is None or found.watch != watch.pk:
            found = _mirrors[watch.center_id] = _Mirror(watch)
        return found
