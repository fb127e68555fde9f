"""An ended order's record: minutes in breach, excused, not known."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture.patrol import NOW
from tocsin.posture import BreachInterval, Excused, OrderRecord, record_of

MINUTE = timedelta(minutes=1)
LASTS = 60


def interval(
    start: int, end: int | None, unit: str = "C1", measure: str = "pairs", **more: Any
) -> BreachInterval:
    return BreachInterval(
        unit=unit,
        measure=measure,
        starts_at=NOW + start * MINUTE,
        ended_at=None if end is None else NOW + end * MINUTE,
        **more,
    )


def excused(start: int, end: int) -> Excused:
    return Excused(starts_at=NOW + start * MINUTE, until=NOW + end * MINUTE, reason="r", by="o")


def record(*intervals: BreachInterval) -> OrderRecord:
    return record_of("O-1", starts_at=NOW, ended_at=NOW + LASTS * MINUTE, intervals=intervals)


def test_minutes_are_counted_for_each_unit_and_in_all() -> None:
    found = record(interval(0, 10), interval(20, 25), interval(5, 10, unit="C2"))

    assert found.minutes == 20
    assert found.minutes_by_unit == {"C1": 15, "C2": 5}
    assert found.breaches == 3
    assert found.longest == interval(0, 10)


def test_two_measures_broken_at_once_count_once_for_the_unit() -> None:
    found = record(interval(0, 10), interval(5, 15, measure="calls"))

    assert found.minutes == 15
    assert found.minutes_by_measure == {"pairs": 10, "calls": 10}


def test_a_breach_that_lasted_to_the_end_ends_with_the_order() -> None:
    assert record(interval(50, None)).minutes == 10
    assert record(interval(-5, 5)).minutes == 5
    assert record(interval(70, 80)).breaches == 0


def test_time_in_which_nobody_saw_it_is_counted_apart() -> None:
    unseen = ((NOW + 4 * MINUTE, NOW + 6 * MINUTE),)
    found = record(interval(0, 10, unseen=unseen))

    assert found.minutes == 8
    assert found.minutes_not_known == 2


def test_excused_minutes_are_those_in_which_every_breach_was_excused() -> None:
    one = interval(0, 10, excuses=(excused(0, 4),))
    other = interval(0, 2, measure="calls")

    assert record(one).minutes_excused == 4
    assert record(one, other).minutes_excused == 2
    assert record(one).excuses == (excused(0, 4),)


def test_an_order_that_nobody_broke_has_an_empty_record() -> None:
    found = record()

    assert (found.minutes, found.longest, found.minutes_by_unit) == (0, None, {})


Minutes = tuple[int, int]
numbers = st.integers(-20, 80)
stretches = st.tuples(numbers, numbers).filter(lambda pair: pair[0] < pair[1])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["C1", "C2"]),
            st.sampled_from(["pairs", "calls"]),
            stretches,
            st.lists(stretches, max_size=2),
            st.lists(stretches, max_size=2),
        ),
        max_size=5,
    )
)
def test_the_record_is_what_counting_minute_by_minute_gives(
    said: list[tuple[str, str, Minutes, list[Minutes], list[Minutes]]],
) -> None:
    intervals = [
        interval(
            start,
            end,
            unit,
            measure,
            unseen=tuple((NOW + a * MINUTE, NOW + b * MINUTE) for a, b in unseen),
            excuses=tuple(excused(a, b) for a, b in excuses),
        )
        for unit, measure, (start, end), unseen, excuses in said
    ]
    broken: set[tuple[str, int]] = set()
    bare: set[tuple[str, int]] = set()
    dark: set[tuple[str, int]] = set()
    for unit, _, (start, end), unseen, excuses in said:
        for minute in range(max(0, start), min(LASTS, end)):
            if any(a <= minute < b for a, b in unseen):
                dark.add((unit, minute))
                continue
            broken.add((unit, minute))
            if not any(a <= minute < b for a, b in excuses):
                bare.add((unit, minute))

    found = record(*intervals)

    assert found.minutes == pytest.approx(len(broken))
    assert found.minutes_excused == pytest.approx(len(broken - bare))
    assert found.minutes_not_known == pytest.approx(len(dark - broken))
    assert sum(found.minutes_by_unit.values()) == pytest.approx(found.minutes)
