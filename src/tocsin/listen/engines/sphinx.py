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
from tocsin.errors import ListenFailed
from tocsin.listen.engine import Samples
from tocsin.listen.pronunciation import parts, phones

Times = tuple[float, float]

FRAME = 0.01
"""Seconds of one frame."""

SEARCH = {"beam": 1e-200, "pbeam": 1e-200, "wbeam": 1e-150, "bestpath": False}
"""Of 120 utterances, clean and over a telephone, all are aligned to the last word. The widths meant
for recognition lose two of them, and the second pass over the lattice (`bestpath`) last words."""

GUESSED = "?"
"""Stands before a word in the search's dictionary whose pronunciation is a guess."""


class SphinxAligner:
    """Finds words to 10 ms: those of an English dictionary of 134 000, others by a guess."""

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Load the model and the dictionary; they take nothing from the configuration."""
        self._search = Sphinx(Config(lm=None, loglevel="FATAL", cmn="batch", **SEARCH))

    def align(self, samples: Samples, words: tuple[str, ...]) -> tuple[Times | None, ...]:
        """Start and end of each word, or None; see `Aligner.align`."""
        spoken = [parts(word) for word in words]
        told = [part for own in spoken for part in own]
        if not told or not len(samples):
            return (None,) * len(words)
        times = iter(matched(told, self._found(samples, told)))
        return tuple(joined([next(times) for _ in own]) for own in spoken)

    def _found(self, samples: Samples, told: list[str]) -> list[tuple[str, Times]]:
        """The words on the best path, with their times; none where there is no path."""
        pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
        try:
            # what one recording leaves behind must not move the words of the next
            self._search.reinit_feat()
            self._search.set_align_text(" ".join(self._entry(word) for word in told))
            self._search.start_utt()
            try:
                self._search.process_raw(pcm, full_utt=True)
            finally:
                self._search.end_utt()
        except RuntimeError as error:
            raise ListenFailed(
                f"The aligner broke off: {error}.",
                way_out="Hear the recording again; if it fails again, report it.",
            ) from error
        return list(on_path(self._search)) if self._search.hyp() else []

    def _entry(self, word: str) -> str:
        """The word's name in the dictionary, entered with a guess where it was not there."""
        if self._search.lookup_word(word):
            return word
        if not self._search.lookup_word(GUESSED + word):
            self._search.add_word(GUESSED + word, phones(word))
        return GUESSED + word


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
