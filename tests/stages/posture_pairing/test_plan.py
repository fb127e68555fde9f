"""A pairing plan as a person reads it: who, where, which beats, why, and what changed."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.stages.posture_pairing.brute import Brute, no_unit_twice
from tests.stages.posture_pairing.situations import NOW, at
from tocsin.errors import InputError
from tocsin.posture.pairing import (
    Beat,
    ByHand,
    Earlier,
    Limits,
    Place,
    Plan,
    Point,
    Reason,
    Situation,
    Turn,
    Unit,
    Weights,
    plan_pairs,
)

HOUR = timedelta(hours=1)


def unit(key: str, east: float, north: float = 0.0, **more: object) -> Unit:
    plain = Unit(key=key, spot=at(east, north), shift_ends_at=NOW + 5 * HOUR)
    return replace(plain, **more)  # type: ignore[arg-type]


def plan(*units: Unit, limits: Limits | None = None, **more: object) -> Plan:
    situation = replace(Situation(units=units), **more)  # type: ignore[arg-type]
    return plan_pairs(situation, limits=limits or Limits(), now=NOW)


def pairs_of(found: Plan) -> set[tuple[str, str]]:
    return {pair.units for pair in found.pairs}


def part(found: Plan, name: str) -> tuple[int, float]:
    one = next(part for part in found.objective.parts if part.name == name)
    return one.count, one.minutes


def test_nobody_on_duty_is_an_empty_plan() -> None:
    found = plan()

    assert [*found.pairs, *found.left_over, *found.left_beats, *found.changes] == []
    assert found.objective.minutes == found.bound == found.greedy == found.gap == 0


def test_beats_without_a_unit_are_left_and_uncovered() -> None:
    found = plan(beats=(Beat(key="north", weight=0.5, centre=at(0, 0)),))

    assert found.left_beats[0].covered_from is None
    assert part(found, "beats uncovered") == (1, 15.0)


def test_one_unit_is_left_over_and_told_why() -> None:
    found = plan(unit("12A", 0))

    assert found.left_over[0].reason is Reason.NOBODY_FITS
    assert found.left_over[0].says == "12A fits with nobody: it is the only one."
    assert part(found, "units left over") == (1, 120.0)


def test_the_odd_one_is_named_with_the_partner_it_would_have_had() -> None:
    found = plan(unit("1", 0), unit("2", 3), unit("3", 9))

    assert pairs_of(found) == {("1", "2")}
    assert found.left_over[0].unit == "3"
    assert found.left_over[0].reason is Reason.ODD_ONE
    assert found.left_over[0].nearest == "2"
    assert "all 2 who would fit are needed in other pairs; the nearest is 2" in (
        found.left_over[0].says
    )


def test_two_meet_halfway_and_each_has_his_minutes() -> None:
    found = plan(unit("1", 0), unit("2", 8), limits=Limits(speed=40, detour=1.5))
    pair = found.pairs[0]

    assert pair.meeting.point is Point.HALFWAY
    assert pair.meeting.place is None
    assert pair.host.drives == pytest.approx(9.0, rel=0.01)  # 4 km x 1.5 at 40 km an hour
    assert pair.guest.drives == pytest.approx(pair.meeting.minutes)


def test_who_is_free_drives_to_who_is_busy() -> None:
    busy = unit("2", 4, is_busy=True, busy_until=NOW + timedelta(minutes=15))
    pair = plan(unit("1", 0), busy).pairs[0]
    legs = {leg.unit: leg for leg in (pair.host, pair.guest)}

    assert (pair.meeting.point, pair.meeting.place) == (Point.UNIT, "2")
    assert legs["2"].waits == 15
    assert legs["2"].drives == pytest.approx(0, abs=1e-6)
    assert pair.meeting.minutes == pytest.approx(15)


def test_two_meet_at_a_station_that_lies_near_the_way() -> None:
    near = Place(key="station 4", spot=at(4, 0.5))
    far = Place(key="depot", spot=at(4, 9))
    found = plan(unit("1", 0), unit("2", 8), places=(far, near))

    assert found.pairs[0].meeting.point is Point.PLACE
    assert found.pairs[0].meeting.place == "station 4"
    assert plan(unit("1", 0), unit("2", 8), places=(far,)).pairs[0].meeting.place is None


def test_the_car_of_the_beat_that_is_kept_goes_on_and_the_other_stays_behind() -> None:
    beats = (Beat(key="hot", weight=2, centre=at(0, 0)), Beat(key="calm", centre=at(6, 0)))
    pair = plan(unit("1", 0, beat="hot"), unit("2", 6, beat="calm"), beats=beats).pairs[0]

    assert (pair.beat, pair.host.unit, pair.guest.unit) == ("hot", "1", "2")


def test_a_motorcycle_joins_a_car_and_never_the_other_way() -> None:
    beats = (Beat(key="hot", weight=2, centre=at(0, 0)),)
    pair = plan(unit("M1", 0, beat="hot", has_seat=False), unit("2", 6), beats=beats).pairs[0]
    two = plan(unit("M1", 0, has_seat=False), unit("M2", 1, has_seat=False))

    assert (pair.host.unit, pair.guest.unit) == ("2", "M1")
    assert two.left_over[0].says == "M1 fits with nobody: 1 without a car for two."


def test_a_beat_that_is_left_says_who_covers_it_and_in_how_many_minutes() -> None:
    beats = (
        Beat(key="hot", weight=2, centre=at(0, 0), neighbours=("calm",)),
        Beat(key="calm", weight=0.5, centre=at(6, 0)),
        Beat(key="far", weight=0.1, centre=at(40, 0), neighbours=()),
    )
    found = plan(
        unit("1", 0, beat="hot"),
        unit("2", 6, beat="calm"),
        beats=beats,
        limits=Limits(nearest=1),
    )
    calm = next(left for left in found.left_beats if left.beat == "calm")

    assert (calm.covered_from, calm.covered_by) == ("hot", ("1", "2"))
    assert calm.minutes == pytest.approx(6 * 1.3 / 40 * 60, rel=0.01)
    count, minutes = part(found, "beats covered by a neighbour")
    assert count == 1
    assert minutes == pytest.approx(calm.minutes * 0.5)


def test_a_large_beat_is_reached_at_its_edge() -> None:
    (west, south), (east, north) = ((s.longitude, s.latitude) for s in (at(10, -4), at(18, 4)))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = {"type": "Polygon", "coordinates": [ring]}
    point = plan(unit("1", 0, beat="b"), unit("2", 1), beats=(Beat(key="b", centre=at(14, 0)),))
    wide = plan(unit("1", 0, beat="b"), unit("2", 1), beats=(Beat(key="b", outline=outline),))

    radius = 8 / 3.14159265**0.5 * 1.3 / 40 * 60
    assert wide.pairs[0].back == pytest.approx(point.pairs[0].back - radius, rel=0.02)


def test_two_trainees_and_those_without_a_demanded_word_are_never_together() -> None:
    two = plan(unit("1", 0, is_trainee=True), unit("2", 0, is_trainee=True))
    new = plan(
        unit("1", 0),
        unit("2", 0),
        unit("3", 9, qualifications=frozenset({"released"})),
        limits=Limits(demanded=frozenset({"released"})),
    )

    assert two.pairs == ()
    assert "1 both trainees" in two.left_over[0].says
    assert part(two, "units left over") == (2, 360.0)
    assert all("3" in pair for pair in pairs_of(new))


def test_a_trainee_is_not_the_odd_one_where_another_can_be() -> None:
    found = plan(unit("1", 0), unit("2", 1), unit("3", 8, is_trainee=True))

    assert [left.unit for left in found.left_over] == ["1"]


def test_shifts_that_end_too_far_apart_or_too_soon_make_no_pair() -> None:
    early = unit("1", 0, shift_ends_at=NOW + HOUR)
    found = plan(early, unit("2", 0))
    gone = plan(unit("1", 0, shift_ends_at=NOW + timedelta(minutes=20)), unit("2", 0))

    assert found.left_over[0].says == ("1 fits with nobody: 1 with shifts that end too far apart.")
    assert gone.left_over[0].reason is Reason.SHIFT_ENDS
    assert plan(early, unit("2", 0, shift_ends_at=None)).pairs


def test_supervisors_are_spread_where_it_costs_little() -> None:
    units = [unit("S1", 0, is_supervisor=True), unit("S2", 1, is_supervisor=True)]
    found = plan(*units, unit("3", 0.5, 3), unit("4", 0.5, -3))

    assert ("S1", "S2") not in pairs_of(found)
    assert part(found, "two supervisors") == (0, 0.0)


def test_units_without_a_position_are_planned_from_their_beat_or_left_over() -> None:
    beats = (Beat(key="b", centre=at(2, 0)),)
    found = plan(
        unit("1", 0), Unit(key="2", beat="b"), Unit(key="3"),
        Unit(key="4", spot=at(0, 0), is_busy=True), beats=beats,
    )  # fmt: skip

    assert pairs_of(found) == {("1", "2")}
    assert {left.unit: left.reason for left in found.left_over} == {
        "3": Reason.NO_POSITION,
        "4": Reason.BUSY,
    }


def test_a_pair_fixed_by_hand_stands_and_the_plan_says_what_it_breaks() -> None:
    hand = ByHand(together=(("1", "9"),))
    trainees = [unit("1", 0, is_trainee=True), unit("9", 60, is_trainee=True)]
    found = plan(*trainees, unit("3", 1), unit("4", 2), by_hand=hand)
    fixed = next(pair for pair in found.pairs if pair.is_fixed)

    assert pairs_of(found) == {("1", "9"), ("3", "4")}
    assert fixed.breaks == ("both trainees", "too far to meet in time")


def test_who_stays_alone_by_hand_keeps_his_beat_and_who_is_at_the_desk_keeps_none() -> None:
    beats = (Beat(key="a", centre=at(0, 0)), Beat(key="b", centre=at(5, 0)))
    units = [unit("1", 0, beat="a"), unit("2", 5, beat="b")]
    hand = ByHand(alone=frozenset({"1"}), desk=frozenset({"2"}))
    found = plan(*units, beats=beats, by_hand=hand)

    assert [left.reason for left in found.left_over] == [
        Reason.ALONE_BY_HAND,
        Reason.DESK_BY_HAND,
    ]
    assert [(left.beat, left.covered_by) for left in found.left_beats] == [("b", ("1",))]
    assert part(found, "units left over") == (0, 0.0)


def test_a_beat_that_must_be_kept_is_kept_though_it_costs_more() -> None:
    beats = (Beat(key="hot", weight=9, centre=at(0, 0)), Beat(key="calm", centre=at(6, 0)))
    units = [unit("1", 0, beat="hot"), unit("2", 6, beat="calm")]
    found = plan(*units, beats=beats, by_hand=ByHand(keep=frozenset({"calm"})))

    assert found.pairs[0].beat == "calm"


def test_more_beats_to_keep_than_pairs_says_which_and_the_way_out() -> None:
    beats = tuple(Beat(key=key, centre=at(0, index)) for index, key in enumerate("ab"))
    hand = ByHand(keep=frozenset("ab"))
    with pytest.raises(InputError, match="too few pairs for [ab]") as failed:
        plan(unit("1", 0, beat="a"), unit("2", 0, beat="b"), beats=beats, by_hand=hand)
    with pytest.raises(InputError, match="Beat a must be kept and no pair") as none:
        plan(unit("1", 0), beats=beats, by_hand=ByHand(keep=frozenset("a")))

    assert "Let one of them go" in failed.value.way_out
    assert "send a car with two officers" in none.value.way_out


def drawn(count: int, seed: int) -> list[Unit]:
    draw = random.Random(seed)  # noqa: S311 # invents places
    return [unit(f"{n}", draw.uniform(0, 12), draw.uniform(0, 12)) for n in range(count)]


def test_a_plan_stays_as_it_is_while_units_only_move_a_little() -> None:
    units = drawn(30, seed=4)
    before = plan(*units)
    draw = random.Random(5)  # noqa: S311 # invents places
    moved = [
        replace(
            one,
            spot=at(
                (one.spot.longitude + 97.1) / 0.010687 + draw.uniform(-0.2, 0.2),
                (one.spot.latitude - 32.7) / 0.008993 + draw.uniform(-0.2, 0.2),
            ),
        )
        for one in units
        if one.spot
    ]
    after = plan(*moved, earlier=before.as_earlier())

    assert after.changes == ()
    assert pairs_of(after) == pairs_of(before)


def test_a_pair_under_way_is_broken_only_for_more_than_the_switch_costs() -> None:
    units = [unit("1", 0), unit("2", 4), unit("3", 1.5), unit("4", 9)]
    before = Earlier(units=("1", "2"), is_under_way=True)
    cheap = Weights(broken=0, broken_under_way=0)
    free = plan_pairs(Situation(units=tuple(units), earlier=(before,)), weights=cheap, now=NOW)
    held = plan(*units, earlier=(before,))

    assert ("1", "3") in pairs_of(free)
    assert pairs_of(held) == {("1", "2"), ("3", "4")}
    assert [change.says for change in free.changes if change.turn is Turn.BROKEN] == [
        "1 and 2 are no pair any more: another plan is better by more than it costs to switch."
    ]


def test_every_change_has_its_cause() -> None:
    beats = (Beat(key="a", centre=at(0, 0)), Beat(key="b", centre=at(2, 0)))
    units = [
        unit("1", 0, beat="a"), unit("2", 1), unit("3", 20), unit("4", 20.5), unit("5", 21),
    ]  # fmt: skip
    earlier = (
        Earlier(units=("1", "2"), beat="b"),
        Earlier(units=("3", "gone")),
        Earlier(units=("4", "5")),
    )
    hand = ByHand(apart=(("5", "4"),))
    found = plan(*units, beats=beats, earlier=earlier, by_hand=hand)

    assert {change.says for change in found.changes} >= {
        "1 and 2 keep a instead of b.",
        "3 and gone are no pair any more: gone not among the lone units now.",
        "4 and 5 are no pair any more: kept apart by hand.",
    }
    assert part(found, "pairs broken") == (1, 3.0)
    assert part(found, "pairs on another beat") == (1, 1.0)


def test_no_first_plan_has_changes() -> None:
    assert plan(unit("1", 0), unit("2", 1)).changes == ()


def clusters(count: int, seed: int) -> list[Situation]:
    """Groups of four units and two beats, each so far from the next that nobody changes over."""
    draw = random.Random(seed)  # noqa: S311 # invents places
    made = []
    for number in range(count):
        east, north = (number % 6) * 60.0, (number // 6) * 60.0
        keys = (f"{number}a", f"{number}b")
        beats = tuple(
            Beat(
                key=key,
                weight=draw.uniform(0, 3),
                centre=at(east + draw.uniform(0, 8), north + draw.uniform(0, 8)),
                neighbours=keys,
            )
            for key in keys
        )
        units = tuple(
            unit(
                f"{number}-{index}",
                east + draw.uniform(0, 9),
                north + draw.uniform(0, 9),
                beat=draw.choice(keys),
                is_trainee=draw.random() < 0.2,
                shift_ends_at=NOW + draw.choice([1, 3, 5]) * HOUR,
            )
            for index in range(4)
        )
        made.append(Situation(units=units, beats=beats))
    return made


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_of_a_large_plan_is_below_the_best_and_the_plan_is_near_it(seed: int) -> None:
    parts = clusters(30, seed)
    whole = Situation(
        units=tuple(one for group in parts for one in group.units),
        beats=tuple(one for group in parts for one in group.beats),
    )
    costs = [Brute(group, Limits(), Weights(), NOW).least() for group in parts]
    best = sum(cost for cost in costs if cost is not None)
    found = plan_pairs(whole, now=NOW)

    assert found.bound <= best + 1e-3
    assert best - 1e-3 <= found.objective.minutes <= best * 1.02
    assert found.greedy is not None
    assert found.objective.minutes <= found.greedy
    assert found.gap < 0.05


def test_in_a_large_plan_too_decisions_by_hand_are_kept_and_nobody_appears_twice() -> None:
    units = drawn(151, seed=9)
    beats = tuple(Beat(key=f"b{n}", weight=0.2, centre=at(n % 8, n // 8)) for n in range(60))
    homes = [replace(one, beat=f"b{index % 60}") for index, one in enumerate(units)]
    hand = ByHand(
        together=(("0", "77"), ("3", "149")),
        apart=tuple((f"{n}", f"{n + 1}") for n in range(10, 60)),
        alone=frozenset({"100"}),
        desk=frozenset({"101"}),
        keep=frozenset({"b0", "b17", "b59"}),
    )
    found = plan(*homes, beats=beats, by_hand=hand)
    pairs = pairs_of(found)
    left = {one.unit for one in found.left_over}

    assert no_unit_twice(list(pairs))
    assert {("0", "77"), ("149", "3")} <= pairs
    assert not {tuple(sorted(pair)) for pair in hand.apart} & pairs
    assert hand.keep <= {pair.beat for pair in found.pairs}
    assert len(left) == 3  # 100, 101 and the odd one
    assert {"100", "101"} < left
    assert {key for pair in pairs for key in pair} | left == {one.key for one in units}


@pytest.mark.parametrize("count", [60, 160])
def test_out_of_time_there_is_still_a_whole_plan_with_an_honest_gap(
    count: int, capfd: pytest.CaptureFixture[str]
) -> None:
    beats = tuple(Beat(key=f"b{n}", centre=at(n % 8, n // 8)) for n in range(60))
    homes = [replace(u, beat=f"b{n % 60}") for n, u in enumerate(drawn(count, seed=2))]
    short = plan(*homes, beats=beats, limits=Limits(seconds=0))
    long = plan(*homes, beats=beats, limits=Limits(seconds=5))

    assert no_unit_twice([pair.units for pair in short.pairs])
    assert 2 * len(short.pairs) + len(short.left_over) == count
    assert short.bound <= long.objective.minutes + 1e-6 <= short.objective.minutes + 2e-6
    assert capfd.readouterr() == ("", "")
