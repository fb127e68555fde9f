"""Reads a roster from a CSV file: one row for the same cars in some hours of some days.

    beat,days,from,to,cars,officers,longitude,latitude,neighbours
    adam,mon-fri,6,14,2,2,-104.81,39.73,baker;charlie
    adam,sat-sun,22,6,1,2,,,

`from` and `to` are full hours, 0 to 24, by the center's clock; a row that ends before it begins
goes on into the next day. Rows of one beat and hour add up. Centre and neighbours may stand in any
row of the beat.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tocsin.posture.price.assumed import HOURS
from tocsin.posture.price.history import is_on_earth
from tocsin.posture.price.roster import MOST_BEATS, MOST_CARS, Beat, Roster, roster_of
from tocsin.posture.price.table import Row, rows_of

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NEEDED = ("beat", "days", "from", "to", "cars", "officers")


@dataclass(slots=True, kw_only=True)
class _Draft:
    """A beat while its rows come in."""

    cars: list[int] = field(default_factory=lambda: [0] * HOURS)
    officers: list[int] = field(default_factory=lambda: [0] * HOURS)
    centre: tuple[float, float] | None = None
    neighbours: set[str] = field(default_factory=set)


def read_roster(raw: bytes) -> Roster:
    """The roster of a file.

    Raises:
        TooLarge: more bytes or rows than are read.
        InputError: names the line and column, or the beat, that cannot be.
    """
    drafts: dict[str, _Draft] = {}
    for row in rows_of(raw, _NEEDED, most=50 * MOST_BEATS):
        draft = drafts.setdefault(row.text("beat"), _Draft())
        cars = row.count("cars", most=MOST_CARS)
        officers = row.count("officers", most=4 * MOST_CARS)
        for hour in _hours(row):
            draft.cars[hour] += cars
            draft.officers[hour] += officers
        draft.centre = _centre(row) or draft.centre
        names = row.fields.get("neighbours", "").split(";")
        draft.neighbours |= {name.strip() for name in names if name.strip()}
    return roster_of(_beats(drafts))


def _beats(drafts: Mapping[str, _Draft]) -> list[Beat]:
    return [
        Beat(
            key=key,
            cars=tuple(draft.cars),
            officers=tuple(draft.officers),
            centre=draft.centre,
            neighbours=tuple(sorted(draft.neighbours)),
        )
        for key, draft in drafts.items()
    ]


def _hours(row: Row) -> Iterable[int]:
    """The hours of the week that a row is about."""
    first, last = row.count("from", most=24), row.count("to", most=24)
    if first == last:
        raise row.fault("to", "is the same hour as 'from'; write 0 and 24 for a whole day")
    length = (last - first) % 24 or 24
    return [(day * 24 + first + hour) % HOURS for day in _days(row) for hour in range(length)]


def _days(row: Row) -> Iterable[int]:
    value = row.text("days").lower()
    if value == "all":
        return range(7)
    first, _, last = value.partition("-")
    if first not in _DAYS or (last or first) not in _DAYS:
        raise row.fault("days", f"is {value[:40]!r}; write all, mon, or mon-fri")
    begin, end = _DAYS.index(first), _DAYS.index(last or first)
    return [(begin + step) % 7 for step in range((end - begin) % 7 + 1)]


def _centre(row: Row) -> tuple[float, float] | None:
    if "longitude" not in row.fields or "latitude" not in row.fields:
        return None
    longitude = row.number("longitude", least=-180, most=180)
    latitude = row.number("latitude", least=-180, most=180)
    if longitude is None or latitude is None:
        return None
    if not is_on_earth((longitude, latitude)):
        raise row.fault("latitude", "is not from -90 to 90; are both swapped?")
    return longitude, latitude
