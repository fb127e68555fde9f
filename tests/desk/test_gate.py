"""The gate before a unit is sent: CAD asks it, and an override stands under a person's name."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.clock import on_the_wall
from tests.postures import LAT, LON, a_standing_order, a_unit, an_officer, put_units
from tests.world import NOW, PASSWORD, World
from tocsin.desk.records.boards.gate import ask_gate
from tocsin.desk.records.commands.accounts import make_key
from tocsin.desk.records.commands.overrides import Sending, override_gate
from tocsin.desk.records.models import Entry, Override
from tocsin.errors import InputError, MissingReason, NotAllowed, NotFound, OutOfTurn
from tocsin.posture import Answer, Assignment, Position

CALL = Assignment(call="26-100", position=Position(lon=LON, lat=LAT, at=NOW))


def sending(unit: str = "C12", because: str = "nobody else is within 20 minutes") -> Sending:
    return Sending(unit=unit, call=CALL, because=because)


@pytest.fixture
def patrol(world: World) -> World:
    """An order, Reed alone, and Kim alone one kilometre away."""
    a_standing_order(world)
    put_units(
        world.north,
        a_unit("C12", an_officer("reed")),
        a_unit("C14", an_officer("kim"), position=Position(lon=LON, lat=LAT + 0.009, at=NOW)),
    )
    return world


@pytest.mark.django_db
def test_a_lone_unit_breaks_the_order_and_the_nearest_partner_mends_it(patrol: World) -> None:
    verdict = ask_gate(patrol.north, "C12", CALL, now=NOW).verdict

    assert verdict.answer is Answer.BREAKS
    assert [one.measure for one in verdict.findings] == ["two_to_a_car"]
    kinds = {one.kind.value: one.unit for one in verdict.remedies}
    assert kinds["pick_up"] == "harlow-pd/C14"
    assert all(one.minutes > 0 for one in verdict.remedies)


@pytest.mark.django_db
def test_a_pair_keeps_the_order(patrol: World) -> None:
    put_units(patrol.north, a_unit("C20", an_officer("reed"), an_officer("vale")))
    assert ask_gate(patrol.north, "harlow-pd/C20", CALL, now=NOW).verdict.answer is not Answer.KEEPS
    put_units(patrol.north, a_unit("C20", an_officer("dunn"), an_officer("vale")))
    assert ask_gate(patrol.north, "harlow-pd/C20", CALL, now=NOW).verdict.answer is Answer.KEEPS


@pytest.mark.django_db
def test_a_unit_that_was_not_heard_of_is_never_said_to_keep_it(patrol: World) -> None:
    later = NOW + timedelta(minutes=5)
    put_units(patrol.north, a_unit("C30", an_officer("dunn"), an_officer("vale")))

    assert ask_gate(patrol.north, "C30", CALL, now=later).verdict.answer is Answer.NOT_KNOWN


@pytest.mark.django_db
def test_a_call_sign_that_nobody_or_two_have_is_asked_back(patrol: World) -> None:
    put_units(patrol.north, a_unit("C12", agency="calder-so"))

    with pytest.raises(NotFound):
        ask_gate(patrol.north, "C99", CALL, now=NOW)
    with pytest.raises(InputError, match="2 agencies"):
        ask_gate(patrol.north, "c12", CALL, now=NOW)
    assert ask_gate(patrol.north, "harlow-pd/c12", CALL, now=NOW).unit.agency == "harlow-pd"


@pytest.mark.django_db
def test_an_override_stands_with_its_reason_and_the_answer(patrol: World) -> None:
    row = override_gate(patrol.north, sending(), actor=patrol.dana, now=NOW)

    assert (row.unit, row.by, row.actor) == ("harlow-pd/C12", patrol.dana, "person:dana")
    assert row.verdict["answer"] == "breaks"
    assert [one.number for one in row.orders.all()] == ["P-2026-000001"]
    entry = Entry.objects.get(action="unit sent against the order")
    assert entry.facts["because"] == "nobody else is within 20 minutes"
    assert entry.subject == "order:P-2026-000001"


@pytest.mark.django_db
def test_an_override_needs_a_right_a_reason_and_something_to_override(patrol: World) -> None:
    put_units(patrol.north, a_unit("C20", an_officer("dunn"), an_officer("vale")))

    with pytest.raises(NotAllowed):
        override_gate(patrol.north, sending(), actor=patrol.reed, now=NOW)
    with pytest.raises(MissingReason):
        override_gate(patrol.north, sending(because=" "), actor=patrol.dana, now=NOW)
    with pytest.raises(InputError, match="who decided"):
        override_gate(patrol.north, sending(), actor="key:cad", now=NOW)
    with pytest.raises(OutOfTurn):
        override_gate(patrol.north, sending("C20"), actor=patrol.dana, now=NOW)
    assert not Override.objects.exists()


@pytest.fixture
def cad(world: World) -> dict[str, Any]:
    """The header of a machine of Northside."""
    secret = make_key("cad", world.north, actor="system:test", now=NOW)
    return {"authorization": f"Bearer {secret}"}


@pytest.mark.django_db
def test_cad_asks_before_it_sends(world: World, client: Client, cad: dict[str, Any]) -> None:
    now = on_the_wall()
    a_standing_order(world, now=now)
    put_units(world.north, a_unit("C12", an_officer("reed"), now=now), now=now)
    question = {
        "unit": "C12",
        "call": {"number": "26-100", "type": "alarm", "place": {"lat": LAT, "lon": LON}},
    }

    answer = client.post(
        "/api/posture/check", question, content_type="application/json", headers=cad
    )

    assert answer.status_code == 200
    found = answer.json()
    assert (found["unit"], found["answer"]) == ("harlow-pd/C12", "breaks")
    assert found["findings"][0]["persons"] == ["reed"]
    word = {**question, "because": "shots fired", "dispatcher": "Dana"}
    told = client.post("/api/posture/override", word, content_type="application/json", headers=cad)
    assert told.status_code == 201
    row = Override.objects.get()
    assert (row.actor, row.dispatcher, row.by) == ("key:cad", "Dana", None)


@pytest.mark.django_db
def test_what_is_wrong_with_a_question_is_said(
    world: World, client: Client, cad: dict[str, Any]
) -> None:
    def ask(question: dict[str, Any], **headers: str) -> Any:
        return client.post(
            "/api/posture/check", question, content_type="application/json", headers=headers
        )

    swapped = {"unit": "C1", "call": {"number": "1", "place": {"lat": -105.1, "lon": 39.2}}}
    assert ask(swapped, **cad).status_code == 422
    assert ask({"unit": "", "call": {"number": "1"}}, **cad).status_code == 422
    assert ask({"unit": "C1", "call": {"number": "1"}, "x": 1}, **cad).status_code == 422
    unknown = ask({"unit": "C1", "call": {"number": "1"}}, **cad)
    assert unknown.status_code == 404
    assert "C1" in unknown.json()["what"]
    assert ask({"unit": "C1", "call": {"number": "1"}}).status_code == 401


@pytest.mark.django_db
def test_an_officer_may_not_ask_for_others(world: World, client: Client) -> None:
    client.login(username="reed", password=PASSWORD)

    answer = client.post(
        "/api/posture/check",
        {"unit": "C1", "call": {"number": "1"}},
        content_type="application/json",
    )

    assert answer.status_code == 403
