"""What a font cannot show, made visible: a character is never dropped in silence."""

import unicodedata
from collections.abc import Container

_RIGHT_TO_LEFT = frozenset(["R", "AL", "AN", "RLE", "RLO", "RLI"])
_JOINED = range(0x0900, 0x0E00)
"""Indic writing: its letters change their places and shapes, which plain setting cannot do."""


def visible(text: str, glyphs: Container[int]) -> str:
    """The text as a font with these glyphs can print it, from left to right.

    A character without a glyph, one that is written from right to left, and one that has no shape
    of its own stand as their number, as `[U+4E2D]`. Line breaks stay.

    Args:
        text: what is to be printed.
        glyphs: the code points that the font has.
    """
    return "".join(_shown(char, glyphs) for char in unicodedata.normalize("NFC", text))


def _shown(char: str, glyphs: Container[int]) -> str:
    if char == "\n":
        return char
    if char.isspace():
        return " "
    is_plain = (
        ord(char) in glyphs
        and ord(char) not in _JOINED
        and unicodedata.category(char) not in {"Cc", "Cf"}
        and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT
    )
    return char if is_plain else f"[U+{ord(char):04X}]"
