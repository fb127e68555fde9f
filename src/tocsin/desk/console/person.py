"""The person in front of the page."""

from django.http import HttpRequest

from tocsin.desk.people.models import Person
from tocsin.errors import NotAllowed


def person_of(request: HttpRequest) -> Person:
    """The person who is signed in.

    Raises:
        NotAllowed: nobody is.
    """
    if isinstance(request.user, Person):
        return request.user
    raise NotAllowed("Nobody is signed in.", way_out="Sign in first.")
