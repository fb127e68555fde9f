"""Where reports of units come from: set up, changed and switched by an administrator.

A machine with a key may send units without being set up: its source is made by its first message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.commands.sourceturns import ACTOR, plain, subject_of
from tocsin.desk.records.models import Key, UnitSource
from tocsin.errors import InputError, NotFound, OutOfTurn
from tocsin.evidence.chain import Fact
from tocsin.posture import BY_HAND, FEEDS, Status
from tocsin.warn.recipients.hours import zone_of

SOONEST, SLOWEST = 1, 3600
"""Seconds between two askings."""

LONGEST_NAME = 80
MOST_COLUMNS = 40
MOST_STATUSES = 200
LONGEST_WORD = 80

FIELDS = (
    "call_sign", "agency", "reported_at", "kind", "status", "crew", "crew_count", "lat", "lon",
    "position_at", "accuracy_m", "call", "call_type", "call_lat", "call_lon",
)  # fmt: skip
"""Our fields, for which a table may have other headings."""

_SCHEMES = {
    UnitSource.Way.POLL: frozenset({"http", "https"}),
    UnitSource.Way.SOCKET: frozenset({"ws", "wss"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFacts:
    """What an administrator says of a source.

    Attributes:
        name: of the source; every unit shows it.
        kind: registered name of its parser.
        way: who begins.
        url: where it is asked, or its line is; empty where it sends to us.
        every_seconds: between two askings.
        key: name of the key with which it sends; empty where we ask.
        agency: key of the agency of rows that name none; empty where each must.
        zone: IANA name of the zone of times without an offset.
        columns: a table's heading by our field's name.
        statuses: our status by the feed's own word.
    """

    name: str
    kind: str
    way: str
    url: str = ""
    every_seconds: int = 5
    key: str = ""
    agency: str = ""
    zone: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)


@transaction.atomic
def add_source(facts: SourceFacts, *, center: Agency, person: Person, now: datetime) -> UnitSource:
    """Reports of units are taken from the source from now on.

    Raises:
        NotAllowed: the person may not administer.
        InputError: something in it does not fit.
        NotFound: there is no such key or agency.
        OutOfTurn: the center has a source of that name.
    """
    require(person, Act.ADMINISTER)
    log.hold(center)
    row = UnitSource(center=center, due_at=now)
    _fill(row, facts)
    row.save()
    _tell("units feed added", row, actor=person, now=now)
    return row


@transaction.atomic
def change_source(
    row: UnitSource, facts: SourceFacts, *, person: Person, now: datetime
) -> UnitSource:
    """The source is read in this way from its next message on; what it brought stays.

    Raises:
        NotAllowed: the person may not administer.
        InputError: something in it does not fit.
        NotFound: there is no such key or agency.
        OutOfTurn: another source of the center has that name.
    """
    require(person, Act.ADMINISTER)
    log.hold(row.center)
    fresh = UnitSource.objects.select_for_update(of=("self",)).get(pk=row.pk)
    _fill(fresh, facts)
    fresh.due_at, fresh.etag = now, ""
    fresh.save(
        update_fields=[
            "name", "kind", "way", "url", "every_seconds", "key", "agency", "zone", "columns",
            "statuses", "due_at", "etag",
        ]
    )  # fmt: skip
    _tell("units feed changed", fresh, actor=person, now=now)
    return fresh


@transaction.atomic
def switch_source(row: UnitSource, *, is_active: bool, person: Person, now: datetime) -> None:
    """Reports are taken from the source again, or no more; what it brought stays.

    Raises:
        NotAllowed: the person may not administer.
    """
    require(person, Act.ADMINISTER)
    log.hold(row.center)
    row.is_active, row.due_at, row.etag, row.silent_since = is_active, now, "", None
    row.save(update_fields=["is_active", "due_at", "etag", "silent_since"])
    action = "units feed started" if is_active else "units feed stopped"
    _tell(action, row, actor=person, now=now)


@transaction.atomic
def source_of(key_name: str, center: Agency, *, name: str, now: datetime) -> UnitSource:
    """The source as which a machine with this key sends; its own is made by its first message.

    Args:
        key_name: of the key.
        center: the key's.
        name: of the source, where it has several; empty for the only one.
        now: when.

    Raises:
        NotFound: the key has no such source.
        InputError: it has several, and none is named.
        OutOfTurn: the name that its own would have is another's.
    """
    rows = UnitSource.objects.filter(key__name=key_name, center=center, way=UnitSource.Way.PUSH)
    if name:
        for row in rows.filter(name=name):
            return row
        raise NotFound(
            f"The key {key_name} has no units feed {name[:LONGEST_NAME]!r}.",
            way_out="Leave ?source= out, or ask an administrator to set it up.",
        )
    found = list(rows[:2])
    if len(found) > 1:
        raise InputError(
            f"The key {key_name} has several units feeds.",
            way_out="Say which one it is, as in ?source=NAME.",
        )
    return found[0] if found else _make_own(key_name, center, now=now)


def _make_own(key_name: str, center: Agency, *, now: datetime) -> UnitSource:
    log.hold(center)
    key = Key.objects.select_related("center").get(name=key_name)
    for row in UnitSource.objects.filter(key=key, center=center, way=UnitSource.Way.PUSH):
        return row  # made while we waited for the log
    _require_name(key.name, center, own=None)
    row = UnitSource.objects.create(
        name=key.name, center=center, kind="native", way=UnitSource.Way.PUSH, key=key, due_at=now
    )
    _tell("units feed added", row, actor=ACTOR, now=now)
    return row


def _fill(row: UnitSource, facts: SourceFacts) -> None:
    """Put what was said into the row, where all of it fits."""
    name = " ".join(facts.name.split())
    _require_name(name, row.center, own=row.pk)
    if facts.kind not in FEEDS or facts.way not in UnitSource.Way.values:
        raise InputError(
            f"There is no units feed of the kind {facts.kind[:40]!r} and way {facts.way[:40]!r}.",
            way_out=f"Known kinds: {', '.join(sorted(FEEDS))}.",
        )
    if not SOONEST <= facts.every_seconds <= SLOWEST:
        raise InputError(f"The pause must be from {SOONEST} to {SLOWEST} seconds.")
    if facts.zone:
        zone_of(facts.zone)
    row.name, row.kind, row.way = name, facts.kind, facts.way
    is_push = facts.way == UnitSource.Way.PUSH
    row.key = _key(facts.key, row.center) if is_push else None
    row.url = "" if is_push else _address(facts.url, facts.way)
    row.every_seconds, row.zone = facts.every_seconds, facts.zone
    row.agency = _agency(facts.agency, row.center)
    row.columns = _columns(facts.columns)
    row.statuses = _statuses(facts.statuses)


def _require_name(name: str, center: Agency, *, own: int | None) -> None:
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"A units feed needs a name of at most {LONGEST_NAME} letters.")
    if name.casefold() == BY_HAND:
        raise InputError(
            f"A units feed cannot be called {name!r}: units kept by hand are marked so.",
            way_out="Name the system that sends it.",
        )
    if UnitSource.objects.filter(center=center, name=name).exclude(pk=own or 0).exists():
        raise OutOfTurn(
            f"{center} has a units feed {name!r} already.", way_out="Choose another name."
        )


def _key(name: str, center: Agency) -> Key:
    key = Key.objects.filter(name=name, center=center, is_active=True).first()
    if key is None:
        raise NotFound(f"{center} has no key {name[:80]!r}.", way_out="Make one with 'tocsin key'.")
    return key


def _agency(key: str, center: Agency) -> Agency | None:
    if not key:
        return None
    agency = Agency.objects.filter(key=key).first()
    if agency is None:
        raise NotFound(f"There is no agency {key[:60]!r} that {center} could know.")
    return agency


def _address(url: str, way: str) -> str:
    """The address, where it is one; whether it may be reached is seen when it is."""
    schemes = _SCHEMES[UnitSource.Way(way)]
    shown = " or ".join(f"{one}://" for one in sorted(schemes))
    fault = InputError(
        f"{plain(url, 80)!r} is no address for this.",
        way_out=f"Write it whole, beginning with {shown}, without a password.",
    )
    try:
        parts = urlsplit(url)
        is_whole = parts.scheme in schemes and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        raise fault from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= 500
    if not (is_whole and is_plain) or parts.username is not None or parts.fragment:
        raise fault
    return url


def _columns(said: Mapping[str, str]) -> dict[str, str]:
    strange = [name for name in said if name not in FIELDS]
    if strange or len(said) > MOST_COLUMNS:
        raise InputError(
            f"{plain(strange[0], 40)!r} is no field of ours." if strange else "Too many columns.",
            way_out=f"Our fields: {', '.join(FIELDS)}.",
        )
    _require_words([*said.values()])
    return dict(said)


def _statuses(said: Mapping[str, str]) -> dict[str, str]:
    known = {one.value for one in Status}
    strange = [value for value in said.values() if value not in known]
    if strange or len(said) > MOST_STATUSES:
        raise InputError(
            f"{plain(strange[0], 40)!r} is no status." if strange else "Too many statuses.",
            way_out=f"Ours: {', '.join(sorted(known))}.",
        )
    _require_words([*said])
    return {word.lower(): value for word, value in said.items()}


def _require_words(words: list[str]) -> None:
    for word in words:
        if not word or len(word) > LONGEST_WORD or not word.isprintable():
            raise InputError(f"{plain(word, 40)!r} is no heading or word of a feed.")


def _tell(action: str, row: UnitSource, *, actor: Person | str, now: datetime) -> None:
    facts: dict[str, Fact] = {
        "name": row.name,
        "kind": row.kind,
        "way": row.way,
        "url": row.url.partition("?")[0],  # what follows may be a secret
        "key": row.key.name if row.key else "",
    }
    log.append(row.center, action, subject_of(row), actor=actor, now=now, facts=facts)
