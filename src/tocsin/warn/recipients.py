"""Whom a bulletin concerns: the ground it names, the agencies there, the people on duty now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.assess import Act, Role, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person as far as a warning needs to know.

    Attributes:
        key: the record's key.
        agency: key of the agency.
        roles: all that the person is on duty as.
        is_on_duty: whether a shift covers the moment of release.
    """

    key: str
    agency: str
    roles: frozenset[Role]
    is_on_duty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A person who is to be told, and every reason why."""

    key: str
    why: tuple[str, ...]


def choose_recipients(
    candidates: Iterable[Candidate],
    *,
    reasons: Mapping[str, tuple[str, ...]],
) -> tuple[Chosen, ...]:
    """Everybody on duty in an agency concerned who may receive bulletins.

    Args:
        candidates: all people of the installation.
        reasons: for each agency concerned, why it is: `answers for Harlow`, `named by the caller`.
    """
    return tuple(
        Chosen(key=one.key, why=reasons[one.agency])
        for one in candidates
        if one.is_on_duty and one.agency in reasons and may(one.roles, Act.RECEIVE_BULLETINS)
    )
