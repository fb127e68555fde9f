"""All that is found in one passage before anything is judged."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.read import mentions as mentioning
from tocsin.read.gazetteer import Gazetteer
from tocsin.read.harm import Harm, harms
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import Hit, lexicon
from tocsin.read.places import places
from tocsin.read.times import times


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was found, each in order of place.

    Attributes:
        harms: violent acts that are named.
        bombs: devices said to be in place.
        veiled: words that imply harm.
        cues: signs of the other speech acts, in the caller's words.
        notices: the same in the words of call takers and officers.
        mentions: times, places, means, conditions, grievances, groups and commitment.
    """

    harms: tuple[Harm, ...]
    bombs: tuple[Hit, ...]
    veiled: tuple[Hit, ...]
    cues: tuple[Hit, ...]
    notices: tuple[Hit, ...]
    mentions: tuple[Mention, ...]


def find(passage: Passage, gazetteer: Gazetteer, started_at: datetime | None) -> Findings:
    """All findings of a passage."""
    found = [
        *times(passage, started_at),
        *places(passage, gazetteer),
        *mentioning.means(passage),
        *mentioning.conditions(passage),
        *mentioning.grievances(passage),
        *mentioning.groups(passage),
        *mentioning.commitments(passage),
    ]
    return Findings(
        harms=harms(passage),
        bombs=_hits(passage, "bombs.txt"),
        veiled=_hits(passage, "warnings.txt", "hints.txt"),
        cues=_hits(passage, "acts.txt"),
        notices=tuple(lexicon("acts.txt").search(passage.others)),
        mentions=tuple(sorted(found, key=lambda mention: mention.start)),
    )


def _hits(passage: Passage, *names: str) -> tuple[Hit, ...]:
    return tuple(lexicon(*names).search(passage.tokens))
