"""Small situations, where every plan can be tried: the plan is the best, and keeps every rule."""

import pytest
from hypothesis import HealthCheck, example, given, settings

from tests.stages.posture_pairing.brute import Brute, no_unit_twice
from tests.stages.posture_pairing.situations import LIMITS, NOW, at, situations
from tocsin.errors import InputError
from tocsin.posture.pairing import Beat, Plan, Situation, Unit, Weights, plan_pairs

SMALL = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))

A_TIE = Situation(
    units=(
        Unit(key="u0", beat="b0"),
        Unit(key="u1", spot=at(0.0, 0.0), qualifications=frozenset({"released"})),
    ),
    beats=(Beat(key="b0", centre=at(0.0, 1 / 37), cars=1),),
)
"""Two who are so close that one stays: on the beat it is no way back, at the other's it is."""


def plan_or_error(situation: Situation) -> Plan | InputError:
    try:
        return plan_pairs(situation, limits=LIMITS, now=NOW)
    except InputError as error:
        return error


@SMALL
@given(situations())
def test_no_plan_of_all_plans_costs_less(situation: Situation) -> None:
    brute = Brute(situation, LIMITS, Weights(), NOW)
    least = brute.least()
    plan = plan_or_error(situation)

    if isinstance(plan, InputError):
        assert least is None
        assert "must be kept" in plan.what
        assert plan.way_out
        return
    assert least is not None
    assert plan.objective.minutes == pytest.approx(least, abs=1e-4)
    assert plan.bound <= least + 1e-4
    assert plan.gap == pytest.approx(0, abs=1e-4)
    assert plan.greedy is None or plan.greedy >= least - 1e-4


@SMALL
@given(situations())
def test_what_the_plan_says_that_it_costs_is_what_its_pairs_cost(situation: Situation) -> None:
    plan = plan_or_error(situation)
    if isinstance(plan, InputError):
        return
    brute = Brute(situation, LIMITS, Weights(), NOW)
    kept = {pair.units: pair.beat for pair in plan.pairs}

    assert brute.cost(kept) == pytest.approx(plan.objective.minutes, abs=1e-4)
    assert all(brute.allowed(pair) for pair in kept)


@SMALL
@given(situations(most=9))
def test_everybody_appears_once_and_decisions_by_hand_are_kept(situation: Situation) -> None:
    plan = plan_or_error(situation)
    if isinstance(plan, InputError):
        return
    hand = situation.by_hand
    pairs = [pair.units for pair in plan.pairs]
    paired = {key for pair in pairs for key in pair}
    left = {one.unit for one in plan.left_over}
    kept = {pair.beat for pair in plan.pairs} | {b.key for b in situation.beats if b.cars}
    kept |= {unit.beat for unit in situation.units if unit.key in hand.alone}

    assert no_unit_twice(pairs)
    assert paired | left == {unit.key for unit in situation.units}
    assert not paired & left
    assert {tuple(sorted(pair)) for pair in hand.together} <= set(pairs)
    assert not {tuple(sorted(pair)) for pair in hand.apart} & set(pairs)
    assert hand.alone | hand.desk <= left
    assert hand.keep <= kept
    assert {beat.beat for beat in plan.left_beats} == {b.key for b in situation.beats} - kept


@SMALL
@example(A_TIE)
@given(situations(most=9))
def test_the_same_situation_gives_the_same_plan_in_any_order(situation: Situation) -> None:
    plan = plan_or_error(situation)
    again = plan_or_error(situation)
    turned = plan_or_error(
        Situation(
            units=situation.units[::-1],
            beats=situation.beats[::-1],
            places=situation.places[::-1],
            by_hand=situation.by_hand,
            earlier=situation.earlier[::-1],
        )
    )
    if isinstance(plan, Plan) and isinstance(turned, Plan):
        assert again == plan
        assert turned == plan
    else:
        assert isinstance(turned, InputError)
