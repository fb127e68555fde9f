"""A center's units with what joins them, as pages look at them; made once for all who look."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, TypeVar

from tocsin import posture
from tocsin.desk.people.models import Agency
from tocsin.desk.records.mirror import known_units
from tocsin.desk.records.models import Watch
from tocsin.desk.records.nearness import near_from
from tocsin.desk.records.standing import limits_of
from tocsin.posture import Limits, Picture

Found = TypeVar("Found")

LASTS = timedelta(seconds=1)
"""A picture that is older is made anew also where no unit changed: silence ages everybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is seen of a center's units.

    Attributes:
        picture: the units, and who is near whom since when.
        limits: by which they are judged.
        watch: how far they were judged; None where the center never had a unit.
    """

    picture: Picture
    limits: Limits
    watch: Watch | None
    _made: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: object, make: Callable[[], Found]) -> Found:
        """What `make` finds in the picture alone, made once for all pages that look at it."""
        if name not in self._made:
            self._made[name] = make()
        found: Found = self._made[name]
        return found


_last: dict[int, tuple[int, Seen]] = {}
_guard = Lock()


def picture_of(center: Agency, *, now: datetime) -> Seen:
    """The center's units as they are known now, at most a second old."""
    watch = Watch.objects.filter(center=center).first()
    if watch is None:
        return Seen(picture=Picture(at=now, units={}), limits=limits_of(center), watch=None)
    with _guard:
        version, last = _last.get(watch.pk, (-1, None))
        is_fresh = last is not None and timedelta(0) <= now - last.picture.at <= LASTS
        if last is not None and is_fresh and version == watch.version:
            return replace(last, watch=watch)
        seen = _see(center, watch, now)
        _last[watch.pk] = (watch.version, seen)
        return seen


def _see(center: Agency, watch: Watch, now: datetime) -> Seen:
    limits = limits_of(center)
    before = Picture(at=watch.judged_at or now, units={}, near=near_from(watch.near))
    units = known_units(center, now=now).units.values()
    return Seen(picture=posture.see(units, now, limits, before), limits=limits, watch=watch)
