"""Has prices computed in a process of its own, which yields to those that tell people."""

from django.conf import settings

from tocsin.desk.records.priceable import Priceable, Reckoned
from tocsin.desk.worker.child import Child
from tocsin.desk.worker.reckoning import Work, compute
from tocsin.evidence import open_store

child = Child("computing the price", way_out="Ask for it again.", is_meek=True)


async def reckon(asked: Priceable) -> Reckoned:
    """The price, computed.

    Raises:
        InputError: a file, the roster or the history does not do.
        OverBudget: the child was killed.
        StoreFailed: the store does not give a file.
    """
    store = open_store(settings.TOCSIN_STORE)
    with store.local(asked.calls) as calls:
        if not asked.roster:
            return await child.do(compute, Work(asked=asked, calls=calls, roster=None))
        with store.local(asked.roster) as roster:
            return await child.do(compute, Work(asked=asked, calls=calls, roster=roster))
