"""Hears recordings in a process of its own, so that pages and messages never wait for it."""

import logging
import wave
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

import numpy as np
from django.conf import settings

from tocsin.config import ListenConfig
from tocsin.desk.worker.child import Child
from tocsin.desk.worker.rows import in_rows
from tocsin.evidence import Sealed, Store, open_store, seal
from tocsin.listen import Engines, Hearing, Samples, decode, hear_sound, open_engines
from tocsin.listen.engine import RATE

log = logging.getLogger("tocsin.worker")

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the child is given: a recording, its name, where its samples go, and the limits."""

    path: Path
    name: str
    playable: Path
    config: ListenConfig


ear = Child("hearing the recording", way_out="Listen to the recording.")
"""The child in which the models are loaded."""


async def hear_recording(digest: str, *, name: str) -> tuple[Hearing, Sealed]:
    """What is heard in the sealed recording, and its playable version, sealed too.

    Args:
        digest: SHA-256 of the recording.
        name: what people call it.

    Raises:
        InputError: it cannot be heard.
        ListenFailed: an engine is missing, or broke off.
        StoreFailed: the store does not give or take bytes.
    """
    store = open_store(settings.TOCSIN_STORE)
    with NamedTemporaryFile(suffix=".wav") as playable, store.local(digest) as path:
        work = Work(
            path=path, name=name, playable=Path(playable.name), config=settings.TOCSIN.listen
        )
        heard = await ear.do(_hear, work)
        return heard, await in_rows(_seal_file, store, Path(playable.name))


def _seal_file(store: Store, path: Path) -> Sealed:
    with path.open("rb") as file:
        return seal(iter(lambda: file.read(_CHUNK), b""), store=store, limit=path.stat().st_size)


def _hear(work: Work) -> Hearing:
    """Do the work, in the child."""
    engines = _engines(work.config)
    sound = decode(work.path, config=work.config, engines=engines, name=work.name)
    _write_wav(work.playable, sound.samples)
    return hear_sound(sound, engines=engines)


@cache
def _engines(config: ListenConfig) -> Engines:
    return open_engines(config)


def _write_wav(place: Path, samples: Samples) -> None:
    """PCM, 16 bit, 16 kHz, one channel: what every browser plays."""
    with wave.open(str(place), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for start in range(0, len(samples), _CHUNK):
            part = np.clip(samples[start : start + _CHUNK], -1, 1)
            file.writeframes((part * 32767).astype("<i2").tobytes())
