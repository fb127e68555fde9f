"""Who is calling the API: a person who is signed in, or a machine with a key."""

from dataclasses import dataclass

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of
from tocsin.desk.records.commands.accounts import find_key
from tocsin.errors import NotAllowed, NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls, and for which center he may speak."""

    actor: Person | str
    center: Agency


class ByKey(HttpBearer):
    """`Authorization: Bearer SECRET`, with a secret that `tocsin key` made."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The machine with this key; None where there is none."""
        try:
            key = find_key(token)
        except NotFound:
            return None
        return Caller(actor=f"key:{key.name}", center=key.center)


class BySession(SessionAuth):
    """The cookie of a person who is signed in; writing needs the page's CSRF token too."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The person; None where nobody is signed in."""
        person = request.user
        return caller_of(person) if isinstance(person, Person) else None


def caller_of(person: Person) -> Caller:
    """The person, speaking for his center.

    Raises:
        NotAllowed: no dispatch center serves his agency.
    """
    center = centers_of(person).first()
    if center is None:
        raise NotAllowed(
            f"{person.agency} is served by no dispatch center.",
            way_out="Ask the administrator to name its center.",
        )
    return Caller(actor=person, center=center)
