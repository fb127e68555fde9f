"""The after-action report of a threat, from what is on record."""

from datetime import datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from tests.sending import record_failure, send, taken
from tests.visiting import at, main_of
from tests.world import NOW, World, a_threat, minutes, recipient_of, the_draft
from tocsin.desk.records.boards.afteraction import report_of
from tocsin.desk.records.commands import acknowledgments, bulletins, desks, endings, ladder
from tocsin.desk.records.models import Bulletin, Call, DeskNotice
from tocsin.desk.records.story import desks_to_tell, numbers_of, story_of
from tocsin.errors import NotFound, Undeliverable
from tocsin.warn.afteraction import End, Interval, Means, Report

BEGAN = NOW - timedelta(seconds=97)


@pytest.fixture
def bulletin(world: World) -> Bulletin:
    """Reed has it by his page, Sato by radio; Dana's message failed, Ortiz is silent."""
    threat = a_threat(world)
    Call.objects.update(started_at=BEGAN, ended_at=BEGAN + timedelta(seconds=37))
    row = bulletins.release(the_draft(threat), person=world.ortiz, now=NOW + minutes(1))
    for person in (world.reed, world.sato, world.ortiz):
        send(row.deliveries.get(person=person), now=NOW + minutes(1.5))
    failed = taken(row.deliveries.get(person=world.dana), now=NOW + minutes(1.5))
    record_failure(failed, Undeliverable("550 No such user."), now=NOW + minutes(1.5))
    acknowledgments.acknowledge(
        recipient_of(row, world.reed), person=world.reed, now=NOW + minutes(2)
    )
    acknowledgments.acknowledge_for(
        recipient_of(row, world.sato),
        because="told by radio, answered",
        person=world.ortiz,
        now=NOW + minutes(4),
    )
    ladder.move_ladders(now=NOW + minutes(6.5))
    return row


def interval(report: Report, end: str, *, version: int = 1) -> Interval:
    return next(one for one in report.intervals if (one.end, one.version) == (end, version))


def tell_desk(bulletin: Bulletin, way: str, now: datetime) -> None:
    notice = bulletin.desk_notices.filter(way=way).first()
    assert notice
    spoken = desks.Spoken(with_whom="Lee", was_read_back=True)
    desks.enter_told(notice, spoken, person=bulletin.threat.bulletins.get().released_by, now=now)  # type: ignore[arg-type]


def test_every_time_on_record_is_measured(world: World, bulletin: Bulletin) -> None:
    report = report_of(bulletin.threat, "", now=NOW + minutes(9))
    story = report.story

    assert (story.number, story.zone, story.is_exercise) == (
        bulletin.number, "America/Denver", False,
    )  # fmt: skip
    assert story.call_began_at == BEGAN
    assert story.heard_at == NOW
    answered = interval(report, "acknowledged")
    assert (answered.n, answered.of) == (2, 4)
    assert (answered.first, answered.last) == (minutes(1), minutes(3))
    sent = interval(report, "message sent")
    assert (sent.n, sent.of, sent.last) == (3, 4, minutes(0.5))
    assert {one.key for one in report.missing} == {"dana", "ortiz"}
    assert {one.key for one in story.versions[0].messages} == {"reed", "sato", "ortiz", "dana"}
    failed = [one.key for one in story.versions[0].messages if one.failed_at]
    assert failed == ["dana"]


def test_word_of_mouth_stands_apart_and_a_desk_that_nobody_told_is_not_claimed(
    world: World, bulletin: Bulletin
) -> None:
    tell_desk(bulletin, DeskNotice.Way.CALL, NOW + minutes(5))
    tell_desk(bulletin, DeskNotice.Way.RADIO, NOW + minutes(3))

    story = report_of(bulletin.threat, "", now=NOW + minutes(9)).story

    assert {(one.to, one.means, one.told_by) for one in story.spoken} == {
        ("desk of Harlow Police", Means.DESK, "Ortiz"),
        ("all units, Lee", Means.RADIO, "Ortiz"),
        ("Sato", Means.RADIO, "Ortiz"),
    }
    waiting = DeskNotice.objects.filter(done_at=None)
    assert len(desks_to_tell(bulletin.threat, bulletin.number)) == 2 + waiting.count()


def test_of_a_correction_the_answer_that_stands_is_given(world: World, bulletin: Bulletin) -> None:
    later = NOW + minutes(8)
    draft = bulletins.start_correction(bulletin, person=world.dana, now=later)
    draft.content["change"] = "A letter."
    draft.save()
    bulletins.release(draft, person=world.ortiz, now=later)

    report = report_of(bulletin.threat, "", now=NOW + minutes(9))
    reed = next(one for one in report.story.versions[1].people if one.key == "reed")

    assert reed.acknowledged_at == NOW + minutes(2)
    assert reed.how == "his own page, of version 1"
    assert {one.key for one in report.missing if one.version == 2} == {"dana", "ortiz"}
    assert len(report.story.spoken) == 1, "he was told by radio once"


def test_the_three_ends_are_told_apart_and_a_cancellation_is_no_stand_down(
    world: World, bulletin: Bulletin
) -> None:
    assert story_of(bulletin.threat, bulletin.number).end is None

    endings.cancel(bulletin, because="Found.", person=world.ortiz, now=NOW + minutes(30))
    story = story_of(bulletin.threat, bulletin.number)
    assert (story.end, story.ended_at) == (End.CANCELLED, NOW + minutes(30))
    assert story.stood_down_at is None

    other = a_threat(world, recording=None, note="another")
    second = bulletins.release(the_draft(other), person=world.ortiz, now=NOW)
    endings.expire(second, now=NOW + timedelta(hours=12))
    assert story_of(other, second.number).end is End.EXPIRED
    third = a_threat(world, recording=None, note="a third")
    row = bulletins.release(the_draft(third), person=world.ortiz, now=NOW)
    fourth = a_threat(world, recording=None, note="a fourth")
    by = bulletins.release(the_draft(fourth), person=world.ortiz, now=NOW)
    endings.supersede(row, by=by, person=world.ortiz, now=NOW + minutes(1))
    assert story_of(third, row.number).end is End.SUPERSEDED


def test_the_page_says_it_in_sentences_in_a_picture_and_in_a_table(
    world: World, bulletin: Bulletin
) -> None:
    path = f"/threats/{bulletin.threat.number}"
    assert f'href="{path}/report"' in at(world.ortiz).get(path).content.decode()

    answer = at(world.ortiz).get(f"{path}/report")
    page = main_of(answer)
    assert "and lasted 37 s." in page
    assert "Version 1: 2 of 4 have acknowledged" in page
    assert "Version 1, not acknowledged: Ortiz (Harlow Police), Dana" in page
    assert "Who is missing 2" in page
    body = answer.content.decode()
    drawn = body[body.index("<svg xmlns") :].partition("</svg>")[0] + "</svg>"
    svg = ET.fromstring(drawn)  # noqa: S314 # our own words, read back
    assert svg.get("class") == "timeline"
    assert "<script" not in drawn


def test_the_paper_has_the_same_words(world: World, bulletin: Bulletin) -> None:
    answer = at(world.ortiz).get(f"/threats/{bulletin.threat.number}/report.pdf")

    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.content)).pages
    text = " ".join(" ".join(page.extract_text().split()) for page in pages)
    assert "2 of 4 have acknowledged" in text
    assert "told by radio, answered (Ortiz)" in text


def test_a_threat_of_which_nothing_was_released_has_a_report_too(world: World) -> None:
    threat = a_threat(world)

    page = main_of(at(world.ortiz).get(f"/threats/{threat.number}/report"))

    assert "Written warning: none was released." in page
    assert "Nobody was asked: nothing was released." in page
    assert at(world.ortiz).get(f"/threats/{threat.number}/report.pdf").status_code == 200


def test_each_bulletin_of_a_threat_has_a_report_of_its_own(
    world: World, bulletin: Bulletin
) -> None:
    assert numbers_of(bulletin.threat) == [bulletin.number]
    with pytest.raises(NotFound):
        report_of(bulletin.threat, "B-2026-999999", now=NOW)

    path = f"/threats/{bulletin.threat.number}/report"
    assert at(world.ortiz).get(f"{path}?bulletin=nonsense").status_code == 404
    assert at(world.reed).get(path).status_code == 404
    assert at(world.frey).get(path).status_code == 404
    assert at(None).get(path).status_code == 302


def test_hostile_words_stay_words(world: World, bulletin: Bulletin) -> None:
    bulletin.recipients.filter(person=world.sato).update(
        acknowledged_because="<script>alert(1)</script> by radio"
    )
    type(world.ortiz).objects.filter(pk=world.ortiz.pk).update(name="<b>O</b>")

    body = at(world.ortiz).get(f"/threats/{bulletin.threat.number}/report").content.decode()

    assert "<script>alert" not in body
    assert "<b>O</b>" not in body
