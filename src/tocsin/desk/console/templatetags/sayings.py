"""Filters that say a value in words."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import template

from tocsin.assess import Role
from tocsin.desk.console import words
from tocsin.desk.console.deeds import sentence_of
from tocsin.desk.records.boards.told import Reach
from tocsin.intake import recognise_number
from tocsin.read import Field, Span, Statement
from tocsin.warn.draft import DOUBTFUL

register = template.Library()

_TABLES: Mapping[str, Mapping[Any, str]] = {
    "level": words.LEVELS,
    "level_sentence": words.LEVEL_SENTENCES,
    "act": words.ACTS,
    "act_sentence": words.ACT_SENTENCES,
    "form": words.FORMS,
    "field": words.FIELDS,
    "not_said": words.NOT_SAID,
    "kind": words.KINDS,
    "question": words.QUESTIONS,
    "question_help": words.QUESTION_HELP,
    "answer": words.ANSWERS,
    "reach": words.REACHES,
    "role": words.ROLES,
    "bulletin": words.BULLETINS,
    "acknowledged": words.ACKNOWLEDGED,
    "handed": words.HANDED,
    "channel": words.CHANNELS,
    "step": words.STEPS,
    "msg_type": words.MSG_TYPES,
    "scope": words.SCOPES,
}

register.filter("deed", sentence_of)


@register.filter
def say(value: Any, table: str) -> str:
    """The value in the words of a table of `words.py`; as it is where the table has none."""
    return _TABLES[table].get(value, str(value))


@register.filter
def roles(keys: list[str]) -> str:
    """A person's roles in words."""
    return ", ".join(words.ROLES[Role(key)] for key in keys) or "no role"


@register.filter
def reach_mark(reach: Reach) -> str:
    """Name of the shape that goes with a reach."""
    return reach.name.lower().replace("_", "-")


@register.filter
def by_field(statement: Statement) -> list[tuple[Field, list[Span]]]:
    """The spans of a statement by field, in the order in which a person asks for them."""
    order = (*words.FIRST, *(field for field in Field if field not in words.FIRST))
    found = [(field, list(statement.of(field))) for field in order]
    return [(field, spans) for field, spans in found if spans]


@register.filter
def key(number: int, kind: str) -> str:
    """An element's name on its page: `arrival-12`."""
    return f"{kind}-{number}"


@register.filter
def doubt(confidence: float) -> str:
    """Class of a word's confidence: `sure`, `fair`, `weak` or `doubtful`."""
    if confidence >= 0.9:
        return "sure"
    if confidence >= 0.75:
        return "fair"
    return "weak" if confidence >= DOUBTFUL else "doubtful"


@register.filter
def percent(share: float) -> str:
    """A share of one in whole percent."""
    return f"{share:.0%}"


@register.filter
def signed(weight: float) -> str:
    """A weight with its sign."""
    return f"{weight:+.2f}"


@register.filter
def dialable(number: str) -> str:
    """The number for a `tel:` link; empty for one that nobody may dial."""
    main, _, extension = number.partition("x")
    if not recognise_number(main).can_call_back:
        return ""
    digits = "".join(sign for sign in main if sign.isdigit() or sign == "+")
    return f"{digits};ext={extension.strip()}" if extension else digits


@register.filter
def cut(text: str, evidence: Any) -> str:
    """The characters of the text on which a piece of evidence rests."""
    return text[evidence.start : evidence.end]


@register.filter
def holds_any(rows: Iterable[Any], keys: Collection[str]) -> bool:
    """Whether the key of one of the rows is among these."""
    return any(row.key in keys for row in rows)
