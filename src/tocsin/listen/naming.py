"""How a sentence names a file, whatever somebody called it."""

from pathlib import Path

_LONGEST = 80


def called(path: Path) -> str:
    """The file's own name in quotes, fit for a sentence on any screen.

    Control characters, and those that turn the reading direction, are written as their code
    (`\\u202e`): a name must not rearrange the sentence that it stands in.
    """
    name = path.name or str(path)
    if len(name) > _LONGEST:
        name = f"{name[: _LONGEST // 2]}…{name[-_LONGEST // 2 :]}"
    shown = "".join(sign if sign.isprintable() else _code(sign) for sign in name)
    return f"“{shown}”"


def _code(sign: str) -> str:
    return sign.encode("unicode_escape", "surrogatepass").decode("ascii")
