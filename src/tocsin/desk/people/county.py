"""The county file: agencies, areas and people of an installation, checked before it is used."""

import json
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from shapely import GEOSException
from shapely.geometry import shape

from tocsin.errors import BadCounty
from tocsin.read import Gazetteer, Place, PlaceKind
from tocsin.warn import CHANNELS

WAY_OUT = "Correct the file and load it again; nothing was changed. docs/county-file.md has all."


def parse_county(raw: bytes) -> dict[str, Any]:
    """The county that a file describes, checked.

    Raises:
        BadCounty: names what does not fit.
    """
    try:
        value = json.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadCounty(f"The county file is not JSON: {error}.", way_out=WAY_OUT) from error
    fault = best_match(_schema().iter_errors(value))
    if fault is not None:
        place = ".".join(str(part) for part in fault.absolute_path) or "the whole"
        raise BadCounty(f"In the county file, {place}: {fault.message[:300]}.", way_out=WAY_OUT)
    checked: dict[str, Any] = value
    _check_keys("agency", [row["key"] for row in checked["agencies"]])
    _check_keys("area", [one["properties"]["key"] for one in checked["areas"]["features"]])
    _check_keys("login", [row["login"] for row in checked["people"]])
    _check_names(checked)
    for feature in checked["areas"]["features"]:
        _check_outline(feature["properties"]["key"], feature["geometry"])
    return checked


def gazetteer_of(county: dict[str, Any]) -> Gazetteer:
    """The names by which a caller may call the county's ground and agencies."""
    areas = [feature["properties"] for feature in county["areas"]["features"]]
    return Gazetteer(
        places=(*_places(areas, PlaceKind.AREA), *_places(county["agencies"], PlaceKind.AGENCY))
    )


def _places(rows: list[dict[str, Any]], kind: PlaceKind) -> list[Place]:
    return [
        Place(key=f"{kind}:{row['key']}", kind=kind, names=(row["name"], *row.get("names", [])))
        for row in rows
    ]


def _check_keys(what: str, keys: list[str]) -> None:
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise BadCounty(f"The {what} {twice[0]!r} stands twice.", way_out=WAY_OUT)


def _check_names(value: dict[str, Any]) -> None:
    """Zones and channels are ones that exist: a wrong one would be found out in the night."""
    for row in value["agencies"]:
        if row["zone"] not in available_timezones():
            raise BadCounty(
                f"The agency {row['key']} is in no known time zone: {row['zone']!r}.",
                way_out=WAY_OUT,
            )
    for row in value["people"]:
        for address in row.get("addresses", []):
            if address["channel"] not in CHANNELS:
                known = ", ".join(sorted(CHANNELS))
                raise BadCounty(
                    f"{row['login']} has an address on {address['channel']!r}; "
                    f"channels are: {known}.",
                    way_out=WAY_OUT,
                )


@cache
def _schema() -> Draft202012Validator:
    text = files("tocsin.desk.people").joinpath("county.schema.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _check_outline(key: str, geometry: dict[str, Any]) -> None:
    try:
        outline = shape(geometry)
        fault = "" if outline.is_valid and outline.area > 0 else "crosses itself or holds no ground"
    except (GEOSException, ValueError, TypeError, IndexError) as error:
        fault = f"is no outline ({error})"
    if fault:
        raise BadCounty(f"The outline of the area {key} {fault}.", way_out=WAY_OUT)
