"""The stages' frozen values as JSON for a row, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tocsin.listen import Hearing, Indicator, Quality, Speech, Word
from tocsin.read import Evidence, Field, Form, Kind, Level, Span, SpeechAct, Statement
from tocsin.warn import Content


def as_json(value: Hearing | Statement | Content) -> dict[str, Any]:
    """The value as JSON objects and arrays; `digest_of` this is the digest of the value."""
    return {key: _plain(one) for key, one in asdict(value).items()}


def hearing_from(body: Mapping[str, Any]) -> Hearing:
    """The hearing that `as_json` wrote."""
    return Hearing(
        **{
            **body,
            "words": tuple(Word(**word) for word in body["words"]),
            "speech": tuple(Speech(**one) for one in body["speech"]),
            "quality": Quality(**body["quality"]),
            "indicators": tuple(Indicator(**one) for one in body["indicators"]),
            "peaks": tuple(body["peaks"]),
        }
    )


def statement_from(body: Mapping[str, Any]) -> Statement:
    """The statement that `as_json` wrote."""
    spans = (Span(**{**span, "field": Field(span["field"])}) for span in body["spans"])
    return Statement(
        kind=Kind(body["kind"]),
        speech_act=SpeechAct(body["speech_act"]),
        form=Form(body["form"]),
        score=body["score"],
        level=Level(body["level"]),
        review=body["review"],
        spans=tuple(spans),
        evidence=tuple(Evidence(**one) for one in body["evidence"]),
        not_said=tuple(Field(one) for one in body["not_said"]),
    )


def content_from(body: Mapping[str, Any]) -> Content:
    """The content that `as_json` wrote."""
    return Content(**{**body, "not_known": tuple(body["not_known"])})


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down, so that what is stored equals what is read again."""
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value
