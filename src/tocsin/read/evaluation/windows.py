"""Cuts an ordinary call into windows such as the reader meets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHORTEST, TYPICAL, LONGEST = 5, 15, 40  # words

OPERATOR = "operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one side said before the other did."""

    role: str
    text: str


def windows(turns: Sequence[Turn], *, callers_only: bool) -> Iterator[str]:
    """A call in pieces of 5 to 40 words: of all turns, or without the operator's.

    Whole turns go together until there are 15 words; a longer one is cut at 40. A rest under 5
    words is left out.
    """
    pending: list[str] = []
    for turn in turns:
        if callers_only and turn.role == OPERATOR:
            continue
        words = pending + turn.text.split()
        whole = len(words) - len(words) % LONGEST
        for start in range(0, whole, LONGEST):
            yield " ".join(words[start : start + LONGEST])
        pending = words[whole:]
        if len(pending) >= TYPICAL:
            yield " ".join(pending)
            pending = []
    if len(pending) >= SHORTEST:
        yield " ".join(pending)
