"""Reads one text from its characters to a statement, step by step."""

from collections.abc import Sequence
from datetime import datetime

from tocsin.errors import BadText
from tocsin.listen.hearing import Word
from tocsin.read.act import speech_act
from tocsin.read.findings import Findings, find
from tocsin.read.form import form
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.passage import Mention, Passage, prepare
from tocsin.read.rules import signs
from tocsin.read.score import Scored, level_of, score
from tocsin.read.spans import spans
from tocsin.read.statement import Field, Form, Kind, Span, SpeechAct, Statement

LARGEST = 200_000  # bytes of UTF-8: an hour of fast speech is a quarter of it

SAYABLE = (
    Field.HARM,
    Field.TARGET,
    Field.CONDITION,
    Field.PLACE,
    Field.TIME,
    Field.MEANS,
    Field.GRIEVANCE,
    Field.GROUP,
    Field.COMMITMENT,
)
_REVIEWED = {SpeechAct.THIRD_PARTY_REPORT, SpeechAct.RETRACTION, SpeechAct.SELF_HARM}


def read(
    text: str,
    *,
    kind: Kind,
    gazetteer: Gazetteer = Gazetteer(),  # noqa: B008  frozen, so one serves all
    words: tuple[Word, ...] = (),
    started_at: datetime | None = None,
) -> Statement:
    """A statement of what the text says of a threat, and what it does not.

    Args:
        text: what was said or typed, up to `LARGEST` bytes; never changed.
        kind: where it comes from.
        gazetteer: the center's own names.
        words: the heard words with offsets into `text`; they give spans their seconds.
        started_at: when the call began, aware; times are put into RFC 3339 against it where
            the words leave no doubt. A naive one is not used.

    Raises:
        BadText: the text is too large or holds characters that are no text.
    """
    _check(text)
    passage = prepare(text, kind)
    is_aware = started_at is not None and started_at.tzinfo is not None
    found = find(passage, gazetteer, started_at if is_aware else None)
    seen = signs(passage, found)
    scored = score(passage, seen)
    act = speech_act(passage, found, seen, scored)
    marked = spans(passage, found, seen, act, words)
    return Statement(
        kind=kind,
        speech_act=act,
        form=_form(passage, found, scored) if act is SpeechAct.OWN_THREAT else Form.NONE,
        score=scored.score,
        level=level_of(scored.score),
        review=act in _REVIEWED,
        spans=marked,
        evidence=scored.evidence,
        not_said=_not_said(marked),
    )


def _check(text: str) -> None:
    try:
        size = len(text.encode())
    except UnicodeEncodeError as fault:
        raise BadText(
            f"The text holds half of a character at position {fault.start}.",
            way_out="Send it as UTF-8.",
        ) from fault
    if size > LARGEST:
        raise BadText(
            f"The text has {size:,} bytes; {LARGEST:,} are read at most.",
            way_out="Cut it into calls or notes and send each by itself.",
        )


def _form(passage: Passage, found: Findings, scored: Scored) -> Form:
    near = [mention for mention in found.mentions if _touches(mention, scored)]
    return form(scored.evidence, near)


def _touches(mention: Mention, scored: Scored) -> bool:
    return mention.start < scored.end and scored.start < mention.end


def _not_said(marked: Sequence[Span]) -> tuple[Field, ...]:
    said = {span.field for span in marked}
    return tuple(field for field in SAYABLE if field not in said)
