"""Raises what a person must look at, and takes his word that he did."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tocsin.assess import Act
from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.access import require
from tocsin.desk.records.jobs import Job
from tocsin.desk.records.models import Bulletin, Call, Price, Task
from tocsin.errors import MissingReason

EACH = 10
"""People who have a task each; of more, one task names so many."""


@transaction.atomic
def raise_task(center: Agency, kind: str, subject: str, sentence: str, *, now: datetime) -> Task:
    """The task is open; it was already where the same thing is open once more."""
    log.hold(center)
    task, is_new = Task.objects.get_or_create(
        kind=kind,
        subject=subject,
        done_at=None,
        defaults={"center": center, "sentence": sentence, "raised_at": now},
    )
    if is_new:
        log.append(
            center, "task raised", subject, actor="system:desk", now=now, facts={"kind": kind}
        )
    return task


def raise_for_people(
    bulletin: Bulletin,
    kind: str,
    people: Sequence[tuple[int, str]],
    what: str,
    *,
    now: datetime,
) -> None:
    """A task for each of these people; for many, one task that names the first of them.

    Args:
        bulletin: that they were not told of.
        kind: of the task.
        people: key of each one's row, and how he is called.
        what: what is said of them, after "has" or "have".
        now: when.
    """
    center = bulletin.threat.center
    if len(people) <= EACH:
        for pk, name in people:
            raise_task(center, kind, f"recipient:{pk}", f"{name} has {what}", now=now)
        return
    names = ", ".join(name for _, name in people[:EACH])
    raise_task(
        center,
        kind,
        f"bulletin:{bulletin.number}.{bulletin.version}",
        f"{len(people)} people have {what} The first are {names}; the list has all.",
        now=now,
    )


@transaction.atomic
def finish_task(task: Task, *, person: Person, because: str, now: datetime) -> Task:
    """The task is done by this person's word; a second word changes nothing.

    Raises:
        NotAllowed: the person may not see calls.
        MissingReason: he does not say what was done.
    """
    require(person, Act.SEE_CALLS)
    if not because.strip():
        raise MissingReason(
            "The task has no word on what was done.", way_out="Say it in a sentence."
        )
    return _finish(task, person=person, because=because, now=now)


def _finish(task: Task, *, person: Person, because: str, now: datetime) -> Task:
    log.hold(task.center)
    task.refresh_from_db()
    if task.done_at:
        return task
    task.done_at, task.done_by, task.done_because = now, person, because.strip()
    task.save(update_fields=["done_at", "done_by", "done_because"])
    log.append(
        task.center,
        "task done",
        task.subject,
        actor=person,
        now=now,
        facts={"kind": task.kind, "because": task.done_because},
    )
    return task


def finish_tasks_about(
    subject: str, *, kind: str = "", person: Person, because: str, now: datetime
) -> None:
    """Every open task about the subject is done, by the act that this person just did.

    With a kind, only those of that kind.
    """
    tasks = Task.objects.filter(subject=subject, done_at=None).select_related("center")
    for task in tasks.filter(kind=kind) if kind else tasks:
        _finish(task, person=person, because=because, now=now)


def raise_given_up(job: str, pk: int, error: Exception, *, now: datetime) -> None:
    """A job that failed to its last attempt is a task of its center."""
    center, name = _whose(job, pk)
    raise_task(
        center,
        "gave up",
        f"job:{job}:{pk}",
        f"The machine could not finish its work on {name} ({type(error).__name__}): "
        "do it by hand, and tell the administrator.",
        now=now,
    )


def _whose(job: str, pk: int) -> tuple[Agency, str]:
    """The center of what the job is about, and how people call that."""
    if job == Job.PRICE:
        price = Price.objects.select_related("order__threat__center").get(pk=pk)
        return price.order.threat.center, f"the price of {price.order.number}"
    call = Call.objects.select_related("center").get(pk=pk)
    return call.center, call.number
