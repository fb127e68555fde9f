"""The price foretold against the price paid, figure by figure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from tocsin.errors import InputError
from tocsin.posture.price.figures import FEW, KINDS
from tocsin.posture.price.foretell import FormPrice, Price
from tocsin.posture.price.interval import Interval


class Fit(StrEnum):
    """How what came fits what was foretold."""

    WITHIN = "within"
    ABOVE = "above"
    BELOW = "below"
    NOT_FORETOLD = "not foretold"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One call while the order stood.

    Attributes:
        priority: 1 to 9.
        waited_minutes: from asking for a car until the last car was sent, where known.
        responded_minutes: until the last car arrived, where known.
    """

    priority: int
    waited_minutes: float | None = None
    responded_minutes: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """One figure that came: a key of `KINDS`, the priority it is about, its value."""

    key: str
    priority: int | None
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What came while an order stood.

    Attributes:
        form: key of the form that was ordered.
        hours: how long it stood.
        figures: what was measured.
    """

    form: str
    hours: float
    figures: tuple[Paid, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure, foretold and paid.

    Attributes:
        foretold: for as long as the order stood; None where it was not foretold.
        paid: what came.
        fit: by the 95 % range of one such stretch.
    """

    key: str
    priority: int | None
    foretold: Interval | None
    paid: float
    fit: Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The price foretold against the price paid.

    Attributes:
        form: key of the form.
        figures: in the order in which they were observed.
        cautions: what its reader must know, in sentences.
    """

    form: str
    figures: tuple[Compared, ...]
    cautions: tuple[str, ...]


def observe(
    answered: Sequence[Answered], *, form: str, hours: float, known: Sequence[Paid] = ()
) -> Observed:
    """What the calls of an order's time tell, by priority and in all.

    A mean is made of the calls whose time is known; a 90th percentile of at least 10 of them.

    Args:
        answered: the calls of that time.
        form: key of the form that was ordered.
        hours: how long it stood.
        known: further figures, such as cars on the road or overtime from the payroll.
    """
    figures: list[Paid] = []
    for priority in (None, *sorted({call.priority for call in answered})):
        these = [call for call in answered if priority in {None, call.priority}]
        figures.append(Paid(key="calls", priority=priority, value=float(len(these))))
        for name, minutes in (
            ("wait", [call.waited_minutes for call in these]),
            ("response", [call.responded_minutes for call in these]),
        ):
            figures += _of_minutes(name, priority, [one for one in minutes if one is not None])
    return Observed(form=form, hours=hours, figures=(*figures, *known))


def compare(foretold: Price, observed: Observed) -> Comparison:
    """Each figure that came beside what was foretold of it.

    What grows with time is foretold for as long as the order stood.

    Raises:
        InputError: the form was not foretold, a figure has no known name, or a value is no number.
    """
    form = foretold.form(observed.form)
    if form is None:
        keys = ", ".join(one.key for one in foretold.forms)
        raise InputError(
            f"The form {observed.form[:60]!r} was not foretold.", way_out=f"Foretold were: {keys}."
        )
    if not (math.isfinite(observed.hours) and observed.hours > 0):
        raise InputError(
            f"The order stood for {observed.hours} hours.", way_out="Give its hours, above 0."
        )
    scale = observed.hours / foretold.settings.hours
    figures = tuple(_compared(form, one, scale) for one in observed.figures)
    return Comparison(form=form.key, figures=figures, cautions=_cautions(foretold, observed))


def _of_minutes(name: str, priority: int | None, minutes: Sequence[float]) -> list[Paid]:
    figures = []
    if minutes:
        mean = float(np.mean(minutes))
        figures.append(Paid(key=f"{name}_mean", priority=priority, value=mean))
    if len(minutes) >= FEW:
        ninth = float(np.quantile(minutes, 0.9))
        figures.append(Paid(key=f"{name}_p90", priority=priority, value=ninth))
    return figures


def _compared(form: FormPrice, paid: Paid, scale: float) -> Compared:
    kind = KINDS.get(paid.key)
    if kind is None or not math.isfinite(paid.value):
        raise InputError(
            f"The figure {paid.key[:60]!r} with the value {paid.value} cannot be compared.",
            way_out=f"Figures are: {', '.join(KINDS)}; values are numbers.",
        )
    foretold = form.figure(paid.key, paid.priority)
    if foretold is not None and kind.grows:
        foretold = _scaled(foretold, scale)
    return Compared(
        key=paid.key,
        priority=paid.priority,
        foretold=foretold,
        paid=paid.value,
        fit=_fit(foretold, paid.value),
    )


def _fit(foretold: Interval | None, paid: float) -> Fit:
    if foretold is None:
        return Fit.NOT_FORETOLD
    slack = 1e-9 * max(1.0, abs(paid))
    if paid > foretold.once_high + slack:
        return Fit.ABOVE
    return Fit.BELOW if paid < foretold.once_low - slack else Fit.WITHIN


def _scaled(interval: Interval, scale: float) -> Interval:
    return Interval(
        mean=interval.mean * scale,
        low=interval.low * scale,
        high=interval.high * scale,
        once_low=interval.once_low * scale,
        once_high=interval.once_high * scale,
    )


def _cautions(foretold: Price, observed: Observed) -> tuple[str, ...]:
    said = list(foretold.cautions)
    hours = foretold.settings.hours
    if abs(observed.hours - hours) > 0.05 * hours:
        said.append(
            f"The order stood for {observed.hours:g} hours; {hours} were foretold. "
            "Sums are scaled, ranges are those of the foretold length."
        )
    return tuple(said)
