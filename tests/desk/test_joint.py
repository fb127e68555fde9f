"""The joint list and the map of units: at full size, and where nobody may be called safe."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from tests.clock import on_the_wall
from tests.postures import a_standing_order, a_unit, an_officer, put_units
from tests.visiting import at
from tests.world import PASSWORD, World, a_person, a_threat, recipient_of, the_draft
from tocsin.assess import Role
from tocsin.desk.people.models import Person
from tocsin.desk.records.boards.joint import JointLine, JointList, joint_of
from tocsin.desk.records.boards.posture import MOST_SHOWN, posture_board
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.commands.breaches import excuse_breach
from tocsin.desk.records.commands.watch import judge_units
from tocsin.desk.records.models import Breach, Bulletin, Delivery, Order, Recipient
from tocsin.desk.records.picture import picture_of
from tocsin.posture import Company, Position, Rank, Status

MANY = 2000
LONE = MANY // 10


@pytest.fixture
def released(world: World) -> Bulletin:
    """Released now by the clock on the wall: the pages have no other."""
    now = on_the_wall()
    return bulletins.release(the_draft(a_threat(world, now=now)), person=world.ortiz, now=now)


def an_order(world: World, released: Bulletin, **changes: Any) -> Order:
    """In force for an hour."""
    since = on_the_wall() - timedelta(hours=1)
    return a_standing_order(world, now=since, threat=released.threat, bulletin=released, **changes)


def joint(world: World, *orders: Order) -> JointList:
    return joint_of(orders, picture_of(world.north, now=on_the_wall()))


def line_of(found: JointList, person: Person) -> JointLine:
    [line] = [one for one in found.lines if one.told.person == person]
    return line


def a_crowd(world: World, released: Bulletin) -> None:
    """2,000 cars with their officers, none of whom acknowledged; each tenth is alone."""
    now = on_the_wall()
    people = Person.objects.bulk_create(
        Person(
            login=f"o{n}",
            name=f"Officer {n}",
            agency=world.harlow_pd,
            roles=[Role.OFFICER.value],
            unit=f"C{n}",
            password="!",
        )
        for n in range(MANY)
    )
    Recipient.objects.bulk_create(
        Recipient(bulletin=released, person=one, agency=world.harlow_pd, since=now)
        for one in people
    )
    units = []
    for n in range(MANY):
        crew = [an_officer(f"o{n}"), *([an_officer(f"p{n}")] if n % 10 else [])]
        place = Position(lon=-105.19 + n % 50 * 0.0035, lat=39.11 + n // 50 * 0.004, at=now)
        units.append(a_unit(f"C{n}", *crew, now=now, position=place))
    put_units(world.north, *units, now=now)


def quickest(client: Client, path: str) -> float:
    """Milliseconds of the best of five: what else the machine does is not measured."""
    found = []
    for _ in range(5):
        began = time.perf_counter()
        assert client.get(path).status_code == 200
        found.append((time.perf_counter() - began) * 1000)
    return min(found)


def test_two_thousand_units_and_people_are_one_quick_page(
    world: World,
    released: Bulletin,
    client: Client,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    an_order(world, released, areas=[world.harlow])
    a_crowd(world, released)
    judge_units(world.north, None, now=on_the_wall())
    client.login(username="sato", password=PASSWORD)
    client.get("/posture")  # what a process reads once

    with django_assert_max_num_queries(45):
        page = client.get("/posture").content.decode()

    assert f"{LONE} against an order" in page
    assert page.count('class="breachline"') == MOST_SHOWN
    assert f"The worst {MOST_SHOWN} of {LONE} are shown." in page
    [board] = posture_board(world.sato, now=on_the_wall())
    assert board.joint is not None
    crowd = {f"o{n}" for n in range(0, MANY, 10)}
    assert {one.told.person.login for one in board.joint.lines} >= crowd - {"o0"}
    assert len(board.joint.lines) == 200
    assert board.joint.total >= MANY
    assert quickest(client, "/posture") < 600, "300 ms where the machine is free"
    assert quickest(client, "/posture/map.json?units") < 300


def test_a_person_of_whom_two_units_speak_is_not_known(world: World, released: Bulletin) -> None:
    now = on_the_wall()
    order = an_order(world, released)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), an_officer("kim"), now=now),
        a_unit("C14", an_officer("Reed"), an_officer("vale"), now=now),
        now=now,
    )

    row = line_of(joint(world, order), world.reed).row

    assert (row.company, row.unit) == (Company.NOT_KNOWN, "")
    assert row.rank is Rank.ALONE_IN_PLACE
    assert "Two units name him." in " ".join(row.reasons)


def test_a_name_that_two_people_have_finds_neither_of_them(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    other = a_person("reed2", world.harlow_pd, Role.OFFICER)
    Person.objects.filter(pk=other.pk).update(name="Reed")
    Recipient.objects.create(bulletin=released, person=other, agency=world.harlow_pd, since=now)
    order = an_order(world, released)
    put_units(world.north, a_unit("C12", an_officer("Reed"), an_officer("kim"), now=now), now=now)

    found = joint(world, order)

    for one in (world.reed, other):
        assert line_of(found, one).row.company is Company.NOT_KNOWN
        assert line_of(found, one).call_sign == ""


def test_who_is_in_a_car_by_the_record_alone_is_company_for_nobody(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    order = an_order(world, released)
    here: dict[str, Any] = {"now": now, "position": Position(lon=-105.1, lat=39.2, at=now)}
    put_units(
        world.north,
        a_unit("U-reed", crew_count=1, **here),
        a_unit("C14", an_officer("ortiz"), **here),
        now=now,
    )
    judge_units(world.north, None, now=now - timedelta(minutes=1))  # near each other since then

    found = joint(world, order)

    assert line_of(found, world.ortiz).row.company is Company.ALONE
    assert line_of(found, world.reed).how == "by his call sign alone"


def test_a_message_to_his_supervisor_does_not_tell_the_person(
    world: World, released: Bulletin
) -> None:
    order = an_order(world, released)
    row = recipient_of(released, world.reed)
    Delivery.objects.filter(recipient=row).update(
        purpose=Delivery.Purpose.LADDER, sent_at=on_the_wall()
    )

    assert line_of(joint(world, order), world.reed).row.reasons[0] == "Not told yet."
    Delivery.objects.filter(recipient=row).update(purpose=Delivery.Purpose.BULLETIN)
    assert "not acknowledged" in line_of(joint(world, order), world.reed).row.reasons[0]


def test_where_no_bulletin_is_in_force_nobody_is_said_to_have_acknowledged(
    world: World, released: Bulletin, client: Client
) -> None:
    an_order(world, released)
    Bulletin.objects.filter(pk=released.pk).update(state=Bulletin.State.EXPIRED)
    client.login(username="sato", password=PASSWORD)

    for path in ("/", "/posture"):
        page = client.get(path).content.decode()
        assert "Everybody on duty has acknowledged" not in page
        assert "nobody is asked to acknowledge" in page


def test_one_order_that_names_no_place_means_everywhere(world: World, released: Bulletin) -> None:
    now = on_the_wall()
    far = Position(lon=-104.0, lat=39.2, at=now)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now, position=far), now=now)
    of_harlow = an_order(world, released, areas=[world.harlow])

    assert line_of(joint(world, of_harlow), world.reed).row.rank is Rank.ALONE_ELSEWHERE
    both = joint(world, of_harlow, an_order(world, released))

    assert line_of(both, world.reed).row.rank is Rank.ALONE_IN_PLACE
    assert both.places == ()


def test_ground_that_cannot_be_read_breaks_no_page(
    world: World, released: Bulletin, client: Client
) -> None:
    an_order(world, released, ground={"type": "Polygon", "coordinates": []})
    client.login(username="sato", password=PASSWORD)

    page = client.get("/posture").content.decode()

    assert "is not judged." in page
    assert client.get("/").status_code == 200
    assert client.get("/posture/map.json").json()["units"] == []


def test_who_calls_for_help_stands_before_who_is_alone_for_longer(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    an_order(world, released)
    early = now - timedelta(seconds=30)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=early), now=early)
    sight = judge_units(world.north, None, now=early)
    calls = a_unit("C14", an_officer("kim"), now=now, status=Status.EMERGENCY)
    put_units(world.north, calls, now=now)
    judge_units(world.north, sight, now=now)

    [board] = posture_board(world.sato, now=now)

    assert [one.call_sign for one in board.breaches] == ["C14", "C12"]


def test_the_map_says_of_each_unit_its_company_its_age_and_what_it_breaks(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    an_order(world, released, areas=[world.harlow])
    old = Position(lon=-105.1, lat=39.2, at=now - timedelta(minutes=4))
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), now=now, position=old),
        a_unit("C14", an_officer("kim"), an_officer("vale"), now=now),
        a_unit("C15", now=now - timedelta(minutes=9)),
        a_unit("C16", an_officer("dunn"), now=now, status=Status.STATION, position=None),
        a_unit("C17", an_officer("hart"), now=now, status=Status.OFF_DUTY),
        now=now,
    )
    judge_units(world.north, None, now=now)
    breach = Breach.objects.get()

    whole = at(world.sato).get("/posture/map.json").json()

    found = {one["sign"]: one for one in whole["units"]}
    assert {sign: one["company"] for sign, one in found.items()} == {
        "C12": "alone", "C14": "together", "C15": "not_known", "C16": "at_station",
    }  # fmt: skip
    assert found["C12"]["is_old"] is True
    assert found["C12"]["agency"] == "Harlow Police"
    assert [(one["says"], one["is_excused"]) for one in found["C12"]["breaches"]] == [
        ("Two officers to every car.", False)
    ]
    assert found["C14"]["breaches"] == []
    assert found["C16"]["place"] is None
    ordered = [one["properties"]["name"] for one in whole["grounds"] if one["properties"]["order"]]
    assert ordered == ["Harlow"]
    until = now + timedelta(minutes=10)
    excuse_breach(breach, because="at the door", until=until, person=world.sato, now=on_the_wall())
    again = at(world.sato).get("/posture/map.json?units").json()
    assert "grounds" not in again
    [excused] = [one for one in again["units"] if one["sign"] == "C12"]
    assert [one["is_excused"] for one in excused["breaches"]] == [True]


def test_the_map_is_for_who_may_see_calls_and_shows_his_own_center(
    world: World, released: Bulletin
) -> None:
    now = on_the_wall()
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now), now=now)

    assert at(world.reed).get("/posture/map.json").status_code == 403
    assert at(None).get("/posture/map.json").status_code == 302
    assert at(world.frey).get("/posture/map.json").json()["units"] == []
    assert len(at(world.vale).get("/posture/map.json").json()["units"]) == 1


def test_the_table_says_the_same_as_the_map_and_how_old_it_is(
    world: World, released: Bulletin, client: Client
) -> None:
    now = on_the_wall()
    an_order(world, released, areas=[world.harlow], agencies=[])
    far = Position(lon=-104.0, lat=39.2, at=now)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed"), now=now),
        a_unit("C14", an_officer("kim"), now=now, position=far),
        a_unit("C15", an_officer("dunn"), now=now, position=None),
        now=now,
    )

    [board] = posture_board(world.sato, now=now)

    assert [one.unit.call_sign for one in board.concerned] == ["C12", "C15"]
    assert [one.is_concerned for one in board.concerned] == [True, None]
    client.login(username="sato", password=PASSWORD)
    page = client.get("/posture").content.decode()
    assert "Whether an order concerns it is not known." in page
