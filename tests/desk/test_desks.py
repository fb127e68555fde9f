"""Desks that a person must tell: called with a read-back, read on the air, never in silence."""

from datetime import timedelta

import pytest

from tests.world import NOW, World, a_threat, minutes, the_draft
from tocsin.desk.records.commands import bulletins, desks, endings
from tocsin.desk.records.commands.desks import Spoken
from tocsin.desk.records.models import Bulletin, DeskNotice, Entry, Task
from tocsin.errors import MissingReason, NotAllowed


@pytest.fixture
def released(world: World) -> Bulletin:
    return bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


def the_call(bulletin: Bulletin, world: World) -> DeskNotice:
    return bulletin.desk_notices.get(agency=world.harlow_pd)


def test_a_release_puts_every_desk_concerned_before_the_dispatcher(
    released: Bulletin, world: World
) -> None:
    ways = {(one.agency.key, one.way) for one in released.desk_notices.all()}

    assert ways == {("harlow-pd", "call"), ("north", "radio")}
    assert the_call(released, world).due_at == NOW + minutes(10)


def test_a_desk_is_told_by_a_named_person_to_a_named_person(
    released: Bulletin, world: World
) -> None:
    spoken = Spoken(with_whom="Sergeant Bell, 2-Adam-1", was_read_back=True)

    done = desks.enter_told(the_call(released, world), spoken, person=world.dana, now=NOW)

    assert (done.done_by, done.spoke_with, done.was_read_back) == (
        world.dana,
        "Sergeant Bell, 2-Adam-1",
        True,
    )
    facts = Entry.objects.get(action="desk told").facts
    assert facts["with"] == "Sergeant Bell, 2-Adam-1"
    assert facts["read_back"] == "yes"


def test_a_desk_is_not_told_while_nobody_there_is_named(released: Bulletin, world: World) -> None:
    notice = the_call(released, world)

    with pytest.raises(MissingReason, match="with whom"):
        desks.enter_told(
            notice, Spoken(with_whom=" ", was_read_back=True), person=world.dana, now=NOW
        )
    with pytest.raises(NotAllowed):
        desks.enter_told(
            notice, Spoken(with_whom="Bell", was_read_back=True), person=world.reed, now=NOW
        )

    notice.refresh_from_db()
    assert notice.done_at is None


def test_a_second_word_changes_nothing(released: Bulletin, world: World) -> None:
    notice = the_call(released, world)
    for name in ("Bell", "Marsh"):
        desks.enter_told(
            notice, Spoken(with_whom=name, was_read_back=None), person=world.dana, now=NOW
        )

    notice.refresh_from_db()
    assert notice.spoke_with == "Bell"
    assert Entry.objects.filter(action="desk told").count() == 1


def test_a_desk_that_is_not_told_in_time_is_a_task_once_and_telling_it_finishes_the_task(
    released: Bulletin, world: World
) -> None:
    assert desks.raise_overdue_desks(now=NOW + minutes(1)) == 0
    assert desks.raise_overdue_desks(now=NOW + minutes(10)) == 2
    assert desks.raise_overdue_desks(now=NOW + minutes(11)) == 0
    task = Task.objects.get(subject=f"desk:{the_call(released, world).pk}")
    assert "call 555-0100" in task.sentence

    desks.enter_told(
        the_call(released, world),
        Spoken(with_whom="Bell", was_read_back=False),
        person=world.sato,
        now=NOW + minutes(12),
    )

    task.refresh_from_db()
    assert task.done_at == NOW + minutes(12)


def test_a_correction_bothers_no_desk_and_a_material_update_does(
    released: Bulletin, world: World
) -> None:
    draft = bulletins.start_correction(released, person=world.dana, now=NOW)
    draft.content["change"] = "The street is spelled Elm."
    draft.save()
    second = bulletins.release(draft, person=world.ortiz, now=NOW + minutes(1))
    assert not second.desk_notices.exists()

    draft = bulletins.start_update(second, person=world.dana, now=NOW + minutes(2))
    draft.content["change"] = "He named a school."
    draft.save()
    third = bulletins.release(draft, person=world.ortiz, now=NOW + minutes(3))
    assert third.desk_notices.count() == 2


def test_nobody_is_to_be_told_of_what_has_ended_but_of_its_end(
    released: Bulletin, world: World
) -> None:
    last = endings.cancel(released, because="He was found.", person=world.ortiz, now=NOW)

    assert all(one.withdrawn_at for one in released.desk_notices.all())
    assert last.desk_notices.count() == 2
    assert desks.raise_overdue_desks(now=NOW + timedelta(hours=1)) == 2
