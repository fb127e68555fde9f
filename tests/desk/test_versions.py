"""What becomes of a bulletin in force, and what each change says before and after it is done."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.clock import on_the_wall
from tests.sending import send
from tests.visiting import at, main_of
from tests.world import World, a_threat, recipient_of, the_draft
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands import acknowledgments, bulletins, endings
from tocsin.desk.records.holding import holders_of
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin, Call, Delivery
from tocsin.desk.records.values import as_json, content_from
from tocsin.errors import OutOfTurn


@pytest.fixture
def now() -> datetime:
    """The pages have no other clock."""
    return on_the_wall()


def released(world: World, now: datetime, *, number: int = 0) -> Bulletin:
    """A bulletin in force whose messages have left."""
    recording = {} if not number else {"recording": None, "note": f"call {number}"}
    draft = the_draft(a_threat(world, now=now, **recording))
    bulletin = bulletins.release(draft, person=world.ortiz, now=now)
    send_all(bulletin, now)
    return bulletin


def send_all(bulletin: Bulletin, now: datetime) -> None:
    for row in bulletin.deliveries.filter(state="queued"):
        send(row, now=now)


def changed(draft: Bulletin, why: str = "He was seen in a white van.") -> Bulletin:
    draft.content = as_json(replace(content_from(draft.content), change=why))
    draft.save()
    return draft


def acknowledge(bulletin: Bulletin, person: Person, now: datetime) -> None:
    acknowledgments.acknowledge(recipient_of(bulletin, person), person=person, now=now)


def link_to(bulletin: Bulletin, person: Person) -> str:
    row = bulletin.deliveries.get(person=person, purpose=Delivery.Purpose.BULLETIN)
    return "/a/" + link_of(row.key).rpartition("/a/")[2]


def test_a_material_update_voids_every_acknowledgment(world: World, now: datetime) -> None:
    first = released(world, now)
    acknowledge(first, world.reed, now)
    draft = changed(bulletins.start_update(first, person=world.dana, now=now))

    page = main_of(at(world.ortiz).get(f"/bulletins/{draft.number}/2/release"))
    assert "Everybody must acknowledge again. 1 has acknowledged" in page
    second = bulletins.release(draft, person=world.ortiz, now=now)

    reed = recipient_of(second, world.reed)
    assert reed.acknowledged_at is None
    assert reed.rung_due_at
    assert recipient_of(first, world.reed).acknowledged_at
    mine = main_of(at(world.reed).get("/mine"))
    assert "Changed: He was seen in a white van." in mine
    assert "I have it" in mine


def test_a_small_correction_carries_every_acknowledgment(world: World, now: datetime) -> None:
    first = released(world, now)
    acknowledge(first, world.reed, now)
    draft = changed(bulletins.start_correction(first, person=world.dana, now=now), "A letter.")

    page = main_of(at(world.ortiz).get(f"/bulletins/{draft.number}/2/release"))
    assert "The 1 who has acknowledged need not do so again." in page
    second = bulletins.release(draft, person=world.ortiz, now=now + timedelta(seconds=9))

    reed, dana = recipient_of(second, world.reed), recipient_of(second, world.dana)
    assert reed.acknowledged_at == recipient_of(first, world.reed).acknowledged_at
    assert (reed.carried_from, reed.rung_due_at) == (1, None)
    assert dana.acknowledged_at is None
    assert dana.since == now, "his ladder goes on where it stood"
    mine = main_of(at(world.reed).get("/mine"))
    assert "by version 1: the correction needs no new answer" in mine
    assert "Corrected: A letter." in mine


def test_each_change_says_what_it_does_before_it_is_done(world: World, now: datetime) -> None:
    first = released(world, now)
    page = main_of(at(world.ortiz).get(f"/threats/{first.threat.number}"))

    for words in (
        "Everybody is told, and must acknowledge again.",
        "who has acknowledged need not again",
        "It goes on until later, under your name.",
        "Another bulletin holds instead.",
        "Exactly those who were or may have been told hear so.",
    ):
        assert words in page
    dana = main_of(at(world.dana).get(f"/threats/{first.threat.number}"))
    assert "Small correction" in dana
    assert "Renew ..." not in dana


def test_a_correction_starts_from_the_page_and_never_beside_an_update(
    world: World, now: datetime
) -> None:
    first = released(world, now)
    dana = at(world.dana)

    answer = dana.post(f"/bulletins/{first.number}/1/correct")
    assert answer["Location"] == f"/bulletins/{first.number}/2/edit"
    page = main_of(dana.get(f"/threats/{first.threat.number}"))
    assert "a small correction: acknowledgments stand" in page
    assert "Material update" not in page
    assert "Drop this draft" in page

    assert dana.post(f"/bulletins/{first.number}/2/drop").status_code == 302
    assert dana.post(f"/bulletins/{first.number}/1/update").status_code == 302
    assert dana.post(f"/bulletins/{first.number}/1/correct").status_code == 409


def test_a_dropped_draft_leaves_what_is_in_force_as_it_is(world: World, now: datetime) -> None:
    first = released(world, now)
    bulletins.start_update(first, person=world.dana, now=now)
    messages = Delivery.objects.count()

    at(world.dana).post(f"/bulletins/{first.number}/2/drop")

    first.refresh_from_db()
    assert first.state == Bulletin.State.RELEASED
    assert Bulletin.objects.get(number=first.number, version=2).state == Bulletin.State.DROPPED
    assert Delivery.objects.count() == messages


def test_a_renewal_holds_until_later_by_a_name(world: World, now: datetime) -> None:
    first = released(world, now)
    acknowledge(first, world.reed, now)
    path = f"/bulletins/{first.number}/1/renew"
    ortiz = at(world.ortiz)
    page = main_of(ortiz.get(path))
    assert "The 1 who has acknowledged need not do so again." in page
    assert "The 3 who have not are waited for as before." in page

    refused = ortiz.post(path, {"hours": "24", "because": " "})
    assert refused.status_code == 422
    assert "It is not said why" in main_of(refused)
    assert ortiz.post(path, {"hours": "5", "because": "x"}).status_code == 422
    assert ortiz.post(path, {"hours": "24", "because": "Nobody was found."}).status_code == 302

    second = Bulletin.objects.get(number=first.number, version=2)
    assert second.expires_at
    assert second.expires_at - now > timedelta(hours=23)
    change = content_from(second.content).change
    assert "by Ortiz: Nobody was found." in change
    assert recipient_of(second, world.reed).carried_from == 1
    assert at(world.dana).get(path).status_code == 403
    assert "Only a bulletin in force can be renewed." in main_of(ortiz.get(path))


def test_what_supersedes_reaches_all_who_had_the_first(world: World, now: datetime) -> None:
    first, other = released(world, now), released(world, now, number=2)
    Delivery.objects.filter(bulletin=other, person=world.reed).delete()
    other.recipients.filter(person=world.reed).delete()
    path = f"/bulletins/{first.number}/1/supersede"
    ortiz = at(world.ortiz)
    page = main_of(ortiz.get(path))
    assert "4 people who were or may have been told" in page
    assert "1 of them has not been told of it" in page

    assert ortiz.post(path, {}).status_code == 409
    assert ortiz.post(path, {"by": f"{first.number}.1"}).status_code == 404
    answer = ortiz.post(path, {"by": f"{other.number}.1"})
    assert answer["Location"] == f"/threats/{other.threat.number}"

    first.refresh_from_db()
    assert first.state == Bulletin.State.SUPERSEDED
    told = first.deliveries.filter(purpose=Delivery.Purpose.SUPERSEDED)
    assert {row.person.login for row in told} == {"ortiz", "reed", "dana", "sato"}
    assert all(f"{other.number} version 1" in row.text for row in told)
    reed = recipient_of(other, world.reed)
    assert reed.why == [f"was told of {first.number}, in whose place this one holds"]
    assert reed.deliveries.count() == 1
    assert reed.rung_due_at


def test_an_exercise_never_takes_the_place_of_a_real_warning(world: World, now: datetime) -> None:
    first, other = released(world, now), released(world, now, number=2)
    Call.objects.filter(threats=other.threat).update(is_demonstration=True)

    with pytest.raises(OutOfTurn, match="exercise"):
        endings.supersede(first, by=other, person=world.ortiz, now=now)

    page = main_of(at(world.ortiz).get(f"/bulletins/{first.number}/1/supersede"))
    assert "No other bulletin of this center is in force." in page
    first.refresh_from_db()
    assert first.state == Bulletin.State.RELEASED


def test_cancelled_expired_and_superseded_are_three_different_sentences(
    world: World, now: datetime
) -> None:
    gone, old, moved = (released(world, now, number=n) for n in range(3))
    holds = released(world, now, number=4)
    endings.cancel(gone, because="He was found.", person=world.ortiz, now=now)
    Bulletin.objects.filter(pk=old.pk).update(expires_at=now)
    endings.expire(Bulletin.objects.get(pk=old.pk), now=now)
    endings.supersede(moved, by=holds, person=world.ortiz, now=now)

    said = {
        "cancelled": main_of(Client().get(link_to(gone, world.reed))),
        "expired": main_of(Client().get(link_to(old, world.reed))),
        "superseded": main_of(Client().get(link_to(moved, world.reed))),
    }
    own = {
        "cancelled": "Cancelled. This warning is void",
        "expired": "nobody renewed it, and nobody cancelled it. Nobody has said that the danger",
        "superseded": f"Bulletin {holds.number} holds in its place: read that one",
    }
    for name, page in said.items():
        for other, words in own.items():
            assert (words in page) == (name == other), (name, other)
        assert "I have it" not in page
    assert "Why: He was found." in said["cancelled"]

    mine = at(world.reed).get("/mine")
    for words in own.values():
        assert words in main_of(mine)
    assert f'href="/mine#own-{holds.number}"' in mine.content.decode()
    assert f'id="own-{holds.number}"' in mine.content.decode()


def test_the_one_that_holds_is_found_over_several_hops(world: World, now: datetime) -> None:
    first, second, third = (released(world, now, number=n) for n in range(3))
    endings.supersede(first, by=second, person=world.ortiz, now=now)
    endings.supersede(second, by=third, person=world.ortiz, now=now)
    draft = changed(bulletins.start_update(third, person=world.dana, now=now))
    last = bulletins.release(draft, person=world.ortiz, now=now)
    first.refresh_from_db()

    assert holders_of([first])[first.pk] == last

    endings.cancel(last, because="Over.", person=world.ortiz, now=now)
    assert holders_of([first]) == {}


def test_a_forwarded_link_says_whose_it_is_and_where_one_s_own_is(
    world: World, now: datetime
) -> None:
    bulletin = released(world, now)
    path = link_to(bulletin, world.reed)

    page = main_of(at(world.ortiz).get(path))
    assert "This link is not yours. You are signed in as Ortiz" in page
    assert "it acknowledges for Reed alone" in page
    assert "This bulletin waits for your own answer: open yours." in page
    assert "I have it" not in page
    assert recipient_of(bulletin, world.reed).seen_at is None

    assert at(world.ortiz).post(path).status_code == 403
    assert recipient_of(bulletin, world.reed).acknowledged_at is None
    elsewhere = main_of(at(world.boone).get(path))
    assert "Yours are under My bulletins." in elsewhere

    for browser in (Client(), at(world.reed)):
        assert "I have it" in main_of(browser.get(path))
    assert at(world.reed).post(path).status_code == 302
    assert recipient_of(bulletin, world.reed).acknowledged_at


def test_in_an_exercise_who_runs_it_may_be_the_officer(world: World, now: datetime) -> None:
    bulletin = released(world, now)
    Call.objects.update(is_demonstration=True)
    path = link_to(bulletin, world.reed)

    assert "I have it" in main_of(at(world.sato).get(path))
    assert at(world.sato).post(path).status_code == 302
