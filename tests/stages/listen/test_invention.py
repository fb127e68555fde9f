"""Where nobody speaks, no words may come out."""

from pathlib import Path

import numpy as np
import pytest

from tests.stages.listen.sounds import Samples, keypad, melody, noise, silence, tone, write_call
from tocsin.config import ListenConfig
from tocsin.listen import Engines, hear


def siren(seconds: float) -> Samples:
    at = np.arange(round(seconds * 8_000)) / 8_000
    pitch = 900 + 500 * np.sin(2 * np.pi * 0.3 * at)
    return (0.4 * np.sin(2 * np.pi * np.cumsum(pitch) / 8_000)).astype(np.float32)


def bursts(seconds: float) -> Samples:
    """Noise in the rhythm of syllables."""
    at = np.arange(round(seconds * 8_000)) / 8_000
    return (noise(seconds, level=0.2) * (np.sin(8 * np.pi * at) > 0)).astype(np.float32)


def engaged(seconds: float) -> Samples:
    at = np.arange(round(seconds * 8_000)) / 8_000
    pair = tone(seconds, hertz=480) + tone(seconds, hertz=620)
    return (0.5 * pair * (at % 1 < 0.5)).astype(np.float32)


SOUNDS = {
    "silence": silence(8),
    "noise": noise(8),
    "faint noise": noise(8, level=0.001),
    "tone": tone(8),
    "hum": tone(8, hertz=60),
    "touch tones": keypad(8),
    "engaged": engaged(8),
    "melody": melody(8),
    "siren": siren(8),
    "bursts": bursts(8),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_no_words_are_made_of(
    name: str, tmp_path: Path, config: ListenConfig, engines: Engines
) -> None:
    hearing = hear(write_call(tmp_path / "call.wav", SOUNDS[name]), config=config, engines=engines)
    assert hearing.text == ""
    assert "no_speech" in {indicator.name for indicator in hearing.indicators}
    assert hearing.quality.snr is None


def test_a_recogniser_ends_whatever_it_is_given(engines: Engines) -> None:
    """Even on 25 s of noise; six and a half pieces a second are the most it writes."""
    words = engines.recogniser.recognise(noise(25, rate=16_000))
    assert len(words) <= 25 * 6.5 + 1
