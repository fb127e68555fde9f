"""One run, event by event, on calls few enough to reckon by hand."""

import numpy as np
import pytest

from tocsin.posture.price.fleet import fleet_of
from tocsin.posture.price.ground import Ground, Plane
from tocsin.posture.price.run import Outcome, run
from tocsin.posture.price.stretch import Stretch

NEVER = np.array([0] * 168)


def calls(*rows: tuple[float, int, complex, float], hours: int = 10) -> Stretch:
    """Calls as (minute, priority, place in km, service minutes), all of beat 0."""
    at, priority, place, service = zip(*rows, strict=True)
    return Stretch(
        at=np.array(at, dtype=float),
        priority=np.array(priority),
        kind=np.zeros(len(at), dtype=np.int64),
        beat=np.zeros(len(at), dtype=np.int64),
        place=np.array(place, dtype=complex),
        service=np.array(service, dtype=float),
        begins_hour=0,
        hours=hours,
    )


def tried(
    stretch: Stretch,
    *homes: complex,
    two: tuple[int, ...] = (),
    cars: tuple[tuple[int, ...], ...] | None = None,
    stays: float = 1.0,
    near_of: int = 1,
) -> Outcome:
    """A run with one beat for each home, one car in each, at a minute for a km."""
    table = np.array(cars or [(1,) * 168 for _ in homes], dtype=np.int64)
    fleet = fleet_of(table, table, second_stays=stays, near_of=near_of)
    seconds = np.array([index in two for index in range(len(stretch.at))])
    ground: Ground = Plane(stretch, np.array(homes, dtype=complex)[fleet.homes], pace=1.0)
    return run(stretch, fleet, seconds, ground)


def test_the_nearest_free_car_goes() -> None:
    found = tried(calls((60, 1, 2 + 0j, 30), (61, 1, 1 + 0j, 30)), 0j, 10 + 0j)

    assert found.waited.tolist() == [0, 0]
    assert found.responded.tolist() == [2, 9]


def test_the_urgent_call_is_answered_first_and_nobody_is_called_away() -> None:
    stretch = calls((0, 3, 0j, 60), (10, 3, 0j, 10), (20, 1, 0j, 10))

    found = tried(stretch, 0j)

    assert found.waited.tolist() == [0, 60, 40]


def test_of_one_priority_the_longest_wait_is_answered_first() -> None:
    found = tried(calls((0, 2, 0j, 60), (10, 2, 0j, 5), (20, 2, 0j, 5)), 0j)

    assert found.waited.tolist() == [0, 50, 45]


def test_a_free_car_takes_the_nearest_of_those_that_wait_longest() -> None:
    stretch = calls((0, 2, 0j, 60), (10, 2, 30 + 0j, 5), (20, 2, 1 + 0j, 5), (30, 2, 0j, 5))

    strictly = tried(stretch, 0j)
    of_two = tried(stretch, 0j, near_of=2)
    of_three = tried(stretch, 0j, near_of=3)

    assert strictly.waited.tolist() == [0, 50, 75, 99]
    assert of_two.waited[[2, 3]].tolist() == [40, 36]
    assert of_three.waited[[3, 2]].tolist() == [30, 45]


def test_the_longest_wait_is_passed_over_only_so_many_times() -> None:
    here = [(10.0 + minute, 2, 0j, 10.0) for minute in range(1, 12)]
    stretch = calls((0, 2, 0j, 60), (10, 2, 30 + 0j, 5), *here)

    found = tried(stretch, 0j, near_of=2)

    assert found.waited[1] == 60 + 2 * 10 - 10


def test_a_call_for_two_cars_holds_both_and_begins_with_the_last() -> None:
    stretch = calls((0, 1, 0j, 30), (5, 2, 0j, 10))

    found = tried(stretch, 0j, 8 + 0j, two=(0,))

    assert found.responded.tolist() == [8, 33]  # both are held until minute 38
    assert found.second_hours == pytest.approx(38 / 60)
    assert found.busy_hours == pytest.approx((38 + 38 + 10) / 60)


def test_a_second_car_may_leave_early_where_that_is_assumed() -> None:
    found = tried(calls((0, 1, 0j, 30), (5, 2, 8 + 0j, 10)), 0j, 8 + 0j, two=(0,), stays=0.5)

    assert found.second_hours == pytest.approx(23 / 60)
    # The second car is back at minute 23, eight minutes from the next call.
    assert found.responded.tolist() == [8, 26]


def test_what_stands_behind_a_call_for_two_cars_waits_with_it() -> None:
    stretch = calls((0, 2, 0j, 60), (10, 1, 0j, 10), (20, 2, 0j, 10))

    found = tried(stretch, 0j, 0j, two=(1,))

    assert found.waited.tolist() == [0, 50, 50]


def test_a_car_is_where_its_call_was_until_it_could_be_back() -> None:
    near_the_last = tried(calls((0, 1, 20 + 0j, 10), (31, 1, 20 + 0j, 10)), 0j)
    long_after = tried(calls((0, 1, 20 + 0j, 10), (60, 1, 20 + 0j, 10)), 0j)

    assert near_the_last.responded.tolist() == [20, 0]
    assert long_after.responded.tolist() == [20, 20]


def test_a_drive_home_ends_with_the_next_call() -> None:
    # Free at minute 30 at km 20, sent on at 31, free there at 36: the first drive is void.
    stretch = calls((0, 1, 20 + 0j, 10), (31, 1, 20 + 0j, 5), (51, 1, 20 + 0j, 5))

    assert tried(stretch, 0j).responded.tolist() == [20, 0, 0]


def test_cars_come_and_go_by_the_roster_and_finish_what_they_do() -> None:
    one_hour = (1,) + (0,) * 23 + (1,) + (0,) * 143  # Monday and Tuesday at midnight
    stretch = calls((50, 1, 0j, 30), (70, 1, 0j, 30), hours=48)

    found = tried(stretch, 0j, cars=(one_hour,))

    assert found.waited.tolist() == [0, 24 * 60 - 70]
    assert found.road_hours == 2
    assert found.late_hours == pytest.approx(20 / 60)


def test_the_time_without_a_free_car_counts_only_where_today_has_one() -> None:
    one_hour = (1,) + (0,) * 167
    found = tried(calls((30, 1, 0j, 15), hours=10), 0j, 50 + 0j, cars=((1,) * 168, one_hour))

    assert found.uncovered == pytest.approx(15 / (11 * 60))


def test_only_calls_of_the_time_that_counts_are_measured() -> None:
    stretch = calls((-30, 1, 0j, 60), (0, 1, 0j, 10), (599, 2, 0j, 10), (601, 1, 0j, 10))

    found = tried(stretch, 0j)

    assert found.priority.tolist() == [1, 2]
    assert found.waited.tolist() == [30, 0]
    assert found.busy_hours == pytest.approx((30 + 10 + 1) / 60)


def test_calls_that_wait_at_the_end_are_counted_and_still_answered() -> None:
    stretch = calls((540, 1, 0j, 120), (550, 1, 0j, 5), (560, 1, 0j, 5))

    found = tried(stretch, 0j)

    assert found.left_waiting == 2
    assert found.waited.tolist() == [0, 110, 105]
    assert found.queue == pytest.approx((50 + 40) / 600)
