"""The texts that people receive, made from the templates in `texts/`."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Template
from zoneinfo import ZoneInfo

from tocsin.warn.bulletin import Bulletin, BulletinKind

_OPENING = {
    BulletinKind.ALERT: "",
    BulletinKind.UPDATE: "UPDATE: ",
    BulletinKind.CANCEL: "CANCELLED: ",
}


def local_time(moment: datetime, zone: str) -> str:
    """A moment as people in the zone write it, with its offset: `Mon 2 Mar 2026 21:04 (-07:00)`."""
    local = moment.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    day = local.strftime("%a %d %b %Y %H:%M").replace(" 0", " ", 1)
    return f"{day} ({offset[:3]}:{offset[3:]})"


def subject_line(bulletin: Bulletin) -> str:
    """One line: kind, safety line, number and version."""
    mark = "EXERCISE - " if bulletin.is_exercise else ""
    name = f"[{bulletin.number} v{bulletin.version}]"
    return f"{mark}{_OPENING[bulletin.kind]}{bulletin.content.safety_line[:140]} {name}"


def message_text(bulletin: Bulletin, *, link: str) -> str:
    """The bulletin for one person, with the link by which he acknowledges."""
    content = bulletin.content
    return _fill(
        f"{bulletin.kind}.txt",
        exercise="EXERCISE - THIS IS NOT A REAL WARNING\n" if bulletin.is_exercise else "",
        safety_line=content.safety_line,
        change=content.change,
        said=content.said or "(no recording and no note)",
        not_known="\n".join(f"- {line}" for line in content.not_known) or "-",
        assessed=content.assessed,
        advice=f"\nWHAT TO DO\n{content.advice}\n" if content.advice else "",
        places=", ".join(bulletin.places)
        or "no place was read: sent to every agency of the center",
        since=local_time(bulletin.since, bulletin.zone),
        released=local_time(bulletin.released_at, bulletin.zone),
        released_by=bulletin.released_by,
        expires=local_time(bulletin.expires_at, bulletin.zone),
        name=f"{bulletin.number} version {bulletin.version}",
        center=bulletin.center,
        link=link,
    )


def ladder_text(bulletin: Bulletin, *, missing: Sequence[str], minutes: int) -> str:
    """What a supervisor is told of his people who have not acknowledged."""
    return _fill(
        "ladder.txt",
        exercise="EXERCISE - THIS IS NOT A REAL WARNING\n" if bulletin.is_exercise else "",
        safety_line=bulletin.content.safety_line,
        minutes=str(minutes),
        missing="\n".join(f"- {line}" for line in missing),
        name=f"{bulletin.number} version {bulletin.version}",
        center=bulletin.center,
    )


def expiry_text(bulletin: Bulletin) -> str:
    """What everybody who was told is told when the bulletin ends by itself."""
    return _fill(
        "expiry.txt",
        exercise="EXERCISE - THIS IS NOT A REAL WARNING\n" if bulletin.is_exercise else "",
        safety_line=bulletin.content.safety_line,
        expires=local_time(bulletin.expires_at, bulletin.zone),
        name=f"{bulletin.number} version {bulletin.version}",
        center=bulletin.center,
    )


@cache
def _template(name: str) -> Template:
    return Template(files("tocsin.warn").joinpath("texts", name).read_text(encoding="utf-8"))


def _fill(template: str, **words: str) -> str:
    return _template(template).substitute(words)
