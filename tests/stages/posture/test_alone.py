"""Who is alone is judged for each person, and never "safe" where it is not known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture.patrol import LAT, LIMITS, NOW, STEP, ago, at, officer, on, unit
from tocsin.posture import (
    Company,
    CrewRole,
    Doubt,
    DoubtKind,
    Limits,
    Member,
    Picture,
    Standing,
    Status,
    Unit,
    distance_m,
    see,
    who_is_alone,
)

ALONE, TOGETHER, NOT_KNOWN = Company.ALONE, Company.TOGETHER, Company.NOT_KNOWN
NEXT_DOOR = at(lat=LAT + STEP / 2)


def judged(one: Unit, *others: Unit, limits: Limits = LIMITS) -> tuple[Standing, ...]:
    return who_is_alone(one, see([one, *others], NOW, limits), limits)


def company(one: Unit, *others: Unit, limits: Limits = LIMITS) -> list[Company]:
    return [standing.company for standing in judged(one, *others, limits=limits)]


def seen_for(seconds: float, *units: Unit) -> Picture:
    """The picture now, where the units stood as they do for so long."""
    then = ago(seconds=seconds)
    earlier = [
        replace(one, position=replace(one.position, at=then)) for one in units if one.position
    ]
    return see(units, NOW, LIMITS, see(earlier, then, LIMITS))


def test_two_officers_in_a_car_are_together_and_one_is_alone() -> None:
    assert company(unit("C12", officer("reed"), officer("kim"))) == [TOGETHER, TOGETHER]
    assert company(unit("C12", officer("reed"))) == [ALONE]


@pytest.mark.parametrize("role", [CrewRole.TRAINEE, CrewRole.CIVILIAN])
def test_a_trainee_or_a_civilian_is_no_second_officer(role: CrewRole) -> None:
    standing = judged(unit("C12", officer("reed"), officer("ng", role)))

    assert [one.company for one in standing] == [ALONE, TOGETHER]
    assert f"ng is a {role.value} and does not count" in standing[0].reason


def test_a_partner_who_is_away_does_not_count_and_is_not_known_himself() -> None:
    standing = judged(unit("C12", officer("reed"), officer("kim", away_since=ago(minutes=4))))

    assert [one.company for one in standing] == [ALONE, NOT_KNOWN]
    assert "kim is away for 4 min" in standing[0].reason
    assert not standing[1].is_present


def test_a_supervisor_counts_and_a_role_that_nobody_said_is_not_known() -> None:
    assert company(unit("C12", officer("a"), officer("b", CrewRole.SUPERVISOR)))[0] is TOGETHER
    assert company(unit("C12", officer("a"), officer("b", CrewRole.NOT_KNOWN)))[0] is NOT_KNOWN


@pytest.mark.parametrize(
    ("count", "trusted", "expected"),
    [
        (0, False, NOT_KNOWN),
        (1, False, ALONE),
        (2, False, NOT_KNOWN),
        (2, True, TOGETHER),
    ],
)
def test_a_crew_known_by_number_alone(count: int, trusted: bool, expected: Company) -> None:
    limits = Limits(counts_are_officers=trusted)

    assert company(unit("C12", crew_count=count), limits=limits) == [expected]


def test_more_aboard_than_are_named_is_not_known() -> None:
    assert company(unit("C12", officer("reed"), crew_count=2)) == [NOT_KNOWN]


def test_a_stale_unit_is_not_known_whoever_is_in_it() -> None:
    old = unit("C12", officer("a"), officer("b"), reported_at=ago(minutes=6))
    standing = judged(old)

    assert {one.company for one in standing} == {NOT_KNOWN}
    assert "6 min ago" in standing[0].reason


def test_a_fresh_position_does_not_make_a_crew_of_yesterday_fresh() -> None:
    assert company(unit("C12", officer("a"), officer("b"), crew_at=ago(hours=20))) == [
        NOT_KNOWN,
        NOT_KNOWN,
    ]
    assert company(unit("C12", crew_at=None)) == [NOT_KNOWN]


@pytest.mark.parametrize("kind", [DoubtKind.CLOCK, DoubtKind.CALL_SIGN, DoubtKind.CREW])
def test_under_a_doubt_nobody_is_said_to_have_company(kind: DoubtKind) -> None:
    doubt = Doubt(kind=kind, text="Doubtful.", at=NOW)

    assert company(unit("C12", officer("a"), officer("b"), doubts=(doubt,)))[0] is NOT_KNOWN
    assert company(unit("C12", officer("a"), doubts=(doubt,))) == [ALONE]


def test_whoever_is_listed_in_two_units_is_nobodys_company() -> None:
    one = unit("C12", officer("reed"), officer("kim"))
    other = unit("C14", officer("kim"), position=None)

    assert company(one, other) == [NOT_KNOWN, NOT_KNOWN]


def test_two_cars_that_stand_together_for_a_while_are_company() -> None:
    one, other = unit("C12", officer("a")), unit("C14", officer("b"), position=NEXT_DOOR)

    [early] = who_is_alone(one, seen_for(10, one, other), LIMITS)
    [late] = who_is_alone(one, seen_for(40, one, other), LIMITS)

    assert early.company is ALONE
    assert late.company is TOGETHER
    assert "C14 is 56 m away, for 40 s" in late.reason


def test_two_cars_at_the_same_call_are_company_at_once() -> None:
    one = unit("C12", officer("a"), assignment=on())
    other = unit("C14", officer("b"), position=NEXT_DOOR, assignment=on())

    assert company(one, other) == [TOGETHER]


def test_cars_that_part_are_alone_at_once_and_begin_anew() -> None:
    one, other = unit("C12", officer("a")), unit("C14", officer("b"), position=NEXT_DOOR)
    apart = seen_for(40, one, unit("C14", officer("b"), position=at(lat=LAT + 1)))
    again = see([one, other], NOW, LIMITS, apart)

    assert who_is_alone(one, apart, LIMITS)[0].company is ALONE
    assert who_is_alone(one, again, LIMITS)[0].company is ALONE


@pytest.mark.parametrize(
    "other",
    [
        unit("C14", officer("b", CrewRole.CIVILIAN), position=NEXT_DOOR, assignment=on()),
        unit("C14", position=NEXT_DOOR, assignment=on()),
        unit("C14", officer("b"), position=NEXT_DOOR, assignment=on(), reported_at=ago(hours=2)),
        unit("C14", officer("b"), position=at(when=ago(minutes=5)), assignment=on()),
        unit("C14", officer("b"), position=at(accuracy_m=2000), assignment=on()),
        unit("C14", officer("b"), position=at(lat=LAT + 2 * STEP), assignment=on()),
        unit("C14", officer("b"), status=Status.OFF_DUTY, assignment=on()),
    ],
    ids=["civilian", "crew not said", "stale", "old position", "rough", "far", "off duty"],
)
def test_a_car_nearby_is_no_company_unless_all_of_it_is_known(other: Unit) -> None:
    assert company(unit("C12", officer("a"), assignment=on()), other) == [ALONE]


def test_a_crew_at_a_station_is_not_alone_on_the_road() -> None:
    assert company(unit("C12", officer("a"), status=Status.STATION)) == [Company.AT_STATION]


members = st.builds(
    officer,
    st.sampled_from(["a", "b", "c", "d"]),
    st.sampled_from(CrewRole),
    away_since=st.sampled_from([None, ago(minutes=1)]),
)
crews = st.lists(members, max_size=4, unique_by=lambda one: one.person)


@given(crews, st.integers(0, 600), st.sampled_from(Status))
def test_company_is_claimed_only_where_a_second_officer_is_known_present(
    crew: list[Member], seconds: int, status: Status
) -> None:
    one = unit("C12", *crew, reported_at=ago(seconds=seconds), status=status)
    for standing in judged(one):
        others = [m for m in crew if m.person != standing.person and m.is_present]
        if standing.company is TOGETHER:
            assert any(m.role in {CrewRole.OFFICER, CrewRole.SUPERVISOR} for m in others)
            assert timedelta(seconds=seconds) <= LIMITS.stale_after
        assert standing.reason


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=2, max_size=12))
def test_nearness_is_that_of_measuring_every_pair(places: list[tuple[float, float]]) -> None:
    units = [
        unit(
            f"C{number}",
            officer(str(number)),
            position=at(lat=LAT + up * STEP, lon=-104.9 + right * STEP),
        )
        for number, (up, right) in enumerate(places)
    ]
    limits = Limits(near_m=300)
    picture = see(units, NOW, limits)
    for one in units:
        listed = {near.other: near.distance_m for near in picture.near.get(one.key, ())}
        measured = distances(one, units)
        assert all(abs(measured[key] - metres) < 0.01 for key, metres in listed.items())
        if len(listed) < 8:
            assert {key for key, metres in measured.items() if metres < 299.99} <= set(listed)


def distances(one: Unit, units: list[Unit]) -> dict[str, float]:
    assert one.position
    return {
        other.key: distance_m(one.position, other.position)
        for other in units
        if other is not one and other.position
    }
