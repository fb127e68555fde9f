"""Parts a text by who speaks: the caller's words, and those of call takers and officers.

Only written labels are believed ("Caller:", "Dispatcher:"). A text without them is the caller's.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.read.lexicon import words
from tocsin.read.tokens import Gap, Token

LONGEST_LABEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """The tokens of a text by speaker; labels belong to nobody."""

    caller: tuple[Token, ...]
    others: tuple[Token, ...]


def part(text: str, tokens: Sequence[Token]) -> Turns:
    """The caller's tokens and all others', each in order, a turn's first marked as such."""
    caller: list[Token] = []
    others: list[Token] = []
    current = caller
    begun = 0
    for at, token in enumerate(tokens):
        length = _label_length(text, tokens, at)
        if length:
            label = {word.word for word in tokens[at : at + length]}
            current = caller if label & words("label_caller") else others
            begun = at + length
        if at == begun:
            token = replace(token, gap=Gap.TURN)  # noqa: PLW2901
        if at >= begun:
            current.append(token)
    return Turns(caller=tuple(caller), others=tuple(others))


def _label_length(text: str, tokens: Sequence[Token], at: int) -> int:
    """How many tokens the label that begins here has; 0 where none does."""
    if tokens[at].gap < Gap.STOP:
        return 0
    for end in range(at + 1, min(at + LONGEST_LABEL, len(tokens)) + 1):
        last = tokens[end - 1]
        if text[last.end : last.end + 1] == ":":
            is_known = any(token.word in words("label") for token in tokens[at:end])
            return end - at if is_known else 0
    return 0
