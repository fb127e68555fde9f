"""Whom an order concerns, when it holds, and which orders contradict."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture.patrol import NOW, ago, at, box, on, order, order_of_ground, unit
from tocsin.errors import BadOrder, InputError
from tocsin.posture import (
    SENTENCES,
    WATCHED,
    BreakPlace,
    Clash,
    Coverage,
    Measure,
    Scope,
    contradictions,
    coverage,
    covers,
    ground_of,
    is_due,
    is_in_force,
)
from tocsin.warn.recipients.hours import Hours

HARLOW = frozenset({"harlow"})
EVENING = Hours(weekdays=frozenset(range(7)), starts=time(18), ends=time(2), zone="America/Denver")
MORNING = Hours(weekdays=frozenset(range(7)), starts=time(6), ends=time(12), zone="America/Denver")


def test_every_measure_has_a_plain_sentence_and_three_cannot_be_watched() -> None:
    assert set(SENTENCES) == set(Measure)
    assert set(Measure) - WATCHED == {
        Measure.VESTS,
        Measure.BADGES_COVERED,
        Measure.STATIONS_CLOSED,
    }


def test_an_order_of_nobody_is_refused() -> None:
    with pytest.raises(BadOrder, match="concerns nobody"):
        order(scope=Scope())


def test_an_order_that_demands_nothing_is_refused() -> None:
    with pytest.raises(BadOrder, match="demands nothing"):
        replace(order(), measures=frozenset())


def test_an_order_is_reviewed_after_it_begins() -> None:
    with pytest.raises(BadOrder, match="reviewed before"):
        order(review_at=ago(hours=1))


def test_a_time_without_an_offset_is_refused() -> None:
    with pytest.raises(BadOrder, match="offset"):
        order(review_at=datetime(2026, 3, 9))  # noqa: DTZ001 # that is the fault


def test_ground_without_ground_is_refused() -> None:
    empty = {"type": "Polygon", "coordinates": [[[-105, 39], [-105, 39], [-105, 39], [-105, 39]]]}
    with pytest.raises(InputError):
        ground_of("nowhere", empty)


def test_an_agency_is_concerned_wherever_its_units_are() -> None:
    far = unit(position=at(lat=45.0))

    assert covers(order(), far, NOW)
    assert covers(order(scope=Scope(agencies=frozenset({"x"})), joined=HARLOW), far, NOW)
    assert not covers(order(), unit(agency="calder"), NOW)


def test_a_unit_of_mutual_aid_falls_under_the_order_inside_its_ground() -> None:
    inside = unit(agency="nobody-knows", position=at())
    outside = unit(agency="nobody-knows", position=at(lat=45.0))

    assert covers(order_of_ground(), inside, NOW)
    assert not covers(order_of_ground(), outside, NOW)


def test_where_a_unit_without_position_falls_is_not_known() -> None:
    lost = unit(agency="calder", position=None)
    old = unit(agency="calder", position=at(lat=45.0, when=ago(minutes=30)))

    assert coverage(order_of_ground(), lost, NOW) is Coverage.NOT_KNOWN
    assert coverage(order_of_ground(), old, NOW, timedelta(minutes=2)) is Coverage.NOT_KNOWN


def test_an_order_of_call_types_concerns_only_units_on_such_calls() -> None:
    some = order(scope=Scope(agencies=HARLOW, call_types=frozenset({"domestic"})))

    assert covers(some, unit(assignment=on(type="domestic")), NOW)
    assert not covers(some, unit(assignment=on(type="parking")), NOW)
    assert not covers(some, unit(), NOW)


def test_an_order_of_a_shift_holds_while_it_is_worked() -> None:
    assert covers(order(scope=Scope(agencies=HARLOW, shifts=(EVENING,))), unit(), NOW)
    assert not covers(order(scope=Scope(agencies=HARLOW, shifts=(MORNING,))), unit(), NOW)


@given(st.integers(-100, 100))
def test_an_order_is_in_force_from_its_start_up_to_its_end(minutes: int) -> None:
    moment = NOW + timedelta(minutes=minutes)
    one = order(starts_at=NOW, review_at=NOW + timedelta(hours=1), ended_at=ago(minutes=-50))

    assert is_in_force(one, moment) == (0 <= minutes < 50)
    assert not is_due(one, moment)


def test_an_order_is_due_from_its_review_until_somebody_ends_it() -> None:
    one = order(review_at=ago(minutes=5))

    assert is_due(one, NOW)
    assert not is_due(order(review_at=ago(minutes=5), ended_at=ago(minutes=1)), NOW)


def test_closed_stations_contradict_breaks_at_stations() -> None:
    closing = order(Measure.STATIONS_CLOSED, key="A")
    sending = order(Measure.NO_SOLO_BREAKS, key="B", breaks_at=BreakPlace.STATION)
    anywhere = order(Measure.NO_SOLO_BREAKS, key="C")

    found = contradictions([sending, closing, anywhere], NOW)

    assert [(one.clash, one.one, one.other) for one in found] == [(Clash.CANNOT_BOTH, "A", "B")]


def test_an_order_stood_down_while_another_demands_the_same_is_named() -> None:
    over = order(key="A", ended_at=ago(minutes=10))
    found = contradictions([over, order(key="B")], NOW)

    assert [one.clash for one in found] == [Clash.ENDED_IN_PART]
    assert "A was stood down" in found[0].sentence
    assert not contradictions([order(key="A", ended_at=ago(minutes=10))], NOW)


def test_two_forms_on_the_same_ground_add_up() -> None:
    pairs = order(Measure.TWO_TO_A_CAR, key="A")
    calls = order(Measure.TWO_CARS_TO_A_CALL, key="B")

    assert [one.clash for one in contradictions([pairs, calls], NOW)] == [Clash.ADDS_UP]


def test_orders_that_never_meet_do_not_contradict() -> None:
    here = Scope(areas=(ground_of("a", box()),))
    there = Scope(areas=(ground_of("b", box(south=42.0)),))
    closing, sending = Measure.STATIONS_CLOSED, Measure.NO_SOLO_BREAKS
    breaks = {"breaks_at": BreakPlace.STATION}

    apart = [order(closing, key="A", scope=here), order(sending, key="B", scope=there, **breaks)]
    hours = [
        order(closing, key="A", scope=Scope(agencies=HARLOW, shifts=(EVENING,))),
        order(sending, key="B", scope=Scope(agencies=HARLOW, shifts=(MORNING,)), **breaks),
    ]

    assert not contradictions(apart, NOW)
    assert not contradictions(hours, NOW)
    assert contradictions([*apart[:1], order(sending, key="C", scope=here, **breaks)], NOW)
