"""Accounts and keys: made, and known again."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from tocsin.assess import Role
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.models import Key
from tocsin.errors import NotAllowed, NotFound, OutOfTurn

_WORDS = (
    "anchor", "barley", "candle", "copper", "ember", "fennel", "garnet", "harbor", "indigo",
    "juniper", "kettle", "lantern", "meadow", "nickel", "orchard", "pepper", "quartz", "ribbon",
    "saddle", "timber", "umber", "velvet", "walnut", "yarrow",
)  # fmt: skip


@transaction.atomic
def make_first_administrator(password: str, *, now: datetime) -> Person:
    """An empty installation has one administrator, who must choose his own password at once.

    Raises:
        OutOfTurn: the installation has people already.
    """
    if Person.objects.exists():
        raise OutOfTurn("This installation has people already.")
    agency = Agency.objects.create(
        key="administration", name="Administration", kind=Agency.Kind.OTHER
    )
    person = Person(
        login="administrator",
        name="First administrator",
        agency=agency,
        roles=[Role.ADMINISTRATOR.value],
        must_change_password=True,
    )
    person.set_password(password)
    person.save()
    log.append(agency, "account made", person.key, actor="system:setup", now=now)
    return person


@transaction.atomic
def give_password(login: str, *, now: datetime) -> str:
    """The person signs in with the password that this gives, and must choose his own at once.

    Raises:
        NotFound: nobody has this login.
    """
    person = Person.objects.select_for_update().filter(login=login).first()
    if person is None:
        raise NotFound(f"Nobody has the login {login!r}.", way_out="Check it on the page County.")
    password = invent_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    log.append(person.agency, "password given", person.key, actor="system:command", now=now)
    return password


def invent_password() -> str:
    """A password that can be read aloud, such as `ember-lantern-quartz-4821`."""
    words = [secrets.choice(_WORDS) for _ in range(3)]
    return f"{'-'.join(words)}-{secrets.randbelow(9000) + 1000}"


@transaction.atomic
def change_password(person: Person, *, old: str, new: str, now: datetime) -> None:
    """The person signs in with the new password from now on.

    Raises:
        NotAllowed: the old password is wrong, or the new one too weak.
    """
    if not person.check_password(old):
        raise NotAllowed("The old password is not right.", way_out="Type it again.")
    try:
        validate_password(new, person)
    except ValidationError as error:
        raise NotAllowed(
            "The new password is too weak.", way_out=" ".join(error.messages)
        ) from None
    person.set_password(new)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    log.append(person.agency, "password changed", person.key, actor=person, now=now)


@transaction.atomic
def make_key(name: str, center: Agency, *, actor: str, now: datetime) -> str:
    """A machine can send calls for the center with the secret that this gives; only here, once.

    Raises:
        OutOfTurn: there is a key of that name.
    """
    if Key.objects.filter(name=name).exists():
        raise OutOfTurn(f"There is a key named {name!r} already.", way_out="Choose another name.")
    secret = secrets.token_urlsafe(32)
    Key.objects.create(name=name, center=center, digest=_digest(secret), made_at=now)
    log.append(center, "key made", f"key:{name}", actor=actor, now=now)
    return secret


def find_key(secret: str) -> Key:
    """The active key with this secret.

    Raises:
        NotFound: there is none.
    """
    row = (
        Key.objects.select_related("center").filter(digest=_digest(secret), is_active=True).first()
    )
    if row is None:
        raise NotFound("This key is not known here.", way_out="Make one with 'tocsin key'.")
    return row


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
