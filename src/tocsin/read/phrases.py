"""Finds the words for who or what, without a parser: determiners, heads and where they stop."""

from collections.abc import Sequence
from enum import StrEnum

from tocsin.read.lexicon import words
from tocsin.read.tokens import Gap, Token


class Thing(StrEnum):
    """What kind of thing a phrase names."""

    POLICE = "officers"
    AGENCY = "agency"
    ROLE = "role"
    PERSON = "person"
    PRONOUN = "pronoun"
    PLACE = "place"
    ANIMAL = "animal"
    THING = "thing"
    BODY = "body"
    SPEAKER = "speaker"
    SELF = "self"
    UNKNOWN = "unknown"

    @property
    def is_human(self) -> bool:
        """Whether somebody can be hurt by what is done to it."""
        return self in _HUMAN


_HUMAN = {Thing.POLICE, Thing.AGENCY, Thing.ROLE, Thing.PERSON, Thing.PRONOUN}

LONGEST_PHRASE = 7


def begins(tokens: Sequence[Token], at: int) -> bool:
    """Whether a clause may begin at a token."""
    if at == 0 or at >= len(tokens):
        return at == 0
    return tokens[at].gap > Gap.NONE or tokens[at - 1].word in words("conjunction")


def ends(tokens: Sequence[Token], at: int) -> bool:
    """Whether nothing at a token belongs to the verb phrase before it."""
    if at >= len(tokens) or tokens[at].gap > Gap.NONE:
        return True
    return tokens[at].word in words("tail")


def noun_phrase(tokens: Sequence[Token], at: int) -> int | None:
    """The end of the phrase that begins at a token, or None where none does."""
    if tokens[at].word in words("pronoun_object") and not _owns(tokens, at):
        return _with_else(tokens, at + 1)
    start = at
    at = _skip_quantity(tokens, at)
    while at < len(tokens) and _is_near(tokens, at, start) and _leads(tokens[at].word, at > start):
        at += 1
    if at > start and at < len(tokens) and tokens[at].word in words("pronoun_object"):
        return _with_else(tokens, at + 1)
    end = _nouns(tokens, at, start)
    return end if end > at or at - start >= 1 else None


def joined(tokens: Sequence[Token], end: int) -> int | None:
    """The end of a second phrase joined by "and" to one that ends here, or None."""
    at = end + 1
    if at < len(tokens) and tokens[at].word == "then":
        at += 1
    if at >= len(tokens) or tokens[end].word not in {"and", "or"} or not _is_near(tokens, at):
        return None
    word = tokens[at].word
    is_phrase = (
        word in words("determiner") or word in words("possessive") or word in {"him", "them"}
    )
    return noun_phrase(tokens, at) if is_phrase else None


def possessive(tokens: Sequence[Token], at: int) -> int | None:
    """The end of "his", "your", "that cop's", "the judge's" beginning at a token, or None."""
    at = _skip_quantity(tokens, at)
    while at < len(tokens) and tokens[at].word in {"both", "all"}:
        at += 1
    if at >= len(tokens):
        return None
    is_loose = tokens[at].word in {"he", "she", "they", "them"} and at + 1 < len(tokens)
    if is_loose and tokens[at + 1].word in words("body"):
        return at + 1
    is_short = tokens[at].word in words("possessive")
    for end in range(at + 1, min(at + LONGEST_PHRASE, len(tokens))):
        is_owner = tokens[end].word == "is" and tokens[end - 1].word in words("indefinite")
        if tokens[end].word == "'s" or is_owner:
            return end + 1
        if tokens[end].gap > Gap.NONE or tokens[end].word in words("stopper"):
            break
        if tokens[end].word in words("body"):
            break
    return at + 1 if is_short else None


def kind_of(tokens: Sequence[Token], start: int, end: int) -> Thing:
    """What the phrase of tokens `start` to `end` names, by its last word that is known."""
    found = [token.word for token in tokens[start:end] if token.word != "'s"]
    if not found:
        return Thing.UNKNOWN
    if len(found) > 1 and found[-1] in words("body"):
        return Thing.SPEAKER if found[0] in {"my", "our"} else Thing.PRONOUN
    if len(found) == 1 and found[0] in _PRONOUNS:
        return _PRONOUNS[found[0]]
    return _by_head(found, tokens[start:end])


_PRONOUNS = {
    "me": Thing.SPEAKER,
    "us": Thing.SPEAKER,
    "i": Thing.SPEAKER,
    "we": Thing.SPEAKER,
    "myself": Thing.SELF,
    "ourselves": Thing.SELF,
    "himself": Thing.SELF,
    "herself": Thing.SELF,
    "themselves": Thing.SELF,
    "yourself": Thing.SELF,
    "him": Thing.PRONOUN,
    "her": Thing.PRONOUN,
    "them": Thing.PRONOUN,
    "you": Thing.PRONOUN,
    "yall": Thing.PRONOUN,
    "he": Thing.PRONOUN,
    "she": Thing.PRONOUN,
    "they": Thing.PRONOUN,
    "his": Thing.PRONOUN,
    "your": Thing.PRONOUN,
    "their": Thing.PRONOUN,
    "it": Thing.THING,
}

_HEADS = (
    ("police", Thing.POLICE),
    ("call_taker", Thing.POLICE),
    ("human", Thing.PERSON),
    ("body", Thing.BODY),
    ("animal", Thing.ANIMAL),
    ("thing", Thing.THING),
    ("building", Thing.PLACE),
    ("indefinite", Thing.PERSON),
)


def _by_head(found: list[str], tokens: Sequence[Token]) -> Thing:
    for word in reversed(found):
        for name, thing in _HEADS:
            if word in words(name):
                return _refined(word, thing, found)
    if found[0] in {"him", "them", "those", "these", "you"} or found[-1] in _PRONOUNS:
        return Thing.PRONOUN
    return Thing.PERSON if all(token.is_name for token in tokens) else Thing.UNKNOWN


def _refined(word: str, thing: Thing, found: list[str]) -> Thing:
    has_police = any(other in words("police") for other in found)
    if word in words("police_place"):
        return Thing.AGENCY
    if thing is Thing.PLACE and any(other in words("crowd_of") for other in found):
        return Thing.PERSON
    if thing is Thing.PLACE:
        return Thing.AGENCY if has_police else thing
    if has_police:
        return Thing.POLICE
    is_role = word in words("official") or word in words("worker") or word in words("medic")
    return Thing.ROLE if thing is Thing.PERSON and is_role else thing


def _leads(word: str, has_begun: bool) -> bool:
    return (
        word in words("determiner")
        or word in {"first", "next"}
        or (has_begun and word in words("modifier"))
    )


def _skip_quantity(tokens: Sequence[Token], at: int) -> int:
    """Past "every one of", "all of", "half of", "a couple of"."""
    for end in range(at + 1, min(at + 4, len(tokens))):
        if tokens[end].word == "of":
            return (
                end + 1 if all(token.word in words("counting") for token in tokens[at:end]) else at
            )
    return at


def _nouns(tokens: Sequence[Token], at: int, start: int) -> int:
    """The end of the run of nouns and adjectives that begins at `at`."""
    has_head = False
    limit = min(start + LONGEST_PHRASE, len(tokens))
    while at < limit and _is_near(tokens, at, start):
        word = tokens[at].word
        is_title = at > start and tokens[at - 1].word in words("title")
        if word in words("stopper") and not (word == "'s" and has_head):
            return at
        is_noun = word in words("human") or word in words("building") or word in words("thing")
        if has_head and not (is_noun or is_title or tokens[at].is_name or word == "'s"):
            return at
        has_head = has_head or is_noun
        at += 1
    return at


def _is_near(tokens: Sequence[Token], at: int, start: int = -1) -> bool:
    return at == start or tokens[at].gap is Gap.NONE


def _owns(tokens: Sequence[Token], at: int) -> bool:
    """Whether "her" or "one" only leads to a noun: "her roommate", "one of them"."""
    if at + 1 >= len(tokens) or tokens[at + 1].gap > Gap.NONE:
        return False
    word, following = tokens[at].word, tokens[at + 1].word
    if following == "of":
        return True
    is_noun = following in words("human") or following in words("building")
    return word == "her" and (is_noun or following in words("thing") or following in words("body"))


def _with_else(tokens: Sequence[Token], at: int) -> int:
    """Takes in what may follow a pronoun: "everyone else", "you all", "them boys", "you pigs"."""
    if at < len(tokens) and tokens[at].gap is Gap.NONE:
        before, word = tokens[at - 1].word, tokens[at].word
        is_plural = word.endswith("s") and word in words("human")
        if word in {"else", "all", "both"} or (before in {"them", "you", "yall"} and is_plural):
            return at + 1
    return at
