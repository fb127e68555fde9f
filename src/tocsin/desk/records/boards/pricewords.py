"""The figures of a price as a commander reads them: sentences, a table, bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.desk.records.pricing import SOME, Wanted
from tocsin.posture.price import (
    AS_NOW,
    BOTH,
    KINDS,
    PAIRS,
    TWO_CARS,
    FormPrice,
    Interval,
    Kind,
    Price,
)

FORMS = {
    AS_NOW: "as it is now",
    PAIRS: "two to a car",
    TWO_CARS: "two cars to every call",
    SOME: "two cars to some calls",
    BOTH: "two to a car, and two cars to a call",
}

FULL = 0.95
"""Share of car time on calls from which waits grow for as long as the order stands."""

WHOLE = (
    ("cars", "Cars on the road, mean"),
    ("utilisation", "Share of car time on calls"),
    ("queue", "Calls that wait for a car, mean"),
    ("beats_bare", "Share of beat time without a free car of its own"),
    ("second_car_hours", "Hours of second cars on calls"),
    ("overtime_hours", "Officer hours to keep today's cars"),
)
BY_PRIORITY = (
    ("wait_mean", "wait for a car, mean minutes"),
    ("response_mean", "all cars there, mean minutes"),
    ("response_p90", "all cars there, nine in ten within minutes"),
)

LEFT, RIGHT, STEP, TOP = 150.0, 420.0, 26.0, 20.0
"""Where bars begin and end, and how far they are apart, in the picture's own units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of one form.

    Attributes:
        mean: in its unit; "-" where it is not known.
        between: its 95 % interval; empty where it has no width.
        change: how much it differs from now, with its interval; empty where it is now's own.
        is_worse: the interval of the difference is all above 0; of cars, below.
    """

    mean: str
    between: str = ""
    change: str = ""
    is_worse: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table: what it is, and a cell for each form."""

    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One bar with its interval; places are texts of numbers in the picture's own units."""

    label: str
    words: str
    y: str
    middle: str
    width: str
    low: str
    high: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One figure as bars, one for each form."""

    title: str
    height: str
    left: str
    marks: tuple[Mark, ...]


def form_words(key: str, wanted: Wanted) -> str:
    """The form by a name that says to which calls two cars go."""
    if key != SOME:
        return FORMS[key]
    ranks = [f"priority {one}" for one in wanted.priorities]
    named = [*wanted.kinds, *ranks]
    shown = ", ".join(named[:4]) + (f" and {len(named) - 4} more" if len(named) > 4 else "")
    return f"two cars to {shown} only"


def lines_of(found: Price) -> tuple[Line, ...]:
    """The table; a figure that no form has is left out."""
    rows: list[tuple[str, int | None, str]] = [(key, None, label) for key, label in WHOLE]
    for priority in _priorities(found):
        rows += [(key, priority, f"Priority {priority}: {label}") for key, label in BY_PRIORITY]
    lines = [
        Line(label=label, cells=tuple(_cell(form, key, priority) for form in found.forms))
        for key, priority, label in rows
    ]
    return tuple(line for line in lines if any(cell.mean != "-" for cell in line.cells))


def charts_of(found: Price, names: Sequence[str]) -> tuple[Chart, ...]:
    """Cars, response of the most urgent and the least urgent calls, bare beats, overtime."""
    ranks = _priorities(found)
    words = "Minutes until all cars are there, priority"
    ends = dict.fromkeys([*ranks[:1], *ranks[-1:]])
    wanted: list[tuple[str, int | None, str]] = [
        ("cars", None, "Cars on the road"),
        *(("response_mean", rank, f"{words} {rank}") for rank in ends),
        ("beats_bare", None, "Share of beat time without a free car of its own"),
        ("overtime_hours", None, "Officer hours to keep today's cars"),
    ]
    charts = [_chart(found, key, rank, title, names) for key, rank, title in wanted]
    return tuple(chart for chart in charts if chart.marks)


def sentences_of(form: FormPrice, first: FormPrice, hours: int) -> tuple[str, ...]:
    """What the form costs against now, as far as it can be told apart from chance."""
    return (
        *_cars(form, first),
        *(
            _response(form, one.priority, one.value)
            for one in form.figures
            if one.key == "response_mean" and one.priority is not None
        ),
        *_bare(form, first),
        *_overtime(form, hours),
        *_jam(form),
    )


def _cars(form: FormPrice, first: FormPrice) -> list[str]:
    cars, today = form.figure("cars"), first.figure("cars")
    if cars is None or today is None:
        return []
    fewer = today.mean - cars.mean
    less = f"{say(fewer, KINDS['cars'])} fewer than now" if fewer > 0.05 else "as now"
    return [f"{say(cars.mean, KINDS['cars'])} cars on the road, {less}."]


def _bare(form: FormPrice, first: FormPrice) -> list[str]:
    kind = KINDS["beats_bare"]
    bare, today = form.figure("beats_bare"), first.figure("beats_bare")
    if bare is None or today is None:
        return []
    return [
        f"Of the beats' time, {_between(bare, kind)} is without a free car of the beat's own; now "
        f"{say(today.mean, kind)}."
    ]


def _overtime(form: FormPrice, hours: int) -> list[str]:
    overtime = form.figure("overtime_hours")
    if overtime is None or overtime.mean < 0.5:
        return []
    stretch = "a week" if hours == 168 else f"{hours} hours"
    needed = _between(overtime, KINDS["overtime_hours"])
    return [f"To keep today's cars on the road takes {needed} more officer hours in {stretch}."]


def _jam(form: FormPrice) -> list[str]:
    used = form.figure("utilisation")
    if used is None or used.mean < FULL:
        return []
    return [
        "Cars are on calls nearly all the time: calls pile up, and waits grow for as long as the "
        "order stands."
    ]


def say(value: float, kind: Kind) -> str:
    """A figure in its unit, no finer than it is known."""
    if kind.unit == "share":
        percent = 100 * value
        return f"{percent:.1f} %" if abs(percent) < 10 else f"{percent:.0f} %"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.0f}" if abs(value) >= 20 else f"{value:.1f}"


def _response(form: FormPrice, priority: int, value: Interval) -> str:
    kind = KINDS["response_mean"]
    text = (
        f"Priority {priority}: all cars sent are there after {_between(value, kind)} minutes on "
        "the mean"
    )
    change = form.difference("response_mean", priority)
    if change is None:
        return f"{text}."
    if change.low <= 0 <= change.high:
        return f"{text}; no difference from now can be told."
    word = "later" if change.mean > 0 else "sooner"
    low, high = sorted((abs(change.low), abs(change.high)))
    apart = f"{say(abs(change.mean), kind)} ({say(low, kind)} to {say(high, kind)})"
    return f"{text}, {apart} {word} than now."


def _cell(form: FormPrice, key: str, priority: int | None) -> Cell:
    value, kind = form.figure(key, priority), KINDS[key]
    if value is None:
        return Cell(mean="-")
    change = form.difference(key, priority)
    is_own = change is None or (change.low == change.high == 0)
    sign = -1 if key == "cars" else 1
    return Cell(
        mean=say(value.mean, kind),
        between=_ends(value, kind),
        change="" if is_own or change is None else _signed(change, kind),
        is_worse=bool(change and min(sign * change.low, sign * change.high) > 0),
    )


def _ends(value: Interval, kind: Kind) -> str:
    low, high = say(value.low, kind), say(value.high, kind)
    return "" if low == high else f"{low} to {high}"


def _between(value: Interval, kind: Kind) -> str:
    ends = _ends(value, kind)
    return f"{say(value.mean, kind)} ({ends})" if ends else say(value.mean, kind)


def _signed(change: Interval, kind: Kind) -> str:
    plus = "+" if change.mean > 0 else ""
    ends = _ends(change, kind)
    return f"{plus}{say(change.mean, kind)}" + (f" ({ends})" if ends else "")


def _priorities(found: Price) -> list[int]:
    named = {one.priority for one in found.forms[0].figures if one.priority is not None}
    return sorted(named)


def _chart(found: Price, key: str, priority: int | None, title: str, names: Sequence[str]) -> Chart:
    kind = KINDS[key]
    values = [form.figure(key, priority) for form in found.forms]
    most = max((one.high for one in values if one), default=0.0)
    if most <= 0:
        return Chart(title=title, height="0", left="0", marks=())
    scale = (RIGHT - LEFT) / most
    marks = [
        _mark(name, value, kind, (number, scale))
        for number, (name, value) in enumerate(zip(names, values, strict=True))
        if value
    ]
    return Chart(
        title=title,
        height=f"{TOP + STEP * len(names):.0f}",
        left=f"{LEFT:.0f}",
        marks=tuple(marks),
    )


def _mark(name: str, value: Interval, kind: Kind, where: tuple[int, float]) -> Mark:
    number, scale = where
    y = TOP + STEP * number
    return Mark(
        label=name,
        words=_between(value, kind),
        y=f"{y:.0f}",
        middle=f"{y + 7:.0f}",
        width=f"{max(0.5, value.mean * scale):.1f}",
        low=f"{LEFT + value.low * scale:.1f}",
        high=f"{LEFT + value.high * scale:.1f}",
        text=f"{y + 11:.0f}",
    )
