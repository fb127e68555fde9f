"""Hours of work, on the days when clocks change as well."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.warn.recipients import Hours, comes_on_at, covers, gaps, is_on_duty, next_start

DENVER = ZoneInfo("America/Denver")
EVERY_DAY = frozenset(range(7))
MINUTE = timedelta(minutes=1)

CHANGES = {
    "America/Denver": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "America/Havana": (date(2026, 3, 8), date(2026, 11, 1)),  # at midnight, and at one
    "America/Santiago": (date(2026, 9, 6), date(2026, 4, 5)),  # at midnight, both
    "America/St_Johns": (date(2006, 4, 2), date(2006, 10, 29)),  # a minute after midnight
    "Australia/Lord_Howe": (date(2026, 10, 4), date(2026, 4, 5)),  # by half an hour
    "America/Phoenix": (date(2026, 3, 8), date(2026, 11, 1)),  # never
}
"""Zones, and days on which their clocks change."""


def hours(starts: str, ends: str, *weekdays: int, zone: str = "America/Denver") -> Hours:
    return Hours(
        weekdays=frozenset(weekdays) or EVERY_DAY,
        starts=time.fromisoformat(starts),
        ends=time.fromisoformat(ends),
        zone=zone,
    )


def at(text: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DENVER, fold=fold)


@cache
def clock_around(day: date, zone: str) -> dict[datetime, list[datetime]]:
    """What the clock on the wall shows around this day, and at which minutes it does."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=5)
    seen: dict[datetime, list[datetime]] = {}
    for number in range(11 * 24 * 60):
        moment = start + MINUTE * number
        seen.setdefault(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None), []).append(moment)
    return seen


def shown(wall: datetime, day: date, zone: str, *, is_last: bool) -> datetime:
    """The first or last minute that shows this, or the first that shows more."""
    seen = clock_around(day, zone)
    while wall not in seen:
        wall += MINUTE
    return seen[wall][-1 if is_last else 0]


def worked(one: Hours, day: date) -> list[tuple[datetime, datetime]]:
    """The stretches around a day, read off the clock minute by minute."""
    found = []
    for number in range(-3, 4):
        begins = day + timedelta(days=number)
        ends = begins if one.starts < one.ends else begins + timedelta(days=1)
        if begins.weekday() in one.weekdays:
            start = shown(datetime.combine(begins, one.starts), day, one.zone, is_last=False)
            end = shown(datetime.combine(ends, one.ends), day, one.zone, is_last=True)
            if start < end:
                found.append((start, end))
    return found


CLOCK = st.builds(
    time, st.sampled_from([*range(5), 12, 22, 23]), st.sampled_from([0, 1, 15, 30, 59])
)
CHANGE = st.sampled_from([(zone, day) for zone, days in CHANGES.items() for day in days])
AROUND = st.integers(-36 * 60, 36 * 60)
WEEKDAYS = st.frozensets(st.integers(0, 6))


@given(change=CHANGE, starts=CLOCK, ends=CLOCK, weekdays=WEEKDAYS, minute=AROUND)
def test_a_shift_runs_as_the_clock_on_the_wall_shows_it(
    change: tuple[str, date], starts: time, ends: time, weekdays: frozenset[int], minute: int
) -> None:
    zone, day = change
    one = Hours(weekdays=weekdays, starts=starts, ends=ends, zone=zone)
    moment = datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + MINUTE * minute
    stretches = worked(one, day)

    assert covers(one, moment) == any(start <= moment < end for start, end in stretches)


@given(change=CHANGE, starts=CLOCK, ends=CLOCK, weekdays=WEEKDAYS, minute=AROUND)
def test_the_next_start_is_the_next_that_the_clock_shows(
    change: tuple[str, date], starts: time, ends: time, weekdays: frozenset[int], minute: int
) -> None:
    zone, day = change
    one = Hours(weekdays=weekdays, starts=starts, ends=ends, zone=zone)
    moment = datetime(day.year, day.month, day.day, 7, tzinfo=UTC) + MINUTE * minute
    expected = min((start for start, _ in worked(one, day) if start > moment), default=None)
    found = next_start(one, moment)

    assert (found is None) == (not weekdays)
    if expected and found:
        assert found.astimezone(UTC) == expected
    if found:
        assert found > moment
        assert covers(one, found)
        assert str(found.tzinfo) == zone


@given(change=CHANGE, clocks=st.sets(CLOCK, min_size=2, max_size=5), minute=AROUND)
def test_shifts_that_meet_leave_nobody_uncovered(
    change: tuple[str, date], clocks: set[time], minute: int
) -> None:
    zone, day = change
    ring = sorted(clocks)
    shifts = [
        Hours(weekdays=EVERY_DAY, starts=one, ends=other, zone=zone)
        for one, other in pairwise([*ring, ring[0]])
    ]
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2)

    assert gaps(shifts, start=start, end=start + timedelta(days=5)) == ()
    assert is_on_duty(shifts, start + timedelta(days=2) + MINUTE * minute)


@given(change=CHANGE, starts=CLOCK, ends=CLOCK, weekdays=WEEKDAYS, minute=st.integers(0, 4319))
def test_a_gap_is_where_nobody_is_on_duty(
    change: tuple[str, date], starts: time, ends: time, weekdays: frozenset[int], minute: int
) -> None:
    zone, day = change
    one = Hours(weekdays=weekdays, starts=starts, ends=ends, zone=zone)
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=1)
    end = start + timedelta(days=3)
    moment = start + MINUTE * minute
    found = gaps([one], start=start, end=end)

    assert any(begins <= moment < ends for begins, ends in found) != covers(one, moment)
    assert all(start <= begins < ends <= end for begins, ends in found)


def test_always_is_always_on_the_days_of_23_and_25_hours_too() -> None:
    always = hours("00:00", "00:00")
    year = datetime(2026, 1, 1, tzinfo=UTC)

    assert gaps([always], start=year, end=year + timedelta(days=365)) == ()


def test_a_night_shift_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = hours("22:00", "06:00", 4)

    assert covers(friday_night, at("2026-06-05T23:00"))
    assert covers(friday_night, at("2026-06-06T05:59"))
    assert not covers(friday_night, at("2026-06-06T06:00"))
    assert not covers(friday_night, at("2026-06-06T23:00"))
    assert not covers(friday_night, at("2026-06-05T05:00"))


def test_the_hour_that_comes_twice_is_worked_twice_by_who_was_there() -> None:
    night, morning = hours("18:00", "01:30"), hours("01:30", "08:00")
    second = at("2026-11-01T01:15", fold=1)

    assert covers(night, second)
    assert covers(morning, second)
    assert not covers(night, at("2026-11-01T01:30", fold=1))


def test_a_start_that_the_clock_leaps_over_is_the_moment_of_the_leap() -> None:
    early = hours("02:30", "10:00")

    assert next_start(early, at("2026-03-08T01:00")) == at("2026-03-08T03:00")
    assert not covers(early, at("2026-03-08T01:59"))
    assert covers(early, at("2026-03-08T03:00"))


def test_the_next_shift_is_told_in_its_own_time() -> None:
    night = hours("22:00", "06:00", 6)  # Sunday
    found = next_start(night, datetime(2026, 9, 6, 23, 45, tzinfo=UTC))

    assert f"{found:%A %H:%M}" == "Sunday 22:00"
    assert comes_on_at([night, hours("21:00", "23:00")], at("2026-09-06T17:45")) == at(
        "2026-09-06T21:00"
    )
    assert comes_on_at([], at("2026-09-06T17:45")) is None


def test_hours_that_no_calendar_has_are_refused() -> None:
    with pytest.raises(InputError, match="weekday"):
        hours("22:00", "06:00", 7)
    for zone in ("Mars/Olympus", "../etc/passwd", "", "America", "a\0b"):
        with pytest.raises(InputError, match="time zone") as caught:
            hours("22:00", "06:00", zone=zone)
        assert "IANA" in caught.value.way_out
