"""Alerts from elsewhere: what came, whose words they are, what is wrong, and what a person does."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from lxml import etree

from tests.alerts import a_certificate, an_ec_key, as_pem, pem_of
from tests.exchange import ABROAD_PEM, a_key, an_alert, in_force, pin, signed
from tests.visiting import at, main_of
from tests.world import NOW, World
from tocsin.desk.records.commands.alerts import AlertOffer, receive_alerts
from tocsin.desk.records.commands.answering import (
    answer_alert,
    content_of,
    link_alert,
    start_from_alert,
)
from tocsin.desk.records.commands.exchange import pin_certificate, read_pem, remove_certificate
from tocsin.desk.records.models import (
    Bulletin,
    Certificate,
    Delivery,
    Entry,
    Exhibit,
    ForeignAlert,
    Task,
    Threat,
)
from tocsin.desk.records.queries import cap_message
from tocsin.desk.records.verification import verify
from tocsin.desk.worker.alertfolder import take_alerts
from tocsin.errors import BadAlert, InputError, NotAllowed, OutOfTurn, SetupError, TooLarge
from tocsin.warn import BulletinKind, CapArea
from tocsin.warn.cap import CapReference, parse_cap, sign_cap

BOMB = b"""<?xml version="1.0"?><!DOCTYPE alert [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>&b;</identifier></alert>"""


def an_offer(world: World, content: bytes, *, source: str = "api", name: str = "") -> AlertOffer:
    return AlertOffer(
        center=world.north, source=source, actor="key:weld", name=name, content=content
    )


def taken(world: World, content: bytes, **more: str) -> ForeignAlert:
    (one,) = receive_alerts(an_offer(world, content, **more), now=NOW).alerts
    return one.row


def send(secret: str, content: bytes) -> "Answer":
    return Answer(
        Client(headers={"Authorization": f"Bearer {secret}"}).post(
            "/api/cap", data=content, content_type="application/cap+xml"
        )
    )


class Answer:
    """What the API said."""

    def __init__(self, response: object) -> None:
        self.status = response.status_code  # type: ignore[attr-defined]
        self.value = json.loads(response.content)  # type: ignore[attr-defined]


def untouched() -> bool:
    """Nothing but the refusal's own rows has come of it."""
    return not (Threat.objects.exists() or Bulletin.objects.exists() or Delivery.objects.exists())


def test_an_alert_is_on_record_once_with_its_bytes(world: World) -> None:
    secret, content = a_key(world), an_alert()

    first, again = send(secret, content), send(secret, content)

    (one,) = first.value["alerts"]
    assert (first.status, again.status) == (201, 200)
    assert (one["sender"], one["identifier"], one["is_new"]) == (
        "weld@example.org",
        "W-2026-000007.1",
        True,
    )
    assert one["signature"] == ["The message is not signed."]
    assert again.value["alerts"][0]["is_new"] is False
    row = ForeignAlert.objects.get()
    assert content_of(row) == content
    assert row.exhibit.kind == Exhibit.Kind.CAP
    assert Entry.objects.get(action="alert received").actor == "key:weld"
    assert Task.objects.get(kind="alert from elsewhere").subject == f"alert:{row.pk}"
    verify()


def test_an_alert_changes_no_threat_and_no_bulletin(world: World) -> None:
    taken(world, signed(an_alert()))

    assert untouched()


def test_each_fact_of_a_signature_stands_by_itself(world: World) -> None:
    unknown = taken(world, signed(an_alert(number=1)))
    assert unknown.verdict["is_covered"]
    assert not unknown.verdict["is_trusted"]
    assert "It is NOT known here." in unknown.verdict["sentences"]

    pin(world)
    known = taken(world, signed(an_alert(number=2)))

    assert known.verdict["is_trusted"]
    assert known.verdict["pinned_as"] == ["Weld"]
    assert {"The signature is good.", "It is trusted here.", "It held when sent."} <= set(
        known.verdict["sentences"]
    )


def test_a_good_signature_of_a_certificate_that_had_expired_is_two_facts(world: World) -> None:
    key = an_ec_key()
    old = as_pem(
        a_certificate(
            key, since=datetime(2024, 1, 1, tzinfo=UTC), until=datetime(2025, 1, 1, tzinfo=UTC)
        )
    )
    pin(world, old.decode(), name="Old")

    row = taken(world, sign_cap(an_alert(), key=pem_of(key), certificate=old))

    assert "The signature is good." in row.verdict["sentences"]
    assert "It did NOT hold when sent." in row.verdict["sentences"]
    page = main_of(at(world.dana).get(f"/alerts/{row.pk}"))
    assert "The signature is good." in page
    assert "It did NOT hold when sent." in page


def test_words_that_were_changed_after_signing_are_said_to_be(world: World) -> None:
    pin(world)
    changed = signed(an_alert()).replace(b"any cop", b"two cops", 1)

    row = taken(world, changed)

    assert not row.verdict["is_covered"]
    assert "The words were CHANGED after signing." in row.verdict["sentences"]
    page = main_of(at(world.dana).get(f"/alerts/{row.pk}"))
    assert "Its signature does not cover these words" in page


def test_a_re_indented_copy_proves_nothing_and_stands_beside_the_first(world: World) -> None:
    pin(world)
    content = signed(an_alert())
    parser = etree.XMLParser(remove_blank_text=True)
    pretty = etree.tostring(etree.fromstring(content, parser), pretty_print=True)

    first, copy = taken(world, content), taken(world, pretty)

    assert first.pk != copy.pk
    assert first.verdict["is_trusted"]
    assert not copy.verdict["is_covered"]
    told = main_of(at(world.dana).get(f"/alerts/{copy.pk}"))
    assert "Another message has the same names and other bytes." in told


def test_a_certificate_that_was_removed_is_trusted_no_more_and_stays(world: World) -> None:
    row = pin(world)
    remove_certificate(row, because="Its key was lost.", person=world.adams, now=NOW)

    alert = taken(world, signed(an_alert()))

    assert not alert.verdict["is_trusted"]
    assert Certificate.objects.get().removed_at == NOW
    told = main_of(at(world.adams).get("/exchange"))
    assert "Certificates that are trusted no more" in told
    assert row.fingerprint in told


def test_only_an_administrator_pins_and_only_what_he_compared(world: World) -> None:
    seen = read_pem(ABROAD_PEM).fingerprint
    with pytest.raises(NotAllowed):
        pin_certificate("Weld", ABROAD_PEM, confirmed=seen, person=world.ortiz, now=NOW)
    with pytest.raises(OutOfTurn, match="fingerprint was not confirmed"):
        pin_certificate("Weld", ABROAD_PEM, confirmed="0" * 64, person=world.adams, now=NOW)
    for text in ("", "hello", ABROAD_PEM * 2, pem_of(an_ec_key()).decode() + ABROAD_PEM):
        with pytest.raises(InputError):
            read_pem(text)
    adams = at(world.adams)
    shown = main_of(adams.post("/exchange/certificate", {"pem": ABROAD_PEM, "name": "Weld"}))
    assert seen in shown
    assert "Compare this with its owner by telephone" in shown
    assert not Certificate.objects.exists()
    fields = {"pem": ABROAD_PEM, "name": "Weld", "confirmed": seen}
    assert adams.post("/exchange/certificate", fields).status_code == 302
    assert Certificate.objects.get().pinned_by == world.adams
    for person in (world.sato, world.dana, world.reed):
        assert at(person).get("/exchange").status_code == 403
        assert at(person).post("/exchange/certificate", fields).status_code == 403


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (BOMB, "document type"),
        (b"", "does not begin as XML"),
        (b"RIFF....WAVE", "does not begin as XML"),
        (b"<alert>", "not well-formed"),
        (b'<rss version="2.0"><channel><title>x</title></channel></rss>', "holds no alert"),
        (an_alert().replace(b"<status>Actual", b"<status>Perhaps"), "not one of"),
        (an_alert().replace(b"weld@example.org", b"w" * 201), "200 characters"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_trace_and_changes_nothing(
    world: World, content: bytes, why: str
) -> None:
    secret = a_key(world)

    answer = send(secret, content)

    assert answer.status == 422
    assert why in answer.value["what"]
    row = ForeignAlert.objects.get()
    assert why in row.refused_because
    assert content_of(row) == content
    assert Task.objects.get().kind == "refused alert"
    assert Entry.objects.filter(action="alert refused").count() == 1
    assert untouched()
    send(secret, content)
    assert ForeignAlert.objects.count() == 1
    assert why in main_of(at(world.dana).get("/alerts"))
    assert why in main_of(at(world.dana).get(f"/alerts/{row.pk}"))
    verify()


def test_a_message_that_is_too_large_is_refused(world: World) -> None:
    large = an_alert().replace(b"</alert>", b" " * (1024 * 1024) + b"</alert>")
    with pytest.raises(BadAlert, match="at most 1048576 are read"):
        receive_alerts(an_offer(world, large), now=NOW)
    with pytest.raises(TooLarge):
        receive_alerts(an_offer(world, b"<a>" + b" " * (5 * 1024 * 1024)), now=NOW)
    assert ForeignAlert.objects.exclude(refused_because="").count() == 2


def test_one_bad_alert_in_an_envelope_silences_no_other(world: World) -> None:
    good = an_alert(number=1).partition(b"?>\n")[2]
    bad = an_alert(number=2).partition(b"?>\n")[2].replace(b"<status>Actual", b"<status>Perhaps")
    envelope = b'<alerts xmlns="urn:oasis:names:tc:emergency:cap:1.2">' + good + bad + b"</alerts>"

    answer = send(a_key(world), envelope)

    assert answer.status == 201
    assert [one["identifier"] for one in answer.value["alerts"]] == ["W-2026-000001.1"]
    assert len(answer.value["faults"]) == 1
    assert ForeignAlert.objects.exclude(refused_because="").count() == 1


def test_exchanged_latitude_and_longitude_is_found(world: World) -> None:
    swapped = tuple(
        (lat, lon)
        for lon, lat in (
            (-105.15, 39.15),
            (-105.05, 39.15),
            (-105.05, 39.25),
            (-105.15, 39.25),
            (-105.15, 39.15),
        )
    )
    row = taken(world, an_alert(areas=(CapArea(name="Harlow", rings=(swapped,)),)))

    assert "ground-order" in {one["key"] for one in row.findings}
    page = main_of(at(world.dana).get(f"/alerts/{row.pk}"))
    assert "With latitude and longitude exchanged it would be in our ground." in page
    assert "ground-order" not in {one["key"] for one in taken(world, an_alert()).findings}


def test_very_many_corners_cost_little(world: World) -> None:
    ring = tuple((-105.1 + (n % 97) / 1000, 39.2 + (n % 89) / 1000) for n in range(20_000))
    ring = (*ring, ring[0])

    row = taken(world, an_alert(areas=(CapArea(name="Harlow", rings=(ring,)),)))

    assert row.message["infos"][0]["areas"]


def test_references_are_found_or_said_to_fit_nothing(world: World) -> None:
    first = an_alert()
    known = parse_cap(first).reference
    ours = parse_cap(cap_message(in_force(world))).reference
    nothing = CapReference(
        sender="weld@example.org", identifier="W-2019-1", sent="2026-03-01T10:00:00-07:00"
    )
    row = taken(world, first)

    update = an_alert(
        number=8, version=2, kind=BulletinKind.UPDATE, references=(known, ours, nothing)
    )
    page = at(world.dana).get(f"/alerts/{taken(world, update).pk}")

    assert f'href="/alerts/{row.pk}"' in page.content.decode()
    assert "our bulletin, of T-2026-000001" in main_of(page)
    assert "nothing here has these names" in main_of(page)
    assert main_of(page).count("nothing here has these names") == 1


def test_another_centers_person_sees_nothing(world: World) -> None:
    row = taken(world, an_alert())
    for path in (f"/alerts/{row.pk}", f"/alerts/{row.pk}/raw"):
        seen = {one.login: at(one).get(path).status_code for one in world.everybody()}
        assert {who for who, status in seen.items() if status == 200} == {
            "dana", "sato", "ortiz", "vale",
        }, path  # fmt: skip
        assert seen["frey"] == 404
        assert at(None).get(path)["Location"].startswith("/login")
    assert row.identifier not in at(world.frey).get("/alerts").content.decode()
    assert at(world.frey).post(f"/alerts/{row.pk}/answer", {"then": "ack"}).status_code == 404


def test_the_raw_bytes_are_a_file_and_never_a_page(world: World) -> None:
    row = taken(world, an_alert())

    answer = at(world.dana).get(f"/alerts/{row.pk}/raw")

    assert answer.content == content_of(row)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")


def test_markup_in_an_alert_is_shown_as_text(world: World) -> None:
    evil = an_alert().replace(b"any cop", b"&lt;script&gt;alert(1)&lt;/script&gt;", 1)
    row = taken(world, evil)

    for path in ("/alerts", f"/alerts/{row.pk}", "/"):
        assert "<script>alert(1)" not in at(world.dana).get(path).content.decode()


def test_an_ack_of_a_named_person_is_sealed_and_served(world: World) -> None:
    secret = a_key(world)
    row = taken(world, an_alert())

    assert at(world.dana).post(f"/alerts/{row.pk}/answer", {"then": "ack"}).status_code == 302

    row.refresh_from_db()
    machine = Client(headers={"Authorization": f"Bearer {secret}"})
    (listed,) = machine.get("/api/cap/replies").json()
    reply = parse_cap(machine.get(f"/api/cap/replies/{row.answer_number}.xml").content)
    assert listed["identifier"] == row.identifier
    assert (reply.msg_type, reply.scope, reply.addresses) == ("Ack", "Private", (row.sender,))
    assert [str(one) for one in reply.references] == [str(parse_cap(content_of(row)).reference)]
    assert row.answered_by == world.dana
    assert not Task.objects.filter(subject=f"alert:{row.pk}", done_at=None).exists()
    with pytest.raises(OutOfTurn, match="answered already"):
        answer_alert(row, person=world.sato, now=NOW)
    other = Client(headers={"Authorization": f"Bearer {a_key(world, name='s', south=True)}"})
    assert other.get(f"/api/cap/replies/{row.answer_number}.xml").status_code == 404
    assert other.get("/api/cap/replies").json() == []


def test_an_error_says_why(world: World) -> None:
    row = taken(world, an_alert())
    path = f"/alerts/{row.pk}/answer"
    assert at(world.dana).post(path, {"then": "error", "problem": " "}).status_code == 422

    at(world.dana).post(path, {"then": "error", "problem": "The ground is wrong."})

    row.refresh_from_db()
    reply = parse_cap(content_of_answer(row))
    assert (reply.msg_type, reply.note) == ("Error", "The ground is wrong.")


def content_of_answer(row: ForeignAlert) -> bytes:
    assert row.answer
    return content_of(ForeignAlert(exhibit=row.answer))


def test_who_may_not_answer_does_not(world: World) -> None:
    row = taken(world, an_alert())
    for person in (world.vale, world.reed, world.adams, world.frey):
        with pytest.raises(NotAllowed):
            answer_alert(row, person=person, now=NOW)


def test_an_alert_is_put_beside_a_threat_or_starts_one(world: World) -> None:
    row = taken(world, an_alert())
    with pytest.raises(NotAllowed):
        start_from_alert(row, person=world.vale, now=NOW)

    threat = start_from_alert(row, person=world.dana, now=NOW)

    row.refresh_from_db()
    assert row.threat == threat
    assert "I will shoot any cop" in threat.calls.get().note
    assert threat.bulletins.get().state == Bulletin.State.DRAFT
    with pytest.raises(OutOfTurn):
        start_from_alert(row, person=world.dana, now=NOW)
    second = taken(world, an_alert(number=2))
    link_alert(second, threat, person=world.dana, now=NOW)
    page = main_of(at(world.dana).get(f"/threats/{threat.number}"))
    assert "put an alert from elsewhere beside" in page
    south = Threat.objects.create(number="T-1", center=world.south, since=NOW, opened_at=NOW)
    with pytest.raises(OutOfTurn):
        link_alert(taken(world, an_alert(number=3)), south, person=world.dana, now=NOW)


def test_an_exercise_of_others_starts_no_real_threat(world: World) -> None:
    row = taken(world, an_alert(is_exercise=True))

    with pytest.raises(OutOfTurn, match="marked Exercise"):
        start_from_alert(row, person=world.dana, now=NOW)
    assert "Exercise" in main_of(at(world.dana).get("/alerts"))
    assert untouched()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "TOCSIN_CAP_FOLDER", str(tmp_path))
    monkeypatch.setattr(settings, "TOCSIN_CAP_CENTER", "north")
    return tmp_path


def drop(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    still = (NOW - timedelta(seconds=10)).timestamp()
    os.utime(folder / name, (still, still))


def test_the_watched_folder_takes_alerts_and_puts_bad_ones_aside(
    world: World, folder: Path
) -> None:
    drop(folder, "good.xml", an_alert())
    drop(folder, "bad.xml", BOMB)

    assert take_alerts(now=NOW) == 2

    assert (folder / "taken" / "good.xml").read_bytes() == an_alert()
    assert (folder / "refused" / "bad.xml").read_bytes() == BOMB
    assert "document type" in (folder / "refused" / "bad.xml.txt").read_text()
    assert ForeignAlert.objects.filter(source="folder").count() == 2
    assert take_alerts(now=NOW) == 0


def test_a_file_that_cannot_be_read_holds_up_no_other(world: World, folder: Path) -> None:
    drop(folder, "good.xml", an_alert())
    (folder / "odd.xml").mkdir()
    drop(folder, "zero.xml", b"")

    take_alerts(now=NOW)

    assert ForeignAlert.objects.filter(refused_because="").count() == 1
    assert (folder / "refused" / "zero.xml").exists()


def test_it_must_be_said_whose_alerts_they_are(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "TOCSIN_CAP_CENTER", "")
    drop(folder, "good.xml", an_alert())

    with pytest.raises(SetupError, match="not said which dispatch center"):
        take_alerts(now=NOW)
    assert (folder / "good.xml").exists()
    monkeypatch.setattr(settings, "TOCSIN_CAP_FOLDER", str(folder / "gone"))
    with pytest.raises(SetupError, match="The folder of alerts"):
        take_alerts(now=NOW)


def test_an_answer_lies_beside_the_file_once(world: World, folder: Path) -> None:
    drop(folder, "good.xml", an_alert())
    take_alerts(now=NOW)
    row = answer_alert(ForeignAlert.objects.get(), person=world.dana, now=NOW)

    take_alerts(now=NOW)

    left = folder / "taken" / f"good.{row.answer_number}.xml"
    assert parse_cap(left.read_bytes()).msg_type == "Ack"
    left.unlink()
    take_alerts(now=NOW)
    assert not left.exists()
