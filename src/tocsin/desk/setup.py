"""Makes an installation ready: tables, and where there is nobody yet, somebody to sign in."""

from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tocsin.desk import demo
from tocsin.desk.environment import home
from tocsin.desk.people.models import Person
from tocsin.desk.records.commands.accounts import invent_password, make_first_administrator
from tocsin.desk.records.commands.county import load_county

_LOCK = 0x7461626C6573
"""Key of the advisory lock of who makes the tables; 'tables' in hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """How to sign in for the first time.

    Attributes:
        password: for all of them.
        people: login and what that person is for.
        is_one_time: the password must be changed at once, and is not kept anywhere.
    """

    password: str
    people: tuple[tuple[str, str], ...]
    is_one_time: bool


def prepare(*, is_empty: bool) -> Logins | None:
    """The tables are up to date, and an empty installation has people.

    Gives the logins of the demonstration county, or of a first administrator where `is_empty`; of
    an installation that has people already, only the demonstration's, which are kept in the home.
    """
    make_tables()
    if Person.objects.exists():
        return _kept()
    password = invent_password()
    if is_empty:
        make_first_administrator(password, now=timezone.now())
        people = (("administrator", "first administrator"),)
        return Logins(password=password, people=people, is_one_time=True)
    load_county(demo.county(), actor="system:setup", now=timezone.now(), password=password)
    _file().touch(mode=0o600)
    _file().write_text(password, encoding="ascii")
    return _demonstration(password)


def make_tables() -> None:
    """The tables are up to date; of several processes that start at once, one makes them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _kept() -> Logins | None:
    file = _file()
    return _demonstration(file.read_text(encoding="ascii")) if file.exists() else None


def _demonstration(password: str) -> Logins:
    return Logins(password=password, people=demo.LOGINS, is_one_time=False)


def _file() -> Path:
    return home() / "demonstration-password"
