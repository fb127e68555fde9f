"""What an open page may hear of: asked when it opens, and again as long as it is open."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils.crypto import constant_time_compare

from tocsin.assess import Act
from tocsin.desk.console.drawing import Scope
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.boards.missing import in_force_for, untold_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What the person in front of a page may hear of.

    Attributes:
        centers: keys of the centers whose changes he is told by name.
        scope: what his list shows; None where he may not see calls.
    """

    centers: frozenset[str]
    scope: Scope | None


def right_of(person: Person) -> Right:
    """What this person may hear of."""
    return _right(person, _Sight(person))


def rights_of(sessions: Collection[str], *, now: datetime) -> dict[str, Right]:
    """What each session's person may hear of, by the session's key.

    A session that has ended, and one whose person was closed out or has another password, is left
    out.
    """
    sights: dict[int, _Sight] = {}
    found = {}
    for key, person in _people(sessions, now=now).items():
        if not person.may(Act.SEE_CALLS):
            found[key] = Right(centers=frozenset(), scope=None)
            continue
        # Who sees calls sees those of his agency, whoever he is.
        if person.agency_id not in sights:
            sights[person.agency_id] = _Sight(person)
        found[key] = _right(person, sights[person.agency_id])
    return found


class _Sight:
    """What everybody of one agency who sees calls may see, asked for once."""

    def __init__(self, person: Person) -> None:
        self.centers = frozenset(centers_of(person).values_list("key", flat=True))
        self.bulletins = in_force_for(person)
        self.untold = untold_for(person)


def _right(person: Person, sight: _Sight) -> Right:
    if not person.may(Act.SEE_CALLS):
        return Right(centers=frozenset(), scope=None)
    scope = Scope(
        bulletins=sight.bulletins,
        untold=sight.untold,
        zone=person.agency.zone,
        may_enter=person.may(Act.ACKNOWLEDGE_FOR),
    )
    return Right(centers=sight.centers, scope=scope)


def _people(sessions: Collection[str], *, now: datetime) -> dict[str, Person]:
    """Who is signed in by each session, as Django's own sign-in sees it."""
    rows = Session.objects.filter(session_key__in=sessions, expire_date__gt=now)
    words = {row.session_key: row.get_decoded() for row in rows}
    logins = {key: word.get(SESSION_KEY, "") for key, word in words.items()}
    people = _by_key(logins.values())
    return {
        key: person
        for key, word in words.items()
        if (person := people.get(logins[key]))
        and constant_time_compare(word.get(HASH_SESSION_KEY, ""), person.get_session_auth_hash())
    }


def _by_key(keys: Iterable[str]) -> dict[str, Person]:
    wanted = [int(key) for key in set(keys) if key.isdecimal()]
    rows = Person.objects.filter(pk__in=wanted, is_active=True).select_related("agency")
    return {str(person.pk): person for person in rows}
