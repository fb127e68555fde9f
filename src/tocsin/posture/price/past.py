"""The history made ready to be drawn from: whole days, places in km, stand-ins for what lacks."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.errors import InputError
from tocsin.posture.price.assumed import Service, Settings
from tocsin.posture.price.history import History, PastCall, clock
from tocsin.posture.price.roster import Roster

FEWEST_DAYS = 8
"""Whole days without which nothing is foretold."""

ENOUGH_DAYS = 14
"""Whole days below which a day of the week is drawn from all days, and the price says so."""

FEWEST_CALLS = 200
"""Calls without which nothing is foretold."""

DONORS = 30
"""Known service times of a type, or of a priority, from which an unknown one is drawn."""

EDGE = 20.0
"""Calls expected, but not there, at the edge of the first or last day: it is no whole day."""

FAR_KM = 200.0
"""A call farther from the middle of all calls has no known place."""

MINUTES = 1440
KM_A_DEGREE = 111.195
"""Of latitude, on a sphere of the earth's mean radius."""

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]
Points = NDArray[np.complex128]


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A history as arrays; one entry for each call on a whole day.

    Attributes:
        minute: of its day by the center's clock.
        priority: 1 to 9.
        kind: index into `kinds`.
        beat: index into the roster's beats, or -1.
        place: km east and north of `middle`, nan where not known.
        service: minutes, nan where not known.
        donors: for each kind, the known minutes that stand in for unknown ones; or None.
        days: for each day of the week, the days drawn for it, each as the calls' indices.
        day_count: whole days.
        cautions: what a reader of the price must know of the history.
    """

    minute: Numbers
    priority: Indices
    kind: Indices
    kinds: tuple[str, ...]
    beat: Indices
    place: Points
    service: Numbers
    donors: Mapping[tuple[int, int], Numbers | Service]
    days: tuple[tuple[Indices, ...], ...]
    day_count: int
    middle: tuple[float, float]
    assumptions: tuple[str, ...]
    cautions: tuple[str, ...]


def past_of(history: History, roster: Roster, settings: Settings) -> Past:
    """The history ready to be drawn from.

    Raises:
        InputError: it is too short, or says too little, to foretell anything.
    """
    calls = history.calls
    if len(calls) < FEWEST_CALLS:
        raise _too_little(f"{len(calls)} calls; {FEWEST_CALLS} are the fewest")
    ordinal, minute = _by_clock(history)
    whole, left_out = _whole_days(ordinal, minute)
    if len(whole) < FEWEST_DAYS:
        raise _too_little(f"{len(whole)} whole days; {FEWEST_DAYS} are the fewest")
    kept = np.flatnonzero(np.isin(ordinal, whole))
    place, middle, strays = _places(calls)
    kinds = tuple(sorted({call.kind for call in calls}))
    number = {kind: index for index, kind in enumerate(kinds)}
    beats = {key: index for index, key in enumerate(roster.keys)}
    beat = np.array([beats.get(call.beat, -1) for call in calls], dtype=np.int64)
    priority = np.array([call.priority for call in calls], dtype=np.int64)
    kind = np.array([number[call.kind] for call in calls], dtype=np.int64)
    service = np.array([_minutes(call) for call in calls], dtype=np.float64)
    donors, assumptions = _donors(priority, kind, service, settings)
    cautions = [*_of_days(len(whole), left_out), *strays, *_of_beats(beat, calls)]
    return Past(
        minute=minute[kept],
        priority=priority[kept],
        kind=kind[kept],
        kinds=kinds,
        beat=beat[kept],
        place=place[kept],
        service=service[kept],
        donors=donors,
        days=_days_to_draw(ordinal[kept], whole),
        day_count=len(whole),
        middle=middle,
        assumptions=tuple(assumptions),
        cautions=tuple(cautions),
    )


def to_km(place: tuple[float, float], middle: tuple[float, float]) -> complex:
    """Km east and north of the middle; good to 1 % within 200 km of it."""
    east = (place[0] - middle[0] + 180) % 360 - 180
    narrow = np.cos(np.radians((place[1] + middle[1]) / 2))
    return complex(east * narrow * KM_A_DEGREE, (place[1] - middle[1]) * KM_A_DEGREE)


def _too_little(what: str) -> InputError:
    return InputError(
        f"The history has {what}. Nothing is foretold from it.",
        way_out="Give the calls of at least two whole weeks.",
    )


def _minutes(call: PastCall) -> float:
    return np.nan if call.service_minutes is None else call.service_minutes


def _by_clock(history: History) -> tuple[Indices, Numbers]:
    """The day of each call, as an ordinal, and its minute, by the center's clock."""
    zone = clock(history.zone)
    local = [call.at.astimezone(zone) for call in history.calls]
    minutes = [at.hour * 60 + at.minute + at.second / 60 for at in local]
    return (
        np.array([at.toordinal() for at in local], dtype=np.int64),
        np.array(minutes, dtype=np.float64),
    )


def _whole_days(ordinal: Indices, minute: Numbers) -> tuple[Indices, int]:
    """The days that the history holds whole, and how many it holds in part or not at all."""
    days = np.arange(ordinal[0], ordinal[-1] + 1)
    counts = np.bincount(ordinal - ordinal[0], minlength=len(days))
    usual = float(np.median(counts))
    is_whole = counts >= usual / 2
    if minute[0] / MINUTES * usual > EDGE:
        is_whole[0] = False
    if (MINUTES - minute[-1]) / MINUTES * usual > EDGE:
        is_whole[-1] = False
    is_whole &= counts > 0
    return days[is_whole], int(len(days) - is_whole.sum())


def _days_to_draw(ordinal: Indices, whole: Indices) -> tuple[tuple[Indices, ...], ...]:
    """For Monday to Sunday, the days to draw from; all days where there are too few."""
    blocks = {int(day): np.flatnonzero(ordinal == day) for day in whole}
    if len(whole) < ENOUGH_DAYS:
        return (tuple(blocks.values()),) * 7
    pools = [
        # Monday has the ordinal 1.
        tuple(block for day, block in blocks.items() if (day - 1) % 7 == weekday)
        for weekday in range(7)
    ]
    everything = tuple(blocks.values())
    return tuple(pool or everything for pool in pools)


def _places(calls: tuple[PastCall, ...]) -> tuple[Points, tuple[float, float], list[str]]:
    """Km of each call from the middle of all; nan where it is not known or cannot be."""
    known = np.array([call.place or (np.nan, np.nan) for call in calls], dtype=np.float64)
    places = np.full(len(calls), complex(np.nan, np.nan))
    is_known = ~np.isnan(known[:, 0]) & ~((known[:, 0] == 0) & (known[:, 1] == 0))
    if not is_known.any():
        return places, (0.0, 0.0), []
    longitude, latitude = np.median(known[is_known], axis=0)
    middle = (float(longitude), float(latitude))
    narrow = np.cos(np.radians((known[:, 1] + latitude) / 2))
    east = ((known[:, 0] - longitude + 180) % 360 - 180) * narrow * KM_A_DEGREE
    places = east + 1j * (known[:, 1] - latitude) * KM_A_DEGREE
    is_known &= np.abs(np.nan_to_num(places, nan=np.inf)) <= FAR_KM
    places[~is_known] = complex(np.nan, np.nan)
    lacking = int((~is_known).sum())
    said = f"{lacking:,} of {len(calls):,} calls have no place that can be; each is put where "
    return places, middle, [f"{said}another of its beat was."] if lacking else []


def _donors(
    priority: Indices, kind: Indices, service: Numbers, settings: Settings
) -> tuple[dict[tuple[int, int], Numbers | Service], list[str]]:
    """What stands in for unknown service times, by priority and kind, and what that assumes."""
    is_known = ~np.isnan(service)
    donors: dict[tuple[int, int], Numbers | Service] = {}
    counts = {"type": 0, "priority": 0}
    assumed: dict[int, int] = {}
    pairs = np.stack([priority, kind], axis=1)[~is_known]
    for (one, other), many in zip(*np.unique(pairs, axis=0, return_counts=True), strict=True):
        alike = service[is_known & (kind == other)]
        ranked = service[is_known & (priority == one)]
        if len(alike) >= DONORS:
            donors[int(one), int(other)] = alike
            counts["type"] += int(many)
        elif len(ranked) >= DONORS:
            donors[int(one), int(other)] = ranked
            counts["priority"] += int(many)
        elif int(one) in settings.service:
            donors[int(one), int(other)] = settings.service[int(one)]
            assumed[int(one)] = assumed.get(int(one), 0) + int(many)
        else:
            raise _unknown_service(int(one))
    said = [
        f"{many:,} calls without a service time get that of another call of the same {what}."
        for what, many in counts.items()
        if many
    ]
    for one, many in sorted(assumed.items()):
        guess = settings.service[one]
        said.append(
            f"Service of {many:,} calls of priority {one} is assumed, not known: "
            f"{guess.mean_minutes:g} minutes, spread {guess.spread:g}."
        )
    if assumed:
        said.append(
            "No interval holds the doubt in an assumed time: try a longer and a shorter one."
        )
    return donors, said


def _unknown_service(priority: int) -> InputError:
    return InputError(
        f"The history does not say how long calls of priority {priority} take: fewer than "
        f"{DONORS} of them have a service time.",
        way_out=f"Give service times, or state an assumption for priority {priority}.",
    )


def _of_days(whole: int, left_out: int) -> list[str]:
    said = []
    if whole < ENOUGH_DAYS:
        said.append(
            f"The history has {whole} whole days, fewer than {ENOUGH_DAYS}: every day is drawn "
            "from all of them, whatever its day of the week, and the intervals are wide."
        )
    if left_out:
        said.append(f"{left_out} days that the history does not hold whole are left out.")
    return said


def _of_beats(beat: Indices, calls: tuple[PastCall, ...]) -> list[str]:
    lost = int((beat < 0).sum())
    if not lost or not any(call.beat for call in calls):
        return []
    return [f"{lost:,} of {len(calls):,} calls name no beat of the roster."]
