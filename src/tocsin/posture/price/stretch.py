"""One stretch of invented time: calls drawn from the history, a whole day at a time.

The block bootstrap: each calendar day of the stretch is one day of the history with the same day
of the week, drawn with replacement, with all its calls at their own minutes. What hangs together
within a day (rushes, a storm, a match) stays together; what hangs together across days is lost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from tocsin.posture.price.assumed import Service, Settings
from tocsin.posture.price.past import MINUTES, Indices, Numbers, Past, Points

COOL_HOURS = 6
"""Simulated after the end, so that the last calls meet the traffic that they would."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Calls in order of time; every form is tried on the same ones.

    Attributes:
        at: minutes from the beginning that counts; before it, below 0.
        priority: 1 to 9.
        kind: index of the type.
        beat: index of the beat, or -1.
        place: km, nan where places are not known at all.
        service: minutes that a car is at the call.
        begins_hour: hour of the week at minute 0.
        hours: that count.
    """

    at: Numbers
    priority: Indices
    kind: Indices
    beat: Indices
    place: Points
    service: Numbers
    begins_hour: int
    hours: int


def draw_stretch(past: Past, settings: Settings, chance: Generator) -> Stretch:
    """One stretch, drawn by this chance alone."""
    first = settings.begins_hour * 60 - settings.warm_hours * 60
    last = settings.begins_hour * 60 + (settings.hours + COOL_HOURS) * 60
    chosen, starts = [], []
    for day in range(first // MINUTES, -(-last // MINUTES)):
        pool = past.days[day % 7]
        block = pool[int(chance.integers(len(pool)))]
        chosen.append(block)
        starts.append(np.full(len(block), float(day * MINUTES)))
    calls = np.concatenate(chosen)
    at = np.concatenate(starts) + past.minute[calls]
    order = np.argsort(at, kind="stable")
    order = order[(at[order] >= first) & (at[order] < last)]
    calls, at = calls[order], at[order] - settings.begins_hour * 60
    return Stretch(
        at=at,
        priority=past.priority[calls],
        kind=past.kind[calls],
        beat=_beats(past, calls, chance),
        place=_places(past, calls, chance),
        service=_services(past, calls, chance),
        begins_hour=settings.begins_hour,
        hours=settings.hours,
    )


def _services(past: Past, calls: Indices, chance: Generator) -> Numbers:
    """Known minutes as they are; unknown ones drawn from their donors."""
    service = past.service[calls].copy()
    for (priority, kind), donors in past.donors.items():
        alike = (past.priority[calls] == priority) & (past.kind[calls] == kind)
        lacking = np.flatnonzero(alike & np.isnan(service))
        if isinstance(donors, Service):
            service[lacking] = _lognormal(donors, len(lacking), chance)
        else:
            service[lacking] = chance.choice(donors, len(lacking))
    return service


def _lognormal(service: Service, many: int, chance: Generator) -> Numbers:
    """Minutes of this mean and spread: sigma^2 = ln(1 + spread^2), mu = ln(mean) - sigma^2 / 2."""
    variance = np.log1p(service.spread**2)
    middle = np.log(service.mean_minutes) - variance / 2
    return chance.lognormal(middle, np.sqrt(variance), many)


def _beats(past: Past, calls: Indices, chance: Generator) -> Indices:
    """Known beats as they are; where a call names none, that of another call that does."""
    beat = past.beat[calls].copy()
    known = past.beat[past.beat >= 0]
    lacking = np.flatnonzero(beat < 0)
    if len(known) and len(lacking):
        beat[lacking] = chance.choice(known, len(lacking))
    return beat


def _places(past: Past, calls: Indices, chance: Generator) -> Points:
    """Known places as they are; else where another call of the same beat was, or any other."""
    place = past.place[calls].copy()
    lacking = np.flatnonzero(np.isnan(place.real))
    is_known = ~np.isnan(past.place.real)
    if not len(lacking) or not is_known.any():
        return place
    for beat in np.unique(past.beat[calls][lacking]):
        alike = past.place[is_known & (past.beat == beat)] if beat >= 0 else past.place[is_known]
        those = lacking[past.beat[calls][lacking] == beat]
        place[those] = chance.choice(alike if len(alike) else past.place[is_known], len(those))
    return place
