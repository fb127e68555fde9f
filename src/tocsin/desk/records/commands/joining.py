"""People whom a live bulletin comes to concern later, and those who stop working meanwhile."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from tocsin.desk.people.models import Person
from tocsin.desk.records import log
from tocsin.desk.records.commands.notices import queue_for, queue_notices
from tocsin.desk.records.duty import is_on_duty, off_duty
from tocsin.desk.records.models import Bulletin, Recipient
from tocsin.desk.records.queries import Concerned, frozen_ladder, newly_concerned
from tocsin.warn import next_move_at

SWEEP = "system:sweep"


def join_late(*, now: datetime) -> int:
    """Everybody on duty whom a live bulletin concerns is told of it, however late he came.

    Who went off duty without an answer and is back is told again, and his ladder begins anew.
    """
    live = Bulletin.objects.filter(state=Bulletin.State.RELEASED)
    return sum(_join(bulletin, now=now) for bulletin in live.select_related("threat__center"))


def join_person(person: Person, *, now: datetime) -> int:
    """This person is told of every live bulletin that concerns him, and of how many he now is.

    He need not wait for the next look at all who work: who begins his shift meets them at once.
    """
    told = Recipient.objects.filter(bulletin=OuterRef("pk"), person=person, stopped_at=None)
    live = Bulletin.objects.filter(~Exists(told), state=Bulletin.State.RELEASED)
    return sum(
        _join(bulletin, now=now, only=person) for bulletin in live.select_related("threat__center")
    )


def stop_off_duty(*, now: datetime) -> int:
    """The ladder of everybody who has gone off duty stands still, and says so."""
    waiting = Recipient.objects.filter(
        bulletin__state=Bulletin.State.RELEASED,
        must_acknowledge=True,
        acknowledged_at=None,
        stopped_at=None,
    )
    gone = list(off_duty(Person.objects.filter(pk__in=waiting.values("person")), now=now))
    if not gone:
        return 0
    live = Bulletin.objects.filter(recipients__in=waiting.filter(person__in=gone)).distinct()
    return sum(_stop(bulletin, gone, now=now) for bulletin in live.select_related("threat__center"))


@transaction.atomic
def _join(bulletin: Bulletin, *, now: datetime, only: Person | None = None) -> int:
    if not newly_concerned(bulletin, now=now, only=only):
        return 0
    # Asked again under the lock: another worker, or the person at his log-on, may have been first.
    log.hold(bulletin.threat.center)
    bulletin.refresh_from_db()
    if bulletin.state != Bulletin.State.RELEASED:
        return 0
    concerned = newly_concerned(bulletin, now=now, only=only)
    known = {row.person_id: row for row in bulletin.recipients.filter(acknowledged_at=None)}
    fresh = [one for one in concerned if one.person.pk not in known]
    back = [
        known[one.person.pk]
        for one in concerned
        if one.person.pk in known and is_on_duty(one.person, now=now)
    ]
    if not fresh and not back:
        return 0
    told = queue_notices(bulletin, [_late(one) for one in fresh], now=now)
    _start_again(bulletin, back, now=now)
    keys = [person.key for person in told] + [row.person.key for row in back]
    _log(bulletin, "told on coming on duty", keys, now=now)
    return len(keys)


def _late(one: Concerned) -> Concerned:
    return Concerned(person=one.person, why=(*one.why, "came on duty, or was moved, after release"))


def _start_again(bulletin: Bulletin, rows: list[Recipient], *, now: datetime) -> None:
    due = next_move_at(frozen_ladder(bulletin), 0, since=now)
    Recipient.objects.filter(pk__in=[row.pk for row in rows]).update(
        stopped_at=None, stopped_because="", since=now, rung=0, rung_due_at=due
    )
    people = Recipient.objects.filter(pk__in=[row.pk for row in rows]).select_related("person")
    queue_for(bulletin, list(people.prefetch_related("person__addresses")), now=now)


@transaction.atomic
def _stop(bulletin: Bulletin, gone: list[int], *, now: datetime) -> int:
    log.hold(bulletin.threat.center)
    rows = bulletin.recipients.filter(person__in=gone, acknowledged_at=None, stopped_at=None)
    keys = [row.person.key for row in rows.select_related("person")]
    rows.update(stopped_at=now, stopped_because="off duty", rung_due_at=None)
    _log(bulletin, "ladder stopped, off duty", keys, now=now)
    return len(keys)


def _log(bulletin: Bulletin, action: str, people: list[str], *, now: datetime) -> None:
    log.append(
        bulletin.threat.center,
        action,
        f"bulletin:{bulletin.number}.{bulletin.version}",
        actor=SWEEP,
        now=now,
        facts={"people": people},
    )
