"""Who of the agencies concerned is told: those on duty, those who come on next, chosen roles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Act, Role, may


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person as far as a warning needs to know.

    Attributes:
        key: the record's key.
        agency: key of the agency.
        roles: all that the person is on duty as.
        is_on_duty: whether a shift covers the moment of release.
        comes_on_at: when the next shift begins, in the agency's zone; None for never.
    """

    key: str
    agency: str
    roles: frozenset[Role]
    is_on_duty: bool
    comes_on_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A person who is to be told, and every reason why.

    Attributes:
        key: the record's key.
        why: sentences.
        comes_on_at: when he comes on duty, for who is not; None for who is.
    """

    key: str
    why: tuple[str, ...]
    comes_on_at: datetime | None = None


def choose_recipients(
    candidates: Iterable[Candidate],
    *,
    reasons: Mapping[str, tuple[str, ...]],
    roles: frozenset[Role] = frozenset(),
    until: datetime | None = None,
) -> tuple[Chosen, ...]:
    """Everybody on duty, or soon to be, who is concerned and may receive bulletins; each once.

    Args:
        candidates: all people of the installation.
        reasons: for each agency concerned, why it is: `answers for Harlow`, `named by the caller`.
        roles: told in every agency of the installation.
        until: who comes on duty up to this moment is told as well; None for nobody.
    """
    chosen: dict[str, Chosen] = {}
    for one in candidates:
        why = (*reasons.get(one.agency, ()), *_asked(one, roles))
        is_next = not one.is_on_duty and _comes_on(one, until)
        if not why or not (one.is_on_duty or is_next) or not may(one.roles, Act.RECEIVE_BULLETINS):
            continue
        if is_next:
            why = (*why, f"comes on duty {one.comes_on_at:%H:%M}")
        before = chosen[one.key].why if one.key in chosen else ()
        chosen[one.key] = Chosen(
            key=one.key,
            why=tuple(dict.fromkeys((*before, *why))),
            comes_on_at=one.comes_on_at if is_next else None,
        )
    return tuple(chosen.values())


def _asked(one: Candidate, roles: frozenset[Role]) -> list[str]:
    held = sorted(role.value.replace("_", " ") for role in one.roles & roles)
    return [f"every {role} is told" for role in held]


def _comes_on(one: Candidate, until: datetime | None) -> bool:
    return until is not None and one.comes_on_at is not None and one.comes_on_at <= until
