"""The clock on the wall, for tests of pages: they have no other."""

from datetime import datetime

from django.utils import timezone


def on_the_wall() -> datetime:
    """This moment."""
    return timezone.now()  # noqa: TID251 # what the pages do
