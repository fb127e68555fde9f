"""Names the speech act: an own threat by its score, anything else by a table of points."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from tocsin.read.agency import Mood
from tocsin.read.findings import Findings
from tocsin.read.harm import SUFFERED, Harm
from tocsin.read.lexicon import words
from tocsin.read.passage import Passage
from tocsin.read.phrases import Thing
from tocsin.read.rules import Sign
from tocsin.read.score import Scored, level_of
from tocsin.read.statement import Kind, Level, SpeechAct
from tocsin.read.voices import Voice

ALWAYS = "always"
MANY = 2


def speech_act(
    passage: Passage, found: Findings, signs: Sequence[Sign], scored: Scored
) -> SpeechAct:
    """What the speaker does with the violent words, if there are any."""
    if level_of(scored.score) is not Level.NONE:
        return SpeechAct.RETRACTION if _is_taken_back(found, scored) else SpeechAct.OWN_THREAT
    present = features(passage, found, signs)
    table = points()
    acts = _OTHERS if _is_violent(passage, found) else _PEACEFUL
    sums = {act: sum(table.get((name, act), 0.0) for name in present) for act in acts}
    return max(acts, key=lambda act: sums[act])


def _is_violent(passage: Passage, found: Findings) -> bool:
    """Whether violence is spoken of: "sorry" and "he said" alone take back and report nothing."""
    if found.harms or found.bombs or found.veiled:
        return True
    return any(token.word in words("violent") for token in passage.tokens)


_OTHERS = tuple(act for act in SpeechAct if act is not SpeechAct.OWN_THREAT)
_PEACEFUL = tuple(
    act
    for act in _OTHERS
    if act not in {SpeechAct.THIRD_PARTY_REPORT, SpeechAct.RETRACTION, SpeechAct.QUOTE_MEDIA}
)


@cache
def points() -> dict[tuple[str, SpeechAct], float]:
    """How many points each feature gives each act."""
    text = files("tocsin.read").joinpath("points.txt").read_text(encoding="utf-8")
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {(row[0], SpeechAct(row[1])): float(row[2]) for row in rows}


def features(passage: Passage, found: Findings, signs: Sequence[Sign]) -> frozenset[str]:
    """What the table knows of a passage, by name."""
    return frozenset({ALWAYS, *_cues(found), *_acts(found), *_rules(signs), *_kind(passage, found)})


def _cues(found: Findings) -> Iterator[str]:
    counts = Counter(hit.rule for hit in (*found.cues, *found.notices))
    for rule, count in counts.items():
        yield f"cue_{rule}"
        if count >= MANY:
            yield f"cues_{rule}"


def _acts(found: Findings) -> Iterator[str]:
    for harm in found.harms:
        yield from _act(harm)
    if found.bombs:
        yield "bomb"
    if found.veiled:
        yield "veiled"


def _act(harm: Harm) -> Iterator[str]:
    doer = "own" if harm.agency.subject.is_own else "other"
    if harm.manner in SUFFERED:
        doer = "suffered"
    time = "past" if harm.agency.mood in {Mood.PAST, Mood.DOING} else "coming"
    yield f"act_{doer}_{time}"
    if harm.voice is not Voice.SPEAKER:
        yield f"act_in_{harm.voice}"
    if harm.agency.is_negated:
        yield "act_denied"
    if harm.thing in {Thing.SELF, Thing.SPEAKER, Thing.THING, Thing.ANIMAL}:
        yield f"act_on_{harm.thing}"


def _rules(signs: Sequence[Sign]) -> Iterator[str]:
    for sign in signs:
        if sign.rule.startswith(("voice_", "act_asked", "act_supposed")):
            yield f"sign_{sign.rule}"


def _kind(passage: Passage, found: Findings) -> Iterator[str]:
    if passage.kind is Kind.NOTE:
        yield "note"
    if not found.harms and not found.bombs:
        yield "no_act"
    if not passage.tokens:
        yield "nobody_calls"
    reporter = passage.reporter
    if reporter is not None and reporter.verb < len(passage.tokens):
        yield from _reporter(passage)


def _reporter(passage: Passage) -> Iterator[str]:
    told = {token.word for token in passage.tokens}
    if told & words("told_of"):
        yield "told_of_threat"


def _is_taken_back(found: Findings, scored: Scored) -> bool:
    """Whether the caller takes the threat back after he made it, in the same text."""
    ends = [harm.end for harm in found.harms]
    ends += [hit.end for hit in (*found.bombs, *found.veiled)]
    last = max((end for end in ends if end <= scored.end), default=scored.end)
    return any(hit.rule == "taken_back" and hit.start >= last for hit in found.cues)
