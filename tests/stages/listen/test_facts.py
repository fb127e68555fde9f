"""Plain facts of the signal, on sounds of which they are known."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.wer import mu_law, wav
from tests.stages.listen.sounds import noise, silence, tone, write_call, write_coded, write_wav
from tocsin.config import ListenConfig
from tocsin.listen import Engines, Hearing, Speech, hear
from tocsin.listen.engine import Sound, Trace, Track
from tocsin.listen.gauge import Gauge
from tocsin.listen.quality import measured, peaks_of

CONFIG = ListenConfig()


def indicators(hearing: Hearing) -> dict[str, str]:
    return {indicator.name: indicator.sentence for indicator in hearing.indicators}


def sound_of(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> Sound:
    return Sound(
        samples=samples,
        track=Track(header_duration=None, codec="pcm_s16le", sample_rate=16_000, channels=1),
        bad_packets=0,
        trace=Trace(clipping=0.0, flat=(), likeness=None),
    )


def test_signal_to_noise_is_that_of_speech_to_pauses() -> None:
    rate = 16_000
    samples = noise(6, level=0.01, rate=rate)
    samples[2 * rate : 4 * rate] = noise(2, level=0.1, rate=rate)
    quality = measured(sound_of(samples), [Speech(start=2, end=4)])
    assert quality.snr == pytest.approx(20, abs=0.3)
    assert quality.level == pytest.approx(-20, abs=0.3)
    assert quality.speech == 2


def test_without_pauses_or_with_digital_silence_there_is_no_signal_to_noise() -> None:
    rate = 16_000
    samples = np.concatenate((silence(2, rate), noise(2, rate=rate), silence(2, rate)))
    assert measured(sound_of(samples), [Speech(start=2, end=4)]).snr is None
    assert measured(sound_of(noise(2, rate=rate)), [Speech(start=0, end=2)]).snr is None


@pytest.mark.parametrize("hertz", [300, 1_000, 3_400, 7_000])
def test_bandwidth_is_where_the_energy_ends(hertz: int) -> None:
    samples = tone(3, hertz=hertz, rate=16_000)
    found = measured(sound_of(samples), [Speech(start=0, end=3)]).bandwidth
    assert found == pytest.approx(hertz, abs=100)


@given(st.integers(1, 3_000))
def test_peaks_are_evenly_spaced_and_the_loudest_is_a_hundred(count: int) -> None:
    samples = np.linspace(0.0, -0.5, count, dtype=np.float32)
    peaks = peaks_of(samples)
    assert len(peaks) == min(800, count)
    assert list(peaks) == sorted(peaks)
    assert max(peaks) == (100 if count > 1 else 0)


@given(st.lists(st.integers(1, 4_000), max_size=12), st.integers(1, 2), st.integers(0, 3))
def test_the_gauge_does_not_care_how_the_sound_is_cut(
    sizes: list[int], channels: int, seed: int
) -> None:
    drawn = np.random.default_rng(seed)
    steps = drawn.choice([-1.0, 0.0, 0.0, 0.3, 1.0], size=(channels, 40))
    sound = np.repeat(steps, 250, axis=1).astype(np.float32)
    whole, parts = Gauge(), Gauge()
    whole.take(sound, 1_000)
    for part in np.split(sound, np.cumsum(sizes), axis=1):
        parts.take(part, 1_000)
    one, other = parts.trace(), whole.trace()
    assert (one.clipping, one.flat) == (other.clipping, other.flat)
    assert one.likeness == pytest.approx(other.likeness)


def test_clipping_counts_runs_of_three_at_full_scale() -> None:
    gauge = Gauge()
    row = [0, 1, 1, 0, 1, 1, 1, 0, -1, -1, -1, -1, 0, 0.98, 0.98, 0.98]
    gauge.take(np.array([row], dtype=np.float32), 8_000)
    assert gauge.trace().clipping == pytest.approx(7 / 16)


@pytest.mark.parametrize("code", [6, 7])
def test_clipping_is_seen_in_telephone_codes_that_never_reach_one(
    code: int, tmp_path: Path, script: Engines
) -> None:
    path = tmp_path / "call.wav"
    loud = np.clip(5 * tone(3), -1, 1)
    if code == 7:
        path.write_bytes(wav(mu_law(loud.astype(float)), code=7, rate=8_000, bits=8))
    else:
        write_coded(path, loud, codec="pcm_alaw")
    hearing = hear(path, config=CONFIG, engines=script)
    assert hearing.quality.clipping > 0.3
    assert "clipped" in indicators(hearing)


def test_an_undistorted_call_is_not_called_clipped(tmp_path: Path, script: Engines) -> None:
    hearing = hear(write_call(tmp_path / "c.wav", tone(3)), config=CONFIG, engines=script)
    assert hearing.quality.clipping == 0
    assert not indicators(hearing)


def test_silence_put_into_a_noisy_call_is_found(tmp_path: Path, script: Engines) -> None:
    samples = np.concatenate((noise(3), silence(1.5), noise(2)))
    hearing = hear(write_wav(tmp_path / "c.wav", samples), config=CONFIG, engines=script)
    found = [i for i in hearing.indicators if i.name == "digital_silence"]
    assert [(i.start, i.end) for i in found] == [pytest.approx((3.0, 4.5), abs=0.01)]
    assert "From 3.00 s to 4.50 s" in found[0].sentence


def test_channels_with_different_sound_are_reported(tmp_path: Path, script: Engines) -> None:
    path = write_wav(tmp_path / "c.wav", noise(3), tone(3))
    hearing = hear(path, config=CONFIG, engines=script)
    assert hearing.quality.channels == 2
    assert "channels_differ" in indicators(hearing)


@pytest.mark.parametrize("second", [tone(3), 0.5 * tone(3), silence(3)])
def test_the_same_sound_twice_or_a_silent_channel_is_no_difference(
    second: np.ndarray[tuple[int], np.dtype[np.float32]], tmp_path: Path, script: Engines
) -> None:
    path = write_wav(tmp_path / "c.wav", tone(3), second)
    hearing = hear(path, config=CONFIG, engines=script)
    assert not {"channels_differ", "channels_opposed"} & set(indicators(hearing))


@pytest.mark.parametrize("rate", [8_000, 11_025, 44_100, 48_000])
def test_every_rate_keeps_its_length(rate: int, tmp_path: Path, script: Engines) -> None:
    path = write_wav(tmp_path / "c.wav", tone(3, rate=rate), rate=rate)
    quality = hear(path, config=CONFIG, engines=script).quality
    assert quality.duration == pytest.approx(3, abs=0.01)
    assert quality.sample_rate == rate


def test_samples_that_are_no_numbers_become_silence(tmp_path: Path, script: Engines) -> None:
    samples = tone(2)
    samples[100:200] = np.nan
    samples[300:310] = np.inf
    path = tmp_path / "c.wav"
    path.write_bytes(wav(samples.astype("<f4").tobytes(), code=3, rate=8_000, bits=32))
    quality = hear(path, config=CONFIG, engines=script).quality
    assert quality.duration == pytest.approx(2)
    assert quality.level is not None
    assert np.isfinite(quality.level)
