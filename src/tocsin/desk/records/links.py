"""The signed link in a message: it stands for one delivery to one person, and nothing else."""

import uuid

from django.conf import settings
from django.core import signing

from tocsin.errors import NotFound

_SALT = "tocsin.acknowledge"


def link_of(key: uuid.UUID) -> str:
    """Where the person acknowledges: `ADDRESS/a/TOKEN`."""
    return f"{settings.TOCSIN.address}/a/{signing.Signer(salt=_SALT).sign(key.hex)}"


def key_of(token: str) -> uuid.UUID:
    """The delivery that a token stands for.

    Raises:
        NotFound: it was not made here, or was changed.
    """
    try:
        return uuid.UUID(hex=signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound(
            "This link is not one of ours, or it was cut.",
            way_out="Open the link from the message again, whole; or sign in.",
        ) from error


def no_message() -> NotFound:
    """What is said to a link of ours whose message is not on record."""
    return NotFound(
        "The message of this link is not on record here.",
        way_out="Sign in to see your bulletins, or call your dispatch center.",
    )
