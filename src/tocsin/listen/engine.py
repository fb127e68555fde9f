"""What a listening engine must do. Each kind is found by its registered name in `engines/`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tocsin.listen.hearing import Speech

Samples = npt.NDArray[np.float32]
"""Mono samples at 16 kHz, shape (n,), -1 to 1."""

RATE = 16_000
"""Hertz of all `Samples`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A decoded recording.

    Attributes:
        samples: float32, shape (n,), 16 kHz, mono.
        header_duration: seconds the container claims, None where it claims nothing.
        codec: name of the codec.
        sample_rate: hertz as it arrived.
        channels: number of channels as it arrived.
        bad_packets: packets passed over.
    """

    samples: Samples
    header_duration: float | None
    codec: str
    sample_rate: int
    channels: int
    bad_packets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One word of a recogniser, before it has a time: its text and confidence, 0 to 1."""

    text: str
    confidence: float


class Decoder(Protocol):
    """Turns a recorder's file into samples."""

    def decode(self, path: Path, *, longest: float, seconds: float, memory: int) -> Sound:
        """The recording as mono samples.

        Args:
            path: the file; its name says nothing about its content.
            longest: seconds; more is refused before it is decoded whole.
            seconds: wall-clock limit.
            memory: bytes the decoder may take.

        Raises:
            NotARecording: there is no sound track in it.
            TooLong: it is longer than `longest`.
            OverBudget: it took more than `seconds` or `memory`.
        """


class VoiceDetector(Protocol):
    """Tells where somebody speaks."""

    def find(self, samples: Samples) -> tuple[Speech, ...]:
        """Stretches of speech, in order, without overlap, in seconds."""


class Recogniser(Protocol):
    """Writes down what is said in one stretch of speech."""

    name: str
    version: str
    language: str

    def digest(self) -> str:
        """SHA-256 of the model's files, hexadecimal."""

    def recognise(self, samples: Samples) -> tuple[Heard, ...]:
        """The words of one stretch of at most 25 seconds, in order; none where none are heard.

        Raises:
            ListenFailed: the engine could not do its work.
        """


class Aligner(Protocol):
    """Finds when known words are spoken."""

    def align(
        self, samples: Samples, words: tuple[str, ...]
    ) -> tuple[tuple[float, float] | None, ...]:
        """For each word its start and end in seconds from the first sample, or None.

        None stands for a word that the aligner does not know or did not find.
        """
