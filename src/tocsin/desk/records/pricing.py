"""What the price of an order is computed from: the center's calls, its cars, what is assumed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from tocsin.desk.people.models import Agency
from tocsin.desk.records.models import CallHistory, Order, Price, Roster
from tocsin.desk.records.priceable import Priceable
from tocsin.errors import InputError
from tocsin.posture import Measure
from tocsin.posture.price import (
    AS_NOW,
    BOTH,
    PAIRS,
    TWO_CARS,
    Beat,
    Calls,
    Columns,
    Form,
    Service,
    Settings,
)
from tocsin.posture.price import Roster as Cars

SOME = "two_cars_to_some"
"""The form in which two cars go to some calls only; the other forms are named by the stage."""

SEED = 1
"""One for all: who asks again with the same facts gets the same price."""

WEEK = 168
EVENTS = 12 * (WEEK + 6)
"""Hours simulated for each form, so that a shorter stretch is tried more often."""

LOWEST = 9
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants to have computed, and assumes where the record does not know.

    Attributes:
        hours: how long a stretch, from the hour in which it is asked.
        kinds: types of call to which two cars would go.
        priorities: likewise.
        speed_kmh: of cars as the crow flies.
        hop_minutes, inside_minutes: from beat to beat and within one, where places are not known.
        service: minutes at a call by priority, where the history does not say; the last one counts
            for all further priorities.
    """

    hours: int
    kinds: tuple[str, ...] = ()
    priorities: tuple[int, ...] = ()
    speed_kmh: float = 40.0
    hop_minutes: float = 4.0
    inside_minutes: float = 3.0
    service: tuple[float, ...] = ()


def histories_of(center: Agency) -> QuerySet[CallHistory]:
    """The calls that the center gave, the latest first."""
    return CallHistory.objects.filter(center=center).select_related("exhibit", "by")


def rosters_of(center: Agency) -> QuerySet[Roster]:
    """The rosters that the center gave, the latest first."""
    return Roster.objects.filter(center=center).select_related("exhibit", "by")


def latest_history(center: Agency) -> CallHistory | None:
    """The calls from which prices of this center are computed; None where it gave none."""
    return histories_of(center).first()


def latest_roster(center: Agency) -> Roster | None:
    """The roster that the center gave last; None where it gave none."""
    return rosters_of(center).first()


def usual_wanted(order: Order, history: CallHistory | None, *, now: datetime) -> Wanted:
    """What is computed unless a person asks for something else.

    The stretch is until the order's review, at least four hours and at most a week. Two cars to
    some calls: to the types of the order, else to the most urgent priority.
    """
    left = (order.review_at - now) / _HOUR
    hours = min(WEEK, max(4, round(left)))
    urgent = sorted(int(one) for one in (history.priorities if history else {}))[:1]
    return Wanted(
        hours=hours,
        kinds=tuple(order.call_types),
        priorities=() if order.call_types else tuple(urgent),
        speed_kmh=float(settings.TOCSIN.posture.speed_kmh),
    )


def form_ordered(order: Order) -> str:
    """The form that the order's measures amount to; empty where they change no cars."""
    pairs = Measure.TWO_TO_A_CAR in order.measures
    cars = Measure.TWO_CARS_TO_A_CALL in order.measures
    if pairs and cars:
        return BOTH
    if pairs:
        return PAIRS
    if cars:
        return SOME if order.call_types else TWO_CARS
    return ""


def forms_compared(order: Order, wanted: Wanted) -> tuple[Form, ...]:
    """As it is now first; then each form that can be chosen."""
    every = Calls(every=True)
    some = Calls(kinds=frozenset(wanted.kinds), priorities=frozenset(wanted.priorities))
    forms = [
        Form(key=AS_NOW),
        Form(key=PAIRS, two_to_a_car=True),
        Form(key=TWO_CARS, two_cars=every),
    ]
    if wanted.kinds or wanted.priorities:
        forms.append(Form(key=SOME, two_cars=some))
    if form_ordered(order) == BOTH:
        calls = Calls(kinds=frozenset(order.call_types)) if order.call_types else every
        forms.append(Form(key=BOTH, two_to_a_car=True, two_cars=calls))
    return tuple(forms)


def settings_for(wanted: Wanted, *, zone: str, now: datetime) -> Settings:
    """The settings of the simulation; it begins in the hour of now.

    Raises:
        InputError: a number that cannot be.
    """
    if not 1 <= wanted.hours <= 4 * WEEK or len(wanted.service) > LOWEST:
        raise InputError(
            f"{wanted.hours} hours with {len(wanted.service)} service times cannot be computed.",
            way_out="Give 1 to 672 hours, and at most nine service times.",
        )
    local = now.astimezone(ZoneInfo(zone))
    last = wanted.service[-1:]
    minutes = [*wanted.service, *last * (LOWEST - len(wanted.service))]
    return Settings(
        speed_kmh=wanted.speed_kmh,
        detour=1.0,
        begins_hour=local.weekday() * 24 + local.hour,
        hours=wanted.hours,
        replications=min(100, max(12, EVENTS // (wanted.hours + 6))),
        hop_minutes=wanted.hop_minutes,
        inside_minutes=wanted.inside_minutes,
        service={rank: Service(mean_minutes=one) for rank, one in enumerate(minutes, start=1)},
    )


def unpriced(pk: int) -> Priceable | None:
    """The price that is to be computed; None where it has been, or was given up."""
    rows = Price.objects.select_related("order__threat__center")
    row = rows.filter(pk=pk, state=Price.State.ASKED).first()
    if row is None:
        return None
    assumed = row.assumed
    history = CallHistory.objects.select_related("exhibit").get(pk=assumed["history"])
    rosters = Roster.objects.select_related("exhibit")
    roster = rosters.get(pk=assumed["roster"]) if assumed["roster"] else None
    wanted = wanted_from(assumed["wanted"])
    zone = row.order.threat.center.zone
    return Priceable(
        pk=row.pk,
        calls=history.exhibit.sha256,
        columns=columns_from(history.columns),
        roster=roster.exhibit.sha256 if roster else "",
        cars=None if roster else cars_from(assumed["cars"]),
        forms=forms_compared(row.order, wanted),
        settings=settings_for(wanted, zone=zone, now=row.asked_at),
        seed=assumed["seed"],
    )


# As JSON, and back


def wanted_as_json(wanted: Wanted) -> dict[str, Any]:
    """What was wanted, as a price keeps it."""
    return asdict(wanted)


def wanted_from(body: Mapping[str, Any]) -> Wanted:
    """The same, read back."""
    lists = {name: tuple(body[name]) for name in ("kinds", "priorities", "service")}
    return Wanted(**{**body, **lists})


def columns_as_json(columns: Columns) -> dict[str, Any]:
    """The declaration of a file's columns, as its row keeps it."""
    return {
        **asdict(columns),
        "priorities": dict(columns.priorities),
        "leave_out": sorted(columns.leave_out),
    }


def columns_from(body: Mapping[str, Any]) -> Columns:
    """The same, read back."""
    return Columns(**{**body, "leave_out": frozenset(body["leave_out"])})


def cars_as_json(cars: Cars) -> list[dict[str, Any]]:
    """An assumed roster, as a price keeps it."""
    return [asdict(beat) for beat in cars.beats]


def cars_from(body: Sequence[Mapping[str, Any]]) -> Cars:
    """The same, read back."""
    return Cars(
        beats=tuple(
            Beat(
                key=one["key"],
                cars=tuple(one["cars"]),
                officers=tuple(one["officers"]),
                centre=tuple(one["centre"]) if one["centre"] else None,
                neighbours=tuple(one["neighbours"]),
            )
            for one in body
        )
    )
