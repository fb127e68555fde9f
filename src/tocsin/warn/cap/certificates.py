"""Keys and certificates: read, and asked whom they are of, when they hold and who vouches."""

import binascii
from base64 import b64decode
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import verification

from tocsin.errors import SetupError

SMALLEST_RSA = 2048
"""Bits; shorter keys are as outdated as SHA-1 (NIST SP 800-131A)."""


def load_key(pem: bytes) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    """The key in a PEM file.

    Raises:
        SetupError: it cannot be read, has a password, or is of another kind than receivers know.
    """
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SetupError(
            f"The key that signs CAP cannot be read ({error}).",
            way_out="Give a PEM file without a password.",
        ) from error
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= SMALLEST_RSA:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise SetupError(
        "The key that signs CAP is of a kind that receivers do not know.",
        way_out=f"Use RSA of {SMALLEST_RSA} bits or more, or ECDSA on P-256.",
    )


def load_chain(pem: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates in a PEM file, in its order.

    Raises:
        SetupError: one cannot be read, or there is none.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except (ValueError, binascii.Error) as error:
        raise SetupError(
            f"A certificate cannot be read ({error}).", way_out="Give it as a PEM file."
        ) from error


def read_certificate(text: str) -> x509.Certificate:
    """The certificate in a base64 text, of which every field that is used here can be read.

    Raises:
        ValueError, UnsupportedAlgorithm: it cannot.
    """
    leaf = x509.load_der_x509_certificate(b64decode(text))
    leaf.subject.rfc4514_string()
    leaf.issuer.rfc4514_string()
    leaf.public_key()
    fingerprint(leaf)
    holds(leaf, leaf.not_valid_before_utc)
    return leaf


def public_bytes(key: object) -> bytes:
    """The public key in one fixed form; empty for kinds that nobody signs alerts with."""
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b""


def is_trusted(
    leaf: x509.Certificate,
    beside: tuple[x509.Certificate, ...],
    anchors: tuple[x509.Certificate, ...],
    sent_at: datetime,
) -> bool:
    """The certificate is pinned, or a chain leads to an authority.

    The chain is looked at when the alert was sent, or at the certificate's last moment where it
    had expired by then: that it had is a fact of its own.
    """
    if leaf in anchors:
        return True
    authorities = [one for one in anchors if _is_authority(one)]
    if not authorities:
        return False
    moment = min(max(sent_at, leaf.not_valid_before_utc), leaf.not_valid_after_utc)
    try:
        verification.PolicyBuilder().store(verification.Store(authorities)).time(
            moment
        ).extension_policies(
            ee_policy=verification.ExtensionPolicy.permit_all(),
            ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
        ).build_client_verifier().verify(leaf, [one for one in beside if one != leaf])
    except (verification.VerificationError, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    """It may vouch for others; a sender's own certificate vouches for itself alone."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def holds(leaf: x509.Certificate | None, moment: datetime) -> bool | None:
    """Whether the certificate was valid at the moment; None without one."""
    if leaf is None:
        return None
    return leaf.not_valid_before_utc <= moment <= leaf.not_valid_after_utc


def fingerprint(leaf: x509.Certificate | None) -> str:
    """SHA-256 of the certificate in hexadecimal; empty without one."""
    return sha256(leaf.public_bytes(Encoding.DER)).hexdigest() if leaf else ""


def is_short(leaf: x509.Certificate | None) -> bool:
    """The certificate's key is too short to prove anything today."""
    key = leaf.public_key() if leaf else None
    return isinstance(key, rsa.RSAPublicKey) and key.key_size < SMALLEST_RSA
