"""For tests whose rows other threads must see: what they commit is emptied afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

GUARDS = (
    ("records_entry", "entries_are_not_truncated"),
    ("records_blueanswer", "blueanswers_are_not_truncated"),
    ("records_correction", "corrections_are_not_truncated"),
)


@pytest.fixture(scope="module", autouse=True)
def log_may_be_emptied(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """What the tests of a module commit is emptied after each, its logs too."""
    with guards_at_rest(django_db_blocker):
        yield


@contextmanager
def guards_at_rest(blocker: DjangoDbBlocker) -> Iterator[None]:
    """The guards that let no table be emptied rest meanwhile."""
    _turn("DISABLE", blocker)
    try:
        yield
    finally:
        _turn("ENABLE", blocker)


def _turn(word: str, blocker: DjangoDbBlocker) -> None:
    with blocker.unblock():
        with connection.cursor() as cursor:
            for table, guard in GUARDS:
                cursor.execute(f"ALTER TABLE {table} {word} TRIGGER {guard}")
        connection.close()
