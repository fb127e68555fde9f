"""Signatures: each fact by itself; nothing that was changed, moved or re-indented counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.alerts import (
    CAP_FILES,
    CAP_XSD,
    HARLOW,
    PrivateKey,
    a_certificate,
    an_ec_key,
    an_rsa_key,
    as_pem,
    pem_of,
)
from tests.bulletins import NOW, a_bulletin
from tests.reference import needs
from tocsin.errors import Error, OutOfTurn, SetupError
from tocsin.warn.cap import Verdict, build_cap, parse_cap, sign_cap, verify_cap

MESSAGES = CAP_FILES / "messages"
TODAY = datetime(2026, 3, 2, tzinfo=UTC)
DS = "{http://www.w3.org/2000/09/xmldsig#}"
UNSIGNED = build_cap(a_bulletin(), sender="a@x.org", areas=(HARLOW,))
SHORT_KEY = rsa.generate_private_key(65537, key_size=1024)  # noqa: S505 -- is to be refused
KEY = an_ec_key()
CERTIFICATE = a_certificate(KEY)
PEM = as_pem(CERTIFICATE)
SIGNED = sign_cap(UNSIGNED, key=pem_of(KEY), certificate=PEM)


def verdict(content: bytes, *trusted: bytes, at: datetime = NOW) -> Verdict:
    return verify_cap(content, trusted=trusted or (PEM,), at=at)


def of_file(name: str, *, at: datetime = TODAY, trusted: tuple[bytes, ...] = ()) -> Verdict:
    return verify_cap((MESSAGES / name).read_bytes(), trusted=trusted, at=at)


@needs("standards", "cap", "xsd")
@pytest.mark.parametrize("key", [an_rsa_key(), an_ec_key()])
def test_what_we_sign_verifies_and_stays_valid(key: PrivateKey) -> None:
    pem = as_pem(a_certificate(key))

    made = sign_cap(UNSIGNED, key=pem_of(key), certificate=pem)

    seen = verdict(made, pem)
    (facts,) = seen.signatures
    assert (facts.covers_all, facts.digest_fits, facts.is_good, facts.is_trusted) == (True,) * 4
    assert (facts.valid_when_sent, facts.valid_when_received) == (True, True)
    assert not facts.is_legacy
    assert seen.message is not None
    assert replace(seen.message, infos=()) == replace(parse_cap(made), infos=())
    assert [one.headline for one in seen.message.infos] == [
        one.headline for one in parse_cap(UNSIGNED).infos
    ]
    etree.XMLSchema(file=str(CAP_XSD)).assertValid(etree.fromstring(made))


def test_ours_is_built_as_receivers_expect() -> None:
    root = etree.fromstring(SIGNED)
    algorithms = [one.get("Algorithm") for one in root.iter() if one.get("Algorithm")]

    assert root[-1].tag == f"{DS}Signature"
    assert [one.get("URI") for one in root.iter(f"{DS}Reference")] == [""]
    assert "http://www.w3.org/2001/10/xml-exc-c14n#" in algorithms
    assert "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256" in algorithms
    assert "http://www.w3.org/2001/04/xmlenc#sha256" in algorithms


def test_a_receiver_that_drops_the_space_between_elements_finds_ours_good() -> None:
    """As the validator of the World Meteorological Organization does before it checks."""
    root = etree.fromstring(SIGNED, etree.XMLParser(remove_blank_text=True))

    assert verdict(etree.tostring(root)).signatures[0].is_sound


def test_signing_touches_no_word() -> None:
    spoken = UNSIGNED.replace(b"any cop", b" any <!-- a --> cop ", 1)

    made = sign_cap(spoken, key=pem_of(KEY), certificate=PEM)

    assert parse_cap(made).infos[0].headline == parse_cap(spoken).infos[0].headline


def test_an_unsigned_message_is_said_to_be_one() -> None:
    seen = verdict(UNSIGNED)

    assert not seen.is_signed
    assert seen.message is None
    assert seen.sentences() == ("The message is not signed.",)


def test_a_changed_word_is_seen_while_the_signature_stays_good() -> None:
    changed = SIGNED.replace(b"any cop", b"two cop", 1)
    seen = verdict(changed)
    (facts,) = seen.signatures

    assert changed != SIGNED
    assert not facts.digest_fits
    assert facts.is_good
    assert seen.message is None
    assert "The words were CHANGED after signing." in seen.sentences()


def test_a_re_indented_message_is_another_message() -> None:
    root = etree.fromstring(SIGNED, etree.XMLParser(remove_blank_text=True))
    seen = verdict(etree.tostring(root, pretty_print=True))
    (facts,) = seen.signatures

    assert not facts.digest_fits
    assert seen.message is None


def test_a_changed_digest_makes_the_signature_bad() -> None:
    root = etree.fromstring(SIGNED.replace(b"any cop", b"two cop", 1))
    value = root.find(f".//{DS}DigestValue")
    assert value is not None
    value.text = "AAAA" + (value.text or "")[4:]

    (facts,) = verdict(etree.tostring(root)).signatures

    assert not facts.is_good


def test_a_certificate_that_nobody_knows_is_not_trusted_though_all_else_is_good() -> None:
    (facts,) = verdict(SIGNED, as_pem(a_certificate(an_ec_key()))).signatures

    assert (facts.digest_fits, facts.is_good, facts.is_trusted) == (True, True, False)


def test_without_anybody_to_trust_nobody_is_trusted() -> None:
    (facts,) = verify_cap(SIGNED, trusted=(), at=NOW).signatures

    assert not facts.is_trusted


def test_a_certificate_of_an_authority_we_trust_is_trusted() -> None:
    root_key, middle_key, key = an_ec_key(), an_ec_key(), an_ec_key()
    root = a_certificate(root_key, name="Root", is_authority=True)
    middle = a_certificate(middle_key, name="Middle", issuer=(root_key, root), is_authority=True)
    leaf = a_certificate(key, issuer=(middle_key, middle))

    made = sign_cap(UNSIGNED, key=pem_of(key), certificate=as_pem(leaf, middle))

    assert verdict(made, as_pem(root)).signatures[0].is_trusted
    assert not verdict(made, as_pem(a_certificate(root_key, name="Root"))).signatures[0].is_trusted


def test_a_sender_that_is_trusted_vouches_for_nobody_else() -> None:
    mallory = an_ec_key()
    leaf = a_certificate(mallory, issuer=(KEY, CERTIFICATE))

    made = sign_cap(UNSIGNED, key=pem_of(mallory), certificate=as_pem(leaf, CERTIFICATE))

    (facts,) = verdict(made, PEM).signatures
    assert facts.is_good
    assert not facts.is_trusted


@pytest.mark.parametrize(
    ("since", "until", "at", "sent", "received"),
    [
        (-1, 1, 0, True, True),
        (-1, 1, 2, True, False),
        (-2, -1, 0, False, False),
        (1, 3, 2, False, True),
    ],
)
def test_when_the_certificate_held_is_two_facts(
    since: int, until: int, at: int, sent: bool, received: bool
) -> None:
    day = timedelta(days=1)
    pem = as_pem(a_certificate(KEY, since=NOW + since * day, until=NOW + until * day))
    made = sign_cap(UNSIGNED, key=pem_of(KEY), certificate=pem)

    (facts,) = verdict(made, pem, at=NOW + at * day).signatures

    assert (facts.valid_when_sent, facts.valid_when_received) == (sent, received)
    assert facts.is_sound
    assert facts.is_trusted


def test_what_is_signed_already_is_not_signed_again() -> None:
    with pytest.raises(OutOfTurn, match="already"):
        sign_cap(SIGNED, key=pem_of(KEY), certificate=PEM)


@pytest.mark.parametrize(
    ("key", "certificate", "why"),
    [
        (b"no key", PEM, "cannot be read"),
        (pem_of(KEY), b"no certificate", "cannot be read"),
        (pem_of(an_ec_key()), PEM, "does not fit"),
        (pem_of(ec.generate_private_key(ec.SECP384R1())), PEM, "kind"),
        (pem_of(SHORT_KEY), PEM, "kind"),
    ],
)
def test_a_key_that_cannot_sign_is_named(key: bytes, certificate: bytes, why: str) -> None:
    with pytest.raises(SetupError, match=why):
        sign_cap(UNSIGNED, key=key, certificate=certificate)


def edited(change: str, to: str) -> bytes:
    assert change in SIGNED.decode()
    return SIGNED.decode().replace(change, to, 1).encode()


@pytest.mark.parametrize(
    "content",
    [
        edited('URI=""', 'URI="#a"'),
        edited('URI=""', 'URI="http://x.org"'),
        edited("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "urn:other"),
        edited("http://www.w3.org/2001/04/xmlenc#sha256", "urn:other"),
        edited("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", "urn:other"),
        edited(
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        ),
        edited("<ds:SignatureValue>", "<ds:SignatureValue>AA"),
        edited("<ds:X509Certificate>", "<ds:X509Certificate>AA"),
        edited("<ds:DigestValue>", "<ds:DigestValue>!"),
        edited("</ds:Reference>", '</ds:Reference><ds:Reference URI=""/>'),
    ],
)
def test_a_signature_of_another_build_vouches_for_nothing(content: bytes) -> None:
    assert verdict(content).message is None


def test_words_slipped_in_beside_a_signature_are_not_signed_words() -> None:
    extra = edited(
        "</info>",
        "</info><info><category>Met</category><event>x</event>"
        "<urgency>Past</urgency><severity>Minor</severity><certainty>Unknown</certainty></info>",
    )

    seen = verdict(extra)

    assert len(parse_cap(extra).infos) == 2
    assert seen.message is None


def test_a_comment_inside_a_word_does_not_change_what_is_read() -> None:
    commented = edited("any cop", "any<!-- not --> cop")

    seen = verdict(commented)

    assert seen.message is None or "any cop" in seen.message.infos[0].headline
    assert "any cop" in parse_cap(commented).infos[0].headline


@settings(max_examples=60)
@given(st.integers(0), st.integers(0, 30), st.binary(max_size=8))
def test_no_damage_gives_anything_but_facts_or_our_errors(at: int, gone: int, new: bytes) -> None:
    start = SIGNED.index(b"<ds:Signature")
    at = start + at % (len(SIGNED) - start)
    content = SIGNED[:at] + new + SIGNED[at + gone :]

    try:
        seen = verdict(content)
    except Error:
        return
    if seen.message:
        assert seen.message.infos[0].headline == parse_cap(UNSIGNED).infos[0].headline


@needs("standards", "cap", "messages", "lew_2019_signed.xml")
def test_the_law_enforcement_warning_of_2019_verifies_at_its_own_time() -> None:
    seen = of_file("lew_2019_signed.xml", at=datetime(2019, 3, 29, 17, tzinfo=UTC))
    (facts,) = seen.signatures

    assert facts.is_sound
    assert (facts.valid_when_sent, facts.valid_when_received) == (True, True)
    assert facts.subject.startswith("CN=IPAWSOPEN_200076")
    assert not facts.is_trusted
    assert seen.message
    assert seen.message.infos[0].event == "Law Enforcement Warning"


@needs("standards", "cap", "messages", "lew_2019_signed.xml")
def test_and_today_it_is_expired_not_forged() -> None:
    (facts,) = of_file("lew_2019_signed.xml").signatures

    assert facts.is_sound
    assert (facts.valid_when_sent, facts.valid_when_received) == (True, False)


@needs("standards", "cap", "messages", "lew_2019_signed.xml")
@pytest.mark.parametrize(("old", "new"), [(b"Hampstead", b"Hampsteat"), (b"</info>", b"</info> ")])
def test_and_with_one_byte_changed_it_is_not_what_was_signed(old: bytes, new: bytes) -> None:
    content = (MESSAGES / "lew_2019_signed.xml").read_bytes()
    seen = verify_cap(content.replace(old, new, 1), trusted=(), at=TODAY)

    assert not seen.signatures[0].digest_fits
    assert seen.message is None


@needs("standards", "cap", "messages")
def test_a_real_cancel_of_2016_is_good_and_outdated() -> None:
    seen = of_file("no_info_tag.cap", at=datetime(2016, 2, 25, 21, tzinfo=UTC))
    (facts,) = seen.signatures

    assert (facts.covers_all, facts.digest_fits, facts.is_good) == (True, True, True)
    assert (facts.valid_when_sent, facts.valid_when_received) == (True, True)
    assert facts.subject.startswith("CN=IPAWSOPEN_120009")
    assert facts.is_legacy  # its digest is SHA-1
    assert seen.message is None


@needs("standards", "cap", "messages")
def test_today_its_certificate_has_expired_and_it_is_still_not_forged() -> None:
    (facts,) = of_file("no_info_tag.cap").signatures

    assert facts.is_good
    assert (facts.valid_when_sent, facts.valid_when_received) == (True, False)


@needs("standards", "cap", "messages")
def test_with_one_byte_changed_its_digest_no_longer_fits() -> None:
    content = (MESSAGES / "no_info_tag.cap").read_bytes().replace(b">Actual<", b">Actuam<")
    exercise = content.replace(b">Actuam<", b">System<")

    (facts,) = verify_cap(exercise, trusted=(), at=TODAY).signatures

    assert not facts.digest_fits
    assert facts.is_good


@needs("standards", "cap", "messages")
def test_both_signatures_of_naads_are_told_apart() -> None:
    seen = of_file("CanadaNaad.xml")
    outer, inner = seen.signatures

    assert outer.digest_fits
    assert not outer.is_good
    assert inner.is_sound
    assert inner.subject.startswith("CN=meteo.gc.ca")
    assert inner.valid_when_sent is False  # it had expired ten months before
    assert seen.message
    assert seen.message.infos[0].language == "en-CA"
    assert seen.sentences()[0].startswith("Signature 1:")


@needs("standards", "cap", "messages")
@pytest.mark.parametrize(
    "name", ["ph.cap", "earthquake_signed.cap", "earthquake-iso8859-1.cap", "canada_signed.cap"]
)
def test_signatures_with_sha_1_are_called_outdated_and_vouch_for_nothing(name: str) -> None:
    seen = of_file(name)

    assert seen.is_signed
    assert all(one.is_legacy for one in seen.signatures)
    assert seen.message is None
    assert any("outdated" in sentence for sentence in seen.sentences())
