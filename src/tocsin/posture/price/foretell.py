"""The price of an order: each form tried on the same invented stretches, and what that says."""

from dataclasses import dataclass

import numpy as np

from tocsin.errors import InputError
from tocsin.posture.price.assumed import HOURS, Settings, check_settings
from tocsin.posture.price.figures import FEW, KINDS, Named, measure
from tocsin.posture.price.fleet import Fleet, cars_of, check_fleet, fleet_of, second_cars
from tocsin.posture.price.form import NO_CALLS, Form, check_forms
from tocsin.posture.price.ground import Map
from tocsin.posture.price.history import History
from tocsin.posture.price.interval import Doubt, Interval, interval_of
from tocsin.posture.price.past import Past, past_of
from tocsin.posture.price.roster import Roster, Table, cars_today, officers_today
from tocsin.posture.price.run import Outcome, run
from tocsin.posture.price.stretch import Stretch, draw_stretch

MOST_EVENTS = 6_000_000
"""Calls that one price simulates at the most, over all forms and replications: about a minute."""

FULL = 0.95
"""Share of car time on calls above which the queue may grow as long as the stretch lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of one form, or how much it differs from today's.

    Attributes:
        key: one of `KINDS`.
        priority: whose calls it is about; None for all.
        value: in the unit of its kind.
    """

    key: str
    priority: int | None
    value: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPrice:
    """What one form costs.

    Attributes:
        key: the form's.
        figures: what was found under it.
        differences: the same figures, less those of the first form on the same calls.
    """

    key: str
    figures: tuple[Figure, ...]
    differences: tuple[Figure, ...]

    def figure(self, key: str, priority: int | None = None) -> Interval | None:
        """The figure of this name; None where it is not given."""
        return _find(self.figures, key, priority)

    def difference(self, key: str, priority: int | None = None) -> Interval | None:
        """How much it differs from the first form's; None where it is not given."""
        return _find(self.differences, key, priority)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What the forms of an order cost, as far as history and roster tell.

    Attributes:
        forms: in the order asked; the first is what the others are compared with.
        settings: what was simulated and assumed.
        seed: with the same input, gives the same price.
        days: whole days of history.
        calls: on these days.
        assumptions: in sentences, all of them.
        cautions: what its reader must know, in sentences.
    """

    forms: tuple[FormPrice, ...]
    settings: Settings
    seed: int
    days: int
    calls: int
    assumptions: tuple[str, ...]
    cautions: tuple[str, ...]

    def form(self, key: str) -> FormPrice | None:
        """The form of this key; None where it was not asked for."""
        return next((form for form in self.forms if form.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """All that is the same in every replication of a form."""

    form: Form
    fleet: Fleet
    cars: float
    posting: float
    crew: float


def price(
    history: History, roster: Roster, forms: tuple[Form, ...], settings: Settings, seed: int
) -> Price:
    """What each form costs, with intervals; the same every time.

    Raises:
        InputError: too little history, or something that was given cannot be; nothing is foretold.
    """
    check_settings(settings)
    check_forms(forms)
    past = past_of(history, roster, settings)
    ground = Map(past, roster, settings)
    plans = [_plan(form, roster, past, settings) for form in forms]
    _check_size(past, settings, len(forms))
    found: list[list[dict[Named, float]]] = [[] for _ in forms]
    for seeds in np.random.SeedSequence(_seed(seed)).spawn(settings.replications):
        stretch = draw_stretch(past, settings, np.random.default_rng(seeds))
        outcomes = [_try(plan, stretch, past, ground) for plan in plans]
        for index, plan in enumerate(plans):
            figures = measure(outcomes[index], cars=plan.cars)
            figures["overtime_hours", None] = _overtime(plan, outcomes[index], outcomes[0])
            found[index].append(figures)
    doubt = Doubt(days=past.day_count, hours=settings.hours)
    return Price(
        forms=tuple(
            _form_price(plan.form, runs, found[0], doubt)
            for plan, runs in zip(plans, found, strict=True)
        ),
        settings=settings,
        seed=seed,
        days=past.day_count,
        calls=len(past.minute),
        assumptions=(*_assumptions(settings), ground.assumption(settings), *past.assumptions),
        cautions=(*past.cautions, *_cautions(plans, found)),
    )


def _plan(form: Form, roster: Roster, past: Past, settings: Settings) -> _Plan:
    today, cars = cars_today(roster), cars_of(form, roster, past)
    check_fleet(form, cars, needs_two=form.two_cars != NO_CALLS)
    hours = (np.arange(settings.hours) + settings.begins_hour) % HOURS
    officers = officers_today(roster).sum(axis=0)
    crew = 2.0 if form.two_to_a_car else float(officers.sum() / max(1, today.sum()))
    lacking = np.maximum(0, 2 * today.sum(axis=0) - officers) if form.two_to_a_car else 0 * officers
    return _Plan(
        form=form,
        fleet=fleet_of(
            cars,
            today,
            pace=settings.pair_pace if form.two_to_a_car else 1.0,
            second_stays=settings.second_stays,
            near_of=settings.near_of,
        ),
        cars=_mean_cars(cars, hours),
        posting=float(lacking[hours].sum()),
        crew=crew,
    )


def _mean_cars(cars: Table, hours: np.typing.NDArray[np.int64]) -> float:
    return float(cars.sum(axis=0)[hours].mean())


def _try(plan: _Plan, stretch: Stretch, past: Past, ground: Map) -> Outcome:
    seconds = second_cars(plan.form, stretch, past.kinds)
    return run(stretch, plan.fleet, seconds, ground.ground(stretch, plan.fleet.homes))


def _overtime(plan: _Plan, outcome: Outcome, today: Outcome) -> float:
    """Officer hours: to post today's cars in this form's crews, and for what second cars add."""
    added = max(0.0, outcome.second_hours - today.second_hours)
    return plan.posting + added * plan.crew


def _form_price(
    form: Form,
    runs: list[dict[Named, float]],
    first: list[dict[Named, float]],
    doubt: Doubt,
) -> FormPrice:
    figures, differences = [], []
    for name in _given(runs):
        key, priority = name
        most = KINDS[key].most
        values = [found[name] for found in runs]
        less = [found[name] - base[name] for found, base in zip(runs, first, strict=True)]
        value = interval_of(values, doubt, least=0.0, most=most)
        figures.append(Figure(key=key, priority=priority, value=value))
        apart = interval_of(less, doubt, least=-most, most=most)
        differences.append(Figure(key=key, priority=priority, value=apart))
    return FormPrice(key=form.key, figures=tuple(figures), differences=tuple(differences))


def _given(runs: list[dict[Named, float]]) -> list[Named]:
    """The figures that every replication could measure; no 90th percentile of a handful."""
    everywhere = set.intersection(*(set(found) for found in runs))
    order = list(KINDS)
    names = [
        (key, priority)
        for key, priority in everywhere
        if all(np.isfinite(found[key, priority]) for found in runs)
        and (not key.endswith("_p90") or _usual(runs, priority) >= FEW)
    ]
    return sorted(names, key=lambda name: (order.index(name[0]), name[1] or 0))


def _usual(runs: list[dict[Named, float]], priority: int | None) -> float:
    """Calls of the priority in a stretch, on the mean."""
    return sum(found.get(("calls", priority), 0.0) for found in runs) / len(runs)


def _assumptions(settings: Settings) -> list[str]:
    said = [
        "Each day is one of the history's, of the same day of the week, with all its calls.",
        "The most urgent call is answered first; nobody is called away from a call.",
        _turn(settings),
        "A call for two cars waits until two are free; both stay "
        + ("to its end." if settings.second_stays == 1 else _stays(settings)),
        "A free car is where its last call was until it could be back in the middle of its beat.",
        "Two to a car: a beat joins its own officers first, those left over are joined across "
        "beats, a last odd one rides as a third.",
    ]
    if settings.pair_pace != 1:
        said.append(f"A pair needs {settings.pair_pace:g} times as long at a call as one officer.")
    else:
        said.append("A pair needs as long at a call as one officer.")
    return said


def _turn(settings: Settings) -> str:
    if settings.near_of == 1:
        return "Of calls of one priority the one that waits longest is answered first."
    return (
        f"Of calls of one priority, a free car takes the nearest of the {settings.near_of} that "
        f"wait longest; none is passed over more than {settings.near_of} times as the longest."
    )


def _stays(settings: Settings) -> str:
    return f"on the way, the second for {settings.second_stays:.0%} of the time there."


def _cautions(plans: list[_Plan], found: list[list[dict[Named, float]]]) -> list[str]:
    said = []
    for plan, runs in zip(plans, found, strict=True):
        share = float(np.mean([one["utilisation", None] for one in runs]))
        if share >= FULL:
            said.append(
                f"Under {plan.form.key} the cars are on calls {share:.0%} of the time: calls pile "
                "up, and waits depend on how long the order lasts."
            )
    for priority in range(1, 10):
        usual = _usual(found[0], priority)
        if 0 < usual < FEW:
            is_often_none = not all(("response_mean", priority) in one for one in found[0])
            what = "mean minutes; ask for a longer time" if is_often_none else "a 90th percentile"
            said.append(
                f"Priority {priority} has {usual:.1f} calls in this time: too few for {what}."
            )
    return said


def _check_size(past: Past, settings: Settings, forms: int) -> None:
    days = (settings.hours + settings.warm_hours) / 24
    many = len(past.minute) / past.day_count * days * settings.replications * forms
    if many > MOST_EVENTS:
        raise InputError(
            f"{many:,.0f} calls would be simulated; {MOST_EVENTS:,} are the most.",
            way_out="Ask for fewer replications, a shorter time, or fewer forms.",
        )


def _seed(seed: int) -> int:
    if not 0 <= seed < 2**63:
        raise InputError(f"The seed is {seed}.", way_out="Give a whole number from 0 up.")
    return seed


def _find(figures: tuple[Figure, ...], key: str, priority: int | None) -> Interval | None:
    return next((one.value for one in figures if (one.key, one.priority) == (key, priority)), None)
