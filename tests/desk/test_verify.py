"""`tocsin verify` finds whatever was changed, and names it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from tests.world import NOW, World, a_call, a_threat, the_draft
from tocsin.desk.records.commands import bulletins
from tocsin.desk.records.models import ChainHead, Entry, Exhibit, Hearing, Statement
from tocsin.desk.records.verification import verify
from tocsin.errors import Tampered
from tocsin.evidence import open_store, seal


@pytest.fixture
def record(world: World) -> None:
    bulletins.release(the_draft(a_threat(world)), person=world.ortiz, now=NOW)


@pytest.mark.usefixtures("record")
def test_an_untouched_record_fits() -> None:
    found = verify()

    assert found.entries == Entry.objects.count()
    assert found.exhibits == Exhibit.objects.count() == 3
    assert found.readings == 3
    assert found.strays == ()


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records_entry SET actor = 'person:mallory'",
        "DELETE FROM records_entry WHERE seq = 3",
        "TRUNCATE records_entry",
    ],
)
def test_the_database_itself_refuses_to_change_the_log(change: str) -> None:
    refused = pytest.raises((IntegrityError, InternalError), match="append-only")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    verify()


def forge(change: str) -> None:
    """Change the record as somebody could who owns the server and takes the trigger away."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_entry DISABLE TRIGGER USER")
        cursor.execute(change)
        cursor.execute("ALTER TABLE records_entry ENABLE TRIGGER USER")


@pytest.mark.usefixtures("record")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE records_entry SET actor = 'person:mallory' WHERE seq = 2", "Entry 2 .* changed"),
        ("UPDATE records_entry SET facts = '{}' WHERE action = 'released'", "was changed"),
        ("DELETE FROM records_entry WHERE seq = 3", "Entry 4 .* one is missing"),
        ("DELETE FROM records_entry WHERE action = 'released'", "removed or put in|is missing"),
        ("UPDATE records_chainhead SET seq = seq + 1", "ends at entry"),
        ("DELETE FROM records_chainhead", "its head names"),
    ],
)
def test_a_changed_log_is_found(change: str, named: str) -> None:
    forge(change)

    with pytest.raises(Tampered, match=named):
        verify()


@pytest.mark.usefixtures("record")
def test_a_changed_recording_is_found_and_named() -> None:
    exhibit = Exhibit.objects.get(kind="original")
    place = Path(settings.TOCSIN_STORE.removeprefix("disk://"))
    file = place / exhibit.sha256[:2] / exhibit.sha256[2:4] / exhibit.sha256
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.chmod(0o600)
    file.write_bytes(content)

    with pytest.raises(Tampered, match=exhibit.sha256):
        verify()


@pytest.mark.usefixtures("record")
def test_a_removed_recording_is_found_and_named() -> None:
    exhibit = Exhibit.objects.get(kind="original")
    place = Path(settings.TOCSIN_STORE.removeprefix("disk://"))
    (place / exhibit.sha256[:2] / exhibit.sha256[2:4] / exhibit.sha256).unlink()

    with pytest.raises(Tampered, match=f"{exhibit.sha256}, are gone"):
        verify()


@pytest.mark.usefixtures("record")
def test_an_exhibit_row_that_points_elsewhere_is_found() -> None:
    Exhibit.objects.filter(kind="original").update(sha512="0" * 128)

    with pytest.raises(Tampered, match="does not fit the log"):
        verify()


@pytest.mark.usefixtures("record")
def test_a_changed_transcript_is_found() -> None:
    row = Hearing.objects.get()
    row.body["text"] = "I will hug any cop"
    row.save()

    with pytest.raises(Tampered, match="hearing 1 was changed"):
        verify()


@pytest.mark.usefixtures("record")
def test_a_removed_reading_is_found() -> None:
    Statement.objects.all().delete()

    with pytest.raises(Tampered, match=r"something of call:C-2026-000001 that is gone"):
        verify()


@pytest.mark.usefixtures("record")
def test_a_changed_bulletin_is_found() -> None:
    threat = Statement.objects.get().call.threats.get()
    bulletin = threat.bulletins.get()
    bulletin.content["safety_line"] = "all is well"
    bulletin.save()

    with pytest.raises(Tampered, match="B-2026-000001 version 1 was changed"):
        verify()


def test_bytes_of_an_upload_that_never_became_a_call_are_named_and_no_fault(world: World) -> None:
    a_call(world)
    stray = seal([b"half an upload"], store=open_store(settings.TOCSIN_STORE), limit=100)

    assert verify().strays == (stray.sha256,)


def test_each_center_has_a_chain_of_its_own(world: World) -> None:
    a_call(world)
    a_call(world, center=world.south, actor=world.frey)

    assert {head.chain for head in ChainHead.objects.all()} == {"north", "south"}
    assert Entry.objects.filter(chain="south", seq=1).exists()
    verify()
