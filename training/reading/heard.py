"""Writes what our recogniser hears of the corpus, spoken by synthetic voices over a telephone.

    python -m training.reading.heard [--minutes N] [--only HAND ...]    from the project's folder

Takes a seeded sample of each hand's transcripts, half of them own threats. Each is spoken by flite
or espeak-ng, gets noise, goes through a telephone's band and codec (FFmpeg) and then through
decoder, speech detector, cutting and recogniser as the product runs them. Labels and marks are
carried over (`carrying.py`). Writes one file a hand to `heard/`, each item under a remark that says
how it was made and what the recogniser wrote; a remark without an item stands for one left out.

Voices, noise and channel hang on the seed and the item's text alone, so a run that was stopped goes
on where it was. What was heard is not heard again, but each run carries labels and marks over anew
(`--minutes 0` does only that), and drops what its hand no longer holds. Nobody real speaks here.
"""

import argparse
import hashlib
import json
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np

from tocsin.config import ListenConfig
from tocsin.listen import Engines, open_engines
from tocsin.listen.engine import RATE
from tocsin.listen.listening import decode
from tocsin.listen.segments import cut
from training.reading.carrying import (
    SPEAKER,
    LeftOut,
    carry,
    errors,
    line,
    plain,
    read_out,
    spoken,
)
from training.reading.corpus import HEARD, Item, hand
from training.reading.speaking import (
    LEAST_SNR,
    MOST_SNR,
    codec_of,
    family,
    joined,
    noisy,
    spoken_by,
    telephone,
    voices,
)

SEED = 911
WANTED = {
    "anvil": 120,
    "corner": 90,
    "gurney": 90,
    "harrow": 90,
    "lanyard": 90,
    "ledger": 90,
    "mesa": 90,
    "ordinary": 120,
}
"""Items of each hand."""

USUAL = 45
"""Words up to which items are taken first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """How an item was made, and what was heard; the remark above its line.

    Attributes:
        of: the written item: its hand and a digest of its text.
        family: the caller's family of voices.
        voices: who spoke, with speed and pitch, in the order of their first turns.
        codec: of the telephone.
        snr: decibels of speech above noise.
        wrote: the recogniser's own words, as it writes them.
    """

    of: str
    family: str
    voices: tuple[str, ...]
    codec: str
    snr: int
    wrote: str


def main() -> None:
    """Makes what is missing, until the time is over, and prints the figures of all there is."""
    parser = argparse.ArgumentParser(description="Lets our recogniser hear the corpus.")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
    parser.add_argument("--only", nargs="*", default=sorted(WANTED), help="hands; all by default")
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    until = time.monotonic() + 60 * given.minutes
    config = ListenConfig(threads=1)
    engines = open_engines(config)
    HEARD.mkdir(exist_ok=True)
    hands = {name: hand(name) for name in given.only}
    for name, items in hands.items():
        _begin(HEARD / f"{name}.txt", items, engines, given.seed)
    done = {take.of for name in hands for take in takes(name)}
    samples = [sample(items, WANTED[name], given.seed) for name, items in hands.items()]
    # hand by hand in turn, so that each has some at any time
    for item in (one for turn in zip_longest(*samples) for one in turn if one is not None):
        if time.monotonic() > until:
            break
        if key(item) not in done:
            take = taken(item, seed=given.seed, engines=engines, config=config)
            with (HEARD / f"{item.hand}.txt").open("a", encoding="utf-8") as file:
                file.write(entry(item, take))
    _print_figures(hands)


def sample(items: Sequence[Item], count: int, seed: int) -> list[Item]:
    """Transcripts of a hand in a seeded order, own threats and others in turn; short ones first."""
    drawn = sorted(
        (one for one in items if one.kind == "transcript"),
        key=lambda one: (len(one.text.split()) > USUAL, _digest(f"{seed} {one.text}")),
    )
    threats = [one for one in drawn if one.is_threat][: count // 2]
    others = [one for one in drawn if not one.is_threat][: count - len(threats)]
    return [one for pair in zip_longest(threats, others) for one in pair if one is not None]


def key(item: Item) -> str:
    """A name of the written item that stays when its hand gets other lines."""
    return f"{item.hand}-{_digest(item.text)[:10]}"


def takes(name: str) -> list[Take]:
    """How each item of a hand was made, from the remarks of its file."""
    lines = (HEARD / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    facts = (json.loads(text[2:]) for text in lines if text.startswith("# {"))
    return [Take(**{**fact, "voices": tuple(fact["voices"])}) for fact in facts]


def entry(item: Item, take: Take) -> str:
    """The remark of an item, and its line unless it is left out."""
    remark = f"# {json.dumps(asdict(take))}\n"
    try:
        return remark + line(item, carry(item, plain(take.wrote))) + "\n"
    except LeftOut:
        return remark


def turns(text: str) -> list[tuple[str, str]]:
    """Who says what, in order; the labels themselves are not said."""
    first, *rest = SPEAKER.split(text)
    said = [("Caller", first), *zip(rest[::2], rest[1::2], strict=True)]
    return [(speaker, words.strip()) for speaker, words in said if words.strip()]


def taken(item: Item, *, seed: int, engines: Engines, config: ListenConfig) -> Take:
    """The item spoken, sent over a telephone, and heard."""
    drawn = np.random.default_rng(int(_digest(f"{seed} {item.hand} {item.text}")[:16], 16))
    said = turns(item.text)
    speakers = list(dict.fromkeys(speaker for speaker, _ in said))
    alike = family(drawn)
    cast = dict(zip(speakers, voices(alike, len(speakers), drawn), strict=True))
    codec = codec_of(drawn)
    snr = int(drawn.integers(LEAST_SNR, MOST_SNR + 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "call.wav"
        parts = [spoken_by(cast[speaker], words, Path(folder)) for speaker, words in said]
        telephone(noisy(joined(parts, drawn), snr, drawn), codec, path)
        wrote = heard_in(path, engines, config)
    return Take(
        of=key(item),
        family=alike.name,
        voices=tuple(f"{one.name} {one.speed} {one.pitch}" for one in cast.values()),
        codec=codec,
        snr=snr,
        wrote=wrote,
    )


def heard_in(path: Path, engines: Engines, config: ListenConfig) -> str:
    """The words of a recording as the product finds them; only their times are not looked for."""
    samples = decode(path, config=config, engines=engines).samples
    segments = cut(engines.detector.find(samples), samples)
    return " ".join(
        word.text
        for part in segments
        for word in engines.recogniser.recognise(
            samples[int(part.start * RATE) : int(part.end * RATE)]
        )
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _begin(path: Path, items: Sequence[Item], engines: Engines, seed: int) -> None:
    """Writes how the file is made, and again what it holds, with the labels and marks of today."""
    remark, again = "", []
    if path.exists():
        remark = path.read_text(encoding="utf-8").partition("\n")[0]
        written = {key(item): item for item in items}
        again = [entry(written[take.of], take) for take in takes(path.stem) if take.of in written]
    fresh = path.with_suffix(".new")
    first = remark or _provenance(path.name, engines, seed)
    fresh.write_text("".join([first, "\n", *again]), encoding="utf-8")
    fresh.replace(path)


def _provenance(name: str, engines: Engines, seed: int) -> str:
    recogniser = engines.recogniser
    programs = (
        _first("flite", "--version", having="version"),
        _first("espeak-ng", "--version"),
        _first("ffmpeg", "-version"),
    )
    return (
        f"# What {recogniser.name} {recogniser.version} (model {recogniser.digest()[:12]}) heard "
        f"of hands/{name}, made by heard.py: {', '.join(programs)}, seed {seed}. "
        "Synthetic voices, a simulated telephone."
    )


def _first(*command: str, having: str = "") -> str:
    told = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60).stdout
    found = next(text for text in told.splitlines() if having in text)
    return " ".join(re.sub(r"Copyright.*|Data at.*|version:?", "", found).split()).strip(" .:")


def _print_figures(hands: Mapping[str, Sequence[Item]]) -> None:
    """Prints word error rates by voices, codec, noise and hand; items left out; marks carried."""
    items = {key(item): item for written in hands.values() for item in written}
    all_made = [(items[take.of], take) for name in hands for take in takes(name)]
    groups: dict[str, list[tuple[Item, Take]]] = {}
    for item, take in all_made:
        noise = f"SNR from {take.snr // 5 * 5} dB"
        for group in (take.family, take.codec, noise, item.hand, "all"):
            groups.setdefault(group, []).append((item, take))
    for group, some in sorted(groups.items()):
        print(f"{group:22} {_figures(some)}")


def _figures(some: Sequence[tuple[Item, Take]]) -> str:
    words = wrong = carried = lost = left_out = 0
    for item, take in some:
        written, heard = spoken(item.text), spoken(plain(take.wrote))
        words += len(read_out(written))
        wrong += errors(written, heard)
        try:
            reached = carry(item, plain(take.wrote))
        except LeftOut:
            left_out += 1
        else:
            carried += len(reached.spans)
            lost += reached.lost
    return (
        f"{len(some):4} heard {words:6} words  WER {100 * wrong / max(1, words):5.1f} %  "
        f"{left_out:3} left out  marks of the rest: {carried:5} carried {lost:4} lost"
    )


if __name__ == "__main__":
    main()
