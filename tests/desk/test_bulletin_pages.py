"""Bulletins at the pages: edited, previewed, released, updated, cancelled, and read on a phone."""

import pytest

from tests.sending import record_sent, taken
from tests.visiting import at, main_of
from tests.world import NOW, World, a_threat, recipient_of, the_draft
from tocsin.desk.records.boards.bulletins import find_draft
from tocsin.desk.records.commands import bulletins, endings
from tocsin.desk.records.models import Bulletin, Call, Delivery, Threat
from tocsin.desk.records.queries import cap_message
from tocsin.desk.records.values import content_from
from tocsin.warn import Receipt


@pytest.fixture
def threat(world: World) -> Threat:
    return a_threat(world)


def a_form(draft: Bulletin, world: World, **changes: object) -> dict[str, object]:
    """The form of a draft as its page shows it."""
    shown = find_draft(draft.number, draft.version, world.ortiz)
    return {**shown.initial, "seen": shown.fingerprint, **changes}


def an_order(draft: Bulletin, world: World, **changes: str) -> dict[str, str]:
    """The form of a release as its page shows it."""
    shown = find_draft(draft.number, draft.version, world.ortiz)
    return {"hours": "12", "seen": shown.fingerprint, **changes}


def send_all(bulletin: Bulletin) -> None:
    for row in bulletin.deliveries.filter(state="queued"):
        now = row.due_at
        one = taken(row, now=now)
        record_sent(one, Receipt(text="250 OK"), now=now)


def test_an_edit_is_kept(world: World, threat: Threat) -> None:
    draft = the_draft(threat)
    words = a_form(
        draft,
        world,
        safety_line="OFFICER SAFETY: \n two to a car",
        not_known="No time was said.\r\n\r\n- No weapon was named.",
        advice="Stay together.",
        areas=["calder"],
        agencies=["harlow-pd"],
    )

    answer = at(world.dana).post(f"/bulletins/{draft.number}/1/edit", words)

    assert answer["Location"] == f"/threats/{threat.number}"
    draft.refresh_from_db()
    content = content_from(draft.content)
    assert content.safety_line == "OFFICER SAFETY: two to a car"
    assert content.not_known == ("No time was said.", "No weapon was named.")
    assert content.advice == "Stay together."
    assert "NOT YET ASSESSED" in content.assessed
    assert [area.key for area in draft.areas.all()] == ["calder"]
    assert [agency.key for agency in draft.agencies.all()] == ["harlow-pd"]
    assert draft.edited_by == world.dana


def test_keeping_leads_on_to_the_release_for_who_asked_for_it(world: World, threat: Threat) -> None:
    draft = the_draft(threat)

    answer = at(world.ortiz).post(
        f"/bulletins/{draft.number}/1/edit", a_form(draft, world, then="release")
    )

    assert answer["Location"] == f"/bulletins/{draft.number}/1/release"


def test_two_who_edit_at_once_do_not_overwrite_each_other(world: World, threat: Threat) -> None:
    draft = the_draft(threat)
    mine = a_form(draft, world, safety_line="OFFICER SAFETY: mine")
    his = a_form(draft, world, safety_line="OFFICER SAFETY: his")
    at(world.sato).post(f"/bulletins/{draft.number}/1/edit", his)

    answer = at(world.dana).post(f"/bulletins/{draft.number}/1/edit", mine)

    assert answer.status_code == 422
    assert "Sato changed it" in main_of(answer)
    assert "OFFICER SAFETY: mine" in answer.content.decode()
    draft.refresh_from_db()
    assert content_from(draft.content).safety_line == "OFFICER SAFETY: his"


def test_a_form_that_does_not_fit_is_shown_again_with_all_that_was_typed(
    world: World, threat: Threat
) -> None:
    draft = the_draft(threat)
    words = a_form(draft, world, safety_line="x" * 301, advice="Stay together.")

    answer = at(world.dana).post(f"/bulletins/{draft.number}/1/edit", words)

    assert answer.status_code == 422
    assert "at most 300 characters" in main_of(answer)
    assert "x" * 301 in answer.content.decode()
    assert "Stay together." in answer.content.decode()


def test_the_preview_is_the_message_of_what_is_typed_and_keeps_nothing(
    world: World, threat: Threat
) -> None:
    draft = the_draft(threat)
    before = draft.content
    words = a_form(draft, world, advice="Two to a car.", areas=["calder"])

    answer = at(world.dana).post(
        f"/bulletins/{draft.number}/1/preview", words, headers={"HX-Request": "true"}
    )

    body = answer.content.decode()
    assert "WHAT TO DO\nTwo to a car." in body
    assert "WHERE\nCalder County" in body
    assert "link that is each person" in body
    draft.refresh_from_db()
    assert draft.content == before


def test_without_scripts_the_message_is_shown_on_the_page(world: World, threat: Threat) -> None:
    draft = the_draft(threat)

    answer = at(world.dana).post(
        f"/bulletins/{draft.number}/1/edit",
        a_form(draft, world, advice="Two to a car.", then="look"),
    )

    assert answer.status_code == 200
    assert "WHAT TO DO Two to a car." in main_of(answer)
    draft.refresh_from_db()
    assert draft.edited_at is None


def test_a_release_says_first_to_whom_it_goes(world: World, threat: Threat) -> None:
    world.reed.addresses.all().delete()
    page = main_of(at(world.ortiz).get(f"/bulletins/{the_draft(threat).number}/1/release"))

    assert "It goes to 4 people in 2 agencies: 3 messages by this machine's memory." in page
    assert "1 of them has no address: Reed." in page
    assert "answers for Harlow" in page
    assert "by Ortiz, Northside Communications" in page
    assert not Delivery.objects.exists()


def test_a_release_sends(world: World, threat: Threat) -> None:
    draft = the_draft(threat)

    answer = at(world.ortiz).post(
        f"/bulletins/{draft.number}/1/release", an_order(draft, world, hours="4")
    )

    assert answer["Location"] == f"/threats/{threat.number}"
    draft.refresh_from_db()
    assert draft.state == Bulletin.State.RELEASED
    assert draft.expires_at
    assert draft.released_at
    assert (draft.expires_at - draft.released_at).total_seconds() == 4 * 3600
    assert draft.deliveries.count() == 4


def test_only_what_was_read_is_released(world: World, threat: Threat) -> None:
    draft = the_draft(threat)
    order = an_order(draft, world)
    at(world.dana).post(
        f"/bulletins/{draft.number}/1/edit", a_form(draft, world, advice="Changed since.")
    )

    answer = at(world.ortiz).post(f"/bulletins/{draft.number}/1/release", order)

    assert answer.status_code == 409
    assert "changed while this page was open, and nothing was sent" in main_of(answer)
    assert "Changed since." in main_of(answer)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("hours", ["", "0", "5", "9999", "x"])
def test_an_end_that_is_not_on_the_list_is_refused(
    world: World, threat: Threat, hours: str
) -> None:
    draft = the_draft(threat)

    answer = at(world.ortiz).post(
        f"/bulletins/{draft.number}/1/release", an_order(draft, world, hours=hours)
    )

    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_what_says_too_little_cannot_be_released_and_says_why(world: World, threat: Threat) -> None:
    draft = the_draft(threat)
    at(world.dana).post(f"/bulletins/{draft.number}/1/edit", a_form(draft, world, safety_line=""))

    page = main_of(at(world.ortiz).get(f"/bulletins/{draft.number}/1/release"))
    answer = at(world.ortiz).post(f"/bulletins/{draft.number}/1/release", an_order(draft, world))

    assert "It cannot be released yet." in page
    assert "no officer-safety line" in page
    assert answer.status_code == 409
    assert not Delivery.objects.exists()


def test_an_exercise_says_that_nothing_leaves_the_machine(world: World, threat: Threat) -> None:
    Call.objects.update(is_demonstration=True)

    page = main_of(at(world.ortiz).get(f"/bulletins/{the_draft(threat).number}/1/release"))

    assert "Exercise Nothing leaves this machine." in page
    assert "EXERCISE - THIS IS NOT A REAL WARNING" in page


def test_an_exercise_shows_the_way_to_be_an_officer(world: World, threat: Threat) -> None:
    Call.objects.update(is_demonstration=True)
    bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    page = main_of(at(world.ortiz).get(f"/threats/{threat.number}"))

    assert "open his message in the outbox" in page


def test_a_released_version_cannot_be_edited_or_released_again(
    world: World, threat: Threat
) -> None:
    draft = the_draft(threat)
    order = an_order(draft, world)
    ortiz = at(world.ortiz)
    ortiz.post(f"/bulletins/{draft.number}/1/release", order)

    for path in ["edit", "release"]:
        answer = ortiz.post(f"/bulletins/{draft.number}/1/{path}", order)
        assert answer.status_code == 409
        assert "make an update" in main_of(answer)
    assert Delivery.objects.count() == 4


def test_an_update_begins_as_a_draft_and_must_say_what_changed(
    world: World, threat: Threat
) -> None:
    first = the_draft(threat)
    ortiz = at(world.ortiz)
    # Released by the page, and so by the clock: one of long ago would have ended by itself.
    ortiz.post(f"/bulletins/{first.number}/1/release", an_order(first, world))

    answer = ortiz.post(f"/bulletins/{first.number}/1/update")

    assert answer["Location"] == f"/bulletins/{first.number}/2/edit"
    assert "What changed?" in main_of(ortiz.get(answer["Location"]))
    assert "does not say what changed" in main_of(ortiz.get(f"/bulletins/{first.number}/2/release"))


def test_a_cancellation_says_first_who_will_hear_of_it(world: World, threat: Threat) -> None:
    first = the_draft(threat)
    ortiz = at(world.ortiz)
    # Released by the page, and so by the clock: one of long ago would have ended by itself.
    ortiz.post(f"/bulletins/{first.number}/1/release", an_order(first, world))
    path = f"/bulletins/{first.number}/1/cancel"
    assert "Nobody has been told yet" in main_of(ortiz.get(path))
    send_all(first)

    page = main_of(ortiz.get(path))
    assert "4 people who were or may have been told" in page
    refused = ortiz.post(path, {"because": " "})
    assert refused.status_code == 409
    assert "why it is cancelled" in main_of(refused)
    done = ortiz.post(path, {"because": "He was found."})

    assert done["Location"] == f"/threats/{threat.number}"
    first.refresh_from_db()
    assert first.state == Bulletin.State.CANCELLED
    assert "Only a bulletin in force can be cancelled." in main_of(ortiz.get(path))


def test_the_cap_file_is_the_bytes_that_were_sealed(world: World, threat: Threat) -> None:
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    answer = at(world.dana).get(f"/bulletins/{first.number}/1/cap")

    assert answer.content == cap_message(first)
    assert answer["Content-Type"] == "application/cap+xml"
    assert answer["Content-Disposition"] == f'attachment; filename="{first.number}.1.xml"'


def test_a_draft_has_no_cap_file(world: World, threat: Threat) -> None:
    answer = at(world.dana).get(f"/bulletins/{the_draft(threat).number}/1/cap")

    assert answer.status_code == 404


def test_an_officer_s_page_shows_his_bulletin_and_marks_it_seen(
    world: World, threat: Threat
) -> None:
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    reed = at(world.reed)

    page = main_of(reed.get("/mine"))

    assert "OFFICER SAFETY" in page
    assert "I have it" in page
    row = recipient_of(first, world.reed)
    assert row.seen_how == "own page"
    assert row.acknowledged_at is None
    assert "No bulletin in force concerns you." in main_of(at(world.kim).get("/mine"))


def test_one_button_says_that_he_has_it(world: World, threat: Threat) -> None:
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    reed = at(world.reed)

    answer = reed.post(f"/mine/{first.number}/1/have")

    assert answer["Location"] == "/mine"
    assert recipient_of(first, world.reed).acknowledged_how == "console"
    assert "You have it" in main_of(reed.get("/mine"))
    assert at(world.boone).post(f"/mine/{first.number}/1/have").status_code == 404


def test_what_has_ended_stands_below(world: World, threat: Threat) -> None:
    first = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)
    send_all(first)
    endings.cancel(first, because="He was found.", person=world.ortiz, now=NOW)

    page = main_of(at(world.reed).get("/mine"))

    assert "No bulletin in force concerns you." in page
    assert "Why: He was found." in page
    assert "I have it" not in page
