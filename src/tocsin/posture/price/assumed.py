"""What a simulation is told to assume: each of it is named in the price."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.errors import InputError

HOURS = 168
"""Hours of a week, from Monday 00:00 by the center's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How long a car is at a call, where the history does not say.

    Attributes:
        mean_minutes: the mean.
        spread: standard deviation over the mean. 0 means always the mean; else times are lognormal.
    """

    mean_minutes: float
    spread: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is simulated, and what is assumed on the way.

    Attributes:
        begins_hour: hour of the week at which it begins; 0 is Monday 00:00.
        hours: how long: up to four weeks.
        replications: independent weeks that each form is tried on; at least 4.
        warm_hours: simulated before it begins and not counted, so that cars are at work.
        speed_kmh: of a car on its way, on roads; needed where places are known.
        detour: road over straight line.
        hop_minutes: from one beat to the next, where places are not known.
        inside_minutes: within a beat, where places are not known.
        service: by priority, where the history does not say.
        pair_pace: a pair's time at a call over that of one officer; 1: the same.
        second_stays: share of the call's time that the second car stays; 1: to the end.
        near_of: a free car takes the nearest of so many calls that wait longest, all of one
            priority; 1: the one that waits longest, wherever it is.
    """

    speed_kmh: float | None = None
    begins_hour: int = 0
    hours: int = HOURS
    replications: int = 12
    warm_hours: int = 6
    detour: float = 1.3
    hop_minutes: float | None = None
    inside_minutes: float | None = None
    service: Mapping[int, Service] = field(default_factory=dict)
    pair_pace: float = 1.0
    second_stays: float = 1.0
    near_of: int = 5


def check_settings(settings: Settings) -> None:
    """Raise unless every setting can be.

    Raises:
        InputError: names the one that cannot.
    """
    bounds: dict[str, tuple[float | None, float, float]] = {
        "begins_hour": (settings.begins_hour, 0, HOURS - 1),
        "hours": (settings.hours, 1, 4 * HOURS),
        "replications": (settings.replications, 4, 200),
        "warm_hours": (settings.warm_hours, 0, 48),
        "speed_kmh": (settings.speed_kmh, 1, 200),
        "detour": (settings.detour, 1, 3),
        "hop_minutes": (settings.hop_minutes, 0, 240),
        "inside_minutes": (settings.inside_minutes, 0, 240),
        "pair_pace": (settings.pair_pace, 0.2, 3),
        "second_stays": (settings.second_stays, 0, 1),
        "near_of": (settings.near_of, 1, 20),
    }
    for priority, service in settings.service.items():
        bounds[f"mean minutes of priority {priority}"] = (service.mean_minutes, 0.1, 24 * 60)
        bounds[f"spread of priority {priority}"] = (service.spread, 0, 5)
    for name, (value, least, most) in bounds.items():
        if value is not None and not (math.isfinite(value) and least <= value <= most):
            raise InputError(
                f"The setting {name} is {value}.",
                way_out=f"Give a number from {least:g} to {most:g}.",
            )
