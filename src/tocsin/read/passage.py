"""A text prepared for the rules: the caller's tokens, their clauses, and whose words they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.read import clauses as cutting
from tocsin.read import turns
from tocsin.read import voices as speaking
from tocsin.read.clauses import Clause
from tocsin.read.notes import Reporter
from tocsin.read.statement import Field, Kind
from tocsin.read.tokens import Token, tokenize
from tocsin.read.voices import Attribution, Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Tokens `start` to `end`, exclusive, that say something, and the rule that found them."""

    field: Field
    start: int
    end: int
    rule: str
    normalised: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What the rules read.

    Attributes:
        text: the untouched text.
        kind: where it comes from.
        tokens: the caller's tokens.
        others: the tokens of call takers and officers, where turns are labelled.
        clauses: the caller's clauses.
        clause_of: for every token, the index of its clause.
        attributions: hand-overs of the word.
        voices: for every token, whose words it belongs to.
        reporter: the caller of a note, None for anything else.
    """

    text: str
    kind: Kind
    tokens: tuple[Token, ...]
    others: tuple[Token, ...]
    clauses: tuple[Clause, ...]
    clause_of: tuple[int, ...]
    attributions: tuple[Attribution, ...]
    voices: tuple[Voice, ...]
    reporter: Reporter | None

    def words(self, start: int, end: int) -> Sequence[str]:
        """The folded words of tokens `start` to `end`, exclusive."""
        return [token.word for token in self.tokens[max(0, start) : end]]


def prepare(text: str, kind: Kind) -> Passage:
    """The passage of a text."""
    parted = turns.part(text, tokenize(text))
    tokens = parted.caller
    reporter = Reporter(tokens) if kind is Kind.NOTE and tokens else None
    attributions = speaking.attributions(tokens, reporter)
    found = cutting.clauses(tokens)
    return Passage(
        text=text,
        kind=kind,
        tokens=tokens,
        others=parted.others,
        clauses=found,
        clause_of=cutting.owners(found),
        attributions=attributions,
        voices=speaking.voices(tokens, attributions),
        reporter=reporter,
    )
