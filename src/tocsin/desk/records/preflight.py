"""What pre-flight looks through, from the rows; and when it is due."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from tocsin.assess import Act, Role
from tocsin.desk.people.models import Address, Agency, Person
from tocsin.desk.records.duty import with_duty
from tocsin.desk.records.models import Certificate, Entry, Feed, Preflight
from tocsin.desk.signing import expiring_signature, signature_findings
from tocsin.warn.preflight import (
    ChannelState,
    DutyDesk,
    Expiring,
    Fault,
    Finding,
    Readiness,
    Severity,
    Staff,
    Way,
    preflight,
)
from tocsin.warn.preflight.facts import sentence_of

LEADS = frozenset({Role.SUPERVISOR, Role.WATCH_COMMANDER})
"""Roles of people who need nobody above them."""

_AHEAD = timedelta(hours=24)
_NO_PLACE = frozenset({Fault.NO_DESK_ADDRESS})
"""What the county file has no place for: desks are called, so nobody could mend it."""


def used_channels() -> frozenset[str]:
    """The channels on which somebody would be told."""
    rows = Address.objects.filter(person__is_active=True)
    return frozenset(rows.values_list("channel", flat=True).distinct())


def findings_of(
    channels: Iterable[ChannelState], *, now: datetime
) -> dict[str, tuple[Finding, ...]]:
    """For each dispatch center, by key, what would keep its people from being told, worst first.

    The whole installation is looked through at once, because people of one center may report to
    people of another. What is said of a person or an agency goes to the center that serves it,
    what is said of a channel or certificate to all.
    """
    found = preflight(_readiness(channels, now=now), now=now)
    serving = _serving()
    by_center: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        if one.fault not in _NO_PLACE:
            for center in serving.get(one.subject, serving[""]):
                by_center[center].append(one)
    for center, one in _of_feeds():
        by_center[center].append(one)
    for center in serving[""]:
        by_center[center] += signature_findings()
    order = list(Severity)
    return {
        center: tuple(sorted(by_center[center], key=lambda one: order.index(one.severity)))
        for center in serving[""]
    }


def is_due(center: Agency, *, now: datetime) -> bool:
    """Whether the center's pre-flight was asked for, or today's has not run.

    The first one waits for the set time, so that a new installation is not judged half made.
    """
    rows = Preflight.objects.filter(center=center)
    if rows.filter(ran_at=None).exists():
        return True
    last = rows.order_by("-ran_at").values_list("ran_at", flat=True).first()
    since = (
        last
        or Entry.objects.filter(chain=center.key)
        .order_by("seq")
        .values_list("at", flat=True)
        .first()
    )
    return since is not None and since < set_time(center, before=now) <= now


def is_any_due(*, now: datetime) -> bool:
    """Whether any center's pre-flight is due."""
    return any(is_due(center, now=now) for center in the_centers())


def set_time(center: Agency, *, before: datetime) -> datetime:
    """The last moment at which the center's clock showed the set time."""
    local = before.astimezone(ZoneInfo(center.zone))
    moment = datetime.combine(local.date(), settings.TOCSIN_PREFLIGHT_AT, local.tzinfo)
    return moment if moment <= local else moment - timedelta(days=1)


def the_centers() -> list[Agency]:
    """Every dispatch center."""
    return list(Agency.objects.filter(kind=Agency.Kind.DISPATCH))


def _readiness(channels: Iterable[ChannelState], *, now: datetime) -> Readiness:
    people = with_duty(Person.objects.filter(is_active=True)).prefetch_related("phones")
    return Readiness(
        staff=tuple(_staff(one, now=now) for one in people if one.may(Act.RECEIVE_BULLETINS)),
        desks=tuple(
            DutyDesk(agency=one.key, name=one.name, zone=one.zone, number=one.desk_number)
            for one in Agency.objects.all()
        ),
        channels=tuple(channels),
        expiring=(
            *expiring_signature(),
            *(
                Expiring(name=f"the pinned certificate {one.name}", expires_at=one.expires_at)
                for one in Certificate.objects.filter(removed_at=None)
            ),
        ),
    )


def _staff(person: Person, *, now: datetime) -> Staff:
    is_off = any(
        not duty.is_on and duty.starts_at <= now and duty.ends_at >= now + _AHEAD
        for duty in person.duties.all()
    )
    return Staff(
        key=person.key,
        name=person.name,
        agency=person.agency.key,
        ways=tuple(Way(channel=one.channel, value=one.value) for one in person.addresses.all()),
        phones=tuple(one.number for one in person.phones.all()),
        shifts=() if is_off else tuple(shift.hours for shift in person.shifts.all()),
        supervisor=person.supervisor.key if person.supervisor else "",
        leads=bool(person.as_assessor().roles & LEADS),
    )


def _serving() -> dict[str, tuple[str, ...]]:
    """For each person and agency the center that serves it; all centers for anything else."""
    centers = {one.pk: one.key for one in the_centers()}
    every = tuple(centers.values())
    found: dict[str, tuple[str, ...]] = {"": every}
    of_agency = {}
    for agency in Agency.objects.all():
        own = centers.get(agency.pk) or centers.get(agency.center_id or 0)
        of_agency[agency.pk] = found[agency.key] = (own,) if own else every
    for person in Person.objects.filter(is_active=True):
        found[person.key] = of_agency[person.agency_id]
    return found


def _of_feeds() -> Iterable[tuple[str, Finding]]:
    for feed in Feed.objects.filter(is_active=True).exclude(trouble="").select_related("center"):
        yield (
            feed.center.key,
            Finding(
                severity=Severity.WARNING,
                fault=Fault.CHANNEL_FAILS,
                subject=f"feed:{feed.pk}",
                who=feed.name,
                sentence=f"The feed {feed.name} gives no alerts: {sentence_of(feed.trouble)}",
                way_out="Correct its address, or ask the agency; until then its alerts are missed.",
            ),
        )
