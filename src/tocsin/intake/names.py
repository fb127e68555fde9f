"""Names and texts from outside, made fit to be shown and kept."""

import unicodedata

_LONGEST = 120


def plain_name(name: str) -> str:
    """The last part of a file name, without control, format or direction characters.

    The result is for showing only: no path of ours is ever built from it. A name of nothing but
    such characters becomes `unnamed`.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    return kept.strip()[:_LONGEST] or "unnamed"


def plain_text(text: str) -> str:
    """Text whose control characters, but line ends and tabs, are shown as U+FFFD.

    No word is lost; what cannot be written in a record or on a page becomes visible.
    """
    return "".join(
        "\ufffd" if unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" else c
        for c in text.replace("\r\n", "\n")
    )
