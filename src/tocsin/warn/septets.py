"""How much room a text takes in the 7-bit alphabet of GSM, and which characters it has no sign for.

Phones are told by two ways that count in septets: text messages, and Wireless Emergency Alerts. A
character of the extension table takes two. What is in neither table cannot be sent as it is.
Source: 3GPP TS 23.038, 6.2.1 and 6.2.1.1.
"""

import unicodedata
from dataclasses import dataclass

from tocsin.errors import BadText

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""Characters that take one septet."""

EXTENSION = frozenset("\f^{}\\[~]|€")
"""Characters that take two: an escape, and the sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignCharacter:
    """A character that the alphabet has no sign for.

    Attributes:
        character: as it stands in the text.
        at: its place, counted from 0.
        name: as Unicode calls it, or its number.
    """

    character: str
    at: int
    name: str

    def __str__(self) -> str:
        return f"{self.character!r} ({self.name}, character {self.at + 1})"


def septets(text: str) -> int:
    """How many septets the text takes.

    Raises:
        BadText: names the first character that the alphabet does not have.
    """
    foreign = foreign_characters(text)
    if foreign:
        raise BadText(
            f"The 7-bit alphabet of phones has no {foreign[0]}.",
            way_out="Write it with plain letters, straight quotes and hyphens.",
        )
    return fitting_septets(text)


def fitting_septets(text: str) -> int:
    """How many septets those characters take that the alphabet has; the others count as one."""
    return len(text) + sum(character in EXTENSION for character in text)


def foreign_characters(text: str) -> tuple[ForeignCharacter, ...]:
    """Every character that the alphabet does not have, in the order of the text."""
    return tuple(
        ForeignCharacter(
            character=character,
            at=at,
            name=unicodedata.name(character, f"U+{ord(character):04X}").lower(),
        )
        for at, character in enumerate(text)
        if character not in BASIC and character not in EXTENSION
    )
