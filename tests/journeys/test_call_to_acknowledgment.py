"""The whole way: a recording over HTTP becomes an acknowledgment read from a real mail server."""

import json
import re

import httpx
import pytest
from lxml import etree

from tests.journeys.product import Product, a_product, until
from tests.reference import REFERENCE
from tests.sinks import MailSink, mail_sink
from tocsin.desk import demo

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


def letter_to(sink: MailSink, login: str, number: int = 0) -> str:
    """The text of a letter to this person."""
    letters = until(
        lambda: [raw for to, raw in sink.letters if to == f"{login}@example.org"][number:]
    )
    return letters[0].decode().replace("=\r\n", "").replace("=3D", "=").replace("\r\n", "\n")


def link_in(letter: str) -> str:
    found = re.search(r"http://\S+/a/\S+", letter)
    assert found, letter
    return found.group()


def state_of(product: Product, login: str) -> tuple[bool, str]:
    """Whether this person has acknowledged the latest version, and how."""
    rows = product.ask(
        "SELECT r.acknowledged_at IS NOT NULL, r.acknowledged_how FROM records_recipient r "
        "JOIN people_person p ON p.id = r.person_id WHERE p.login = %s ORDER BY r.id DESC",
        login,
    )
    return rows[0]


def test_a_recording_becomes_an_acknowledged_bulletin() -> None:
    settings = {"TOCSIN_LISTED_AFTER": "2", "TOCSIN_SUPERVISOR_AFTER": "4"}
    with mail_sink() as sink, a_product(sink, **settings) as product:
        key = product.set_up()
        product.start("run", "--port", str(product.port))
        until(lambda: httpx.get(f"{product.address}/login").status_code == 200)
        data = json.dumps({"started_at": "2026-03-01T21:04:05-07:00", "ani": "911-555-0142"})

        # A recorder sends the call; it is sealed, heard and read, and a warning is drafted.
        sent = product.send_call(
            key,
            audio=("call.wav", demo.recording(), "audio/wav"),
            call=("call.json", data, "application/json"),
        )
        assert sent.status_code == 201
        number = until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
        assert sink.letters == []

        # The watch commander sees the words and the draft, judges, and releases.
        ortiz = product.sign_in("ortiz")
        call = ortiz.get(f"/calls/{sent.json()['number']}").text
        assert "cannot be called back" in call
        assert "tel:" not in call
        assert "police" in call
        assert "officer" in call
        threat = product.ask_one("SELECT number FROM records_threat")
        answer = product.post(
            ortiz,
            f"/threats/{threat}/assess",
            {"question": "specific", "answer": "yes", "reasons": "two towns"},
            page=f"/threats/{threat}",
        )
        assert answer.status_code == 200
        released = product.post(ortiz, f"/bulletins/{number}/1/release", {})
        assert released.status_code == 200

        # Everybody on duty has a letter with the words and a link of his own.
        until(lambda: len(sink.letters) >= 6)
        reed = letter_to(sink, "reed")
        assert "OFFICER SAFETY" in reed
        assert "Harlowe" in reed
        assert "Specific: yes (Ortiz)." in reed

        # A mail scanner follows the link: nothing is acknowledged. Reed presses: his alone is.
        link = link_in(reed)
        assert httpx.get(link).status_code == 200
        assert httpx.head(link).status_code == 200
        assert state_of(product, "reed") == (False, "")
        assert httpx.post(link).status_code in {200, 302, 303}
        assert state_of(product, "reed") == (True, "link")
        assert state_of(product, "grant") == (False, "")

        # Who stays silent is listed, and his supervisor is told his name, not Reed's.
        late = "SELECT count(*) FROM records_recipient WHERE listed_at IS NOT NULL"
        until(lambda: product.ask_one(late) == 5)
        told = letter_to(sink, "ortiz", 1)
        assert "NOT ACKNOWLEDGED" in told
        assert "Grant" in told
        assert "Reed" not in told
        board = ortiz.get(f"/threats/{threat}").text
        assert "Grant" in board

        # The CAP message is valid, restricted, and the same from page and command.
        message = product.command("cap", number)
        alert = etree.fromstring(message.encode())
        assert alert.findtext(f"{CAP}scope") == "Restricted"
        assert alert.findtext(f"{CAP}status") == "Actual"
        schema = REFERENCE / "standards" / "cap" / "xsd" / "CAP-v1.2.xsd"
        if schema.exists():
            etree.XMLSchema(file=str(schema)).assertValid(alert)
        assert ortiz.get(f"/bulletins/{number}/1/cap").text.strip() == message

        # A cancel reaches exactly those who were told; and the record fits.
        before = len(sink.letters)
        cancelled = product.post(
            ortiz, f"/bulletins/{number}/1/cancel", {"because": "He was found."}
        )
        assert cancelled.status_code == 200
        until(lambda: len(sink.letters) >= before + 6)
        assert "He was found." in letter_to(sink, "grant", -1)
        assert "All fits" in product.command("verify")


def test_a_watched_folder_brings_calls_by_itself() -> None:
    with mail_sink() as sink, a_product(sink) as product:
        product.set_up()
        folder = product.home / "recorder"
        folder.mkdir()
        product.environment["TOCSIN_WATCH_FOLDER"] = str(folder)
        (folder / "a.wav").write_bytes(demo.recording())
        (folder / "a.json").write_text('{"started_at": "2026-03-01T21:04:05-07:00"}')
        (folder / "b.wav").write_bytes(b"a letter, not a sound")
        product.start("work")

        until(lambda: product.ask_one("SELECT number FROM records_bulletin"))
        until((folder / "refused" / "b.wav.txt").exists)

        assert (folder / "taken" / "a.wav").exists()
        assert (folder / "taken" / "a.json").exists()
        assert "b.wav" in product.ask_one("SELECT sentence FROM records_task")
