"""Speech acts and forms: which were named right, and what the others were taken for."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tocsin.read.evaluation.items import Reading
from tocsin.read.evaluation.shares import Share
from tocsin.read.statement import Form, SpeechAct


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The texts of one label: how many were read as each of the names, in their order."""

    label: str
    counts: tuple[int, ...]
    right: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """Labels against readings.

    Attributes:
        names: what a text can be read as.
        right: the share that was read as its label says.
        rows: one for each label that occurs, in the order of `names`.
    """

    names: tuple[str, ...]
    right: Share
    rows: tuple[Row, ...]


def act_naming(readings: Iterable[Reading]) -> Naming:
    """Speech acts, of every text."""
    pairs = ((one.item.speech_act, one.statement.speech_act) for one in readings)
    return _naming(tuple(SpeechAct), pairs)


def form_naming(readings: Iterable[Reading]) -> Naming:
    """Forms, of the own threats whose label has one."""
    pairs = (
        (one.item.form, one.statement.form)
        for one in readings
        if one.item.is_threat and one.item.form is not Form.NONE
    )
    return _naming(tuple(Form), pairs)


def _naming(names: Sequence[StrEnum], pairs: Iterable[tuple[StrEnum, StrEnum]]) -> Naming:
    counted = Counter(pairs)
    rows = []
    for label in names:
        counts = tuple(counted[label, name] for name in names)
        if any(counts):
            right = Share(hits=counted[label, label], of=sum(counts))
            rows.append(Row(label=str(label), counts=counts, right=right))
    right = Share(hits=sum(row.right.hits for row in rows), of=sum(row.right.of for row in rows))
    return Naming(names=tuple(str(name) for name in names), right=right, rows=tuple(rows))
