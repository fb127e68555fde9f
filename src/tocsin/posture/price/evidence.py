"""What is known for and against two officers to a car, to stand beside the price."""

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Side(StrEnum):
    """Which way a piece of evidence points, as far as it goes."""

    FOR = "for"
    AGAINST = "against"
    MIXED = "mixed"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One piece of evidence, with its limits.

    Attributes:
        key: its short name.
        side: for or against two officers to a car; `practice` is what departments did.
        says: what was found, in a sentence.
        measured: what was looked at, and how.
        not_measured: what it does not tell.
        source: who, where, when.
        address: where its text or abstract can be read.
        seen: "abstract", "foreword", "news" or "statement": how much of it was read.
    """

    key: str
    side: Side
    says: str
    measured: str
    not_measured: str
    source: str
    address: str
    seen: str


@cache
def evidence() -> tuple[Evidence, ...]:
    """All of it, in the order in which it is shown."""
    text = files("tocsin.posture.price").joinpath("evidence.json").read_text(encoding="utf-8")
    return tuple(Evidence(**{**one, "side": Side(one["side"])}) for one in json.loads(text))
