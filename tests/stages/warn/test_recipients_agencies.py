"""Which agencies are concerned and why, and which are offered: in an invented county."""

import json
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import InputError
from tocsin.warn.recipients import (
    LOOK_ALIKES,
    Accepted,
    AgencyFacts,
    Audience,
    Drawn,
    Ground,
    Offer,
    OfferKind,
    audience_from,
    offers,
    reasons_for,
)

COUNTY = json.loads(files("tocsin.desk.demo").joinpath("county.json").read_text("utf-8"))
AGENCIES = [
    AgencyFacts(
        key=row["key"],
        name=row["name"],
        kind=row["kind"],
        center=row.get("center", ""),
        is_look_alike=row["kind"] in LOOK_ALIKES,
    )
    for row in COUNTY["agencies"]
]
AREAS = [
    Ground(
        key=row["properties"]["key"],
        name=row["properties"]["name"],
        outline=row["geometry"],
        agencies=frozenset(row["properties"]["agencies"]),
    )
    for row in COUNTY["areas"]["features"]
]
NORTH = "calder-north"
DISPATCHES = "Calder North Communications dispatches them"
TOW = AgencyFacts(key="acme-tow", name="Acme Tow", kind="tow", is_look_alike=True)
EMS = AgencyFacts(key="ems", name="Valley EMS", kind="ems", center=NORTH, is_look_alike=True)
EMS_GROUND = Ground(
    key="valley",
    name="the valley",
    outline={
        "type": "Polygon",
        "coordinates": [[[-105.2, 39.15], [-105.0, 39.15], [-105.0, 39.3], [-105.2, 39.15]]],
    },
    agencies=frozenset({"ems"}),
)


def reasons(
    audience: Audience,
    agencies: Sequence[AgencyFacts] = AGENCIES,
    areas: Sequence[Ground] = AREAS,
) -> dict[str, tuple[str, ...]]:
    return reasons_for(audience, agencies=agencies, areas=areas, center=NORTH)


def offered(
    audience: Audience,
    agencies: Sequence[AgencyFacts] = AGENCIES,
    areas: Sequence[Ground] = AREAS,
    **changes: Any,
) -> dict[str, Offer]:
    found = offers(audience, agencies=agencies, areas=areas, center=NORTH, **changes)
    return {one.agency: one for one in found}


def ground(west: float, south: float, size: float = 0.01, by: str = "Sato") -> Drawn:
    east, north = west + size, south + size
    ring = [[west, south], [east, south], [east, north], [west, north]]
    return audience_from({"drawn": [{"rings": [ring], "by": by}]}).drawn[0]


HARLOWE = Audience(areas=frozenset({"harlowe"}))


def test_an_agency_is_concerned_by_its_ground_and_by_name_and_its_center_reads_on_the_air() -> None:
    chosen = Audience(
        areas=frozenset({"harlowe", "tannery-falls"}), agencies=frozenset({"calder-so"})
    )

    assert reasons(chosen) == {
        "harlowe-pd": ("answers for Harlowe",),
        "tannery-pd": ("answers for Tannery Falls",),
        "calder-so": ("Calder County Sheriff's Office is concerned",),
        "calder-north": (DISPATCHES,),
        "calder-south": ("Calder South Communications dispatches them",),
    }


def test_where_no_place_is_named_all_that_the_center_serves_are_concerned() -> None:
    found = reasons(Audience())

    assert set(found) == {"harlowe-pd", "keystone-pd", "calder-so", "calder-fire", NORTH}
    assert found["calder-fire"] == ("no place is named; served by Calder North Communications",)


def test_accepting_a_look_alike_does_not_send_the_police_away() -> None:
    found = reasons(Audience(look_alikes=(Accepted(agency="calder-fire", by="Mei Sato"),)))

    assert "harlowe-pd" in found
    assert found["calder-fire"][-1] == "looks like police: offered and accepted by Mei Sato"


def test_ground_that_nobody_answers_for_concerns_all_that_the_center_serves() -> None:
    nowhere = Audience(drawn=(ground(-106, 39),))

    assert reasons(nowhere)["harlowe-pd"] == (
        "nobody answers for the ground; served by Calder North Communications",
    )


def test_drawn_ground_concerns_those_on_whose_ground_it_lies() -> None:
    found = reasons(Audience(drawn=(ground(-105.14, 39.2),)))

    assert found["harlowe-pd"] == ("the ground drawn by Sato lies in Harlowe",)
    assert found["calder-so"] == ("the ground drawn by Sato lies in Calder County",)
    assert "keystone-pd" not in found


def test_drawn_ground_across_a_border_concerns_both_sides() -> None:
    found = reasons(Audience(drawn=(ground(-105.11, 39.19, 0.03, by=""),)))

    assert found["harlowe-pd"] == ("the ground drawn reaches into Harlowe",)
    assert found["keystone-pd"] == ("the ground drawn reaches into Keystone",)


def test_the_ring_adds_the_neighbours_with_their_distance() -> None:
    assert "tannery-pd" not in reasons(replace(HARLOWE, ring_km=5))
    found = reasons(replace(HARLOWE, ring_km=10))

    assert found["harlowe-pd"] == ("answers for Harlowe",)
    assert found["keystone-pd"] == ("within 10 km of the ground (0 km)",)
    assert found["calder-so"] == ("within 10 km of the ground (0 km)",)
    (tannery,) = found["tannery-pd"]
    assert tannery == "within 10 km of the ground (8.0 km)"


def test_the_ring_is_laid_around_the_ground_of_those_named_where_no_ground_was_chosen() -> None:
    found = reasons(Audience(agencies=frozenset({"tannery-pd"}), ring_km=1))

    assert found["tannery-pd"] == ("Tannery Falls Police Department is concerned",)
    assert found["calder-so"] == ("within 1 km of the ground (0 km)",)
    assert "harlowe-pd" not in found


def test_every_reason_of_an_agency_is_kept() -> None:
    found = reasons(
        Audience(
            areas=frozenset({"harlowe"}),
            drawn=(ground(-105.14, 39.2),),
            agencies=frozenset({"harlowe-pd"}),
        )
    )

    assert found["harlowe-pd"] == (
        "answers for Harlowe",
        "Harlowe Police Department is concerned",
        "the ground drawn by Sato lies in Harlowe",
    )


def test_the_machine_adds_no_look_alike_by_ring_or_drawn_ground() -> None:
    everywhere = replace(HARLOWE, drawn=(ground(-105.14, 39.2),), ring_km=200)
    agencies, areas = [*AGENCIES, EMS], [*AREAS, EMS_GROUND]

    assert "ems" not in reasons(everywhere, agencies, areas)
    accepted = replace(everywhere, look_alikes=(Accepted(agency="ems", by="Sato"),))
    assert reasons(accepted, agencies, areas)["ems"] == (
        "the ground drawn by Sato reaches into the valley",
        "looks like police: offered and accepted by Sato",
        "within 200 km of the ground (0 km)",
    )


def test_a_look_alike_that_answers_for_the_area_is_concerned_as_ever() -> None:
    shared = [replace(AREAS[0], agencies=frozenset({"harlowe-pd", "calder-fire"}))]

    assert reasons(HARLOWE, areas=shared)["calder-fire"] == ("answers for Harlowe",)


@pytest.mark.parametrize(
    ("audience", "what"),
    [
        (Audience(areas=frozenset({"atlantis"})), "no area 'atlantis'"),
        (Audience(agencies=frozenset({"x-pd"})), "no agency 'x-pd'"),
        (Audience(look_alikes=(Accepted(agency="x-fire"),)), "no agency 'x-fire'"),
    ],
)
def test_what_is_not_on_record_is_said_and_not_left_out(audience: Audience, what: str) -> None:
    with pytest.raises(InputError, match=what) as caught:
        reasons(audience)
    assert caught.value.way_out


@pytest.mark.parametrize("outline", [{}, [], None], ids=str)
def test_an_outline_that_cannot_be_read_stops_only_what_must_be_measured(outline: Any) -> None:
    badlands = Ground(key="bad", name="Badlands", outline=outline, agencies=frozenset({"ems"}))
    broken = [*AREAS, badlands]
    agencies = [*AGENCIES, EMS]

    assert "harlowe-pd" in reasons(HARLOWE, agencies, broken)
    assert "ems" in offered(HARLOWE, agencies, broken)
    for audience in (replace(HARLOWE, ring_km=1), Audience(drawn=(ground(-105.1, 39.2),))):
        with pytest.raises(InputError, match="Badlands cannot be measured") as caught:
            reasons(audience, agencies, broken)
        assert "by name" in caught.value.way_out


def test_neighbours_and_look_alikes_are_offered_the_nearest_first() -> None:
    found = offered(HARLOWE, [*AGENCIES, EMS, TOW], [*AREAS, EMS_GROUND])

    assert [one.sentence for one in found.values()] == [
        "Calder County Sheriff's Office: answers for ground in Harlowe; 0 km",
        "Keystone Police Department: answers for ground nearby; 0 km",
        "Valley EMS: may be taken for police in Harlowe; 0 km",
        "Tannery Falls Police Department: answers for ground nearby; 8.0 km",
        "Acme Tow: may be taken for police; its ground is not on record",
        "Calder County Fire Rescue: may be taken for police; its ground is not on record",
    ]
    assert found["ems"].kind is OfferKind.LOOK_ALIKE
    assert found["keystone-pd"].kind is OfferKind.NEIGHBOUR


def test_what_is_far_or_of_another_center_is_not_offered() -> None:
    south_tow = replace(TOW, center="calder-south")
    found = offered(HARLOWE, [*AGENCIES, south_tow], within=5)

    assert "tannery-pd" not in found
    assert "acme-tow" not in found


def test_an_offer_that_was_taken_is_offered_no_more() -> None:
    taken = replace(
        HARLOWE,
        agencies=frozenset({"calder-so", "keystone-pd"}),
        look_alikes=(Accepted(agency="calder-fire", by="Sato"),),
    )

    assert set(offered(taken)) == {"tannery-pd"}


AUDIENCES = st.builds(
    Audience,
    areas=st.frozensets(st.sampled_from([area.key for area in AREAS])),
    agencies=st.frozensets(st.sampled_from([one.key for one in AGENCIES if one.center])),
    drawn=st.lists(
        st.builds(ground, st.floats(-105.4, -104.8), st.floats(38.9, 39.4), st.floats(0.001, 0.1)),
        max_size=2,
    ).map(tuple),
    ring_km=st.sampled_from([0, 0.5, 5, 20]),
    look_alikes=st.sampled_from([(), (Accepted(agency="ems", by="Sato"),)]),
)


@given(audience=AUDIENCES, ring=st.floats(0, 50), piece=st.floats(-105.3, -104.9))
def test_more_ground_around_a_place_never_concerns_fewer(
    audience: Audience, ring: float, piece: float
) -> None:
    agencies, areas = [*AGENCIES, EMS], [*AREAS, EMS_GROUND]
    audience = replace(audience, areas=audience.areas | {"harlowe"})
    wider = replace(
        audience,
        ring_km=audience.ring_km + ring,
        drawn=(*audience.drawn, ground(piece, 39.1)),
    )
    few, many = (reasons(one, agencies, areas) for one in (audience, wider))

    assert few.keys() <= many.keys()


@given(audience=AUDIENCES)
def test_nobody_is_left_out_and_nobody_is_both_concerned_and_offered(audience: Audience) -> None:
    agencies, areas = [*AGENCIES, EMS, TOW], [*AREAS, EMS_GROUND]
    found = reasons(audience, agencies, areas)

    assert NORTH in found
    assert len(found) > 1
    assert not found.keys() & offered(audience, agencies, areas).keys()
    assert all(why and len(set(why)) == len(why) for why in found.values())
    assert ("ems" in found) == (
        bool(audience.look_alikes) or "no place" in str(found) or "nobody answers" in str(found)
    )


def test_a_reason_fits_the_record_whatever_the_names() -> None:
    long = "n" * 120
    agencies = [replace(one, name=long) for one in AGENCIES]
    areas = [replace(one, name=long) for one in AREAS]
    chosen = replace(
        HARLOWE,
        agencies=frozenset({"calder-so"}),
        drawn=(ground(-105.11, 39.19, 0.03, by=long),),
        look_alikes=(Accepted(agency="calder-fire", by=long),),
    )

    for audience in (chosen, Audience(), Audience(drawn=(ground(-106, 39),))):
        for why in reasons(audience, agencies, areas).values():
            assert all(len(reason) <= 200 for reason in why)
