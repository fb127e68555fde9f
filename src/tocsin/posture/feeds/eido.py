"""Unit locations in an Emergency Incident Data Object: NENA-STA-021.1b, JSON.

An `emergencyResourceComponent` is a unit. Its agency comes by its agent, or by who updated it; its
position by `unitLocationReference`, as PIDF-LO with a GML point or circle (RFC 5491: latitude
first). An object of an incident says who is on it: a unit is taken to be on that incident, as the
standard demands for version 1, unless `activeOnIncidentId` names another. Crews are not taken: the
agents of a unit may be its dispatchers. References by URL are the network's, and are not followed.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import etree

from tocsin.errors import BadUnits
from tocsin.posture.feed import LARGEST, MOST_ROWS, Batch, UnitsFeed
from tocsin.posture.rows import batch_of, status_of
from tocsin.posture.unit import Status

_GML = "{http://www.opengis.net/gml}"
_CIRCLE = "{http://www.opengis.net/pidflo/1.0}"
_LARGEST_PLACE = 64 * 1024

_KINDS = {
    "patrolunit": "car",
    "patrolcar": "car",
    "car": "car",
    "motorcycle": "motorcycle",
    "bicycle": "bicycle",
    "footpatrol": "foot",
    "foot": "foot",
    "boat": "boat",
}
"""Kinds by the registry's or a local word, without spaces; any other is "other"."""


def parse(raw: bytes, feed: UnitsFeed, *, now: datetime) -> Batch:
    """The reports of the units of an EIDO; none where it names none.

    Raises:
        BadUnits: it is too large, no JSON, or no EIDO.
    """
    if len(raw) > LARGEST:
        raise BadUnits(f"The EIDO of {feed.name} is larger than {LARGEST:,} bytes.")
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadUnits(f"The EIDO of {feed.name} is not JSON: {error}.") from error
    if not isinstance(value, dict) or not isinstance(value.get("agencyComponent"), list):
        raise BadUnits(
            f"The message of {feed.name} is no EIDO: it has no agencyComponent.",
            way_out="Send an Emergency Incident Data Object of NENA-STA-021.",
        )
    resources = value.get("emergencyResourceComponent", [])
    if not isinstance(resources, list):
        raise BadUnits("emergencyResourceComponent is not a list.")
    known = _by_id(value)
    rows = [_row(one, value, known, feed) for one in resources[: MOST_ROWS + 1]]
    return batch_of(rows, feed, now=now)


def _by_id(eido: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Every component by its $id."""
    found: dict[str, dict[str, Any]] = {}
    for components in eido.values():
        for one in components if isinstance(components, list) else ():
            if isinstance(one, dict) and isinstance(one.get("$id"), str):
                found[one["$id"]] = one
    return found


def _row(
    unit: Any, eido: Mapping[str, Any], known: Mapping[str, Any], feed: UnitsFeed
) -> dict[str, Any] | BadUnits:
    """A unit in the native shape, or the fault that keeps it from being one."""
    if not isinstance(unit, dict):
        return BadUnits("the emergencyResourceComponent is not an object.")
    if "emergencyResourceName" not in unit or "lastUpdateTimeStamp" not in unit:
        return BadUnits("emergencyResourceName or lastUpdateTimeStamp is missing.")
    row: dict[str, Any] = {
        "call_sign": unit["emergencyResourceName"],
        "reported_at": unit["lastUpdateTimeStamp"],
        "kind": _kind(unit),
        "status": _status(unit, feed),
    }
    agency = _agency(unit, known)
    if agency:
        row["agency"] = agency
    incident = unit.get("activeOnIncidentId", eido.get("$id"))
    if incident:
        row["assignment"] = _call(incident, eido)
    try:
        place = _place(unit, known)
    except BadUnits as fault:
        return fault
    return {**row, "position": place} if place else row


def _kind(unit: Mapping[str, Any]) -> str:
    """How it moves, by the registry's word or the local one."""
    for name in ("emergencyResourceTypeCommonRegistryText", "emergencyResourceTypeInternalText"):
        word = unit.get(name)
        if isinstance(word, str) and (kind := _KINDS.get("".join(word.lower().split()))):
            return kind
    return "other"


def _status(unit: Mapping[str, Any], feed: UnitsFeed) -> str:
    """The most exact word that somebody here knows: local, secondary, then primary."""
    words: list[str] = []
    for name in ("unitStatusInternal", "secondaryUnitStatusRegistryText"):
        said = unit.get(name)
        words += [one for one in said if isinstance(one, str)] if isinstance(said, list) else []
    primary = unit.get("primaryUnitStatusRegistryText")
    words += [primary] if isinstance(primary, str) else []
    known = [one for one in words if status_of(one, feed) is not Status.NOT_KNOWN]
    return (known[0] if known else "not known")[:40]


def _agency(unit: Mapping[str, Any], known: Mapping[str, Any]) -> str:
    """The agency of the unit's first agent; else the one that updated the unit."""
    agents = unit.get("agentReference")
    for one in agents if isinstance(agents, list) else ():
        agency = _reference(known.get(_reference(one), {}).get("agencyReference"))
        if agency:
            return agency
    return _reference(unit.get("updatedByAgencyReference"))


def _reference(value: Any) -> str:
    """The $id that a reference names; empty where it is none."""
    named = value.get("$ref") if isinstance(value, dict) else None
    return named if isinstance(named, str) else ""


def _call(incident: Any, eido: Mapping[str, Any]) -> dict[str, Any]:
    """The incident that the unit is on, with its type where this object is of it."""
    call = {"call": incident}
    components = eido.get("incidentComponent")
    if incident == eido.get("$id") and isinstance(components, list) and components:
        first = components[0] if isinstance(components[0], dict) else {}
        kind = first.get("incidentTypeInternalCode") or first.get("incidentTypeCommonRegistryText")
        if kind:
            call["type"] = kind
    return call


def _place(unit: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any] | None:
    """Where the unit is; None where the object does not say it by value.

    Raises:
        BadUnits: the location is no PIDF-LO.
    """
    location = known.get(_reference(unit.get("unitLocationReference")), {})
    text = location.get("locationByValue")
    if not isinstance(text, str):
        return None
    numbers, radius = _read_pidf(text)
    if len(numbers) not in {2, 3}:  # with a height or without
        return None
    place: dict[str, Any] = {"lat": numbers[0], "lon": numbers[1]}
    if radius is not None:
        place["accuracy_m"] = radius
    if "lastUpdateTimeStamp" in location:
        place["at"] = location["lastUpdateTimeStamp"]
    return place


def _read_pidf(text: str) -> tuple[list[float], float | None]:
    """The numbers of the first position, and the radius of a circle; no numbers where none stand.

    Raises:
        BadUnits: it is no XML, too large, or a position is no numbers.
    """
    if len(text) > _LARGEST_PLACE:
        raise BadUnits("unitLocationReference: the location is too large.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(text.encode(), parser)
        if root.getroottree().docinfo.internalDTD is not None:
            raise BadUnits("unitLocationReference: a location needs no document type.")
        said = root.findtext(f".//{_GML}pos") or ""
        numbers = [float(one) for one in said.split()]
        radius = root.findtext(f".//{_CIRCLE}radius")
        return numbers, None if radius is None else float(radius)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadUnits(f"unitLocationReference: {str(error)[:100]}.") from error
