"""A share of a count, and how sure one can be of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

_Z = NormalDist().inv_cdf(0.975)  # 95 %, two-sided


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` out of `of`."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float]:
        """Where the true share lies with 95 % confidence: all of it, where nothing was counted.

        Source: Wilson's score interval, without correction for continuity (1927).
        """
        if not self.of:
            return 0.0, 1.0
        rate, square = self.hits / self.of, _Z * _Z
        middle = (rate + square / (2 * self.of)) / (1 + square / self.of)
        spread = sqrt(rate * (1 - rate) / self.of + square / (4 * self.of * self.of))
        half = _Z * spread / (1 + square / self.of)
        # Rounding must not put the share itself outside, where all or none were hit.
        return max(0.0, min(rate, middle - half)), min(1.0, max(rate, middle + half))


def share_of(answers: Iterable[bool]) -> Share:
    """The share of answers that are yes."""
    given = list(answers)
    return Share(hits=sum(given), of=len(given))


def reaching(scores: NDArray[np.float64], least: float) -> Share:
    """The share of scores that are `least` or more."""
    return Share(hits=int(np.count_nonzero(scores >= least)), of=len(scores))
