"""A unit as JSON for its row, and back; thousands a second pass here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tocsin.posture import (
    Assignment,
    CrewRole,
    Doubt,
    DoubtKind,
    Member,
    Position,
    Status,
    Unit,
    UnitKind,
)

_MOMENTS = ("reported_at", "heard_at", "crew_at", "status_at", "status_since", "assignment_at")


def unit_as_json(unit: Unit) -> dict[str, Any]:
    """The unit as JSON objects; what is not known is left out."""
    found: dict[str, Any] = {
        "call_sign": unit.call_sign,
        "agency": unit.agency,
        "source": unit.source,
        "kind": unit.kind.value,
        "status": unit.status.value,
    }
    for name in _MOMENTS:
        moment = getattr(unit, name)
        if moment is not None:
            found[name] = moment.isoformat()
    if unit.crew_count is not None:
        found["crew_count"] = unit.crew_count
    if unit.members:
        found["members"] = [_member_as_json(one) for one in unit.members]
    if unit.position:
        found["position"] = _position_as_json(unit.position)
    if unit.assignment:
        found["assignment"] = _assignment_as_json(unit.assignment)
    if unit.doubts:
        found["doubts"] = [[one.kind.value, one.text, one.at.isoformat()] for one in unit.doubts]
    return found


def unit_from_json(body: Mapping[str, Any]) -> Unit:
    """The unit that `unit_as_json` wrote."""
    position, assignment = body.get("position"), body.get("assignment")
    moments = {name: _moment(body.get(name)) for name in _MOMENTS}
    return Unit(
        call_sign=body["call_sign"],
        agency=body["agency"],
        source=body["source"],
        kind=UnitKind(body["kind"]),
        status=Status(body["status"]),
        crew_count=body.get("crew_count"),
        members=tuple(_member(one) for one in body.get("members", ())),
        position=_position(position) if position else None,
        assignment=_assignment(assignment) if assignment else None,
        doubts=tuple(
            Doubt(kind=DoubtKind(kind), text=text, at=datetime.fromisoformat(at))
            for kind, text, at in body.get("doubts", ())
        ),
        **moments,  # type: ignore[arg-type] # the two that must be there are always written
    )


def _member_as_json(member: Member) -> dict[str, Any]:
    found = {"person": member.person, "name": member.name, "role": member.role.value}
    if member.away_since:
        found["away_since"] = member.away_since.isoformat()
    return found


def _member(body: Mapping[str, Any]) -> Member:
    return Member(
        person=body["person"],
        name=body["name"],
        role=CrewRole(body["role"]),
        away_since=_moment(body.get("away_since")),
    )


def _position_as_json(at: Position) -> list[Any]:
    return [at.lon, at.lat, at.at.isoformat(), at.accuracy_m]


def _position(body: list[Any]) -> Position:
    lon, lat, at, accuracy_m = body
    return Position(lon=lon, lat=lat, at=datetime.fromisoformat(at), accuracy_m=accuracy_m)


def _assignment_as_json(one: Assignment) -> dict[str, Any]:
    found: dict[str, Any] = {"call": one.call, "type": one.type}
    if one.position:
        found["position"] = _position_as_json(one.position)
    if one.since:
        found["since"] = one.since.isoformat()
    return found


def _assignment(body: Mapping[str, Any]) -> Assignment:
    position = body.get("position")
    return Assignment(
        call=body["call"],
        type=body["type"],
        position=_position(position) if position else None,
        since=_moment(body.get("since")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
