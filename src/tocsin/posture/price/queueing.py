"""Queues with known answers, against which the simulation is held.

Calls arrive by chance (Poisson), each holds one of `cars` equal cars for an exponential time, and
there is no travel. `load` is the offered load in erlangs: calls an hour times hours each. Times
come out in the unit in which `service` goes in.

Sources. Erlang B and C: A. K. Erlang, "Solution of some problems in the theory of probabilities of
significance in automatic telephone exchanges" (1917); the recursion for B and C from B as in
R. B. Cooper, "Introduction to Queueing Theory" (2nd ed. 1981), 3.3 and 3.4. Mean wait and queue of
M/M/c: L. Kleinrock, "Queueing Systems" I (1975), 3.5, with Little's law. Priorities without
interruption: A. Cobham, "Priority assignment in waiting line problems", Operations Research 2
(1954), 70-76, for one exponential service common to all priorities.
"""

import math
from collections.abc import Sequence

from tocsin.errors import InputError


def erlang_b(cars: int, load: float) -> float:
    """Share of calls that find every car busy where none may wait.

    B(0) = 1;  B(c) = a B(c-1) / (c + a B(c-1)).

    Raises:
        InputError: no car, or a load below 0.
    """
    if cars < 1 or not math.isfinite(load) or load < 0:
        raise InputError(
            f"{cars} cars with a load of {load} are no queue.",
            way_out="Give at least one car and a load of 0 or more.",
        )
    blocked = 1.0
    for count in range(1, cars + 1):
        blocked = load * blocked / (count + load * blocked)
    return blocked


def erlang_c(cars: int, load: float) -> float:
    """Share of calls that wait: C = B / (1 - (a/c)(1 - B)).

    Raises:
        InputError: no steady state: the load reaches the cars.
    """
    blocked = erlang_b(cars, load)
    _check_steady(cars, load)
    return blocked / (1 - load / cars * (1 - blocked))


def mean_wait(cars: int, load: float, *, service: float) -> float:
    """Mean wait of all calls: W = C s / (c - a).

    Raises:
        InputError: no steady state.
    """
    return erlang_c(cars, load) * service / (cars - load)


def mean_queue(cars: int, load: float) -> float:
    """Mean number of calls that wait: L = C a / (c - a), by Little's law.

    Raises:
        InputError: no steady state.
    """
    return erlang_c(cars, load) * load / (cars - load)


def wait_quantile(cars: int, load: float, *, service: float, share: float) -> float:
    """The wait that this share of all calls does not exceed, first come first served.

    P(W > t) = C exp(-(c - a) t / s), so t = s ln(C / (1 - share)) / (c - a), and 0 where C is less.

    Raises:
        InputError: no steady state.
    """
    waits = erlang_c(cars, load)
    return max(0.0, service * math.log(waits / (1 - share)) / (cars - load))


def priority_waits(cars: int, loads: Sequence[float], *, service: float) -> tuple[float, ...]:
    """Mean wait of each priority, the first before all others, nobody interrupted.

    Cobham (1954): W(k) = W0 / ((1 - s(k-1)) (1 - s(k))), where s(k) is the load of priorities 1 to
    k over the cars, s(0) = 0, and W0 = C s / c, with C and a of all calls together.

    Raises:
        InputError: no steady state.
    """
    delay = erlang_c(cars, sum(loads)) * service / cars
    waits = []
    above = 0.0
    for load in loads:
        through = above + load / cars
        waits.append(delay / ((1 - above) * (1 - through)))
        above = through
    return tuple(waits)


def _check_steady(cars: int, load: float) -> None:
    if load >= cars:
        raise InputError(
            f"{cars} cars cannot carry a load of {load:.2f}: the queue grows without end.",
            way_out="Give more cars than the load.",
        )
