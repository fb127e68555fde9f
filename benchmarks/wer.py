"""Word error rate of the whole stage on transcribed speech, clean and over simulated telephones.

    python benchmarks/wer.py [--limit N] [--engine NAME] [--speech FOLDER]

The folder holds `manifest.tsv` with the columns `file`, `transcript` and `seconds`. The telephone
is made here: a band of 300 to 3400 Hz, 8 kHz, mu-law of ITU-T G.711; so is the noise, white, 10 dB
below the speech before the band is cut. It is not a real line.
"""

import argparse
import csv
import os
import re
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tocsin.config import ListenConfig
from tocsin.listen import Engines, hear, open_engines

Floats = npt.NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("TOCSIN_REFERENCE_DATA", ROOT.parent / "shared" / "data"))
REFERENCE = {"clean 16 kHz": 8.0, "mu-law 8 kHz, 300-3400 Hz": 14.0, "noise 10 dB, mu-law": 18.3}
"""Per cent, measured with the same model on other speakers (58 utterances, 20 speakers)."""

TITLES = {"mr": "mister", "mrs": "missus", "dr": "doctor"}


@dataclass
class Score:
    """What one condition adds up to."""

    utterances: int = 0
    words: int = 0
    errors: int = 0
    spoken: float = 0.0
    taken: float = 0.0
    sure: list[tuple[float, bool]] = field(default_factory=list)
    """Confidence of each heard word, and whether it is right."""


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--limit", type=int, default=None, help="so many utterances only")
    asked.add_argument("--engine", default="moonshine", help="registered name of the recogniser")
    asked.add_argument("--speech", type=Path, default=DATA / "speech", help="the reference data")
    order = asked.parse_args()
    config = ListenConfig(engine=order.engine)
    engines = open_engines(config)
    rows = list(transcribed(order.speech))[: order.limit]
    conditions: dict[str, Callable[[Floats], bytes]] = dict(
        zip(REFERENCE, (clean, telephone, noisy), strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, make in conditions.items():
            score = Score()
            for file, transcript in rows:
                samples = decoded(file, engines)
                path = Path(folder) / "call.wav"
                path.write_bytes(make(samples))
                judge(score, path, transcript, engines=engines, config=config)
            show(name, score)


def judge(
    score: Score, path: Path, transcript: str, *, engines: Engines, config: ListenConfig
) -> None:
    """Hear one file and add what came of it."""
    begun = time.perf_counter()
    hearing = hear(path, config=config, engines=engines)
    score.taken += time.perf_counter() - begun
    score.spoken += hearing.quality.duration
    said = plain(transcript)
    heard = [(part, word.confidence) for word in hearing.words for part in plain(word.text)]
    score.utterances += 1
    score.words += len(said)
    score.errors += distance(said, [part for part, _ in heard])
    pairs = SequenceMatcher(None, said, [part for part, _ in heard], autojunk=False)
    right = {pair.b + step for pair in pairs.get_matching_blocks() for step in range(pair.size)}
    score.sure += [(sure, index in right) for index, (_, sure) in enumerate(heard)]


def show(name: str, score: Score) -> None:
    """One row of the table, and beneath it how far the confidence can be trusted."""
    if not score.words:
        print(f"{name}: no transcribed speech was found")
        return
    rate = 100 * score.errors / score.words
    print(
        f"{name:28} {score.utterances:4} utterances {score.words:5} words  WER {rate:5.1f} %  "
        f"(reference {REFERENCE[name]:.0f} %)  real-time factor {score.taken / score.spoken:.3f}"
    )
    for low, high in ((0.9, 1.01), (0.5, 0.9), (0.0, 0.5)):
        right = [is_right for sure, is_right in score.sure if low <= sure < high]
        if right:
            print(
                f"{'':28} confidence {low:.1f} to {min(high, 1):.1f}: "
                f"{100 * len(right) / len(score.sure):4.1f} % of the words, "
                f"{100 * sum(right) / len(right):4.1f} % of them right"
            )


def transcribed(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files that have a transcript."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
        for row in csv.DictReader(manifest, delimiter="\t"):
            if row["transcript"]:
                yield folder / row["file"], row["transcript"]


def decoded(file: Path, engines: Engines) -> Floats:
    """The samples of a file, 16 kHz."""
    hour = timedelta(hours=1).total_seconds()
    sound = engines.decoder.decode(file, name=file.name, longest=hour, seconds=60, memory=2**31)
    return sound.samples.astype(np.float64)


def clean(samples: Floats) -> bytes:
    """A WAV of 16 bits at 16 kHz."""
    return wav(np.round(samples * 32767).astype("<i2").tobytes(), code=1, rate=16_000, bits=16)


def telephone(samples: Floats) -> bytes:
    """A WAV of mu-law at 8 kHz, band-limited by setting the rest of the spectrum to nothing."""
    spectrum = np.fft.rfft(samples)
    pitch = np.fft.rfftfreq(len(samples), 1 / 16_000)
    spectrum[(pitch < 300) | (pitch > 3400)] = 0
    narrow = np.fft.irfft(spectrum, len(samples))[::2]
    return wav(mu_law(narrow), code=7, rate=8_000, bits=8)


def noisy(samples: Floats) -> bytes:
    """The telephone, with the same white noise for everybody, 10 dB below the mean of the sound."""
    drawn = np.random.default_rng(0).standard_normal(len(samples))
    return telephone(samples + drawn * np.sqrt(np.mean(np.square(samples)) / 10))


def mu_law(samples: Floats) -> bytes:
    """Samples from -1 to 1 in the code of ITU-T G.711, table 2a."""
    linear = np.clip(np.round(samples * 32768), -32635, 32635).astype(int)
    size = np.abs(linear) + 132
    exponent = np.floor(np.log2(size)).astype(int) - 7
    code = np.where(linear < 0, 0x80, 0) | (exponent << 4) | (size >> (exponent + 3) & 0x0F)
    return bytes((~code & 0xFF).astype(np.uint8))


def wav(sound: bytes, *, code: int, rate: int, bits: int) -> bytes:
    """A WAV of one channel."""
    form = struct.pack("<HHIIHHH", code, 1, rate, rate * bits // 8, bits // 8, bits, 0)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    body += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(body)) + body


def plain(text: str) -> list[str]:
    """Words without case, punctuation and hyphens, titles written out."""
    bare = re.sub(r"[^a-z0-9' ]", " ", text.lower().replace("\u2019", "'"))
    words = (word.strip("'") for word in bare.split())
    return [TITLES.get(word, word) for word in words if word]


def distance(one: list[str], other: list[str]) -> int:
    """Least number of words put in, left out or replaced (Levenshtein)."""
    row = list(range(len(other) + 1))
    for index, word in enumerate(one, start=1):
        above, row = row, [index]
        for place, against in enumerate(other, start=1):
            change = above[place - 1] + (word != against)
            row.append(min(above[place] + 1, row[-1] + 1, change))
    return row[-1]


if __name__ == "__main__":
    main()
