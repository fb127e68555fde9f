"""A browser that has subscribed to web push, as far as its keys go: it opens what is sealed."""

import hashlib
import hmac
import json
import os
from base64 import urlsafe_b64encode
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


class Browser:
    """The receiver's side of RFC 8291, written from the standard and not from our sender."""

    def __init__(
        self, own: ec.EllipticCurvePrivateKey | None = None, auth: bytes | None = None
    ) -> None:
        self._own = own or ec.generate_private_key(ec.SECP256R1())
        self._auth = auth or os.urandom(16)
        self.key = self._own.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )

    def subscription(self, endpoint: str) -> str:
        """What the page hands to the server."""
        keys = {"p256dh": _text(self.key), "auth": _text(self._auth)}
        return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": keys})

    def read(self, body: bytes) -> dict[str, Any]:
        """The payload that was pushed."""
        found: dict[str, Any] = json.loads(self.opened(body))
        return found

    def opened(self, body: bytes) -> bytes:
        """The bytes that were sealed."""
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        point, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        shared = self._own.exchange(ec.ECDH(), theirs)
        secret = _expand(_mac(self._auth, shared), b"WebPush: info\0" + self.key + point, 32)
        mixed = _mac(salt, secret)
        key = _expand(mixed, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _expand(mixed, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert padded.endswith(b"\x02")
        return padded[:-1]


def _mac(key: bytes, content: bytes) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return _mac(key, info + b"\x01")[:length]


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")
