"""Cuts a caller's words into clauses, with or without punctuation to go by."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.read.lexicon import words
from tocsin.read.tokens import Gap, Token


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """Tokens `start` to `end`, exclusive."""

    start: int
    end: int


def clauses(tokens: Sequence[Token]) -> tuple[Clause, ...]:
    """Clauses in order, without gap or overlap, together all tokens."""
    starts = [at for at in range(len(tokens)) if at == 0 or _begins(tokens, at)]
    ends = [*starts, len(tokens)][1:]
    return tuple(Clause(start=start, end=end) for start, end in zip(starts, ends, strict=True))


def owners(found: Sequence[Clause]) -> tuple[int, ...]:
    """For every token, the index of its clause."""
    return tuple(
        index for index, clause in enumerate(found) for _ in range(clause.start, clause.end)
    )


def _begins(tokens: Sequence[Token], at: int) -> bool:
    token, before = tokens[at], tokens[at - 1]
    if token.gap >= Gap.STOP:
        return True
    if token.word in words("clause_opener"):
        return before.word not in {"and", "but", "so", "even", "only", "or"}
    if token.word in {"and", "but", "so", "or", "then"}:
        return _opens_clause(tokens, at + 1)
    return before.word not in words("conjunction") and _opens_clause(tokens, at)


def _opens_clause(tokens: Sequence[Token], at: int) -> bool:
    """Whether a subject with its verb stands here."""
    if at + 1 >= len(tokens):
        return False
    word, following = tokens[at].word, tokens[at + 1].word
    if word in words("clause_opener"):
        return True
    is_subject = word in words("nominative") or word in {"you", "yall", "it", "there", "this"}
    has_verb = following in words("mood_word") or word in words("nominative")
    before = tokens[at - 1].word if at else ""
    return is_subject and has_verb and before not in words("content_opener")
