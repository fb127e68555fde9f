"""Drafts on their way out, and bulletins as those whom they concern read them."""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from tocsin.desk.people.models import Agency, Area, Person
from tocsin.desk.records.access import find_bulletin, own_bulletins
from tocsin.desk.records.audience import audience_of, reasons_of
from tocsin.desk.records.boards.audience import Reached, reached
from tocsin.desk.records.boards.ground import write_grounds
from tocsin.desk.records.boards.threats import OWN_LINK
from tocsin.desk.records.drafting import standing_on
from tocsin.desk.records.holding import holders_of
from tocsin.desk.records.links import key_of, no_message
from tocsin.desk.records.models import Bulletin, Delivery, Recipient
from tocsin.desk.records.queries import (
    Concerned,
    as_bulletin,
    concerned_by,
    fingerprint_of,
    told_by,
)
from tocsin.desk.records.values import content_from
from tocsin.errors import NotFound, OutOfTurn
from tocsin.warn import Bulletin as Warned
from tocsin.warn import (
    BulletinKind,
    Content,
    Form,
    Notice,
    assessed_sentence,
    require_complete,
    write,
)
from tocsin.warn.recipients import Audience, Shifts

ENDED = 20
"""Bulletins that are over which a person's own page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft in front of the person who works on it.

    Attributes:
        row: as it is kept.
        content: its words.
        audience: whom it concerns.
        fingerprint: digest of its words and of its audience.
    """

    row: Bulletin
    content: Content
    audience: Audience
    fingerprint: str

    @property
    def initial(self) -> dict[str, object]:
        """What the fields of its form hold at first."""
        return {
            "safety_line": self.content.safety_line,
            "said": self.content.said,
            "not_known": "\n".join(self.content.not_known),
            "advice": self.content.advice,
            "change": self.content.change,
            "areas": sorted(self.audience.areas),
            "agencies": sorted(self.audience.agencies),
            "ring_km": f"{self.audience.ring_km:g}" if self.audience.ring_km else "",
            "roles": sorted(self.audience.roles),
            "next_shift": self.audience.shifts is Shifts.NOW_AND_NEXT,
            "next_hours": f"{self.audience.next_within / timedelta(hours=1):g}",
            "look_alikes": [one.agency for one in self.audience.look_alikes],
            "neighbours": [],
            "ground": write_grounds(self.audience.drawn),
        }

    def has_moved(self, typed: Mapping[str, str]) -> bool:
        """Whether somebody changed it after the form was shown."""
        return typed.get("seen", "") != self.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Ground and agencies that a draft may concern: the center's own, and all others."""

    areas: tuple[Area, ...]
    other_areas: tuple[Area, ...]
    agencies: tuple[Agency, ...]
    other_agencies: tuple[Agency, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A message as it would be sent now."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequences:
    """What would happen if the draft were released now.

    Attributes:
        preview: the message.
        people: everybody concerned, with every reason why.
        reached: the same by agency, with those in which nobody would be told.
        channels: names of the channels, each with the number of messages.
        unreachable: those who have no address.
        is_exercise: whether it rests on a demonstration: then nothing leaves the machine.
        obstacle: why it cannot be released; None where it can.
    """

    preview: Preview
    people: tuple[Concerned, ...]
    reached: Reached
    channels: tuple[tuple[str, int], ...]
    unreachable: tuple[Concerned, ...]
    is_exercise: bool
    obstacle: OutOfTurn | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A bulletin as one of those whom it concerns reads it; `holds` is in force in its place."""

    row: Recipient
    bulletin: Bulletin
    words: Warned
    holds: Bulletin | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A person's bulletins: those in force, and those that are over, latest first."""

    live: tuple[Own, ...]
    ended: tuple[Own, ...]

    @property
    def unseen(self) -> tuple[Own, ...]:
        """Those in force that he has not had before his eyes."""
        return tuple(one for one in self.live if one.row.seen_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What the link of one message shows.

    Attributes:
        delivery: the message.
        row: the person it is for; None where it asks for no acknowledgment.
        bulletin: the version it tells of.
        words: the same as the texts see it.
        holds: the version in force in its place; None where there is none.
        why: why it was cancelled; empty where it was not.
    """

    delivery: Delivery
    row: Recipient | None
    bulletin: Bulletin
    words: Warned
    holds: Bulletin | None
    why: str


def find_draft(number: str, version: int, person: Person) -> Draft:
    """The draft, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
        OutOfTurn: the version is a draft no more.
    """
    row = find_bulletin(number, version, person)
    if row.state != Bulletin.State.DRAFT:
        raise OutOfTurn(
            f"{row} is {row.get_state_display()}.",
            way_out="A released version stays as it is: make an update.",
        )
    content = content_from(row.content)
    return Draft(
        row=row, content=content, audience=audience_of(row), fingerprint=fingerprint_of(row)
    )


def choices_for(bulletin: Bulletin) -> Choices:
    """What the draft's author may choose from."""
    center = bulletin.threat.center
    own = Q(pk=center.pk) | Q(center=center)
    served = Agency.objects.filter(own)
    areas = Area.objects.filter(agencies__in=served).distinct()
    return Choices(
        areas=tuple(areas),
        other_areas=tuple(Area.objects.exclude(pk__in=[area.pk for area in areas])),
        agencies=tuple(served),
        other_agencies=tuple(Agency.objects.exclude(own)),
    )


def preview_of(bulletin: Bulletin, content: Content, areas: Iterable[Area]) -> Preview:
    """The message that these words would make."""
    shown = replace(
        as_bulletin(bulletin),
        content=content,
        places=tuple(area.name for area in areas),
        released_by="(who releases it)",
    )
    return _preview(shown)


def consequences_of(bulletin: Bulletin, *, by: Person, now: datetime) -> Consequences:
    """What would happen if this person released the draft now."""
    words = replace(
        content_from(bulletin.content), assessed=assessed_sentence(standing_on(bulletin.threat))
    )
    shown = replace(as_bulletin(bulletin), content=words, released_at=now, released_by=by.name)
    people = concerned_by(bulletin, now=now)
    channels = Counter(address.channel for one in people for address in one.person.addresses.all())
    return Consequences(
        preview=_preview(shown),
        people=tuple(people),
        reached=reached(people, reasons_of(bulletin)),
        channels=tuple(channels.items()),
        unreachable=tuple(one for one in people if not one.person.addresses.all()),
        is_exercise=shown.is_exercise,
        obstacle=_obstacle(words, BulletinKind(bulletin.kind), people),
    )


def people_to_cancel(bulletin: Bulletin) -> list[Person]:
    """Who would hear of it if the bulletin were cancelled now."""
    return told_by(bulletin)


def own_page(person: Person) -> OwnPage:
    """The bulletins that concern this person."""
    rows = (
        own_bulletins(person)
        .select_related("acknowledged_by", "bulletin__released_by")
        .prefetch_related("bulletin__areas")
        .order_by("-bulletin__released_at", "-pk")
    )
    in_force = Q(bulletin__state=Bulletin.State.RELEASED)
    return OwnPage(live=_own(rows.filter(in_force)), ended=_own(rows.exclude(in_force)[:ENDED]))


def devices_of(person: Person) -> int:
    """How many browsers show this person's warnings as notifications."""
    return person.addresses.filter(channel="push").count()


def own_bulletin(number: str, version: int, person: Person) -> Recipient:
    """The row of this person for a version of a bulletin.

    Raises:
        NotFound: it does not concern him, or there is none.
    """
    row = own_bulletins(person).filter(bulletin__number=number, bulletin__version=version).first()
    if row is None:
        raise NotFound(
            f"No bulletin {number} version {version} concerns you.",
            way_out="Open your bulletins again.",
        )
    return row


def linked(token: str) -> Linked:
    """What the link with this token shows.

    Raises:
        NotFound: it was not made here, or was changed.
    """
    return _linked(key_of(token))


def _preview(shown: Warned) -> Preview:
    words = write(Notice(bulletin=shown, link=OWN_LINK), Form.LETTER)
    return Preview(subject=words.subject, text=words.text)


def _linked(key: uuid.UUID) -> Linked:
    delivery = (
        Delivery.objects.select_related(
            "person__agency",
            "recipient__person",
            "recipient__acknowledged_by",
            "bulletin__threat__center",
            "bulletin__released_by",
        )
        .filter(key=key)
        .first()
    )
    if delivery is None:
        raise no_message()
    bulletin = delivery.bulletin
    return Linked(
        delivery=delivery,
        row=delivery.recipient,
        bulletin=bulletin,
        words=as_bulletin(bulletin),
        holds=holders_of([bulletin]).get(bulletin.pk),
        why=_why_cancelled(bulletin),
    )


def _own(rows: QuerySet[Recipient]) -> tuple[Own, ...]:
    found = list(rows)
    holders = holders_of(row.bulletin for row in found)
    return tuple(
        Own(
            row=row,
            bulletin=row.bulletin,
            words=as_bulletin(row.bulletin),
            holds=holders.get(row.bulletin_id),
        )
        for row in found
    )


def _why_cancelled(bulletin: Bulletin) -> str:
    last = Bulletin.objects.filter(
        number=bulletin.number, kind=BulletinKind.CANCEL.value, state=Bulletin.State.CANCELLED
    ).first()
    return content_from(last.content).change if last else ""


def _obstacle(words: Content, kind: BulletinKind, people: list[Concerned]) -> OutOfTurn | None:
    try:
        require_complete(words, kind)
    except OutOfTurn as error:
        return error
    if people:
        return None
    return OutOfTurn(
        "It would reach nobody: no person on duty is concerned.",
        way_out="Choose more areas or agencies, or correct the shifts.",
    )
