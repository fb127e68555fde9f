"""Who has been told and who has not: the list that a watch commander asks for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, TypedDict

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    When,
)

from tocsin.desk.people.models import Person
from tocsin.desk.records.access import bulletins_for
from tocsin.desk.records.models import Bulletin, Delivery, Recipient
from tocsin.errors import NotFound
from tocsin.warn import DeliveryState

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Reach(IntEnum):
    """How far a warning came with one person, worst first."""

    NOT_REACHED = 0
    UNSURE = 1
    ON_THE_WAY = 2
    SILENT = 3
    SEEN = 4
    ACKNOWLEDGED = 5


class _Reached(TypedDict):
    """What `with_reach` adds to a row."""

    reach: int


HANDED = (
    DeliveryState.SENT.value,
    DeliveryState.DELIVERED.value,
    DeliveryState.SEEN.value,
    DeliveryState.ACKNOWLEDGED.value,
)
"""States in which somebody else has the message, by his own word."""

SHOWN = 300
"""People of one bulletin that a page lists at once; the counts are always of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many people a bulletin concerns, and how far it came with them.

    Attributes:
        concerned: all of them.
        told: somebody's word is there that they have it, or that it was handed over.
        acknowledged: they said that they have it, or a supervisor said so for them.
        not_acknowledged: all the others.
        not_reached: of these, nothing reached them, or nobody knows whether it did.
    """

    concerned: int = 0
    told: int = 0
    acknowledged: int = 0
    not_acknowledged: int = 0
    not_reached: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One person whom a bulletin concerns.

    Attributes:
        row: who, why, and what he answered.
        reach: how far the warning came with him.
        messages: one for each of his addresses, in his order.
        to_supervisor: what his supervisor was sent about him; None where nothing was.
    """

    row: Recipient
    reach: Reach
    messages: tuple[Delivery, ...]
    to_supervisor: Delivery | None

    @property
    def form(self) -> str:
        """Name of its form on the page."""
        return f"told-{self.row.pk}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldList:
    """Everybody whom one version concerns.

    Attributes:
        counts: of all.
        agencies: the same for each agency, by name; the one with most missing first.
        missing: who has not acknowledged, worst first; at the most as many as are shown.
        answered: who has, latest first; at the most as many as are shown.
    """

    counts: Counts
    agencies: tuple[tuple[str, Counts], ...]
    missing: tuple[Told, ...]
    answered: tuple[Told, ...]


def counts_of(bulletins: Iterable[Bulletin]) -> dict[int, Counts]:
    """The counts of each bulletin, by its row's key."""
    rows = Recipient.objects.filter(bulletin__in=[one.pk for one in bulletins])
    found: dict[int, Counter[Reach]] = {}
    grouped = with_reach(rows).values("bulletin", "reach").annotate(people=Count("pk"))
    for group in grouped.order_by():
        tally = found.setdefault(group["bulletin"], Counter())
        tally[Reach(group["reach"])] += group["people"]
    return {key: _counts(tally) for key, tally in found.items()}


def told_list(bulletin: Bulletin, *, limit: int | None = SHOWN) -> ToldList:
    """Everybody whom the version concerns; `limit` None lists all."""
    rows = with_reach(bulletin.recipients.all())
    by_agency: dict[str, Counter[Reach]] = {}
    grouped = rows.values("agency__name", "reach").annotate(people=Count("pk"))
    for group in grouped.order_by():
        tally = by_agency.setdefault(group["agency__name"], Counter())
        tally[Reach(group["reach"])] += group["people"]
    agencies = [(name, _counts(tally)) for name, tally in by_agency.items()]
    agencies.sort(key=lambda pair: (-pair[1].not_acknowledged, pair[0]))
    ladder = _ladder(bulletin)
    named = _with_names(rows)
    missing = named.filter(acknowledged_at=None).order_by("reach", "agency__name", "person__name")
    answered = named.exclude(acknowledged_at=None).order_by("-acknowledged_at", "pk")
    silent = tuple(_told(row, ladder) for row in missing[:limit])
    # Who answers between the two questions stands in one list, never in both and never in none.
    listed = {one.row.pk for one in silent}
    return ToldList(
        counts=_counts(sum(by_agency.values(), Counter())),
        agencies=tuple(agencies),
        missing=silent,
        answered=tuple(_told(row, ladder) for row in answered[:limit] if row.pk not in listed),
    )


def with_reach(
    rows: QuerySet[Recipient],
) -> "QuerySet[WithAnnotations[Recipient, _Reached]]":
    """Each row with its `reach`.

    A message that waits for another try has reached nobody: it counts as on the way only before
    its first try has failed.
    """
    sent = Delivery.objects.filter(recipient=OuterRef("pk"), purpose=Delivery.Purpose.BULLETIN)
    first = sent.filter(state=DeliveryState.QUEUED.value, attempts=0)
    now = sent.filter(state=DeliveryState.SENDING.value)
    return rows.annotate(
        reach=Case(
            When(acknowledged_at__isnull=False, then=Reach.ACKNOWLEDGED.value),
            When(seen_at__isnull=False, then=Reach.SEEN.value),
            When(Exists(sent.filter(state__in=HANDED)), then=Reach.SILENT.value),
            When(Q(is_queued=False) | Exists(first) | Exists(now), then=Reach.ON_THE_WAY.value),
            When(
                Exists(sent.filter(state=DeliveryState.UNKNOWN.value)),
                then=Reach.UNSURE.value,
            ),
            default=Reach.NOT_REACHED.value,
            output_field=IntegerField(),
        )
    )


def _with_names(
    rows: "QuerySet[WithAnnotations[Recipient, _Reached]]",
) -> "QuerySet[WithAnnotations[Recipient, _Reached]]":
    messages = Delivery.objects.filter(purpose=Delivery.Purpose.BULLETIN).defer("text")
    return rows.select_related(
        "person", "agency", "supervisor", "acknowledged_by"
    ).prefetch_related(
        "person__phones",
        "supervisor__phones",
        Prefetch("deliveries", messages.order_by("pk"), to_attr="messages"),
    )


def _ladder(bulletin: Bulletin) -> dict[int, Delivery]:
    """What each supervisor was sent about this version, by the supervisor's key: the best of it."""
    rows = bulletin.deliveries.filter(purpose=Delivery.Purpose.LADDER).defer("text")
    ordered = sorted(rows, key=lambda row: (row.state in HANDED, row.pk))
    return {row.person_id: row for row in ordered}


def _told(row: "WithAnnotations[Recipient, _Reached]", ladder: dict[int, Delivery]) -> Told:
    supervisor: Person | None = row.supervisor
    is_told = row.escalated_at is not None and supervisor is not None
    return Told(
        row=row,
        reach=Reach(row.reach),
        messages=tuple(row.messages),  # type: ignore[attr-defined] # prefetched above
        to_supervisor=ladder.get(supervisor.pk) if is_told and supervisor else None,
    )


def _counts(tally: Counter[Reach]) -> Counts:
    concerned = tally.total()
    missed = tally[Reach.NOT_REACHED] + tally[Reach.UNSURE]
    return Counts(
        concerned=concerned,
        told=concerned - missed - tally[Reach.ON_THE_WAY],
        acknowledged=tally[Reach.ACKNOWLEDGED],
        not_acknowledged=concerned - tally[Reach.ACKNOWLEDGED],
        not_reached=missed,
    )


def find_recipient(pk: int, person: Person) -> Recipient:
    """The row of somebody who is to be told, for this person's eyes.

    Raises:
        NotFound: there is none, or the person may not see it.
    """
    rows = Recipient.objects.filter(bulletin__in=bulletins_for(person))
    row = rows.select_related("person", "bulletin__threat__center").filter(pk=pk).first()
    if row is None:
        raise NotFound(
            "There is nobody on this list that you may see.", way_out="Open the threat again."
        )
    return row
