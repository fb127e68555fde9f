"""The joint list: on duty, not acknowledged, alone, in the place; worst first."""

from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture.patrol import LIMITS, NOW, ago, at, box, officer, unit
from tocsin.posture import Company, JointRow, OnDuty, Rank, Status, Unit, ground_of, joint_list, see

HARLOW = ground_of("Harlow", box())
PAIR = (officer("a"), officer("b"))
AWAY = at(lat=45)


def person(name: str, *, told: datetime | None = NOW, answered: bool = False) -> OnDuty:
    return OnDuty(person=name, name=name, agency="harlow", has_acknowledged=answered, told_at=told)


def listed(people: list[OnDuty], *units: Unit) -> list[JointRow]:
    return list(joint_list(people, see(units, NOW, LIMITS), [HARLOW], LIMITS))


def test_whoever_acknowledged_is_not_on_it() -> None:
    assert listed([person("a", answered=True)], unit("C12", officer("a"))) == []


def test_alone_in_the_place_comes_before_all_others() -> None:
    rows = listed(
        [person(name) for name in "abcd"],
        unit("C10", officer("d"), officer("x"), position=AWAY),
        unit("C11", officer("c"), position=AWAY),
        unit("C12", officer("b"), officer("y")),
        unit("C13", officer("a")),
    )

    assert [(row.person.name, row.rank) for row in rows] == [
        ("a", Rank.ALONE_IN_PLACE),
        ("b", Rank.IN_PLACE),
        ("c", Rank.ALONE_ELSEWHERE),
        ("d", Rank.OTHERWISE),
    ]
    assert rows[0].reasons == (
        "Told 0 s ago, not acknowledged.",
        "a is alone in C13.",
        "In Harlow, seen 0 s ago.",
    )


def test_whoever_is_not_known_ranks_as_bad_as_those_alone_and_says_so() -> None:
    stale = unit("C12", *PAIR, reported_at=ago(hours=1), position=at(when=ago(hours=1), lat=45))
    rows = listed([person("a"), person("nobody")], stale)

    assert {row.rank for row in rows} == {Rank.ALONE_IN_PLACE}
    assert {row.company for row in rows} == {Company.NOT_KNOWN}
    assert {row.is_in_place for row in rows} == {None}
    assert all("counts as alone" in " ".join(row.reasons) for row in rows)


def test_a_person_whom_two_units_name_is_not_known() -> None:
    [row] = listed([person("a")], unit("C12", *PAIR), unit("C13", *PAIR))

    assert (row.unit, row.company) == ("", Company.NOT_KNOWN)


def test_an_off_duty_unit_names_nobody() -> None:
    [row] = listed([person("a")], unit("C12", *PAIR, status=Status.OFF_DUTY))

    assert "No unit names him" in row.reasons[1]


def test_without_a_place_everywhere_counts() -> None:
    [row] = joint_list(
        [person("a")], see([unit("C12", officer("a"), position=None)], NOW, LIMITS), [], LIMITS
    )

    assert row.rank is Rank.ALONE_IN_PLACE


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdef"), st.none() | st.integers(0, 60), st.booleans()),
        max_size=6,
        unique_by=lambda one: one[0],
    )
)
def test_within_a_rank_the_untold_come_first_then_who_waits_longest(
    said: list[tuple[str, int | None, bool]],
) -> None:
    people = [
        person(name, told=None if minutes is None else ago(minutes=minutes), answered=answered)
        for name, minutes, answered in said
    ]
    rows = listed(people)

    assert {row.person for row in rows} == {one for one in people if not one.has_acknowledged}
    waits = [row.person.told_at for row in rows]
    assert waits == sorted(waits, key=lambda at: (at is not None, at or NOW))
