"""Recogniser: the tiny English Moonshine model inside `moonshine-voice`, run by onnxruntime.

Jeffries et al. 2024, "Moonshine: Speech Recognition for Live Transcription and Voice Commands",
arXiv 2410.15608. Only the model's files are used: the package itself is never imported, since its
own cutting into sentences costs five points of word error rate.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from onnxruntime.capi.onnxruntime_pybind11_state import (
    Fail,
    InvalidArgument,
    InvalidProtobuf,
    RuntimeException,
)

from tocsin.config import ListenConfig
from tocsin.errors import EngineMissing, ListenFailed
from tocsin.listen.engine import RATE, Heard, Samples

Floats = npt.NDArray[np.float32]

ENCODER, DECODER, TOKENIZER = "encoder_model.ort", "decoder_model_merged.ort", "tokenizer.bin"
START, STOP = 1, 2
HEADS, HEAD_SIZE = 8, 36
"""Shape of the decoder's cache: (sequences, 8, tokens, 36), with no tokens at the start."""

BEAMS = 4
"""Sequences followed at once; against one it saves a seventh of the errors over a telephone."""

TOKENS_A_SECOND = 6.5
"""More is no speech but a loop; the model's authors stop there too."""

SHORTEST = RATE
"""Samples to which a shorter sound is filled up: the encoder needs some room."""

FAINT, USUAL = 0.1, 0.3
MOST_GAIN = 100.0
"""A sound whose peaks stay below `FAINT` is raised to `USUAL`, by at most this factor: 30 dB below
the usual level the model makes a tenth more errors. Others are left alone."""

PACKAGE = "moonshine_voice"
WORD_START = "\u2581".encode()
FAILURES = (Fail, InvalidArgument, InvalidProtobuf, RuntimeException, RuntimeError, ValueError)
"""What onnxruntime raises for a model or a sound that it cannot work with."""


@dataclass(frozen=True, slots=True)
class Line:
    """One way to write the sound down so far: its tokens, their probabilities, and its score."""

    tokens: tuple[int, ...] = ()
    odds: tuple[float, ...] = ()
    score: float = 0.0

    def mean(self) -> float:
        """Log probability per token, which does not favour short lines; the end counts as one."""
        return self.score / (len(self.tokens) + 1)


class Moonshine:
    """Writes down English; some fifty times faster than speech on two cores."""

    name = "moonshine"
    language = "en"

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Load the model.

        Args:
            config: gives the number of threads.
            argument: folder of another model of the same make; else the one in the package.

        Raises:
            EngineMissing: a file of the model is not here.
        """
        self._folder = Path(argument) if argument else packaged()
        for file in (ENCODER, DECODER, TOKENIZER):
            if not (self._folder / file).is_file():
                raise missing(f"its file {file} is not in {self._folder}")
        self._encoder = session(self._folder / ENCODER, config.threads)
        self._decoder = session(self._folder / DECODER, config.threads)
        self._pieces = pieces((self._folder / TOKENIZER).read_bytes())
        names = [put.name for put in self._decoder.get_inputs()]
        self._cache_names = [name for name in names if name.startswith("past_key_values.")]
        self.version = packaged_version()

    def digest(self) -> str:
        """SHA-256 of the model's three files, one after the other."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        found = hashlib.sha256()
        for file in (ENCODER, DECODER, TOKENIZER):
            found.update((self._folder / file).read_bytes())
        return found.hexdigest()

    def recognise(self, samples: Samples) -> tuple[Heard, ...]:
        """The words of one stretch; see `Recogniser.recognise`."""
        try:
            return words(self._pieces, self._best_line(raised(samples)))
        except FAILURES as error:
            raise ListenFailed(
                f"The recogniser broke off: {error}.",
                way_out="Hear the recording again; if it fails again, choose another engine.",
            ) from error

    def _best_line(self, samples: Samples) -> Line:
        """The likeliest line, by a search of `BEAMS` lines at once."""
        cache = {name: np.zeros((1, HEADS, 0, HEAD_SIZE), np.float32) for name in self._cache_names}
        given = self._encoded(samples)
        lines, finished = [Line()], list[Line]()
        for _ in range(int(len(samples) / RATE * TOKENS_A_SECOND) + 1):
            odds, cache = self._step(lines, given, cache)
            lines, parents, ended = extended(lines, odds)
            finished = sorted(finished + ended, key=Line.mean, reverse=True)[:BEAMS]
            if len(finished) == BEAMS and finished[0].mean() >= lines[0].mean():
                break
            if len(lines) != len(odds):
                # after the first step one line has become several, each with all that was heard
                given = {name: np.repeat(put, len(lines), axis=0) for name, put in given.items()}
            if parents != list(range(len(odds))):
                cache = {name: put[parents] for name, put in cache.items()}
        return max(finished or lines, key=Line.mean)

    def _encoded(self, samples: Samples) -> dict[str, Any]:
        """What the decoder is told of the sound at each step; its mask has the sound's length."""
        sound = samples[np.newaxis, :]
        mask = np.ones(sound.shape, dtype=np.int64)
        hidden = self._encoder.run(None, {"input_values": sound, "attention_mask": mask})[0]
        return {"encoder_hidden_states": hidden, "encoder_attention_mask": mask}

    def _step(
        self, lines: list[Line], given: dict[str, Any], cache: dict[str, Floats]
    ) -> tuple[Floats, dict[str, Floats]]:
        """Probabilities of each line's next token, shape (lines, tokens), and the new cache."""
        is_first = not lines[0].tokens
        last = [[START if is_first else line.tokens[-1]] for line in lines]
        logits, *grown = self._decoder.run(
            None,
            {
                "input_ids": np.array(last, dtype=np.int64),
                "use_cache_branch": np.array([not is_first]),
                **given,
                **cache,
            },
        )
        # what the decoder took from the encoder is made in the first step, and stays
        kept = {
            name: new if is_first or ".decoder." in name else cache[name]
            for name, new in zip(self._cache_names, grown, strict=True)
        }
        return softmax(logits[:, -1, :]), kept


def softmax(logits: Floats) -> Floats:
    """Probabilities from logits, along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def extended(lines: list[Line], odds: Floats) -> tuple[list[Line], list[int], list[Line]]:
    """The best lines with one more token, the index of the line each came from, and those ended.

    Twice as many candidates as lines are looked at, so that enough go on when some end.
    """
    scores = np.array([[line.score] for line in lines]) + np.log(np.maximum(odds, 1e-20))
    best = np.argpartition(scores.ravel(), -2 * BEAMS)[-2 * BEAMS :]
    best = best[np.argsort(-scores.ravel()[best])]
    longer: list[Line] = []
    parents: list[int] = []
    ended: list[Line] = []
    for candidate in best:
        parent, token = divmod(int(candidate), odds.shape[1])
        line, score = lines[parent], float(scores[parent, token])
        if token == STOP:
            ended.append(Line(line.tokens, line.odds, score))
        elif len(longer) < BEAMS:
            chance = float(odds[parent, token])
            longer.append(Line((*line.tokens, token), (*line.odds, chance), score))
            parents.append(parent)
    return longer, parents, ended


def words(vocabulary: list[bytes], line: Line) -> tuple[Heard, ...]:
    """The words of a line; a word is as sure as the least sure of its pieces."""
    spelt: list[tuple[bytes, float]] = []
    for token, chance in zip(line.tokens, line.odds, strict=True):
        piece = vocabulary[token]
        if spelt and not piece.startswith(WORD_START):
            before, least = spelt.pop()
            spelt.append((before + piece, min(least, chance)))
        else:
            spelt.append((piece, chance))
    return tuple(
        Heard(text=text, confidence=chance)
        for piece, chance in spelt
        for text in printable(piece.replace(WORD_START, b" ")).split()
    )


def printable(spelt: bytes) -> str:
    """Text from a word's bytes; what is no UTF-8 becomes a replacement character."""
    text = spelt.decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else " " for sign in text)


def pieces(tokenizer: bytes) -> list[bytes]:
    """The token texts of `tokenizer.bin`.

    Each entry is its length and its bytes. The length takes one byte, or two where the first is
    128 or more: first * 128 + second - 128.
    """
    found: list[bytes] = []
    at = 0
    while at < len(tokenizer):
        length = tokenizer[at]
        at += 1
        if length >= 128:
            length = length * 128 + tokenizer[at] - 128
            at += 1
        found.append(tokenizer[at : at + length])
        at += length
    return found


def raised(samples: Samples) -> Samples:
    """The sound, a faint one raised to the usual level, a short one filled up with silence."""
    loud = float(np.percentile(np.abs(samples), 99.9)) if len(samples) else 0.0
    gain = min(USUAL / loud, MOST_GAIN) if 0 < loud < FAINT else 1.0
    room = max(0, SHORTEST - len(samples))
    return np.pad(np.clip(samples * np.float32(gain), -1.0, 1.0), (0, room))


def session(file: Path, threads: int) -> Any:
    """The model in a file, ready to run on that many threads.

    Raises:
        EngineMissing: the file is damaged.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # threads that wait for work must not take it from the rest of the machine
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # without it, processors lacking VNNI instructions overflow in 8-bit sums
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except FAILURES as error:
        raise missing(f"its file {file.name} is damaged") from error


def packaged() -> Path:
    """The folder of the model inside the package, found without importing it."""
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise missing("the package moonshine-voice is not here")
    return Path(found.origin).parent / "assets" / "tiny-en"


def packaged_version() -> str:
    """Version of the package that brought the model."""
    try:
        return version("moonshine-voice")
    except PackageNotFoundError:
        return ""


def missing(why: str) -> EngineMissing:
    """The error for a model that is not complete."""
    return EngineMissing(
        f"The recogniser has no model: {why}.",
        way_out="Install Tocsin's locked requirements again: moonshine-voice 0.1.0 carries it.",
    )
