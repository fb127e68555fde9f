"""What a person carries of a released bulletin: radio script, teletype, printed page."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Act
from tocsin.desk.people.models import Person
from tocsin.desk.records.access import find_bulletin, require
from tocsin.desk.records.boards.missing import Missing, people_of, waiting_for
from tocsin.desk.records.boards.tallies import SHOWN
from tocsin.desk.records.links import link_of
from tocsin.desk.records.models import Bulletin, Delivery, DeskNotice
from tocsin.desk.records.queries import as_bulletin, is_exercise
from tocsin.errors import NotFound, OutOfTurn
from tocsin.warn import (
    Addressee,
    BulletinKind,
    Form,
    Message,
    Notice,
    Sheet,
    Topic,
    Words,
    form_of,
    open_hand_channel,
    write,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is read on the air, and who is to answer.

    Attributes:
        bulletin: the version.
        words: one reading, how long it takes, and what is wrong with it.
        names_missing: whether it calls those who have not acknowledged.
        is_live: whether the version is in force and asks for an acknowledgment.
        units: who has not acknowledged, worst first; at the most `missing.SHOWN`.
        missing: how many have not.
        notices: the dispatch centers that are to read it, and those that did.
    """

    bulletin: Bulletin
    words: Words
    names_missing: bool
    is_live: bool
    units: tuple[Missing, ...]
    missing: int
    notices: tuple[DeskNotice, ...]


def released_for(number: str, version: int, person: Person) -> Bulletin:
    """The version, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
        OutOfTurn: it was never released: nobody may carry it anywhere.
    """
    row = find_bulletin(number, version, person)
    if row.released_at is None:
        raise OutOfTurn(f"{row} was never released.", way_out="Release it first.")
    return row


def script_of(row: Bulletin, *, names_missing: bool, now: datetime) -> Script:
    """What is read on the air; where it is asked for, with the units that have not answered."""
    keys = waiting_for(row)
    units = people_of(keys[:SHOWN])
    notice = Notice(bulletin=as_bulletin(row))
    if names_missing and units:
        notice = Notice(
            bulletin=as_bulletin(row),
            topic=Topic.LADDER,
            missing=tuple(one.row.person.unit or one.row.person.name for one in units),
            minutes=int((now - (row.released_at or now)).total_seconds() // 60),
        )
    notices = row.desk_notices.filter(way=DeskNotice.Way.RADIO, withdrawn_at=None)
    is_void = row.kind == BulletinKind.CANCEL.value
    return Script(
        bulletin=row,
        words=write(notice, Form.SCRIPT),
        names_missing=notice.topic is Topic.LADDER,
        is_live=row.state == Bulletin.State.RELEASED and not is_void,
        units=tuple(units),
        missing=len(keys),
        notices=tuple(notices.select_related("agency", "done_by")),
    )


def teletype_of(row: Bulletin) -> Sheet:
    """The text for the agency's own Nlets terminal; the operator chooses where it goes."""
    return _sheet(row, "teletype", key=f"{row.number}-{row.version}", name=row.threat.center.name)


def print_of(row: Bulletin) -> Sheet:
    """One page to be hung up: it asks for no answer, so that nobody answers for another."""
    return _sheet(row, "print", key=f"{row.number}-{row.version}", name="everybody")


def print_for(row: Bulletin, login: str, *, person: Person) -> Sheet:
    """One page for one person, with the square code by which he acknowledges.

    Raises:
        NotAllowed: who asks may not answer for others, and would hold another's link.
        NotFound: the version does not concern that person, or nothing was written to him.
    """
    require(person, Act.ACKNOWLEDGE_FOR)
    sent = row.deliveries.filter(
        person__login=login, recipient__isnull=False, purpose=Delivery.Purpose.BULLETIN
    )
    own = sorted(sent.select_related("person"), key=lambda one: (one.channel != "print", one.pk))
    if not own:
        raise NotFound(
            f"No message of {row} was written to {login!r}, so that there is no link of his.",
            way_out="Print the page for everybody, and enter that he was told.",
        )
    link = link_of(own[0].key)
    name = own[0].person.name
    return _sheet(row, "print", key=f"{row.number}-{row.version}-{login}", name=name, link=link)


def _sheet(row: Bulletin, channel: str, *, key: str, name: str, link: str = "") -> Sheet:
    words = write(
        Notice(bulletin=as_bulletin(row), name=name if link else "", link=link), form_of(channel)
    )
    message = Message(
        key=key,
        subject=words.subject,
        text=words.text,
        is_exercise=is_exercise(row),
        link=link,
    )
    return open_hand_channel(channel, {}).lay_out(message, to=Addressee(name=name, address=""))
