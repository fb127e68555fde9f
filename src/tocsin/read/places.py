"""Finds where: the center's own names first, else a preposition with a noun of place."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from tocsin.read.gazetteer import Gazetteer, Place, PlaceKind
from tocsin.read.lexicon import words
from tocsin.read.mentions import merged
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import lexicon
from tocsin.read.phrases import Thing
from tocsin.read.statement import Field
from tocsin.read.tokens import Gap, Token, tokenize

LONGEST_NAME = 6

Names = dict[tuple[str, ...], str]


def places(passage: Passage, gazetteer: Gazetteer) -> list[Mention]:
    """Every place that the caller names, in order."""
    named = _named(passage.tokens, _names(gazetteer))
    hits = lexicon("places.txt").search(passage.tokens)
    spoken = [
        Mention(
            field=Field.PLACE,
            start=hit.start,
            end=_extended(passage.tokens, hit.end),
            rule=f"place_{hit.rule}",
        )
        for hit in hits
    ]
    return merged([*named, *spoken])


def _extended(tokens: Sequence[Token], end: int) -> int:
    """Past the rest of a compound: "by the gas | stations", "on Route | 9"."""
    while end < len(tokens) and tokens[end].gap is Gap.NONE:
        word = tokens[end].word
        if word not in words("place_noun") and not word[:1].isdigit():
            break
        end += 1
    return end


def _named(tokens: Sequence[Token], names: Names) -> list[Mention]:
    """The gazetteer's names, each after a preposition or beside another of them."""
    found: list[Mention] = []
    at = 0
    while at < len(tokens) and names:
        length, key = _longest(tokens, at, names)
        if length and _is_placed(tokens, at, found):
            start = at - 1 if at and tokens[at - 1].word in words("preposition") else at
            found.append(_mention(start, at + length, key))
        at += max(1, length)
    return found


def _mention(start: int, end: int, key: str) -> Mention:
    """Ground is a place; an agency that is named is one that the caller means."""
    if key.startswith(f"{PlaceKind.AGENCY}:"):
        agency = f"{Thing.AGENCY} {key}"
        return Mention(
            field=Field.TARGET, start=start, end=end, rule="target_gazetteer", normalised=agency
        )
    return Mention(field=Field.PLACE, start=start, end=end, rule="place_gazetteer", normalised=key)


def _longest(tokens: Sequence[Token], at: int, names: Names) -> tuple[int, str]:
    """The length in tokens and the key of the longest name that begins here; 0 for none."""
    run: list[str] = []
    best = (0, "")
    for token in tokens[at : at + LONGEST_NAME]:
        if run and token.gap > Gap.PAUSE:
            break
        run.append(_sound(token.word))
        key = names.get(tuple(run))
        if key is not None:
            best = (len(run), key)
    return best


def _is_placed(tokens: Sequence[Token], at: int, found: Sequence[Mention]) -> bool:
    """Whether the words around say that a place is meant: names are words of the language too."""
    if tokens[at].is_name or at == 0:
        return tokens[at].is_name
    before = tokens[at - 1].word
    if before in words("preposition") or before in words("determiner"):
        return True
    is_listed = before in {"and", "or"} or tokens[at].gap is Gap.PAUSE
    return is_listed and bool(found) and at - found[-1].end <= 1


@lru_cache(maxsize=8)
def _names(gazetteer: Gazetteer) -> Names:
    return {run: place.key for place in gazetteer.places for run in _runs(place)}


def _runs(place: Place) -> list[tuple[str, ...]]:
    """Every way to hear the names of a place, as sequences of folded words."""
    spelled = [tokenize(name.replace("-", " ")) for name in place.names]
    return [tuple(_sound(token.word) for token in run) for run in spelled if run]


def _sound(word: str) -> str:
    """A spelling that a recogniser's slips share: "Harlowe", "Harlow"; "Centre", "Center"."""
    plain = (
        "".join(
            letter
            for letter in unicodedata.normalize("NFKD", word)
            if not unicodedata.combining(letter)
        )
        .replace("'", "")
        .replace(".", "")
    )
    if plain in _SAID_ALIKE:
        return _SAID_ALIKE[plain]
    for heard, kept in _SLIPS:
        plain = plain.replace(heard, kept)
    return _single(plain.removesuffix("e")) if len(plain) > 3 else plain


_SAID_ALIKE = {"saint": "st", "mount": "mt", "fort": "ft", "centre": "cntr", "center": "cntr"}
_SLIPS = (("ph", "f"), ("ck", "k"), ("ough", "o"), ("gh", ""), ("y", "i"), ("z", "s"), ("wh", "w"))


def _single(word: str) -> str:
    """Doubled letters once: "Harrlow", "Harlow"."""
    return "".join(letter for at, letter in enumerate(word) if at == 0 or letter != word[at - 1])
