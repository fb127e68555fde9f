"""What is heard of people who speak."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks.wer import decoded, distance, plain, telephone
from tests.reference import REFERENCE, needs
from tests.stages.listen.sounds import noise, silence, tone, transcript_of, write_call, write_wav
from tocsin.config import ListenConfig
from tocsin.listen import Engines, Hearing, hear

CLIPS = [
    "transcribed/jfk.flac",
    "transcribed/sense_and_sensibility_01_austen_64kb-0870.flac",
    "transcribed/ls-other_1688-142285-0000.flac",
]
SPEECH = REFERENCE / "speech"


def is_sound(hearing: Hearing) -> bool:
    """Whether the promises of `Hearing` and `Word` hold."""
    words = hearing.words
    return (
        hearing.text == " ".join(word.text for word in words)
        and all(hearing.text[w.offset : w.offset + len(w.text)] == w.text for w in words)
        and all(0 <= w.start < w.end <= hearing.quality.duration for w in words)
        and all(a.end <= b.start for a, b in pairwise(words))
        and all(0 <= w.confidence <= 1 for w in words)
        and all(a.end <= b.start for a, b in pairwise(hearing.speech))
        and all(0 <= peak <= 100 for peak in hearing.peaks)
    )


@needs("speech", "transcribed")
@pytest.mark.parametrize("file", CLIPS)
def test_clean_speech_is_written_down(file: str, config: ListenConfig, engines: Engines) -> None:
    hearing = hear(SPEECH / file, config=config, engines=engines)
    said = plain(transcript_of(file))
    assert distance(said, plain(hearing.text)) <= 0.2 * len(said)
    assert is_sound(hearing)
    assert sum(word.is_timed for word in hearing.words) >= 0.9 * len(hearing.words)
    assert hearing.engine == "moonshine 0.1.0"
    assert len(hearing.model_digest) == 64
    assert hearing.language == "en"


@needs("speech", "transcribed")
def test_speech_over_a_telephone_is_written_down(
    tmp_path: Path, config: ListenConfig, engines: Engines
) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(telephone(decoded(SPEECH / CLIPS[0], engines)))
    hearing = hear(path, config=config, engines=engines)
    said = plain(transcript_of(CLIPS[0]))
    assert distance(said, plain(hearing.text)) <= 0.3 * len(said)
    assert is_sound(hearing)
    assert (hearing.quality.codec, hearing.quality.sample_rate) == ("pcm_mulaw", 8_000)
    assert hearing.quality.bandwidth is not None
    assert hearing.quality.bandwidth <= 4_000


@needs("speech", "transcribed")
def test_words_lie_where_they_are_said(
    tmp_path: Path, config: ListenConfig, engines: Engines
) -> None:
    """The same words, three seconds later, are three seconds later."""
    samples = decoded(SPEECH / CLIPS[0], engines).astype(np.float32)
    faint = noise(3, level=1e-4, rate=16_000)
    later = write_wav(tmp_path / "later.wav", np.concatenate((faint, samples)), rate=16_000)
    first = hear(SPEECH / CLIPS[0], config=config, engines=engines)
    second = hear(later, config=config, engines=engines)
    starts = {word.text.strip(",."): word.start for word in first.words}
    moved = [
        word.start - starts[plain_text]
        for word in second.words
        if (plain_text := word.text.strip(",.")) in {"fellow", "Americans", "not"}
    ]
    assert moved == pytest.approx([3.0] * 3, abs=0.15)


@needs("speech", "transcribed")
def test_a_long_recording_is_cut_without_losing_words(
    tmp_path: Path, config: ListenConfig, engines: Engines
) -> None:
    parts = [decoded(SPEECH / file, engines).astype(np.float32) for file in CLIPS]
    path = write_wav(tmp_path / "long.wav", np.concatenate(parts), rate=16_000)
    hearing = hear(path, config=config, engines=engines)
    said = plain(" ".join(transcript_of(file) for file in CLIPS))
    assert hearing.quality.duration > 25
    assert distance(said, plain(hearing.text)) <= 0.25 * len(said)
    assert is_sound(hearing)


@needs("speech", "transcribed")
def test_a_faint_recording_is_heard_like_a_loud_one(
    tmp_path: Path, config: ListenConfig, engines: Engines
) -> None:
    samples = decoded(SPEECH / CLIPS[0], engines).astype(np.float32)
    path = write_wav(tmp_path / "faint.wav", samples * np.float32(0.01), rate=16_000)
    hearing = hear(path, config=config, engines=engines)
    said = plain(transcript_of(CLIPS[0]))
    assert distance(said, plain(hearing.text)) <= 0.3 * len(said)


@needs("speech", "transcribed")
def test_the_same_recording_is_heard_the_same_way_twice(
    config: ListenConfig, engines: Engines
) -> None:
    once = hear(SPEECH / CLIPS[0], config=config, engines=engines)
    assert hear(SPEECH / CLIPS[0], config=config, engines=engines) == once


@needs("speech", "transcribed")
def test_channels_of_opposite_sign_do_not_cancel_the_voice(
    tmp_path: Path, config: ListenConfig, engines: Engines
) -> None:
    samples = decoded(SPEECH / CLIPS[0], engines).astype(np.float32)
    path = write_wav(tmp_path / "opposed.wav", samples, -samples, rate=16_000)
    hearing = hear(path, config=config, engines=engines)
    assert "fellow" in hearing.text
    assert "channels_opposed" in {indicator.name for indicator in hearing.indicators}


def test_the_scripted_engine_says_its_words(tmp_path: Path, script: Engines) -> None:
    path = write_call(tmp_path / "call.wav", tone(4))
    hearing = hear(path, config=ListenConfig(engine="scripted"), engines=script)
    assert hearing.text == "Any officer found alone"
    assert is_sound(hearing)


def test_the_scripted_engine_says_nothing_into_silence(tmp_path: Path, script: Engines) -> None:
    path = write_wav(tmp_path / "call.wav", silence(4))
    assert hear(path, config=ListenConfig(), engines=script).words == ()
