"""Whom a bulletin concerns: ground drawn, neighbours, roles, the next shift, what is offered."""

import json
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.visiting import at, main_of
from tests.world import ALWAYS, NOW, World, a_person, a_threat, an_agency, minutes, the_draft
from tocsin.assess import Role
from tocsin.desk import demo
from tocsin.desk.people.models import Agency, Area, Duty, Person, Shift
from tocsin.desk.records.audience import agency_facts, audience_of, offers_of, reasons_of
from tocsin.desk.records.boards.audience import reached_by
from tocsin.desk.records.boards.bulletins import find_draft
from tocsin.desk.records.boards.ground import read_grounds, write_grounds
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.commands.county import load_county
from tocsin.desk.records.commands.joining import join_late
from tocsin.desk.records.duty import comes_on_at
from tocsin.desk.records.models import Bulletin
from tocsin.desk.records.queries import cap_message, fingerprint_of
from tocsin.desk.records.values import content_from
from tocsin.errors import InputError
from tocsin.warn.recipients import Accepted, Audience, Drawn, OfferKind, Shifts, audience_from

IN_HARLOW = ((-105.15, 39.15), (-105.1, 39.15), (-105.1, 39.2), (-105.15, 39.15))
LINES = "39.15, -105.15\n39.15, -105.1\n39.2, -105.1"


@pytest.fixture
def draft(world: World) -> Bulletin:
    return the_draft(a_threat(world))


def edit(draft: Bulletin, person: Person, **changes: Any) -> Bulletin:
    audience = replace(audience_of(draft), **changes)
    words = bulletins.Edit(content=content_from(draft.content), audience=audience)
    return bulletins.edit_draft(draft, words, person=person, now=NOW)


def released(draft: Bulletin, world: World) -> dict[str, list[str]]:
    """Who is told, and why."""
    row = bulletins.release(draft, person=world.ortiz, now=NOW)
    return {one.person.login: one.why for one in row.recipients.all()}


def a_neighbour(key: str, kind: str, west: float, **more: Any) -> Agency:
    """An agency with a square of ground of its own, and an officer on duty."""
    agency = an_agency(key, key.capitalize(), kind)
    Agency.objects.filter(pk=agency.pk).update(**more)
    ring = [
        [west, 39.1], [west + 0.05, 39.1], [west + 0.05, 39.3], [west, 39.3], [west, 39.1]
    ]  # fmt: skip
    outline = {"type": "Polygon", "coordinates": [ring]}
    area = Area.objects.create(key=key, name=f"Ground of {key}", outline=outline)
    area.agencies.set([agency])
    a_person(f"{key}-officer", agency, Role.OFFICER, channel="memory")
    return agency


def a_shift(person: Person, starts: str) -> None:
    """Eight hours from this time each day, Denver; `NOW` is 21:05 there."""
    start = time.fromisoformat(starts)
    ends = time((start.hour + 8) % 24)
    days = ALWAYS["weekdays"]
    Shift.objects.create(person=person, name="x", weekdays=days, starts=start, ends=ends)


def test_ground_that_is_drawn_carries_the_name_of_who_drew_it(
    world: World, draft: Bulletin
) -> None:
    edit(draft, world.sato, drawn=(Drawn(rings=(IN_HARLOW,), by="somebody else"),))
    edit(draft, world.ortiz, ring_km=3.0)

    assert audience_of(draft).drawn[0].by == "Sato"
    assert "the ground drawn by Sato lies in Harlow" in reasons_of(draft)["harlow-pd"]


def test_the_cap_message_holds_the_ground_that_was_drawn(world: World, draft: Bulletin) -> None:
    edit(draft, world.sato, drawn=(Drawn(rings=(IN_HARLOW,)),))

    row = bulletins.release(draft, person=world.ortiz, now=NOW)

    alert = etree.fromstring(cap_message(row))
    name = "{urn:oasis:names:tc:emergency:cap:1.2}"
    areas = {
        area.findtext(f"{name}areaDesc"): area.findtext(f"{name}polygon")
        for area in alert.iter(f"{name}area")
    }
    assert set(areas) == {"Harlow", "ground drawn by Sato"}
    assert (areas["ground drawn by Sato"] or "").split()[0].startswith("39.15")


def test_neighbours_are_told_only_within_the_ring_that_a_person_chose(
    world: World, draft: Bulletin
) -> None:
    a_neighbour("east", Agency.Kind.POLICE, -104.95)
    a_neighbour("far", Agency.Kind.POLICE, -104.0)
    assert "east" not in reasons_of(draft)

    edit(draft, world.sato, ring_km=10.0)

    (why,) = reasons_of(draft)["east"]
    assert why.startswith("within 10 km of the ground (4.")
    assert "far" not in reasons_of(draft)
    assert "east-officer" in released(draft, world)


def test_a_role_is_told_in_every_agency(world: World, draft: Bulletin) -> None:
    edit(draft, world.sato, roles=frozenset({Role.OFFICER}))

    told = released(draft, world)

    assert told["boone"] == ["every officer is told"]
    assert told["reed"] == ["answers for Harlow", "every officer is told"]
    assert "frey" not in told  # a call taker of another center


def test_the_next_shift_is_told_with_the_moment_it_begins(world: World, draft: Bulletin) -> None:
    a_shift(world.kim, "23:00")
    a_shift(world.vale, "06:00")

    edit(draft, world.sato, shifts=Shifts.NOW_AND_NEXT, next_within=timedelta(hours=4))

    told = released(draft, world)
    assert told["kim"] == ["answers for Harlow", "comes on duty 23:00"]
    assert "vale" not in told


def test_who_is_off_sick_is_not_of_the_next_shift(world: World) -> None:
    a_shift(world.kim, "23:00")
    assert comes_on_at(world.kim, now=NOW) == NOW.replace(hour=6, minute=0, second=0)

    Duty.objects.create(
        person=world.kim, is_on=False, because="sick", entered_by=world.sato, entered_at=NOW,
        starts_at=NOW, ends_at=NOW + timedelta(hours=5),
    )  # fmt: skip

    assert comes_on_at(world.kim, now=NOW) == NOW + timedelta(hours=5)


def test_who_is_called_back_comes_on_when_he_was_called_for(world: World) -> None:
    Duty.objects.create(
        person=world.kim, is_on=True, because="called back", entered_by=world.sato,
        entered_at=NOW, starts_at=NOW + minutes(30), ends_at=NOW + timedelta(hours=5),
    )  # fmt: skip

    assert comes_on_at(world.kim, now=NOW) == NOW + minutes(30)
    assert comes_on_at(world.vale, now=NOW) is None


def test_the_next_shift_is_the_one_after_the_release_and_no_later_one(
    world: World, draft: Bulletin
) -> None:
    a_shift(world.kim, "05:00")
    edit(draft, world.sato, shifts=Shifts.NOW_AND_NEXT, next_within=timedelta(hours=4))
    row = bulletins.release(draft, person=world.ortiz, now=NOW)

    join_late(now=NOW + timedelta(hours=5))  # 02:05: less than four hours before his shift

    assert not row.recipients.filter(person=world.kim).exists()


def test_look_alikes_are_offered_and_join_only_by_a_person_s_word(
    world: World, draft: Bulletin
) -> None:
    a_neighbour("rescue", Agency.Kind.EMS, -105.12)
    a_neighbour("park", Agency.Kind.OTHER, -105.12, is_look_alike=True)
    a_neighbour("tanner", Agency.Kind.OTHER, -105.0)
    edit(draft, world.sato, ring_km=5.0, drawn=(Drawn(rings=(IN_HARLOW,)),))

    assert {"rescue", "park"} & reasons_of(draft).keys() == set()
    assert "tanner" in reasons_of(draft)
    kinds = {one.agency: one.kind for one in offers_of(draft)}
    assert kinds["rescue"] == kinds["park"] == OfferKind.LOOK_ALIKE

    edit(draft, world.ortiz, look_alikes=(Accepted(agency="rescue", by="the machine"),))

    assert "looks like police: offered and accepted by Ortiz" in reasons_of(draft)["rescue"]
    assert "park" not in reasons_of(draft)
    assert "rescue-officer" in released(draft, world)


def test_who_saw_another_audience_releases_nothing(world: World, draft: Bulletin) -> None:
    seen = fingerprint_of(draft)

    edit(draft, world.sato, roles=frozenset({Role.OFFICER}))

    assert fingerprint_of(draft) != seen


@pytest.mark.parametrize("field", ["areas", "agencies"])
def test_what_is_not_on_record_is_refused_and_changes_nothing(
    world: World, draft: Bulletin, field: str
) -> None:
    before = fingerprint_of(draft)

    with pytest.raises(InputError, match="no-such"):
        edit(draft, world.sato, **{field: frozenset({"no-such"})})

    draft.refresh_from_db()
    assert fingerprint_of(draft) == before


def test_an_update_begins_with_the_audience_before(world: World, draft: Bulletin) -> None:
    edit(draft, world.sato, ring_km=5.0, drawn=(Drawn(rings=(IN_HARLOW,)),))
    first = bulletins.release(draft, person=world.ortiz, now=NOW)

    second = bulletins.start_update(first, person=world.dana, now=NOW)

    assert audience_of(second) == audience_of(first)


corners = st.tuples(
    st.integers(-105_180_000, -105_020_000).map(lambda n: n / 1e6),
    st.integers(39_120_000, 39_280_000).map(lambda n: n / 1e6),
)


@given(corner=corners, size=st.integers(1, 200))
def test_ground_as_text_is_read_back_as_it_was(corner: tuple[float, float], size: int) -> None:
    step = round(size * 1e-4, 6)
    east, north = (round(one + step, 6) for one in corner)
    ring = [[*corner], [east, corner[1]], [east, north]]
    once = audience_from({"drawn": [{"rings": [ring]}, {"rings": [ring]}]})

    again = audience_from(
        {"drawn": [{"rings": rings} for rings in read_grounds(write_grounds(once.drawn))]}
    )

    assert again == once


def test_ground_with_a_hole_is_read_back_as_it_was() -> None:
    outer = [[-105.2, 39.1], [-105.0, 39.1], [-105.0, 39.3], [-105.2, 39.3]]
    hole = [[-105.15, 39.15], [-105.1, 39.15], [-105.1, 39.2]]
    once = audience_from({"drawn": [{"rings": [outer, hole]}]})

    assert read_grounds(write_grounds(once.drawn)) != []
    assert audience_from({"drawn": [{"rings": read_grounds(write_grounds(once.drawn))[0]}]}) == once


@pytest.mark.parametrize(
    "line", ["hole", "39.1", "39.1, x", "39.1, -105.1, 3", "1e400, 2", "٣٩.١, -105", "nan, nan"]
)
def test_a_line_that_is_no_corner_is_named(line: str) -> None:
    with pytest.raises(InputError, match="Line 2 of the ground"):
        read_grounds(f"\n{line}\n")


@pytest.mark.parametrize(
    "text", ["39.1 -105.1", "39.1;-105.1", " +39.1 ,\t-105.1 \r", "39.1,-105.1"]
)
def test_corners_may_be_written_in_several_ways(text: str) -> None:
    assert read_grounds(text) == [[[[-105.1, 39.1]]]]


@pytest.mark.usefixtures("db")
def test_the_county_file_says_who_looks_like_police() -> None:
    county = json.loads(demo.county())
    for key, kind, more in (
        ("tow", "tow", {}),
        ("park", "other", {"is_look_alike": True}),
        ("parks", "other", {}),
    ):
        zone = county["agencies"][0]["zone"]
        county["agencies"].append({"key": key, "name": key, "kind": kind, "zone": zone, **more})

    load_county(json.dumps(county).encode(), actor="system:command", now=NOW)

    alike = {one.key for one in agency_facts() if one.is_look_alike}
    assert alike == {"tow", "park", "calder-fire"}


# The pages


def a_form(draft: Bulletin, world: World, **changes: Any) -> dict[str, Any]:
    shown = find_draft(draft.number, draft.version, world.ortiz)
    return {**shown.initial, "next_shift": "", "seen": shown.fingerprint, **changes}


def post(draft: Bulletin, person: Person, page: str, words: dict[str, Any]) -> Any:
    given = {key: value for key, value in words.items() if value != ""}
    return at(person).post(f"/bulletins/{draft.number}/1/{page}", given)


def test_the_edit_page_keeps_all_that_was_chosen(world: World, draft: Bulletin) -> None:
    a_neighbour("east", Agency.Kind.POLICE, -104.95)
    a_neighbour("rescue", Agency.Kind.FIRE, -105.12)
    words = a_form(
        draft, world, ground=LINES, ring_km="2.5", roles=["investigator"], next_shift="on",
        next_hours="6", look_alikes=["rescue"], neighbours=["east"],
    )  # fmt: skip

    answer = post(draft, world.dana, "edit", words)

    assert answer.status_code == 302
    draft.refresh_from_db()
    assert audience_of(draft) == Audience(
        areas=frozenset({"harlow"}),
        drawn=(Drawn(rings=(IN_HARLOW,), by="Dana"),),
        agencies=frozenset({"east"}),
        ring_km=2.5,
        roles=frozenset({Role.INVESTIGATOR}),
        shifts=Shifts.NOW_AND_NEXT,
        next_within=timedelta(hours=6),
        look_alikes=(Accepted(agency="rescue", by="Dana"),),
    )
    page = main_of(at(world.ortiz).get(f"/bulletins/{draft.number}/1/edit"))
    assert "1. drawn by Dana: 3 corners" in page
    assert "accepted by Dana" in page


def test_nothing_offered_is_ticked_by_the_machine(world: World, draft: Bulletin) -> None:
    a_neighbour("east", Agency.Kind.POLICE, -104.95)
    a_neighbour("rescue", Agency.Kind.FIRE, -105.12)

    body = at(world.dana).get(f"/bulletins/{draft.number}/1/edit").content.decode()

    assert "Rescue: may be taken for police in Harlow; 0 km" in body
    assert "East: answers for ground nearby; 4." in body
    offers = body[body.index('id="offers"') : body.index("</fieldset>", body.index('id="offers"'))]
    assert "checked" not in offers


def test_the_page_says_at_once_to_how_many_it_goes(world: World, draft: Bulletin) -> None:
    a_shift(world.kim, "23:00")  # on duty, or within a day, whatever the clock shows
    words = a_form(draft, world, areas=["calder"], next_shift="on", next_hours="24")

    body = main_of_part(post(draft, world.dana, "audience", words))
    assert "It goes to 3 people in 2 agencies." in body

    words["agencies"] = ["harlow-pd"]
    body = main_of_part(post(draft, world.dana, "audience", words))
    assert "It goes to 6 people in 3 agencies" in body
    draft.refresh_from_db()
    assert draft.edited_at is None


def test_who_is_told_before_he_comes_on_duty_is_counted(world: World, draft: Bulletin) -> None:
    a_shift(world.kim, "23:00")

    reached = reached_by(draft, replace(audience_of(draft), shifts=Shifts.NOW_AND_NEXT), now=NOW)

    assert (reached.people, reached.told, reached.later) == (5, 2, 1)
    assert {line.name: line.later for line in reached.agencies} == {
        "Harlow Police": 1, "Northside Communications": 0,
    }  # fmt: skip


def test_an_agency_without_anybody_on_duty_is_named(world: World, draft: Bulletin) -> None:
    world.boone.shifts.all().delete()
    words = a_form(draft, world, agencies=["calder-so"])

    assert "Nobody on duty: Calder Sheriff." in main_of_part(
        post(draft, world.dana, "audience", words)
    )
    post(draft, world.dana, "edit", words)
    page = main_of(at(world.ortiz).get(f"/bulletins/{draft.number}/1/release"))
    assert "Calder Sheriff Calder Sheriff is concerned nobody on duty" in page
    assert "It goes to 4 people in 2 agencies" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ground": "39.1, -105.1"}, "Piece 1 of the ground: The ground drawn has only 1 corners"),
        ({"ground": "x"}, "Line 1 of the ground is no corner: 'x'."),
        ({"ground": "1, 1\n1, 2\n2, 2"}, "more than 500 km from every area on record"),
        ({"ground": LINES.replace("39.", "-39.")}, "more than 500 km"),
        ({"ring_km": "201"}, "less than or equal to 200"),
        ({"ring_km": "x"}, "no number of km"),
        ({"next_hours": "25"}, "less than or equal to 24"),
        ({"roles": ["administrator"]}, "administrator is not one of the available choices"),
        ({"areas": ["no-such"]}, "no-such is not one of the available choices"),
    ],
)
def test_what_does_not_fit_is_said_on_the_page_and_nothing_is_kept(
    world: World, draft: Bulletin, changes: dict[str, Any], said: str
) -> None:
    a_neighbour("rescue", Agency.Kind.FIRE, -105.12)
    words = a_form(draft, world, look_alikes=["rescue"], advice="Stay together.", **changes)

    part = main_of_part(post(draft, world.dana, "audience", words))
    answer = post(draft, world.dana, "edit", words)

    assert "To whom it goes is not known." in part
    assert said in part
    assert answer.status_code == 422
    assert said in main_of(answer)
    body = answer.content.decode()
    assert 'value="rescue" checked' in body
    assert "WHAT TO DO\nStay together." in body
    draft.refresh_from_db()
    assert draft.edited_at is None


def test_the_map_s_ground_is_for_those_who_edit(world: World) -> None:
    answers = {one.login: at(one).get("/ground.json").status_code for one in world.everybody()}

    assert {login for login, status in answers.items() if status == 200} == {
        "dana", "sato", "ortiz", "frey",
    }  # fmt: skip
    found = at(world.dana).get("/ground.json").json()
    assert {one["properties"]["name"] for one in found["areas"]["features"]} == {
        "Harlow", "Calder County",
    }  # fmt: skip
    assert {one["geometry"]["type"] for one in found["names"]["features"]} == {"Point"}


def main_of_part(answer: Any) -> str:
    """The words of a part of a page."""
    answer.content = f"<main>{answer.content.decode()}</main>".encode()
    return main_of(answer)
