"""Reports become what is known of a unit, part by part; what is doubtful is said."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture.patrol import LIMITS, NOW, ago, at, box, officer, on, report, unit
from tocsin.errors import BadUnits
from tocsin.posture import (
    BY_HAND,
    DoubtKind,
    Limits,
    Status,
    Unit,
    UnitReport,
    age,
    ground_of,
    is_stale,
    take,
)

GROUND = Limits(ground=ground_of("county", box()).outline)


def kinds(one: Unit) -> set[DoubtKind]:
    return {doubt.kind for doubt in one.doubts}


def test_a_first_report_makes_a_unit() -> None:
    one = take(None, report(members=(officer("reed"),), status=Status.AVAILABLE), NOW, LIMITS)

    assert one.key == "harlow/C12"
    assert one.members == (officer("reed"),)
    assert one.status_since == NOW
    assert not one.doubts


def test_a_report_changes_only_what_it_says() -> None:
    before = take(None, report(members=(officer("reed"),), assignment=on()), NOW, LIMITS)
    later = NOW + timedelta(seconds=5)
    after = take(before, report(reported_at=later, position=at(when=later)), later, LIMITS)

    assert after.members == before.members
    assert after.assignment == on()
    assert after.crew_at == NOW
    assert after.position == at(when=later)


def test_a_unit_that_is_on_no_call_says_so() -> None:
    before = take(None, report(assignment=on()), NOW, LIMITS)

    assert take(before, report(ends_assignment=True), NOW, LIMITS).assignment is None


def test_the_status_keeps_its_beginning() -> None:
    before = take(None, report(status=Status.ON_SCENE, reported_at=ago(minutes=3)), NOW, LIMITS)
    after = take(before, report(status=Status.ON_SCENE), NOW, LIMITS)

    assert after.status_since == ago(minutes=3)


def test_an_older_report_that_says_nothing_new_is_refused() -> None:
    before = take(None, report(status=Status.BREAK), NOW, LIMITS)

    with pytest.raises(BadUnits, match="older than what is known"):
        take(before, report(status=Status.AVAILABLE, reported_at=ago(seconds=5)), NOW, LIMITS)


def test_an_old_day_repeated_is_refused() -> None:
    with pytest.raises(BadUnits, match="another day"):
        take(None, report(reported_at=ago(days=1)), NOW, LIMITS)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_an_hour_off_is_doubted_and_not_mended(hours: int) -> None:
    said = NOW + timedelta(hours=hours)
    one = take(None, report(reported_at=said, position=at(when=said)), NOW, LIMITS)

    assert kinds(one) == {DoubtKind.CLOCK}
    assert one.reported_at == said
    assert age(one, NOW) == timedelta(0)
    assert age(one, NOW + timedelta(minutes=5)) == timedelta(minutes=5)


def test_after_a_clock_ran_ahead_right_reports_are_taken_again() -> None:
    wrong = take(None, report(reported_at=NOW + timedelta(hours=1)), NOW, LIMITS)
    later = NOW + timedelta(seconds=10)
    right = take(wrong, report(reported_at=later, status=Status.BREAK), later, LIMITS)

    assert right.status is Status.BREAK


def test_a_dead_feed_that_repeats_one_hour_old_message_turns_stale() -> None:
    same = report(reported_at=ago(hours=1))
    one = take(None, same, NOW, LIMITS)
    later = NOW + timedelta(minutes=5)
    one = take(one, report(reported_at=ago(hours=1)), NOW + timedelta(seconds=60), LIMITS)

    with pytest.raises(BadUnits, match="older than what is known"):
        take(one, same, later, LIMITS)
    assert is_stale(one, later, LIMITS)


@pytest.mark.parametrize(
    ("lat", "lon", "words"),
    [
        (-104.9, 39.7, "swapped"),
        (39.7, 12.0, "outside"),
        (0.0, 0.0, "latitude 0, longitude 0"),
        (91.0, 500.0, "outside"),
    ],
)
def test_a_position_that_cannot_be_is_left_out_with_a_doubt(
    lat: float, lon: float, words: str
) -> None:
    one = take(None, report(position=at(lat=lat, lon=lon)), NOW, GROUND)

    assert one.position is None
    assert kinds(one) == {DoubtKind.POSITION}
    assert words in one.doubts[0].text


def test_without_a_ground_a_latitude_over_ninety_is_still_seen() -> None:
    one = take(None, report(position=at(lat=-104.9, lon=39.7)), NOW, LIMITS)

    assert one.position is None
    assert "swapped" in one.doubts[0].text


def test_a_unit_that_jumps_is_doubted_and_its_position_kept() -> None:
    before = take(
        None, report(position=at(when=ago(seconds=5)), reported_at=ago(seconds=5)), NOW, LIMITS
    )
    after = take(before, report(position=at(lat=40.7)), NOW, LIMITS)

    assert kinds(after) == {DoubtKind.JUMP}
    assert after.position == at(lat=40.7)
    assert "111" in after.doubts[0].text


@given(st.floats(0, 3000), st.integers(1, 600))
def test_a_move_is_doubted_exactly_when_nobody_drives_it(metres: float, seconds: int) -> None:
    start = ago(seconds=seconds)
    before = take(None, report(position=at(when=start), reported_at=start), start, LIMITS)
    after = take(before, report(position=at(lat=39.7 + metres / 111_195)), NOW, LIMITS)

    is_fast = metres > LIMITS.jump_over_m and metres / seconds > LIMITS.fastest_m_s
    is_close = abs(metres - LIMITS.jump_over_m) < 1 or abs(metres / seconds - 70) < 0.1
    assert is_close or (DoubtKind.JUMP in kinds(after)) == is_fast


def test_the_same_call_sign_of_two_agencies_is_two_units() -> None:
    one = take(None, report(), NOW, LIMITS)
    other = take(None, report(agency="calder"), NOW, LIMITS)

    assert one.key != other.key
    assert unit("c  12").key == unit("C 12").key


def test_another_crew_after_a_silence_is_seen() -> None:
    early = ago(hours=3)
    before = take(None, report(members=(officer("reed"),), reported_at=early), early, LIMITS)
    after = take(before, report(members=(officer("kim"),)), NOW, LIMITS)

    assert kinds(after) == {DoubtKind.CALL_SIGN}
    assert "180 min of silence" in after.doubts[0].text


def test_two_crews_that_take_turns_under_one_call_sign_are_seen() -> None:
    one = take(None, report(members=(officer("reed"),), status=Status.AVAILABLE), NOW, LIMITS)
    other = take(one, report(members=(officer("kim"),)), NOW, LIMITS)

    assert kinds(other) == {DoubtKind.CALL_SIGN}


def test_a_crew_that_changes_at_the_station_is_no_doubt() -> None:
    one = take(None, report(members=(officer("reed"),), status=Status.STATION), NOW, LIMITS)

    assert not take(one, report(members=(officer("kim"),)), NOW, LIMITS).doubts


@pytest.mark.parametrize(
    ("said", "doubted"),
    [
        ({"crew_count": 0}, True),
        ({"members": ()}, True),
        ({"crew_count": 2, "members": (officer("reed"),)}, True),
        ({"crew_count": 1, "members": (officer("reed"),)}, False),
    ],
)
def test_a_crew_that_cannot_be_is_doubted(said: dict[str, Any], doubted: bool) -> None:
    one = take(None, report(status=Status.AVAILABLE, **said), NOW, LIMITS)

    assert (kinds(one) == {DoubtKind.CREW}) == doubted


def test_doubts_are_shown_for_a_while_and_then_not() -> None:
    one = take(None, report(position=at(lat=0, lon=0)), NOW, LIMITS)
    soon, late = NOW + timedelta(minutes=1), NOW + timedelta(minutes=10)

    assert kinds(take(one, report(reported_at=soon), soon, LIMITS)) == {DoubtKind.POSITION}
    assert not kinds(take(one, report(reported_at=late), late, LIMITS))


@given(st.integers(0, 7200))
def test_a_unit_is_stale_exactly_after_the_limit_of_its_source(seconds: int) -> None:
    then = NOW + timedelta(seconds=seconds)

    assert is_stale(unit(), then, LIMITS) == (seconds > 120)
    assert is_stale(unit(source=BY_HAND), then, LIMITS) == (seconds > 1800)


parts = st.sampled_from(
    [
        {"status": Status.BREAK},
        {"status": Status.AVAILABLE},
        {"members": (officer("reed"),)},
        {"crew_count": 2},
        {"assignment": on("a")},
        {"ends_assignment": True},
        {"position": at()},
    ]
)


@given(st.lists(parts, min_size=3, max_size=4))
def test_what_is_known_does_not_depend_on_the_order_of_arrival(
    said: list[dict[str, Any]],
) -> None:
    reports = [
        report(
            **{**one, **({"position": at(when=moment)} if "position" in one else {})},
            reported_at=moment,
        )
        for number, one in enumerate(said)
        for moment in [ago(seconds=30 - number)]
    ]

    def known(arrived: tuple[UnitReport, ...]) -> tuple[object, ...]:
        one: Unit | None = None
        for each in arrived:
            try:
                one = take(one, each, NOW, LIMITS)
            except BadUnits:
                continue
        assert one is not None
        return one.status, one.status_at, one.assignment, one.position, one.reported_at

    assert len({known(arrived) for arrived in permutations(reports)}) == 1


@given(st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2050, 1, 1)))  # noqa: DTZ001
def test_any_time_is_taken_or_refused_and_never_leaves_a_unit_fresh_for_long(
    moment: datetime,
) -> None:
    try:
        one = take(None, report(reported_at=moment.replace(tzinfo=NOW.tzinfo)), NOW, LIMITS)
    except BadUnits:
        return
    assert age(one, NOW) >= timedelta(0)
    assert is_stale(one, NOW + LIMITS.stale_after + timedelta(seconds=1), LIMITS)
