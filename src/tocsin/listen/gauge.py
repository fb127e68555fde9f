"""Measures the samples as they arrived, block by block, before mixing and resampling blur them."""

import math

import numpy as np
import numpy.typing as npt

from tocsin.listen.engine import Trace
from tocsin.listen.hearing import Speech

Block = npt.NDArray[np.float32]
"""Samples of every channel, shape (channels, n), -1 to 1."""

FLAT_FOR = 0.2
"""Seconds from which an unchanging signal is reported; codecs pad with up to a tenth of it."""

_NEAR_FULL = 0.99
_SILENT = 1e-8
"""Mean square of a channel, against full scale, below which it holds no sound (-80 dB)."""


class Gauge:
    """Takes blocks in order and tells their `Trace` at the end, whatever the length."""

    def __init__(self, *, full_scale: float = 1.0) -> None:
        """Start empty.

        Args:
            full_scale: the largest value the codec can write; G.711 does not reach 1.
        """
        self._ceiling = _NEAR_FULL * full_scale
        self._shape: tuple[int, int] | None = None
        self._begun = 0.0
        self._count = 0
        self._samples = 0
        self._clipped = 0
        self._loud = np.zeros((1, 4), dtype=bool)
        self._last: Block | None = None
        self._flat_from: float | None = None
        self._flat: list[Speech] = []
        self._moments = np.zeros((3, 3))

    def take(self, block: Block, rate: int) -> None:
        """Measure the next block, recorded at `rate` hertz."""
        if block.shape[1] == 0:
            return
        if self._shape != (block.shape[0], rate):
            self._begin(block.shape[0], rate)
        self._count_clipped(block)
        self._find_flat(block, rate)
        if block.shape[0] == 2:
            rows = np.vstack((np.ones(block.shape[1]), block)).astype(np.float64)
            self._moments += rows @ rows.T
        self._samples += block.size
        self._count += block.shape[1]
        self._last = block[:, -1:].copy()

    def trace(self) -> Trace:
        """What all blocks showed; no block may follow."""
        self._end_run()
        return Trace(
            clipping=self._clipped / self._samples if self._samples else 0.0,
            flat=tuple(self._flat),
            likeness=self._likeness(),
        )

    def _begin(self, channels: int, rate: int) -> None:
        """A run does not go on over a change of channels or rate."""
        self._end_run()
        self._begun, self._count = self._now(), 0
        if self._shape is not None and self._shape[0] != channels:
            self._moments[:] = 0
        self._shape = (channels, rate)
        self._loud = np.zeros((channels, 4), dtype=bool)
        self._last = None

    def _end_run(self) -> None:
        """Close what is open: two quiet samples let the last loud ones be counted."""
        self._count_loud(np.zeros((len(self._loud), 2), dtype=bool))
        if self._flat_from is not None and self._now() - self._flat_from >= FLAT_FOR:
            self._flat.append(Speech(start=self._flat_from, end=self._now()))
        self._flat_from = None

    def _now(self) -> float:
        """Seconds from the start, reckoned in samples: a sum of seconds would drift."""
        return self._begun + (self._count / self._shape[1] if self._shape else 0.0)

    def _count_clipped(self, block: Block) -> None:
        self._count_loud(np.abs(block) >= self._ceiling)

    def _count_loud(self, loud: npt.NDArray[np.bool_]) -> None:
        """Count the samples in runs of three or more.

        A sample is counted once both its two neighbours to the left and to the right are known;
        the last four are therefore carried into the next block.
        """
        row = np.hstack((self._loud, loud))
        three = row[:, :-2] & row[:, 1:-1] & row[:, 2:]
        self._clipped += int((three[:, :-2] | three[:, 1:-1] | three[:, 2:]).sum())
        self._loud = row[:, -4:]

    def _find_flat(self, block: Block, rate: int) -> None:
        """Note stretches in which no channel changes from one sample to the next."""
        before = block[:, :1] + 1 if self._last is None else self._last
        same = (np.diff(block, axis=1, prepend=before) == 0).all(axis=0)
        turns = np.flatnonzero(np.diff(same, prepend=self._flat_from is not None))
        points = self._begun + (self._count + turns) / rate
        if self._flat_from is not None:
            points = np.concatenate(([self._flat_from], points))
        starts, ends = points[0::2], points[1::2]
        self._flat_from = float(points[-1]) if len(points) % 2 else None
        for start, end in zip(starts, ends, strict=False):
            if end - start >= FLAT_FOR:
                self._flat.append(Speech(start=float(start), end=float(end)))

    def _likeness(self) -> float | None:
        """Pearson's correlation of two channels, from the sums of their products."""
        count = self._moments[0, 0]
        if count == 0:
            return None
        mean = self._moments[0] / count
        spread = self._moments / count - np.outer(mean, mean)
        if min(spread[1, 1], spread[2, 2]) < _SILENT:
            return None
        return float(spread[1, 2] / math.sqrt(spread[1, 1] * spread[2, 2]))
