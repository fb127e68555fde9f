"""A center's units in this process: read once, then only what changed.

Whoever writes units does so under the lock of the center's watch and with its next version. So who
knows all up to one version needs only the rows of later ones, and misses none.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    version, units = _mirror(center).read()
    fresh = {key: one for key, one in units.items() if now - one.heard_at <= FORGOTTEN_AFTER}
    return Known(version=version, units=fresh)


class _Mirror:
    """The units of one watch."""

    def __init__(self, watch: int | None, center: int) -> None:
        self.watch = watch
        self._center = center
        self._lock = threading.Lock()
        self._version = 0
        self._units: dict[str, Unit] = {}

    def read(self) -> tuple[int, dict[str, Unit]]:
        """Brings in what changed; the units are not touched again, only replaced."""
        with self._lock:
            rows = UnitState.objects.filter(center=self._center, version__gt=self._version)
            changed = list(rows.values_list("key", "version", "body"))
            if changed:
                news = {key: unit_from_json(body) for key, _, body in changed}
                self._units = {**self._units, **news}
                self._version = max(version for _, version, _ in changed)
            return self._version, self._units


_mirrors: dict[int, _Mirror] = {}
_guard = threading.Lock()


def _mirror(center: Agency) -> _Mirror:
    """The center's mirror; a new one where its watch is another, as after a restored backup."""
    watch = Watch.objects.filter(center=center).values_list("pk", flat=True).first()
    with _guard:
        found = _mirrors.get(center.pk)
        if found is None or found.watch != watch:
            found = _mirrors[center.pk] = _Mirror(watch, center.pk)
        return found
