"""Builders of alerts, keys and certificates for the tests of CAP."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.bulletins import NOW
from tests.reference import REFERENCE
from tocsin.warn import BulletinKind
from tocsin.warn.cap import (
    CapArea,
    CapReference,
    Handling,
    IpawsChoice,
    Judgement,
    PublicText,
    PublicWarning,
)

CAP_FILES = REFERENCE / "standards" / "cap"
CAP_XSD = CAP_FILES / "xsd" / "CAP-v1.2.xsd"
IPAWS_XSD = CAP_FILES / "xsd" / "capv1.2-ipaws-profile-v1.0-pr02.xsd"

SQUARE = ((-105.2, 39.1), (-105.0, 39.1), (-105.0, 39.3), (-105.2, 39.3), (-105.2, 39.1))
COLORADO = ((-109.05, 37.0), (-102.05, 37.0), (-102.05, 41.0), (-109.05, 41.0), (-109.05, 37.0))
HARLOW = CapArea(name="Harlow", rings=(SQUARE,), counties=("008059",))
EARLIER = CapReference(
    sender="tocsin@example.org", identifier="B-2026-000001.1", sent="2026-03-01T21:05:06-07:00"
)
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

ENGLISH = PublicText(
    event="Law Enforcement Warning",
    headline="Police ask everybody in Harlow to stay inside",
    description="Police are looking for an armed man near Main Street.",
    instruction="Stay inside and lock your doors. Call 911 if you see him.",
    short="Police activity near Main Street in Harlow. Stay inside.",
    long="Police are looking for an armed man near Main Street in Harlow. Stay inside.",
)
SPANISH = PublicText(
    event="Aviso de la policia",
    headline="La policia pide a todos en Harlow que se queden en casa",
    description="La policia busca a un hombre armado cerca de Main Street.",
    instruction="Quedense en casa y cierren las puertas. Llamen al 911 si lo ven.",
    short="Actividad policial en Harlow. Quedense en casa.",
    long="La policia busca a un hombre armado en Harlow. Quedense en casa.",
    language="es-US",
)


def a_public_warning(**changes: Any) -> PublicWarning:
    """A warning to the public, as a person wrote it."""
    facts: dict[str, Any] = {
        "identifier": "P-2026-000001.1",
        "kind": BulletinKind.ALERT,
        "status": "Actual",
        "sender_name": "Northside Communications",
        "texts": (ENGLISH, SPANISH),
        "judgement": Judgement(
            urgency="Immediate", severity="Severe", certainty="Likely", response="Shelter"
        ),
        "released_at": NOW,
        "expires_at": NOW + timedelta(hours=2),
        "zone": "America/Denver",
    }
    return PublicWarning(**(facts | changes))


def an_ipaws_choice(**changes: Any) -> IpawsChoice:
    """What a person chose for IPAWS."""
    facts: dict[str, Any] = {
        "event_code": "LEW",
        "organisation": "CIV",
        "operator": "201971",
        "agency": "Northside Communications",
        "blocked": ("NWEM",),
        "handling": Handling.IMMINENT_THREAT,
        "timezone": "MST",
    }
    return IpawsChoice(**(facts | changes))


def an_rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def an_ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def pem_of(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def a_certificate(
    key: PrivateKey,
    *,
    name: str = "Northside Communications",
    issuer: tuple[PrivateKey, x509.Certificate] | None = None,
    is_authority: bool = False,
    since: datetime = datetime(2026, 1, 1, tzinfo=UTC),
    until: datetime = datetime(2027, 1, 1, tzinfo=UTC),
) -> x509.Certificate:
    """A certificate of the key; by itself, or by an issuer."""
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    signer = issuer[0] if issuer else key
    public = signer.public_key()
    usage: Mapping[str, bool] = dict.fromkeys(
        (
            *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
            *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
        ),
        False,
    ) | {"digital_signature": not is_authority, "key_cert_sign": is_authority}
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("cap.example.org")]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), False)
        .sign(signer, hashes.SHA256())
    )


def as_pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)
