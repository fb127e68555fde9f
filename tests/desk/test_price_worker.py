"""The worker takes up a price that was asked for, on a queue of its own."""

import asyncio

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.guards import log_may_be_emptied
from tests.histories import ROSTER, a_history
from tests.postures import a_standing_order
from tests.world import NOW, World, build_world
from tocsin.desk.records.commands.histories import give_roster
from tocsin.desk.records.commands.prices import ask_price
from tocsin.desk.records.models import Order, Price
from tocsin.desk.worker.loop import work
from tocsin.desk.worker.pricing import child
from tocsin.desk.worker.rows import in_rows

__all__ = ["log_may_be_emptied"]


@pytest.fixture
def world(transactional_db: None) -> World:
    """The cast, seen by every thread."""
    return build_world()


@pytest.mark.django_db(transaction=True)
def test_what_was_asked_is_computed_by_the_worker_in_a_child_process(world: World) -> None:
    a_history(world)
    give_roster(world.north, ROSTER, name="cars.csv", person=world.ortiz, now=NOW)
    order = a_standing_order(world, state=Order.State.PROPOSED, ordered_at=None, ordered_by=None)
    row = ask_price(order, person=world.sato, now=NOW)
    job = ProcrastinateJob.objects.get(task_name="tocsin:price")
    assert (job.queue_name, job.args) == ("price", {"pk": row.pk})

    asyncio.run(_until_done(row))

    row.refresh_from_db()
    assert row.answer
    assert not ProcrastinateJob.objects.filter(task_name="tocsin:price").exists()


async def _until_done(row: Price) -> None:
    stop = asyncio.Event()
    worker = asyncio.create_task(work(stop, queues=["price"], sends=False))
    rows = Price.objects.filter(pk=row.pk, state=Price.State.DONE)
    async with asyncio.timeout(60):
        while not await in_rows(rows.exists):  # noqa: ASYNC110 # the record tells nobody here
            await asyncio.sleep(0.2)
    stop.set()
    await worker
    child.close()
