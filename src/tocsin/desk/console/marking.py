"""The form of a correction: a row for each span, that works without a mouse and without scripts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django import forms

from tocsin.desk.console import words
from tocsin.desk.records.correcting import (
    LONGEST_REASON,
    Amendment,
    Labels,
    Mark,
    find_mark,
    marks_of,
    places_of,
)
from tocsin.errors import InputError
from tocsin.read import Field, Form, Span, SpeechAct

MOST_ROWS = 150
"""Rows that a form takes: Django refuses more than a thousand fields."""

MOST_SHOWN = 100
"""Spans that a form shows; those behind them stay as they are."""

MORE = 3
"""Empty rows at the end, and how many more a press gives."""

_AROUND = 35
"""Characters on each side of a place that is offered."""

_OFFERED = 20
"""Places that are offered at most."""

_ROW = re.compile(r"span-(\d{1,3})-field")

FIELDS = (*words.FIRST, *(field for field in Field if field not in words.FIRST))
"""The fields in the order in which a person asks for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One of several places where the words stand, with the text around it."""

    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One span as a person edits it, each part as it was typed.

    Attributes:
        number: which row, from 1.
        field: what the words say; empty where it was not chosen.
        words: as typed.
        which: which of several places; empty where it was not said.
        at: where they stand already, or were selected; empty for a row typed by hand.
        is_removed: the span is to be taken out.
        fault: why it was not taken; empty where it was.
        stands: where the words stand, so that a person can say which are meant.
        nth: which place it is at, for words that stand several times; 0 where it does not matter.
    """

    number: int
    field: str = ""
    words: str = ""
    which: str = ""
    at: str = ""
    is_removed: bool = False
    fault: str = ""
    stands: tuple[Stand, ...] = ()
    nth: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return not (self.words.strip() or self.field or self.which or self.at)

    @property
    def mark(self) -> Mark:
        """The row as a mark.

        Raises:
            InputError: it does not say what the words say, or which are meant.
        """
        if self.field not in set(Field):
            raise InputError("It was not chosen what these words say.")
        if self.which and not _is_number(self.which):
            raise InputError("Which one is meant is a number, such as 2.")
        return Mark(
            field=Field(self.field),
            words=self.words,
            which=int(self.which) if self.which else None,
            at=int(self.at) if _is_number(self.at) else None,
        )


class CorrectionForm(forms.Form):
    """What a correction says beside its spans."""

    speech_act = forms.ChoiceField(
        choices=[(act.value, words.ACT_SENTENCES[act]) for act in SpeechAct],
        error_messages={"required": "It was not chosen what the caller does."},
    )
    form = forms.ChoiceField(
        choices=[(form.value, words.FORMS[form] or "no threat of his own") for form in Form],
        error_messages={"required": "It was not chosen how it is put."},
    )
    targets_police = forms.BooleanField(required=False)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    seen = forms.IntegerField(min_value=0, max_value=32_767)

    def amendment(self, marks: Iterable[Mark]) -> Amendment:
        """All that was entered, as the command takes it."""
        facts = self.cleaned_data
        return Amendment(
            speech_act=SpeechAct(facts["speech_act"]),
            form=Form(facts["form"]),
            targets_police=facts["targets_police"],
            marks=tuple(marks),
        )


def first_typed(labels: Labels, seen: int) -> dict[str, object]:
    """What the form holds before anybody has typed."""
    return {
        "speech_act": labels.speech_act.value,
        "form": labels.form.value,
        "targets_police": labels.targets_police,
        "seen": seen,
    }


def rows_of(spans: Iterable[Span], text: str) -> tuple[Row, ...]:
    """A row for each span as it is, and empty ones behind them."""
    shown = list(spans)[:MOST_SHOWN]
    rows = []
    for number, span in enumerate(shown, start=1):
        starts = [start for start, _ in places_of(span.text, text)]
        nth = starts.index(span.start) + 1 if len(starts) > 1 and span.start in starts else 0
        row = Row(number=number, field=span.field, words=span.text, at=str(span.start), nth=nth)
        rows.append(row)
    return with_more(tuple(rows))


def with_more(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows with a few empty ones behind them, as far as there is room."""
    first = rows[-1].number + 1 if rows else 1
    room = min(MORE, MOST_ROWS - len(rows))
    return (*rows, *(Row(number=first + more) for more in range(room)))


def rows_from(typed: Mapping[str, str]) -> tuple[Row, ...]:
    """The rows as they were sent, blank ones too, in their order.

    Raises:
        InputError: there are more than a form takes.
    """
    numbers = sorted({int(hit[1]) for name in typed if (hit := _ROW.fullmatch(name))})
    if len(numbers) > MOST_ROWS:
        raise InputError(f"A correction takes {MOST_ROWS} rows at the most.")
    return tuple(
        Row(
            number=number,
            field=typed.get(f"span-{number}-field", ""),
            words=typed.get(f"span-{number}-words", ""),
            which=typed.get(f"span-{number}-which", "").strip(),
            at=typed.get(f"span-{number}-at", ""),
            is_removed=bool(typed.get(f"span-{number}-remove")),
        )
        for number in numbers
    )


def checked(rows: Iterable[Row], text: str) -> tuple[Row, ...]:
    """The rows, each one that cannot be taken with its fault and the places to choose from."""
    return tuple(row if row.is_blank or row.is_removed else _checked(row, text) for row in rows)


def marks_from(rows: Iterable[Row], beyond: Iterable[Span]) -> tuple[Mark, ...]:
    """The marks of the rows that hold one and stay, and of the spans that no row showed."""
    kept = (row.mark for row in rows if not (row.is_blank or row.is_removed))
    return (*kept, *marks_of(beyond))


def _checked(row: Row, text: str) -> Row:
    try:
        find_mark(row.mark, text)
    except InputError as error:
        return replace(row, fault=error.for_person(), stands=_stands(row.words, text))
    return row


def _stands(typed: str, text: str) -> tuple[Stand, ...]:
    found = places_of(typed, text)
    if len(found) < 2:
        return ()
    return tuple(
        Stand(
            before=f"{'… ' if start > _AROUND else ''}{text[max(0, start - _AROUND) : start]}",
            words=text[start:end],
            after=f"{text[end : end + _AROUND]}{' …' if end + _AROUND < len(text) else ''}",
        )
        for start, end in found[:_OFFERED]
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 8
