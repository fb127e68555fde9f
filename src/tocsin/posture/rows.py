"""From rows to reports: one gate that every units feed goes through, row by row."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tocsin.errors import BadUnits, InputError
from tocsin.posture.feed import MOST_ROWS, Batch, Refused, UnitsFeed
from tocsin.posture.shape import row_check
from tocsin.posture.unit import (
    Assignment,
    CrewRole,
    Doubt,
    DoubtKind,
    Member,
    Position,
    Status,
    UnitKind,
    UnitReport,
)
from tocsin.warn.recipients.hours import zone_of

WORDS = {
    "available": Status.AVAILABLE,
    "in service": Status.AVAILABLE,
    "on patrol": Status.AVAILABLE,
    "en route": Status.EN_ROUTE,
    "enroute": Status.EN_ROUTE,
    "assigned": Status.EN_ROUTE,
    "dispatched": Status.EN_ROUTE,
    "responding": Status.EN_ROUTE,
    "on scene": Status.ON_SCENE,
    "onscene": Status.ON_SCENE,
    "arrived": Status.ON_SCENE,
    "break": Status.BREAK,
    "meal": Status.BREAK,
    "station": Status.STATION,
    "at station": Status.STATION,
    "in quarters": Status.STATION,
    "out of service": Status.OUT_OF_SERVICE,
    "unavailable": Status.OUT_OF_SERVICE,
    "off duty": Status.OFF_DUTY,
    "emergency": Status.EMERGENCY,
    "not known": Status.NOT_KNOWN,
}
"""Words for a status that every feed may use, in small letters, spaces for _ and -."""


def batch_of(rows: Iterable[Any], feed: UnitsFeed, *, now: datetime) -> Batch:
    """The reports of rows in the native shape, and those refused; none spoils another.

    Raises:
        BadUnits: there are too many rows.
    """
    reports: list[UnitReport] = []
    refused: list[Refused] = []
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise BadUnits(
                f"The units feed {feed.name} brings more than {MOST_ROWS:,} rows at once.",
                way_out="Send fewer at a time.",
            )
        try:
            reports.append(report_of(row, feed, now=now))
        except BadUnits as fault:
            refused.append(Refused(row=number, call_sign=_sign(row), reason=fault.what))
    return Batch(reports=_doubled(reports, now), refused=tuple(refused))


def report_of(row: Any, feed: UnitsFeed, *, now: datetime) -> UnitReport:
    """The report of one row in the native shape.

    Raises:
        BadUnits: names the field and what is wrong with it.
    """
    if isinstance(row, BadUnits):
        raise row
    fault = row_check()(row, "")
    if fault:
        raise BadUnits(f"{fault}.")
    agency = row.get("agency", feed.agency)
    if not agency:
        raise BadUnits("agency is missing, and the feed has none of its own.")
    reported_at, doubts = _time(row["reported_at"], "reported_at", feed, now)
    if feed.agencies and agency not in feed.agencies:
        text = f"Nobody here knows the agency {agency!r}."
        doubts.append(Doubt(kind=DoubtKind.AGENCY, text=text, at=now))
    position, more = _position(row.get("position"), reported_at, feed, now)
    return UnitReport(
        call_sign=" ".join(row["call_sign"].split()),
        agency=agency,
        reported_at=reported_at,
        source=feed.name,
        kind=UnitKind(row["kind"]) if "kind" in row else None,
        members=_members(row["crew"], feed, now) if "crew" in row else None,
        crew_count=int(row["crew_count"]) if "crew_count" in row else None,
        status=status_of(row["status"], feed) if "status" in row else None,
        position=position,
        assignment=_assignment(row.get("assignment"), reported_at, feed, now),
        ends_assignment="assignment" in row and row["assignment"] is None,
        doubts=(*doubts, *more),
    )


def _sign(row: Any) -> str:
    sign = row.get("call_sign") if isinstance(row, Mapping) else None
    if not isinstance(sign, str):
        return ""
    return "".join(one if one.isprintable() else "?" for one in sign[:32])


def status_of(word: str, feed: UnitsFeed) -> Status:
    """Our status for the feed's word; a word that nobody explained is not known, never available.

    Raises:
        BadUnits: the settings of the feed name a status that there is not.
    """
    plain = " ".join(word.lower().replace("_", " ").replace("-", " ").split())
    ours = feed.statuses.get(word.lower()) or feed.statuses.get(plain)
    if ours is None:
        return WORDS.get(plain, Status.NOT_KNOWN)
    try:
        return Status(ours)
    except ValueError as error:
        raise BadUnits(f"status: the feed's settings say {ours!r}, which is no status.") from error


def _members(crew: list[dict[str, Any]], feed: UnitsFeed, now: datetime) -> tuple[Member, ...]:
    found: dict[str, Member] = {}
    for index, one in enumerate(crew):
        away = one.get("away_since")
        place = f"crew[{index}].away_since"
        member = Member(
            person=one["person"],
            name=one.get("name", ""),
            role=CrewRole(one.get("role", CrewRole.NOT_KNOWN)),
            away_since=_time(away, place, feed, now)[0] if away else None,
        )
        if member.person in found:
            raise BadUnits(f"crew[{index}].person is {member.person!r} for the second time.")
        found[member.person] = member
    return tuple(found.values())


def _position(
    place: dict[str, Any] | None, reported_at: datetime, feed: UnitsFeed, now: datetime
) -> tuple[Position | None, list[Doubt]]:
    """The position, or none and the doubt that says why; nothing is turned around or moved."""
    if place is None:
        return None, []
    lon, lat = float(place["lon"]), float(place["lat"])
    at = reported_at
    doubts: list[Doubt] = []
    if "at" in place:
        at, doubts = _time(place["at"], "position.at", feed, now)
    accuracy = place.get("accuracy_m")
    return (
        Position(lon=lon, lat=lat, at=at, accuracy_m=None if accuracy is None else float(accuracy)),
        doubts,
    )


def _assignment(
    row: dict[str, Any] | None, reported_at: datetime, feed: UnitsFeed, now: datetime
) -> Assignment | None:
    if row is None:
        return None
    position = None
    if "lat" in row and "lon" in row:
        lon, lat = float(row["lon"]), float(row["lat"])
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            position = Position(lon=lon, lat=lat, at=reported_at)
    since = row.get("since")
    return Assignment(
        call=row["call"],
        type=row.get("type", ""),
        position=position,
        since=_time(since, "assignment.since", feed, now)[0] if since else None,
    )


def _time(text: str, place: str, feed: UnitsFeed, now: datetime) -> tuple[datetime, list[Doubt]]:
    """The moment that a text says, in UTC, and what is doubtful about it.

    Raises:
        BadUnits: it is no time, or does not say its offset and the feed has no zone.
    """
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return moment.astimezone(UTC), []
        if not feed.zone:
            raise BadUnits(f"{place} is {text[:40]!r}, which does not say its offset from UTC.")
        return _wall(moment, place, feed, now)
    except (ValueError, OverflowError) as error:
        raise BadUnits(f"{place} is {text[:40]!r}, which is no date and time.") from error


def _wall(
    wall: datetime, place: str, feed: UnitsFeed, now: datetime
) -> tuple[datetime, list[Doubt]]:
    """The moment at which a clock on the wall shows a time; doubted where it does so twice."""
    try:
        zone = zone_of(feed.zone)
    except InputError as error:
        raise BadUnits(f"{place}: {error.what}", way_out=error.way_out) from error
    first, last = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == last.utcoffset():
        return first.astimezone(UTC), []
    nearest = min((first, last), key=lambda one: abs(one.astimezone(UTC) - now))
    text = (
        f"{place} is {wall.isoformat(sep=' ')}: clocks change at that hour, and it does not say "
        "on which side."
    )
    doubt = Doubt(kind=DoubtKind.CLOCK, text=text, at=now)
    return nearest.astimezone(UTC), [doubt]


def _doubled(reports: list[UnitReport], now: datetime) -> tuple[UnitReport, ...]:
    """The reports, with a doubt on those that say two things of one call sign at one moment."""
    by_moment: dict[tuple[str, datetime], list[UnitReport]] = {}
    for report in reports:
        by_moment.setdefault((report.key, report.reported_at), []).append(report)
    found: list[UnitReport] = []
    for same in by_moment.values():
        if all(report == same[0] for report in same):
            found.append(same[0])
            continue
        text = f"The feed says two things of {same[0].call_sign} at once: two units, or one?"
        doubt = Doubt(kind=DoubtKind.CALL_SIGN, text=text, at=now)
        found += [replace(report, doubts=(*report.doubts, doubt)) for report in same]
    return tuple(found)
