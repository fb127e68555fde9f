"""The link in a message: it shows the bulletin to anybody, and acknowledges for one person."""

import uuid

import pytest
from django.test import Client

from tests.sending import record_sent, taken
from tests.visiting import main_of
from tests.world import NOW, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.records.commands import acknowledgments, bulletins, endings
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin, Delivery, Entry
from tocsin.desk.records.values import as_json, content_from
from tocsin.warn import Receipt


@pytest.fixture
def released(world: World) -> Bulletin:
    bulletin = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    for row in bulletin.deliveries.all():
        one = taken(row, now=NOW)
        record_sent(one, Receipt(text="250 OK"), now=NOW)
    return bulletin


@pytest.fixture
def message(world: World, released: Bulletin) -> Delivery:
    return released.deliveries.get(person=world.reed)


def path_of(message: Delivery) -> str:
    return "/a/" + link_of(message.key).rpartition("/a/")[2]


def test_it_shows_the_bulletin_and_whose_link_it_is(message: Delivery) -> None:
    page = main_of(Client().get(path_of(message)))

    assert "OFFICER SAFETY" in page
    assert "I will shoot any cop I find alone in [Harlow?] tonight" in page
    assert "This link acknowledges for Reed and nobody else." in page
    assert "I have it" in page


def test_opening_it_acknowledges_nothing(world: World, message: Delivery) -> None:
    for _ in range(3):
        Client().get(path_of(message))

    reed = recipient_of(message.bulletin, world.reed)
    assert reed.acknowledged_at is None
    assert reed.seen_at
    assert reed.seen_how == "link opened, by him or by a mail scanner"
    message.refresh_from_db()
    assert message.state == "seen"


def test_a_scanner_that_asks_only_for_the_head_opens_nothing(
    world: World, message: Delivery
) -> None:
    answer = Client().head(path_of(message))

    assert answer.status_code == 200
    assert recipient_of(message.bulletin, world.reed).seen_at is None
    message.refresh_from_db()
    assert message.state == "sent"


def test_the_button_acknowledges_without_cookies_or_scripts(
    world: World, message: Delivery
) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post(path_of(message))

    assert answer.status_code == 302
    assert answer["Location"] == path_of(message)
    reed = recipient_of(message.bulletin, world.reed)
    assert (reed.acknowledged_by, reed.acknowledged_how) == (world.reed, "link")
    page = main_of(Client().get(path_of(message)))
    assert "Reed has it" in page
    assert "I have it" not in page


def test_twice_is_once(world: World, message: Delivery) -> None:
    Client().post(path_of(message))
    first = recipient_of(message.bulletin, world.reed).acknowledged_at

    assert Client().post(path_of(message)).status_code == 302

    assert recipient_of(message.bulletin, world.reed).acknowledged_at == first
    assert Entry.objects.filter(action="acknowledged").count() == 1


def test_one_person_s_link_says_nothing_for_another(
    world: World, released: Bulletin, message: Delivery
) -> None:
    Client().post(path_of(message))

    waiting = released.recipients.filter(acknowledged_at=None)
    assert {row.person.login for row in waiting} == {"dana", "sato", "ortiz"}


@pytest.mark.parametrize("change", ["x", "", "cut"])
def test_a_wrong_link_is_a_page_in_words(message: Delivery, change: str) -> None:
    path = (
        path_of(message)[:-5] if change == "cut" else path_of(message).replace(":", f":{change}a")
    )

    answer = Client().get(path)

    assert answer.status_code == 404
    assert "not one of ours, or it was cut" in main_of(answer)
    assert Client().post(path).status_code == 404


def test_a_link_of_no_message_is_a_page_in_words(db: None) -> None:
    answer = Client().get("/a/" + link_of(uuid.uuid4()).rpartition("/a/")[2])

    assert answer.status_code == 404
    assert "not on record here" in main_of(answer)


def test_a_cancelled_bulletin_asks_for_nothing(
    world: World, released: Bulletin, message: Delivery
) -> None:
    endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)

    page = main_of(Client().get(path_of(message)))
    assert "Cancelled. This warning is void" in page
    assert "I have it" not in page


def test_the_cancellation_s_own_link_says_why(
    world: World, released: Bulletin, message: Delivery
) -> None:
    last = endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)

    page = main_of(Client().get(path_of(last.deliveries.get(person=world.reed))))
    assert "Why: He was found." in page
    assert "I have it" not in page


def test_an_older_version_points_to_the_newest(
    world: World, released: Bulletin, message: Delivery
) -> None:
    draft = bulletins.start_update(released, person=world.dana, now=NOW)
    words = content_from(draft.content)
    draft.content = as_json(words) | {"change": "He was seen."}
    draft.save()
    second = bulletins.release(draft, person=world.ortiz, now=NOW)

    old = main_of(Client().get(path_of(message)))
    new = main_of(Client().get(path_of(second.deliveries.get(person=world.reed))))

    assert "Not the latest. Version 2 has replaced this one" in old
    assert "sign in to read it" in old
    assert "I have it" not in old
    assert "Changed: He was seen." in new
    assert "I have it" in new


def test_an_expired_bulletin_is_no_all_clear(
    world: World, released: Bulletin, message: Delivery
) -> None:
    endings.expire(released, now=NOW + minutes(13 * 60))

    page = main_of(Client().get(path_of(message)))
    assert "Nobody has said that the danger is over." in page
    assert "I have it" not in page


def test_a_supervisor_s_word_shows_on_the_link(
    world: World, released: Bulletin, message: Delivery
) -> None:
    acknowledgments.acknowledge_for(
        recipient_of(released, world.reed), because="by radio", person=world.sato, now=NOW
    )

    assert "Reed has it" in main_of(Client().get(path_of(message)))
    assert "entered by Sato" in main_of(Client().get(path_of(message)))


def test_the_page_is_kept_by_nobody(message: Delivery) -> None:
    answer = Client().get(path_of(message))

    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Robots-Tag"] == "noindex"
    assert "form-action 'self'" in answer["Content-Security-Policy"]


def test_who_must_choose_a_password_first_can_acknowledge_all_the_same(
    world: World, message: Delivery
) -> None:
    world.reed.must_change_password = True
    world.reed.save()
    client = Client()
    client.force_login(world.reed)

    assert client.get(path_of(message)).status_code == 200
    assert client.post(path_of(message))["Location"] == path_of(message)
