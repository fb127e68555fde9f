"""Makes the forms of an English verb, so that the lexicon names each verb once."""

from enum import Enum
from functools import cache

from tocsin.read.lexicon import sections


class VerbForm(Enum):
    """How a verb stands in its clause."""

    BASE = "base"
    PRESENT = "present"
    ING = "ing"
    PAST = "past"


_VOWELS = "aeiou"
_PRESENT_OF_BE = ("am", "is", "are")


@cache
def forms(verb: str) -> dict[str, frozenset[VerbForm]]:
    """Every spelling of a verb with the forms that it may stand for."""
    past, ing = _irregular().get(verb, (_regular_past(verb), _ing(verb)))
    found: dict[str, set[VerbForm]] = {}
    spellings = {VerbForm.BASE: verb, VerbForm.PRESENT: _present(verb), VerbForm.ING: ing}
    for form, spelling in spellings.items():
        found.setdefault(spelling, set()).add(form)
    for spelling in past.split("/"):
        found.setdefault(spelling, set()).add(VerbForm.PAST)
    for spelling in _PRESENT_OF_BE if verb == "be" else ():
        found.setdefault(spelling, set()).add(VerbForm.PRESENT)
    found.setdefault(ing.removesuffix("g"), set()).add(VerbForm.ING)
    return {spelling: frozenset(kinds) for spelling, kinds in found.items()}


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    rows = (line.split() for line in sections("irregular.txt")["irregular"])
    return {row[0]: (row[1], row[2] if len(row) > 2 else _ing(row[0])) for row in rows}


def _present(verb: str) -> str:
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _regular_past(verb: str) -> str:
    if verb.endswith("e"):
        return verb + "d"
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return verb[:-1] + "ied"
    return _doubled(verb) + "ed"


def _ing(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return _doubled(verb) + "ing"


def _doubled(verb: str) -> str:
    """The stem before a vowel: a short last syllable doubles its consonant."""
    is_short = len(verb) > 2 and verb[-2] in _VOWELS and verb[-3] not in _VOWELS
    has_one_vowel = sum(letter in _VOWELS for letter in verb) == 1
    return verb + verb[-1] if is_short and has_one_vowel and verb[-1] not in "wxy" else verb
