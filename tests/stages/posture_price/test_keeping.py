"""A price is kept with the order and held against what came."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stages.posture_price.centers import a_history, a_roster
from tocsin.errors import InputError
from tocsin.posture.price import (
    KINDS,
    PAIRS,
    Answered,
    Calls,
    Fit,
    Observed,
    Paid,
    Price,
    Service,
    Settings,
    Side,
    compare,
    evidence,
    observe,
    price,
    price_as_json,
    price_from_json,
    usual_forms,
)

FORMS = usual_forms(Calls(priorities=frozenset({1})))
SETTINGS = Settings(speed_kmh=40.0, replications=4, service={4: Service(mean_minutes=9.0)})


@pytest.fixture(scope="module")
def foretold() -> Price:
    return price(a_history(), a_roster(), FORMS, SETTINGS, 5)


def test_a_price_comes_back_from_json_as_it_was(foretold: Price) -> None:
    text = json.dumps(price_as_json(foretold), allow_nan=False)

    assert price_from_json(json.loads(text)) == foretold


def test_what_is_no_price_is_refused_by_name(foretold: Price) -> None:
    kept = price_as_json(foretold)
    for path, wrong in (
        (("format",), 2),
        (("forms", 0, "figures", 0, "mean"), "many"),
        (("settings", "hours"), None),
        (("forms",), []),
    ):
        broken: Any = copy.deepcopy(kept)
        place = broken
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = wrong
        with pytest.raises(InputError, match="In the price kept"):
            price_from_json(broken)


@given(
    value=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_no_json_leaks_another_error(value: object) -> None:
    with pytest.raises(InputError):
        price_from_json(value)


def test_settings_kept_are_checked_again(foretold: Price) -> None:
    kept = price_as_json(foretold)
    kept["settings"]["hours"] = 0
    with pytest.raises(InputError, match="hours"):
        price_from_json(kept)


def test_what_came_is_put_beside_what_was_foretold(foretold: Price) -> None:
    pair = foretold.form(PAIRS)
    assert pair is not None
    expected = pair.figure("response_mean")
    assert expected is not None
    observed = Observed(
        form=PAIRS,
        hours=168,
        figures=(
            Paid(key="response_mean", priority=None, value=expected.mean),
            Paid(key="wait_mean", priority=None, value=1000.0),
            Paid(key="cars", priority=None, value=1.0),
            Paid(key="wait_mean", priority=8, value=1.0),
        ),
    )

    found = compare(foretold, observed)

    assert [one.fit for one in found.figures] == [
        Fit.WITHIN,
        Fit.ABOVE,
        Fit.BELOW,
        Fit.NOT_FORETOLD,
    ]
    assert found.figures[0].foretold == expected


def test_sums_are_foretold_for_as_long_as_the_order_stood(foretold: Price) -> None:
    half = Observed(
        form=PAIRS, hours=84, figures=(Paid(key="overtime_hours", priority=None, value=504.0),)
    )

    found = compare(foretold, half)

    assert found.figures[0].fit == Fit.WITHIN
    assert found.figures[0].foretold is not None
    assert found.figures[0].foretold.mean == 504.0
    assert any("stood for 84 hours" in one for one in found.cautions)


def test_answered_calls_become_figures_only_where_enough_is_known() -> None:
    calls = [Answered(priority=1, waited_minutes=2.0, responded_minutes=8.0)] * 3
    calls += [Answered(priority=2, responded_minutes=float(minute)) for minute in range(1, 21)]

    seen = observe(calls, form=PAIRS, hours=10, known=[Paid(key="cars", priority=None, value=3.0)])

    figures = {(one.key, one.priority): one.value for one in seen.figures}
    assert figures["calls", None] == 23
    assert figures["wait_mean", 1] == 2.0
    assert ("response_p90", 1) not in figures
    assert ("wait_mean", 2) not in figures
    assert figures["response_p90", 2] == pytest.approx(18.1)
    assert figures["cars", None] == 3.0


@pytest.mark.parametrize(
    "observed",
    [
        Observed(form="nine to a car", hours=10, figures=()),
        Observed(form=PAIRS, hours=0, figures=()),
        Observed(form=PAIRS, hours=9, figures=(Paid(key="joy", priority=None, value=1.0),)),
        Observed(form=PAIRS, hours=9, figures=(Paid(key="cars", priority=1, value=float("nan")),)),
    ],
)
def test_what_cannot_be_compared_is_refused(foretold: Price, observed: Observed) -> None:
    with pytest.raises(InputError):
        compare(foretold, observed)


def test_every_figure_can_be_kept(foretold: Price) -> None:
    kept = price_as_json(foretold)

    assert {figure["key"] for form in kept["forms"] for figure in form["figures"]} == set(KINDS)


def test_the_evidence_points_both_ways_and_says_what_it_did_not_measure() -> None:
    found = evidence()

    assert {one.side for one in found} == set(Side)
    assert len({one.key for one in found}) == len(found)
    for one in found:
        for words in (one.says, one.measured, one.not_measured, one.source, one.seen):
            assert len(words) > 3
        assert one.address.startswith("http")
