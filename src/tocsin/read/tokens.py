"""Cuts a text into words, each with its place in the untouched text.

A word may become several tokens ("gonna" is "going" and "to") and is folded to one spelling, so
that rules see "I'M", "ah'm" and "im" alike. Nothing of the text is changed or lost: a token only
points at it.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

from tocsin.read.lexicon import folds, words


class Gap(IntEnum):
    """The strongest mark between a token and the one before it."""

    NONE = 0
    PAUSE = 1
    STOP = 2
    TURN = 3


@dataclass(frozen=True, slots=True)
class Token:
    """One word as the rules see it.

    Attributes:
        start: index of its first character in the text.
        end: index after the last.
        word: lower case, spelled one way.
        gap: the mark before it.
        is_quoted: inside double quotation marks.
        is_name: written with a capital first letter where others are small.
    """

    start: int
    end: int
    word: str
    gap: Gap
    is_quoted: bool
    is_name: bool


LONGEST_WORD = 40
LONGEST_QUOTE = 80

_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f"
_MARKS = re.compile(f"[{_INVISIBLE}]+")
_PIECE = re.compile(
    rf"(?P<word>\.\d+|\d+[:.]\d+|\bw/o?|[\w{_INVISIBLE}]+(?:['\u2019\u02bc`\u00b4][\w{_INVISIBLE}]+)*)"
    r"|(?P<stop>[.!?\u2026]+|\n+)"
    r"|(?P<pause>[,;:()\[\]/\u2013\u2014]|-{1,3}(?=\s))"
    r"|(?P<quote>[\"\u201c\u201d\u00ab\u00bb])",
    re.IGNORECASE,
)
_LOOKALIKES = str.maketrans(
    "аеорсухіјѕԁһԛԝɡοαενρτυικ\u2019\u02bc`\u00b4", "aeopcyxijsdhqwgoaevptuik''''"
)
_ENDINGS = {"'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}


def tokenize(text: str) -> tuple[Token, ...]:
    """All tokens of a text in order: offsets never fall, and none is empty."""
    cutter = _Cutter()
    for match in _PIECE.finditer(text):
        getattr(cutter, match.lastgroup or "word")(match)
    return tuple(cutter.tokens)


def fold(word: str) -> str:
    """One spelling of a word: lower case, look-alike letters and invisible marks resolved."""
    if not word.isascii():
        word = _MARKS.sub("", unicodedata.normalize("NFKC", word[:LONGEST_WORD]))
    return word[:LONGEST_WORD].lower().translate(_LOOKALIKES)


class _Cutter:
    """Walks over the pieces of one text and remembers the mark and the quotation it is in."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.gap = Gap.STOP
        self.quote_left = 0
        self.last_raw = ""

    def word(self, match: "re.Match[str]") -> None:
        raw = match.group()
        self.last_raw = folded = fold(raw)
        for start, end, word in _parts(folded, len(raw)):
            self._add(
                match.start() + start,
                match.start() + end,
                word,
                raw[0].isupper() and not raw.isupper(),
            )

    def stop(self, match: "re.Match[str]") -> None:
        is_abbreviation = match.group() == "." and self.tokens and self._abbreviates(match.start())
        self._raise(Gap.PAUSE if is_abbreviation else Gap.STOP)

    def pause(self, match: "re.Match[str]") -> None:
        self._raise(Gap.PAUSE)

    def quote(self, match: "re.Match[str]") -> None:
        self._raise(Gap.PAUSE)
        self.quote_left = 0 if self.quote_left else LONGEST_QUOTE

    def _abbreviates(self, at: int) -> bool:
        last = self.tokens[-1]
        is_known = len(self.last_raw) == 1 or self.last_raw in words("abbreviation")
        return last.end == at and is_known and self.last_raw != "i"

    def _raise(self, gap: Gap) -> None:
        self.gap = max(self.gap, gap)

    def _add(self, start: int, end: int, word: str, is_capital: bool) -> None:
        is_name = is_capital and self.gap is not Gap.STOP
        self.tokens.append(Token(start, end, word, self.gap, self.quote_left > 0, is_name))
        self.gap = Gap.NONE
        self.quote_left = max(0, self.quote_left - 1)


def _parts(folded: str, length: int) -> list[tuple[int, int, str]]:
    """The tokens of one folded word, with offsets inside it."""
    if folded in folds():
        return [(0, length, word) for word in folds()[folded]]
    if "'" not in folded or len(folded) != length:
        return [(0, length, folded.replace("'", ""))]
    return _contraction(folded)


def _contraction(folded: str) -> list[tuple[int, int, str]]:
    length = len(folded)
    if folded.endswith("n't") and length > len("n't"):
        cut = length - len("n't")
        return [(0, cut, folded[:cut]), (cut, length, "not")]
    cut = folded.rindex("'")
    stem, ending = folded[:cut], folded[cut:]
    if ending in _ENDINGS and stem:
        return [*_shifted(stem), (cut, length, _ENDINGS[ending])]
    if ending == "'s" and stem:
        is_verb = stem in words("pronoun_is")
        return [*_shifted(stem), (cut, length, "is" if is_verb else "'s")]
    return [(0, length, folded.replace("'", ""))]


def _shifted(stem: str) -> list[tuple[int, int, str]]:
    if stem in folds():
        return [(0, len(stem), word) for word in folds()[stem]]
    return [(0, len(stem), stem.replace("'", ""))]
