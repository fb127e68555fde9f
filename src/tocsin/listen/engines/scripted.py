"""Engines that hear what they are told: for tests, demonstrations and dry runs.

Chosen by `engine="scripted:Any officer found alone"`: whoever speaks says those words.
"""

import hashlib

from tocsin.config import ListenConfig
from tocsin.listen.engine import RATE, Heard, Samples
from tocsin.listen.hearing import Speech

WORDS = "This is a scripted hearing."
"""Said where no words are given."""


class ScriptedRecogniser:
    """Says the same words of every segment, fully sure of them."""

    name = "scripted"
    version = "1"
    language = "en"

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Take the words from the argument."""
        self._text = argument or WORDS

    def digest(self) -> str:
        """SHA-256 of the words."""
        return hashlib.sha256(self._text.encode("utf-8", "replace")).hexdigest()

    def recognise(self, samples: Samples) -> tuple[Heard, ...]:
        """The given words."""
        return tuple(Heard(text=word, confidence=1.0) for word in self._text.split())


class ScriptedDetector:
    """Takes everything that is not silent for speech."""

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Take no settings."""

    def find(self, samples: Samples) -> tuple[Speech, ...]:
        """The whole recording, if anything sounds in it."""
        return (Speech(start=0.0, end=len(samples) / RATE),) if samples.any() else ()


class ScriptedAligner:
    """Gives every word the same share of the time."""

    def __init__(self, config: ListenConfig, argument: str = "") -> None:
        """Take no settings."""

    def align(
        self, samples: Samples, words: tuple[str, ...]
    ) -> tuple[tuple[float, float] | None, ...]:
        """Evenly spaced times, one for each word."""
        share = len(samples) / RATE / max(1, len(words))
        return tuple((index * share, (index + 1) * share) for index in range(len(words)))
