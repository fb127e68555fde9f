"""The joint list: on duty, not acknowledged, alone, inside the named places; the worst first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.db.models import Min

from tocsin import posture
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.models import Bulletin, Delivery, Order, Recipient
from tocsin.desk.records.picture import Seen
from tocsin.desk.records.standing import grounds_of
from tocsin.errors import Error
from tocsin.posture import Ground, JointRow, Member, OnDuty, Picture, Status, Unit, key_of
from tocsin.warn import BulletinKind

MOST_SHOWN = 200
_PREFIX = "person:"


@dataclass(frozen=True, slots=True, kw_only=True)
class JointLine:
    """One person of the list.

    Attributes:
        row: rank, company, place, in words.
        told: his row in the bulletin.
        call_sign: of his unit; empty where none names him.
        how: how he was found in the unit, where that was not by his login.
    """

    row: JointRow
    told: Recipient
    call_sign: str
    how: str

    @property
    def is_worst(self) -> bool:
        """Whether he is alone, or may be, where it was said."""
        return self.row.rank is posture.Rank.ALONE_IN_PLACE


@dataclass(frozen=True, slots=True, kw_only=True)
class JointList:
    """The worst of the list, and how many there are.

    Attributes:
        lines: at most `MOST_SHOWN`.
        total: all on duty who have not acknowledged.
        worst: those of them who are alone, or may be, where it was said.
        places: names of the places, in words; empty where everywhere counts.
        is_asked: whether a bulletin is in force that asks anybody to acknowledge.
    """

    lines: tuple[JointLine, ...]
    total: int
    worst: int
    places: tuple[str, ...]
    is_asked: bool = True

    def first(self, many: int) -> "JointList":
        """The same with fewer lines."""
        return replace(self, lines=self.lines[:many])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """A person for whom a bulletin waits; the facts of his row that the list needs of everybody."""

    row: int
    login: str
    name: str
    unit: str
    agency: str
    told_at: datetime | None


def joint_of(orders: Sequence[Order], seen: Seen) -> JointList:
    """Everybody on duty whom a bulletin of the orders' threats waits for, and where he stands."""
    bulletins = _asking(orders)
    told = {one.login: one for one in _waiting(bulletins)}
    finder = _Finder(seen.picture, told)
    places = _places(orders)
    people = [
        OnDuty(person=one.login, name=one.name, agency=one.agency, told_at=one.told_at)
        for one in told.values()
    ]
    rows = posture.joint_list(people, finder.picture, places, seen.limits)
    return JointList(
        lines=_lines(rows[:MOST_SHOWN], told, finder),
        total=len(rows),
        worst=sum(row.rank is posture.Rank.ALONE_IN_PLACE for row in rows),
        places=tuple(dict.fromkeys(place.name for place in places)),
        is_asked=bool(bulletins),
    )


def _lines(
    rows: Iterable[JointRow], told: Mapping[str, _Told], finder: "_Finder"
) -> tuple[JointLine, ...]:
    shown = [(row, told[row.person.person]) for row in rows]
    whole = Recipient.objects.select_related("person", "agency")
    by_pk = whole.in_bulk([one.row for _, one in shown])
    return tuple(
        JointLine(
            row=row,
            told=by_pk[one.row],
            call_sign=finder.picture.units[row.unit].call_sign if row.unit else "",
            how=finder.how.get(one.login, ""),
        )
        for row, one in shown
        if one.row in by_pk
    )


def _places(orders: Iterable[Order]) -> list[Ground]:
    """The places that were named; none where one order names none: then everywhere counts."""
    found: list[Ground] = []
    for order in orders:
        try:
            own = list(grounds_of(order))
        except Error:
            return []  # the board says that this order cannot be read
        if not own:
            return []
        found += own
    return found


def _asking(orders: Iterable[Order]) -> list[int]:
    """The bulletins in force of the orders' threats that ask for an acknowledgment."""
    rows = Bulletin.objects.filter(
        threat__in={order.threat_id for order in orders}, state=Bulletin.State.RELEASED
    )
    return list(rows.exclude(kind=BulletinKind.CANCEL.value).values_list("pk", flat=True))


def _waiting(bulletins: Sequence[int]) -> Iterable[_Told]:
    """The people of these bulletins who have not acknowledged and are not off duty, each once.

    Those of a dispatch center are left to the list of who was not told: they sit in it, and none
    of them is sent. Of who waits for two bulletins, the one that he was not told of counts.
    """
    rows = Recipient.objects.filter(
        bulletin__in=bulletins, must_acknowledge=True, acknowledged_at=None, stopped_at=None
    ).exclude(agency__kind=Agency.Kind.DISPATCH)
    sent = Delivery.objects.filter(
        bulletin__in=bulletins, purpose=Delivery.Purpose.BULLETIN, sent_at__isnull=False
    )
    told_at = dict(
        sent.order_by().values("recipient").annotate(at=Min("sent_at")).values_list(
            "recipient", "at"
        )
    )  # fmt: skip
    facts = rows.order_by("since", "pk").values_list(
        "pk", "person__login", "person__name", "person__unit", "agency__key"
    )
    found: dict[str, _Told] = {}
    for pk, login, name, unit, agency in facts:
        one = _Told(
            row=pk, login=login, name=name, unit=unit, agency=agency, told_at=told_at.get(pk)
        )
        if login not in found or (one.told_at is None and found[login].told_at):
            found[login] = one
    return found.values()


class _Finder:
    """Finds people in crews: by login, by name within their agency, else by call sign.

    Attributes:
        picture: the units, with each person who was found named by his login.
        how: by login, how he was found, where that was not by his login.
    """

    def __init__(self, picture: Picture, told: Mapping[str, _Told]) -> None:
        self.picture = picture
        self.how: dict[str, str] = {}
        self._told = told
        self._units: dict[str, Unit] = {}
        self._crews: dict[str, tuple[str, ...]] = {}
        for key, unit in picture.units.items():
            if unit.status is not Status.OFF_DUTY:
                self._read(key, unit)
        for one in told.values():
            if one.login not in self._crews:
                self._by_sign(one)
        units, crews = {**picture.units, **self._units}, {**picture.crews, **self._crews}
        self.picture = replace(picture, units=units, crews=crews)

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], str]:
        return _by_name(self._told.values())

    def _read(self, key: str, unit: Unit) -> None:
        """Name those of the crew who are on the list by their logins."""
        members = tuple(self._named(key, unit, member) for member in unit.members)
        if any(new is not old for new, old in zip(members, unit.members, strict=True)):
            self._units[key] = replace(unit, members=members)

    def _named(self, key: str, unit: Unit, member: Member) -> Member:
        login, how = self._who(unit, member)
        if not login:
            return member
        self.how.setdefault(login, how)
        before = self._crews.get(login, ())
        self._crews[login] = (*before, key) if member.is_present else before
        return member if member.person == login else replace(member, person=login)

    def _who(self, unit: Unit, member: Member) -> tuple[str, str]:
        """The login of a member who is on the list, and how he was found; empty for nobody."""
        login = member.person.removeprefix(_PREFIX)
        if login in self._told:
            return login, ""
        for word in (member.person, member.name):
            if named := self._by_name.get((unit.agency, word)):
                return named, "by his name"
        return "", ""

    def _by_sign(self, one: _Told) -> None:
        """Put him into the unit that the record gives him, where no person is said to be in it.

        Whether he is in it the feed does not say, so he is no company for anybody.
        """
        key = key_of(one.agency, one.unit)
        unit = self.picture.units.get(key)
        if not one.unit or unit is None or unit.members or unit.crew_count == 0:
            return
        sofar = self._units.get(key, unit)
        member = Member(person=one.login, name=one.name)
        self._units[key] = replace(sofar, members=(*sofar.members, member))
        self._crews[one.login] = (key,)
        self.how[one.login] = "by his call sign alone"


def _by_name(told: Iterable[_Told]) -> dict[tuple[str, str], str]:
    """The login for an agency and a name, where only one of its people is called so."""
    rows = list(told)
    agencies = {one.agency for one in rows}
    called = Counter(
        Person.objects.filter(agency__key__in=agencies, is_active=True)
        .order_by()
        .values_list("agency__key", "name")
    )
    return {(one.agency, one.name): one.login for one in rows if called[one.agency, one.name] == 1}
