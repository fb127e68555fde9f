"""What every page may show of its surroundings."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tocsin import __version__
from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records.boards.threats import new_threats


def desk(request: HttpRequest) -> dict[str, Any]:
    """Version, time and zone; for who is signed in his rights and the threats nobody has taken."""
    shown: dict[str, Any] = {"version": __version__, "now": timezone.now()}
    # The pages of errors are shown before anybody is known to be signed in, too.
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {**shown, "zone": settings.TOCSIN.zone, "may": {}, "alarms": ()}
    return {
        **shown,
        "zone": person.agency.zone,
        "may": {act.name: person.may(act) for act in Act},
        "alarms": SimpleLazyObject(lambda: new_threats(person)),
    }
