"""The small language of the lexicon: what a line of words matches.

    word            that word                      a|b         one of them
    <class>         a word of that class           ~verb       any form of that verb
    x?              x or nothing                   ..3         up to three words, within a sentence
    {np}            the words for who or what      {poss}      whose: "his", "that cop's"
    ^               a clause begins here           $           nothing more belongs to the verb

A line is tried only where its first word stands, every gap is bounded and no word is longer than
`tokens.LONGEST_WORD`, so that the time to search grows with the length of the text and no faster.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from tocsin.read import phrases
from tocsin.read.lexicon import sections, words
from tocsin.read.lexicon.inflect import VerbForm, forms
from tocsin.read.tokens import Gap, Token

DIGITS = "0-9"  # stands in a class for any word that begins with a digit


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One element of a line: a word out of `words`, up to `most` free words, or a named part."""

    words: frozenset[str] = frozenset()
    least: int = 1
    most: int = 1
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One line of a lexicon file, under the rule that its section names.

    Attributes:
        rule: the section.
        steps: the elements in order.
        verb: the forms of the leading verb, by spelling; empty where none leads.
        second: the words of the second step, where the first two have to be there: most places
            are passed over by a look at them.
        needed: the words of every step that has to be there.
    """

    rule: str
    steps: tuple[Step, ...]
    verb: dict[str, frozenset[VerbForm]] = field(default_factory=dict)
    second: frozenset[str] = frozenset()
    needed: tuple[frozenset[str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Where a pattern matched: tokens `start` to `end`, exclusive.

    Attributes:
        rule: the section of the pattern.
        start: index of the first token.
        end: index after the last.
        slot: tokens of `{np}` or `{poss}`, None where the line has none.
        forms: what form the leading verb may have; empty where no verb leads.
    """

    rule: str
    start: int
    end: int
    slot: tuple[int, int] | None = None
    forms: frozenset[VerbForm] = frozenset()


def compile_line(rule: str, line: str) -> Pattern:
    """The pattern of one line."""
    parts = line.split()
    verb: dict[str, frozenset[VerbForm]] = {}
    for choice in parts[0].split("|"):
        if choice.startswith("~"):
            verb.update(forms(choice[1:]))
    steps = tuple(_step(part) for part in parts)
    is_plain = len(steps) > 1 and all(step.words and step.least for step in steps[:2])
    second = steps[1].words if is_plain else frozenset()
    needed = tuple(step.words for step in steps if step.words and step.least)
    return Pattern(rule=rule, steps=steps, verb=verb, second=second, needed=needed)


def _step(part: str) -> Step:
    least = 1
    if part.endswith("?"):
        part, least = part[:-1], 0
    if part in {"{np}", "{poss}", "^", "$"}:
        return Step(part=part, least=least)
    if part.startswith(".."):
        return Step(part="..", least=0, most=int(part[2:]))
    return Step(words=_alternatives(part), least=least)


def _alternatives(part: str) -> frozenset[str]:
    found: set[str] = set()
    for choice in part.split("|"):
        if choice.startswith("<"):
            found |= words(choice.strip("<>"))
        elif choice.startswith("~"):
            found |= forms(choice[1:]).keys()
        else:
            found.add(choice)
    return frozenset(found)


class Lexicon:
    """The patterns of some files, found by their first word."""

    def __init__(self, names: Sequence[str]) -> None:
        self.by_first: dict[str, list[Pattern]] = defaultdict(list)
        for name in names:
            for rule, lines in sections(name).items():
                for line in lines:
                    self._add(compile_line(rule, line))

    def _add(self, pattern: Pattern) -> None:
        for step in pattern.steps:
            for word in step.words:
                self.by_first[word].append(pattern)
            if step.words and step.least:
                return

    def search(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """The longest hit of each rule at each place, in order of place."""
        spoken = {token.word for token in tokens}
        possible = {word: self._possible(word, spoken) for word in spoken}
        for start, token in enumerate(tokens):
            longest: dict[str, Hit] = {}
            following = tokens[start + 1].word if start + 1 < len(tokens) else ""
            for pattern in possible[token.word]:
                if pattern.second and not _fits(following, pattern.second):
                    continue
                hit = _match(pattern, tokens, start)
                if hit and (hit.rule not in longest or hit.end > longest[hit.rule].end):
                    longest[hit.rule] = hit
            yield from longest.values()

    def _possible(self, word: str, spoken: set[str]) -> list[Pattern]:
        """The patterns that a word may begin, all of whose other words are spoken at all."""
        found = self.by_first.get(word, [])
        if word[:1].isdigit():
            found = [*found, *self.by_first.get(DIGITS, [])]
        return [pattern for pattern in found if _is_possible(pattern, spoken)]


def _is_possible(pattern: Pattern, spoken: set[str]) -> bool:
    return all(DIGITS in needed or not needed.isdisjoint(spoken) for needed in pattern.needed)


@cache
def lexicon(*names: str) -> Lexicon:
    """The patterns of some lexicon files, compiled once."""
    return Lexicon(names)


def _match(pattern: Pattern, tokens: Sequence[Token], start: int) -> Hit | None:
    found = _Match(tokens, start).rest(pattern.steps, start, None)
    if found is None:
        return None
    end, slot = found
    verb = pattern.verb.get(tokens[start].word, frozenset())
    return Hit(rule=pattern.rule, start=start, end=end, slot=slot, forms=verb)


def _fits(word: str, wanted: frozenset[str]) -> bool:
    return word in wanted or (DIGITS in wanted and word[:1].isdigit())


_Slot = tuple[int, int] | None
_End = tuple[int, _Slot] | None


class _Match:
    """One try of one pattern at one place."""

    def __init__(self, tokens: Sequence[Token], start: int) -> None:
        self.tokens = tokens
        self.start = start

    def rest(self, steps: tuple[Step, ...], at: int, slot: _Slot) -> _End:
        """Where the steps end when they begin at `at`, and what filled their slot."""
        if not steps:
            return at, slot
        step, later = steps[0], steps[1:]
        if step.part:
            return self._part(step, later, at, slot)
        if self._is_open(at) and _fits(self.tokens[at].word, step.words):
            found = self.rest(later, at + 1, slot)
            if found is not None:
                return found
        return None if step.least else self.rest(later, at, slot)

    def _part(self, step: Step, later: tuple[Step, ...], at: int, slot: _Slot) -> _End:
        if step.part == "^":
            return self.rest(later, at, slot) if phrases.begins(self.tokens, at) else None
        if step.part == "$":
            return self.rest(later, at, slot) if phrases.ends(self.tokens, at) else None
        if step.part == "..":
            return self._gap(step.most, later, at, slot)
        for end in self._phrase_ends(step, at):
            found = self.rest(later, end, slot or (at, end))
            if found is not None:
                return found
        return None if step.least else self.rest(later, at, slot)

    def _phrase_ends(self, step: Step, at: int) -> list[int]:
        """Where the phrase may end, the longest first: "her and her mama", "her"."""
        if not self._is_open(at):
            return []
        is_noun = step.part == "{np}"
        find = phrases.noun_phrase if is_noun else phrases.possessive
        end = find(self.tokens, at)
        if end is None:
            return []
        joined = phrases.joined(self.tokens, end) if is_noun else None
        return [end] if joined is None else [joined, end]

    def _gap(self, most: int, later: tuple[Step, ...], at: int, slot: _Slot) -> _End:
        for skipped in range(most + 1):
            if skipped and not self._is_open(at + skipped - 1):
                return None
            found = self.rest(later, at + skipped, slot)
            if found is not None:
                return found
        return None

    def _is_open(self, at: int) -> bool:
        if at >= len(self.tokens):
            return False
        return at == self.start or self.tokens[at].gap < Gap.STOP
