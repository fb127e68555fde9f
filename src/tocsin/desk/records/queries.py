"""What the commands ask of the record: the stages' values made from rows."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records.audience import (
    audience_of,
    cap_rings,
    name_of_drawn,
    reasons_for_audience,
    reasons_of,
)
from tocsin.desk.records.duty import comes_on_at, is_on_duty, people_who_may, with_duty
from tocsin.desk.records.models import Bulletin, Delivery, Recipient, Threat
from tocsin.desk.records.values import content_from
from tocsin.errors import NotFound, SetupError
from tocsin.evidence import digest_of, open_store
from tocsin.warn import (
    TOLD,
    BulletinKind,
    Candidate,
    CapArea,
    CapReference,
    Ladder,
    choose_recipients,
    ladder_from,
    ladder_of,
    reference_to,
)
from tocsin.warn import Bulletin as Warned
from tocsin.warn.recipients import Audience, audience_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A person whom a bulletin concerns, and every reason why.

    Attributes:
        person: who it is.
        why: sentences.
        comes_on_at: when he comes on duty, for who is told with the next shift; else None.
    """

    person: Person
    why: tuple[str, ...]
    comes_on_at: datetime | None = None


def as_bulletin(row: Bulletin) -> Warned:
    """The version as the texts and CAP are made from it; a draft as if it were released now."""
    released = row.released_at or row.drafted_at
    return Warned(
        number=row.number,
        version=row.version,
        kind=BulletinKind(row.kind),
        is_exercise=is_exercise(row),
        center=row.threat.center.name,
        content=content_from(row.content),
        places=places_of(row),
        since=row.threat.since,
        released_at=released,
        released_by=row.released_by.name if row.released_by else "nobody yet",
        expires_at=row.expires_at or released + settings.TOCSIN.warn.expires_after,
        zone=row.threat.center.zone,
    )


def places_of(row: Bulletin) -> tuple[str, ...]:
    """What the version's ground is called: its areas, and whose drawing the rest is."""
    drawn = [name_of_drawn(one) for one in audience_of(row).drawn]
    return (*(area.name for area in row.areas.all()), *dict.fromkeys(drawn))


def fingerprint_of(row: Bulletin) -> str:
    """Digest of a draft's words and of its audience."""
    return digest_of({"content": row.content, "audience": audience_json(audience_of(row))})


def is_exercise(row: Bulletin) -> bool:
    """Whether its threat is a drill's, or rests on a demonstration."""
    return is_exercise_of(row.threat)


def is_exercise_of(threat: Threat) -> bool:
    """Whether the threat is a drill's, or rests on a demonstration."""
    return threat.is_drill or threat.calls.filter(is_demonstration=True).exists()


def concerned_by(
    row: Bulletin, *, now: datetime, audience: Audience | None = None
) -> list[Concerned]:
    """Whom the version concerns if it is released at `now`.

    An alert: everybody of its audience. An update: those, and whoever was told before. A cancel:
    exactly those who were told.

    Args:
        row: the version.
        now: when.
        audience: what a person is choosing for it; the audience that it has unless given.

    Raises:
        InputError: the audience names what is not on record, or ground that cannot be measured.
    """
    kind = BulletinKind(row.kind)
    found: dict[int, Concerned] = {}
    if kind is not BulletinKind.ALERT:
        for person in told_by(row):
            found[person.pk] = Concerned(person=person, why=("was told before",))
    if kind is not BulletinKind.CANCEL:
        for one in _chosen(row, audience or audience_of(row), now=now):
            found[one.person.pk] = one
    return sorted(found.values(), key=lambda one: (one.person.agency.name, one.person.name))


def newly_concerned(row: Bulletin, *, now: datetime, only: Person | None = None) -> list[Concerned]:
    """Whom the version concerns at `now` who is not told of it, or whose ladder stands still.

    Only these are read: of thousands who were told, nobody is looked at again.
    """
    settled = Recipient.objects.filter(bulletin=row).exclude(
        stopped_at__isnull=False, acknowledged_at=None
    )
    among = Person.objects.exclude(pk__in=settled.values("person"))
    if only:
        among = among.filter(pk=only.pk)
    return _chosen(row, audience_of(row), now=now, among=among)


def told_by(row: Bulletin, *, among: QuerySet[Person] | None = None) -> list[Person]:
    """Everybody who was, or may have been, told of any version of the bulletin.

    Args:
        row: a version of it.
        among: people beside whom nobody is asked about; everybody unless given.
    """
    was_told = Q(
        deliveries__state__in=[state.value for state in TOLD],
        deliveries__purpose=Delivery.Purpose.BULLETIN,
    )
    recipients = Recipient.objects.filter(bulletin__number=row.number).filter(
        was_told | Q(acknowledged_at__isnull=False)
    )
    people = Person.objects.all() if among is None else among
    return list(with_duty(people.filter(pk__in=recipients.values("person"))))


def versions_in_force(row: Bulletin) -> QuerySet[Bulletin]:
    """The released versions of the same bulletin that have not ended."""
    return Bulletin.objects.filter(number=row.number, state=Bulletin.State.RELEASED)


def cap_areas(row: Bulletin) -> tuple[CapArea, ...]:
    """The version's ground as CAP says it: its areas, and what was drawn with its author's name."""
    areas = [CapArea(name=area.name, rings=cap_rings(area.outline)) for area in row.areas.all()]
    drawn = [
        CapArea(name=name_of_drawn(one), rings=one.rings[:1]) for one in audience_of(row).drawn
    ]
    return (*areas, *drawn)


def references_of(row: Bulletin, *, now: datetime) -> tuple[CapReference, ...]:
    """Every earlier version whose CAP message has not expired, by the strings it carried."""
    earlier = Bulletin.objects.filter(
        number=row.number, version__lt=row.version, cap__isnull=False, expires_at__gt=now
    ).order_by("version")
    return tuple(reference_to(cap_message(one)) for one in earlier.select_related("cap"))


def cap_message(row: Bulletin) -> bytes:
    """The bytes of the version's CAP message, as they were sealed at release.

    Raises:
        NotFound: it was never released.
    """
    if row.cap is None:
        raise NotFound(f"{row} has no CAP message: it was never released.")
    with open_store(settings.TOCSIN_STORE).open(row.cap.sha256) as file:
        return file.read()


def released_version(number: str) -> Bulletin:
    """The version that `NUMBER.VERSION` names, or the last released one of `NUMBER`.

    Raises:
        NotFound: there is none.
    """
    name, _, version = number.partition(".")
    found = Bulletin.objects.filter(number=name, released_at__isnull=False)
    if version:
        found = found.filter(version=int(version) if version.isdecimal() else 0)
    row = found.order_by("-version").first()
    if row is None:
        raise NotFound(f"There is no released bulletin {number}.", way_out="Check the number.")
    return row


def center_of(person: Person) -> Agency:
    """The dispatch center of the person's agency; the agency itself where none serves it."""
    return person.agency.center or person.agency


def the_center(key: str = "") -> Agency:
    """The dispatch center with this key, or the only one there is.

    Raises:
        SetupError: there is none, or it is not said which.
    """
    centers = Agency.objects.filter(kind=Agency.Kind.DISPATCH)
    found = list(centers.filter(key=key) if key else centers)
    if len(found) == 1:
        return found[0]
    known = ", ".join(center.key for center in centers) or "none yet"
    raise SetupError(
        f"There is no dispatch center {key!r}." if key else "It is not said which dispatch center.",
        way_out=f"Name one of these by its key: {known}.",
    )


def desks_of(row: Bulletin) -> list[Agency]:
    """The agencies whose desk must hear of the version: every one that it concerns, by name."""
    found = Agency.objects.filter(key__in=list(reasons_of(row))).select_related("center")
    return list(found.order_by("name"))


def frozen_ladder(row: Bulletin) -> Ladder:
    """The version's ladder as it was at release; today's for one that kept none."""
    return ladder_from(row.plan) if row.plan else ladder_of(settings.TOCSIN.warn)


def ladder_faults(row: Bulletin, *, now: datetime) -> int:
    """How many people's ladders have not moved as the version's frozen plan says.

    Counted from the plan and the moment each ladder began, not from when it is next due.
    """
    ladder, at = frozen_ladder(row), now - settings.TOCSIN.warn.audit_grace
    waiting = Recipient.objects.filter(
        bulletin=row, must_acknowledge=True, acknowledged_at=None, stopped_at=None
    )
    groups = waiting.values("since", "rung").annotate(people=Count("pk")).order_by()
    return sum(
        group["people"] for group in groups if group["rung"] < ladder.due_by(at - group["since"])
    )


def _chosen(
    row: Bulletin, audience: Audience, *, now: datetime, among: QuerySet[Person] | None = None
) -> list[Concerned]:
    reasons = reasons_for_audience(audience, center=row.threat.center)
    # The next shift is the one after the release, however long the bulletin holds.
    until = audience.next_until(row.released_at or now)
    asked = people_who_may(reasons, audience.roles, among=among)
    people = {person.key: person for person in asked}
    candidates = (_candidate(person, until, now=now) for person in people.values())
    chosen = choose_recipients(candidates, reasons=reasons, roles=audience.roles, until=until)
    return [
        Concerned(person=people[one.key], why=one.why, comes_on_at=one.comes_on_at)
        for one in chosen
    ]


def _candidate(person: Person, until: datetime | None, *, now: datetime) -> Candidate:
    works = is_on_duty(person, now=now)
    return Candidate(
        key=person.key,
        agency=person.agency.key,
        roles=person.as_assessor().roles,
        is_on_duty=works,
        comes_on_at=comes_on_at(person, now=now) if until and not works else None,
    )
