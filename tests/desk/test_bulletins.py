"""From a draft to everybody told, and every way in which it ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sending import record_sent, take, taken
from tests.world import (
    NOW,
    World,
    a_call,
    a_statement,
    a_threat,
    hear,
    minutes,
    recipient_of,
    the_draft,
)
from tocsin.desk.records.commands import (
    acknowledgments,
    bulletins,
    calls,
    deliveries,
    endings,
    threats,
)
from tocsin.desk.records.models import Bulletin, Delivery, Entry, Task
from tocsin.desk.records.queries import fingerprint_of
from tocsin.desk.records.values import as_json, content_from
from tocsin.errors import NotAllowed, OutOfTurn
from tocsin.read import Level
from tocsin.warn import Receipt
from tocsin.warn.recipients import Audience


def send_all(bulletin: Bulletin, *, now: object = NOW) -> None:
    for row in bulletin.deliveries.filter(state="queued"):
        one = taken(row, now=NOW)
        record_sent(one, Receipt(text="250 OK"), now=NOW)


def test_a_flagged_call_has_a_drafted_bulletin_that_says_what_the_record_says(
    world: World,
) -> None:
    draft = the_draft(a_threat(world))
    content = content_from(draft.content)

    assert "OFFICER SAFETY" in content.safety_line
    assert "any cop" in content.safety_line
    assert "alone" in content.safety_line
    assert "Harlow" in content.safety_line
    assert content.said == "I will shoot any cop I find alone in [Harlow?] tonight"
    assert "No weapon was named." in content.not_known
    assert "NOT YET ASSESSED" in content.assessed
    assert [area.key for area in draft.areas.all()] == ["harlow"]


def test_nothing_is_sent_before_a_person_releases(world: World) -> None:
    a_threat(world)

    assert not Delivery.objects.exists()


@pytest.mark.parametrize("level", [Level.NONE, Level.SUGGEST])
def test_less_than_flag_opens_nothing_by_itself(world: World, level: Level) -> None:
    call = a_call(world)
    hear(call)
    calls.record_statement(
        call, a_statement(level=level), "x" * 99, hearing=call.hearings.get(), now=NOW
    )

    assert not call.threats.exists()


def test_release_tells_the_people_on_duty_in_the_agencies_of_the_place(world: World) -> None:
    released = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)

    told = {row.person.login: row.why for row in released.recipients.all()}
    assert set(told) == {"ortiz", "reed", "dana", "sato"}
    assert told["reed"] == ["answers for Harlow"]
    assert released.deliveries.filter(state="queued").count() == 4
    assert released.expires_at == NOW + timedelta(hours=12)


def test_without_a_place_every_agency_of_the_center_is_told(world: World) -> None:
    draft = the_draft(a_threat(world))
    draft.areas.clear()

    released = bulletins.release(draft, person=world.ortiz, now=NOW)

    assert {row.person.login for row in released.recipients.all()} == {
        "ortiz", "reed", "dana", "sato", "boone",
    }  # fmt: skip


@pytest.mark.parametrize("login", ["dana", "reed", "vale", "adams"])
def test_who_may_not_release_does_not(world: World, login: str) -> None:
    draft = the_draft(a_threat(world))

    with pytest.raises(NotAllowed):
        bulletins.release(draft, person=getattr(world, login), now=NOW)

    assert not Delivery.objects.exists()


def test_a_release_to_nobody_is_refused(world: World) -> None:
    draft = the_draft(a_threat(world))
    for person in world.everybody():
        person.shifts.all().delete()

    with pytest.raises(OutOfTurn, match="would reach nobody"):
        bulletins.release(draft, person=world.ortiz, now=NOW)

    draft.refresh_from_db()
    assert draft.state == Bulletin.State.DRAFT


def test_a_bulletin_is_released_once(world: World) -> None:
    draft = the_draft(a_threat(world))
    bulletins.release(draft, person=world.ortiz, now=NOW)

    with pytest.raises(OutOfTurn, match="in force"):
        bulletins.release(draft, person=world.sato, now=NOW)

    assert Delivery.objects.count() == 4


def test_a_person_s_edit_is_kept_when_the_record_grows(world: World) -> None:
    threat = a_threat(world)
    draft = the_draft(threat)
    words = replace(content_from(draft.content), safety_line="OFFICER SAFETY: mine")
    edit = bulletins.Edit(content=words, audience=Audience(areas=frozenset({"calder"})))
    bulletins.edit_draft(draft, edit, person=world.dana, now=NOW)

    threats.redraft(threat, now=NOW)

    draft.refresh_from_db()
    assert content_from(draft.content).safety_line == "OFFICER SAFETY: mine"
    assert [area.key for area in draft.areas.all()] == ["calder"]


def test_what_is_released_says_what_has_been_assessed_by_then(world: World) -> None:
    threat = a_threat(world)
    draft = the_draft(threat)
    stale = replace(content_from(draft.content), assessed="Specific: yes (nobody).")
    draft.content = as_json(stale)
    draft.save()

    released = bulletins.release(draft, person=world.ortiz, now=NOW)

    assert "NOT YET ASSESSED" in content_from(released.content).assessed


def test_who_has_no_address_is_a_task_at_once(world: World) -> None:
    world.reed.addresses.all().delete()

    released = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)

    assert recipient_of(released, world.reed).acknowledged_at is None
    task = Task.objects.get(kind="no address")
    assert "Reed" in task.sentence


def test_an_update_reaches_those_who_were_told_and_those_newly_concerned(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    send_all(first)
    world.reed.shifts.all().delete()
    later = NOW + minutes(30)

    draft = bulletins.start_update(first, person=world.dana, now=later)
    words = replace(content_from(draft.content), change="He also named the county.")
    edit = bulletins.Edit(content=words, audience=Audience(areas=frozenset({"harlow", "calder"})))
    bulletins.edit_draft(draft, edit, person=world.dana, now=later)
    second = bulletins.release(draft, person=world.ortiz, now=later)

    assert (second.number, second.version) == (first.number, 2)
    told = {row.person.login: row.why for row in second.recipients.all()}
    assert set(told) == {"ortiz", "reed", "dana", "sato", "boone"}
    assert told["reed"] == ["was told before"]
    first.refresh_from_db()
    assert first.state == Bulletin.State.SUPERSEDED
    assert all(row.acknowledged_at is None for row in second.recipients.all())


def test_an_update_says_what_changed(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    draft = bulletins.start_update(first, person=world.dana, now=NOW)

    with pytest.raises(OutOfTurn, match="what changed"):
        bulletins.release(draft, person=world.ortiz, now=NOW)


def test_a_cancel_reaches_exactly_those_who_were_told(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    for row in first.deliveries.exclude(person=world.sato):
        one = taken(row, now=NOW)
        record_sent(one, Receipt(text="250 OK"), now=NOW)

    last = endings.cancel(first, because="He was found.", person=world.ortiz, now=NOW)

    assert {row.person.login for row in last.recipients.all()} == {"ortiz", "reed", "dana"}
    assert first.deliveries.get(person=world.sato).state == "withdrawn"
    assert not last.recipients.filter(must_acknowledge=True).exists()


def test_a_cancel_reaches_who_was_told_by_radio_alone(world: World) -> None:
    world.reed.addresses.all().delete()
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    send_all(first)
    acknowledgments.acknowledge_for(
        recipient_of(first, world.reed), because="by radio", person=world.sato, now=NOW
    )

    last = endings.cancel(first, because="He was found.", person=world.ortiz, now=NOW)

    assert recipient_of(last, world.reed).why == ["was told before"]


def test_a_cancel_before_anybody_was_told_stops_everything(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)

    last = endings.cancel(first, because="A mistake.", person=world.ortiz, now=NOW)

    assert last.recipients.count() == 0
    assert set(first.deliveries.values_list("state", flat=True)) == {"withdrawn"}
    assert take(first.deliveries.all()[0], now=NOW) is None


def test_a_cancel_says_why(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)

    with pytest.raises(OutOfTurn, match="why"):
        endings.cancel(first, because=" ", person=world.ortiz, now=NOW)

    first.refresh_from_db()
    assert first.state == Bulletin.State.RELEASED


def test_an_expired_bulletin_is_over_and_those_who_were_told_hear_of_it(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    send_all(first)

    endings.expire(first, now=NOW + timedelta(hours=11))
    first.refresh_from_db()
    assert first.state == Bulletin.State.RELEASED

    endings.expire(first, now=NOW + timedelta(hours=12))
    first.refresh_from_db()
    assert first.state == Bulletin.State.EXPIRED
    told = first.deliveries.filter(purpose=Delivery.Purpose.EXPIRY)
    assert {row.person.login for row in told} == {"ortiz", "reed", "dana", "sato"}
    assert all("nobody has said that the danger is over" in row.text for row in told)


@pytest.mark.parametrize("life", [timedelta(minutes=1), timedelta(days=8)])
def test_a_bulletin_lives_neither_too_short_nor_for_ever(world: World, life: timedelta) -> None:
    with pytest.raises(OutOfTurn, match="cannot live"):
        bulletins.release(
            the_draft(a_threat(world)), person=world.ortiz, now=NOW, expires_after=life
        )


def test_each_step_is_in_the_log_under_a_name(world: World) -> None:
    threat = a_threat(world)
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    send_all(first)
    deliveries.log_sent(now=NOW)
    endings.cancel(first, because="He was found.", person=world.sato, now=NOW)

    said = [(entry.actor, entry.action) for entry in Entry.objects.order_by("seq")]
    for step in [
        ("person:dana", "sealed"),
        ("person:dana", "received"),
        ("system:worker", "heard"),
        ("system:worker", "read"),
        ("system:reader", "opened"),
        ("person:ortiz", "released"),
        ("system:worker", "sent"),
        ("person:sato", "released"),
    ]:
        assert step in said


def test_a_threat_with_a_bulletin_in_force_cannot_be_closed(world: World) -> None:
    threat = a_threat(world)
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    with pytest.raises(OutOfTurn, match="in force"):
        threats.close_threat(threat, person=world.ortiz, because="over", now=NOW)

    endings.cancel(first, because="over", person=world.ortiz, now=NOW)
    assert threats.close_threat(threat, person=world.ortiz, because="over", now=NOW).closed_at


def test_who_saw_an_older_draft_neither_changes_nor_releases_it(world: World) -> None:
    draft = the_draft(a_threat(world))
    seen = fingerprint_of(draft)
    words = replace(content_from(draft.content), safety_line="OFFICER SAFETY: mine")
    first = bulletins.Edit(content=words, audience=Audience(areas=frozenset({"harlow"})), seen=seen)
    bulletins.edit_draft(draft, first, person=world.dana, now=NOW)

    with pytest.raises(OutOfTurn, match="was changed while"):
        bulletins.edit_draft(draft, first, person=world.sato, now=NOW)
    with pytest.raises(OutOfTurn, match="was changed while"):
        bulletins.release(draft, person=world.ortiz, now=NOW, seen=seen)

    assert not Delivery.objects.exists()
    bulletins.release(draft, person=world.ortiz, now=NOW, seen=fingerprint_of(draft))


def test_after_a_bulletin_has_ended_the_threat_can_have_a_new_one(world: World) -> None:
    threat = a_threat(world)
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    with pytest.raises(OutOfTurn, match="in force"):
        threats.start_bulletin(threat, person=world.dana, now=NOW)
    endings.expire(first, now=NOW + timedelta(hours=12))

    draft = threats.start_bulletin(threat, person=world.dana, now=NOW + timedelta(hours=13))

    assert (draft.number, draft.version) == ("B-2026-000002", 1)
    assert "OFFICER SAFETY" in content_from(draft.content).safety_line
    assert threats.start_bulletin(threat, person=world.sato, now=NOW).pk == draft.pk
    assert bulletins.release(draft, person=world.ortiz, now=NOW + timedelta(hours=13)).released_at


def test_a_bulletin_past_its_end_can_be_neither_updated_nor_cancelled(world: World) -> None:
    first = bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)
    late = NOW + timedelta(hours=12)

    with pytest.raises(OutOfTurn, match="has reached its end"):
        bulletins.start_update(first, person=world.dana, now=late)
    with pytest.raises(OutOfTurn, match="has reached its end"):
        endings.cancel(first, because="He was found.", person=world.ortiz, now=late)
