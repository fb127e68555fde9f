"""An order in words: what it demands, of whom, and why, as messages and pages say it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tocsin.desk.people.models import Agency
from tocsin.desk.records import models
from tocsin.desk.records.standing import DRAWN, hours_from
from tocsin.posture import SENTENCES, BreakPlace, Measure
from tocsin.warn import Ordered
from tocsin.warn.recipients import Hours

AT_STATION = "Breaks are taken at a station."
"""What an order demands beside its measures where breaks have a place."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
"""Weekdays as people write them, Monday first."""
_EVERY_DAY = frozenset(range(7))


Row = models.Order
"""An order as it is kept, for those who pass it on and do not look into it."""


def whole_orders() -> QuerySet[models.Order]:
    """Orders with everything that their words and their telling ask of them."""
    return models.Order.objects.select_related(
        "threat__center", "bulletin__threat__center", "proposed_by", "ordered_by", "ended_by"
    ).prefetch_related("agencies__center", "areas", "joinings__agency__center", "joinings__by")


def joined_of(row: models.Order) -> list[Agency]:
    """The agencies that have joined it and not left."""
    return [one.agency for one in row.joinings.all() if one.left_at is None]


def agencies_of(row: models.Order) -> list[Agency]:
    """The agencies whose units it concerns wherever they are, named and joined, by name."""
    found = {one.pk: one for one in (*row.agencies.all(), *joined_of(row))}
    return sorted(found.values(), key=lambda one: one.name)


def measures_of(row: models.Order) -> tuple[str, ...]:
    """A sentence for each measure, in the order of the vocabulary."""
    chosen = {Measure(one) for one in row.measures}
    sentences = [SENTENCES[one] for one in Measure if one in chosen]
    if Measure.NO_SOLO_BREAKS in chosen and row.breaks_at == BreakPlace.STATION:
        sentences.append(AT_STATION)
    return tuple(sentences)


def whom_of(row: models.Order) -> str:
    """Whom it concerns, where, on which calls and in which hours."""
    parts = [", ".join(one.name for one in agencies_of(row))]
    grounds = [area.name for area in row.areas.all()] + ([DRAWN] if row.ground else [])
    if grounds:
        parts.append(f"everybody inside {', '.join(grounds)}")
    if row.call_types:
        parts.append(f"only on calls of type {', '.join(row.call_types)}")
    if row.shifts:
        parts.append(f"only {', '.join(shift_in_words(one) for one in row.shifts)}")
    return "; ".join(part for part in parts if part)


def shift_in_words(body: dict[str, Any]) -> str:
    """A shift as people write it: `nights: Mon Tue 22:00 to 06:00`."""
    hours = hours_from(body)
    name = f"{body['name']}: " if body.get("name") else ""
    return f"{name}{_days(hours)} {hours.starts:%H:%M} to {hours.ends:%H:%M}"


def _days(hours: Hours) -> str:
    if hours.weekdays == _EVERY_DAY:
        return "every day"
    return " ".join(DAYS[day] for day in sorted(hours.weekdays))


def ordered_of(row: models.Order) -> Ordered:
    """The order as messages tell it; a proposal as if it were ordered by nobody yet."""
    return Ordered(
        number=row.number,
        measures=measures_of(row),
        whom=whom_of(row),
        why=row.because,
        by=row.ordered_by.name if row.ordered_by else "nobody yet",
        at=row.ordered_at or row.proposed_at,
        review_at=row.review_at,
    )


def ended_of(row: models.Order, *, why: str, by: str, at: datetime) -> Ordered:
    """The same of its end, or of an agency's part in it."""
    return replace(ordered_of(row), why=why, by=by, at=at)


def centers_of_order(row: models.Order) -> Iterable[Agency]:
    """The centers whose pages show it: its own, and those of the agencies that it concerns."""
    found = {row.threat.center.pk: row.threat.center}
    for agency in agencies_of(row):
        center = agency.center or agency
        found[center.pk] = center
    return found.values()
