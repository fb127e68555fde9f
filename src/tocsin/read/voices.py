"""Whose words these are: the speaker's own now, somebody else's, a story's, or his own of before.

Each quotation and each "he said" holds for its clause; the voice then falls back to the speaker.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.read.agency import Agency, Mood, Subject, agency
from tocsin.read.lexicon import words
from tocsin.read.lexicon.inflect import VerbForm
from tocsin.read.notes import Reporter
from tocsin.read.tokens import Gap, Token


class Voice(StrEnum):
    """Whose words a token belongs to."""

    SPEAKER = "speaker"
    OTHER = "other"
    MEDIA = "media"
    EARLIER = "earlier"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Words that hand the following ones to somebody, and which ones those are."""

    voice: Voice
    start: int
    end: int
    until: int


LONGEST_SAYING = 25
FARTHEST_QUOTE = 6


def attributions(tokens: Sequence[Token], reporter: Reporter | None) -> tuple[Attribution, ...]:
    """Every hand-over of the word, in order."""
    finder = _Finder(tokens, reporter)
    found = [finder.at(at) for at, token in enumerate(tokens) if token.word in words("speaking")]
    staged = [finder.staged(at) for at, token in enumerate(tokens) if finder.is_stage(token.word)]
    kept = [attribution for attribution in (*found, *staged) if attribution is not None]
    return tuple(sorted(kept, key=lambda attribution: attribution.end))


def voices(tokens: Sequence[Token], found: Sequence[Attribution]) -> tuple[Voice, ...]:
    """The voice of every token; where two claim one, the later to begin has it."""
    given = [Voice.SPEAKER] * len(tokens)
    for attribution in found:
        for at in range(attribution.end, attribution.until):
            given[at] = attribution.voice
    return tuple(given)


class _Finder:
    """Looks at one verb of saying at a time."""

    def __init__(self, tokens: Sequence[Token], reporter: Reporter | None) -> None:
        self.tokens = tokens
        self.reporter = reporter

    def at(self, at: int) -> Attribution | None:
        if not self._is_saying(at):
            return None
        form = VerbForm.ING if self.tokens[at].word.endswith("ing") else VerbForm.PAST
        who = agency(self.tokens, at, frozenset({form}))
        voice = self._voice(at, who)
        if voice is None:
            return None
        end = self._content(at + 1)
        start = min(who.start, at) if who.at < 0 else min(who.at, at)
        return Attribution(voice=voice, start=start, end=end, until=self._until(end))

    @staticmethod
    def is_stage(word: str) -> bool:
        """Whether a word names a film, a song or the like."""
        return word in words("media_strong")

    def staged(self, at: int) -> Attribution | None:
        """A quotation that follows the name of a film, a song or the like."""
        end = at + 1
        is_quote = self._opens_quote(end) or (
            end < len(self.tokens) and self.tokens[end].word in {"goes", "says", "reads"}
        )
        if not is_quote:
            return None
        return Attribution(voice=Voice.MEDIA, start=at, end=end, until=self._until(end))

    def _is_saying(self, at: int) -> bool:
        """Whether words follow: "wrote" and "goes" mostly mean something else."""
        word = self.tokens[at].word
        has_article = at > 0 and self.tokens[at - 1].word in words("article")
        if word not in words("seldom_saying") | words("phoning") and not has_article:
            return True
        near = [token.word for token in self.tokens[at + 1 : at + 4]]
        if word in words("phoning"):
            return "about" in near[:2]
        if word == "goes" or has_article:
            near = near[:1]
        return self._opens_quote(at + 1) or bool(set(near) & words("speech_start"))

    def _voice(self, at: int, who: Agency) -> Voice | None:
        if self._is_media(at):
            return Voice.MEDIA
        if self.reporter is not None:
            return self._voice_in_note(at, who, self.reporter)
        if who.subject.is_own:
            return Voice.EARLIER if self._is_reported(at, who) else None
        if who.subject is Subject.UNSAID:
            return self._voice_unsaid(at)
        return None if self._is_request(at, who) else Voice.OTHER

    def _is_request(self, at: int, who: Agency) -> bool:
        """Whether somebody is asked to say it, or anybody might: "you tell him"."""
        if who.subject is Subject.YOU:
            return self.tokens[at].word in {"tell", "say"}
        return who.subject is Subject.SOMEONE and who.mood is not Mood.PAST

    def _voice_unsaid(self, at: int) -> Voice | None:
        word = self.tokens[at].word
        if word in words("message"):
            return Voice.OTHER if self._opens_quote(at + 1) or self._has_giver(at) else None
        is_telling = word.endswith(("ing", "ed", "s")) or word in {"said", "told", "wrote"}
        before = self.tokens[at - 1].word if at else ""
        has_begun = at > 0 and self.tokens[at].gap < Gap.STOP and before not in words("own")
        return Voice.OTHER if is_telling and has_begun else None

    def _voice_in_note(self, at: int, who: Agency, reporter: Reporter) -> Voice | None:
        word = self.tokens[at].word
        if word in words("message"):
            return Voice.OTHER if self._has_giver(at) or self._opens_quote(at + 1) else None
        if who.at >= 0 and reporter.owns(who.at):
            return Voice.EARLIER if self._is_retold(at) else Voice.SPEAKER
        if not reporter.is_nested(at):
            return Voice.OTHER if self._is_later_person(who.at, reporter) else Voice.SPEAKER
        if who.at < 0:
            return Voice.OTHER if self._follows_intruder(at) else None
        return Voice.OTHER

    def _is_later_person(self, at: int, reporter: Reporter) -> bool:
        """Whether somebody speaks here who is named after the caller: "PATIENT STATED"."""
        return at > reporter.at >= 0 and self.tokens[at].word in words("intruder")

    def _is_retold(self, at: int) -> bool:
        """Whether the note tells what the caller had said: "STS SHE ONLY SAID SHE WOULD"."""
        following = {token.word for token in self.tokens[at + 1 : at + 5]}
        is_said = self.tokens[at].word in {"said", "told", "wrote", "posted", "threatened"}
        return is_said and bool(following & {"would"})

    def _follows_intruder(self, at: int) -> bool:
        near = range(max(0, at - 6), at)
        return any(
            self.tokens[other].word in words("intruder") and not self._is_reporter(other)
            for other in near
        )

    def _is_reporter(self, at: int) -> bool:
        return self.reporter is not None and self.reporter.at == at

    def _is_media(self, at: int) -> bool:
        near = [token.word for token in self.tokens[max(0, at - 5) : at]]
        return bool(set(near) & words("media_strong")) and self.tokens[at].gap < Gap.STOP

    def _has_giver(self, at: int) -> bool:
        near = {token.word for token in self.tokens[max(0, at - 5) : at]}
        return bool(near & words("receiving"))

    def _is_reported(self, at: int, who: Agency) -> bool:
        """Whether the speaker tells what he had said: "i said i'd kill him"."""
        following = [token.word for token in self.tokens[at + 1 : at + 6]]
        if self.tokens[at].word in words("phoning"):
            return following[:1] == ["about"] or following[1:2] == ["about"]
        is_past = who.mood is Mood.PAST or self.tokens[at].word in {"wrote", "posted", "said"}
        return is_past and bool({"would", "was", "were", "felt"} & set(following))

    def _content(self, at: int) -> int:
        """Past whom it was said to: "told my sister that"."""
        for end in range(at, min(at + 4, len(self.tokens))):
            word = self.tokens[end].word
            if self.tokens[end].gap > Gap.NONE or word in words("content_start"):
                return end
            if word == "that":
                return end + 1
        return min(at, len(self.tokens))

    def _opens_quote(self, at: int) -> bool:
        near = self.tokens[at : at + FARTHEST_QUOTE]
        return any(token.is_quoted for token in near) and not self._was_quoted(at)

    def _was_quoted(self, at: int) -> bool:
        return 0 < at <= len(self.tokens) and self.tokens[at - 1].is_quoted

    def _until(self, start: int) -> int:
        if self._opens_quote(start):
            return self._quote_end(start)
        last = min(start + LONGEST_SAYING, len(self.tokens))
        is_direct = self._is_direct(start)
        for at in range(start + 1, last):
            if self.tokens[at].gap >= Gap.STOP or self._returns(at, is_direct):
                return at
        return last

    def _quote_end(self, at: int) -> int:
        while at < len(self.tokens) and not self.tokens[at].is_quoted:
            at += 1
        while at < len(self.tokens) and self.tokens[at].is_quoted:
            at += 1
        return at

    def _is_direct(self, at: int) -> bool:
        """Whether the words are given as spoken: "he said i'm gonna kill you"."""
        near = [token.word for token in self.tokens[at : at + 2]]
        return near[:1] == ["i"] and bool(set(near) & words("mood_word"))

    def _returns(self, at: int, is_direct: bool) -> bool:
        """Whether the speaker's own words begin again here."""
        word, before = self.tokens[at].word, self.tokens[at - 1].word
        if word in {"please", "help"}:
            return True
        if is_direct:
            return word in {"he", "she"} and before not in {"when", "if", "until"}
        return word in {"i", "we"} and before not in {"if", "when", "that", "than", "where"}
