"""The stage, step by step: decode, find speech, cut, recognise, time, measure."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from tocsin.config import ListenConfig
from tocsin.intake import plain_name
from tocsin.listen.engine import RATE, Decoder, Engines, Heard, Samples, Sound, Track
from tocsin.listen.engines import ALIGNERS, DECODERS, DETECTORS, RECOGNISERS, open_engine
from tocsin.listen.hearing import Hearing, Speech, Word
from tocsin.listen.indicators import noted
from tocsin.listen.quality import measured, peaks_of
from tocsin.listen.segments import cut
from tocsin.listen.times import Place, placed

DECODER = "pyav"
COMPANIONS = {"scripted": ("scripted", "scripted")}
"""Detector and aligner that a recogniser brings along; for others see `USUAL`."""

USUAL = ("silero", "sphinx")


def open_engines(config: ListenConfig) -> Engines:
    """The engines that the configuration names; models are loaded now, once.

    Raises:
        EngineMissing: a name is unknown, or a package or file is not here.
    """
    detector, aligner = COMPANIONS.get(config.engine.partition(":")[0], USUAL)
    return Engines(
        recogniser=open_engine(RECOGNISERS, config.engine, config),
        decoder=open_engine(DECODERS, DECODER, config),
        detector=open_engine(DETECTORS, detector, config),
        aligner=open_engine(ALIGNERS, aligner, config),
    )


def probe(path: Path, *, config: ListenConfig, name: str = "") -> Track:
    """The sound track of a file, without hearing it: what an upload is asked before it is queued.

    A track longer than is transcribed is no error here: it is kept all the same.

    Args:
        path: the file; its own name says nothing about its content.
        config: limits of the stage.
        name: what people call it, for the sentences of errors; else the path's own name.

    Raises:
        NotFound: there is no such file.
        EmptyRecording: there are no bytes in it.
        NotARecording: there is no sound track in it that can be decoded.
        OverBudget: it took more than the limits of time or memory.
        ListenFailed: the decoder broke off.
    """
    decoder: Decoder = open_engine(DECODERS, DECODER, config)
    return decoder.probe(
        path,
        name=plain_name(name or path.name),
        seconds=config.decode_for.total_seconds(),
        memory=config.decode_memory,
    )


def hear(path: Path, *, config: ListenConfig, engines: Engines, name: str = "") -> Hearing:
    """What is said in a recording, when, and how sure that is: `decode`, then `hear_sound`."""
    return hear_sound(decode(path, config=config, engines=engines, name=name), engines=engines)


def decode(path: Path, *, config: ListenConfig, engines: Engines, name: str = "") -> Sound:
    """The samples of a recording, within the limits of the stage.

    Args:
        path: the file; its own name says nothing about its content.
        config: limits of the stage.
        engines: from `open_engines`.
        name: what people call it, for the sentences of errors; else the path's own name.

    Raises:
        NotFound: there is no such file.
        EmptyRecording: there are no bytes in it.
        NotARecording: there is no sound track in it that can be decoded.
        TooLong: it is longer than is transcribed.
        OverBudget: decoding took more than the limits of time or memory.
        ListenFailed: the decoder broke off.
    """
    return engines.decoder.decode(
        path,
        name=plain_name(name or path.name),
        longest=config.longest_for.total_seconds(),
        seconds=config.decode_for.total_seconds(),
        memory=config.decode_memory,
    )


def hear_sound(sound: Sound, *, engines: Engines) -> Hearing:
    """What is said in decoded samples, when, and how sure that is; and the facts of the signal.

    Where nobody speaks there are no words. Nothing is written anywhere.

    Args:
        sound: from `decode`.
        engines: from `open_engines`; busy until this returns.

    Raises:
        ListenFailed: an engine broke off.
    """
    speech = engines.detector.find(sound.samples)
    segments = cut(speech, sound.samples)
    words = numbered(
        pair for segment in segments for pair in said_in(segment, speech, sound.samples, engines)
    )
    quality = measured(sound, speech)
    return Hearing(
        engine=f"{engines.recogniser.name} {engines.recogniser.version}".strip(),
        model_digest=engines.recogniser.digest(),
        language=engines.recogniser.language,
        text=" ".join(word.text for word in words),
        words=words,
        speech=speech,
        quality=quality,
        indicators=noted(quality, sound.trace, speech, words),
        peaks=peaks_of(sound.samples),
    )


def said_in(
    segment: Speech, speech: Sequence[Speech], samples: Samples, engines: Engines
) -> Sequence[tuple[Heard, Place]]:
    """The words of one segment with their places in the recording."""
    part = samples[int(segment.start * RATE) : int(segment.end * RATE)]
    heard = engines.recogniser.recognise(part)
    times = engines.aligner.align(part, tuple(word.text for word in heard))
    return list(zip(heard, placed(heard, times, segment, speech), strict=True))


def numbered(said: Iterator[tuple[Heard, Place]]) -> tuple[Word, ...]:
    """The words with their offsets in the text, which joins them with single spaces."""
    words = []
    offset = 0
    for heard, place in said:
        words.append(
            Word(
                text=heard.text,
                start=place.start,
                end=place.end,
                confidence=heard.confidence,
                is_timed=place.is_timed,
                offset=offset,
            )
        )
        offset += len(heard.text) + 1
    return tuple(words)
