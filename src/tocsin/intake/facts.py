"""Call data from outside: JSON checked by a schema, then against what can be true."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from tocsin.errors import BadCallData

LARGEST = 256 * 1024
"""Bytes of call data that are read at the most."""

AHEAD = timedelta(minutes=5)
"""How far another clock may run before ours."""

_WAY_OUT = "Correct it and send the call again; docs/call-data.md lists every field."


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the network believed the caller to be.

    Attributes:
        latitude: degrees, WGS 84; None for a street address alone.
        longitude: degrees.
        uncertainty: metres around the point; None where nothing was said.
        confidence: percent to which the caller is within it; None where nothing was said.
        address: street address or words; empty where there were none.
    """

    latitude: float | None = None
    longitude: float | None = None
    uncertainty: float | None = None
    confidence: int | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What was known of a call beside its recording; empty or None where nothing was.

    Attributes:
        started_at: when the call began by its source's clock, aware.
        ended_at: when it ended.
        ani: the calling number as it arrived.
        class_of_service: the network's code, such as WPH2.
        carrier: the carrier's name.
        location: where the caller was believed to be.
        position: which call-taking position answered.
        note: what the call taker typed.
        clock_offset: seconds to add to the source's clock to get UTC's, where it is known.
    """

    started_at: datetime | None = None
    ended_at: datetime | None = None
    ani: str = ""
    class_of_service: str = ""
    carrier: str = ""
    location: Location | None = None
    position: str = ""
    note: str = ""
    clock_offset: float | None = None


def parse_facts(raw: bytes, *, now: datetime) -> CallFacts:
    """Read call data.

    Raises:
        BadCallData: names the field that does not fit, and the way out.
    """
    if len(raw) > LARGEST:
        raise BadCallData(f"The call data is larger than {LARGEST:,} bytes.", way_out=_WAY_OUT)
    try:
        value = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadCallData(f"The call data is not JSON: {error}.", way_out=_WAY_OUT) from error
    fault = best_match(_schema().iter_errors(value))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "the whole"
        raise BadCallData(f"In the call data, {place}: {fault.message[:300]}.", way_out=_WAY_OUT)
    return _check_times(_build(value), now=now)


def facts_as_json(facts: CallFacts) -> dict[str, Any]:
    """The facts as `parse_facts` would read them, without what is not known."""
    location = facts.location
    place = (
        {
            "latitude": location.latitude,
            "longitude": location.longitude,
            "uncertainty_m": location.uncertainty,
            "confidence_percent": location.confidence,
            "address": location.address,
        }
        if location
        else {}
    )
    value: dict[str, Any] = {
        "started_at": facts.started_at.isoformat() if facts.started_at else None,
        "ended_at": facts.ended_at.isoformat() if facts.ended_at else None,
        "ani": facts.ani,
        "class_of_service": facts.class_of_service,
        "carrier": facts.carrier,
        "location": {key: one for key, one in place.items() if one not in (None, "")},
        "position": facts.position,
        "note": facts.note,
        "clock_offset_s": facts.clock_offset,
    }
    return {key: one for key, one in value.items() if one not in (None, "", {})}


@cache
def _schema() -> Draft202012Validator:
    text = files("tocsin.intake").joinpath("call-data.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(
        json.loads(text), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _build(value: dict[str, Any]) -> CallFacts:
    place = value.get("location")
    return CallFacts(
        started_at=_time(value, "started_at"),
        ended_at=_time(value, "ended_at"),
        ani=value.get("ani", ""),
        class_of_service=value.get("class_of_service", ""),
        carrier=value.get("carrier", ""),
        location=_location(place) if place else None,
        position=value.get("position", ""),
        note=value.get("note", ""),
        clock_offset=value.get("clock_offset_s"),
    )


def _location(place: dict[str, Any]) -> Location:
    return Location(
        latitude=place.get("latitude"),
        longitude=place.get("longitude"),
        uncertainty=place.get("uncertainty_m"),
        confidence=place.get("confidence_percent"),
        address=place.get("address", ""),
    )


def _time(value: dict[str, Any], field: str) -> datetime | None:
    text = value.get(field)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCallData(
            f"In the call data, {field}: {text!r} is no date and time.", way_out=_WAY_OUT
        ) from error
    if moment.tzinfo is None:
        raise BadCallData(
            f"In the call data, {field}: {text!r} does not say its offset from UTC.",
            way_out="Add it, as in 2026-03-01T21:04:05-07:00, and send the call again.",
        )
    return moment


def _check_times(facts: CallFacts, *, now: datetime) -> CallFacts:
    for field, moment in (("started_at", facts.started_at), ("ended_at", facts.ended_at)):
        if moment and moment - now > AHEAD:
            raise BadCallData(
                f"In the call data, {field}: {moment.isoformat()} is still to come; "
                f"it is {now.isoformat(timespec='seconds')} here.",
                way_out="Set the clock of the machine that sent it, or of this one.",
            )
    if facts.started_at and facts.ended_at and facts.ended_at < facts.started_at:
        raise BadCallData(
            "In the call data, ended_at: the call ends before it starts.", way_out=_WAY_OUT
        )
    return facts
