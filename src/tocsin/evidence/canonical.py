"""One way to write a value as bytes, so that its digest can be computed by anybody (RFC 8785)."""

import hashlib

import rfc8785


def canonical(value: object) -> bytes:
    """The JSON Canonicalization Scheme's bytes of a JSON value.

    Raises:
        TypeError: the value holds something JSON has no word for.
    """
    try:
        return bytes(rfc8785.dumps(value))  # type: ignore[arg-type] # checked by rfc8785
    except rfc8785.CanonicalizationError as error:
        raise TypeError(f"cannot be written as canonical JSON: {error}") from error


def digest_of(value: object) -> str:
    """SHA-256 of the canonical bytes, hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()
