"""The price of the forms: what it says, what it refuses, and that it comes out the same."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.stages.posture_price.centers import MONDAY, a_beat, a_call, a_history, a_roster
from tocsin.errors import InputError
from tocsin.posture.price import (
    AS_NOW,
    BOTH,
    PAIRS,
    TWO_CARS,
    Beat,
    Calls,
    Form,
    FormPrice,
    Interval,
    Price,
    Service,
    Settings,
    history_of,
    price,
    roster_of,
    usual_forms,
)

FORMS = usual_forms(Calls(kinds=frozenset({"fight"})))
SETTINGS = Settings(speed_kmh=40.0, replications=6)


@pytest.fixture(scope="module")
def found() -> Price:
    return price(a_history(), a_roster(), FORMS, SETTINGS, 5)


def form(found: Price, key: str) -> FormPrice:
    one = found.form(key)
    assert one is not None
    return one


def value(interval: Interval | None) -> float:
    assert interval is not None
    return interval.mean


def test_every_form_has_every_figure_with_an_interval(found: Price) -> None:
    assert [one.key for one in found.forms] == [AS_NOW, PAIRS, TWO_CARS, BOTH]
    for one in found.forms:
        assert {figure.key for figure in one.figures} >= {"cars", "beats_bare", "overtime_hours"}
        for priority in (None, 1, 2, 3):
            for key in ("wait_mean", "wait_p90", "response_mean", "response_p90", "waiting_share"):
                figure = one.figure(key, priority)
                assert figure is not None
                assert figure.once_low <= figure.low <= figure.mean <= figure.high
                assert figure.high <= figure.once_high


def test_two_to_a_car_halves_the_cars_and_costs_time(found: Price) -> None:
    pair = form(found, PAIRS)

    assert value(pair.figure("cars")) == 3
    slower = pair.difference("response_mean")
    assert slower is not None
    assert slower.low > 0
    barer = pair.difference("beats_bare")
    assert barer is not None
    assert barer.low > 0
    # Six cars of two need twelve officers; six are there.
    assert value(pair.figure("overtime_hours")) == 6 * 168


def test_two_cars_to_a_call_keep_the_cars_and_hold_them_longer(found: Price) -> None:
    two = form(found, TWO_CARS)

    assert value(two.figure("cars")) == 6
    held = value(two.figure("second_car_hours"))
    # A third of 420 calls a week, 35 minutes each and the way.
    assert 140 * 35 / 60 * 0.8 < held < 140 * 50 / 60
    assert value(two.figure("overtime_hours")) == pytest.approx(held)


def test_today_differs_from_itself_by_nothing(found: Price) -> None:
    assert {one.value.mean for one in form(found, AS_NOW).differences} == {0.0}


def test_the_same_calls_under_each_form_make_differences_sharp(found: Price) -> None:
    today, two = form(found, AS_NOW), form(found, TWO_CARS)
    for key in ("second_car_hours", "calls"):
        apart = two.difference(key)
        assert apart is not None
    calls = two.difference("calls")
    assert calls is not None
    assert (calls.low, calls.high) == (0.0, 0.0)
    busy, both, less = two.figure("utilisation"), today.figure("utilisation"), None
    less = two.difference("utilisation")
    assert busy is not None
    assert both is not None
    assert less is not None
    assert less.high - less.low < (busy.high - busy.low) + (both.high - both.low)


def test_the_same_input_gives_the_same_price_and_another_seed_another(found: Price) -> None:
    assert price(a_history(), a_roster(), FORMS, SETTINGS, 5) == found
    assert price(a_history(), a_roster(), FORMS, SETTINGS, 6).forms != found.forms


def test_a_price_names_what_it_assumes(found: Price) -> None:
    said = " ".join(found.assumptions)

    assert "40 km/h" in said
    assert "rides as a third" in said
    assert "until two are free" in said


def test_the_simulated_calls_are_as_many_as_the_history_has(found: Price) -> None:
    calls = form(found, AS_NOW).figure("calls")

    assert calls is not None
    assert calls.mean == 420


def test_a_day_of_the_week_is_drawn_from_its_own_days() -> None:
    busy = [
        a_call(at=MONDAY + timedelta(days=7 * w, minutes=m)) for w in range(3) for m in range(300)
    ]
    history = history_of([*a_history().calls, *busy], zone="UTC")
    one_day = replace(SETTINGS, hours=24, warm_hours=0)

    monday = price(history, a_roster(), FORMS[:1], one_day, 1)
    tuesday = price(history, a_roster(), FORMS[:1], replace(one_day, begins_hour=24), 1)

    assert value(form(monday, AS_NOW).figure("calls")) == 360
    assert value(form(tuesday, AS_NOW).figure("calls")) == 60


def test_hours_of_the_week_are_by_the_center_s_clock() -> None:
    at_six = [
        a_call(at=MONDAY + timedelta(days=day, hours=12, minutes=minute))
        for day in range(22)
        for minute in range(30)
    ]
    history = history_of(at_six, zone="America/Chicago")  # 12:00 UTC is 06:00 there in winter
    early = replace(SETTINGS, begins_hour=6, hours=1, warm_hours=0)
    found = price(history, roster_of([a_beat("west")]), FORMS[:1], early, 1)

    assert value(form(found, AS_NOW).figure("calls")) == 30


# --- too little ---


@pytest.mark.parametrize("days", [2, 7])
def test_nothing_is_foretold_from_too_few_days(days: int) -> None:
    with pytest.raises(InputError, match=f"{days} whole days; 8 are the fewest"):
        price(a_history(days=days, a_day=150), a_roster(), FORMS, SETTINGS, 1)


def test_nothing_is_foretold_from_too_few_calls() -> None:
    with pytest.raises(InputError, match="190 calls; 200 are the fewest"):
        price(a_history(days=19, a_day=10), a_roster(), FORMS, SETTINGS, 1)


def test_less_than_two_weeks_are_said_to_be_little_and_widen_the_intervals() -> None:
    few = price(a_history(days=10), a_roster(), FORMS[:2], SETTINGS, 1)
    many = price(a_history(days=42), a_roster(), FORMS[:2], SETTINGS, 1)

    assert any("10 whole days, fewer than 14" in one for one in few.cautions)
    wide = form(few, PAIRS).difference("response_mean")
    narrow = form(many, PAIRS).difference("response_mean")
    assert wide is not None
    assert narrow is not None
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_days_that_are_not_whole_are_left_out_and_said() -> None:
    calls = a_history(days=22).calls
    gap = [one for one in calls if one.at.date() != (MONDAY + timedelta(days=9)).date()]

    found = price(history_of(gap, zone="UTC"), a_roster(), FORMS[:1], SETTINGS, 1)

    assert found.days == 21
    assert any("1 days that the history does not hold whole" in one for one in found.cautions)


def test_unknown_service_is_never_made_up() -> None:
    history = a_history(service_minutes=None)
    with pytest.raises(InputError, match="priority 1"):
        price(history, a_roster(), FORMS, SETTINGS, 1)

    stated = dict.fromkeys((1, 2, 3), Service(mean_minutes=35.0))
    found = price(history, a_roster(), FORMS[:1], replace(SETTINGS, service=stated), 1)

    assert any("is assumed, not known: 35 minutes" in one for one in found.assumptions)


def test_unknown_service_is_that_of_calls_of_the_same_type() -> None:
    calls = [
        replace(one, service_minutes=None if index % 2 else 12.0)
        for index, one in enumerate(a_history().calls)
    ]

    found = price(history_of(calls, zone="UTC"), a_roster(west=9, east=9), FORMS[:1], SETTINGS, 1)

    assert any("another call of the same type" in one for one in found.assumptions)
    # 60 calls a day of 12 minutes and a short way, by 18 cars.
    assert value(form(found, AS_NOW).figure("utilisation")) == pytest.approx(0.035, abs=0.01)


def test_a_rare_priority_gets_no_ninetieth_percentile() -> None:
    calls = [
        replace(one, priority=1 if index % 150 == 0 else 2)
        for index, one in enumerate(a_history().calls)
    ]

    found = price(history_of(calls, zone="UTC"), a_roster(), FORMS[:1], SETTINGS, 1)

    assert form(found, AS_NOW).figure("response_p90", 1) is None
    assert any("Priority 1 has" in one and "too few" in one for one in found.cautions)


def test_more_work_than_cars_is_said() -> None:
    found = price(a_history(), a_roster(west=1, east=1), FORMS[:2], SETTINGS, 1)

    assert any("Under two_to_a_car the cars are on calls" in one for one in found.cautions)
    assert value(form(found, PAIRS).figure("left_waiting")) > 20


# --- rosters and forms ---


def test_pairs_are_joined_in_the_beat_then_across_and_the_last_rides_as_a_third() -> None:
    roster = roster_of([a_beat("west", cars=3), a_beat("east", cars=3), a_beat("north", cars=1)])
    calls = [replace(one, beat="east") for one in a_history().calls]
    calls += [a_call(at=one.at, beat="west") for one in calls[::3]]
    calls += [a_call(at=one.at, beat="north") for one in calls[::100]]

    found = price(history_of(calls, zone="UTC"), roster, FORMS[:2], SETTINGS, 1)

    # Seven officers: a pair in west and east, one of both beats' odd ones, the last as a third.
    assert value(form(found, PAIRS).figure("cars")) == 3


def test_cars_that_have_two_already_stay_as_they_are() -> None:
    roster = roster_of([a_beat("west", cars=3, officers=6), a_beat("east", cars=3, officers=6)])

    found = price(a_history(), roster, FORMS[:2], SETTINGS, 1)

    assert {one.value.mean for one in form(found, PAIRS).differences} == {0.0}


def test_a_form_under_which_a_call_could_never_be_answered_is_refused() -> None:
    roster = roster_of([a_beat("west", cars=2)])
    with pytest.raises(InputError, match="'both'"):
        price(a_history(), roster, FORMS, SETTINGS, 1)


def test_without_places_the_way_is_counted_in_beats() -> None:
    hours = (4,) * 168
    roster = roster_of(
        [
            Beat(key="west", cars=hours, officers=hours, neighbours=("middle",)),
            Beat(key="middle", cars=(0,) * 168, officers=(0,) * 168),
            Beat(key="east", cars=hours, officers=hours, neighbours=("middle",)),
        ]
    )
    history = a_history(place=None, service_minutes=1.0)
    settings = Settings(hop_minutes=10.0, inside_minutes=4.0, replications=6)

    found = price(history, roster, FORMS[:1], settings, 1)

    # Nearly always one of the beat's own cars: little over the four minutes inside it.
    assert 4.0 <= value(form(found, AS_NOW).figure("response_mean")) < 4.5
    assert any("for each beat crossed" in one for one in found.assumptions)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(), "no speed is stated"),
        (Settings(speed_kmh=float("nan")), "speed_kmh"),
        (Settings(speed_kmh=40.0, replications=1), "replications"),
        (Settings(speed_kmh=40.0, hours=10_000), "hours"),
        (Settings(speed_kmh=40.0, service={1: Service(mean_minutes=-1)}), "mean minutes"),
    ],
)
def test_settings_that_cannot_be_are_named(settings: Settings, words: str) -> None:
    with pytest.raises(InputError, match=words):
        price(a_history(), a_roster(), FORMS, settings, 1)


def test_beats_that_nobody_can_reach_are_named() -> None:
    settings = Settings(hop_minutes=10.0, inside_minutes=4.0)
    with pytest.raises(InputError, match="no way from the beat 'west' to 'east'"):
        price(a_history(place=None), a_roster(), FORMS, settings, 1)


def test_a_beat_without_calls_needs_a_centre() -> None:
    roster = roster_of([a_beat("west"), a_beat("harbor")])
    with pytest.raises(InputError, match="'harbor' has no centre"):
        price(a_history(), roster, FORMS, SETTINGS, 1)


def test_forms_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="2 forms"):
        price(a_history(), a_roster(), (Form(key="x"), Form(key="x")), SETTINGS, 1)


def test_too_much_to_simulate_is_refused_before_it_begins() -> None:
    settings = replace(SETTINGS, replications=200, hours=4 * 168)
    with pytest.raises(InputError, match="calls would be simulated"):
        price(a_history(days=14, a_day=1500), a_roster(), FORMS, settings, 1)


def test_stray_places_count_as_not_known() -> None:
    calls = list(a_history().calls)
    calls[5] = replace(calls[5], place=(0.0, 0.0))
    calls[6] = replace(calls[6], place=(39.72, -74.83))  # swapped, and far away

    found = price(history_of(calls, zone="UTC"), a_roster(), FORMS[:1], SETTINGS, 1)

    assert any("2 of 1,260 calls have no place" in one for one in found.cautions)
    assert value(form(found, AS_NOW).figure("response_mean")) < 30


def test_intervals_from_few_weeks_hold_the_truth_about_as_often_as_they_promise() -> None:
    settings = replace(SETTINGS, hours=24, replications=12, warm_hours=2)
    very_many = a_history(days=1400, a_day=40, seed=99)
    true = price(very_many, a_roster(), FORMS[:2], replace(settings, replications=200), 1)
    truth = value(form(true, PAIRS).difference("response_mean"))
    hits = []
    for seed in range(40):
        one = price(a_history(days=21, a_day=40, seed=seed), a_roster(), FORMS[:2], settings, seed)
        found = form(one, PAIRS).difference("response_mean")
        assert found is not None
        hits.append(found.low <= truth <= found.high)

    print(f"{np.mean(hits):.0%} of 40 intervals hold")  # noqa: T201
    assert np.mean(hits) >= 0.85
