"""Drafts a bulletin's words from the record; a person edits and releases them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.assess import Answer, Opinion, Standing
from tocsin.listen import Word
from tocsin.read import Field, Span, Statement
from tocsin.warn.bulletin import Content

DOUBTFUL = 0.5
"""Words below this confidence are marked; at telephone quality fewer than half of them are right
(44.9 % at mu-law; docs/listening.md)."""

LONGEST_QUOTE = 1200
"""Characters of the caller's words that a bulletin carries."""

LISTED = 2
"""Targets and conditions that the safety line names; the others stand in the quotation."""

_OPENERS = frozenset(
    [
        "a",
        "all",
        "an",
        "any",
        "anybody",
        "anyone",
        "every",
        "everybody",
        "everyone",
        "her",
        "his",
        "if",
        "my",
        "our",
        "some",
        "that",
        "the",
        "their",
        "them",
        "these",
        "this",
        "those",
        "when",
        "whoever",
        "your",
    ]
)
"""Words that open a phrase and are written small inside a sentence."""

_NOT_SAID = {
    Field.TIME: "No time was said.",
    Field.PLACE: "No place was said.",
    Field.MEANS: "No weapon was named.",
    Field.TARGET: "Nobody was named as the target.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What a bulletin quotes: one text of one call, and how it was read.

    Attributes:
        text: the untouched text.
        words: with their confidence, for a heard text; empty for a note.
        statement: the reading of the text.
        caller: a sentence on the calling number.
        places: names of the areas and agencies that the text names, as the record spells them.
    """

    text: str
    words: Sequence[Word]
    statement: Statement
    caller: str
    places: tuple[str, ...]


def draft_content(quotation: Quotation, *, standing: Standing) -> Content:
    """The words of a first version: nothing in it that the record does not hold."""
    statement = quotation.statement
    not_known = [_NOT_SAID[field] for field in statement.not_said if field in _NOT_SAID]
    return Content(
        safety_line=_safety_line(statement, quotation.places),
        said=_quote(quotation),
        not_known=(
            *not_known,
            f"Who the caller is, is not known. {quotation.caller}".strip(),
            "Whether the voice is the caller's own, and live, is not known.",
        ),
        assessed=assessed_sentence(standing),
    )


def mark_doubts(text: str, words: Iterable[Word], *, start: int = 0, end: int | None = None) -> str:
    """The text, or the part of it, with each doubtful word written `[word?]`; none is left out."""
    end = len(text) if end is None else end
    parts, at = [], start
    for word in words:
        stop = word.offset + len(word.text)
        if word.confidence >= DOUBTFUL or word.offset < at or stop > end:
            continue
        parts += [text[at : word.offset], f"[{word.text}?]"]
        at = stop
    return "".join([*parts, text[at:end]])


def assessed_sentence(standing: Standing) -> str:
    """What people have answered, in one sentence; each answer with its name where they differ."""
    if not standing.is_assessed:
        return "NOT YET ASSESSED: nobody has judged whether this is specific or credible."
    return f"{_opinion(standing.specific)} {_opinion(standing.credible)}"


def _opinion(opinion: Opinion) -> str:
    words = {Answer.YES: "yes", Answer.NO: "no", Answer.NOT_YET_KNOWN: "not yet known"}
    name = opinion.question.value.capitalize()
    if not opinion.is_assessed:
        return f"{name}: not yet assessed."
    given = ", ".join(f"{words[one.answer]} ({one.person.name})" for one in opinion.assessments)
    return f"{name}: {given}." if not opinion.is_disputed else f"{name}: DISPUTED: {given}."


def _safety_line(statement: Statement, places: tuple[str, ...]) -> str:
    targets = statement.of(Field.TARGET)
    is_police = any(_kind(span) in {"officers", "agency"} for span in targets)
    heading = "OFFICER SAFETY" if is_police else "SAFETY"
    parts = [f"{heading}: threat against {_whom(targets)}"]
    if conditions := _conditions(statement):
        parts.append(f"condition: {conditions}")
    if places:
        parts.append(", ".join(places))
    return " - ".join(parts)


def _whom(targets: Sequence[Span]) -> str:
    """The targets as they were named; pronouns only where nothing else was."""
    named = [span for span in targets if ":" not in span.normalised]
    nouns = [span.text for span in named if _kind(span) != "pronoun"]
    return _listed(nouns or [span.text for span in named]) or "persons not named"


def _kind(target: Span) -> str:
    return target.normalised.partition(" ")[0]


def _conditions(statement: Statement) -> str:
    """What makes somebody a target, without the target and the place, which stand beside it."""
    others = (*statement.of(Field.TARGET), *statement.of(Field.PLACE))
    oaths = statement.of(Field.COMMITMENT)
    return _listed(
        _rest(span, others)
        for span in statement.of(Field.CONDITION)
        if not any(_overlap(span, oath) for oath in oaths)
    )


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _rest(span: Span, others: Sequence[Span]) -> str:
    """The first words of the span that no other span covers."""
    covered = [range(other.start, other.end) for other in others]
    kept = "".join(
        "\0" if any(span.start + at in part for part in covered) else letter
        for at, letter in enumerate(span.text)
    )
    return next((part for part in kept.split("\0") if len(part.strip()) > 1), "")


def _listed(texts: Iterable[str]) -> str:
    """At most three texts, each once, without those that lie inside another."""
    plain = list(dict.fromkeys(_in_sentence(text) for text in texts if text.strip()))
    kept = [
        text
        for text in plain
        if not any(text != other and text.lower() in other.lower() for other in plain)
    ]
    return ", ".join(kept[:LISTED])


def _in_sentence(text: str) -> str:
    """The text in the middle of a sentence: "Any cop" as "any cop", but "Harlow" as it is."""
    words = text.split()
    if words[0].lower() in _OPENERS:
        words[0] = words[0].lower()
    return " ".join(words)


def _quote(quotation: Quotation) -> str:
    """The whole text where it is short, else what lies around the spans; cuts are shown."""
    text = quotation.text.strip("\n")
    if len(quotation.text) <= LONGEST_QUOTE:
        return mark_doubts(quotation.text, quotation.words).strip("\n") if text else ""
    spans = quotation.statement.spans
    first = min((span.start for span in spans), default=0)
    last = max((span.end for span in spans), default=0)
    spare = max(0, LONGEST_QUOTE - (last - first)) // 2
    start = _word_edge(quotation.text, max(0, first - spare))
    end = _word_edge(quotation.text, min(len(quotation.text), start + LONGEST_QUOTE))
    body = mark_doubts(quotation.text, quotation.words, start=start, end=end)
    return f"{'... ' if start else ''}{body}{' ...' if end < len(quotation.text) else ''}"


def _word_edge(text: str, at: int) -> int:
    """The index at or before `at` where a word begins; `at` itself where none is near."""
    if at in (0, len(text)):
        return at
    space = text.rfind(" ", max(0, at - 80), at)
    return space + 1 if space >= 0 else at
