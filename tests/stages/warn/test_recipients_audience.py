"""The audience that a person chose: as JSON, within bounds, under the right name."""

import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess import Act, Role, may
from tocsin.errors import InputError
from tocsin.warn.recipients import (
    Accepted,
    Audience,
    Shifts,
    audience_from,
    audience_json,
    signed_audience,
)

NOW = datetime(2026, 9, 6, 23, 45, tzinfo=UTC)
SQUARE = [[-105.2, 39.1], [-105.1, 39.1], [-105.1, 39.2], [-105.2, 39.2], [-105.2, 39.1]]
FULL: dict[str, Any] = {
    "areas": ["harlowe", "keystone"],
    "drawn": [{"rings": [SQUARE], "by": "Mei Sato"}],
    "agencies": ["calder-so"],
    "ring_km": 5.0,
    "roles": ["watch_commander"],
    "shifts": "now and next",
    "next_within_min": 240,
    "look_alikes": [{"agency": "calder-fire", "by": "Mei Sato"}],
}


def test_what_a_page_sends_is_read_and_written_again_as_it_was() -> None:
    audience = audience_from(FULL)

    assert audience.roles == {Role.WATCH_COMMANDER}
    assert audience.shifts is Shifts.NOW_AND_NEXT
    assert audience.next_until(NOW) == NOW + timedelta(hours=4)
    assert audience.drawn[0].outline["type"] == "Polygon"
    assert audience_json(audience) == FULL


def test_nothing_chosen_is_an_audience_of_who_is_on_duty_now() -> None:
    assert audience_from({}) == Audience()
    assert Audience().next_until(NOW) is None


KEYS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,30}", fullmatch=True)
NAMES = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
SQUARES = st.builds(
    lambda west, south, size: [
        [
            [west, south],
            [west + size, south],
            [west + size, south + size],
            [west, south + size],
        ]
    ],
    st.floats(-120, -80),
    st.floats(30, 45),
    st.floats(0.01, 2),
)
AUDIENCES = st.fixed_dictionaries(
    {},
    optional={
        "areas": st.lists(KEYS, unique=True, max_size=5),
        "agencies": st.lists(KEYS, unique=True, max_size=5),
        "drawn": st.lists(st.fixed_dictionaries({"rings": SQUARES, "by": NAMES}), max_size=3),
        "ring_km": st.floats(0, 200) | st.integers(0, 200),
        "roles": st.lists(
            st.sampled_from(
                [role.value for role in Role if may(frozenset({role}), Act.RECEIVE_BULLETINS)]
            ),
            unique=True,
        ),
        "shifts": st.sampled_from(["now", "now and next"]),
        "next_within_min": st.integers(15, 1440),
        "look_alikes": st.lists(
            st.fixed_dictionaries({"agency": KEYS, "by": NAMES}),
            unique_by=lambda row: row["agency"],
            max_size=3,
        ),
    },
)


@given(value=AUDIENCES)
def test_an_audience_survives_the_record(value: dict[str, Any]) -> None:
    audience = audience_from(value)
    kept = json.loads(json.dumps(audience_json(audience)))

    assert audience_from(kept) == audience
    assert audience_json(audience_from(kept)) == kept


WRONG = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["rings", "agency", "by"]), inner)
    ),
)


@given(
    value=AUDIENCES,
    field=st.sampled_from(sorted(FULL)),
    wrong=WRONG,
)
def test_what_does_not_fit_is_an_input_error_and_nothing_else(
    value: dict[str, Any], field: str, wrong: Any
) -> None:
    try:
        audience = audience_from(value | {field: wrong})
    except InputError as error:
        said = error
    else:
        assert audience_from(audience_json(audience)) == audience
        return
    assert said.way_out
    assert field in said.what


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"ring_km": 201}, "ring_km"),
        ({"ring_km": -1}, "ring_km"),
        ({"ring_km": math.nan}, "ring_km"),
        ({"ring_km": True}, "ring_km"),
        ({"roles": ["mayor"]}, "roles: there is no role 'mayor'"),
        ({"roles": ["administrator"]}, "roles: the role administrator receives no bulletins"),
        ({"shifts": "tomorrow"}, "shifts"),
        ({"next_within_min": 1441}, "next_within_min"),
        ({"next_within_min": 0}, "next_within_min"),
        ({"areas": ["a"] * 2}, "areas"),
        ({"areas": ["a b"]}, "areas.0"),
        ({"areas": [f"area-{number}" for number in range(1001)]}, "areas"),
        ({"drawn": [{"rings": [SQUARE]}] * 21}, "drawn"),
        ({"drawn": [{"rings": [SQUARE]}, {"rings": [SQUARE[:2]]}]}, "drawn.1: The ground drawn"),
        ({"drawn": [{"rings": [SQUARE], "by": "A\nB"}]}, "drawn.0.by"),
        ({"drawn": [{"rings": [[[1, 2, 3]]]}]}, "drawn.0.rings"),
        ({"look_alikes": [{"agency": "tow"}, {"agency": "tow"}]}, "look_alikes: an agency stands"),
        ({"look_alikes": ["tow"]}, "look_alikes.0"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
def test_a_field_that_does_not_fit_is_named(change: dict[str, Any], what: str) -> None:
    with pytest.raises(InputError) as caught:
        audience_from(FULL | change)

    assert what in caught.value.what
    assert caught.value.way_out


@pytest.mark.parametrize("value", [None, [], "now", 5, [FULL]], ids=str)
def test_what_is_no_object_is_no_audience(value: object) -> None:
    with pytest.raises(InputError, match="the whole"):
        audience_from(value)


def test_ground_drawn_far_away_is_refused_where_the_ground_on_record_is_given() -> None:
    new_york = {"type": "Polygon", "coordinates": [[[-74, 40], [-73, 40], [-73, 41], [-74, 40]]]}

    with pytest.raises(InputError, match="drawn.0: The ground drawn lies more than 500 km"):
        audience_from(FULL, near=[new_york])


def test_nobody_draws_or_accepts_in_another_persons_name() -> None:
    before = audience_from(FULL)
    other = [[corner[0] + 1, corner[1]] for corner in SQUARE]
    sent = audience_from(
        FULL
        | {
            "drawn": [{"rings": [SQUARE], "by": "Nobody"}, {"rings": [other], "by": "Mei Sato"}],
            "look_alikes": [{"agency": "calder-fire"}, {"agency": "tow", "by": "Mei Sato"}],
        }
    )

    signed = signed_audience(sent, by="Arlo Beck", before=before)

    assert [one.by for one in signed.drawn] == ["Mei Sato", "Arlo Beck"]
    assert signed.look_alikes == (
        Accepted(agency="calder-fire", by="Mei Sato"),
        Accepted(agency="tow", by="Arlo Beck"),
    )
    assert signed.areas == sent.areas
