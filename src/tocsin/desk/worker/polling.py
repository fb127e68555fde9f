"""Asks the feeds of others for alerts, each when it is due; one that fails delays no other."""

import asyncio
import logging
from urllib.parse import urljoin

from django.conf import settings
from django.utils import timezone

from tocsin.desk.records.commands.alerts import (
    MOST_BYTES,
    AlertOffer,
    Taken,
    known_names,
    read_feed,
    receive_alerts,
)
from tocsin.desk.records.commands.exchange import FeedTurn, claim_due_feeds, record_poll
from tocsin.desk.worker.fetching import Fetcher, is_same_host
from tocsin.desk.worker.rows import in_rows
from tocsin.errors import Error, InputError

log = logging.getLogger("tocsin.feeds")

MOST_LINKS = 50
"""Alerts that are fetched at one turn; the others at the next."""

MOST_SAID = 1000
"""Characters of what a feed's row says of its trouble."""


class Poller:
    """The visits of this worker that are on their way."""

    def __init__(self) -> None:
        self._visits: set[asyncio.Task[None]] = set()

    async def tick(self) -> None:
        """Every feed that is due is being asked; nobody waits for the slowest."""
        for turn in await in_rows(claim_due_feeds, now=timezone.now()):
            visit = asyncio.create_task(poll(turn), name=f"feed {turn.name}")
            self._visits.add(visit)
            visit.add_done_callback(self._settle)

    async def close(self) -> None:
        """Give up what is on its way; the feed is asked again at its next turn."""
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    def _settle(self, visit: "asyncio.Task[None]") -> None:
        self._visits.discard(visit)
        if not visit.cancelled() and (error := visit.exception()):
            log.error("%s stopped; it is asked again", visit.get_name(), exc_info=error)


async def poll(turn: FeedTurn) -> None:
    """Ask one feed; its row says what came of it."""
    news, etag = 0, ""
    troubles: list[str] = []
    try:
        async with Fetcher(networks=settings.TOCSIN_CAP_NETWORKS, limit=MOST_BYTES) as fetcher:
            found = await fetcher.fetch(turn.url, etag=turn.etag)
            if found.content is None:
                etag = found.etag
            else:
                offer = _offer(turn, turn.url, found.content)
                taken = await in_rows(read_feed, offer, now=timezone.now())
                news, troubles, is_whole = await _follow(fetcher, turn, taken)
                # With trouble in it, all of it is read again: it must not look mended by a 304.
                etag = found.etag if is_whole and not troubles else ""
    except Error as error:
        troubles.append(error.for_person())
    said = " ".join(dict.fromkeys(troubles))[:MOST_SAID]
    if said:
        log.warning("the feed %s: %s", turn.name, said)
    await in_rows(record_poll, turn, etag=etag, trouble=said, news=news, now=timezone.now())


async def _follow(fetcher: Fetcher, turn: FeedTurn, taken: Taken) -> tuple[int, list[str], bool]:
    """Fetch the alerts to which the feed leads.

    Gives how many are new, what could not be used, and whether nothing is left to be fetched.
    """
    news = sum(one.is_new for one in taken.alerts)
    troubles = list(taken.faults)
    addresses = [urljoin(turn.url, link) for link in taken.links]
    abroad = [one for one in addresses if not is_same_host(turn.url, one)]
    if abroad:
        troubles.append(
            f"{len(abroad)} of its entries lead to another host and were not followed, "
            f"such as {abroad[0][:120]}."
        )
    own = [one for one in addresses if is_same_host(turn.url, one)]
    known = await in_rows(known_names, turn.center, turn.name, own)
    waiting = [one for one in own if one not in known]
    is_whole = len(waiting) <= MOST_LINKS
    for address in waiting[:MOST_LINKS]:
        try:
            found = await fetcher.fetch(address)
            offer = _offer(turn, address, found.content or b"")
            one = await in_rows(receive_alerts, offer, now=timezone.now())
            news += sum(kept.is_new for kept in one.alerts)
        except InputError as error:
            troubles.append(f"{address[-120:]}: {error.what}")
        except Error as error:
            troubles.append(error.for_person())
            is_whole = False
    return news, troubles, is_whole


def _offer(turn: FeedTurn, address: str, content: bytes) -> AlertOffer:
    return AlertOffer(
        center=turn.center,
        source=turn.name,
        actor="system:feeds",
        name=address,
        content=content,
        is_asked_for=True,
    )
