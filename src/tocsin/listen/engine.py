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

OPPOSED = -0.5
"""Correlation of two channels below which their mean would cancel the voice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """The sound track of a file, as its header and its first packets show it.

    Attributes:
        header_duration: seconds the container claims, None where it claims nothing or the decoder
            could only guess from the bit rate.
        codec: name of the codec.
        sample_rate: hertz as it arrived.
        channels: number of channels as it arrived.
    """

    header_duration: float | None
    codec: str
    sample_rate: int
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What only the samples as they arrived can show; mixing and resampling wipe it out.

    Attributes:
        clipping: share of samples, 0 to 1, in runs of three or more at the codec's full scale.
        flat: stretches of 0.2 s or more in which every channel stays exactly the same.
        likeness: correlation of two channels, -1 to 1; None unless there are two, both with sound.
    """

    clipping: float
    flat: tuple[Speech, ...]
    likeness: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A decoded recording.

    Attributes:
        samples: float32, shape (n,), 16 kHz, mono: the mean of the channels, or the first one
            where two are `OPPOSED`.
        track: what it was decoded from.
        bad_packets: packets passed over.
        trace: what the samples showed before they were mixed and resampled.
    """

    samples: Samples
    track: Track
    bad_packets: int
    trace: Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One word of a recogniser, before it has a time: its text and confidence, 0 to 1."""

    text: str
    confidence: float


class Decoder(Protocol):
    """Turns a recorder's file into samples."""

    def probe(self, path: Path, *, name: str, seconds: float, memory: int) -> Track:
        """The file's sound track, found by decoding no more than its first sound.

        Args:
            path: the file; its own name says nothing about its content.
            name: what people call it, for the sentences of errors.
            seconds: wall-clock limit.
            memory: bytes the decoder may take.

        Raises:
            NotFound: there is no such file.
            EmptyRecording: there are no bytes in it.
            NotARecording: there is no sound track in it.
            OverBudget: it took more than `seconds` or `memory`.
            ListenFailed: the decoder broke off.
        """

    def decode(
        self, path: Path, *, name: str, longest: float, seconds: float, memory: int
    ) -> Sound:
        """The recording as mono samples.

        Args:
            path: the file; its own name says nothing about its content.
            name: what people call it, for the sentences of errors.
            longest: seconds; more is refused before it is decoded whole.
            seconds: wall-clock limit.
            memory: bytes the decoder may take.

        Raises:
            NotFound: there is no such file.
            EmptyRecording: there are no bytes in it.
            NotARecording: there is no sound track in it.
            TooLong: it is longer than `longest`.
            OverBudget: it took more than `seconds` or `memory`.
            ListenFailed: the decoder broke off.
        """


class VoiceDetector(Protocol):
    """Tells where somebody speaks."""

    def find(self, samples: Samples) -> tuple[Speech, ...]:
        """Stretches of speech, in order, without overlap, in seconds.

        A stretch ends where the voice ends; whoever cuts it out adds the room around it.
        """


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

        None stands for a word that the aligner did not find, or has no way to say.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Engines:
    """One engine of each kind, ready to work; for one thread at a time.

    Attributes:
        decoder: turns the file into samples.
        detector: tells where somebody speaks.
        recogniser: writes down what is said.
        aligner: finds when it is said.
    """

    decoder: Decoder
    detector: VoiceDetector
    recogniser: Recogniser
    aligner: Aligner
