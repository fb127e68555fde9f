"""Decoder: FFmpeg through PyAV, in a subprocess that can be stopped."""

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

import tocsin
from tocsin.config import ListenConfig
from tocsin.errors import (
    EmptyRecording,
    Error,
    ListenFailed,
    NotARecording,
    NotFound,
    OverBudget,
    StoreFailed,
    TooLong,
)
from tocsin.listen.engine import Sound, Trace, Track
from tocsin.listen.hearing import Speech

CHILD = "tocsin.listen.engines.pyav_child"
FORMATS = "WAV, MP3, M4A, OGG, FLAC or AMR"


class PyavDecoder:
    """Decodes what recorders write, also when it is damaged; leaves no file behind."""

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Take no part of the configuration: every limit comes with the call."""

    def probe(self, path: Path, *, name: str, seconds: float, memory: int) -> Track:
        """The file's sound track; see `Decoder.probe`."""
        with opened(path, name) as source:
            order = {"source": source.fileno(), "pcm": None, "longest": 0.0}
            answer = asked(name, {**order, "seconds": seconds, "memory": memory})
        return Track(**answer["track"])

    def decode(
        self, path: Path, *, name: str, longest: float, seconds: float, memory: int
    ) -> Sound:
        """The recording as mono samples; see `Decoder.decode`."""
        with opened(path, name) as source, tempfile.TemporaryFile() as pcm:
            order = {"source": source.fileno(), "pcm": pcm.fileno(), "longest": longest}
            answer = asked(name, {**order, "seconds": seconds, "memory": memory})
            pcm.seek(0)
            samples = np.fromfile(pcm, dtype=np.float32)
        trace = answer["trace"]
        return Sound(
            samples=samples,
            track=Track(**answer["track"]),
            bad_packets=answer["bad_packets"],
            trace=Trace(**{**trace, "flat": tuple(Speech(**run) for run in trace["flat"])}),
        )


@contextmanager
def opened(path: Path, name: str) -> Iterator[BinaryIO]:
    """The file's bytes, for reading.

    Raises:
        NotFound: there is no such file.
        EmptyRecording: there are no bytes in it.
        NotARecording: it is a folder, a pipe or a device.
        StoreFailed: it is there, but cannot be read.
    """
    try:
        # a pipe without a writer would block the opening
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        # ValueError: a NUL in the name, which no file can have
        raise NotFound(
            f"There is no recording “{name}”.", way_out="Choose the file again."
        ) from error
    except OSError as error:
        raise StoreFailed(
            f"The recording “{name}” cannot be read: {error.strerror}.",
            way_out="Check who may read the folder of the recordings, then try again.",
        ) from error
    state = os.fstat(file)
    if not stat.S_ISREG(state.st_mode):
        os.close(file)
        raise refusal(name, "not_a_recording", "it is no ordinary file")
    with os.fdopen(file, "rb") as source:
        if state.st_size == 0:
            raise EmptyRecording(
                f"The recording “{name}” is empty: not one byte arrived.",
                way_out="Export it again from the recorder and send it once more.",
            )
        yield source


def asked(name: str, order: dict[str, Any]) -> dict[str, Any]:
    """The child's answer to an order.

    Raises:
        Error: one of ours, for whatever went wrong.
    """
    passed = [order["source"], *([] if order["pcm"] is None else [order["pcm"]])]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, with numbers as arguments
            [sys.executable, "-P", "-s", "-m", CHILD, json.dumps(order)],
            pass_fds=passed,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=surroundings(),
            timeout=order["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise out_of(name, f"{order['seconds']:g} s") from error
    except OSError as error:
        raise ListenFailed(
            f"The decoder could not be started for “{name}”: {error.strerror}.",
            way_out="Free memory or processes on this machine, then hear it again.",
        ) from error
    if done.returncode == -signal.SIGXCPU:
        raise out_of(name, f"{order['seconds']:g} s")
    return understood(name, done, order)


def understood(
    name: str, done: subprocess.CompletedProcess[bytes], order: dict[str, Any]
) -> dict[str, Any]:
    """The facts in the child's answer, or the error it stands for."""
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise ListenFailed(
            f"The decoder broke off in “{name}” ({last_words(done)}).",
            way_out=f"Export it again from the recorder as {FORMATS}; the original is kept.",
        ) from error
    if answer.get("refused") == "memory":
        raise out_of(name, f"{order['memory'] // 2**20} MiB of memory")
    if "refused" in answer:
        raise refusal(name, answer["refused"], answer["why"])
    return answer


def last_words(done: subprocess.CompletedProcess[bytes]) -> str:
    """How the child ended and the last line it wrote, for whoever looks into it."""
    if done.returncode < 0:
        return f"ended by {signal.Signals(-done.returncode).name}"
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"exit {done.returncode}{': ' + lines[-1][:200] if lines else ''}"


def refusal(name: str, kind: str, why: str) -> Error:
    """Our error for what the child refused."""
    if kind == "too_long":
        return TooLong(
            f"The recording “{name}” is too long to be transcribed: {why}.",
            way_out="It is kept. Cut out the part that matters and send that as well.",
        )
    if kind == "no_room":
        return ListenFailed(
            f"There was no room to decode “{name}”: {why}.",
            way_out="Free space in the temporary folder, then hear it again.",
        )
    return NotARecording(
        f"“{name}” cannot be heard: {why}.",
        way_out=f"Export the call again from the recorder, as {FORMATS}.",
    )


def out_of(name: str, limit: str) -> OverBudget:
    """Our error for a limit that was reached."""
    return OverBudget(
        f"Decoding “{name}” took more than {limit} and was stopped.",
        way_out=f"Export it again as {FORMATS}, or raise the limit in the settings.",
    )


def surroundings() -> dict[str, str]:
    """The child's whole environment: where Python finds this package, and one thread for numpy."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "PATH") if name in os.environ}
    source = str(Path(tocsin.__file__).parents[1])
    return {**kept, "PYTHONPATH": source, "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"}
