"""The center's own places and agencies, by the names people call them."""

from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What a name stands for."""

    AREA = "area"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One named thing of the center.

    Attributes:
        key: the record's key, such as `area:harlow`.
        kind: an area of ground, or an agency.
        names: the name and every other way people say it.
    """

    key: str
    kind: PlaceKind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """All named things of one center; empty where nothing is known of the county."""

    places: tuple[Place, ...] = ()
