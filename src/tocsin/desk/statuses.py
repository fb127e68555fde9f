"""The HTTP status that fits each of our errors."""

from tocsin.errors import (
    Error,
    InputError,
    MissingReason,
    NotAllowed,
    NotFound,
    OutOfTurn,
    TooLarge,
    TooMany,
)

_STATUS: tuple[tuple[type[Error], int], ...] = (
    (TooLarge, 413),
    (TooMany, 429),
    (InputError, 422),
    (MissingReason, 422),
    (NotAllowed, 403),
    (NotFound, 404),
    (OutOfTurn, 409),
)


def status_of(error: Error) -> int:
    """The HTTP status that fits an error; 503 for what is wrong with this installation."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 503)
