"""The simulation against queues whose answers are known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.posture_price import Queue, by_chance, equal_cars, held
from tocsin.errors import InputError
from tocsin.posture.price import queueing
from tocsin.posture.price.ground import Plane
from tocsin.posture.price.interval import doubt_of_chance, interval_of, student
from tocsin.posture.price.run import run


@pytest.mark.parametrize(
    "queue",
    [
        Queue(cars=1, loads=(0.6,)),
        Queue(cars=5, loads=(4.0,)),
        Queue(cars=20, loads=(17.0,)),
        Queue(cars=5, loads=(1.0, 3.0)),
        Queue(cars=20, loads=(6.0, 6.0, 5.0)),
    ],
    ids=str,
)
def test_the_simulation_agrees_with_erlang_and_cobham(queue: Queue) -> None:
    figures = held(queue, hours=200, runs=12, seed=7)

    for one in figures:
        found = f"{one.found.mean:.3f} ({one.found.low:.3f} to {one.found.high:.3f})"
        print(f"{queue}: {one.what}: formula {one.formula:.3f}, simulated {found}")  # noqa: T201
    assert len(figures) == 4 + (len(queue.loads) if len(queue.loads) > 1 else 0)
    assert [one.what for one in figures if not one.holds] == []


def test_intervals_hold_the_formula_about_as_often_as_they_promise() -> None:
    queue = Queue(cars=3, loads=(0.5, 1.5))
    figures = [one for seed in range(30) for one in held(queue, hours=150, runs=10, seed=seed)]

    share = sum(one.holds for one in figures) / len(figures)

    print(f"{share:.1%} of {len(figures)} intervals hold")  # noqa: T201
    assert share >= 0.88


def test_calls_that_all_take_two_of_two_cars_are_the_queue_of_one_car() -> None:
    queue = Queue(cars=1, loads=(0.6,))
    waits = []
    for seeds in np.random.SeedSequence(3).spawn(12):
        stretch = by_chance(queue, 400, np.random.default_rng(seeds))
        ground = Plane(stretch, np.zeros(2, dtype=np.complex128), pace=0.0)
        found = run(stretch, equal_cars(2), np.ones(len(stretch.at), dtype=bool), ground)
        waits.append(float(found.waited.mean()))

    found_wait = interval_of(waits, doubt_of_chance(12))

    assert found_wait.low <= queueing.mean_wait(1, 0.6, service=30.0) <= found_wait.high


def test_the_formulas_give_published_values() -> None:
    # Erlang's tables: 10 servers, 7 erlang; a queue of one server is 1 / (1 - load) services long.
    assert queueing.erlang_b(10, 7.0) == pytest.approx(0.0787, abs=5e-5)
    assert queueing.erlang_c(10, 7.0) == pytest.approx(0.2217, abs=5e-5)
    assert queueing.mean_wait(1, 0.5, service=10.0) == pytest.approx(10.0)
    assert queueing.mean_queue(1, 0.5) == pytest.approx(0.5)
    assert queueing.erlang_b(5, 0.0) == 0.0


@given(
    cars=st.integers(1, 80),
    loads=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=5),
    fullness=st.floats(0.05, 0.95),
)
def test_priorities_share_out_the_wait_of_all(
    cars: int, loads: list[float], fullness: float
) -> None:
    scaled = [load / sum(loads) * cars * fullness for load in loads]

    waits = queueing.priority_waits(cars, scaled, service=20.0)

    assert list(waits) == sorted(waits)
    weighted = sum(load * wait for load, wait in zip(scaled, waits, strict=True)) / sum(scaled)
    assert weighted == pytest.approx(queueing.mean_wait(cars, sum(scaled), service=20.0))


@given(cars=st.integers(1, 60), fullness=st.floats(0.1, 0.95), share=st.floats(0.5, 0.99))
def test_a_quantile_of_the_wait_is_where_the_tail_says(
    cars: int, fullness: float, share: float
) -> None:
    load = cars * fullness
    wait = queueing.wait_quantile(cars, load, service=30.0, share=share)

    tail = queueing.erlang_c(cars, load) * np.exp(-(cars - load) * wait / 30.0)

    assert tail <= 1 - share + 1e-9
    assert wait == 0 or tail == pytest.approx(1 - share)


@pytest.mark.parametrize(("cars", "load"), [(0, 1.0), (2, 2.0), (2, -1.0), (2, float("nan"))])
def test_a_queue_without_an_end_has_no_answer(cars: int, load: float) -> None:
    with pytest.raises(InputError):
        queueing.mean_wait(cars, load, service=30.0)


def test_student_is_as_in_the_tables() -> None:
    table = {1: 12.706, 2: 4.303, 5: 2.571, 10: 2.228, 30: 2.042, 120: 1.980}

    assert {freedom: round(student(freedom), 3) for freedom in table} == table
