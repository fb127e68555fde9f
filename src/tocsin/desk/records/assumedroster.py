"""A roster from the people and shifts on record, for a center that gave none. It says so."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import shapely
from django.db.models import Count, Q

from tocsin.assess import Role
from tocsin.desk.people.models import Agency, Area, Shift
from tocsin.desk.records.models import Order
from tocsin.errors import Error, InputError
from tocsin.posture import ground_of
from tocsin.posture.price import Beat, roster_of
from tocsin.posture.price import Roster as Cars
from tocsin.warn.recipients import Hours, covers

HOURS = 168
MOST = 60
"""Cars of one beat; of more officers the beat is counted as several."""

_PATROLS = (Agency.Kind.POLICE, Agency.Kind.SHERIFF)
"""Whose officers answer calls where an order names ground alone."""

_TOUCHING = 60
"""Beats up to which each is taken to touch each other."""

_MIDDLE = timedelta(minutes=30)

Counts = list[int]
"""Officers in each hour of the week, from Monday 00:00 by the center's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """A roster, and the sentence that says how it was assumed."""

    cars: Cars
    says: str


def assume_roster(order: Order, *, beats: Collection[str], now: datetime) -> Assumed:
    """Every officer of the order's agencies drives alone while he has a shift.

    The officers of an agency are spread evenly over the areas for which it answers; an agency
    without an area has one beat of its own.

    Args:
        order: whose agencies.
        beats: names that the history has for beats; an area is called by the one that it has.
        now: in which week's clock.

    Raises:
        InputError: nobody of them has a shift, or an area cannot be read.
    """
    center = order.threat.center
    agencies = _agencies(order)
    officers = _officers(agencies, zone=center.zone, now=now)
    drafts: dict[str, Counts] = {}
    centres: dict[str, tuple[float, float] | None] = {}
    home = _middle(Area.objects.filter(agencies__in=agencies))
    for agency in agencies:
        areas = {_name(area, beats): _middle([area]) for area in agency.areas.all()}
        places = areas or {agency.key: home}
        centres |= places
        _spread(drafts, sorted(places), officers.get(agency.pk, [0] * HOURS))
    names = ", ".join(agency.name for agency in agencies)
    if not any(any(counts) for counts in drafts.values()):
        raise InputError(
            f"No officer of {names or 'any agency'} has a shift on record: there is no roster.",
            way_out="Give a roster on the page Calls and cars.",
        )
    return Assumed(cars=roster_of(_beats(drafts, centres)), says=_sentence(names, len(drafts)))


def _agencies(order: Order) -> list[Agency]:
    """Those of the order, and those that joined it; else all who answer for its ground."""
    joined = order.joinings.filter(left_at=None).values("agency")
    own = Q(pk__in=order.agencies.values("pk")) | Q(pk__in=joined)
    ground = Q(areas__in=order.areas.all(), kind__in=_PATROLS)
    served = Q(center=order.threat.center, kind__in=_PATROLS)
    rows = Agency.objects.prefetch_related("areas")
    for wanted in (own | ground, served):
        found = list(rows.filter(wanted).distinct())
        if found:
            return found
    return []


def _officers(agencies: Iterable[Agency], *, zone: str, now: datetime) -> Mapping[int, Counts]:
    """For each agency, by its row's key, how many officers have a shift in each hour."""
    local = now.astimezone(ZoneInfo(zone))
    day = local.date() - timedelta(days=local.weekday())
    monday = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    moments = [
        # By the clock on the wall, also in the week in which it changes.
        (monday + timedelta(hours=hour) + _MIDDLE)
        for hour in range(HOURS)
    ]
    rows = (
        Shift.objects.filter(
            person__agency__in=list(agencies),
            person__is_active=True,
            person__roles__contains=[Role.OFFICER.value],
        )
        .values_list("person__agency", "weekdays", "starts", "ends", "person__agency__zone")
        .annotate(many=Count("person", distinct=True))
        .order_by()
    )
    found: dict[int, Counts] = {}
    for pk, weekdays, starts, ends, own_zone, many in rows:
        hours = Hours(weekdays=frozenset(weekdays), starts=starts, ends=ends, zone=own_zone)
        counts = found.setdefault(pk, [0] * HOURS)
        for hour, moment in enumerate(moments):
            counts[hour] += many if covers(hours, moment) else 0
    return found


def _spread(drafts: dict[str, Counts], keys: list[str], officers: Counts) -> None:
    """The officers evenly over these beats; who is left over goes to the first ones."""
    for index, key in enumerate(keys):
        counts = drafts.setdefault(key, [0] * HOURS)
        for hour, many in enumerate(officers):
            counts[hour] += many // len(keys) + (index < many % len(keys))


def _beats(
    drafts: Mapping[str, Counts], centres: Mapping[str, tuple[float, float] | None]
) -> list[Beat]:
    """The beats that anybody works; a beat of very many counts as several in the same place."""
    parts: dict[str, tuple[Counts, tuple[float, float] | None]] = {}
    for key, counts in drafts.items():
        pieces = -(-max(counts) // MOST)
        for piece in range(pieces):
            name = key if piece == 0 else f"{key} {piece + 1}"
            share = [many // pieces + (piece < many % pieces) for many in counts]
            parts[name] = share, centres[key]
    touching = parts if len(parts) <= _TOUCHING else {}
    return [
        Beat(
            key=name,
            cars=tuple(share),
            officers=tuple(share),
            centre=centre,
            neighbours=tuple(other for other in touching if other != name),
        )
        for name, (share, centre) in parts.items()
    ]


def _name(area: Area, beats: Collection[str]) -> str:
    return next((one for one in (area.key, area.name, *area.names) if one in beats), area.key)


def _middle(areas: Iterable[Area]) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of the ground; None where there is none to be read."""
    outlines = []
    for area in areas:
        try:
            outlines.append(ground_of(area.name, area.outline).outline)
        except Error:
            return None
    if not outlines:
        return None
    point = shapely.union_all(outlines).centroid
    return point.x, point.y


def _sentence(names: str, beats: int) -> str:
    return (
        f"The center gave no roster. It is assumed from the people and shifts on record: every "
        f"officer of {names} drives alone while he has a shift, spread evenly over {beats} "
        f"{'area' if beats == 1 else 'areas'}; vacations, sick leave and overtime are not known."
    )
