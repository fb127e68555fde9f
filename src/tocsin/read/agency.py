"""Finds who does a thing and how firmly: walks left from a verb to its subject.

There is no parser: between a verb and its subject stand few kinds of words (auxiliaries, adverbs,
"and" with an earlier verb), and each says something of mood on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.read.lexicon import words
from tocsin.read.lexicon.inflect import VerbForm
from tocsin.read.tokens import Gap, Token


class Subject(StrEnum):
    """Who does it."""

    OWN = "own"
    GROUP = "group"
    YOU = "you"
    SOMEONE = "someone"
    THIRD = "third"
    UNSAID = "unsaid"

    @property
    def is_own(self) -> bool:
        """Whether the speaker counts himself in."""
        return self in {Subject.OWN, Subject.GROUP}


class Mood(StrEnum):
    """How the act stands to what is real."""

    WILL = "will"
    DOING = "doing"
    MAY = "may"
    WANTS = "wants"
    BARE = "bare"
    PAST = "past"
    ASKED = "asked"
    SUPPOSED = "supposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who does what a verb says.

    Attributes:
        subject: the doer.
        start: index of the token at which the subject, or what is left of it, begins.
        mood: how firmly.
        is_negated: whether "not" or its like stands with the verb.
        at: index of the subject's last token, or -1 where it is unsaid.
    """

    subject: Subject
    start: int
    mood: Mood
    is_negated: bool
    at: int = -1


FARTHEST = 16
FARTHEST_INFINITIVE = 6


def agency(tokens: Sequence[Token], verb: int, forms: frozenset[VerbForm]) -> Agency:
    """The doer of the verb at a token."""
    walk = _Walk(tokens, verb)
    walk.run()
    return Agency(
        subject=walk.subject,
        start=walk.start,
        mood=_mood(walk, forms),
        is_negated=walk.is_negated,
        at=walk.at if walk.subject is not Subject.UNSAID else -1,
    )


class _Walk:
    """The way left from one verb."""

    def __init__(self, tokens: Sequence[Token], verb: int) -> None:
        self.tokens = tokens
        self.verb = verb
        self.at = verb
        self.start = verb
        self.seen: list[str] = []
        self.subject = Subject.UNSAID
        self.is_joined = False
        self.strangers = 0
        self.is_over = False

    def run(self) -> None:
        while self.at > 0 and self.verb - self.at < FARTHEST and not self.is_over:
            if self.tokens[self.at].gap >= Gap.STOP:
                return
            self.at -= 1
            self._step(self.tokens[self.at].word)

    @property
    def is_negated(self) -> bool:
        negations = sum(word in words("negation") for word in self.seen)
        return negations > 0 and not any(word in words("eager") for word in self.seen)

    def _step(self, word: str) -> None:
        subject = self._subject_here(word)
        if subject is not None:
            self._end(subject)
        elif word in {"and", "or", "then"}:
            self.is_joined = True
        elif self._is_barrier(word):
            self.is_over = True
        elif self._is_aside(word):
            self.strangers += word == "'s"
        elif word in words("mood_word"):
            self._keep(word)
        elif not self.is_joined:
            self._stranger(word)

    def _subject_here(self, word: str) -> Subject | None:
        if self._is_subject(word):
            return _subject_of(word)
        if self._is_sent(word):
            return Subject.THIRD
        if self.is_joined and self._is_finite_subject(word):
            return _noun_subject(self.tokens, self.at)
        return None

    def _is_barrier(self, word: str) -> bool:
        """Whether another clause begins here; "after dark" begins none."""
        is_opener = word in words("clause_opener")
        return is_opener and self.tokens[self.at + 1].word not in words("hour")

    def _is_aside(self, word: str) -> bool:
        """Whether a word says nothing of the doer: an hour, "found alone", an owner's mark."""
        if word == "'s":
            return self.tokens[self.at + 1].word not in words("mood_word")
        is_description = bool(self.seen) and word in words("described")
        return is_description or word in words("hour") or word in words("clause_opener")

    def _stranger(self, word: str) -> None:
        if self.strangers >= self._patience():
            self.is_over = True
            return
        self.strangers += 1
        if self._is_noun_subject(word):
            self._end(_noun_subject(self.tokens, self.at))

    def _keep(self, word: str) -> None:
        self.seen.append(word)
        if not self.is_joined and not self.strangers:
            self.start = self.at

    def _patience(self) -> int:
        """How many unknown words may stand between: "i drove all night to kill him"."""
        is_infinitive = "to" in self.seen and not self._has_future_head()
        return FARTHEST_INFINITIVE if is_infinitive else 1

    def _has_future_head(self) -> bool:
        return any(word in words("future_head") or word in words("desire") for word in self.seen)

    def _is_subject(self, word: str) -> bool:
        if word in words("nominative"):
            return True
        following = self.tokens[self.at + 1].word
        if word in {"this", "that", "these", "those", "it"}:
            # "what it would be like to": an "it" before an infinitive is nobody
            return following in words("auxiliary") and "to" not in self.seen
        is_next = self.at + 1 == self.verb or following in words("mood_word")
        return word in words("subject_if_verb") and is_next and following != "to"

    def _is_sent(self, word: str) -> bool:
        """Whether somebody else is to do it: "i want them to", "tell somebody to"."""
        if self.tokens[self.at + 1].word != "to" or self.is_joined:
            return False
        if word in words("pronoun_object") or word in words("indefinite"):
            return True
        before = self.tokens[self.at - 1].word if self.at else ""
        return word in words("human") and before in words("sending")

    def _is_finite_subject(self, word: str) -> bool:
        """Whether, across "and", a noun stands right before its auxiliary: "the tree is ..."."""
        following = self.tokens[self.at + 1].word
        return following in words("auxiliary") and word not in words("stopper")

    def _is_noun_subject(self, word: str) -> bool:
        has_finite = any(seen in words("finite") for seen in self.seen)
        is_adjacent = self.at + 1 == self.verb and word in words("human")
        following = self.tokens[self.at + 1].word
        is_known = word in words("human") or word in words("reporter")
        is_doer = is_known and following in words("intending")
        return has_finite or is_adjacent or is_doer

    def _end(self, subject: Subject) -> None:
        self.subject = subject
        self.is_over = True
        if not self.is_joined:
            self.start = self.at


def _subject_of(word: str) -> Subject:
    if word in words("own"):
        return Subject.OWN
    if word in words("you"):
        return Subject.YOU
    return Subject.SOMEONE if word in words("someone") else Subject.THIRD


def _noun_subject(tokens: Sequence[Token], at: int) -> Subject:
    word = tokens[at].word
    is_any = at > 0 and tokens[at - 1].word == "a" and word in words("person")
    if word in words("someone") or is_any:
        return Subject.SOMEONE
    before = {token.word for token in tokens[max(0, at - 3) : at]}
    if word in words("own_purpose") and before & {"my", "our"}:
        return Subject.OWN
    is_group = word in words("own_group") and word.endswith(("s", "e", "d", "g", "w", "m"))
    if is_group and before & {"my", "our"}:
        return Subject.GROUP
    return Subject.THIRD


def _mood(walk: _Walk, forms: frozenset[VerbForm]) -> Mood:
    seen = set(walk.seen)
    if _is_question(walk):
        return Mood.ASKED
    if _is_supposed(walk):
        return Mood.SUPPOSED
    if _is_retold(walk) or _is_past(seen, forms):
        return Mood.PAST
    return _open_mood(seen, forms)


def _open_mood(seen: set[str], forms: frozenset[VerbForm]) -> Mood:
    """The mood of what is still to come, or goes on."""
    is_begun = bool(seen & {"going", "will"}) or {"about", "to"} <= seen
    if seen & words("desire") and not is_begun:
        return Mood.WANTS
    if seen & words("might"):
        return Mood.MAY
    return _firm_mood(seen, forms)


def _firm_mood(seen: set[str], forms: frozenset[VerbForm]) -> Mood:
    has_future = seen & words("will") or (seen & words("future_head") and "to" in seen | {"about"})
    if has_future or ("to" in seen and seen & words("purpose")):
        return Mood.WILL
    if seen & {"have", "has", "got", "need", "must"} and "to" in seen:
        return Mood.WILL
    if VerbForm.ING in forms and (seen & {"am", "is", "are"} or not seen):
        return Mood.DOING
    return Mood.BARE


def _is_past(seen: set[str], forms: frozenset[VerbForm]) -> bool:
    if seen & {"will", "shall", "going", "gonna"} and not seen & {"was", "were"}:
        return False
    if seen & {"was", "were", "did", "had", "used", "almost", "nearly"}:
        return True
    is_past_form = VerbForm.PAST in forms and not seen & words("base_follows")
    return is_past_form and "be" not in seen and "get" not in seen


def _is_question(walk: _Walk) -> bool:
    """Whether an auxiliary stands before the subject: "can i shoot him", "am i allowed to"."""
    if walk.subject is Subject.UNSAID or walk.at == 0:
        return False
    token = walk.tokens[walk.at]
    before = walk.tokens[walk.at - 1]
    if token.gap > Gap.NONE or before.word not in words("asking"):
        return False
    earlier = walk.tokens[walk.at - 2].word if walk.at > 1 and before.gap is Gap.NONE else ""
    return earlier not in words("mood_word") and earlier not in words("subject_before")


def _is_retold(walk: _Walk) -> bool:
    """Whether the doing is told of as once said or meant: "i never meant i'd hurt him"."""
    before = walk.tokens[walk.at - 1].word if walk.at else ""
    return before in {"meant", "said", "thought"} and "would" in walk.seen


def _is_supposed(walk: _Walk) -> bool:
    """Whether the doing itself is only supposed: "if i shoot him", "what if he stabs me"."""
    before = walk.at - 1
    return before >= 0 and walk.tokens[before].word in {"if", "unless", "whether", "suppose"}
