"""The figures of a price: what each is called, its unit, its bounds, and how a run gives it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from tocsin.posture.price.past import Numbers
from tocsin.posture.price.run import Outcome

FEW = 10
"""Calls of a priority in a stretch, on the mean, below which no 90th percentile is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a figure is.

    Attributes:
        words: what it says, for a page.
        unit: "cars", "share", "minutes", "hours" or "calls".
        most: what it cannot exceed; none falls below 0.
        grows: whether it grows with the length of the stretch.
    """

    words: str
    unit: str
    most: float = math.inf
    grows: bool = False


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "cars": Kind(words="cars on the road, mean", unit="cars"),
        "utilisation": Kind(words="share of car time on calls", unit="share", most=1.0),
        "waiting_share": Kind(words="share of calls that wait for a car", unit="share", most=1.0),
        "wait_mean": Kind(words="wait for a car, mean", unit="minutes"),
        "wait_p90": Kind(words="wait for a car, 90th percentile", unit="minutes"),
        "response_mean": Kind(words="time until all cars sent are there, mean", unit="minutes"),
        "response_p90": Kind(
            words="time until all cars sent are there, 90th percentile", unit="minutes"
        ),
        "beats_bare": Kind(
            words="share of beat time without a free car of the beat", unit="share", most=1.0
        ),
        "queue": Kind(words="calls that wait, mean", unit="calls"),
        "left_waiting": Kind(words="calls that wait at the end", unit="calls"),
        "second_car_hours": Kind(words="hours of second cars on calls", unit="hours", grows=True),
        "overtime_hours": Kind(
            words="officer hours needed to keep today's cars", unit="hours", grows=True
        ),
        "calls": Kind(words="calls", unit="calls", grows=True),
    }
)
"""Every figure by its key."""

Named = tuple[str, int | None]
"""A figure's key, and the priority it is about; None for all calls."""


def measure(outcome: Outcome, *, cars: float) -> dict[Named, float]:
    """All figures of one run but overtime; nan where there was no call to measure.

    Args:
        outcome: what the run measured.
        cars: on the road by the roster, the mean over the stretch.
    """
    road = outcome.road_hours + outcome.late_hours
    found: dict[Named, float] = {
        ("cars", None): cars,
        ("utilisation", None): outcome.busy_hours / road if road else math.nan,
        ("beats_bare", None): outcome.uncovered,
        ("queue", None): outcome.queue,
        ("left_waiting", None): float(outcome.left_waiting),
        ("second_car_hours", None): outcome.second_hours,
    }
    found |= _of_calls(outcome, None)
    for priority in np.unique(outcome.priority):
        found |= _of_calls(outcome, int(priority))
    return found


def _of_calls(outcome: Outcome, priority: int | None) -> dict[Named, float]:
    these = slice(None) if priority is None else outcome.priority == priority
    waited, responded = outcome.waited[these], outcome.responded[these]
    return {
        ("calls", priority): float(len(waited)),
        ("waiting_share", priority): float(np.mean(waited > 0)) if len(waited) else math.nan,
        ("wait_mean", priority): _mean(waited),
        ("wait_p90", priority): _ninth(waited),
        ("response_mean", priority): _mean(responded),
        ("response_p90", priority): _ninth(responded),
    }


def _mean(minutes: Numbers) -> float:
    return float(np.mean(minutes)) if len(minutes) else math.nan


def _ninth(minutes: Numbers) -> float:
    return float(np.quantile(minutes, 0.9)) if len(minutes) else math.nan
