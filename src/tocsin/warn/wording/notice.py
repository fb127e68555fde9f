"""What is to be told to one person, before it is worded for the channel that carries it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Template
from zoneinfo import ZoneInfo

from tocsin.warn.bulletin import Bulletin, BulletinKind


class Topic(StrEnum):
    """What a message tells of."""

    BULLETIN = "bulletin"
    LADDER = "ladder"
    EXPIRY = "expiry"
    SUPERSEDED = "superseded"
    ORDER = "order"
    STAND_DOWN = "stand_down"
    BREACH = "breach"


OF_ORDERS = frozenset({Topic.ORDER, Topic.STAND_DOWN, Topic.BREACH})
"""Topics that tell of an order of posture, and of the bulletin only as its ground."""


class Form(StrEnum):
    """How the words of a channel look; each has its module here and its templates in `texts/`."""

    LETTER = "letter"
    SHORT = "short"
    SPOKEN = "spoken"
    GLANCE = "glance"
    DATA = "data"
    SCRIPT = "script"
    TELETYPE = "teletype"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order of posture, as it is told.

    Attributes:
        number: of the order.
        measures: a sentence each.
        whom: agencies and ground that it concerns, in words.
        why: why it was ordered; for `STAND_DOWN` why it is over.
        by: name of who ordered it, or stood it down.
        at: when he did; None where it is not said.
        review_at: when it is looked at again; None where it is not said.
    """

    number: str = ""
    measures: tuple[str, ...] = ()
    whom: str = ""
    why: str = ""
    by: str = ""
    at: datetime | None = None
    review_at: datetime | None = None


NO_ORDER = Ordered()
"""Stands where a notice tells of none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What one person is to be told.

    Attributes:
        bulletin: the version that it tells of.
        topic: the version itself, or what became of it.
        name: of the person or desk that it is for; empty where it is the same for all.
        link: where he reads it and acknowledges; empty where there is none.
        code: what he answers to acknowledge where he can only answer by digits; empty for none.
        missing: for the ladder: who has not acknowledged, a line each; for `BREACH`: who is alone
            against the order, and where.
        minutes: for the ladder: how long they have had; for `BREACH`: since how long.
        other: for `SUPERSEDED`: number and version of the bulletin that holds instead.
        order: for `ORDER`, `STAND_DOWN` and `BREACH`: the order.
    """

    bulletin: Bulletin
    topic: Topic = Topic.BULLETIN
    name: str = ""
    link: str = ""
    code: str = ""
    missing: tuple[str, ...] = ()
    minutes: int = 0
    other: str = ""
    order: Ordered = NO_ORDER

    @property
    def must_be_acknowledged(self) -> bool:
        """Whether an answer is asked for."""
        is_void = self.bulletin.kind is BulletinKind.CANCEL
        return self.topic is Topic.BULLETIN and not is_void and bool(self.link or self.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A message as one channel carries it.

    Attributes:
        subject: one line.
        text: all of it; where the channel has no subject, with everything that matters.
        measure: how long it is in the channel's own measure: `212 septets, 2 parts`.
        faults: where it does not fit its channel, a sentence each with the way out.
    """

    subject: str
    text: str
    measure: str = ""
    faults: tuple[str, ...] = ()


def template_of(notice: Notice) -> str:
    """Name of the template, without the folder of its form: `alert`, `ladder`, ..."""
    is_version = notice.topic is Topic.BULLETIN
    return notice.bulletin.kind.value if is_version else notice.topic.value


def fill(form: Form, template: str, /, **words: str) -> str:
    """The template `texts/FORM/TEMPLATE.txt` with these words in it."""
    return _template(form.value, template).substitute(words)


def local_time(moment: datetime, zone: str) -> str:
    """A moment as people in the zone write it, with its offset: `Mon 2 Mar 2026 21:04 (-07:00)`."""
    local = moment.astimezone(ZoneInfo(zone))
    offset = local.strftime("%z")
    day = local.strftime("%a %d %b %Y %H:%M").replace(" 0", " ", 1)
    return f"{day} ({offset[:3]}:{offset[3:]})"


def short_time(moment: datetime, zone: str) -> str:
    """The same where there is little room: `2 Mar 21:04`."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%d %b %H:%M").lstrip("0")


def long_moment(moment: datetime | None, zone: str) -> str:
    """A moment as `local_time` writes it; `at no time that was said` where there is none."""
    return local_time(moment, zone) if moment else "at no time that was said"


def bulleted(lines: Sequence[str]) -> str:
    """Lines with a dash before each; a dash alone where there are none."""
    return "\n".join(f"- {line}" for line in lines) or "-"


@cache
def _template(folder: str, name: str) -> Template:
    place = files("tocsin.warn").joinpath("texts", folder, f"{name}.txt")
    return Template(place.read_text(encoding="utf-8"))
