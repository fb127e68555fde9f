"""Synthetic voices, and the telephone that their calls go through. Nothing here is a real line.

Needs the commands flite, espeak-ng and ffmpeg. Everything that is drawn comes from the generator
that is given.
"""

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tocsin.listen.engine import RATE
from training.reading.carrying import read_out, spoken

Floats = npt.NDArray[np.float32]

CODECS = {"mu-law": ("pcm_mulaw", 3), "GSM full rate": ("libgsm_ms", 1)}
"""Codecs: FFmpeg's name, and how often it is drawn. Debian's FFmpeg writes no AMR."""

BAND = "highpass=f=300,highpass=f=300,lowpass=f=3400,lowpass=f=3400"
LEAST_SNR, MOST_SNR = 10, 30
"""Decibels of the mean of speech above the noise, before the band is cut."""

LEVEL = 0.1
"""Root mean square of a voice; full scale is 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Voices that speak alike: a synthesiser, its voices, and how often it is drawn."""

    name: str
    program: str
    voices: tuple[str, ...]
    share: int


FAMILIES = (
    Family(name="flite, American", program="flite", voices=("kal16", "rms", "slt"), share=10),
    Family(name="flite, Scottish", program="flite", voices=("awb",), share=3),
    Family(
        name="espeak-ng, American",
        program="espeak-ng",
        voices=(
            "en-us",
            "en-us+f2",
            "en-us+f4",
            "en-us+m3",
            "en-us+m7",
            "en-us-nyc",
            "en-us-nyc+f3",
        ),
        share=4,
    ),
    Family(
        name="espeak-ng, English",
        program="espeak-ng",
        voices=("en-gb", "en-gb+f2", "en-gb-x-rp", "en-gb-x-gbclan"),
        share=2,
    ),
    Family(
        name="espeak-ng, Scottish",
        program="espeak-ng",
        voices=("en-gb-scotland", "en-gb-scotland+f3"),
        share=1,
    ),
    Family(
        name="espeak-ng, Caribbean", program="espeak-ng", voices=("en-029", "en-029+f4"), share=1
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker: speed and pitch are factors, 1 as the synthesiser has it."""

    family: str
    program: str
    name: str
    speed: float
    pitch: float


def family(drawn: np.random.Generator) -> Family:
    """A family of voices, drawn by its share."""
    return FAMILIES[_draw([one.share for one in FAMILIES], drawn)]


def codec_of(drawn: np.random.Generator) -> str:
    """A telephone's codec, drawn by its share."""
    return list(CODECS)[_draw([share for _, share in CODECS.values()], drawn)]


def voices(family: Family, count: int, drawn: np.random.Generator) -> Iterator[Voice]:
    """Different speakers of a family; one voice may stand for two with a pitch apart."""
    names = list(drawn.permutation(family.voices))
    for place in range(count):
        low, high = ((0.93, 1.08), (1.12, 1.18))[place >= len(names)]
        yield Voice(
            family=family.name,
            program=family.program,
            name=str(names[place % len(names)]),
            speed=round(float(drawn.uniform(0.85, 1.1)), 2),
            pitch=round(float(drawn.uniform(low, high)), 2),
        )


def spoken_by(voice: Voice, words: str, folder: Path) -> Floats:
    """What a synthetic voice says, at 16 kHz and the usual level."""
    path = folder / "turn.wav"
    words = re.sub(r"[0-9]+", lambda digits: " ".join(read_out(spoken(digits[0]))), words)
    if voice.program == "flite":
        stretch = f"duration_stretch={1 / voice.speed:.3f}"
        command = ["flite", "-voice", voice.name, "--setf", stretch, "-t", words, "-o", str(path)]
    else:
        pace, pitch = str(round(155 * voice.speed)), str(round(50 * voice.pitch))
        command = ["espeak-ng", "-v", voice.name, "-s", pace, "-p", pitch, "-w", str(path)]
    subprocess.run(command, input=words.encode(), check=True, capture_output=True, timeout=60)
    # flite has no pitch for most of its voices: its sound is played faster and stretched again
    turned = f"asetrate={RATE * voice.pitch:.0f},atempo={1 / voice.pitch:.4f},"
    turned = f"aresample={RATE}," + (turned if voice.program == "flite" else "")
    sound = _ffmpeg(
        "-i", str(path), "-af", f"{turned}aresample={RATE}", "-ac", "1", *_RAW, "pipe:1"
    )
    samples = np.frombuffer(sound, dtype="<f4")
    return samples * np.float32(LEVEL / max(1e-6, float(np.sqrt(np.mean(np.square(samples))))))


def joined(said: Sequence[Floats], drawn: np.random.Generator) -> Floats:
    """The turns one after the other, each a little louder or fainter, with pauses between them."""
    parts = [_silence(0.3)]
    for turn in said:
        loud = np.float32(10 ** (drawn.uniform(-3, 3) / 20))
        parts += [turn * loud, _silence(float(drawn.uniform(0.3, 0.9)))]
    return np.concatenate(parts)


def noisy(samples: Floats, snr: int, drawn: np.random.Generator) -> Floats:
    """The sound with noise between white and brown, so many decibels below its mean."""
    spectrum = np.fft.rfft(drawn.standard_normal(len(samples)))
    pitch = np.maximum(np.fft.rfftfreq(len(samples), 1 / RATE), 50)
    noise = np.fft.irfft(spectrum * pitch ** -drawn.uniform(0, 1), len(samples))
    power = np.mean(np.square(samples)) / 10 ** (snr / 10)
    return np.asarray(samples + noise * np.sqrt(power / np.mean(np.square(noise))), np.float32)


def telephone(samples: Floats, codec: str, path: Path) -> None:
    """Writes the sound as a telephone passes it on: 300 to 3400 Hz, 8 kHz, coded."""
    written = ("-af", BAND, "-ar", "8000", "-c:a", CODECS[codec][0], "-f", "wav", str(path))
    sound = samples.astype("<f4").tobytes()
    _ffmpeg("-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0", *written, sound=sound)


_RAW = ("-f", "f32le")


def _draw(shares: Sequence[int], drawn: np.random.Generator) -> int:
    return int(drawn.choice(len(shares), p=np.array(shares) / sum(shares)))


def _silence(seconds: float) -> Floats:
    return np.zeros(int(seconds * RATE), np.float32)


def _ffmpeg(*order: str, sound: bytes = b"") -> bytes:
    command = ["ffmpeg", "-v", "error", "-y", "-bitexact", *order]
    return subprocess.run(command, input=sound, check=True, capture_output=True, timeout=60).stdout
