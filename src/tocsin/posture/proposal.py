"""Which measures the words of a threat bear on: proposed with their reason, never ordered.

Only what a statement reads as a condition or a place is looked at, and only phrases listed here
bear on anything. What bears on no measure of the vocabulary is said too, so that nobody takes a
proposal for all there is to do.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.posture.order import Measure
from tocsin.read import Field, Span, Statement

_PAIRS = (Measure.TWO_TO_A_CAR, Measure.NO_SOLO_BREAKS, Measure.NO_SOLO_FOOT_OR_MOTORCYCLE)

_ALONE = (
    r"\b(?:alone|lonesome|lonely|solo|single|lone|isolated)\b"
    r"|\b(?:by|to|ya|y)\W*(?:\w+\W+)?\W*(?:him|her|them|their|your|yall|ya'?ll|one|it)\W*sel(?:f|ves)\b"
    r"|\bon (?:his|her|their|your) own\b"
    r"|\b(?:without|with no|no) (?:a |any |his |her |their )?(?:partner|backup|back-up|escort)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bearing:
    """Words, the measures that they bear on, and why; no measure where none reaches them."""

    words: re.Pattern[str]
    measures: tuple[Measure, ...]
    why: str


def _bearing(words: str, measures: tuple[Measure, ...], why: str) -> _Bearing:
    return _Bearing(words=re.compile(words, re.IGNORECASE), measures=measures, why=why)


_ON_MOTORCYCLES = _bearing(
    r"\bmotorcycles?\b|\bmotor (?:cop|officer|unit)s?\b|\bfoot patrols?\b",
    (Measure.NO_SOLO_FOOT_OR_MOTORCYCLE,),
    "The words make whoever is outside a car the target.",
)

_ON_CONDITIONS = (
    _bearing(_ALONE, _PAIRS, "The words make whoever is alone the target."),
    _ON_MOTORCYCLES,
    _bearing(
        r"\bon (?:foot|(?:a |his |her |their )?(?:bike|bicycle|motor)s?)\b|\bwalking\b",
        (Measure.NO_SOLO_FOOT_OR_MOTORCYCLE,),
        "The words make whoever is outside a car the target.",
    ),
    _bearing(
        r"\b(?:eating|lunch|dinner|breakfast|coffee|on (?:a |his |her |their )?break)\b",
        (Measure.NO_SOLO_BREAKS,),
        "The words speak of officers at rest.",
    ),
    _bearing(
        r"\b(?:no|without|with no) (?:\w+ )?vests?\b|\bunarmou?red\b",
        (Measure.VESTS,),
        "The words make whoever wears no vest the target.",
    ),
    _bearing(
        r"(?<!out of )\buniforms?\b|\bbadges?\b|\bwearing blue\b",
        (Measure.BADGES_COVERED,),
        "The words make the uniform or the badge what marks the target.",
    ),
    _bearing(
        r"\boff[ -]duty\b|\bout of uniform\b|\bin (?:his|her|their|your) (?:sleep|bed|shower)\b"
        r"|\basleep\b|\bsleeping\b|\bat home\b",
        (),
        "The words speak of people off duty. No measure reaches them: say it in the bulletin.",
    ),
    _bearing(
        r"\b(?:after|before) dark\b|\bat night\b|\btonight\b",
        (),
        "The words name hours. They bear on the hours of an order, not on its measures.",
    ),
)

_ON_PLACES = (
    _bearing(
        r"\b(?:police |sheriff'?s? |fire ?)?(?:station|precinct|substation|headquarters|hq"
        r"|barracks|firehouse)s?\b",
        (Measure.STATIONS_CLOSED,),
        "The words name a station as the place.",
    ),
)

_BEARINGS = {
    Field.CONDITION: (*_ON_CONDITIONS, *_ON_PLACES),
    Field.TARGET: (_ON_MOTORCYCLES, *_ON_PLACES),
    Field.PLACE: _ON_PLACES,
}

_OFFICERS = frozenset({"officers", "agency", "role"})
_SOMEBODY = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A measure that words of the statement bear on, for a person to order or leave.

    Attributes:
        measure: what could be ordered; None where the words bear on no measure.
        reason: why, in words.
        quote: the words as they were said or typed.
        start, end: their characters in the statement's text.
    """

    measure: Measure | None
    reason: str
    quote: str
    start: int
    end: int


def propose(statement: Statement) -> tuple[Proposal, ...]:
    """Every measure that the statement's conditions and places bear on, each once.

    Nothing is proposed where no condition bears on a measure, and nothing is ordered.
    """
    if not _may_mean_officers(statement):
        return ()
    found: list[Proposal] = []
    for span in statement.spans:
        found += _borne(span, _BEARINGS.get(span.field, ()))
    return _once(found)


def _may_mean_officers(statement: Statement) -> bool:
    """Whether the words may be of officers: not where all that they name is somebody else."""
    kinds = {span.normalised.partition(" ")[0] for span in statement.of(Field.TARGET)}
    return bool(kinds & _OFFICERS) or _SOMEBODY not in kinds


def _borne(span: Span, bearings: Iterable[_Bearing]) -> list[Proposal]:
    """What the words of one span bear on."""
    return [
        Proposal(
            measure=measure,
            reason=f"“{span.text}”: {bearing.why}",
            quote=span.text,
            start=span.start,
            end=span.end,
        )
        for bearing in bearings
        if bearing.words.search(span.text)
        for measure in bearing.measures or (None,)
    ]


def _once(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Each measure by the first words that bear on it; of words without a measure, all."""
    kept: dict[object, Proposal] = {}
    for one in found:
        kept.setdefault(one.measure or (one.reason, one.start), one)
    return tuple(kept.values())
