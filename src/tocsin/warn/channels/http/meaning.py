"""What an answer's status means for the message."""

from tocsin.errors import OutcomeUnknown, Undeliverable, Unreachable
from tocsin.warn.channels.http.exchange import Reply

FOR_NOW = frozenset({408, 409, 425, 429})
"""Refusals that pass: too slow, the same message in hand, too early, too many."""

PERHAPS_TAKEN = frozenset({302, 303, 502, 504})
"""The gateway may have taken it: another page shows what became of it, or a machine in front of it
did not hear its answer."""

LONGEST = 160
"""Characters of foreign words that a sentence of ours carries."""


def require_taken(reply: Reply, *, who: str) -> None:
    """Return when the gateway says that it has the message.

    Raises:
        Undeliverable: it never will take it.
        Unreachable: not now.
        OutcomeUnknown: it does not say.
    """
    if 200 <= reply.status < 300:
        return
    said = f"{who} answered {sentence_of(reply)}"
    if reply.status in PERHAPS_TAKEN:
        raise OutcomeUnknown(f"{said}: it may have taken the message.")
    if 300 <= reply.status < 400:
        raise Unreachable(
            f"{said}: it sends us elsewhere, and we do not follow.",
            way_out="Correct the address in the channel's settings.",
        )
    if 400 <= reply.status < 500 and reply.status not in FOR_NOW:
        raise Undeliverable(f"{said}.", way_out=_way_out(reply.status))
    pause = one_line(reply.headers.get("retry-after", ""))[:40]
    raise Unreachable(f"{said}{f'; try again after {pause}' if pause else ''}.")


def sentence_of(reply: Reply) -> str:
    """Its status in its own words."""
    return f"{reply.status} {one_line(reply.phrase)}".strip()


def one_line(text: str) -> str:
    """Foreign words, safe to be shown."""
    seen = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(seen.split())[:LONGEST]


def _way_out(status: int) -> str:
    if status in {401, 403, 407}:
        return "Correct the name, the secret or the rights that the settings give for it."
    return "Correct the address."
