"""Which bulletin holds in the place of one that is over."""

from collections.abc import Iterable

from tocsin.desk.records.models import Bulletin

HOPS = 5
"""Bulletins in whose place another one came, one after the other, that are followed."""


def holders_of(bulletins: Iterable[Bulletin]) -> dict[int, Bulletin]:
    """For each superseded version, by its key, the version that is in force in its place.

    A later version of the same bulletin, or of another one that took its place. None is given
    where that one has ended too.
    """
    wanted = {one.pk: one.number for one in bulletins if one.state == Bulletin.State.SUPERSEDED}
    found: dict[int, Bulletin] = {}
    for _ in range(HOPS):
        if not wanted:
            break
        numbers = set(wanted.values())
        live = Bulletin.objects.filter(number__in=numbers, state=Bulletin.State.RELEASED)
        by_number = {row.number: row for row in live}
        found |= {pk: by_number[name] for pk, name in wanted.items() if name in by_number}
        following = _places(numbers - set(by_number))
        wanted = {pk: following[name] for pk, name in wanted.items() if name in following}
    return found


def _places(numbers: set[str]) -> dict[str, str]:
    """For each bulletin that another one superseded, that one's number."""
    pairs = Bulletin.supersedes.through.objects.filter(to_bulletin__number__in=numbers)
    return dict(pairs.values_list("to_bulletin__number", "from_bulletin__number"))
