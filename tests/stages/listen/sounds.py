"""Sounds that the tests make themselves, and the files they come in."""

import csv
import struct
import wave
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream

from benchmarks.wer import mu_law, wav
from tests.reference import REFERENCE

Samples = npt.NDArray[np.float32]

TELEPHONE = 8_000


def silence(seconds: float, rate: int = TELEPHONE) -> Samples:
    return np.zeros(round(seconds * rate), dtype=np.float32)


def tone(seconds: float, *, hertz: float = 440.0, rate: int = TELEPHONE) -> Samples:
    at = np.arange(round(seconds * rate)) / rate
    return (0.4 * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def noise(seconds: float, *, level: float = 0.1, rate: int = TELEPHONE) -> Samples:
    drawn = np.random.default_rng(7).standard_normal(round(seconds * rate))
    return (level * drawn).astype(np.float32)


def keypad(seconds: float, rate: int = TELEPHONE) -> Samples:
    """Touch tones, a fifth of a second each (ITU-T Q.23)."""
    low, high = (697, 770, 852, 941), (1209, 1336, 1477)
    at = np.arange(round(seconds * rate)) / rate
    key = (at // 0.4).astype(int)
    rows, columns = np.take(low, key % 4), np.take(high, key % 3)
    pair = np.sin(2 * np.pi * rows * at) + np.sin(2 * np.pi * columns * at)
    return (0.3 * pair * (at % 0.4 < 0.2)).astype(np.float32)


def melody(seconds: float, rate: int = TELEPHONE) -> Samples:
    """Struck strings with eight harmonics, three notes a second."""
    scale = (220, 247, 262, 294, 330, 349, 392, 440)
    at = np.arange(round(seconds * rate)) / rate
    pitch = np.take(scale, (at * 3).astype(int) * 5 % 8)
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    sound = sum(np.sin(part * phase) / part for part in range(1, 9)) * np.exp(-3 * (at * 3 % 1))
    return np.asarray(0.2 * sound, dtype=np.float32)


def write_wav(path: Path, *channels: Samples, rate: int = TELEPHONE) -> Path:
    """16 bits."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(channels))
        file.setsampwidth(2)
        file.setframerate(rate)
        scaled = np.clip(np.stack(channels, axis=1), -1, 1) * 32767
        file.writeframes(scaled.astype("<i2").tobytes())
    return path


def write_call(path: Path, samples: Samples) -> Path:
    """Mu-law at 8 kHz, as a telephone recorder writes it."""
    path.write_bytes(wav(mu_law(samples.astype(np.float64)), code=7, rate=TELEPHONE, bits=8))
    return path


def write_claim(path: Path, sound: bytes, *, claimed: int) -> Path:
    """A mu-law WAV whose header claims another number of bytes than follow."""
    whole = wav(sound, code=7, rate=TELEPHONE, bits=8)
    head, body = whole[: -len(sound)], whole[-len(sound) :]
    path.write_bytes(head[:-4] + struct.pack("<I", claimed) + body)
    return path


def write_coded(path: Path, samples: Samples, *, codec: str, rate: int = TELEPHONE) -> Path:
    """Whatever codec and container PyAV can write; the container by the path's ending."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream(codec, rate=rate)
        assert isinstance(stream, AudioStream)
        stream.codec_context.layout = "mono"
        fit = av.AudioResampler(
            format=stream.codec_context.format,
            layout="mono",
            rate=rate,
            frame_size=stream.codec_context.frame_size or None,
        )
        frame = AudioFrame.from_ndarray(samples[np.newaxis, :], format="flt", layout="mono")
        frame.sample_rate = rate
        for part in (*fit.resample(frame), *fit.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return path


def write_film(path: Path) -> Path:
    """Pictures without a sound track."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            file.mux(stream.encode(av.VideoFrame(32, 32, "yuv420p")))
        file.mux(stream.encode(None))
    return path


def transcript_of(file: str) -> str:
    """What is said in a file of the reference data."""
    with (REFERENCE / "speech" / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = csv.DictReader(manifest, delimiter="\t")
        return next(row["transcript"] for row in rows if row["file"] == file)
