"""Turns mentions into spans of the untouched text, with seconds where the words have times."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from tocsin.listen.hearing import Word
from tocsin.read.findings import Findings
from tocsin.read.harm import Harm
from tocsin.read.mentions import merged
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import Hit
from tocsin.read.phrases import Thing
from tocsin.read.rules import Sign
from tocsin.read.statement import Field, Span, SpeechAct
from tocsin.read.targets import targets
from tocsin.read.voices import Voice

# Acts of which the details matter to a reader; in the others the same words mean nothing.
TOLD = {SpeechAct.OWN_THREAT, SpeechAct.THIRD_PARTY_REPORT, SpeechAct.RETRACTION}


def spans(
    passage: Passage,
    found: Findings,
    signs: Sequence[Sign],
    act: SpeechAct,
    words: Sequence[Word],
) -> tuple[Span, ...]:
    """The spans of a statement, in order of their start; none for an act without a threat."""
    if act not in TOLD:
        return ()
    mentions = _all(passage, found, signs, act)
    clock = _Clock(words)
    made = (_span(passage, mention, clock) for mention in mentions)
    return tuple(sorted(made, key=lambda span: (span.start, span.end, span.field)))


def _all(passage: Passage, found: Findings, signs: Sequence[Sign], act: SpeechAct) -> list[Mention]:
    cores = {sign.start for sign in signs if sign.is_core}
    harms = [harm for harm in found.harms if _is_told(harm, cores, act)]
    implied = [hit for hit in (*found.veiled, *found.bombs) if hit.start in cores]
    named = [
        *(_harm(harm.start, harm.end, f"harm_{harm.manner}", harm) for harm in harms),
        *(_harm(hit.start, hit.end, f"harm_{hit.rule}") for hit in implied),
    ]
    return [
        *merged(named),
        *targets(passage, harms, implied),
        *_places_as_targets(harms),
        *found.mentions,
        *_group(passage, found, harms),
        *_attributions(passage),
        *_retractions(found),
    ]


def _is_told(harm: Harm, cores: set[int], act: SpeechAct) -> bool:
    if act is SpeechAct.OWN_THREAT:
        return harm.start in cores
    return harm.start in cores or harm.voice is not Voice.SPEAKER


def _harm(start: int, end: int, rule: str, harm: Harm | None = None) -> Mention:
    """The act without the object that follows it; an object in the middle stays in."""
    if harm is not None and harm.target is not None and harm.target[1] == harm.end:
        end = max(harm.verb + 1, harm.target[0])
    return Mention(field=Field.HARM, start=start, end=end, rule=rule)


def _places_as_targets(harms: Iterable[Harm]) -> list[Mention]:
    """A building that is to be harmed is also where it will be."""
    return [
        Mention(field=Field.PLACE, start=harm.target[0], end=harm.target[1], rule="place_target")
        for harm in harms
        if harm.target is not None and harm.thing in {Thing.PLACE, Thing.AGENCY}
    ]


def _group(passage: Passage, found: Findings, harms: Iterable[Harm]) -> list[Mention]:
    """The "we" of an act, where no fuller name of a group is found."""
    if any(mention.field is Field.GROUP for mention in found.mentions):
        return []
    doers = [harm.agency.at for harm in harms if harm.agency.at >= 0]
    spoken = [at for at in doers if passage.tokens[at].word == "we"][:1]
    return [Mention(field=Field.GROUP, start=at, end=at + 1, rule="group_we") for at in spoken]


def _attributions(passage: Passage) -> list[Mention]:
    return [
        Mention(
            field=Field.ATTRIBUTION,
            start=given.start,
            end=max(given.end, given.start + 1),
            rule=f"attribution_{given.voice}",
        )
        for given in passage.attributions
        if given.voice is not Voice.SPEAKER
    ]


def _retractions(found: Findings) -> list[Mention]:
    hits: list[Hit] = [hit for hit in found.cues if hit.rule == "taken_back"]
    return merged(
        Mention(field=Field.RETRACTION, start=hit.start, end=hit.end, rule="retraction_taken_back")
        for hit in hits
    )


def _span(passage: Passage, mention: Mention, clock: "_Clock") -> Span:
    start = passage.tokens[mention.start].start
    end = passage.tokens[mention.end - 1].end
    start_at, end_at = clock.seconds(start, end)
    return Span(
        field=mention.field,
        start=start,
        end=end,
        text=passage.text[start:end],
        normalised=mention.normalised,
        rule=mention.rule,
        start_at=start_at,
        end_at=end_at,
    )


class _Clock:
    """The seconds of characters, by the words that were heard."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = sorted(words, key=lambda word: word.offset)
        self.offsets = [word.offset for word in self.words]

    def seconds(self, start: int, end: int) -> tuple[float | None, float | None]:
        """When the words from one character to another begin and end; None where untimed."""
        first = max(0, bisect_right(self.offsets, start) - 1)
        last = bisect_left(self.offsets, end)
        heard = [word for word in self.words[first:last] if word.offset + len(word.text) > start]
        if not heard:
            return None, None
        return heard[0].start, heard[-1].end
