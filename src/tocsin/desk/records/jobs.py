"""Names of the jobs, and how a command defers one in its own transaction."""

from collections.abc import Iterable
from enum import StrEnum

from procrastinate.contrib.django import app
from procrastinate.jobs import JobDeferrer
from procrastinate.types import JSONDict


class Job(StrEnum):
    """Work that the worker does; each is safe to do twice."""

    HEAR = "hear"
    READ = "read"
    DELIVER = "deliver"


NAMESPACE = "tocsin"
"""What stands before a job's name in the queue."""

_QUEUES = {Job.HEAR: "hear", Job.READ: "hear", Job.DELIVER: "deliver"}


def defer(job: Job, pk: int) -> None:
    """The worker will do the job on the row `pk` once the transaction is committed."""
    _task(job).defer(pk=pk)


def defer_all(job: Job, pks: Iterable[int]) -> None:
    """The worker will do the job on each row once the transaction is committed."""
    arguments: list[JSONDict] = [{"pk": pk} for pk in pks]
    if arguments:
        _task(job).batch_defer(*arguments)


def _task(job: Job) -> JobDeferrer:
    return app.configure_task(f"{NAMESPACE}:{job.value}", queue=_QUEUES[job])
