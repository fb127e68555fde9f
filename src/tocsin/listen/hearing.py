"""What was heard in a recording: words with their times and doubts, and facts of the signal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as the engine wrote it.

    Attributes:
        text: the word, with the engine's own case and punctuation.
        start: seconds from the start of the recording.
        end: seconds, later than `start`.
        confidence: 0 to 1, the least of the probabilities of its pieces.
        is_timed: False where the aligner did not find the word: its times are then spread
            between its neighbours'.
        offset: index of its first character in `Hearing.text`.
    """

    text: str
    start: float
    end: float
    confidence: float
    is_timed: bool
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A stretch in which somebody speaks, in seconds from the start."""

    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Plain facts of the signal; None where a fact cannot be had from this recording.

    Attributes:
        duration: seconds that could be decoded.
        header_duration: seconds the container claims.
        codec: name of the codec, as the decoder calls it.
        sample_rate: hertz of the recording as it arrived.
        channels: number of channels as it arrived.
        bad_packets: packets that could not be decoded and were passed over.
        speech: seconds of speech.
        snr: decibels between the speech and the pauses.
        clipping: share of samples, 0 to 1, in runs of three or more at full scale.
        bandwidth: hertz below which 99 % of the energy of the speech lies.
        level: decibels of the speech, root mean square, against full scale.
    """

    duration: float
    header_duration: float | None
    codec: str
    sample_rate: int
    channels: int
    bad_packets: int
    speech: float
    snr: float | None
    clipping: float
    bandwidth: int | None
    level: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One observation about the recording that a person may weigh; never a verdict.

    Attributes:
        name: short, stable, such as `shorter_than_header`.
        sentence: what was measured, in plain words, with its figures.
        start: seconds where it shows, or None for the whole.
        end: seconds, or None.
        error_rate: how often the measure is wrong, in words, with what that was measured on;
            empty for an exact fact.
    """

    name: str
    sentence: str
    start: float | None = None
    end: float | None = None
    error_rate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """All that one engine heard in one recording.

    Attributes:
        engine: registered name and version of the recogniser.
        model_digest: SHA-256 of the model's files, hexadecimal.
        language: BCP 47 tag of the language the engine knows.
        text: the words joined, untouched.
        words: in order; `text[w.offset : w.offset + len(w.text)] == w.text`.
        speech: where somebody speaks, in order, without overlap.
        quality: plain facts of the signal.
        indicators: observations for a person to weigh.
        peaks: loudness envelope for drawing, 0 to 100, evenly spaced over the duration.
    """

    engine: str
    model_digest: str
    language: str
    text: str
    words: tuple[Word, ...]
    speech: tuple[Speech, ...]
    quality: Quality
    indicators: tuple[Indicator, ...]
    peaks: tuple[int, ...]
