"""Drawn ground as lines of text: what a map shows, for who works without one.

A corner on each line, latitude first, as people say it and as maps on paper have it. An empty line
ends a piece of ground; the word `hole` on a line of its own begins a hole in the piece above it.
"""

import re
from collections.abc import Iterable

from tocsin.errors import InputError
from tocsin.warn.recipients import Drawn

_NUMBER = r"[-+]?\d{1,3}(?:\.\d{1,12})?"
_CORNER = re.compile(rf"({_NUMBER})[ \t]*[,; \t][ \t]*({_NUMBER})", re.ASCII)
_HOLE = "hole"

Rings = list[list[list[float]]]
"""The outer ring of a piece, then its holes; corners as [longitude, latitude]."""


def read_grounds(text: str) -> list[Rings]:
    """The pieces of ground that the lines name, as GeoJSON has their rings.

    Raises:
        InputError: names the line that cannot be read.
    """
    pieces: list[Rings] = []
    is_inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.strip()
        if not words:
            is_inside = False
        elif words.casefold() == _HOLE and is_inside:
            pieces[-1].append([])
        else:
            corner = _corner(words, number)
            if not is_inside:
                pieces.append([[]])
            pieces[-1][-1].append(corner)
            is_inside = True
    return pieces


def write_grounds(drawn: Iterable[Drawn]) -> str:
    """The pieces as lines that `read_grounds` reads back as they are."""
    pieces = (f"\n{_HOLE}\n".join(_lines(ring) for ring in one.rings) for one in drawn)
    return "\n\n".join(pieces)


def _lines(ring: Iterable[tuple[float, float]]) -> str:
    corners = [f"{_plain(latitude)}, {_plain(longitude)}" for longitude, latitude in ring]
    return "\n".join(corners[:-1])  # the last is the first


def _plain(degrees: float) -> str:
    return f"{degrees:.6f}".rstrip("0").rstrip(".")


def _corner(words: str, number: int) -> list[float]:
    found = _CORNER.fullmatch(words)
    if found is None:
        raise InputError(
            f"Line {number} of the ground is no corner: {words[:60]!r}.",
            way_out="Write latitude, comma, longitude in degrees, as in 39.18, -105.17.",
        )
    return [float(found[2]), float(found[1])]
