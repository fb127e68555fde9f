"""The things that a person must look at, each with where to look."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import tasks_for
from tocsin.desk.records.models import Delivery, DeskNotice, Recipient, Task
from tocsin.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """An open task.

    Attributes:
        task: as it is kept.
        kind: what its subject is: call, threat, blue (the Blue Alert card of a threat), preflight,
            arrival, alert (from elsewhere), public (message), feed, units-feed, order, or empty
            where there is no page of it.
        name: the number of the call or threat, or the key of the arrival.
        is_exercise: whether it is a drill's.
    """

    task: Task
    kind: str
    name: str
    is_exercise: bool

    @property
    def form(self) -> str:
        """Name of its form on the page."""
        return f"task-{self.task.pk}"


_PAGES = frozenset(
    {
        *("call", "threat", "blue", "preflight", "arrival", "alert", "public", "feed"),
        *("units-feed", "order"),
    }
)
"""Kinds of subjects that have a page."""


def open_tasks(person: Person) -> list[TaskLine]:
    """The open tasks of the person's center: real ones first, then the oldest."""
    tasks = list(tasks_for(person))
    threats = _threats(tasks)
    lines = [_line(task, threats) for task in tasks]
    return sorted(lines, key=lambda one: one.is_exercise)


def find_task(pk: int, person: Person) -> Task:
    """The open task, for this person's eyes.

    Raises:
        NotFound: there is none, somebody has done it, or the person may not see it.
    """
    row = tasks_for(person).select_related("center").filter(pk=pk).first()
    if row is None:
        raise NotFound(
            "This task is not open any more: somebody has done it.",
            way_out="Go back to the board; the log says who.",
        )
    return row


def _line(task: Task, threats: dict[str, str]) -> TaskLine:
    kind, _, name = task.subject.partition(":")
    if kind == "order":
        name = name.partition(":")[0]  # more may follow: who was not told of it
    if task.subject in threats:
        kind, name = "threat", threats[task.subject]
    shown = kind if kind in _PAGES else ""
    # The numbers of a drill begin with X, and no others do.
    is_exercise = kind != "arrival" and name.startswith("X")
    return TaskLine(task=task, kind=shown, name=name, is_exercise=is_exercise)


def _threats(tasks: Iterable[Task]) -> dict[str, str]:
    """The threat's number for each task about a person or a message, by the task's subject."""
    subjects = {task.subject for task in tasks}
    people = Recipient.objects.filter(pk__in=_keys(subjects, "recipient"))
    sent = Delivery.objects.filter(pk__in=_keys(subjects, "delivery"))
    desks = DeskNotice.objects.filter(pk__in=_keys(subjects, "desk"))
    number = "bulletin__threat__number"
    found = {f"recipient:{pk}": name for pk, name in people.values_list("pk", number)}
    found |= {f"desk:{pk}": name for pk, name in desks.values_list("pk", number)}
    return found | {f"delivery:{pk}": name for pk, name in sent.values_list("pk", number)}


def _keys(subjects: Iterable[str], kind: str) -> list[int]:
    parts = (subject.partition(":") for subject in subjects)
    return [int(key) for name, _, key in parts if name == kind and key.isdecimal()]
