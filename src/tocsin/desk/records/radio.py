"""What a dispatcher types of a unit while he listens to the radio, as a report of it.

Four fields: call sign, crew, status, where. What is left empty says nothing; what was known stays.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet

from tocsin.assess import Role
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.access import centers_of, staff_of
from tocsin.desk.records.mirror import known_units
from tocsin.errors import BadUnits, NotFound
from tocsin.posture import (
    BY_HAND,
    Assignment,
    CrewRole,
    Member,
    Position,
    Status,
    UnitReport,
    key_of,
)

LONGEST = {"call_sign": 97, "crew": 400, "status": 20, "where": 80}
"""Letters of each field."""

LONGEST_SIGN = 32
LONGEST_NAME = 80
MOST_ABOARD = 12

CODES = {
    "av": Status.AVAILABLE,
    "er": Status.EN_ROUTE,
    "os": Status.ON_SCENE,
    "br": Status.BREAK,
    "st": Status.STATION,
    "oo": Status.OUT_OF_SERVICE,
    "od": Status.OFF_DUTY,
    "em": Status.EMERGENCY,
}
"""Two letters for each status."""

KEYS = {
    "a": "av", "e": "er", "o": "os", "b": "br", "s": "st", "x": "oo", "d": "od", "m": "em",
}  # fmt: skip
"""One key for each, on the row of a unit."""

CLEARED = frozenset(
    {Status.AVAILABLE, Status.BREAK, Status.STATION, Status.OUT_OF_SERVICE, Status.OFF_DUTY}
)
"""Statuses by which a unit on the radio says that it is on no call any more."""

_ROLES = {
    "o": CrewRole.OFFICER,
    "s": CrewRole.SUPERVISOR,
    "t": CrewRole.TRAINEE,
    "c": CrewRole.CIVILIAN,
    **{one.value: one for one in CrewRole},
}

_POINT = re.compile(r"\s*(-?[0-9]{1,2}(?:\.[0-9]{1,9})?)\s*,\s*(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)\s*")
_SELDOM = "The call sign is used by several: write it whole, as in AGENCY/CALL SIGN."


def center_for(person: Person) -> Agency:
    """The center whose board this person keeps.

    Raises:
        NotFound: no center serves his agency.
    """
    center = centers_of(person).first()
    if center is None:
        raise NotFound(
            f"{person.agency} is served by no dispatch center.",
            way_out="Ask the administrator to name its center.",
        )
    return center


def read_line(
    call_sign: str, crew: str, status: str, where: str, *, center: Agency, now: datetime
) -> UnitReport:
    """What was typed as a report.

    Args:
        call_sign: `12`, or `AGENCY/12` where several agencies use it.
        crew: persons with commas between them, each a login or name, perhaps with `:t`; `+` for
            those whom the roster gives the call sign; a number; `0` for nobody.
        status: two letters or the word.
        where: `-` for no call; latitude, longitude; else the call or place he is sent to.
        center: whose board it is.
        now: when.

    Raises:
        BadUnits: names the field and what is wrong with it.
    """
    for name, text in zip(LONGEST, (call_sign, crew, status, where), strict=True):
        if len(text) > LONGEST[name] or not text.isprintable():
            raise BadUnits(f"The {name.replace('_', ' ')} is too long, or cannot be read.")
    agency, sign = _whose(call_sign, center, now=now)
    doing = _status(status)
    place = _POINT.fullmatch(where)
    call = where.strip()
    members, count = _crew(crew, agency, sign, center, now=now)
    return UnitReport(
        call_sign=sign,
        agency=agency,
        reported_at=now,
        source=BY_HAND,
        members=members,
        crew_count=count,
        status=doing,
        position=_position(float(place[1]), float(place[2]), now) if place else None,
        assignment=Assignment(call=call, since=now)
        if call not in {"", "-"} and not place
        else None,
        ends_assignment=call == "-" or (not call and doing in CLEARED),
    )


def _whose(text: str, center: Agency, *, now: datetime) -> tuple[str, str]:
    """Agency and call sign."""
    agency, slash, sign = text.rpartition("/")
    agency, sign = agency.strip(), " ".join(sign.split())
    if not sign or len(sign) > LONGEST_SIGN or "/" in agency:
        raise BadUnits("The call sign is missing, or longer than 32 letters.")
    if slash:
        key = Agency.objects.filter(key__iexact=agency).values_list("key", flat=True).first()
        if key is None and key_of(agency, sign) not in known_units(center, now=now).units:
            raise BadUnits(f"Nobody here knows the agency {agency[:60]!r}.", way_out=_known(center))
        return key or agency, sign
    ending = key_of("", sign)
    known = {
        unit.agency
        for key, unit in known_units(center, now=now).units.items()
        if key.endswith(ending) and key_of("", unit.call_sign) == ending
    }
    roster = set(_roster(sign, center).values_list("agency__key", flat=True))
    for found in (known, roster, _served(center)):
        if len(found) == 1:
            return found.pop(), sign
        if found:
            break
    raise BadUnits(f"It is not clear whose {sign} this is.", way_out=f"{_SELDOM} {_known(center)}")


def _served(center: Agency) -> set[str]:
    return set(center.served.values_list("key", flat=True))


def _known(center: Agency) -> str:
    return f"Agencies: {', '.join(sorted(_served(center))[:40])}."


def _roster(sign: str, center: Agency) -> QuerySet[Person]:
    """The people to whom the record gives this call sign."""
    return staff_of(center).filter(unit__iexact=sign)


def _status(text: str) -> Status | None:
    word = " ".join(text.lower().replace("_", " ").split())
    if not word:
        return None
    named = {one.value.replace("_", " "): one for one in Status}
    status = CODES.get(word) or named.get(word)
    if status is None:
        raise BadUnits(
            f"{text[:20]!r} is no status.",
            way_out=f"Type one of {', '.join(CODES)}, or the word.",
        )
    return status


def _position(lat: float, lon: float, now: datetime) -> Position:
    return Position(lon=lon, lat=lat, at=now)


def _crew(
    text: str, agency: str, sign: str, center: Agency, *, now: datetime
) -> tuple[tuple[Member, ...] | None, int | None]:
    """The crew by person, or by number alone; None and None where nothing is said."""
    said = text.strip()
    if not said:
        return None, None
    if said in {"0", "-"}:
        return (), 0
    if said.isdecimal():
        if len(said) > 2:
            raise BadUnits(f"A crew of {said[:12]} is too large.")
        return None, int(said)
    if said == "+":
        people = list(_roster(sign, center).filter(agency__key=agency))
        if not people:
            raise BadUnits(f"Nobody on record has the call sign {sign}.", way_out="Type the names.")
        return tuple(_on_record(one) for one in people[:MOST_ABOARD]), None
    return _named(said, agency, sign, center, now=now), None


def _named(
    said: str, agency: str, sign: str, center: Agency, *, now: datetime
) -> tuple[Member, ...]:
    """The crew as it was named, person by person."""
    names = [one.strip() for one in re.split("[,;]", said) if one.strip()]
    if not names or len(names) > MOST_ABOARD:
        raise BadUnits(f"The crew is not from 1 to {MOST_ABOARD} people.")
    before = known_units(center, now=now).units.get(key_of(agency, sign))
    away = {one.person: one.away_since for one in before.members} if before else {}
    members = [_member(one, agency, center, now=now) for one in names]
    if len({one.person for one in members}) < len(members):
        raise BadUnits("Somebody is named twice in the crew.")
    kept = (_kept_away(one, away.get(one.person)) for one in members)
    return tuple(kept)


def _kept_away(member: Member, since: datetime | None) -> Member:
    """Who was away, and still is, is so since then."""
    return replace(member, away_since=since) if member.away_since and since else member


def _member(text: str, agency: str, center: Agency, *, now: datetime) -> Member:
    """A person of the crew: on record where one alone can be meant, else by the name typed."""
    name, *tags = [part.strip() for part in text.split(":")]
    if not name or len(name) > LONGEST_NAME:
        raise BadUnits(f"{text[:40]!r} is nobody's name.")
    person = _find(name, agency, center)
    member = _on_record(person) if person else Member(person=name, name=name)
    for tag in tags:
        word = tag.lower()
        if word in {"a", "away"}:
            member = replace(member, away_since=now)
        elif word in _ROLES:
            member = replace(member, role=_ROLES[word])
        else:
            raise BadUnits(
                f"{tag[:20]!r} says nothing of {name[:40]}.",
                way_out="Write :o officer, :s supervisor, :t trainee, :c civilian, :a away.",
            )
    return member


def _find(name: str, agency: str, center: Agency) -> Person | None:
    """The one whom this login, name or last name means; of several, those of the agency first.

    Raises:
        BadUnits: it may be several.
    """
    staff = staff_of(center)
    for row in staff.filter(login__iexact=name):
        return row
    found = list(staff.filter(Q(name__iexact=name) | Q(name__iendswith=f" {name}"))[:10])
    own = [one for one in found if one.agency.key == agency]
    meant = own or found
    if len(meant) > 1:
        shown = ", ".join(f"{one.login} ({one.name})" for one in meant)
        raise BadUnits(f"{name!r} may be several people.", way_out=f"Type one of {shown}.")
    return meant[0] if meant else None


def _on_record(person: Person) -> Member:
    return Member(person=person.login, name=person.name, role=role_of(person.roles))


def role_of(roles: Iterable[str]) -> CrewRole:
    """What a person is in a crew, as far as his roles on record say it."""
    held = set(roles)
    if held & {Role.SUPERVISOR, Role.WATCH_COMMANDER}:
        return CrewRole.SUPERVISOR
    return CrewRole.OFFICER if Role.OFFICER in held else CrewRole.NOT_KNOWN
