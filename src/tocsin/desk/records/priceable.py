"""A price on its way to the process that computes it, and back: values alone, no rows."""

from dataclasses import dataclass, field
from typing import Any

from tocsin.posture.price import Columns, Form, Settings
from tocsin.posture.price import Roster as Cars


@dataclass(frozen=True, slots=True, kw_only=True)
class Priceable:
    """A price that was asked for, with all that computing it takes.

    Attributes:
        pk: of its row.
        calls: digest of the history in the store.
        columns: of that file.
        roster: digest of the roster in the store; empty where it is assumed.
        cars: the roster that is assumed; None where there is a file.
        forms: to be compared.
        settings: of the simulation.
        seed: of its chance.
    """

    pk: int
    calls: str
    columns: Columns
    roster: str
    cars: Cars | None
    forms: tuple[Form, ...]
    settings: Settings
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoned:
    """What came of computing: the price as JSON, and the forms that the roster cannot man."""

    answer: dict[str, Any]
    left_out: tuple[str, ...] = field(default=())
