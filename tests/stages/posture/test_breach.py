"""Each order, each unit, each measure: broken, kept, not known, not watched; and since when."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture.patrol import (
    LAT,
    LIMITS,
    NOW,
    STEP,
    ago,
    at,
    officer,
    on,
    order,
    order_of_ground,
    unit,
)
from tocsin.posture import (
    Breach,
    Doubt,
    DoubtKind,
    Excuse,
    Finding,
    Limits,
    Measure,
    Scope,
    State,
    Status,
    Unit,
    UnitKind,
    continue_breaches,
    coverage,
    judge,
    judge_picture,
    see,
    touched,
)

BROKEN, KEPT, NOT_KNOWN = State.BROKEN, State.KEPT, State.NOT_KNOWN
PAIRS, CALLS = Measure.TWO_TO_A_CAR, Measure.TWO_CARS_TO_A_CALL
SOLO, PAIR = (officer("a"),), (officer("b"), officer("c"))


def states(*units: Unit, measure: Measure = PAIRS, limits: Limits = LIMITS) -> dict[str, State]:
    found = judge([order(measure)], units, NOW, limits)
    return {finding.unit.partition("/")[2]: finding.state for finding in found}


def test_a_lone_officer_breaks_two_to_a_car_and_a_pair_keeps_it() -> None:
    [finding] = judge([order()], [unit("C12", *SOLO)], NOW, LIMITS)

    assert (finding.state, finding.persons) == (BROKEN, ("a",))
    assert finding.reason == "a is alone in C12."
    assert states(unit("C12", *PAIR)) == {"C12": KEPT}


def test_whoever_is_away_is_no_part_of_the_car() -> None:
    assert states(unit("C12", *PAIR, officer("x", away_since=NOW))) == {"C12": KEPT}


def test_an_off_duty_unit_and_a_foot_patrol_are_no_car() -> None:
    assert states(unit("C12", *SOLO, status=Status.OFF_DUTY)) == {}
    assert states(unit("F1", *SOLO, kind=UnitKind.FOOT)) == {}


@pytest.mark.parametrize("kind", [UnitKind.FOOT, UnitKind.MOTORCYCLE, UnitKind.BICYCLE])
def test_nobody_patrols_alone_outside_a_car(kind: UnitKind) -> None:
    measure = Measure.NO_SOLO_FOOT_OR_MOTORCYCLE

    assert states(unit("M1", *SOLO, kind=kind), measure=measure) == {"M1": BROKEN}
    assert states(unit("M1", *PAIR, kind=kind), measure=measure) == {"M1": KEPT}
    assert states(unit("C1", *SOLO), measure=measure) == {}


def test_nobody_takes_a_break_alone() -> None:
    resting = unit("C12", *SOLO, status=Status.BREAK)

    assert states(resting, measure=Measure.NO_SOLO_BREAKS) == {"C12": BROKEN}
    assert states(unit("C12", *SOLO), measure=Measure.NO_SOLO_BREAKS) == {}


def test_two_cars_together_are_two_to_a_car_only_where_that_is_so_set() -> None:
    one, other = unit("C12", *SOLO, assignment=on()), unit("C14", officer("b"), assignment=on())

    assert states(one, other) == {"C12": KEPT, "C14": KEPT}
    assert states(one, other, limits=Limits(two_cars_count=False)) == {
        "C12": BROKEN,
        "C14": BROKEN,
    }


def test_one_car_on_a_call_breaks_two_cars_to_a_call_and_two_keep_it() -> None:
    first = unit("C12", *PAIR, assignment=on(), status=Status.EN_ROUTE)
    second = unit("C14", *SOLO, assignment=on(), status=Status.EN_ROUTE, position=at(lat=45))

    assert states(first, measure=CALLS) == {"C12": BROKEN}
    assert states(first, second, measure=CALLS) == {"C12": KEPT, "C14": KEPT}


def test_the_second_car_may_be_on_its_way_for_so_long() -> None:
    def arrived(minutes: float) -> State:
        first = unit(
            "C12",
            *PAIR,
            assignment=on(),
            status=Status.ON_SCENE,
            status_since=ago(minutes=minutes),
        )
        coming = unit("C14", *SOLO, assignment=on(), status=Status.EN_ROUTE, position=None)
        return states(first, coming, measure=CALLS)["C12"]

    assert arrived(2) is KEPT
    assert arrived(4) is BROKEN


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (unit("C14", crew_count=0, assignment=on(), position=None), BROKEN),
        (unit("C14", *SOLO, assignment=on(), position=None, source="other cad"), BROKEN),
        (unit("C14", *SOLO, assignment=on(), position=None, source="board"), KEPT),
        (unit("C14", *SOLO, assignment=on(), position=None, reported_at=ago(hours=1)), NOT_KNOWN),
        (unit("C14", *SOLO, assignment=on("another"), position=None), BROKEN),
        (unit("C14", *SOLO, assignment=on(), status=Status.OFF_DUTY, position=None), BROKEN),
    ],
    ids=["empty", "another system's number", "by hand", "stale", "another call", "off duty"],
)
def test_what_counts_as_a_second_car(second: Unit, expected: State) -> None:
    first = unit("C12", *PAIR, assignment=on(), status=Status.EN_ROUTE)

    assert states(first, second, measure=CALLS)["C12"] is expected


def test_stale_and_doubtful_units_are_never_shown_as_keeping_an_order() -> None:
    doubt = Doubt(kind=DoubtKind.CLOCK, text="An hour off.", at=NOW)
    crews = {
        "stale": unit("C1", *PAIR, reported_at=ago(hours=1)),
        "empty": unit("C2", crew_count=0),
    }

    assert states(crews["stale"]) == {"C1": NOT_KNOWN}
    assert states(crews["empty"]) == {"C2": NOT_KNOWN}
    assert states(unit("C3", *PAIR, doubts=(doubt,))) == {"C3": NOT_KNOWN}


def test_what_cannot_be_watched_is_said_once_and_never_shown_as_kept() -> None:
    found = judge([order(Measure.VESTS, PAIRS)], [unit("C12", *PAIR)], NOW, LIMITS)

    assert [(one.unit, one.measure, one.state) for one in found] == [
        ("", Measure.VESTS, State.NOT_WATCHED),
        ("harlow/C12", PAIRS, KEPT),
    ]


def test_a_unit_that_may_be_inside_the_ground_is_not_known() -> None:
    lost = unit("C12", *SOLO, agency="calder", position=None)
    gone = unit("C13", *SOLO, agency="calder", position=at(lat=45))
    pair = unit("C14", *PAIR, agency="calder", position=None)

    found = judge([order_of_ground()], [lost, gone, pair], NOW, LIMITS)

    assert [(one.unit, one.state) for one in found] == [
        ("calder/C12", NOT_KNOWN),
        ("calder/C14", KEPT),
    ]
    assert "inside the ordered ground is not known" in found[0].reason


def test_an_order_that_is_over_judges_nobody() -> None:
    assert judge([order(ended_at=ago(minutes=1))], [unit("C12", *SOLO)], NOW, LIMITS) == ()
    assert (
        judge(
            [order(starts_at=NOW + timedelta(1), review_at=NOW + timedelta(2))],
            [unit("C12", *SOLO)],
            NOW,
            LIMITS,
        )
        == ()
    )


def test_an_order_without_units_finds_nothing() -> None:
    assert judge([order_of_ground()], [], NOW, LIMITS) == ()


places = st.builds(
    at,
    lat=st.floats(39.4, 40.0),
    lon=st.floats(-105.2, -104.6),
    when=st.sampled_from([NOW, ago(minutes=10)]),
)
fleets = st.lists(
    st.builds(
        unit,
        st.integers(0, 30).map(lambda number: f"C{number}"),
        st.builds(officer, st.sampled_from("abcdef")),
        agency=st.sampled_from(["harlow", "calder"]),
        position=st.none() | places,
        status=st.sampled_from(Status),
        assignment=st.sampled_from([None, on("1"), on("2")]),
    ),
    max_size=12,
    unique_by=lambda one: one.key,
)


@given(fleets)
def test_judging_at_once_covers_the_same_units_as_asking_one_by_one(fleet: list[Unit]) -> None:
    one = order_of_ground()
    concerned = {
        each.key
        for each in fleet
        if coverage(one, each, NOW, LIMITS.stale_after).value != "no"
        and each.status is not Status.OFF_DUTY
    }

    assert {finding.unit for finding in judge([one], fleet, NOW, LIMITS)} == concerned


@given(fleets, st.integers(0, 11), st.sampled_from(Status), st.none() | places)
def test_judging_those_touched_by_a_change_finds_what_judging_all_does(
    fleet: list[Unit], index: int, status: Status, place: object
) -> None:
    if not fleet:
        return
    orders = [order(*Measure), order_of_ground(*Measure, key="O-2")]
    changed = fleet[index % len(fleet)]
    after = [
        unit(
            one.call_sign,
            *one.members,
            agency=one.agency,
            status=status,
            position=place,
            assignment=on("2"),
        )
        if one is changed
        else one
        for one in fleet
    ]
    old = see(fleet, NOW, LIMITS)
    new = see(after, NOW, LIMITS, old)
    everybody = judge_picture(orders, new, LIMITS)
    some = judge_picture(orders, new, LIMITS, only=touched([changed.key], old, new))

    kept = {one.key: one for one in judge_picture(orders, old, LIMITS)}
    only = touched([changed.key], old, new)
    merged = {key: one for key, one in kept.items() if key[1] not in only}
    merged.update((one.key, one) for one in some)
    assert {k: f.state for k, f in merged.items()} == {f.key: f.state for f in everybody}


def found(state: State, minutes: float = 0) -> Finding:
    return Finding(
        order="O-1",
        unit="harlow/C12",
        measure=PAIRS,
        state=state,
        reason=state.value,
        persons=("a",) if state is BROKEN else (),
        since=NOW + timedelta(minutes=minutes),
    )


def run(*said: State) -> tuple[Breach, ...]:
    breaches: tuple[Breach, ...] = ()
    for minute, state in enumerate(said):
        moment = NOW + timedelta(minutes=minute)
        breaches = continue_breaches(breaches, [found(state, minute)], moment)
    return breaches


def test_a_breach_keeps_its_beginning_for_as_long_as_it_lasts() -> None:
    [breach] = run(BROKEN, BROKEN, BROKEN)

    assert breach.since == NOW
    assert breach.ended_at is None


def test_a_breach_that_goes_silent_goes_on_and_says_so() -> None:
    [breach] = run(BROKEN, NOT_KNOWN, NOT_KNOWN)

    assert breach.ended_at is None
    assert breach.unseen_since == NOW + timedelta(minutes=1)
    assert run(BROKEN, NOT_KNOWN, BROKEN)[0].unseen_since is None


def test_a_breach_ends_when_it_is_kept_and_the_next_begins_anew() -> None:
    [ended] = run(BROKEN, KEPT)
    [again] = run(BROKEN, KEPT, BROKEN)

    assert ended.ended_at == NOW + timedelta(minutes=1)
    assert again.since == NOW + timedelta(minutes=2)


def test_what_was_not_judged_goes_on() -> None:
    before = run(BROKEN)
    [going] = continue_breaches(before, [], NOW, judged={"harlow/C99"})
    [ended] = continue_breaches(before, [], NOW, judged={"harlow/C12"})

    assert going.ended_at is None
    assert ended.ended_at == NOW


def test_an_excuse_counts_until_its_end() -> None:
    excuse = Excuse(
        order="O-1",
        unit="harlow/C12",
        measure=PAIRS,
        reason="Partner is at the hospital.",
        by="ortiz",
        starts_at=NOW,
        until=NOW + timedelta(minutes=5),
    )
    before = run(BROKEN)
    later = NOW + timedelta(minutes=5)

    [now] = continue_breaches(before, [found(BROKEN)], NOW, excuses=[excuse])
    [then] = continue_breaches([now], [found(BROKEN)], later, excuses=[excuse])

    assert now.excuse == excuse
    assert then.excuse is None
    assert then.since == NOW


@given(st.lists(st.sampled_from([BROKEN, KEPT, NOT_KNOWN]), max_size=12))
def test_a_breach_is_open_exactly_if_it_was_broken_after_it_was_last_kept(
    said: list[State],
) -> None:
    last_kept = max((i for i, one in enumerate(said) if one is KEPT), default=-1)
    is_open = BROKEN in said[last_kept + 1 :]

    assert any(one.ended_at is None for one in run(*said)) == is_open


def test_an_order_of_call_types_watches_only_those_calls() -> None:
    some = order(
        CALLS, scope=Scope(agencies=frozenset({"harlow"}), call_types=frozenset({"domestic"}))
    )
    fights = unit("C12", *PAIR, assignment=on("1", type="domestic"))
    parks = unit("C13", *PAIR, assignment=on("2", type="parking"), position=at(lat=LAT + STEP * 9))

    assert [one.unit for one in judge([some], [fights, parks], NOW, LIMITS)] == ["harlow/C12"]


def test_a_car_that_is_parked_and_empty_breaks_nothing_and_one_at_work_is_not_known() -> None:
    parked = unit("C12", crew_count=0, status=Status.OUT_OF_SERVICE)
    assert judge([order()], [parked], NOW, LIMITS) == ()
    working = unit("C12", crew_count=0)
    silent = unit("C12", crew_count=0, status=Status.OUT_OF_SERVICE, heard_at=ago(minutes=5),
                  reported_at=ago(minutes=5))  # fmt: skip
    full = unit("C12", officer("reed"), status=Status.OUT_OF_SERVICE)
    states = [judge([order()], [one], NOW, LIMITS)[0].state for one in (working, silent, full)]
    assert states == [State.NOT_KNOWN, State.NOT_KNOWN, State.BROKEN]
