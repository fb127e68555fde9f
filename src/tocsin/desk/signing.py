"""Our own signature on CAP: the key and the certificate that the settings name.

The pair is tried at the start of the program, so that a wrong one is found out before the night.
When signing fails later, the message leaves unsigned: a warning does not wait for a key.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from tocsin.errors import Error, SetupError
from tocsin.warn.cap import sign_cap
from tocsin.warn.cap.certificates import fingerprint, load_chain
from tocsin.warn.preflight import Expiring, Fault, Finding, Severity

WAY_OUT = "Correct TOCSIN_CAP_KEY and TOCSIN_CAP_CERTIFICATE; docs/cap.md says how they are made."

_TRIAL = (
    b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>trial</identifier>'
    b"<sender>tocsin@localhost</sender><sent>2026-01-01T00:00:00-00:00</sent>"
    b"<status>Draft</status><msgType>Alert</msgType><scope>Public</scope></alert>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A message as it leaves.

    Attributes:
        content: its final bytes.
        trouble: why it is not signed although it should be; empty where all is as set up.
    """

    content: bytes
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSignature:
    """What is known of our own signature now.

    Attributes:
        is_set: a key and a certificate are named in the settings.
        trouble: why they do not work; empty where they do.
        subject: whose certificate it is.
        fingerprint: SHA-256 in hexadecimal, for those who are to pin it.
        expires_at: the end of the certificate; None where it cannot be read.
    """

    is_set: bool
    trouble: str = ""
    subject: str = ""
    fingerprint: str = ""
    expires_at: datetime | None = None


def require_pair(key: str, certificate: str) -> tuple[str, str]:
    """The two paths, which name a key and a certificate that fit each other, or two empty texts.

    Raises:
        SetupError: one of the two is missing, cannot be read, or does not fit the other.
    """
    if bool(key) != bool(certificate):
        missing = "TOCSIN_CAP_CERTIFICATE" if key else "TOCSIN_CAP_KEY"
        raise SetupError(
            f"CAP messages cannot be signed: {missing} is not set.",
            way_out="Set both, or neither: then messages are not signed.",
        )
    if key:
        _sign(_TRIAL, key, certificate)
    return key, certificate


def sign_own(content: bytes) -> Signed:
    """The message with our signature; without it where none is set up, or where signing fails."""
    key, certificate = settings.TOCSIN_CAP_KEY, settings.TOCSIN_CAP_CERTIFICATE
    if not key:
        return Signed(content=content)
    try:
        return Signed(content=_sign(content, key, certificate))
    except Error as error:
        return Signed(content=content, trouble=error.for_person())


def own_signature() -> OwnSignature:
    """How our signature stands: tried on a message that goes nowhere."""
    key, path = settings.TOCSIN_CAP_KEY, settings.TOCSIN_CAP_CERTIFICATE
    if not key:
        return OwnSignature(is_set=False)
    trouble = sign_own(_TRIAL).trouble
    try:
        leaf = load_chain(_read(path))[0]
    except SetupError:
        return OwnSignature(is_set=True, trouble=trouble)
    return OwnSignature(
        is_set=True,
        trouble=trouble,
        subject=leaf.subject.rfc4514_string(),
        fingerprint=fingerprint(leaf),
        expires_at=leaf.not_valid_after_utc,
    )


def expiring_signature() -> tuple[Expiring, ...]:
    """Our certificate with its end, for the pre-flight."""
    own = own_signature()
    if not own.is_set or own.expires_at is None:
        return ()
    return (Expiring(name="the certificate that signs our CAP", expires_at=own.expires_at),)


def signature_findings() -> tuple[Finding, ...]:
    """What the pre-flight says of a key or certificate that does not work now."""
    own = own_signature()
    if not own.trouble:
        return ()
    finding = Finding(
        severity=Severity.SEVERE,
        fault=Fault.CHANNEL_FAILS,
        subject="cap:signature",
        who="our signature on CAP",
        sentence=f"CAP messages leave unsigned: {own.trouble}",
        way_out=WAY_OUT,
    )
    return (finding,)


def _sign(content: bytes, key: str, certificate: str) -> bytes:
    try:
        return sign_cap(content, key=_read(key), certificate=_read(certificate))
    except SetupError as error:
        raise SetupError(error.what, way_out=f"{error.way_out} {WAY_OUT}".strip()) from error


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read: {error}.", way_out=WAY_OUT) from error
