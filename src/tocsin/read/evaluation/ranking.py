"""How well scores put threats above other texts: average precision and the area under the curve."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
Counts = NDArray[np.int64]

RESAMPLES = 1_000
SEED = 1  # any number will do, so long as it stays: the same file gives the same interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure and where 95 of 100 resamples put it."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Two figures of one order.

    Attributes:
        average_precision: mean of the precision at each threat, ties counted against the scorer.
        area: the chance that a threat scores above another text, ties half.
    """

    average_precision: Estimate
    area: Estimate


def ranking(threats: Scores, others: Scores, *, resamples: int = RESAMPLES) -> Ranking | None:
    """Both figures with intervals; None where threats or other texts are missing.

    The intervals are percentiles of a bootstrap that draws the threats and the others each among
    themselves, so that their numbers stay as they are. Where no resample ever errs, as with a
    perfect order, an interval has no width: it says nothing of texts that are not in the file.
    """
    if not len(threats) or not len(others):
        return None
    values, place = np.unique(np.concatenate([threats, others]), return_inverse=True)
    of_threats, of_others = place[: len(threats)], place[len(threats) :]
    draw = np.random.default_rng(SEED)
    drawn = np.array(
        [
            _figures(_drawn(draw, of_threats, len(values)), _drawn(draw, of_others, len(values)))
            for _ in range(resamples)
        ]
    )
    true = _figures(_counts(of_threats, len(values)), _counts(of_others, len(values)))
    low, high = np.percentile(drawn, [2.5, 97.5], axis=0)
    precision, area = (
        Estimate(value=true[n], low=float(low[n]), high=float(high[n])) for n in range(2)
    )
    return Ranking(average_precision=precision, area=area)


def _counts(places: Counts, size: int) -> Counts:
    """How many of them lie at each value."""
    return np.bincount(places, minlength=size)


def _drawn(draw: np.random.Generator, places: Counts, size: int) -> Counts:
    return _counts(places[draw.integers(len(places), size=len(places))], size)


def _figures(threats: Counts, others: Counts) -> tuple[float, float]:
    """Average precision and area of counts at the same values, lowest value first."""
    threats_up, others_up = _from_here_up(threats), _from_here_up(others)
    # Where nothing lies at a value or above, there is no threat to weigh either.
    precision = threats_up / np.maximum(1, threats_up + others_up)
    below = others_up[0] - others_up
    total = int(threats_up[0])
    area = np.dot(threats, below + others / 2) / (total * int(others_up[0]))
    return float(np.dot(threats, precision) / total), float(area)


def _from_here_up(counts: Counts) -> Counts:
    return np.cumsum(counts[::-1])[::-1]
