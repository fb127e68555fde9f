"""The decoding subprocess: a recording comes in as one descriptor, samples go out by another.

Malformed audio is the likeliest way for a stranger to reach foreign machine code, so it runs here:
without the file's name, without further files or network, with bounded memory, time and output.
Started by `engines/pyav.py`; answers with one line of JSON on standard output, either the facts or
the reason why there are none.
"""

import errno
import io
import json
import math
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet

from tocsin.listen.engine import OPPOSED, RATE, Track
from tocsin.listen.gauge import Block, Gauge
from tocsin.listen.headers import counts_frames, guess, wav_seconds

BAD_PACKET = (av.FFmpegError, ValueError, IndexError)
"""What damaged packets raise: besides FFmpeg's errors a change of layout, a broken text field or a
missing stream (24 of 400 damaged files)."""

BATCH = 65_536
"""Samples that are measured and resampled at once; telephone codecs deliver 160 at a time."""

MOST_STALLS = 50
"""Unreadable packets in a row after which the rest is given up."""

LEAST_BYTES = 50
"""Bytes a second below which a header's claim is not believed without decoding: no speech codec
writes fewer, and a broken header must not keep a short call from being heard."""

FULL_SCALE = {"pcm_mulaw": 32124 / 32768, "pcm_alaw": 32256 / 32768}
"""Largest values of G.711 (ITU-T G.711, tables 1a and 2a); other codecs reach 1."""

NOTHING = "it has a sound track, but none of it can be decoded"

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

STATED = {"aiff", "asf", "au", "avi", "caf", "flac", "matroska,webm", "ogg", "w64", "wav"}
"""Formats that state a duration; for others FFmpeg guesses from the bit rate."""


class Refused(Exception):
    """The recording cannot be decoded; carries the kind of failure and why."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the parent asks for.

    Attributes:
        source: descriptor of the recording.
        pcm: descriptor for the samples, float32 at 16 kHz, mono; None to look at the track only.
        longest: seconds; more is refused.
        seconds: limit of processor time.
        memory: limit of address space, in bytes.
    """

    source: int
    pcm: int | None
    longest: float
    seconds: float
    memory: int


def main() -> None:
    """Do what the order in the first argument says, and answer on standard output."""
    order = Order(**json.loads(sys.argv[1]))
    bound(order)
    try:
        with os.fdopen(order.source, "rb") as source:
            answer = look(source) if order.pcm is None else decode(source, order)
    except Refused as refused:
        answer = {"refused": refused.kind, "why": refused.why}
    except MemoryError:
        answer = {"refused": "memory", "why": ""}
    print(json.dumps(answer))  # noqa: T201 - the answer to the parent


def bound(order: Order) -> None:
    """Let this process take no more time, memory or disk than it was given."""
    processor = math.ceil(order.seconds) + 1
    output = math.ceil(order.longest * RATE * 4) + BATCH * 64
    for limit, most in (
        (resource.RLIMIT_AS, order.memory),
        (resource.RLIMIT_CPU, processor),
        (resource.RLIMIT_FSIZE, output),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(limit)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (allowed, allowed))


def look(source: BinaryIO) -> dict[str, Any]:
    """The facts of the track, decoding no more than its first sound."""
    with opened(source) as container:
        stream = sound_track(container)
        for frame in frames(container, stream, []):
            if frame.samples:
                return {"track": asdict(track_of(container, stream, frame, source))}
    raise Refused("not_a_recording", NOTHING)


def decode(source: BinaryIO, order: Order) -> dict[str, Any]:
    """Write the samples and tell the facts."""
    try:
        with os.fdopen(order.pcm or 0, "wb") as pcm:
            answer = Pass(source, pcm, order.longest, first_only=False).run()
            likeness = answer["trace"]["likeness"]
            if likeness is not None and likeness < OPPOSED:
                pcm.seek(0)
                pcm.truncate()
                answer = Pass(source, pcm, order.longest, first_only=True).run()
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise Refused("no_room", os.strerror(error.errno or 0)) from error
    return answer


class Pass:
    """One way through the recording, from its first packet to its last."""

    def __init__(
        self, source: BinaryIO, pcm: BinaryIO, longest: float, *, first_only: bool
    ) -> None:
        self.source = source
        self.pcm = pcm
        self.longest = longest
        self.first_only = first_only
        self.written = 0
        self.bad: list[str] = []
        self.resampler: av.AudioResampler | None = None
        self.rate = 0

    def run(self) -> dict[str, Any]:
        """Decode, measure, mix, resample and write."""
        self.source.seek(0)
        with opened(self.source) as container:
            stream = sound_track(container)
            gauge = Gauge(full_scale=FULL_SCALE.get(stream.codec_context.name, 1.0))
            track: Track | None = None
            for first, block, rate in blocks(frames(container, stream, self.bad)):
                if track is None:
                    track = track_of(container, stream, first, self.source)
                    self.check_claim(track)
                gauge.take(block, rate)
                self.write(block, rate)
            self.flush()
        if track is None or not self.written:
            raise Refused("not_a_recording", NOTHING)
        trace = asdict(gauge.trace())
        return {"track": asdict(track), "bad_packets": len(self.bad), "trace": trace}

    def check_claim(self, track: Track) -> None:
        """Refuse at once what its header says is too long, where its size bears that out."""
        claimed = track.header_duration or 0.0
        size = os.fstat(self.source.fileno()).st_size
        if claimed > self.longest and size >= claimed * LEAST_BYTES:
            raise Refused("too_long", f"it lasts {clock(claimed)} by its header")

    def write(self, block: Block, rate: int) -> None:
        """Mix one block to mono and hand it to the resampler."""
        if self.resampler is None or rate != self.rate:
            self.flush()
            self.resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            self.rate = rate
        mono = block[0] if self.first_only else block.mean(axis=0)
        frame = AudioFrame.from_ndarray(
            np.ascontiguousarray(mono[None, :]), format="flt", layout="mono"
        )
        frame.sample_rate = rate
        self.put(self.resampler.resample(frame))

    def flush(self) -> None:
        """Get the last samples out of the resampler."""
        if self.resampler is not None:
            self.put(self.resampler.resample(None))
            self.resampler = None

    def put(self, resampled: list[AudioFrame]) -> None:
        """Write samples, up to the longest that was allowed."""
        for frame in resampled:
            samples = np.clip(frame.to_ndarray()[0], -1.0, 1.0).astype("<f4")
            self.written += len(samples)
            if self.written > self.longest * RATE:
                raise Refused("too_long", f"it goes on after {clock(self.longest)}")
            self.pcm.write(samples.tobytes())


def clock(seconds: float) -> str:
    """Hours, minutes and seconds, as in `6:00:00`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def opened(source: BinaryIO) -> InputContainer:
    """The container of the recording.

    The name is kept from FFmpeg, so that only the content decides on the format, and no protocol is
    allowed, so that a play list cannot reach another file or machine.
    """
    try:
        return av.open(
            io.BufferedReader(Nameless(source)),
            mode="r",
            metadata_errors="ignore",
            options={"protocol_whitelist": "none"},
        )
    except MemoryError:
        raise
    except BAD_PACKET as error:
        raise Refused("not_a_recording", guess(source.fileno())) from error


class Nameless(io.RawIOBase):
    """A file without its name."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer as far as there are bytes."""
        found = self.source.read(len(buffer))
        buffer[: len(found)] = found
        return len(found)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self.source.seek(offset, whence)

    def tell(self) -> int:
        """Say the place."""
        return self.source.tell()

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True


def sound_track(container: InputContainer) -> AudioStream:
    """The first sound track that can be decoded."""
    for stream in container.streams.audio:
        if stream.codec_context is not None:
            stream.codec_context.thread_count = 1
            return stream
    if container.streams.audio:
        raise Refused("not_a_recording", "its sound is coded in a way that is not known here")
    kinds = sorted({stream.type for stream in container.streams})
    held = f", only {' and '.join(kinds)}" if kinds else ""
    raise Refused("not_a_recording", f"it has no sound track{held}")


def frames(container: InputContainer, stream: AudioStream, bad: list[str]) -> Iterator[AudioFrame]:
    """Every frame that can be decoded; what fails is noted in `bad` and passed over."""
    stalls = 0
    while stalls < MOST_STALLS:
        try:
            for packet in container.demux(stream):
                stalls = 0
                yield from decoded(packet, bad)
        except MemoryError:
            raise
        except BAD_PACKET as error:
            stalls += 1
            bad.append(type(error).__name__)
        else:
            return


def decoded(packet: "Packet[AudioStream]", bad: list[str]) -> list[AudioFrame]:
    """The frames of one packet; none if it is damaged."""
    try:
        return packet.decode()
    except MemoryError:
        raise
    except BAD_PACKET as error:
        bad.append(type(error).__name__)
        return []


def blocks(found: Iterator[AudioFrame]) -> Iterator[tuple[AudioFrame, Block, int]]:
    """Frames joined to blocks of one rate and number of channels, each with its first frame."""
    first: AudioFrame | None = None
    parts: list[Block] = []
    count = 0
    for frame in found:
        part = block_of(frame)
        if first is not None and (count >= BATCH or differs(first, frame)):
            yield first, np.hstack(parts), first.sample_rate
            first, parts, count = None, [], 0
        first = first or frame
        parts.append(part)
        count += frame.samples
    if first is not None:
        yield first, np.hstack(parts), first.sample_rate


def differs(one: AudioFrame, other: AudioFrame) -> bool:
    """Whether the rate or the number of channels changed."""
    return (one.sample_rate, one.layout.nb_channels) != (
        other.sample_rate,
        other.layout.nb_channels,
    )


def block_of(frame: AudioFrame) -> Block:
    """The samples of a frame, shape (channels, n), -1 to 1; what is no number becomes silence."""
    try:
        raw: npt.NDArray[Any] = frame.to_ndarray()
    except ValueError as error:
        why = f"its samples are of a kind that is not known here ({frame.format.name})"
        raise Refused("not_a_recording", why) from error
    if not frame.format.is_planar:
        raw = raw.reshape(-1, frame.layout.nb_channels).T
    samples: Block = raw.astype(np.float32)
    if raw.dtype == np.uint8:
        samples -= 128
        samples /= 128
    elif raw.dtype.kind == "i":
        samples /= -float(np.iinfo(raw.dtype).min)
    return np.nan_to_num(samples, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)


def track_of(
    container: InputContainer, stream: AudioStream, frame: AudioFrame, source: BinaryIO
) -> Track:
    """The facts of the track, with rate and channels as they were really decoded."""
    return Track(
        header_duration=claim(container, stream, source),
        codec=stream.codec_context.name,
        sample_rate=frame.sample_rate,
        channels=frame.layout.nb_channels,
    )


def claim(container: InputContainer, stream: AudioStream, source: BinaryIO) -> float | None:
    """Seconds that the file claims to hold; None where it claims nothing."""
    kind = container.format.name
    if kind == "wav" and stream.codec_context.name.startswith("pcm_"):
        return wav_seconds(source.fileno())
    stated = (
        kind in STATED
        or kind.startswith("mov,")
        or (kind == "mp3" and counts_frames(source.fileno()))
    )
    if not stated:
        return None
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


if __name__ == "__main__":
    main()
