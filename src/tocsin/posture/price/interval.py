"""Intervals from a few replications, with both doubts in them: chance, and a short history.

Each replication is a stretch of its own chance. Over `n` of them a figure has mean m and standard
deviation s. However many replications are run, the history has each day of the week only k times,
for k weeks: it tells the true mean no better than from W = min(k, days of history / days of the
stretch) stretches. So

    95 % interval of the mean:        m +- t s' sqrt(1/n + 1/W)
    95 % range of one such stretch:   m +- t s' sqrt(1 + 1/n + 1/W)

with s' = s sqrt(k / (k - 1)): days drawn with replacement from k of a kind vary less than days do,
by (k - 1) / k (B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, 5.3). t is
Student's 97.5 % quantile; its degrees of freedom are the fewer of n - 1 and (k - 1) times the
different days of the week in the stretch, at least 1. Below two whole weeks, where days of the week
cannot be told apart, the same rule makes the intervals very wide.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from tocsin.posture.price.assumed import HOURS


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """How much a history and the replications can tell.

    Attributes:
        days: whole days of the history.
        hours: of the stretch that is foretold.
    """

    days: int
    hours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean with its 95 % interval, and the 95 % range of one stretch."""

    mean: float
    low: float
    high: float
    once_low: float
    once_high: float


def interval_of(
    found: Sequence[float],
    doubt: Doubt,
    *,
    least: float = -math.inf,
    most: float = math.inf,
) -> Interval:
    """The interval of what was found, one figure for each replication.

    Args:
        found: at least two figures.
        doubt: of the history they were drawn from.
        least: what the figure cannot fall below; the ends are cut there.
        most: what it cannot exceed.
    """
    many = len(found)
    mean = float(np.mean(found))
    weeks = doubt.days / 7
    stretches = min(weeks, doubt.days * 24 / doubt.hours)
    freedom = int((weeks - 1) * min(7, math.ceil(doubt.hours / 24)))
    spread = float(np.std(found, ddof=1)) * math.sqrt(weeks / (weeks - 1))
    t = student(max(1, min(many - 1, freedom)))
    half = t * spread * math.sqrt(1 / many + 1 / stretches)
    once = t * spread * math.sqrt(1 + 1 / many + 1 / stretches)
    return Interval(
        mean=mean,
        low=max(least, mean - half),
        high=min(most, mean + half),
        once_low=max(least, mean - once),
        once_high=min(most, mean + once),
    )


def doubt_of_chance(many: int) -> Doubt:
    """The doubt where the true process is known and only the replications are few."""
    return Doubt(days=7 * 10**9 + many, hours=HOURS)


@cache
def student(freedom: int, share: float = 0.975) -> float:
    """Student's quantile with so many degrees of freedom, at least one; found by bisection."""
    low, high = 0.0, 1000.0
    for _ in range(80):
        middle = (low + high) / 2
        if 0.5 + _between(middle, freedom) / 2 < share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _between(t: float, freedom: int) -> float:
    """P(-t < T < t): Abramowitz and Stegun (1964), 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    is_odd = freedom % 2 == 1
    term = math.cos(angle) if is_odd else 1.0
    total = 0.0
    for count in range(2 if is_odd else 1, freedom, 2):
        total += term
        term *= square * count / (count + 1)
    if is_odd:
        return 2 / math.pi * (angle + math.sin(angle) * (total if freedom > 1 else 0.0))
    return math.sin(angle) * total
