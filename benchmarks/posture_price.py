"""What the price of a posture order is worth: `python -m benchmarks.posture_price`.

Four tables, each from a function that `benchmarks.posture` calls too:

- `queues`: the simulation against formulas (M/M/c, and Cobham's priorities).
- `coverage`: how often the 95 % interval from three weeks of history holds the true mean.
- `week`: seconds for a week of about 1,600 calls a day.
- `real_calls`: the forms compared on three weeks of real calls of Milwaukee, with a roster and
  service times that are assumed and stated. Needs the reference data; never part of the project.
"""

import gzip
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from tocsin.posture.price import (
    KINDS,
    Beat,
    Calls,
    Columns,
    Fleet,
    Form,
    History,
    PastCall,
    Price,
    Reading,
    Roster,
    Service,
    Settings,
    even_beat,
    history_of,
    price,
    queueing,
    read_history,
    roster_of,
    usual_forms,
)
from tocsin.posture.price.fleet import fleet_of
from tocsin.posture.price.ground import Plane
from tocsin.posture.price.interval import Interval, doubt_of_chance, interval_of
from tocsin.posture.price.run import Outcome, run
from tocsin.posture.price.stretch import Stretch

_DEFAULT = Path(__file__).parents[2] / "shared" / "data"
CALLS = (
    Path(os.environ.get("TOCSIN_REFERENCE_DATA", _DEFAULT))
    / "incidents"
    / "milwaukee_calls_for_service.csv.gz"
)
ZONE = "America/Chicago"

# --- against formulas ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue with a known answer: cars, erlangs by priority, minutes of service."""

    cars: int
    loads: tuple[float, ...]
    service: float = 30.0


QUEUES = (
    Queue(cars=1, loads=(0.7,)),
    Queue(cars=5, loads=(4.0,)),
    Queue(cars=20, loads=(18.0,)),
    Queue(cars=60, loads=(54.0,)),
    Queue(cars=5, loads=(1.0, 3.0)),
    Queue(cars=20, loads=(6.0, 12.0)),
)


def by_chance(queue: Queue, hours: int, chance: np.random.Generator) -> Stretch:
    """Poisson calls with exponential service, all at one place."""
    load = sum(queue.loads)
    warm = 48 * 60.0
    usual = load / queue.service * (hours * 60 + 2 * warm)
    many = int(usual + 6 * usual**0.5)
    at = np.cumsum(chance.exponential(queue.service / load, many)) - warm
    share = np.cumsum(queue.loads) / load
    return Stretch(
        at=at,
        priority=1 + np.searchsorted(share, chance.random(many)),
        kind=np.zeros(many, dtype=np.int64),
        beat=np.zeros(many, dtype=np.int64),
        place=np.zeros(many, dtype=np.complex128),
        service=chance.exponential(queue.service, many),
        begins_hour=0,
        hours=hours,
    )


def equal_cars(cars: int) -> Fleet:
    """So many cars of one beat, in every hour."""
    table = np.full((1, 168), cars, dtype=np.int64)
    return fleet_of(table, table)


def simulate(queue: Queue, *, hours: int, runs: int, seed: int) -> list[Outcome]:
    """Independent runs of the queue."""
    fleet = equal_cars(queue.cars)
    outcomes = []
    for seeds in np.random.SeedSequence(seed).spawn(runs):
        stretch = by_chance(queue, hours, np.random.default_rng(seeds))
        ground = Plane(stretch, np.zeros(queue.cars, dtype=np.complex128), pace=0.0)
        outcomes.append(run(stretch, fleet, np.zeros(len(stretch.at), dtype=bool), ground))
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One figure of one queue: what the formula says, and what was simulated."""

    queue: Queue
    what: str
    formula: float
    found: Interval

    @property
    def holds(self) -> bool:
        """Whether the 95 % interval holds the formula."""
        return self.found.low <= self.formula <= self.found.high


def held(queue: Queue, *, hours: int = 1000, runs: int = 20, seed: int = 1) -> list[Held]:
    """Each figure of the queue that has a formula."""
    outcomes = simulate(queue, hours=hours, runs=runs, seed=seed)
    load, doubt = sum(queue.loads), doubt_of_chance(runs)

    def one(what: str, formula: float, found: Callable[[Outcome], float]) -> Held:
        measured = interval_of([found(outcome) for outcome in outcomes], doubt)
        return Held(queue=queue, what=what, formula=formula, found=measured)

    waits = queueing.priority_waits(queue.cars, queue.loads, service=queue.service)
    ranked = [
        one(f"mean wait, priority {rank}", wait, lambda o, p=rank: _wait_of(o, p))  # type: ignore[misc]
        for rank, wait in enumerate(waits, start=1)
        if len(waits) > 1
    ]
    wait = queueing.mean_wait(queue.cars, load, service=queue.service)
    return [
        one("share that waits", queueing.erlang_c(queue.cars, load), _share),
        one("mean wait", wait, lambda o: float(o.waited.mean())),
        one("mean queue", queueing.mean_queue(queue.cars, load), lambda o: o.queue),
        one("utilisation", load / queue.cars, lambda o: o.busy_hours / o.road_hours),
        *ranked,
    ]


def queues(*, calls: int = 300_000, runs: int = 20) -> Table:
    """The simulation against formulas, with so many calls for each queue."""
    title = f"against formulas: {runs} runs of {calls / runs:,.0f} calls, service 30 min, no travel"
    table = _table(
        title, "queue", "figure", "formula", "simulated", "95 % interval", "off", "holds"
    )
    for seed, queue in enumerate(QUEUES, start=1):
        hours = round(calls / runs / (sum(queue.loads) / queue.service * 60))
        for one in held(queue, hours=hours, runs=runs, seed=seed):
            loads = " + ".join(f"{load:g}" for load in queue.loads)
            off = one.found.mean / one.formula - 1
            table.add_row(
                f"{queue.cars} cars, {loads} erlang",
                one.what,
                f"{one.formula:.4g}",
                f"{one.found.mean:.4g}",
                f"{one.found.low:.4g} to {one.found.high:.4g}",
                f"{off:+.1%}",
                "yes" if one.holds else "NO",
            )
    return table


def _wait_of(outcome: Outcome, priority: int) -> float:
    return float(outcome.waited[outcome.priority == priority].mean())


def _share(outcome: Outcome) -> float:
    return float((outcome.waited > 0).mean())


# --- does the interval hold the truth? ---

_WATCHED = (
    "waiting_share",
    "wait_mean",
    "response_mean",
    "response_p90",
    "utilisation",
    "beats_bare",
)


def invented_calls(weeks: int, seed: int, *, a_day: float = 60.0, swing: float = 0.15) -> History:
    """Weeks of an invented center: more calls in the evening, days that differ by chance."""
    chance = np.random.default_rng(seed)
    start = datetime(2024, 1, 1, tzinfo=UTC)
    hours = 1 + 0.6 * np.sin((np.arange(24) - 12) / 24 * 2 * np.pi)
    calls = []
    for day in range(7 * weeks):
        rate = a_day / 24 * hours * chance.lognormal(-(swing**2) / 2, swing)
        for hour, many in enumerate(chance.poisson(rate)):
            for _ in range(many):
                place = (-104.8 + chance.uniform(-0.06, 0.06), 39.7 + chance.uniform(-0.05, 0.05))
                calls.append(
                    PastCall(
                        at=start + timedelta(hours=24 * day + hour + chance.random()),
                        priority=int(chance.choice([1, 2, 3], p=[0.2, 0.5, 0.3])),
                        kind=str(chance.choice(["alarm", "fight", "report"])),
                        beat="west" if place[0] < -104.8 else "east",
                        place=place,
                        service_minutes=float(chance.exponential(40.0)),
                    )
                )
    return history_of(calls, zone="UTC")


def small_center() -> Roster:
    """Two beats of two and three lone officers."""
    return roster_of([even_beat("west", cars=2), even_beat("east", cars=3)])


def coverage(*, trials: int = 60, weeks: int = 3, hours: int = 168) -> Table:
    """How often the 95 % interval from so many weeks holds the mean over very many weeks."""
    forms = usual_forms(Calls(kinds=frozenset({"fight"})))[:3]
    settings = Settings(speed_kmh=40.0, hours=hours)
    truth = price(
        invented_calls(200, 999), small_center(), forms, replace(settings, replications=200), 1
    )
    inside: dict[tuple[str, int], int] = {}
    for trial in range(trials):
        one = price(invented_calls(weeks, trial), small_center(), forms, settings, trial)
        for key in _WATCHED:
            for form in (1, 2):
                true, found = _both(truth, one, key, form)
                inside[key, form] = inside.get((key, form), 0) + (found.low <= true <= found.high)
    title = (
        f"does the 95 % interval of the difference hold the truth? {trials} histories of {weeks} "
        f"weeks, {hours} hours foretold"
    )
    table = _table(title, "figure", *(form.key for form in forms[1:]))
    for key in _WATCHED:
        share = [f"{inside[key, form] / trials:.0%}" for form in (1, 2)]
        table.add_row(KINDS[key].words, *share)
    return table


def _both(truth: Price, found: Price, key: str, form: int) -> tuple[float, Interval]:
    """The true mean difference and the interval that was found."""
    true, one = truth.forms[form].difference(key), found.forms[form].difference(key)
    if true is None or one is None:
        raise SystemExit(f"{key} was not measured")
    return true.mean, one


# --- real calls ---


def _names(joined: str) -> frozenset[str]:
    return frozenset(joined.split(";"))


URGENT = _names(
    "SHOTS FIRED;SHOOTING;SHOTSPOTTER;SUBJ WITH GUN;SUBJ WITH WEAPON;RECK USE OF WEAP;"
    "ROBBERY ARMED;ROBBERY ARMED-DV;ROBBERY ST ARM;ROBBERY STARM-DV;HOLDUP ALARM;"
    "BATTERY;BATTERY DV;BATTERY CUTTING;BATTERY CUT-DV;FIGHT;ENTRY;ASSIST OFFICER;ACC PI;"
    "TRBL W/SUBJ-DV;FAMILY TROUBL-DV"
)
LATER = _names(
    "TRAFFIC STOP;BUSINESS CHECK;FOLLOW UP;REPORTS;PARK AND WALK;NOISE NUISANCE;SUBJ STOP;"
    "TAVERN CHECK;PROPERTY PICKUP;TS TARGETED;CITIZEN CONTACT;BUS INVESTIGATIO;"
    "CONVEY PROPERTY;ABAND/STOLEN PRO;PROPERTY DAMAGE;THEFT;STOLEN VEHICLE;THEFT VEHICLE"
)
NO_CALLS = _names(
    "RETURN STATION;OUT OF SERVICE;COURT DUTY;POLICE ADMIN;VEHICLE MAINT;ASSIGNMENT;"
    "SPECIAL ASSIGN;PATROL"
)
"""Priorities and types by our own reading of their names: the source gives none."""

ASSUMED = {
    1: Service(mean_minutes=45.0, spread=0.8),
    2: Service(mean_minutes=35.0, spread=0.9),
    3: Service(mean_minutes=20.0, spread=1.0),
}
DISTRICTS = ("1", "2", "3", "4", "5", "6", "7")


def real_history() -> Reading:
    """Three weeks of Milwaukee's calls for service, 1 to 21 May 2018."""
    priorities = dict.fromkeys(URGENT, 1) | dict.fromkeys(LATER, 3)
    columns = Columns(
        zone=ZONE,
        at="time",
        kind="nature",
        priority="nature",
        priorities=priorities,
        other_priority=2,
        beat="district",
        longitude="longitude",
        latitude="latitude",
        number="id",
        leave_out=NO_CALLS,
    )
    return read_history(gzip.decompress(CALLS.read_bytes()), columns)


def assumed_roster(*, nights: int = 14, days: int = 14, evenings: int = 18) -> Roster:
    """Seven districts with so many lone officers each: an assumption, not Milwaukee's roster."""
    of_day = (nights,) * 7 + (days,) * 8 + (evenings,) * 9
    cars = of_day * 7
    return roster_of([Beat(key=key, cars=cars, officers=cars) for key in DISTRICTS])


def real_forms() -> tuple[Form, ...]:
    """The four forms; two cars go to urgent calls and to stops."""
    kinds = frozenset({"TRAFFIC STOP", "SUBJ STOP", "TS TARGETED"})
    return usual_forms(Calls(kinds=kinds, priorities=frozenset({1})))


def real_price(reading: Reading, *, longer: float = 1.0, replications: int = 12) -> Price:
    """The price on the real calls; `longer` stretches the assumed service times."""
    service = {
        rank: Service(mean_minutes=one.mean_minutes * longer, spread=one.spread)
        for rank, one in ASSUMED.items()
    }
    settings = Settings(speed_kmh=35.0, service=service, replications=replications)
    return price(reading.history, assumed_roster(), real_forms(), settings, 2018)


_SHOWN: tuple[tuple[str, int | None], ...] = (
    ("cars", None),
    ("utilisation", None),
    ("waiting_share", None),
    ("wait_mean", 1),
    ("response_mean", 1),
    ("response_p90", 1),
    ("response_mean", 2),
    ("response_p90", 2),
    ("response_mean", 3),
    ("response_p90", 3),
    ("beats_bare", None),
    ("left_waiting", None),
    ("second_car_hours", None),
    ("overtime_hours", None),
)


def real_calls(found: Price) -> Table:
    """Each form's figures with the 95 % interval of the mean."""
    table = _table("Milwaukee's calls, assumed roster", "figure", *(f.key for f in found.forms))
    for key, priority in _SHOWN:
        words = KINDS[key].words + ("" if priority is None else f", priority {priority}")
        table.add_row(words, *(_said(form.figure(key, priority)) for form in found.forms))
    return table


def real_differences(found: Price) -> Table:
    """How much each form differs from today's on the same calls."""
    table = _table("the same, less today's", "figure", *(form.key for form in found.forms[1:]))
    for key, priority in _SHOWN:
        words = KINDS[key].words + ("" if priority is None else f", priority {priority}")
        table.add_row(words, *(_said(form.difference(key, priority)) for form in found.forms[1:]))
    return table


def week() -> Table:
    """Seconds for one week of real calls, or of as many invented ones."""
    table = _table("seconds of one core", "what", "calls simulated", "seconds", "per call")
    history, roster, forms = _some_calls()
    service = dict.fromkeys(range(1, 10), Service(mean_minutes=33.0))
    for label, these, many in (
        ("one week, one form, least replications (4)", forms[:1], 4),
        ("one week, four forms, 12 replications", forms, 12),
    ):
        settings = Settings(speed_kmh=35.0, service=service, replications=many)
        began = time.process_time()
        found = price(history, roster, these, settings, 1)
        took = time.process_time() - began
        calls = found.calls / found.days * 7 * many * len(these)
        table.add_row(label, f"{calls:,.0f}", f"{took:.2f} s", f"{took / calls * 1e6:.1f} us")
    return table


def _some_calls() -> tuple[History, Roster, tuple[Form, ...]]:
    if CALLS.exists():
        return real_history().history, assumed_roster(), real_forms()
    roster = roster_of([even_beat("west", cars=35), even_beat("east", cars=35)])
    return invented_calls(3, 1, a_day=1600.0), roster, usual_forms(Calls(every=True))


def _said(value: Interval | None) -> str:
    if value is None:
        return "-"
    return f"{value.mean:.3g} ({value.low:.3g} to {value.high:.3g})"


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading)
    return table


def tables() -> Sequence[Table]:
    """All that can be measured on this machine."""
    made = [queues(), coverage(), coverage(hours=24), week()]
    if CALLS.exists():
        reading = real_history()
        found = real_price(reading)
        made += [real_calls(found), real_differences(found)]
        made += [_longer(reading)]
    return made


def _longer(reading: Reading) -> Table:
    """What the assumed service times do to the result."""
    title = "the same with other service times: two to a car, response priority 2, mean minutes"
    table = _table(title, "service times", "today", "two to a car", "difference")
    for longer in (0.8, 1.0, 1.2):
        found = real_price(reading, longer=longer, replications=8)
        pair = found.forms[1]
        table.add_row(
            f"x {longer:g}",
            _said(found.forms[0].figure("response_mean", 2)),
            _said(pair.figure("response_mean", 2)),
            _said(pair.difference("response_mean", 2)),
        )
    return table


def main() -> None:
    """Print the tables."""
    console = Console(width=150)
    for table in tables():
        console.print(table)


if __name__ == "__main__":
    main()
