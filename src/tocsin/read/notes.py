"""Who "he" is in a call taker's note: the caller himself, or somebody he tells of.

In a note the first who states something is the caller. "HE" is the caller too, unless another
person has come in as a subject since.
"""

from collections.abc import Sequence

from tocsin.read.lexicon import words
from tocsin.read.tokens import Gap, Token

FARTHEST = 40
NEAR = 8


class Reporter:
    """The caller of one note."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.verb = self._first(words("reporting"), 0, len(tokens))
        self.at = self._first(words("reporter"), 0, self.verb)
        self.gender = self._gender()

    def owns(self, at: int) -> bool:
        """Whether the subject at a token is the caller."""
        word = self.tokens[at].word
        if word in words("reporter_strong") or word in words("reporting"):
            return True
        if word in words("reporter"):
            return at == self.at and self.verb - at <= NEAR
        if word in {"he", "she"}:
            return not self._clashes(word) and not self._has_intruder(at, word)
        return False

    def is_nested(self, at: int) -> bool:
        """Whether something was stated earlier in the sentence of a token."""
        start = self._sentence_start(at)
        return any(token.word in words("reporting") for token in self.tokens[start:at])

    def _gender(self) -> str:
        for token in self.tokens[: min(self.verb, FARTHEST)]:
            if token.word in words("female"):
                return "she"
            if token.word in words("male"):
                return "he"
        return ""

    def _clashes(self, pronoun: str) -> bool:
        return pronoun != "they" and bool(self.gender) and pronoun != self.gender

    def _has_intruder(self, at: int, pronoun: str) -> bool:
        start = self._sentence_start(at)
        if not self.is_nested(at):
            start = max(0, at - FARTHEST)
        begun = max(start, min(self.verb + 1, at))
        return any(self._intrudes(other, pronoun) for other in range(begun, at))

    def _intrudes(self, at: int, pronoun: str) -> bool:
        word = self.tokens[at].word
        if word not in words("intruder") or at == self.at or word in words("reporter_strong"):
            return False
        other = {"he": "female", "she": "male"}.get(pronoun, "")
        if (other and word in words(other)) or self._is_supposed(at):
            return False
        following = self.tokens[at + 1].word
        return following in words("mood_word") or following in words("speaking")

    def _is_supposed(self, at: int) -> bool:
        """Whether a token stands in an "if" clause: who comes in there is not who threatens."""
        for before in range(at - 1, max(0, at - 8) - 1, -1):
            if self.tokens[before].word in {"if", "unless", "when", "until"}:
                return True
            if self.tokens[before + 1].gap > Gap.NONE:
                return False
        return False

    def _sentence_start(self, at: int) -> int:
        last = max(0, at - FARTHEST)
        while at > last and self.tokens[at].gap < Gap.STOP:
            at -= 1
        return at

    def _first(self, wanted: frozenset[str], start: int, end: int) -> int:
        found = (at for at in range(start, end) if self.tokens[at].word in wanted)
        return next(found, end)
