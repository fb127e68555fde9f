"""Who is near whom and since when, as a watch keeps it between two looks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tocsin.posture import Near, Picture


def near_as_json(picture: Picture) -> dict[str, list[list[Any]]]:
    """By a unit's key, the key, metres and first moment of each neighbour."""
    return {
        key: [[one.other, round(one.distance_m), one.since.isoformat()] for one in near]
        for key, near in picture.near.items()
    }


def near_from(body: Mapping[str, list[list[Any]]]) -> dict[str, tuple[Near, ...]]:
    """What `near_as_json` wrote."""
    return {
        key: tuple(
            Near(other=other, distance_m=metres, since=datetime.fromisoformat(since))
            for other, metres, since in near
        )
        for key, near in body.items()
    }
