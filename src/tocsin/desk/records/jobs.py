"""Names of the jobs, and how a command defers one in its own transaction."""

from enum import StrEnum

from procrastinate.contrib.django import app
from procrastinate.jobs import JobDeferrer


class Job(StrEnum):
    """Work that the worker does; each is safe to do twice."""

    HEAR = "hear"
    READ = "read"
    PRICE = "price"


NAMESPACE = "tocsin"
"""What stands before a job's name in the queue."""

_QUEUES = {Job.HEAR: "hear", Job.READ: "hear", Job.PRICE: "price"}


def defer(job: Job, pk: int) -> None:
    """The worker will do the job on the row `pk` once the transaction is committed."""
    _task(job).defer(pk=pk)


def _task(job: Job) -> JobDeferrer:
    return app.configure_task(f"{NAMESPACE}:{job.value}", queue=_QUEUES[job])
