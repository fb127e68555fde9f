"""Writes down who looked at what."""

from datetime import datetime

from django.db import transaction

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log


@transaction.atomic
def record_view(
    center: Agency, subject: str, *, action: str, person: Person, now: datetime
) -> None:
    """The log says that this person saw, played or fetched the subject."""
    log.append(center, action, subject, actor=person, now=now)
