"""Aligner: pocketsphinx, told the words and asked when they are spoken.

As a recogniser it is far too inaccurate to be shown; given the words, it finds them.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

import numpy as np
from pocketsphinx import Config
from pocketsphinx import Decoder as Sphinx

from tocsin.config import ListenConfig
from tocsin.listen.engine import Samples
from tocsin.listen.pronunciation import parts, phones

Times = tuple[float, float]

FRAME = 0.01
"""Seconds of one frame."""

WIDE = {"beam": 1e-80, "pbeam": 1e-80, "wbeam": 1e-60}
"""Search widths of the second try: of 120 utterances three found no path with the usual ones."""

TAIL = np.zeros(4800, dtype=np.float32)
"""0.3 s of silence at the end: the search may end anywhere, and leaves out last words else."""

GUESSED = "?"
"""Stands before a word in the search's dictionary whose pronunciation is a guess."""


class SphinxAligner:
    """Finds words to 10 ms: those of an English dictionary of 134 000, others by a guess."""

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Load the model and the dictionary; they take nothing from the configuration."""
        self._usual = sphinx()
        self._wide: Sphinx | None = None

    def align(self, samples: Samples, words: tuple[str, ...]) -> tuple[Times | None, ...]:
        """Start and end of each word, or None; see `Aligner.align`."""
        spoken = [parts(word) for word in words]
        told = [part for own in spoken for part in own]
        if not told or not len(samples):
            return (None,) * len(words)
        found = self._search(self._usual, samples, told)
        if not found:
            self._wide = self._wide or sphinx(**WIDE)
            found = self._search(self._wide, samples, told)
        times = iter(matched(told, found))
        return tuple(joined([next(times) for _ in own]) for own in spoken)

    def _search(self, search: Sphinx, samples: Samples, told: list[str]) -> list[tuple[str, Times]]:
        """The words on the best path, with their times; none where there is no path."""
        sound = np.concatenate((samples, TAIL))
        pcm = (np.clip(sound, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        search.set_align_text(" ".join(known(search, word) for word in told))
        search.start_utt()
        try:
            search.process_raw(pcm, full_utt=True)
        finally:
            search.end_utt()
        return list(on_path(search)) if search.hyp() else []


def known(search: Sphinx, word: str) -> str:
    """The name under which the search's dictionary has a word, made with a guess if it has none."""
    if search.lookup_word(word):
        return word
    if not search.lookup_word(GUESSED + word):
        search.add_word(GUESSED + word, phones(word))
    return GUESSED + word


def sphinx(**widths: float) -> Sphinx:
    """A search without a language model; silent, and deterministic in its noise."""
    return Sphinx(Config(lm=None, loglevel="FATAL", dither=True, seed=0, **widths))


def on_path(search: Sphinx) -> Iterator[tuple[str, Times]]:
    """The words found, without the pauses and noises between them."""
    for part in search.seg():
        if not part.word.startswith(("<", "[")):
            # "read(2)" is the second way to say "read"
            word = re.sub(r"\(\d+\)$", "", part.word).removeprefix(GUESSED)
            yield word, (part.start_frame * FRAME, (part.end_frame + 1) * FRAME)


def matched(told: list[str], found: list[tuple[str, Times]]) -> list[Times | None]:
    """For each word told the times of the word found, which may be fewer."""
    times: list[Times | None] = [None] * len(told)
    pairs = SequenceMatcher(None, told, [word for word, _ in found], autojunk=False)
    for pair in pairs.get_matching_blocks():
        for step in range(pair.size):
            times[pair.a + step] = found[pair.b + step][1]
    return times


def joined(parts: list[Times | None]) -> Times | None:
    """From the start of the first part to the end of the last, if all were found."""
    known = [part for part in parts if part is not None]
    if not parts or len(known) < len(parts):
        return None
    return known[0][0], known[-1][1]
