"""Loads agencies, areas and people from a county file; says what it changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.county import WAY_OUT, parse_county
from tocsin.desk.people.models import Address, Agency, Area, Person, Phone, Shift
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.errors import BadCounty

Row = TypeVar("Row", Agency, Person)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many rows a county file made or changed."""

    agencies: int
    areas: int
    people: int


def load_county(raw: bytes, *, actor: Person | str, now: datetime, password: str = "") -> Loaded:
    """What the file names is in the record, new or changed; what it does not name stays.

    Args:
        raw: the file's bytes.
        actor: who loads it.
        now: when.
        password: given to people who are new; without one they cannot sign in yet.

    Raises:
        NotAllowed: the person may not administer.
        BadCounty: names what does not fit; nothing is changed.
    """
    if isinstance(actor, Person):
        require(actor, Act.ADMINISTER)
    value = parse_county(raw)
    with transaction.atomic():
        agencies = {row["key"]: _save_agency(row) for row in value["agencies"]}
        for row in value["agencies"]:
            _serve(agencies[row["key"]], row, agencies)
        for feature in value["areas"]["features"]:
            _save_area(feature, agencies)
        hashed = make_password(password or None)
        people = {row["login"]: _save_person(row, agencies, hashed) for row in value["people"]}
        for row in value["people"]:
            _lead(people[row["login"]], row, people)
        loaded = Loaded(
            agencies=len(agencies), areas=len(value["areas"]["features"]), people=len(people)
        )
        for center in agencies.values():
            if center.kind == Agency.Kind.DISPATCH:
                log.append(
                    center,
                    "county loaded",
                    f"agency:{center.key}",
                    actor=actor,
                    now=now,
                    facts={"agencies": loaded.agencies, "people": loaded.people},
                )
        return loaded


def _save_agency(row: dict[str, Any]) -> Agency:
    agency, _ = Agency.objects.update_or_create(
        key=row["key"],
        defaults={
            "name": row["name"],
            "names": row.get("names", []),
            "kind": row["kind"],
            "zone": row["zone"],
            "desk_number": row.get("desk_number", ""),
            "is_look_alike": row.get("is_look_alike", False),
        },
    )
    return agency


def _serve(agency: Agency, row: dict[str, Any], agencies: dict[str, Agency]) -> None:
    key = row.get("center")
    if not key:
        return
    agency.center = _known(agencies, key, f"the center of {agency.key}")
    agency.save(update_fields=["center"])


def _save_area(feature: dict[str, Any], agencies: dict[str, Agency]) -> None:
    facts = feature["properties"]
    area, _ = Area.objects.update_or_create(
        key=facts["key"],
        defaults={
            "name": facts["name"],
            "names": facts.get("names", []),
            "outline": feature["geometry"],
        },
    )
    whose = f"an agency of the area {area.key}"
    area.agencies.set([_known(agencies, key, whose) for key in facts["agencies"]])


def _save_person(row: dict[str, Any], agencies: dict[str, Agency], hashed: str) -> Person:
    agency = _known(agencies, row["agency"], f"the agency of {row['login']}")
    facts = {
        "name": row["name"],
        "agency": agency,
        "roles": row["roles"],
        "unit": row.get("unit", ""),
    }
    person, _ = Person.objects.update_or_create(
        login=row["login"], defaults=facts, create_defaults={**facts, "password": hashed}
    )
    for rows in (person.addresses, person.phones, person.shifts):
        rows.all().delete()
    Address.objects.bulk_create(
        Address(person=person, channel=one["channel"], value=one["value"], rank=rank)
        for rank, one in enumerate(row.get("addresses", []))
    )
    Phone.objects.bulk_create(Phone(person=person, **one) for one in row.get("phones", []))
    Shift.objects.bulk_create(Shift(person=person, **one) for one in row.get("shifts", []))
    return person


def _lead(person: Person, row: dict[str, Any], people: dict[str, Person]) -> None:
    login = row.get("supervisor")
    if login:
        person.supervisor = _known(people, login, f"the supervisor of {person.login}")
        person.save(update_fields=["supervisor"])


def _known(rows: dict[str, Row], key: str, what: str) -> Row:
    if key not in rows:
        raise BadCounty(
            f"The county file names {key!r} as {what}, and nothing has that key.", way_out=WAY_OUT
        )
    return rows[key]
