"""Devices on which a person is warned by a notification: switched on and off by himself."""

from datetime import datetime

from django.db import transaction

from tocsin.desk.people.models import Address, Person
from tocsin.desk.records import log
from tocsin.desk.records.queries import center_of
from tocsin.errors import OutOfTurn
from tocsin.warn.subscription import as_address, parse_subscription

CHANNEL = "push"
MOST = 5
"""Devices of one person: whoever subscribes more has forgotten some."""


@transaction.atomic
def add_device(person: Person, subscription: str, *, now: datetime) -> Address:
    """The browser is one of the person's addresses; it was already where it is there.

    A browser belongs to who signed in on it last: it is taken from anybody who had it before.

    Raises:
        BadText: it is no subscription of a browser.
        OutOfTurn: he has as many devices as anybody may have.
    """
    value = as_address(parse_subscription(subscription))
    center = center_of(person)
    log.hold(center)
    Address.objects.filter(channel=CHANNEL, value=value).exclude(person=person).delete()
    known = person.addresses.filter(channel=CHANNEL)
    found = known.filter(value=value).first()
    if found:
        return found
    if known.count() >= MOST:
        raise OutOfTurn(
            f"{person.name} has {MOST} devices with notifications.",
            way_out="Switch one of them off first.",
        )
    address = Address.objects.create(person=person, channel=CHANNEL, value=value)
    _log(person, "device added", now=now)
    return address


@transaction.atomic
def remove_devices(person: Person, *, now: datetime) -> int:
    """None of the person's browsers is warned any more; how many they were."""
    log.hold(center_of(person))
    many, _ = person.addresses.filter(channel=CHANNEL).delete()
    if many:
        _log(person, "devices removed", now=now)
    return many


def _log(person: Person, action: str, *, now: datetime) -> None:
    log.append(center_of(person), action, person.key, actor=person, now=now)
