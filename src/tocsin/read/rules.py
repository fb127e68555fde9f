"""Turns findings into signs for and against an own threat, each resting on its words.

A sign against holds for its own clause and the ones beside it, never for the whole text: a
quotation or a retraction does not erase what the caller said elsewhere.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.read.agency import Mood, Subject, agency
from tocsin.read.findings import Findings
from tocsin.read.harm import SUFFERED, Harm, resolved
from tocsin.read.lexicon import words
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import Hit
from tocsin.read.phrases import Thing
from tocsin.read.statement import Field
from tocsin.read.tokens import Gap
from tocsin.read.voices import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One term of the score before its weight: the rule and the tokens it rests on.

    Attributes:
        rule: a name in the table of weights.
        start: index of the first token.
        end: index after the last.
        is_core: whether it can stand alone; the others only count beside one that can.
        anchor: index of the token with which it counts: its own first, or that of the core that
            it speaks against.
    """

    rule: str
    start: int
    end: int
    is_core: bool = False
    anchor: int = -1

    @property
    def place(self) -> int:
        """The token that has to be in a window for the sign to count there."""
        return self.anchor if self.anchor >= 0 else self.start


FARTHEST = 14
NEAR = 14  # tokens around a core in which a sign against it still speaks of it

_BESIDE = {
    Field.TIME: "with_time",
    Field.PLACE: "with_place",
    Field.MEANS: "with_means",
    Field.CONDITION: "with_condition",
    Field.GRIEVANCE: "with_grievance",
    Field.GROUP: "with_group",
}
_AGAINST = {
    "media": "near_media",
    "hyperbole": "near_figure",
    "officer": "near_notice",
    "fear": "near_fear",
    "plea": "near_plea",
    "self_harm": "near_self",
    "retraction": "near_retraction",
    "taken_back": "near_retraction",
    "victim": "near_victim",
    "medical_or_other": "near_other",
}


def signs(passage: Passage, found: Findings) -> tuple[Sign, ...]:
    """Every sign of a passage, in order of place."""
    cores = [
        *(sign for harm in found.harms for sign in _of_harm(harm)),
        *(sign for hit in found.bombs for sign in _of_hit(passage, hit, "bomb_claim")),
        *(sign for hit in found.veiled for sign in _of_veiled(passage, hit)),
        *(sign for mention in found.mentions for sign in _of_means(passage, mention)),
    ]
    anchors = [sign for sign in cores if sign.is_core]
    beside = [*_beside(passage, found), *_against(passage, found, anchors)]
    return tuple(sorted([*cores, *beside], key=lambda sign: (sign.place, sign.start, sign.end)))


def _of_harm(harm: Harm) -> Iterator[Sign]:
    rules = list(_harm_rules(harm))
    is_core = bool(rules) and rules[0].startswith(CORE) and rules[0] != "fate_is"
    for rule in rules:
        yield Sign(rule=rule, start=harm.start, end=harm.end, is_core=is_core)


CORE = ("own_", "someone_", "unsaid_", "fate_")


def _harm_rules(harm: Harm) -> Iterator[str]:
    against = _suppressed(harm)
    if against:
        yield against
    elif harm.manner in SUFFERED:
        yield from _fate(harm)
    else:
        yield f"{_AGENTS[harm.agency.subject]}_{harm.agency.mood}"
        yield _aim(harm)


_AGENTS = {
    Subject.OWN: "own",
    Subject.GROUP: "own",
    Subject.SOMEONE: "someone",
    Subject.UNSAID: "unsaid",
}


def _suppressed(harm: Harm) -> str:
    """The rule by which an act is not the speaker's threat; empty where none is."""
    if harm.voice is not Voice.SPEAKER:
        return f"voice_{harm.voice}"
    if harm.agency.is_negated:
        return "act_denied"
    if harm.agency.mood in {Mood.PAST, Mood.ASKED, Mood.SUPPOSED}:
        return f"act_{harm.agency.mood}"
    return _misdirected(harm)


def _misdirected(harm: Harm) -> str:
    """The rule by which the wrong one does it, or has it done to him; empty where none is."""
    is_suffered = harm.manner in SUFFERED
    if harm.thing is Thing.SELF:
        return "act_on_self"
    if harm.thing is Thing.SPEAKER or (is_suffered and harm.agency.subject.is_own):
        return "act_on_speaker"
    is_by_other = harm.agency.subject in {Subject.THIRD, Subject.YOU}
    return "act_by_other" if is_by_other and not is_suffered else ""


def _fate(harm: Harm) -> Iterator[str]:
    """Somebody will be hurt: the doer is left out, but a threat's speaker is the likely one."""
    if harm.manner == "doomed":
        yield "fate_doomed"
        yield "fate_person" if harm.thing and harm.thing.is_human else "fate_other"
    elif harm.agency.mood is Mood.WILL:
        yield "fate_will"
        if harm.is_general:
            yield "fate_any"
        yield "fate_person" if harm.thing and harm.thing.is_human else "fate_other"
    elif harm.agency.mood is Mood.MAY:
        yield "fate_may"
    elif harm.agency.mood in {Mood.BARE, Mood.DOING}:
        yield "fate_is"


def _aim(harm: Harm) -> str:
    if harm.thing is None:
        return f"{harm.manner}_unaimed"
    if harm.thing.is_human:
        return f"{harm.manner}_person"
    if harm.thing in {Thing.PLACE, Thing.UNKNOWN}:
        return f"{harm.manner}_{harm.thing}"
    return f"{harm.manner}_thing"


def _of_means(passage: Passage, mention: Mention) -> Iterator[Sign]:
    """A weapon in the speaker's own hands."""
    if mention.field is not Field.MEANS or passage.voices[mention.start] is not Voice.SPEAKER:
        return
    if _is_held_by_speaker(passage, mention.start):
        yield Sign(rule="own_armed", start=mention.start, end=mention.end, is_core=True)


def _is_held_by_speaker(passage: Passage, at: int) -> bool:
    """Whether the nearest subject before a weapon is the speaker, and "not" or "if" are away."""
    for before in range(at, max(-1, at - FARTHEST), -1):
        token = passage.tokens[before]
        if token.word in words("disarming"):
            return False
        if token.word in words("own"):
            return True
        if token.word in words("nominative") and before < at:
            return passage.reporter is not None and passage.reporter.owns(before)
        if token.gap >= Gap.STOP:
            return passage.reporter is not None and token.word in words("armed_start")
    return False


BY_SPEAKER = ("knows_where", "watching")  # "he knows where i live" is another's threat


def _of_veiled(passage: Passage, hit: Hit) -> Iterator[Sign]:
    if hit.rule in BY_SPEAKER:
        doer = resolved(passage, agency(passage.tokens, hit.start, frozenset()))
        starts_own = passage.tokens[hit.start].word in words("own")
        is_own = starts_own or doer.subject in {Subject.OWN, Subject.GROUP, Subject.UNSAID}
        if not is_own or doer.is_negated or doer.mood is Mood.ASKED:
            return
    yield from _of_hit(passage, hit, f"veiled_{hit.rule}")


def _of_hit(passage: Passage, hit: Hit, rule: str) -> Iterator[Sign]:
    voice = passage.voices[hit.start]
    if voice is Voice.SPEAKER:
        yield Sign(rule=rule, start=hit.start, end=hit.end, is_core=True)
    else:
        yield Sign(rule=f"voice_{voice}", start=hit.start, end=hit.end)


def _beside(passage: Passage, found: Findings) -> Iterator[Sign]:
    for mention in found.mentions:
        rule = _BESIDE.get(mention.field, mention.rule)
        yield Sign(rule=rule, start=mention.start, end=mention.end)
    for at, token in enumerate(passage.tokens):
        if token.word in words("police_plain"):
            yield Sign(rule="with_police", start=at, end=at + 1)


def _against(passage: Passage, found: Findings, anchors: Sequence[Sign]) -> Iterator[Sign]:
    """Signs against, one for each core that they stand near."""
    starts = sorted({anchor.start for anchor in anchors})
    for hit in found.cues:
        if hit.rule in _DENIABLE and _is_denied(passage, hit):
            continue
        first = bisect_left(starts, hit.start - NEAR)
        last = bisect_right(starts, hit.end + NEAR)
        for start in starts[first:last]:
            if hit.rule not in _TAKING_BACK or _looks_back(passage, hit, start):
                yield Sign(rule=_AGAINST[hit.rule], start=hit.start, end=hit.end, anchor=start)


_DENIABLE = {"fear", "plea", "hyperbole"}


def _is_denied(passage: Passage, hit: Hit) -> bool:
    """Whether "not" turns a cue round: "i'm not scared", "this is not a joke"."""
    return bool(set(passage.words(hit.start - 3, hit.end)) & {"not", "never", "no"})


_TAKING_BACK = {"retraction", "taken_back"}


def _looks_back(passage: Passage, hit: Hit, core: int) -> bool:
    """Whether words of retraction belong to a core: an earlier threat is not erased by them."""
    return hit.start <= core or passage.clause_of[hit.start] == passage.clause_of[core]
