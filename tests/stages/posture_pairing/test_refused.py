"""What a pairing plan cannot be made from is refused by name, with the way out."""

import math
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture_pairing.situations import NOW, at
from tocsin.errors import InputError
from tocsin.posture.pairing import (
    Beat,
    ByHand,
    Earlier,
    Limits,
    Place,
    Situation,
    Spot,
    Unit,
    Weights,
    plan_pairs,
)

UNITS = tuple(Unit(key=f"{number}", spot=at(number, 0)) for number in range(5))


def refused(situation: Situation, limits: Limits | None = None) -> str:
    with pytest.raises(InputError) as failed:
        plan_pairs(situation, limits=limits or Limits(), now=NOW)
    assert failed.value.way_out
    return failed.value.for_person()


@pytest.mark.parametrize(
    ("spot", "word"),
    [
        (Spot(longitude=math.nan, latitude=32.7), "not on the earth"),
        (Spot(longitude=-97.1, latitude=math.inf), "not on the earth"),
        (Spot(longitude=-197.1, latitude=32.7), "not on the earth"),
        (Spot(longitude=32.7, latitude=-97.1), "swapped"),
        (Spot(longitude=0.0, latitude=0.0), "no fix"),
        (Spot(longitude=-40.0, latitude=32.7), "500 km from the others"),
        (Spot(longitude="west", latitude=32.7), "not on the earth"),  # type: ignore[arg-type]
        (Spot(longitude=True, latitude=32.7), "not on the earth"),
    ],
)
def test_an_absurd_position_is_refused_with_the_name_of_the_unit(spot: Spot, word: str) -> None:
    said = refused(Situation(units=(*UNITS, Unit(key="12 Adam", spot=spot))))

    assert "Unit 12 Adam" in said
    assert word in said


def test_positions_that_are_swapped_and_still_on_the_earth_are_named_as_swapped() -> None:
    rome = [Spot(longitude=12.5 + n / 100, latitude=41.9) for n in range(4)]
    units = [Unit(key=f"{n}", spot=spot) for n, spot in enumerate(rome)]
    said = refused(
        Situation(units=(*units, Unit(key="7", spot=Spot(longitude=41.9, latitude=12.5))))
    )

    assert "Unit 7" in said
    assert "swapped" in said


@given(st.floats(), st.floats())
def test_no_position_whatever_leaks_another_error(longitude: float, latitude: float) -> None:
    spot = Spot(longitude=longitude, latitude=latitude)
    units = (*UNITS, Unit(key="x", spot=spot))
    said = ""
    try:
        plan = plan_pairs(Situation(units=units), limits=Limits(), now=NOW)
    except InputError as error:
        said = error.what
    else:
        assert math.isfinite(plan.objective.minutes)

    assert not said or "Unit x" in said


def test_units_on_both_sides_of_longitude_180_are_neighbours() -> None:
    units = (
        Unit(key="1", spot=Spot(longitude=179.98, latitude=-17.0)),
        Unit(key="2", spot=Spot(longitude=-179.98, latitude=-17.0)),
    )
    pair = plan_pairs(Situation(units=units), now=NOW).pairs[0]

    assert abs(pair.meeting.spot.longitude) == pytest.approx(180)
    assert pair.meeting.minutes < 6


@pytest.mark.parametrize(
    ("by_hand", "words"),
    [
        (ByHand(together=(("1", "2"), ("2", "3"))), ["Unit 2", "1 and 2, 2 and 3", "one of them"]),
        (ByHand(together=(("1", "2"),), apart=(("2", "1"),)), ["1 and 2", "never together"]),
        (ByHand(together=(("1", "1"),)), ["pairs unit 1 with itself"]),
        (ByHand(together=(("1", "2"),), alone=frozenset("1")), ["Unit 1", "stay alone"]),
        (ByHand(together=(("1", "2"),), desk=frozenset("2")), ["Unit 2", "to the desk"]),
        (ByHand(alone=frozenset("3"), desk=frozenset("3")), ["Unit 3", "alone", "desk"]),
        (ByHand(together=(("1", "gone"),)), ["Unit gone", "not among the lone units"]),
        (ByHand(desk=frozenset({"gone"})), ["Unit gone"]),
        (ByHand(keep=frozenset({"nowhere"})), ["Beat nowhere"]),
        (ByHand(together=(("1", "lost"),)), ["nobody knows where lost is"]),
    ],
)
def test_decisions_that_contradict_each_other_are_named(by_hand: ByHand, words: list[str]) -> None:
    said = refused(Situation(units=(*UNITS, Unit(key="lost")), by_hand=by_hand))

    assert all(word in said for word in words), said


def test_the_same_decision_twice_is_one() -> None:
    hand = ByHand(together=(("1", "2"), ("2", "1")))

    assert plan_pairs(Situation(units=UNITS, by_hand=hand), now=NOW).pairs


BEAT = Beat(key="b", centre=at(0, 0))


@pytest.mark.parametrize(
    ("situation", "words"),
    [
        (Situation(units=(*UNITS, UNITS[0])), "unit 0 is listed twice"),
        (Situation(beats=(BEAT, BEAT)), "beat b is listed twice"),
        (Situation(units=(Unit(key=""),)), "A unit has the key"),
        (Situation(units=(Unit(key="x" * 101),)), "A unit has the key"),
        (Situation(units=(Unit(key="1", beat="b"),)), "beat b, which is not listed"),
        (Situation(beats=(Beat(key="b"),)), "Beat b lies nowhere"),
        (Situation(beats=(replace(BEAT, weight=-1),)), "Beat b has the weight -1"),
        (Situation(beats=(replace(BEAT, weight=math.nan),)), "Beat b has the weight nan"),
        (Situation(beats=(replace(BEAT, cars=-1),)), "Beat b has -1 cars"),
        (Situation(beats=(replace(BEAT, neighbours=("c",)),)), "borders on c"),
        (Situation(beats=(Beat(key="b", outline={"type": "Point"}),)), "outline"),
        (Situation(units=tuple(Unit(key=f"{n}") for n in range(1001))), "1000 are the most"),
        (
            Situation(places=(Place(key="p", spot=Spot(longitude=999, latitude=0)),)),
            "Place p is at longitude 999",
        ),
        (
            Situation(units=(Unit(key="1", shift_ends_at=datetime(2026, 3, 2)),)),  # noqa: DTZ001
            "shift end is no time with a zone",
        ),
        (
            Situation(units=UNITS, earlier=(Earlier(units=("1", "2")), Earlier(units=("2", "3")))),
            "Unit 2 is in two pairs of the plan before",
        ),
    ],
)
def test_what_does_not_fit_is_named(situation: Situation, words: str) -> None:
    assert words in refused(situation)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Limits(speed=0), "goes nowhere"),
        (Limits(most_minutes=math.nan), "most_minutes is nan"),
        (Limits(shifts_apart=timedelta(hours=-1)), "shifts_apart"),
        (Limits(covered_each=-1), "covered_each is -1"),
    ],
)
def test_limits_that_are_none_are_named(limits: Limits, words: str) -> None:
    assert words in refused(Situation(units=UNITS), limits)


def test_weights_that_are_none_are_named_and_so_is_a_time_without_a_zone() -> None:
    with pytest.raises(InputError, match="left_over is -1"):
        plan_pairs(Situation(), weights=Weights(left_over=-1), now=NOW)
    with pytest.raises(InputError, match="no zone"):
        plan_pairs(Situation(), now=datetime(2026, 3, 2))  # noqa: DTZ001
