"""The posture board: who has not been told and who is alone, and never safe where nobody knows."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from tests.clock import on_the_wall
from tests.postures import a_standing_order, a_unit, an_officer, put_units
from tests.visiting import main_of
from tests.world import PASSWORD, World, a_threat, recipient_of, the_draft
from tocsin.desk.records.boards.joint import joint_of
from tocsin.desk.records.boards.posture import posture_board
from tocsin.desk.records.commands import acknowledgments, bulletins
from tocsin.desk.records.commands.watch import judge_units
from tocsin.desk.records.models import Breach, Bulletin, Excuse, Order, Override
from tocsin.desk.records.picture import picture_of
from tocsin.posture import Measure, Position, Rank

NEAR = {"lon": -105.1, "lat": 39.2}


@pytest.fixture
def released(world: World) -> Bulletin:
    """Released now by the clock on the wall: the pages have no other."""
    now = on_the_wall()
    return bulletins.release(the_draft(a_threat(world, now=now)), person=world.ortiz, now=now)


def an_order(world: World, released: Bulletin, **changes: Any) -> Order:
    return a_standing_order(
        world, now=on_the_wall(), threat=released.threat, bulletin=released, **changes
    )


def look(world: World) -> Any:
    """The board of Northside, judged a moment ago."""
    judge_units(world.north, None, now=on_the_wall())
    [board] = posture_board(world.sato, now=on_the_wall())
    return board


def test_who_is_alone_in_the_place_and_has_not_answered_comes_first(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    an_order(world, released, areas=[world.harlow])
    outside = Position(lon=-104.0, lat=39.2, at=now)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), now=now),
        a_unit("C1", an_officer("ortiz"), an_officer("vale"), now=now),
        a_unit("S2", an_officer("person:boone"), now=now, agency="calder-so", position=outside),
        now=now,
    )

    joint = look(world).joint

    ranks = {one.told.person.login: one.row.rank for one in joint.lines}
    assert joint.lines[0].told.person.login == "reed"
    assert ranks["reed"] is Rank.ALONE_IN_PLACE
    assert ranks["ortiz"] is Rank.IN_PLACE
    assert ranks.get("boone", Rank.ALONE_ELSEWHERE) is Rank.ALONE_ELSEWHERE
    assert joint.places == ("Harlow",)


def test_who_has_acknowledged_is_not_on_the_joint_list(world: World, released: Bulletin) -> None:
    an_order(world, released)
    row = recipient_of(released, world.reed)
    before = look(world).joint.total

    acknowledgments.acknowledge(row, person=world.reed, now=on_the_wall())

    after = look(world).joint
    assert after.total == before - 1
    assert "reed" not in {one.told.person.login for one in after.lines}


@pytest.mark.parametrize(
    ("crew", "how"),
    [
        ((an_officer("reed"),), ""),
        ((an_officer("person:reed"),), ""),
        ((an_officer("Reed"),), "by his name"),
        ((), "by his call sign alone"),
    ],
)
def test_a_person_is_found_in_his_unit_and_it_is_said_how(
    world: World, released: Bulletin, crew: Any, how: str
) -> None:
    now = on_the_wall()
    order = an_order(world, released)
    put_units(world.north, a_unit("U-reed", *crew, now=now, crew_count=1), now=now)

    joint = joint_of([order], picture_of(world.north, now=now))

    [line] = [one for one in joint.lines if one.told.person == world.reed]
    assert (line.call_sign, line.how) == ("U-reed", how)


def test_what_no_feed_shows_and_what_is_silent_is_not_known_and_never_kept(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    an_order(world, released, measures=[Measure.TWO_TO_A_CAR.value, Measure.VESTS.value])
    old = now - timedelta(minutes=10)
    put_units(world.north, a_unit("C12", an_officer("reed"), an_officer("kim"), now=old), now=now)

    board = look(world)

    assert [sentence for _, sentence in board.unwatched] == [
        "Everybody wears the vest. A units feed cannot show it: a supervisor must look."
    ]
    assert [one.call_sign for one in board.unknown] == ["C12"]
    assert "10 min" in board.unknown[0].reasons[0]
    assert board.breaches == ()


def test_a_judging_that_stands_still_is_said(
    world: World, released: Bulletin, client: Client
) -> None:
    now = on_the_wall()
    an_order(world, released)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now), now=now)
    client.login(username="sato", password=PASSWORD)

    page = client.get("/posture").content.decode()

    assert "The units are not being judged." in page
    assert "No unit that could be judged breaks an order" not in page
    look(world)
    assert "The units are not being judged." not in client.get("/posture").content.decode()


def test_the_page_is_made_with_few_questions(
    world: World,
    released: Bulletin,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    now = on_the_wall()
    an_order(world, released, areas=[world.harlow])
    put_units(world.north, *(a_unit(f"C{n}", an_officer(f"o{n}"), now=now) for n in range(60)))
    judge_units(world.north, None, now=on_the_wall())
    client.login(username="sato", password=PASSWORD)

    with django_assert_max_num_queries(50):
        page = client.get("/posture").content.decode()

    assert "60 against an order" in page
    assert "C59" in page


def test_a_breach_is_excused_and_the_excuse_taken_back_on_the_page(
    world: World, released: Bulletin, client: Client
) -> None:
    now = on_the_wall()
    an_order(world, released)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now), now=now)
    judge_units(world.north, None, now=on_the_wall())
    pk = Breach.objects.get().pk
    client.login(username="sato", password=PASSWORD)

    client.post(f"/posture/breaches/{pk}/excuse", {"because": "at the door", "minutes": "30"})

    excuse = Excuse.objects.get()
    assert (excuse.because, excuse.by) == ("at the door", world.sato)
    assert timedelta(minutes=29) < excuse.until - on_the_wall() <= timedelta(minutes=30)
    page = client.get("/posture").content.decode()
    assert "Excused by Sato" in page
    assert "No breach is open" in page
    client.post(f"/posture/excuses/{excuse.pk}/withdraw", {"because": "the partner left"})
    assert "1 against an order" in client.get("/posture").content.decode()


def test_an_excuse_until_a_time_of_the_day_ends_at_that_time_next(
    world: World, released: Bulletin, client: Client
) -> None:
    now = on_the_wall()
    an_order(world, released)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now), now=now)
    judge_units(world.north, None, now=on_the_wall())
    place = f"/posture/breaches/{Breach.objects.get().pk}/excuse"
    client.login(username="sato", password=PASSWORD)

    wrong = client.post(place, {"because": "x", "until": "25:00"})
    assert wrong.status_code == 422
    assert "25:00" in wrong.content.decode()
    assert client.post(place, {"because": "x", "minutes": "7"}).status_code == 422
    assert client.post(place, {"because": " ", "minutes": "10"}).status_code == 422
    assert not Excuse.objects.exists()
    local = now.astimezone(ZoneInfo(world.north.zone)) + timedelta(hours=2)

    client.post(place, {"because": "at the door", "until": f"{local:%H:%M}"})

    assert Excuse.objects.get().until == local.replace(second=0, microsecond=0)


def test_the_gate_on_the_page_shows_what_would_not_break_it_and_takes_an_override(
    world: World, released: Bulletin, client: Client
) -> None:
    now = on_the_wall()
    an_order(world, released)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), now=now),
        a_unit("C14", an_officer("kim"), now=now, position=Position(**NEAR, at=now)),
        now=now,
    )
    client.login(username="dana", password=PASSWORD)
    question = {"unit": "C12", "call": "26-100", "type": "alarm", "place": "39.2, -105.1"}

    page = client.post("/posture/check", question).content.decode()

    assert "C12 would break an order." in page
    assert "Pick up the officer of harlow-pd/C14" in page
    assert "Send it under my name" in page
    refused = client.post("/posture/override", {**question, "because": ""})
    assert refused.status_code == 422
    assert not Override.objects.exists()
    client.post("/posture/override", {**question, "because": "shots fired, nobody else"})
    assert Override.objects.get().by == world.dana


def test_the_board_begins_with_the_joint_list_while_an_order_stands(
    world: World, released: Bulletin, client: Client
) -> None:
    client.login(username="sato", password=PASSWORD)
    assert "Not told and alone" not in client.get("/").content.decode()
    an_order(world, released)
    assert "Not told and alone" in client.get("/").content.decode()


def test_only_who_may_see_calls_sees_the_board(world: World, client: Client) -> None:
    client.login(username="reed", password=PASSWORD)
    assert client.get("/posture").status_code == 403
    client.login(username="frey", password=PASSWORD)
    assert "No order of posture is in force" in client.get("/posture").content.decode()


def test_what_stands_against_an_exercise_is_marked_as_one(
    world: World, released: Bulletin, client: Client
) -> None:
    now = on_the_wall()
    an_order(world, released)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now), now=now)
    judge_units(world.north, None, now=on_the_wall())
    client.login(username="sato", password=PASSWORD)
    assert "Exercise" not in main_of(client.get("/posture"))

    released.threat.calls.update(is_demonstration=True)

    assert main_of(client.get("/posture")).count("Exercise") == 3
