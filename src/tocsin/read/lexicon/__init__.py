"""The words the reader knows, as plain text beside this file.

Each file holds sections: a name in square brackets, then one entry a line; `#` begins a comment.
`words.txt` and its neighbours hold word classes, several words a line; the files of patterns are
described in `tocsin.read.pattern`.
"""

from functools import cache
from importlib.resources import files

WORD_FILES = ("people.txt", "grammar.txt", "things.txt", "notes.txt")


@cache
def sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of every section of one file, in order."""
    found: dict[str, list[str]] = {}
    section = ""
    for raw in files(__name__).joinpath(name).read_text(encoding="utf-8").splitlines():
        line = "" if raw.startswith("#") else raw.partition("  #")[0].strip()
        if line.startswith("["):
            section = line.strip("[]")
            found.setdefault(section, [])
        elif line:
            found[section].append(line)
    return {section: tuple(lines) for section, lines in found.items()}


@cache
def words(name: str) -> frozenset[str]:
    """All words of one class; `+other` in a class takes another one in."""
    found: set[str] = set()
    for entry in " ".join(_class_lines()[name]).split():
        found |= words(entry[1:]) if entry.startswith("+") else {entry}
    return frozenset(found)


@cache
def folds() -> dict[str, tuple[str, ...]]:
    """Spellings that stand for other words: `gonna = going to`."""
    pairs = (line.split("=") for line in sections("folds.txt")["fold"])
    return {left.strip(): tuple(right.split()) for left, right in pairs}


@cache
def _class_lines() -> dict[str, tuple[str, ...]]:
    return {name: lines for file in WORD_FILES for name, lines in sections(file).items()}
