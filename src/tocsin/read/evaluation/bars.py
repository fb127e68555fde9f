"""The scores at which texts are taken up: the two in use, and two set by ordinary calls."""

from dataclasses import dataclass

import numpy as np

from tocsin.read.evaluation.ranking import Scores
from tocsin.read.score import FLAG, SUGGEST

RATES = {"1 in 1,000": 0.001, "5 in 1,000": 0.005}
"""False alarms in ordinary windows that a threshold may cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A score that counts as reached by itself and more, and its name."""

    name: str
    score: float


def bars(ordinary: Scores | None) -> tuple[Bar, ...]:
    """The thresholds in use, and those of `RATES` where ordinary windows were scored."""
    in_use = (Bar(name="suggest", score=SUGGEST), Bar(name="flag", score=FLAG))
    if ordinary is None or not len(ordinary):
        return in_use
    set_by = (Bar(name=name, score=threshold(ordinary, rate)) for name, rate in RATES.items())
    return (*in_use, *set_by)


def threshold(ordinary: Scores, rate: float) -> float:
    """The least score that at most `rate` of the ordinary windows reach.

    Args:
        ordinary: scores of windows without a threat, at least one.
        rate: from 0 to under 1.
    """
    ranked = np.sort(ordinary)[::-1]
    return float(np.nextafter(ranked[int(len(ranked) * rate)], np.inf))
