"""What the process that computes prices does: no rows, no settings; files and values alone."""

from dataclasses import dataclass
from pathlib import Path

from tocsin.desk.records.priceable import Priceable, Reckoned
from tocsin.posture.price import (
    NO_CALLS,
    Form,
    Roster,
    price,
    price_as_json,
    read_history,
    read_roster,
)
from tocsin.posture.price.roster import cars_in_pairs, cars_today


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What the child is given: what was asked, and where the files lie."""

    asked: Priceable
    calls: Path
    roster: Path | None


def compute(work: Work) -> Reckoned:
    """Do the work, in the child."""
    asked = work.asked
    history = read_history(work.calls.read_bytes(), asked.columns).history
    roster = _roster(work)
    forms = tuple(form for form in asked.forms if _can_be(form, roster))
    found = price(history, roster, forms, asked.settings, asked.seed)
    left_out = tuple(form.key for form in asked.forms if form not in forms)
    return Reckoned(answer=price_as_json(found), left_out=left_out)


def _roster(work: Work) -> Roster:
    if work.roster is not None:
        return read_roster(work.roster.read_bytes())
    if work.asked.cars is None:
        raise AssertionError("a price without any roster was asked for")
    return work.asked.cars


def _can_be(form: Form, roster: Roster) -> bool:
    """Whether the roster has cars enough, in its fullest hour, to answer a call under the form."""
    cars = cars_in_pairs(roster, [0.0] * len(roster.beats)) if form.two_to_a_car else None
    most = (cars_today(roster) if cars is None else cars).sum(axis=0).max()
    return bool(most >= (1 if form.two_cars == NO_CALLS else 2))
