"""What the log says of a threat, its calls and its bulletins, latest first."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from tocsin.desk.people.models import Person
from tocsin.desk.records.boards.threats import ThreatPage
from tocsin.desk.records.models import Entry

LONGEST = 1000
"""Entries that are read; those before are in the log."""

_KEY = re.compile(r"person:([^\s:]+)")
"""How the log names a person; more may follow."""

BESIDE = ("viewed", "played", "fetched", "arrival accepted")
"""Entries that are the log's and not the story's: who looked, and what "received" says again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing that was done, or messages that went out or failed one after the other.

    Attributes:
        at: when; of several, the last.
        since: when the first of them was.
        messages: how many messages it tells of, for each channel.
        who: name of the person, or what part of the machine.
        is_machine: True where no person did it.
        action: as the log names it.
        subject: what it was done to, as the log names it.
        facts: of the last; keys of people are replaced by their names.
        names: of all people whom these messages are for.
    """

    at: datetime
    since: datetime
    messages: dict[str, int]
    who: str
    is_machine: bool
    action: str
    subject: str
    facts: dict[str, Any]
    names: tuple[str, ...]


def timeline(page: ThreatPage) -> list[Deed]:
    """The story of a threat, latest first."""
    numbers = {(one.number, one.version) for one in page.versions}
    if page.line.draft:
        numbers.add((page.line.draft.number, page.line.draft.version))
    subjects = [
        f"threat:{page.line.threat.number}",
        *(f"call:{call.number}" for call in page.line.calls),
        *(f"bulletin:{number}.{version}" for number, version in numbers),
        *(f"order:{one.number}" for one in page.line.threat.orders.all()),
    ]
    rows = Entry.objects.filter(chain=page.line.threat.center.key, subject__in=subjects)
    entries = list(rows.exclude(action__in=BESIDE).order_by("-seq")[:LONGEST])
    names = _names(entries)
    grouped = groupby(entries, key=lambda one: (one.action, one.subject, one.actor))
    return [deed for _, several in grouped for deed in _deeds(list(several), names)]


def _deeds(entries: list[Entry], names: dict[str, str]) -> Iterable[Deed]:
    """Messages sent and failed are told together; all else stands alone."""
    together = entries[0].action in {"sent", "failed", "unknown"}
    for several in [entries] if together else [[one] for one in entries]:
        last = several[0]
        lines = [line.split() for one in several for line in one.facts.get("messages", [])]
        yield Deed(
            at=last.at,
            since=several[-1].at,
            messages=dict(Counter(words[1] for words in lines)),
            who=names.get(last.actor, last.actor.partition(":")[2]),
            is_machine=not last.actor.startswith("person:"),
            action=last.action,
            subject=last.subject,
            facts={key: _named(value, names) for key, value in last.facts.items()},
            names=tuple(dict.fromkeys(names.get(words[0], words[0]) for words in lines)),
        )


def _named(value: Any, names: dict[str, str]) -> Any:
    """The fact with the names of people for their keys, also where more follows a key."""
    if isinstance(value, list):
        return [_named(one, names) for one in value]
    if not isinstance(value, str):
        return value
    key = _KEY.match(value)
    return names.get(key[0], key[0]) + value[key.end() :] if key else value


def _names(entries: Iterable[Entry]) -> dict[str, str]:
    """The names of all people whom the entries tell of, by their keys in the log."""
    logins = {
        key[1]
        for entry in entries
        for fact in (entry.actor, *entry.facts.values())
        for one in (fact if isinstance(fact, list) else [fact])
        if isinstance(one, str) and (key := _KEY.match(one))
    }
    return {person.key: person.name for person in Person.objects.filter(login__in=logins)}
