"""The pages of orders: proposed from a threat's words, made, renewed, stood down; who sees what."""

from datetime import timedelta

import pytest

from tests.clock import on_the_wall
from tests.orders import SQUARE, order_facts
from tests.visiting import at, main_of, questions
from tests.world import World, a_person, a_threat, minutes, the_draft
from tocsin.assess import Role
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import bulletins, orders
from tocsin.desk.records.models import Breach, Order, Task, Threat
from tocsin.posture import UNWATCHED, BreakPlace, Measure
from tocsin.warn.wording.script import LONGEST_READING, reading_time


@pytest.fixture
def threat(world: World) -> Threat:
    """A threat whose bulletin is in force now."""
    now = on_the_wall()
    threat = a_threat(world, now=now)
    bulletins.release(the_draft(threat), person=world.ortiz, now=now)
    return threat


def proposed(world: World, threat: Threat, **changes: object) -> Order:
    now = on_the_wall()
    facts = order_facts(**({"review_at": now + timedelta(hours=8)} | changes))
    return orders.propose_order(threat, facts, person=world.sato, now=now)


def made(world: World, threat: Threat, **changes: object) -> Order:
    row = proposed(world, threat, **changes)
    return orders.make_order(row, person=world.ortiz, now=on_the_wall())


def page_of(order: Order, person: Person) -> str:
    return main_of(at(person).get(f"/orders/{order.number}"))


def typed(threat: Threat, **changes: object) -> dict[str, object]:
    later = on_the_wall() + timedelta(hours=3)
    return {
        "threat": threat.number,
        "measures": ["two_to_a_car", "vests"],
        "agencies": ["harlow-pd"],
        "areas": ["harlow"],
        "breaks_at": "anywhere",
        "because": "He means whoever is alone.",
        "review_at": later.isoformat(),
        **changes,
    }


def test_the_threats_page_shows_what_its_words_bear_on_with_quote_and_reason(
    world: World, threat: Threat
) -> None:
    page = main_of(at(world.sato).get(f"/threats/{threat.number}"))

    assert "Two officers to every car." in page
    assert "“alone”: The words make whoever is alone the target." in page
    assert "The machine orders nothing." in page
    assert "Propose an order" in page
    assert "Propose an order" not in main_of(at(world.dana).get(f"/threats/{threat.number}"))


def test_the_form_begins_with_what_the_words_bear_on(world: World, threat: Threat) -> None:
    statement = threat.calls.get().statements.get()
    answer = at(world.sato).get(f"/orders/new?threat={threat.number}&statement={statement.pk}")
    body = answer.content.decode()

    assert 'value="two_to_a_car" checked' in body
    assert 'value="vests" checked' not in body
    assert 'name="areas" value="harlow" checked' in body
    assert "The words make whoever is alone the target." in body
    assert body.count(UNWATCHED) >= 3
    assert 'id="map-part"' in body


def test_a_supervisor_proposes_and_a_commander_orders(world: World, threat: Threat) -> None:
    statement = threat.calls.get().statements.get()
    facts = typed(
        threat,
        statement=statement.pk,
        quote="alone",
        call_types="domestic, alarm",
        shifts="nights: Fri Sat 22:00 to 06:00\nevery day 06:00 - 14:00",
        ground="\n".join(f"{lat}, {lon}" for lon, lat in SQUARE),
    )
    answer = at(world.sato).post("/orders/new", facts)
    row = Order.objects.get()

    assert answer.headers["Location"] == f"/orders/{row.number}"
    assert row.measures == ["two_to_a_car", "vests"]
    assert row.call_types == ["domestic", "alarm"]
    assert [one["name"] for one in row.shifts] == ["nights", ""]
    assert (row.ground or {})["type"] == "MultiPolygon"
    assert (row.statement, row.quote) == (statement, "alone")

    page = page_of(row, world.ortiz)
    assert "Order it under my name" in page
    assert "people in 1 agency" in page or "people in 2 agencies" in page
    assert f"Everybody wears the vest: {UNWATCHED}" in page
    assert "“alone”" in page
    assert "only on calls of type domestic, alarm" in page
    assert "nights: Fri Sat 22:00 to 06:00" in page
    assert "Order it under my name" not in page_of(row, world.sato)

    refused = at(world.sato).post(f"/orders/{row.number}/make")
    assert refused.status_code == 403
    at(world.ortiz).post(f"/orders/{row.number}/make")
    row.refresh_from_db()
    assert row.state == Order.State.IN_FORCE


def test_a_proposal_is_edited_and_keeps_what_was_typed(world: World, threat: Threat) -> None:
    row = proposed(world, threat, drawn=((SQUARE,),), call_types=("alarm",))
    client = at(world.sato)
    form = client.get(f"/orders/{row.number}/edit").content.decode()

    assert 'value="alarm"' in form
    assert "39.12, -105.18" in form

    client.post(f"/orders/{row.number}/edit", typed(threat, measures=["badges_covered"]))
    row.refresh_from_db()
    assert row.measures == ["badges_covered"]
    assert row.ground is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"measures": []}, "No measure was chosen"),
        ({"because": ""}, "It is not said why"),
        ({"agencies": [], "areas": []}, "concerns nobody"),
        ({"review_at": "soon"}, "is no date and time"),
        ({"review_at": "2020-01-01T00:00"}, "review time of the order has passed"),
        ({"shifts": "at night"}, "is no shift"),
        ({"ground": "here"}, "is no corner"),
        ({"ground": "39.1, -105.1\n39.2, -105.1"}, "Piece 1 of the ground"),
        ({"agencies": ["nobody"]}, "not one of the available choices"),
        ({"statement": "x"}, "whole number"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(
    world: World, threat: Threat, changes: dict[str, object], said: str
) -> None:
    answer = at(world.sato).post("/orders/new", typed(threat, call_types="fight", **changes))

    assert answer.status_code == 422
    assert said in main_of(answer)
    assert 'value="fight"' in answer.content.decode()
    assert Order.objects.count() == 0


def test_without_a_bulletin_the_page_says_so_and_offers_no_button(world: World) -> None:
    threat = a_threat(world, now=on_the_wall())
    page = page_of(proposed(world, threat), world.ortiz)

    assert "No bulletin" in page
    assert "Release the bulletin first" in page
    assert "Order it under my name" not in page


def test_contradictions_are_shown_and_do_not_stop_an_order(world: World, threat: Threat) -> None:
    made(world, threat, measures=frozenset({Measure.STATIONS_CLOSED}))
    row = proposed(
        world,
        threat,
        measures=frozenset({Measure.NO_SOLO_BREAKS}),
        breaks_at=BreakPlace.STATION,
    )

    page = page_of(row, world.ortiz)

    assert "closes the stations" in page
    assert "Breaks are taken at a station." in page
    assert at(world.ortiz).post(f"/orders/{row.number}/make").status_code == 302


def test_an_order_in_force_shows_its_clock_who_is_told_and_the_script(
    world: World, threat: Threat
) -> None:
    row = made(world, threat, measures=frozenset(Measure))
    body = at(world.ortiz).get(f"/orders/{row.number}")
    page = main_of(body)

    assert "A person looks at it again" in page
    assert "on the way" in page
    assert "No breach is open." in page
    assert 'href="/posture"' in body.content.decode()
    assert f"/orders/{row.number}/price" in body.content.decode()
    assert "All units, orders." in page
    script = page[page.index("All units, orders.") :].partition(" s, read twice")[0]
    assert reading_time(script.rpartition(" ")[0]) <= LONGEST_READING
    assert "Two officers to every car. Two cars to every call." in script


def test_an_overdue_review_is_marked_on_the_board_and_on_its_page(
    world: World, threat: Threat
) -> None:
    row = made(world, threat)
    Order.objects.filter(pk=row.pk).update(review_at=on_the_wall() - minutes(20))
    orders.ask_for_review(now=on_the_wall())

    board = main_of(at(world.sato).get("/"))
    assert "Orders in force 1" in board
    assert "Review overdue for 20:0" in board
    assert "Order to be reviewed" in board
    assert "Open the order" in board
    assert "Review overdue" in page_of(row, world.ortiz)

    later = (on_the_wall() + timedelta(hours=2)).isoformat()
    client = at(world.ortiz)
    refused = client.post(f"/orders/{row.number}/renew", {"review_at": later, "because": ""})
    assert refused.status_code == 422
    client.post(f"/orders/{row.number}/renew", {"review_at": later, "because": "Not found."})

    page = page_of(row, world.ortiz)
    assert "Review overdue" not in page
    assert "Not found." in page
    assert not Task.objects.filter(kind=orders.REVIEW, done_at=None).exists()


def test_a_stand_down_says_what_it_does_and_does_it(world: World, threat: Threat) -> None:
    row = made(world, threat)
    Breach.objects.create(
        order=row, unit="harlow-pd/2A14", measure="two_to_a_car", reason="alone",
        since=on_the_wall(), written_at=on_the_wall(),
    )  # fmt: skip
    page = page_of(row, world.ortiz)
    assert "The word of its end goes to" in page
    assert "1 open breach is closed" in page

    client = at(world.ortiz)
    assert client.post(f"/orders/{row.number}/stand-down", {"because": ""}).status_code == 422
    client.post(f"/orders/{row.number}/stand-down", {"because": "He was found."})

    after = page_of(row, world.ortiz)
    assert "stood down" in after
    assert "He was found." in after
    assert "Of its end:" in after
    assert "Stand it down" not in after
    assert "is stood down." in after


def test_an_agency_joins_and_leaves_on_the_page(world: World, threat: Threat) -> None:
    row = made(world, threat)
    chief = a_person("haas", world.sheriff, Role.WATCH_COMMANDER)
    client = at(chief)
    assert "Let join" in page_of(row, chief)

    client.post(f"/orders/{row.number}/join", {"agency": "calder-so", "because": "With them."})
    page = page_of(row, chief)
    assert "Calder Sheriff, Harlow Police" in page
    assert "Let leave" in page

    client.post(f"/orders/{row.number}/leave", {"agency": "calder-so", "because": "Too few."})
    assert "Too few." in page_of(row, chief)
    lost = client.post(f"/orders/{row.number}/join", {"agency": "x", "because": "?"})
    assert lost.status_code == 404


def test_who_may_not_see_the_threat_does_not_see_the_order(world: World, threat: Threat) -> None:
    row = made(world, threat)
    stranger = a_person("lund", world.south, Role.WATCH_COMMANDER)

    assert at(stranger).get(f"/orders/{row.number}").status_code == 404
    assert at(world.reed).get(f"/orders/{row.number}").status_code == 404
    assert "In force 0" in main_of(at(stranger).get("/orders"))
    assert at(stranger).get(f"/orders/new?threat={threat.number}").status_code == 404
    assert at(world.dana).get(f"/orders/new?threat={threat.number}").status_code == 403
    assert at(world.reed).get("/orders").status_code == 403


def test_an_order_that_names_anothers_agency_is_seen_there_and_not_ended(
    world: World, threat: Threat
) -> None:
    row = made(world, threat, agencies=frozenset({"harlow-pd", "south"}))
    lead = a_person("lund", world.south, Role.WATCH_COMMANDER)
    page = page_of(row, lead)

    assert "Two officers to every car." in page
    assert "Stand it down" not in page
    refused = at(lead).post(f"/orders/{row.number}/stand-down", {"because": "No."})
    assert refused.status_code == 403


def test_the_list_of_orders_has_those_in_force_proposed_and_over(
    world: World, threat: Threat
) -> None:
    made(world, threat)
    proposed(world, threat)
    gone = proposed(world, threat)
    orders.drop_order(gone, "Not needed.", person=world.sato, now=on_the_wall())

    page = main_of(at(world.sato).get("/orders"))

    assert "In force 1" in page
    assert "Proposed 1" in page
    assert "Not needed." in page


def test_the_list_does_not_ask_for_each_order(world: World, threat: Threat) -> None:
    for _ in range(12):
        proposed(world, threat)
    client = at(world.sato)

    with questions(at_most=40):
        client.get("/orders")


def test_the_story_of_the_threat_tells_of_its_orders(world: World, threat: Threat) -> None:
    row = made(world, threat)
    page = main_of(at(world.sato).get(f"/threats/{threat.number}"))

    assert f"ordered {row.number}" in page
    assert f"proposed order {row.number}: The caller means whoever is alone." in page
