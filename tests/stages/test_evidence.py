"""Sealing, the store and the chain, without a database."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import NotFound, SetupError, Tampered, TooLarge
from tocsin.evidence import (
    GENESIS,
    Deed,
    LogEntry,
    Sealing,
    Store,
    body_of,
    canonical,
    check_chain,
    check_sealed,
    digest_of,
    link,
    open_store,
    seal,
)

NOW = datetime(2026, 3, 2, 4, 5, 6, 70_000, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"disk://{tmp_path / 'store'}")


def kept_file(tmp_path: Path, digest: str) -> Path:
    return tmp_path / "store" / digest[:2] / digest[2:4] / digest


def a_chain(length: int) -> list[LogEntry]:
    entries: list[LogEntry] = []
    after = (0, GENESIS)
    for number in range(length):
        deed = Deed(
            at=NOW + timedelta(seconds=number),
            actor="person:dana",
            action="viewed",
            subject=f"call:C-{number}",
            facts={"size": number, "sha256": "ab" * 32, "told": ["person:reed"]},
        )
        entries.append(link(deed, chain="north", after=after))
        after = (entries[-1].seq, entries[-1].digest)
    return entries


@given(st.binary(max_size=4000))
def test_the_digests_are_those_that_anybody_computes(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    place = open_store(f"disk://{tmp_path_factory.mktemp('store')}")

    sealed = seal([content[:7], content[7:]], store=place, limit=4000)

    assert sealed.sha256 == hashlib.sha256(content).hexdigest()
    assert sealed.sha512 == hashlib.sha512(content).hexdigest()
    assert sealed.size == len(content)
    with place.open(sealed.sha256) as file:
        assert file.read() == content


def test_the_same_bytes_twice_are_kept_once(store: Store) -> None:
    first = seal([b"the same"], store=store, limit=100)
    again = seal([b"the ", b"same"], store=store, limit=100)

    assert first == again
    assert list(store.digests()) == [first.sha256]


def test_a_kept_file_cannot_be_written_by_its_owner(store: Store, tmp_path: Path) -> None:
    sealed = seal([b"words"], store=store, limit=100)

    assert kept_file(tmp_path, sealed.sha256).stat().st_mode & 0o222 == 0


def test_too_many_bytes_leave_nothing_behind(store: Store, tmp_path: Path) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 60

    with pytest.raises(TooLarge, match="100 bytes"):
        seal(endless(), store=store, limit=100)

    assert list(store.digests()) == []
    assert list((tmp_path / "store" / "drafts").iterdir()) == []


def test_what_came_before_the_limit_can_be_kept_on_purpose(store: Store) -> None:
    with Sealing(store, limit=100) as sealing:
        sealing.feed(b"x" * 60)
        with pytest.raises(TooLarge):
            sealing.feed(b"x" * 60)
        sealed = sealing.close()

    assert sealed.size == 60
    check_sealed(sealed, store=store)


def test_a_break_while_sealing_leaves_nothing_behind(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Sealing(store, limit=100) as sealing:
        sealing.feed(b"half")
        raise ZeroDivisionError

    assert list((tmp_path / "store" / "drafts").iterdir()) == []


def test_a_flipped_bit_is_found(store: Store, tmp_path: Path) -> None:
    sealed = seal([b"he will shoot"], store=store, limit=100)
    check_sealed(sealed, store=store)
    file = kept_file(tmp_path, sealed.sha256)
    file.chmod(0o600)
    file.write_bytes(b"he will shoos")

    with pytest.raises(Tampered, match=sealed.sha256):
        check_sealed(sealed, store=store)


def test_a_missing_file_is_found(store: Store, tmp_path: Path) -> None:
    sealed = seal([b"he will shoot"], store=store, limit=100)
    kept_file(tmp_path, sealed.sha256).unlink()

    with pytest.raises(NotFound, match=sealed.sha256):
        check_sealed(sealed, store=store)


@pytest.mark.parametrize("digest", ["../../etc/passwd", "", "ab", "A" * 64, "/" * 64])
def test_a_digest_is_never_a_way_out_of_the_store(store: Store, digest: str) -> None:
    with pytest.raises(NotFound):
        store.open(digest)


def test_an_unknown_kind_of_store_says_which_are_known() -> None:
    with pytest.raises(SetupError, match="ftp") as refusal:
        open_store("ftp://somewhere")

    assert "disk://" in refusal.value.for_person()


def test_canonical_json_has_one_spelling() -> None:
    assert (
        canonical({"b": 1, "a": ["\u00e9", True, None]}) == '{"a":["é",true,null],"b":1}'.encode()
    )
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    with pytest.raises(TypeError, match="canonical JSON"):
        canonical({"at": NOW})


def test_an_untouched_chain_fits() -> None:
    entries = a_chain(5)

    assert check_chain(entries) == entries[-1]
    assert entries[0].previous == GENESIS
    assert check_chain([]) is None


def test_the_digest_of_an_entry_can_be_computed_by_hand() -> None:
    entry = a_chain(1)[0]
    text = (
        '{"action":"viewed","actor":"person:dana","at":"2026-03-02T04:05:06.070000Z",'
        '"chain":"north","facts":{"sha256":"' + "ab" * 32 + '","size":0,"told":["person:reed"]},'
        '"previous":"' + "0" * 64 + '","seq":1,"subject":"call:C-0"}'
    )

    assert entry.digest == hashlib.sha256(text.encode()).hexdigest()
    assert canonical(body_of(entry)) == text.encode()


@given(st.integers(0, 4), st.sampled_from(["at", "actor", "action", "subject", "facts"]))
def test_any_change_of_a_deed_breaks_the_chain(number: int, field: str) -> None:
    entries = a_chain(5)
    other: dict[str, object] = {
        "at": NOW - timedelta(days=1),
        "actor": "person:mallory",
        "action": "deleted",
        "subject": "call:C-9",
        "facts": {"size": 1_000_000},
    }
    deed = replace(entries[number].deed, **{field: other[field]})  # type: ignore[arg-type]
    entries[number] = replace(entries[number], deed=deed)

    with pytest.raises(Tampered, match=f"Entry {number + 1} of the log of north was changed"):
        check_chain(entries)


@given(st.integers(0, 3))
def test_a_removed_entry_breaks_the_chain(number: int) -> None:
    entries = a_chain(5)
    del entries[number]

    with pytest.raises(Tampered, match="one is missing"):
        check_chain(entries)


def test_a_chain_forged_from_the_middle_breaks_where_it_was_joined() -> None:
    entries = a_chain(5)
    forged = link(
        replace(entries[2].deed, actor="person:mallory"),
        chain="north",
        after=(entries[1].seq, entries[1].digest),
    )
    entries[2] = forged

    with pytest.raises(Tampered, match="Entry 4 .* does not hold the digest"):
        check_chain(entries)
