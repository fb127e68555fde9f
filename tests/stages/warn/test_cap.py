"""CAP 1.2: valid against the schema, whatever a bulletin says."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from tests.bulletins import NOW, a_bulletin, some_content
from tests.reference import REFERENCE, needs
from tocsin.errors import OutOfTurn
from tocsin.warn import Bulletin, BulletinKind, CapArea, CapReference, build_cap, reference_to
from tocsin.warn.cap import cap_time

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
XSD = REFERENCE / "standards" / "cap" / "xsd" / "CAP-v1.2.xsd"
SQUARE = ((-105.2, 39.1), (-105.0, 39.1), (-105.0, 39.3), (-105.2, 39.3), (-105.2, 39.1))
HARLOW = CapArea(name="Harlow", rings=(SQUARE,))
EARLIER = CapReference(
    sender="tocsin@example.org", identifier="B-2026-000001.1", sent="2026-03-01T21:05:06-07:00"
)


def message(
    bulletin: Bulletin, *, areas: tuple[CapArea, ...] = (HARLOW,), sender: str = "tocsin@x.org"
) -> bytes:
    references = () if bulletin.kind is BulletinKind.ALERT else (EARLIER,)
    return build_cap(bulletin, sender=sender, areas=areas, references=references)


def text(raw: bytes, name: str) -> str | None:
    found = etree.fromstring(raw).find(f".//{CAP}{name}")
    return None if found is None else found.text


@needs("standards", "cap", "xsd")
@pytest.mark.parametrize("kind", list(BulletinKind))
@pytest.mark.parametrize("areas", [(), (HARLOW,), (HARLOW, HARLOW)])
def test_every_kind_is_valid_by_two_validators(
    kind: BulletinKind, areas: tuple[CapArea, ...]
) -> None:
    raw = message(a_bulletin(kind=kind, content=some_content(change="cleared")), areas=areas)

    etree.XMLSchema(file=str(XSD)).assertValid(etree.fromstring(raw))
    xmlschema.XMLSchema(str(XSD)).validate(raw.decode())


@needs("standards", "cap", "xsd")
@given(st.text(), st.text(), st.lists(st.text(), max_size=3))
def test_no_words_make_it_invalid(safety_line: str, said: str, not_known: list[str]) -> None:
    content = some_content(safety_line=safety_line, said=said, not_known=tuple(not_known))

    etree.XMLSchema(file=str(XSD)).assertValid(
        etree.fromstring(message(a_bulletin(content=content)))
    )


def test_it_is_restricted_and_says_to_whom() -> None:
    raw = message(a_bulletin())

    assert text(raw, "scope") == "Restricted"
    assert "Not for public release" in (text(raw, "restriction") or "")
    assert text(raw, "status") == "Actual"


def test_an_exercise_is_marked_as_one() -> None:
    assert text(message(a_bulletin(is_exercise=True)), "status") == "Exercise"


def test_it_judges_nothing_that_a_person_must_judge() -> None:
    raw = message(a_bulletin())

    assert text(raw, "certainty") == "Unknown"
    assert text(raw, "urgency") == "Unknown"


def test_a_cancel_is_no_all_clear() -> None:
    raw = message(a_bulletin(kind=BulletinKind.CANCEL, content=some_content(change="retracted")))

    assert text(raw, "msgType") == "Cancel"
    assert text(raw, "responseType") is None
    assert text(raw, "note") == "retracted"


def test_ground_is_written_latitude_first_and_closed() -> None:
    pairs = (text(message(a_bulletin()), "polygon") or "").split()

    assert pairs[0] == "39.100000,-105.200000"
    assert pairs[0] == pairs[-1]
    assert len(pairs) == 5


def test_an_update_refers_by_the_exact_strings_of_the_first() -> None:
    first = message(a_bulletin())
    reference = reference_to(first)
    later = a_bulletin(kind=BulletinKind.UPDATE, version=2, content=some_content(change="a name"))

    raw = build_cap(later, sender="tocsin@x.org", areas=(), references=(reference,))

    sent = text(first, "sent")
    assert text(raw, "references") == f"tocsin@x.org,B-2026-000001.1,{sent}"


@pytest.mark.parametrize("kind", [BulletinKind.UPDATE, BulletinKind.CANCEL])
def test_an_update_or_cancel_that_refers_to_nothing_is_refused(kind: BulletinKind) -> None:
    with pytest.raises(OutOfTurn, match="must refer"):
        build_cap(a_bulletin(kind=kind), sender="tocsin@x.org", areas=())


@pytest.mark.parametrize("sender", ["", "a b@x.org", "a,b@x.org", "a<b@x.org", "a&b@x.org"])
def test_a_sender_that_cap_bars_is_refused(sender: str) -> None:
    with pytest.raises(OutOfTurn, match="sender") as refusal:
        message(a_bulletin(), sender=sender)

    assert "TOCSIN_CAP_SENDER" in refusal.value.for_person()


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["America/Denver", "UTC", "Europe/London", "Asia/Kolkata"]),
)
def test_times_have_cap_s_own_shape(moment: datetime, zone: str) -> None:
    text = cap_time(moment.replace(tzinfo=UTC), zone)

    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", text)
    assert not text.endswith("+00:00")


def test_times_keep_their_moment() -> None:
    bulletin = replace(a_bulletin(), expires_at=NOW + timedelta(hours=12))

    assert text(message(bulletin), "expires") == "2026-03-02T09:05:06-07:00"
