"""A warning as it is told: what is known, what is not, since when, until when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.errors import OutOfTurn


class BulletinKind(StrEnum):
    """What a version does to those before it.

    An update is material: whoever acknowledged what was before has not acknowledged this. A
    correction is not: the answers stand.
    """

    ALERT = "alert"
    UPDATE = "update"
    CORRECTION = "correction"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The words of one version, as a person edits them.

    Attributes:
        safety_line: what an officer must know if he reads nothing else; one line.
        said: the caller's words, doubtful ones marked `[word?]`.
        not_known: what has not been said or found out, a sentence each.
        assessed: what people have answered so far, or that nobody has.
        advice: what those concerned should do.
        change: for an update what changed, for a cancel why; empty for an alert.
    """

    safety_line: str
    said: str
    not_known: tuple[str, ...]
    assessed: str
    advice: str = ""
    change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """One version of a warning with all that its texts name.

    Attributes:
        number: such as B-2026-000001; the same for all versions.
        version: 1 for the first.
        kind: what it does to those before.
        is_exercise: True for a demonstration or drill; its texts say so.
        center: name of the dispatch center that issues it.
        content: the words.
        places: names of the ground it concerns.
        since: start of the call, aware.
        released_at: when a person released it.
        released_by: that person's name.
        expires_at: when it ends by itself.
        zone: IANA name of the zone in which its times are written.
    """

    number: str
    version: int
    kind: BulletinKind
    is_exercise: bool
    center: str
    content: Content
    places: tuple[str, ...]
    since: datetime
    released_at: datetime
    released_by: str
    expires_at: datetime
    zone: str


def require_complete(content: Content, kind: BulletinKind) -> None:
    """Return when the words are fit to be released.

    Raises:
        OutOfTurn: names what is missing.
    """
    if not content.safety_line.strip():
        raise OutOfTurn(
            "The bulletin has no officer-safety line.",
            way_out="Write in one line what an officer must know.",
        )
    if "\n" in content.safety_line:
        raise OutOfTurn("The officer-safety line has several lines.", way_out="Shorten it to one.")
    if kind is not BulletinKind.ALERT and not content.change.strip():
        asked = "why it is cancelled" if kind is BulletinKind.CANCEL else "what changed"
        raise OutOfTurn(f"The {kind} does not say {asked}.", way_out="Add it in a sentence.")
