"""Files that are broken, empty, too long or no recordings: what happened, and what to do."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from benchmarks.wer import mu_law
from tests.stages.listen.sounds import (
    noise,
    silence,
    tone,
    write_call,
    write_claim,
    write_coded,
    write_film,
    write_wav,
)
from tocsin.config import ListenConfig
from tocsin.errors import (
    EmptyRecording,
    Error,
    ListenFailed,
    NotARecording,
    NotFound,
    OverBudget,
    TooLong,
)
from tocsin.listen import Engines, Hearing, hear, probe

CONFIG = ListenConfig()
SIX_HOURS = 6 * 3600 * 8_000
"""Bytes of six hours of mu-law."""


def names(hearing: Hearing) -> set[str]:
    return {indicator.name for indicator in hearing.indicators}


def speaks_plainly(error: Error, name: str) -> bool:
    """Whether the sentence names the input and the way out."""
    return name in error.what and bool(error.way_out) and error.what.endswith(".")


@pytest.fixture(autouse=True)
def _nothing_half_written(tmp_path_factory: pytest.TempPathFactory) -> object:
    """Whatever happens, the temporary folder is as empty afterwards as before."""
    before = tempfile.tempdir
    place = tmp_path_factory.mktemp("temporary")
    tempfile.tempdir = str(place)
    yield
    tempfile.tempdir = before
    assert not list(place.iterdir())


NOT_SOUND = {
    "text named .wav": b"The caller said that any officer found alone would be shot.\n" * 40,
    "a page": b"<!doctype html><html><body><p>Not found</p></body></html>" * 20,
    "JSON": b'{"call": {"ani": "911-555-0100"}}' * 30,
    "chance": np.random.default_rng(1).bytes(50_000),
    "zeros": bytes(50_000),
    "half a header": b"RIFF\x24\x00\x00\x00WAVEfm",
    "a header and nothing": b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00"
    b"\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x00\x00\x00",
    "one byte": b"R",
    "a play list": b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n%s\n#EXT-X-ENDLIST\n",
    "a list of files": b"ffconcat version 1.0\nfile %s\n",
    "a session": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    b"m=audio 5004 RTP/AVP 0\r\n",
}


@pytest.mark.parametrize("kind", NOT_SOUND)
def test_what_is_no_recording_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    other = write_call(tmp_path / "other.wav", tone(1))
    path = tmp_path / "call.wav"
    # a list names a real recording: it must not be opened through it
    path.write_bytes(NOT_SOUND[kind].replace(b"%s", str(other).encode()))
    with pytest.raises(NotARecording) as refused:
        probe(path, config=CONFIG)
    assert speaks_plainly(refused.value, "call.wav")
    assert refused.value.permanent


def test_text_named_wav_is_called_text(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    path.write_bytes(NOT_SOUND["text named .wav"])
    with pytest.raises(NotARecording, match="it holds text"):
        probe(path, config=CONFIG)


def test_no_bytes_are_an_empty_recording(tmp_path: Path, script: Engines) -> None:
    path = tmp_path / "call.wav"
    path.touch()
    with pytest.raises(EmptyRecording) as refused:
        hear(path, config=CONFIG, engines=script)
    assert speaks_plainly(refused.value, "call.wav")


def test_pictures_without_sound_are_no_recording(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4")
    with pytest.raises(NotARecording, match="no sound track, only video"):
        probe(path, config=CONFIG)


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        probe(tmp_path / "gone.wav", config=CONFIG)


def test_a_name_with_nul_is_not_found_and_shown_without_it(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        probe(tmp_path / "ca\0ll.wav", config=CONFIG)
    assert "call.wav" in refused.value.what


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_folders_and_pipes_are_no_recordings(make: object, tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    assert callable(make)
    make(path)
    with pytest.raises(NotARecording, match="no ordinary file"):
        probe(path, config=CONFIG)


@pytest.mark.parametrize(
    "name",
    [
        "\u202egnp.vaw",
        "\u05e9\u05d9\u05d7\u05d4.wav",
        "-i.wav",
        "%03d.wav",
        "concat:a|b.wav",
        "a b\nc.wav",
        "\udcff\udcfe.wav",
        "\U0001f6a8" * 60 + ".wav",
        "file:x",
    ],
)
def test_odd_names_are_opened_and_do_no_harm_in_a_sentence(name: str, tmp_path: Path) -> None:
    path = write_call(tmp_path / name, tone(1))
    assert probe(path, config=CONFIG).codec == "pcm_mulaw"
    path.write_bytes(b"text")
    with pytest.raises(NotARecording) as refused:
        probe(path, config=CONFIG)
    assert "\u202e" not in refused.value.what
    assert refused.value.what.isprintable()


def test_errors_use_the_name_that_people_know(tmp_path: Path) -> None:
    path = tmp_path / "3f5a"
    path.write_bytes(b"text")
    with pytest.raises(NotARecording, match=r"line 4\.wav"):
        probe(path, config=CONFIG, name="line 4.wav")


@pytest.mark.parametrize(
    ("name", "codec"), [("cut.wav", "pcm_s16le"), ("cut.mp3", "libmp3lame"), ("cut.flac", "flac")]
)
def test_a_cut_recording_is_heard_and_what_is_missing_is_said(
    name: str, codec: str, tmp_path: Path, script: Engines
) -> None:
    path = write_coded(tmp_path / name, noise(10, rate=16_000), codec=codec, rate=16_000)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 4 // 10])
    hearing = hear(path, config=CONFIG, engines=script)
    assert hearing.quality.header_duration == pytest.approx(10, abs=0.1)
    assert hearing.quality.duration == pytest.approx(4, abs=0.5)
    cut = next(i for i in hearing.indicators if i.name == "shorter_than_header")
    assert "10.0 s" in cut.sentence
    assert f"{hearing.quality.duration:.1f} s" in cut.sentence


def test_a_cut_telephone_recording_is_heard(tmp_path: Path, script: Engines) -> None:
    path = write_call(tmp_path / "call.wav", noise(10))
    path.write_bytes(path.read_bytes()[:30_000])
    hearing = hear(path, config=CONFIG, engines=script)
    assert "shorter_than_header" in names(hearing)


def test_an_m4a_without_its_index_is_called_cut_off(tmp_path: Path) -> None:
    path = write_coded(tmp_path / "call.m4a", noise(5, rate=16_000), codec="aac", rate=16_000)
    path.write_bytes(path.read_bytes()[:8_000])
    with pytest.raises(NotARecording, match="probably cut off"):
        probe(path, config=CONFIG)


@pytest.mark.parametrize("claimed", [0, 0xFFFF_FFFF, 0x7FFF_FFFF])
def test_a_recorder_that_never_finished_its_header_claims_nothing(
    claimed: int, tmp_path: Path, script: Engines
) -> None:
    path = write_claim(tmp_path / "call.wav", mu_law(noise(3).astype(float)), claimed=claimed)
    hearing = hear(path, config=CONFIG, engines=script)
    assert hearing.quality.duration == pytest.approx(3)
    assert hearing.quality.header_duration is None
    assert "shorter_than_header" not in names(hearing)


def test_bad_packets_are_passed_over_and_counted(tmp_path: Path, script: Engines) -> None:
    path = write_coded(tmp_path / "call.m4a", noise(10, rate=16_000), codec="aac", rate=16_000)
    whole = bytearray(path.read_bytes())
    for at in range(len(whole) // 2, len(whole) // 2 + 3_000):
        whole[at] ^= 0x5A
    path.write_bytes(whole)
    hearing = hear(path, config=CONFIG, engines=script)
    assert hearing.quality.bad_packets >= 1
    assert hearing.quality.duration > 5
    assert "bad_packets" in names(hearing)


def test_silence_is_no_error(tmp_path: Path, engines: Engines) -> None:
    hearing = hear(write_wav(tmp_path / "c.wav", silence(5)), config=CONFIG, engines=engines)
    assert hearing.words == ()
    assert {"no_speech", "digital_silence"} <= names(hearing)
    assert set(hearing.peaks) == {0}


def test_a_fifth_of_a_second_is_heard(tmp_path: Path, engines: Engines) -> None:
    hearing = hear(write_wav(tmp_path / "c.wav", tone(0.2)), config=CONFIG, engines=engines)
    assert hearing.quality.duration == pytest.approx(0.2)
    assert "very_short" in names(hearing)


def test_a_single_sample_is_heard(tmp_path: Path, engines: Engines) -> None:
    path = write_wav(tmp_path / "c.wav", np.ones(1, np.float32), rate=16_000)
    hearing = hear(path, config=CONFIG, engines=engines)
    assert hearing.words == ()
    assert hearing.peaks == (100,)


def test_six_hours_are_refused_by_their_header(tmp_path: Path, script: Engines) -> None:
    path = write_claim(tmp_path / "call.wav", b"\xff" * 8_000, claimed=SIX_HOURS)
    os.truncate(path, SIX_HOURS)  # a hole in the file: it takes no room
    with pytest.raises(TooLong) as refused:
        hear(path, config=CONFIG, engines=script)
    assert speaks_plainly(refused.value, "call.wav")
    assert "it lasts 6:00:00 by its header" in refused.value.what
    assert probe(path, config=CONFIG).header_duration == pytest.approx(6 * 3600)


def test_six_hours_without_a_header_are_given_up_at_the_limit(
    tmp_path: Path, script: Engines
) -> None:
    path = write_claim(tmp_path / "call.wav", b"\xff" * 8_000, claimed=0xFFFF_FFFF)
    os.truncate(path, SIX_HOURS)
    config = ListenConfig(longest_for=timedelta(minutes=5))
    with pytest.raises(TooLong, match="it goes on after 0:05:00"):
        hear(path, config=config, engines=script)


def test_a_short_call_under_a_header_of_six_hours_is_heard(tmp_path: Path, script: Engines) -> None:
    path = write_claim(tmp_path / "call.wav", mu_law(noise(3).astype(float)), claimed=SIX_HOURS)
    hearing = hear(path, config=CONFIG, engines=script)
    assert hearing.quality.duration == pytest.approx(3)
    assert "shorter_than_header" in names(hearing)


def test_a_decoder_out_of_time_is_stopped(tmp_path: Path, script: Engines) -> None:
    config = ListenConfig(decode_for=timedelta(milliseconds=10))
    with pytest.raises(OverBudget) as stopped:
        hear(write_call(tmp_path / "call.wav", noise(3)), config=config, engines=script)
    assert speaks_plainly(stopped.value, "call.wav")


def test_a_decoder_out_of_memory_is_an_error_of_ours(tmp_path: Path, script: Engines) -> None:
    config = ListenConfig(decode_memory=32 * 2**20)
    with pytest.raises(ListenFailed) as stopped:
        hear(write_call(tmp_path / "call.wav", noise(3)), config=config, engines=script)
    assert speaks_plainly(stopped.value, "call.wav")


def test_a_recording_is_left_as_it_was(tmp_path: Path, script: Engines) -> None:
    path = write_call(tmp_path / "call.wav", noise(3))
    before = path.read_bytes()
    path.chmod(0o400)
    hear(path, config=CONFIG, engines=script)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
