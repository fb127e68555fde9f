"""A browser's subscription to web push, and what is sealed for it alone.

The push service carries the message and cannot read it: the browser's key seals it (RFC 8291), and
our own key says who sends (RFC 8292). Our key is made from a secret text of the installation, so
that there is one secret to keep and nothing to store.
"""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tocsin.errors import BadText, SetupError

LARGEST = 4096
"""Characters of a subscription."""

LARGEST_PAYLOAD = 3993
"""Bytes that can be sealed: a push service takes 4096 with head and tag (RFC 8030, 7.2)."""

SHORTEST_SECRET = 32
"""Characters of the text from which our key is made."""

_RECORD = 4096
_KEY_LENGTH = 65
_AUTH_LENGTH = 16
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256 (FIPS 186-5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Where a browser listens, and the keys that seal for it.

    Attributes:
        endpoint: address at the push service.
        key: the browser's public key, an uncompressed point of P-256.
        auth: 16 bytes that only the browser and we know.
    """

    endpoint: str
    key: bytes
    auth: bytes


def parse_subscription(text: str) -> Subscription:
    """What `PushSubscription.toJSON()` gave, understood.

    Raises:
        BadText: it is none.
    """
    try:
        found = json.loads(text[: LARGEST + 1])
        endpoint, keys = found["endpoint"], found["keys"]
        key, auth = from_base64(keys["p256dh"]), from_base64(keys["auth"])
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _no_subscription() from error
    is_text = isinstance(endpoint, str) and len(text) <= LARGEST
    if not is_text or len(auth) != _AUTH_LENGTH or len(key) != _KEY_LENGTH:
        raise _no_subscription()
    return Subscription(endpoint=endpoint, key=key, auth=auth)


def as_address(subscription: Subscription) -> str:
    """The subscription as a person's address: compact JSON."""
    keys = {"p256dh": to_base64(subscription.key), "auth": to_base64(subscription.auth)}
    return json.dumps({"endpoint": subscription.endpoint, "keys": keys}, separators=(",", ":"))


def sender_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """Our key, always the same for the same secret.

    Raises:
        SetupError: the secret is too short.
    """
    if len(secret) < SHORTEST_SECRET:
        raise SetupError(
            "The channel push has no secret, or a short one.",
            way_out=f"Set one of at least {SHORTEST_SECRET} characters, and never change it.",
        )
    # 48 bytes for 32: what is left of the bias cannot be measured (FIPS 186-5, A.2.1).
    many = HKDF(hashes.SHA256(), 48, salt=None, info=b"tocsin web push sender").derive(
        secret.encode()
    )
    return ec.derive_private_key(int.from_bytes(many, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def sender_name(secret: str) -> str:
    """Our public key, as a page hands it to the browser (`applicationServerKey`).

    Raises:
        SetupError: the secret is too short.
    """
    return to_base64(_point(sender_key(secret).public_key()))


def seal(subscription: Subscription, payload: bytes) -> bytes:
    """The body of the request to the push service; only that browser can open it.

    Raises:
        BadText: the payload is over `LARGEST_PAYLOAD` bytes.
    """
    return seal_with(
        subscription, payload, own=ec.generate_private_key(ec.SECP256R1()), salt=os.urandom(16)
    )


def seal_with(
    subscription: Subscription,
    payload: bytes,
    *,
    own: ec.EllipticCurvePrivateKey,
    salt: bytes,
) -> bytes:
    """The same with a key and a salt that are given: used once, or the seal is broken."""
    if len(payload) > LARGEST_PAYLOAD:
        raise BadText(f"{len(payload)} bytes cannot be pushed: {LARGEST_PAYLOAD} are the most.")
    # RFC 8291, 3.4: the shared secret, bound to both keys.
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), subscription.key)
    point = _point(own.public_key())
    shared = _derive(
        own.exchange(ec.ECDH(), theirs),
        salt=subscription.auth,
        info=b"WebPush: info\0" + subscription.key + point,
        length=32,
    )
    # RFC 8188, 2.2 and 2.3: the content's key and nonce.
    key = _derive(shared, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derive(shared, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    # RFC 8188, 2.1: head, and the one record, which ends with its delimiter.
    head = salt + _RECORD.to_bytes(4, "big") + bytes([len(point)]) + point
    return head + AESGCM(key).encrypt(nonce, payload + b"\x02", None)


def to_base64(raw: bytes) -> str:
    """Base64 for addresses, without padding (RFC 4648, 5)."""
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def from_base64(text: str) -> bytes:
    """The bytes again; ValueError where there are none."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _no_subscription() -> BadText:
    return BadText(
        "This is no subscription of a browser.",
        way_out="Switch notifications off and on again on that device.",
    )


def _derive(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt=salt, info=info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
