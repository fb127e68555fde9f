"""Files damaged by chance: whatever comes out is a hearing or an error of ours."""

from pathlib import Path

import numpy as np
import pytest

from tests.stages.listen.sounds import noise, write_call, write_coded
from tocsin.config import ListenConfig
from tocsin.errors import InputError, ListenFailed
from tocsin.listen import Engines, hear

MADE = {
    "call.wav": "pcm_mulaw",
    "call.mp3": "libmp3lame",
    "call.m4a": "aac",
    "call.flac": "flac",
    "call.ogg": "libopus",
    "call.mkv": "aac",
    "call.amr": "libopencore_amrnb",
    "call.aiff": "pcm_s16be",
}
EACH = 5
"""Damaged files of each format: forty in all."""


def damaged(whole: bytes, drawn: np.random.Generator) -> bytes:
    """The file with bytes changed, a piece taken out, put in twice, or the end cut off."""
    found = bytearray(whole)
    # the header is where a decoder believes most
    reach = 400 if drawn.random() < 0.5 else len(found)
    for at in drawn.integers(0, min(reach, len(found)), size=drawn.integers(1, 30)):
        found[at] = drawn.integers(256)
    start, size = int(drawn.integers(len(found))), int(drawn.integers(1, 2_000))
    match drawn.integers(4):
        case 0:
            del found[start : start + size]
        case 1:
            found[start:start] = found[start : start + size]
        case 2:
            del found[start:]
    return bytes(found)


@pytest.mark.parametrize("name", MADE)
def test_damaged_files_are_heard_or_refused(name: str, tmp_path: Path, script: Engines) -> None:
    drawn = np.random.default_rng(list(name.encode()))
    rate = 48_000 if name.endswith("ogg") else 8_000 if name.endswith(("amr", "wav")) else 16_000
    path = tmp_path / name
    if name == "call.wav":
        write_call(path, noise(2))
    else:
        write_coded(path, noise(2, rate=rate), codec=MADE[name], rate=rate)
    whole = path.read_bytes()
    for _ in range(EACH):
        path.write_bytes(damaged(whole, drawn))
        error = None
        try:
            assert hear(path, config=ListenConfig(), engines=script).quality.duration > 0
        except (InputError, ListenFailed) as caught:
            error = caught
        assert error is None or (name in error.what and error.way_out)
