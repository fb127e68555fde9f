"""The outbox: every message with its state, and whose link may be seen."""

import pytest
from django.test import Client

from tests.sending import record_failure, taken
from tests.visiting import at, main_of, questions
from tests.world import NOW, World, a_threat, the_draft
from tocsin.desk.people.models import Address
from tocsin.desk.records.boards.outbox import SHOWN
from tocsin.desk.records.commands import acknowledgments, bulletins
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin
from tocsin.errors import Undeliverable


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


def test_it_is_empty_before_a_release(world: World) -> None:
    assert "Nothing has been sent." in main_of(at(world.sato).get("/outbox"))


def test_every_message_stands_there_with_its_words(world: World, released: Bulletin) -> None:
    page = main_of(at(world.sato).get("/outbox"))

    assert "4 messages" in page
    for login in ["Reed", "Ortiz", "Dana", "Sato"]:
        assert f"Open as {login}" in page
    assert "WHAT WAS SAID" in page
    assert "waits to be sent since" in page


def test_what_cannot_leave_the_machine_can_be_opened_as_its_officer(
    world: World, released: Bulletin
) -> None:
    message = released.deliveries.get(person=world.reed)

    assert link_of(message.key) in at(world.sato).get("/outbox").content.decode()


def test_nobody_sees_an_officer_s_link_of_a_real_message(world: World, released: Bulletin) -> None:
    released.deliveries.update(channel="email")

    body = at(world.sato).get("/outbox").content.decode()

    assert "/a/" not in body
    assert "(a link that only he may have)" in body
    assert "Open as" not in body


def test_an_exercise_can_be_opened_on_every_channel(world: World, released: Bulletin) -> None:
    released.deliveries.update(channel="email", is_exercise=True)

    assert "Open as Reed" in main_of(at(world.sato).get("/outbox"))


def test_a_channel_that_is_not_known_any_more_is_taken_for_a_real_one(
    world: World, released: Bulletin
) -> None:
    released.deliveries.update(channel="pager")

    assert "/a/" not in at(world.sato).get("/outbox").content.decode()


def test_failures_and_acknowledgments_show(world: World, released: Bulletin) -> None:
    one = taken(released.deliveries.get(person=world.dana), now=NOW)
    record_failure(one, Undeliverable("550 No such user."), now=NOW)
    acknowledgments.acknowledge_by_link(released.deliveries.get(person=world.reed).key, now=NOW)

    page = main_of(at(world.sato).get("/outbox"))
    assert "550 No such user." in page
    assert "has it" in page


def test_a_reader_of_the_outbox_can_be_the_officer(world: World, released: Bulletin) -> None:
    message = released.deliveries.get(person=world.reed)
    path = "/a/" + link_of(message.key).rpartition("/a/")[2]

    Client().post(path)

    assert "has it" in main_of(at(world.sato).get("/outbox"))


def test_another_center_s_messages_are_not_shown(world: World, released: Bulletin) -> None:
    world.frey.roles = ["supervisor"]
    world.frey.save()

    assert "Nothing has been sent." in main_of(at(world.frey).get("/outbox"))


def test_messages_of_one_threat_can_be_asked_for(world: World, released: Bulletin) -> None:
    sato = at(world.sato)

    assert "4 messages" in main_of(sato.get(f"/outbox?threat={released.threat.number}"))
    assert "Nothing has been sent." in main_of(sato.get("/outbox?threat=T-9"))


def test_many_messages_come_in_pages(world: World) -> None:
    for number in range(SHOWN):
        Address.objects.create(
            person=world.reed, channel="memory", value=f"reed{number}@example.org"
        )
    bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    sato = at(world.sato)

    with questions(at_most=20):
        first = main_of(sato.get("/outbox"))
    second = main_of(sato.get("/outbox?page=2"))

    assert "Older messages" in first
    assert first.count("Open as") == SHOWN
    assert second.count("Open as") == 4
    assert "Older messages" not in second


@pytest.mark.parametrize("page", ["0", "-1", "x", "9" * 50, "²"])
def test_a_page_that_makes_no_sense_is_the_first(world: World, page: str) -> None:
    assert at(world.sato).get("/outbox", {"page": page}).status_code == 200
