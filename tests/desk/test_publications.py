"""Messages to the public: two people, words of their own, rules first, an end that is told."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.test import Client

from tests.alerts import ENGLISH, an_ec_key, an_ipaws_choice, pem_of
from tests.exchange import (
    a_proposal,
    an_ipaws_proposal,
    approved,
    asked,
    in_force,
    with_signature,
)
from tests.visiting import at, main_of
from tests.world import NOW, SAID, World, a_threat, a_wav, chunks, minutes, the_draft
from tocsin.assess import Answer
from tocsin.desk.records.boards.feeds import public_feed
from tocsin.desk.records.boards.publications import publication_page
from tocsin.desk.records.commands import bulletins, endings
from tocsin.desk.records.commands.arrivals import seal_upload
from tocsin.desk.records.commands.blue import record_blue_answer
from tocsin.desk.records.commands.publications import (
    approve_publication,
    ask_for_ends,
    ask_publication,
    end_past_publications,
    end_publication,
    refuse_publication,
)
from tocsin.desk.records.models import Bulletin, Entry, Publication, Task
from tocsin.desk.records.publishing import as_words, message_of, proposal_from
from tocsin.desk.records.queries import cap_message
from tocsin.desk.records.verification import verify
from tocsin.desk.signing import require_pair, signature_findings
from tocsin.desk.worker.sweep import STEPS
from tocsin.errors import MissingReason, NotAllowed, OutOfTurn, SetupError
from tocsin.evidence import Sealed
from tocsin.warn import blue
from tocsin.warn.cap import parse_cap, verify_cap

LATER = NOW + minutes(1)


@pytest.fixture
def bulletin(world: World) -> Bulletin:
    return in_force(world)


def open_tasks(kind: str) -> list[Task]:
    return list(Task.objects.filter(kind=kind, done_at=None))


def test_what_one_asks_waits_and_what_another_approves_is_public(
    world: World, bulletin: Bulletin
) -> None:
    row = asked(world, bulletin)
    assert (row.is_waiting, row.cap, row.kind) == (True, None, "alert")
    assert b"<entry>" not in public_feed("atom", now=LATER)
    assert [task.subject for task in open_tasks("public message waits")] == [
        "public:" + str(row.identifier)
    ]

    done = approve_publication(row, person=world.ortiz, now=LATER)

    message = parse_cap(message_of(done))
    assert (message.scope, message.status, message.msg_type) == ("Public", "Actual", "Alert")
    assert message.identifier == done.identifier
    assert message.infos[0].headline == ENGLISH.headline
    assert (done.approved_by, done.approved_at) == (world.ortiz, LATER)
    assert open_tasks("public message waits") == []
    assert public_feed("atom", now=LATER).count(b"<entry>") == 1
    actions = Entry.objects.filter(action__startswith="public").order_by("seq")
    assert [(one.action, one.actor) for one in actions] == [
        ("public asked", "person:sato"),
        ("public approved", "person:ortiz"),
    ]
    verify()


def test_nobody_approves_his_own(world: World, bulletin: Bulletin) -> None:
    row = asked(world, bulletin)

    with pytest.raises(NotAllowed, match="Nobody approves what he asked for himself"):
        approve_publication(row, person=world.sato, now=LATER)

    row.refresh_from_db()
    assert row.approved_at is None


def test_the_database_too_refuses_that_somebody_approves_his_own(
    world: World, bulletin: Bulletin
) -> None:
    row = asked(world, bulletin)

    with pytest.raises(IntegrityError, match="nobody_approves_his_own"), transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(
            approved_by=world.sato, approved_at=LATER, cap=bulletin.cap
        )
    with pytest.raises(IntegrityError, match="an_approval_is_whole"), transaction.atomic():
        Publication.objects.filter(pk=row.pk).update(approved_at=LATER)


def test_only_supervisors_and_watch_commanders_of_the_center_ask_and_approve(
    world: World, bulletin: Bulletin
) -> None:
    for person in (world.dana, world.vale, world.reed, world.adams, world.frey):
        with pytest.raises(NotAllowed):
            ask_publication(bulletin, a_proposal(), person=person, now=NOW)
    row = asked(world, bulletin)
    for person in (world.dana, world.vale, world.reed, world.adams, world.frey):
        with pytest.raises(NotAllowed):
            approve_publication(row, person=person, now=LATER)
        with pytest.raises(NotAllowed):
            refuse_publication(row, because="No.", person=person, now=LATER)
    world.frey.roles = ["supervisor"]
    world.frey.save()
    with pytest.raises(NotAllowed, match="does not work with Northside"):
        approve_publication(row, person=world.frey, now=LATER)


def test_nothing_of_the_call_or_of_the_officers_is_in_it(world: World, bulletin: Bulletin) -> None:
    page = at(world.sato).get(f"/bulletins/{bulletin.number}/1/public").content.decode()
    content = message_of(approved(world, bulletin)).decode()

    for secret in (SAID, "shoot", "OFFICER SAFETY", "Ortiz", "Sato", "U-reed"):
        assert secret not in content
    form = page[page.index('<form method="post" class="editpage"') : page.index("</form>\n")]
    for secret in (SAID, "shoot", "OFFICER SAFETY", "Ortiz", "U-reed"):
        assert secret not in form


def test_an_error_blocks_and_a_remark_does_not(world: World, bulletin: Bulletin) -> None:
    too_long = replace(ENGLISH, short="x" * 91)
    wrong = an_ipaws_proposal(texts=(too_long,))
    with pytest.raises(OutOfTurn, match="It has 91 septets"):
        ask_publication(bulletin, wrong, person=world.sato, now=NOW)
    assert not Publication.objects.exists()

    remarked = an_ipaws_proposal(counties=(), ipaws=an_ipaws_choice())
    row = ask_publication(bulletin, remarked, person=world.sato, now=NOW)
    page = publication_page(row.number, row.version, world.ortiz, now=LATER)
    assert {"ipaws-located"} <= {one.rule.key for one in page.preview.findings}
    approve_publication(row, person=world.ortiz, now=LATER, seen=page.preview.seen)

    facts = Entry.objects.get(action="public approved").facts
    assert any("ipaws-located" in one for one in facts["remarks"])


def test_words_that_say_too_little_are_not_asked_for(world: World, bulletin: Bulletin) -> None:
    for texts in ((), (replace(ENGLISH, headline=" "),), (replace(ENGLISH, description=""),)):
        with pytest.raises(OutOfTurn):
            ask_publication(bulletin, a_proposal(texts=texts), person=world.sato, now=NOW)
    with pytest.raises(OutOfTurn, match="for which ground"):
        ask_publication(bulletin, a_proposal(areas=()), person=world.sato, now=NOW)


def test_what_was_found_must_have_been_seen(world: World, bulletin: Bulletin) -> None:
    with pytest.raises(OutOfTurn, match="has changed since this page was shown"):
        ask_publication(bulletin, a_proposal(), person=world.sato, now=NOW, seen="0" * 64)


def test_a_blue_alert_needs_a_card_that_is_met(world: World, bulletin: Bulletin) -> None:
    proposal = an_ipaws_proposal(ipaws=an_ipaws_choice(event_code="BLU"))
    with pytest.raises(OutOfTurn, match="no state's rule is met"):
        ask_publication(bulletin, proposal, person=world.sato, now=NOW)

    for criterion in blue.jurisdiction("federal").criteria:
        answer_yes(world, bulletin, criterion.key)
    with pytest.raises(OutOfTurn, match="no state's rule is met"):
        ask_publication(bulletin, proposal, person=world.sato, now=NOW)
    for criterion in blue.jurisdiction("colorado").criteria:
        answer_yes(world, bulletin, criterion.key)

    row = ask_publication(bulletin, proposal, person=world.sato, now=NOW)
    assert row.is_waiting


def answer_yes(world: World, bulletin: Bulletin, key: str) -> None:
    record_blue_answer(bulletin.threat, key, Answer.YES, reason="Seen.", person=world.vale, now=NOW)


def test_an_exercise_is_never_asked_for_or_approved(world: World, bulletin: Bulletin) -> None:
    row = asked(world, bulletin)
    bulletin.threat.is_drill = True
    bulletin.threat.save()

    with pytest.raises(OutOfTurn, match="This is an exercise"):
        ask_publication(in_force_drill(world), a_proposal(), person=world.sato, now=NOW)
    with pytest.raises(OutOfTurn, match="This is an exercise"):
        approve_publication(row, person=world.ortiz, now=LATER)
    assert b"<entry>" not in public_feed("atom", now=LATER)


def another() -> Sealed:
    """Another recording than that of the first threat."""
    return seal_upload(chunks(a_wav(number=99)))[0]


def in_force_drill(world: World) -> Bulletin:
    threat = a_threat(world, source="demo", recording=another())
    return bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)


def test_an_update_replaces_and_refers_and_the_first_stays_until_its_end(
    world: World, bulletin: Bulletin
) -> None:
    first = approved(world, bulletin)
    with pytest.raises(OutOfTurn, match="what changed"):
        asked(world, bulletin)

    second = ask_publication(
        bulletin, a_proposal(change="The road is open."), person=world.ortiz, now=NOW + minutes(5)
    )
    approve_publication(second, person=world.sato, now=NOW + minutes(6))

    first.refresh_from_db()
    message = parse_cap(message_of(second))
    assert (second.number, second.version, second.kind) == (first.number, 2, "update")
    assert [str(one) for one in message.references] == [str(parse_cap(message_of(first)).reference)]
    assert first.ended_because == f"Followed by {second.identifier}."
    assert public_feed("atom", now=NOW + minutes(7)).count(b"<entry>") == 2


def test_an_end_takes_two_people_as_well(world: World, bulletin: Bulletin) -> None:
    first = approved(world, bulletin)
    with pytest.raises(MissingReason):
        end_publication(first, because=" ", person=world.sato, now=LATER)
    end = end_publication(first, because="He was found.", person=world.sato, now=NOW + minutes(5))
    assert (end.kind, end.is_waiting) == ("cancel", True)
    with pytest.raises(NotAllowed):
        approve_publication(end, person=world.sato, now=NOW + minutes(6))

    approve_publication(end, person=world.ortiz, now=NOW + minutes(6))

    message = parse_cap(message_of(end))
    first.refresh_from_db()
    assert (message.msg_type, message.note) == ("Cancel", "He was found.")
    assert first.ended_at == NOW + minutes(6)
    assert b"Cancelled:" in public_feed("atom", now=NOW + minutes(7))


def test_an_end_can_be_told_after_the_bulletin_is_over(world: World, bulletin: Bulletin) -> None:
    first = approved(world, bulletin)
    endings.cancel(bulletin, because="He was found.", person=world.ortiz, now=NOW + minutes(3))

    assert ask_for_ends(now=NOW + minutes(4)) == 1
    assert ask_for_ends(now=NOW + minutes(5)) == 0
    (task,) = open_tasks("public message stands alone")
    assert bulletin.number in task.sentence
    with pytest.raises(OutOfTurn, match="No version"):
        asked(world, bulletin, change="More.")
    end = end_publication(first, because="He was found.", person=world.sato, now=NOW + minutes(6))
    approve_publication(end, person=world.ortiz, now=NOW + minutes(7))
    assert open_tasks("public message stands alone") == []


def test_one_waits_at_a_time_and_an_end_takes_the_place_of_an_update(
    world: World, bulletin: Bulletin
) -> None:
    first = asked(world, bulletin)
    with pytest.raises(OutOfTurn, match="waits for a second person already"):
        asked(world, bulletin)
    approve_publication(first, person=world.ortiz, now=LATER)
    update = ask_publication(
        bulletin, a_proposal(change="More."), person=world.sato, now=NOW + minutes(2)
    )

    end_publication(first, because="It is over.", person=world.ortiz, now=NOW + minutes(3))

    update.refresh_from_db()
    assert update.refused_because == "The message is to end."


def test_a_refusal_has_a_reason_and_who_asked_may_take_it_back(
    world: World, bulletin: Bulletin
) -> None:
    row = asked(world, bulletin)
    with pytest.raises(MissingReason):
        refuse_publication(row, because="", person=world.ortiz, now=LATER)
    refuse_publication(row, because="I wrote it wrong.", person=world.sato, now=LATER)

    assert (row.refused_by, row.refused_because) == (world.sato, "I wrote it wrong.")
    assert open_tasks("public message waits") == []
    with pytest.raises(OutOfTurn, match="was refused"):
        approve_publication(row, person=world.ortiz, now=LATER)
    assert asked(world, bulletin).version == 1


def test_it_ends_with_the_bulletin_at_the_latest(world: World, bulletin: Bulletin) -> None:
    short = approved(world, bulletin, minutes=30)
    assert short.expires_at == NOW + timedelta(seconds=30) + minutes(30)
    bulletin.refresh_from_db()
    assert bulletin.expires_at
    long = ask_publication(
        bulletin, a_proposal(change="Longer."), person=world.sato, now=NOW + minutes(1)
    )
    approve_publication(long, person=world.ortiz, now=NOW + minutes(2))
    assert long.expires_at == bulletin.expires_at

    assert {end_past_publications, ask_for_ends} <= set(STEPS)
    end_past_publications(now=bulletin.expires_at)

    long.refresh_from_db()
    assert long.ended_because == "It reached its end."
    assert b"<entry>" not in public_feed("atom", now=bulletin.expires_at)


def test_what_nobody_approved_in_time_is_refused_by_the_clock(
    world: World, bulletin: Bulletin
) -> None:
    row = asked(world, bulletin, minutes=30)

    end_past_publications(now=NOW + minutes(31))

    row.refresh_from_db()
    assert (row.refused_by, row.refused_because) == (None, "Nobody approved it before its end.")


def test_words_are_kept_as_they_were_proposed() -> None:
    for proposal in (a_proposal(), an_ipaws_proposal(change="x"), a_proposal(minutes=30)):
        assert proposal_from(as_words(proposal)) == proposal


def test_our_messages_are_signed_where_a_key_is_set_up(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = with_signature(tmp_path, monkeypatch)
    bulletin = in_force(world)

    for content in (cap_message(bulletin), message_of(approved(world, bulletin))):
        seen = verify_cap(content, trusted=(pem,), at=NOW)
        assert seen.message is not None
        assert seen.signatures[0].is_trusted
    assert signature_findings() == ()
    verify()


def test_a_key_that_fails_at_release_holds_up_no_warning(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bulletin: Bulletin
) -> None:
    with_signature(tmp_path, monkeypatch)
    (tmp_path / "cap.key").write_bytes(pem_of(an_ec_key()))

    threat = a_threat(world, recording=another())
    released = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW)

    assert released.state == Bulletin.State.RELEASED
    assert not parse_cap(cap_message(released)).is_signed
    (task,) = open_tasks("CAP not signed")
    assert "does not fit its certificate" in task.sentence
    assert Entry.objects.get(action="CAP left unsigned").facts["because"]
    (finding,) = signature_findings()
    assert "does not fit" in finding.sentence


def test_a_wrong_pair_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_signature(tmp_path, monkeypatch)
    pair = (settings.TOCSIN_CAP_KEY, settings.TOCSIN_CAP_CERTIFICATE)
    assert require_pair(*pair) == pair
    assert require_pair("", "") == ("", "")

    (tmp_path / "cap.key").write_bytes(pem_of(an_ec_key()))
    with pytest.raises(SetupError, match="does not fit its certificate"):
        require_pair(*pair)
    with pytest.raises(SetupError, match="cannot be read"):
        require_pair(str(tmp_path / "gone"), pair[1])
    with pytest.raises(SetupError, match="TOCSIN_CAP_CERTIFICATE is not set"):
        require_pair(pair[0], "")


FORM = {
    "event": "Law enforcement warning",
    "headline": "Police ask everybody in Harlow to stay inside",
    "description": "Police are looking for an armed man.",
    "urgency": "Immediate",
    "severity": "Severe",
    "certainty": "Likely",
    "response": "Shelter",
    "category": "Safety",
    "areas": "harlow",
}


def hidden(client: Client, path: str, fields: dict[str, str]) -> str:
    page = client.post(path, fields | {"then": "look"}).content.decode()
    return page.partition('name="seen" value="')[2].partition('"')[0]


def test_on_the_pages_the_findings_come_before_the_asking_and_before_the_approval(
    world: World, bulletin: Bulletin
) -> None:
    sato, ortiz = at(world.sato), at(world.ortiz)
    # The pages own the clock, so the bulletin must be in force now.
    Bulletin.objects.update(expires_at=NOW + timedelta(days=3650))
    path = f"/bulletins/{bulletin.number}/1/public"
    assert "For the public" in main_of(sato.get(f"/threats/{bulletin.threat.number}"))

    blind = sato.post(path, FORM | {"then": "ask"})
    assert blind.status_code == 409
    assert "look at what was found in the words first" in main_of(blind)
    assert not Publication.objects.exists()

    done = sato.post(path, FORM | {"then": "ask", "seen": hidden(sato, path, FORM)})
    row = Publication.objects.get()
    here = f"/public/{row.number}/1"
    assert (done.status_code, done["Location"]) == (302, here)
    assert "another supervisor or watch commander approves it" in main_of(sato.get(here))
    assert sato.post(f"{here}/decide", {"then": "approve", "seen": "x"}).status_code == 403

    assert ortiz.post(f"{here}/decide", {"then": "approve"}).status_code == 409
    page = ortiz.get(here).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert ortiz.post(f"{here}/decide", {"then": "approve", "seen": seen}).status_code == 302
    row.refresh_from_db()
    assert row.approved_by == world.ortiz
    assert "The public is told this" in main_of(sato.get(here))
    for path in ("/public", here, f"/bulletins/{bulletin.number}/1/public"):
        assert str(row.number) in main_of(sato.get(path))


def test_what_is_missing_in_the_form_is_said(world: World, bulletin: Bulletin) -> None:
    path = f"/bulletins/{bulletin.number}/1/public"
    told = main_of(at(world.sato).post(path, {"then": "ask", "ipaws": "on", "counties": "12"}))

    assert "Choose how soon people must act." in told
    assert "Choose the event code: none is chosen for you." in told
    assert "'12' is no SAME code: those have six digits." in told


def test_the_room_on_phones_is_counted_in_septets(world: World, bulletin: Bulletin) -> None:
    fields = FORM | {
        "ipaws": "on", "code": "LEW", "group": "201971", "agency": "North", "carriers": "CMAS",
        "handling": "Imminent Threat", "short": "€" * 46, "long": "Stay inside – lock doors",
    }  # fmt: skip
    Bulletin.objects.update(expires_at=NOW + timedelta(days=3650))
    path = f"/bulletins/{bulletin.number}/1/public/preview"
    told = at(world.sato).post(path, fields).content.decode()

    assert "92 of 90" in told
    assert "of 360" in told
    assert "en dash" in told


def test_the_public_pages_are_for_the_center(world: World, bulletin: Bulletin) -> None:
    row = approved(world, bulletin)
    asks = f"/bulletins/{bulletin.number}/1/public"
    seen = {
        path: {one.login: at(one).get(path).status_code for one in world.everybody()}
        for path in (asks, f"/public/{row.number}/1", "/public")
    }

    assert {who for who, status in seen[asks].items() if status == 200} == {"sato", "ortiz"}
    assert {who for who, status in seen[f"/public/{row.number}/1"].items() if status == 200} == {
        "dana", "sato", "ortiz", "vale",
    }  # fmt: skip
    assert "Law Enforcement" not in main_of(at(world.frey).get("/public"))
    assert row.number not in main_of(at(world.frey).get("/public"))
