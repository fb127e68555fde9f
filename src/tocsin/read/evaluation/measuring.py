"""Sets readings against labels: all figures of one file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from tocsin.read.evaluation.bars import Bar, bars
from tocsin.read.evaluation.items import Item, Reading
from tocsin.read.evaluation.marking import SpanScore, span_scores
from tocsin.read.evaluation.naming import Naming, act_naming, form_naming
from tocsin.read.evaluation.ranking import Ranking, Scores, ranking
from tocsin.read.evaluation.shares import Share, reaching

_GROUPS: dict[str, Callable[[Item], str]] = {
    "kind": lambda item: str(item.kind),
    "form": lambda item: str(item.form),
    "aimed at": lambda item: "police" if item.targets_police else "others",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one threshold does.

    Attributes:
        bar: the threshold.
        recall: own threats that reach it.
        alarms: the file's other texts that reach it.
        ordinary: windows of ordinary calls that reach it; None where there are none.
    """

    bar: Bar
    recall: Share
    alarms: Share
    ordinary: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The own threats that are alike in one thing, and their recall at each threshold."""

    by: str
    name: str
    recalls: tuple[Share, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standout:
    """A text that was scored worst, with what it was read as."""

    id: str
    score: float
    label: str
    read_as: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures of one file of labelled texts.

    Attributes:
        texts: how many there are.
        threats: how many of them are own threats.
        windows: how many windows of ordinary calls the thresholds rest on; 0 without.
        ranking: the order of the scores; None where threats or other texts are missing.
        operations: one for each threshold.
        groups: the own threats by kind, by form, and by whom they are aimed at.
        acts: speech acts.
        forms: forms of own threats.
        spans: the marked words, by field.
        misses: own threats with the lowest scores that are not suggested, the lowest first.
        alarms: other texts with the highest scores that are suggested, the highest first.
    """

    texts: int
    threats: int
    windows: int
    ranking: Ranking | None
    operations: tuple[Operation, ...]
    groups: tuple[Group, ...]
    acts: Naming
    forms: Naming
    spans: tuple[SpanScore, ...]
    misses: tuple[Standout, ...]
    alarms: tuple[Standout, ...]


def measure(readings: Sequence[Reading], *, ordinary: Scores | None, show: int) -> Evaluation:
    """The figures of these readings.

    Args:
        readings: labelled texts with what was read in them.
        ordinary: scores of windows of ordinary calls, all taken as harmless; None without.
        show: the most misses and the most alarms that are named.
    """
    threats = [one for one in readings if one.item.is_threat]
    others = [one for one in readings if not one.item.is_threat]
    thresholds = bars(ordinary)
    return Evaluation(
        texts=len(readings),
        threats=len(threats),
        windows=0 if ordinary is None else len(ordinary),
        ranking=ranking(_scores(threats), _scores(others)),
        operations=tuple(_operation(bar, threats, others, ordinary) for bar in thresholds),
        groups=_groups(threats, thresholds),
        acts=act_naming(readings),
        forms=form_naming(readings),
        spans=span_scores(readings),
        misses=_worst(threats, show, is_high=False),
        alarms=_worst(others, show, is_high=True),
    )


def _scores(readings: Sequence[Reading]) -> Scores:
    return np.array([one.statement.score for one in readings], dtype=np.float64)


def _operation(
    bar: Bar, threats: Sequence[Reading], others: Sequence[Reading], ordinary: Scores | None
) -> Operation:
    return Operation(
        bar=bar,
        recall=reaching(_scores(threats), bar.score),
        alarms=reaching(_scores(others), bar.score),
        ordinary=None if ordinary is None else reaching(ordinary, bar.score),
    )


def _groups(threats: Sequence[Reading], thresholds: Sequence[Bar]) -> tuple[Group, ...]:
    found = []
    for by, name_of in _GROUPS.items():
        names = sorted({name_of(one.item) for one in threats})
        for name in names:
            scores = _scores([one for one in threats if name_of(one.item) == name])
            recalls = tuple(reaching(scores, bar.score) for bar in thresholds)
            found.append(Group(by=by, name=name, recalls=recalls))
    return tuple(found)


def _worst(readings: Sequence[Reading], show: int, *, is_high: bool) -> tuple[Standout, ...]:
    """Those on the wrong side of the lowest threshold in use, the farthest first."""
    suggest = bars(None)[0].score
    wrong = [one for one in readings if (one.statement.score >= suggest) is is_high]
    wrong.sort(key=lambda one: one.statement.score, reverse=is_high)
    return tuple(
        Standout(
            id=one.item.id,
            score=one.statement.score,
            label=str(one.item.speech_act),
            read_as=str(one.statement.speech_act),
            text=one.item.text,
        )
        for one in wrong[:show]
    )
