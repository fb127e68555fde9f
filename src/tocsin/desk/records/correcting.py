"""What a person says that a text says, beside the machine's reading: values alone, no rows.

A person names words; they are found in the text, which is never changed. Where the same words
stand several times, he says which.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from tocsin.errors import InputError
from tocsin.listen import Word
from tocsin.read import Field, Form, Span, SpeechAct
from tocsin.read import Statement as Read

LONGEST_WORDS = 500
"""Characters of the words that one mark names."""

LONGEST_REASON = 1000
"""Characters of the reason of a correction."""

MOST_MARKS = 10_000
"""Marks of one correction; the longest text that is read has fewer."""

BY_PERSON = "person"
"""The rule of a span that no rule found."""

_APOSTROPHES = "'’ʼ"
_POLICE = frozenset({"officers", "agency"})
"""Kinds of target, as the reading names them, that are police or other law enforcement."""

_NEVER_MISSED = frozenset({Field.ATTRIBUTION, Field.RETRACTION})
"""Fields that nobody is told are not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What a text says, as the machine or a person has it.

    Attributes:
        speech_act: what the speaker does.
        form: how an own threat is put; NONE for anything else.
        targets_police: whether the violence is aimed at police or dispatch.
        spans: in order of their start, each once.
    """

    speech_act: SpeechAct
    form: Form
    targets_police: bool
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words to which a person gives a meaning.

    Attributes:
        field: what they say.
        words: as he typed or selected them.
        which: which of the places where they stand, counted from 1; None where he did not say.
        at: index of the character at which they stood, or were selected; None where unknown.
    """

    field: Field
    words: str
    which: int | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A whole correction as a person enters it."""

    speech_act: SpeechAct
    form: Form
    targets_police: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where a person's labels differ from the machine's.

    Attributes:
        has_other_act: the speech act or the form is another one.
        has_other_aim: whether it is aimed at police is another answer.
        added: spans that the machine has not.
        removed: spans that only the machine has.
    """

    has_other_act: bool
    has_other_aim: bool
    added: tuple[Span, ...]
    removed: tuple[Span, ...]

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not (self.has_other_act or self.has_other_aim or self.added or self.removed)


def machine_labels(read: Read) -> Labels:
    """The machine's reading as labels."""
    kinds = (span.normalised.partition(" ")[0] for span in read.of(Field.TARGET))
    return Labels(
        speech_act=read.speech_act,
        form=read.form,
        targets_police=any(kind in _POLICE for kind in kinds),
        spans=read.spans,
    )


def labels_json(labels: Labels) -> dict[str, Any]:
    """The labels as JSON objects and arrays."""
    return {**asdict(labels), "spans": [asdict(span) for span in labels.spans]}


def labels_from(body: Mapping[str, Any]) -> Labels:
    """The labels that `labels_json` wrote."""
    spans = (Span(**{**span, "field": Field(span["field"])}) for span in body["spans"])
    return Labels(
        speech_act=SpeechAct(body["speech_act"]),
        form=Form(body["form"]),
        targets_police=body["targets_police"],
        spans=tuple(spans),
    )


def with_labels(read: Read, labels: Labels) -> Read:
    """The reading as a page shows it with a person's labels; score and level stay the machine's."""
    told = {*read.not_said, *(span.field for span in read.spans)} - _NEVER_MISSED
    said = {span.field for span in labels.spans}
    return replace(
        read,
        speech_act=labels.speech_act,
        form=labels.form,
        spans=labels.spans,
        not_said=tuple(field for field in Field if field in told - said),
    )


def difference(machine: Labels, person: Labels) -> Difference:
    """Where the person's labels differ from the machine's."""
    had = {_place(span) for span in machine.spans}
    has = {_place(span) for span in person.spans}
    return Difference(
        has_other_act=(machine.speech_act, machine.form) != (person.speech_act, person.form),
        has_other_aim=machine.targets_police != person.targets_police,
        added=tuple(span for span in person.spans if _place(span) not in had),
        removed=tuple(span for span in machine.spans if _place(span) not in has),
    )


def places_of(words: str, text: str) -> tuple[tuple[int, int], ...]:
    """Where the words stand in the text, first and after-last character, in order.

    Capitals, the shape of an apostrophe and the length of a gap make no difference. Whole words
    count; only where there are none, parts of words.
    """
    parts = [_spelled(part) for part in words.split()]
    if not parts:
        return ()
    found = r"\s+".join(parts)
    for pattern in (rf"(?<!\w)(?=({found})(?!\w))", rf"(?=({found}))"):
        if spans := tuple(hit.span(1) for hit in re.finditer(pattern, text, re.IGNORECASE)):
            return spans
    return ()


def find_mark(mark: Mark, text: str) -> tuple[int, int]:
    """Where the marked words stand in the text: first and after-last character.

    Raises:
        InputError: there are none, they are not in the text, or it is not said which are meant.
    """
    if not mark.words.strip():
        raise InputError("There are no words.", way_out="Type them, or take the row out.")
    if mark.which is None and mark.at is not None and (stands := _stands_at(mark, text)):
        return stands
    if len(mark.words) > LONGEST_WORDS:
        raise InputError(f"The words are longer than {LONGEST_WORDS} characters.")
    shown, found = _shown(mark.words), places_of(mark.words, text)
    if not found:
        raise InputError(
            f"{shown} does not stand in the text.", way_out="Type the words as they stand there."
        )
    if len(found) == 1:
        return found[0]
    if mark.which is None:
        raise InputError(
            f"{shown} stands {len(found)} times in the text.",
            way_out=f"Say which one is meant: a number from 1 to {len(found)}.",
        )
    if not 1 <= mark.which <= len(found):
        raise InputError(
            f"{shown} stands {len(found)} times in the text: there is no number {mark.which}."
        )
    return found[mark.which - 1]


def amended(given: Amendment, text: str, *, known: Sequence[Span], words: Sequence[Word]) -> Labels:
    """The person's labels, each span at its characters and, where the words were heard, seconds.

    Args:
        given: as entered.
        text: untouched.
        known: spans of the versions before, whose fixed forms are kept where they stay as they are.
        words: of the hearing that the text comes from.

    Raises:
        InputError: words that cannot be found, an own threat without a form, too many marks.
    """
    if len(given.marks) > MOST_MARKS:
        raise InputError(f"There are more than {MOST_MARKS:,} marks.")
    is_threat = given.speech_act is SpeechAct.OWN_THREAT
    if is_threat and given.form is Form.NONE:
        raise InputError("An own threat has a form.", way_out="Choose how it is put.")
    before = {_place(span): span for span in known}
    spans = {}
    for mark in given.marks:
        start, end = find_mark(mark, text)
        place = (mark.field, start, end)
        spans[place] = before.get(place) or _new_span(mark.field, text, (start, end), words)
    ordered = sorted(spans.values(), key=lambda span: (span.start, span.end, span.field))
    return Labels(
        speech_act=given.speech_act,
        form=given.form if is_threat else Form.NONE,
        targets_police=given.targets_police,
        spans=tuple(ordered),
    )


def marks_of(spans: Iterable[Span]) -> tuple[Mark, ...]:
    """Marks that leave these spans as they are."""
    return tuple(Mark(field=span.field, words=span.text, at=span.start) for span in spans)


def cut_up(text: str, spans: Sequence[Span]) -> list[tuple[str, tuple[Field, ...]]]:
    """The whole text in pieces, each with what the spans that cover it say."""
    opens: dict[int, list[Field]] = defaultdict(list)
    closes: dict[int, list[Field]] = defaultdict(list)
    for span in spans:
        opens[span.start].append(span.field)
        closes[span.end].append(span.field)
    pieces, inside = [], Counter[Field]()
    for start, end in pairwise(sorted({0, len(text), *opens, *closes})):
        inside.update(opens[start])
        inside.subtract(closes[start])
        pieces.append((text[start:end], tuple(field for field in Field if inside[field])))
    return pieces


def _place(span: Span) -> tuple[Field, int, int]:
    return span.field, span.start, span.end


def _spelled(part: str) -> str:
    """The pattern of one typed word, whatever apostrophe its writer has."""
    signs = (f"[{_APOSTROPHES}]" if sign in _APOSTROPHES else re.escape(sign) for sign in part)
    return "".join(signs)


def _stands_at(mark: Mark, text: str) -> tuple[int, int] | None:
    """The words where they stood, or None where they do not stand there (any more)."""
    at = mark.at or 0
    pattern = r"\s+".join(_spelled(part) for part in mark.words.split())
    hit = re.compile(pattern, re.IGNORECASE).match(text, at) if 0 <= at < len(text) else None
    return hit.span() if hit else None


def _new_span(field: Field, text: str, place: tuple[int, int], words: Sequence[Word]) -> Span:
    start, end = place
    heard = [one for one in words if one.offset < end and one.offset + len(one.text) > start]
    return Span(
        field=field,
        start=start,
        end=end,
        text=text[start:end],
        rule=BY_PERSON,
        start_at=heard[0].start if heard else None,
        end_at=heard[-1].end if heard else None,
    )


def _shown(words: str) -> str:
    """The words for a sentence, cut where they are long."""
    line = " ".join(words.split())
    return f"“{line[:60]} …”" if len(line) > 60 else f"“{line}”"
