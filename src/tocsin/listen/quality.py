"""Plain facts of a decoded recording, measured piece by piece: an hour is never copied."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from tocsin.listen.engine import RATE, Samples, Sound
from tocsin.listen.hearing import Quality, Speech

FRAME = 320
"""Samples of one energy: 20 ms."""

MARGIN = 5
"""Frames next to speech that are no pause: a word fades out later than the detector says."""

LEAST_PAUSE = 15
"""Frames of pause, 0.3 s, without which there is no telling the noise."""

SILENT = 1e-10
"""Mean square of a frame below which it is digital silence, not a pause with its noise."""

WINDOW = 512
LOWEST_BIN = 2
"""Spectra of 32 ms; the lowest two bins, up to 47 Hz, hold offset and hum."""

PIECE = 60 * RATE
"""Samples worked on at once."""

POINTS = 800
"""Points of the drawing."""


def measured(sound: Sound, speech: Sequence[Speech]) -> Quality:
    """The facts of the sound.

    Args:
        sound: the decoded recording.
        speech: where somebody speaks in it.
    """
    energies = energies_of(sound.samples)
    spoken = marked(speech, len(energies), 0)
    voice = float(energies[spoken].mean()) if spoken.any() else 0.0
    return Quality(
        duration=len(sound.samples) / RATE,
        header_duration=sound.track.header_duration,
        codec=sound.track.codec,
        sample_rate=sound.track.sample_rate,
        channels=sound.track.channels,
        bad_packets=sound.bad_packets,
        speech=sum((stretch.end - stretch.start for stretch in speech), 0.0),
        snr=decibels(voice, noise_of(energies, marked(speech, len(energies), MARGIN))),
        clipping=sound.trace.clipping,
        bandwidth=bandwidth_of(sound.samples, speech),
        level=decibels(voice, 1.0),
    )


def decibels(power: float, against: float | None) -> float | None:
    """Ten times the logarithm of a ratio of powers, None where one of them is missing."""
    if power <= SILENT or against is None:
        return None
    return float(10 * np.log10(power / against))


def pieces(samples: Samples, start: int, end: int) -> Iterator[Samples]:
    """Views of at most a minute of the samples from `start` to `end`."""
    for at in range(start, end, PIECE):
        yield samples[at : min(at + PIECE, end)]


def energies_of(samples: Samples) -> npt.NDArray[np.float64]:
    """Mean square of each whole frame of 20 ms, shape (n // 320,)."""
    whole = len(samples) // FRAME * FRAME
    found = [
        np.square(piece.reshape(-1, FRAME), dtype=np.float64).mean(axis=1)
        for piece in pieces(samples, 0, whole)
    ]
    return np.concatenate(found) if found else np.zeros(0)


def marked(speech: Sequence[Speech], frames: int, margin: int) -> npt.NDArray[np.bool_]:
    """Which frames belong to speech, with a margin of some frames on both sides."""
    marks = np.zeros(frames, dtype=bool)
    for stretch in speech:
        first = int(stretch.start * RATE / FRAME) - margin
        marks[max(0, first) : int(np.ceil(stretch.end * RATE / FRAME)) + margin] = True
    return marks


def noise_of(energies: npt.NDArray[np.float64], spoken: npt.NDArray[np.bool_]) -> float | None:
    """Mean square of the pauses; None where there are too few, or only digital silence."""
    pauses = energies[~spoken & (energies > SILENT)]
    return float(pauses.mean()) if len(pauses) >= LEAST_PAUSE else None


def bandwidth_of(samples: Samples, speech: Sequence[Speech]) -> int | None:
    """Hertz below which 99 % of the energy of the speech lies."""
    power = np.zeros(WINDOW // 2 + 1)
    shape = np.hanning(WINDOW).astype(np.float32)
    for stretch in speech:
        for piece in pieces(samples, int(stretch.start * RATE), int(stretch.end * RATE)):
            frames = piece[: len(piece) // WINDOW * WINDOW].reshape(-1, WINDOW)
            power += np.square(np.abs(np.fft.rfft(frames * shape, axis=1))).sum(axis=0)
    power[:LOWEST_BIN] = 0
    if not power.any():
        return None
    edge = int(np.searchsorted(np.cumsum(power), 0.99 * power.sum()))
    return round(edge * RATE / WINDOW)


def peaks_of(samples: Samples) -> tuple[int, ...]:
    """The loudest sample of each of 800 equal parts, the loudest of all being 100.

    A recording of fewer samples has as many parts as samples.
    """
    count = min(POINTS, len(samples))
    edges = np.linspace(0, len(samples), count + 1).astype(int)
    parts = [samples[a:b] for a, b in pairwise(edges)]
    peaks = np.array([max(float(part.max()), -float(part.min())) for part in parts])
    loudest = peaks.max() if count else 0.0
    if loudest == 0:
        return (0,) * count
    return tuple(int(peak) for peak in np.rint(100 * peaks / loudest))
