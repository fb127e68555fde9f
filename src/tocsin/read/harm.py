"""Finds violent acts in a passage: the manner, who does it, to whom, and in whose words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from tocsin.read import phrases
from tocsin.read.agency import Agency, Mood, Subject, agency
from tocsin.read.lexicon import words
from tocsin.read.lexicon.inflect import VerbForm
from tocsin.read.passage import Passage
from tocsin.read.pattern import Hit, lexicon
from tocsin.read.phrases import Thing
from tocsin.read.tokens import Gap, Token
from tocsin.read.voices import Voice

FILES = ("killing.txt", "hurting.txt")
MANNERS = (
    "doomed",
    "be_harmed",
    "lethal",
    "massacre",
    "burn",
    "wound",
    "slang",
    "vague",
    "unknown",
    "threat",
)
SUFFERED = ("doomed", "be_harmed")
PERSONAL = ("slang", "vague", "threat")
UNKNOWN = "unknown"
FARTHEST_HEAD = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """One violent act that is named.

    Attributes:
        manner: the section of the lexicon that knows it.
        start: index of the first token of the act with its subject.
        verb: index of the first token of the act itself.
        end: index after its last token.
        agency: who does it and how firmly.
        voice: whose words name it.
        target: tokens of whom it is done to, None where nobody is named.
        thing: what kind of thing those tokens name.
        is_general: whether anybody of a kind is meant: "any officer found alone".
    """

    manner: str
    start: int
    verb: int
    end: int
    agency: Agency
    voice: Voice
    target: tuple[int, int] | None
    thing: Thing | None
    is_general: bool = False


def harms(passage: Passage) -> tuple[Harm, ...]:
    """Every violent act of a passage, in order and without overlap."""
    known = (hit for hit in lexicon(*FILES).search(passage.tokens) if _is_act(passage, hit))
    hits = [*known, *_unknown_acts(passage.tokens)]
    return tuple(_harm(passage, hit) for hit in _without_overlap(hits))


def _unknown_acts(tokens: Sequence[Token]) -> Iterator[Hit]:
    """Acts in words that no lexicon knows, done to people: "i'm gonna pulverize that cop"."""
    for at, token in enumerate(tokens[:-1]):
        if token.word not in {"to", "will"} or not _may_act(tokens, at + 1):
            continue
        end = phrases.noun_phrase(tokens, at + 2) if at + 2 < len(tokens) else None
        if end and phrases.ends(tokens, end) and _is_somebody(tokens, at + 2, end):
            yield Hit(rule=UNKNOWN, start=at + 1, end=end, slot=(at + 2, end), forms=_BASE)


_BASE = frozenset({VerbForm.BASE})


def _may_act(tokens: Sequence[Token], at: int) -> bool:
    word, before = tokens[at].word, tokens[at - 2].word if at > 1 else ""
    is_future = tokens[at - 1].word == "will" or before in words("future_head")
    is_verb = word not in words("benign") and word not in words("mood_word")
    return is_future and is_verb and word not in words("stopper") and word.isalpha()


def _is_somebody(tokens: Sequence[Token], start: int, end: int) -> bool:
    thing = phrases.kind_of(tokens, start, end)
    return thing.is_human and tokens[start].word not in words("you")


def _harm(passage: Passage, hit: Hit) -> Harm:
    found = _timed(passage, hit, resolved(passage, agency(passage.tokens, hit.start, hit.forms)))
    target, start = hit.slot, found.start
    if hit.rule in SUFFERED and found.at >= 0:
        target = (phrase_start(passage.tokens, found.at), found.at + 1)
        if found.subject is Subject.THIRD:
            described = _described(passage, found.at)
            target = described or target
            start = _verb_start(passage.tokens, hit.start) if described else start
    return Harm(
        manner=hit.rule,
        start=start,
        verb=hit.start,
        end=hit.end,
        agency=found,
        voice=passage.voices[hit.start],
        target=target,
        thing=_thing(passage, found, target),
        is_general=hit.rule in SUFFERED and _is_general(passage, target),
    )


def _is_general(passage: Passage, target: tuple[int, int] | None) -> bool:
    spoken = passage.words(*target) if target else ()
    return bool(set(spoken[:1]) & words("general"))


def _timed(passage: Passage, hit: Hit, found: Agency) -> Agency:
    """The agency with the mood that the words around the act give it."""
    is_told = hit.rule == "threat" and passage.reporter is not None
    is_coming = found.mood is Mood.BARE and _is_scheduled(passage, hit)
    return replace(found, mood=Mood.WILL) if is_told or is_coming else found


def _described(passage: Passage, at: int) -> tuple[int, int] | None:
    """Who it is that suffers, where words describe him: "any officer found alone in harlow"."""
    tokens = passage.tokens
    for head in range(at - 1, max(-1, at - FARTHEST_HEAD), -1):
        if tokens[head + 1].gap >= Gap.STOP:
            return None
        following = tokens[head + 1].word
        if tokens[head].word in words("human") and following in words("describing"):
            return phrase_start(tokens, head), head + 1
    return None


def _verb_start(tokens: Sequence[Token], at: int) -> int:
    """The first of the auxiliaries and adverbs that stand right before a verb."""
    while at > 0 and tokens[at].gap < Gap.STOP and tokens[at - 1].word in words("auxiliary"):
        at -= 1
    return at


def _is_scheduled(passage: Passage, hit: Hit) -> bool:
    """Whether a time to come follows: "the superintendent dies tonight"."""
    if passage.tokens[hit.start].word == "dies":
        return True
    return any(word in words("future_time") for word in passage.words(hit.end, hit.end + 3))


def _thing(passage: Passage, found: Agency, target: tuple[int, int] | None) -> Thing | None:
    """What kind of thing is harmed; "she ends her life" is done to herself."""
    if target is None:
        return None
    possessive = passage.tokens[target[0]].word if target[1] - target[0] == 1 else ""
    following = passage.words(target[1], target[1] + 2)
    subject = passage.tokens[found.at].word if found.at >= 0 else ""
    is_same = (subject, possessive) in _SAME
    if is_same and set(following) & {"life", "own", "wrists", "wrist", "throat"}:
        return Thing.SELF
    return phrases.kind_of(passage.tokens, *target)


_SAME = {("he", "his"), ("she", "her"), ("i", "my"), ("they", "their"), ("caller", "his")}


def resolved(passage: Passage, found: Agency) -> Agency:
    """In a note, "HE" and "CALLER" may be the speaker."""
    is_open = passage.reporter is not None and found.subject in {Subject.THIRD, Subject.UNSAID}
    if not is_open or passage.reporter is None or found.at < 0:
        return found
    owns = passage.reporter.owns(found.at) or _is_joined_to_reporter(passage, found.at)
    return replace(found, subject=Subject.OWN) if owns else found


def _is_joined_to_reporter(passage: Passage, at: int) -> bool:
    """Whether the caller is named beside the subject: "HE AND HIS BROTHERS"."""
    for joint in range(max(1, at - 3), at):
        if passage.tokens[joint].word == "and" and passage.reporter is not None:
            return passage.reporter.owns(joint - 1)
    return False


def _without_overlap(hits: Iterable[Hit]) -> list[Hit]:
    """The longest hits first, then those of the graver manner."""
    ranked = sorted(hits, key=lambda hit: (hit.start - hit.end, MANNERS.index(hit.rule)))
    taken: set[int] = set()
    kept = []
    for hit in ranked:
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def _is_act(passage: Passage, hit: Hit) -> bool:
    if _is_noun(passage.tokens, hit) or _is_passive(passage.tokens, hit):
        return False
    if hit.rule not in PERSONAL or hit.slot is None:
        return True
    thing = phrases.kind_of(passage.tokens, *hit.slot)
    return thing.is_human or (hit.rule == "slang" and thing is Thing.UNKNOWN)


def _is_passive(tokens: Sequence[Token], hit: Hit) -> bool:
    """Whether an act is suffered, not done: "will be | shot on sight"."""
    if hit.rule in SUFFERED or VerbForm.PAST not in hit.forms or hit.start == 0:
        return False
    return tokens[hit.start - 1].word in words("passive")


def _is_noun(tokens: Sequence[Token], hit: Hit) -> bool:
    """Whether the act's first word is a noun here: "the shooting", "a hit"."""
    if hit.start == 0 or tokens[hit.start].gap > Gap.NONE:
        return False
    return tokens[hit.start - 1].word in words("article")


def phrase_start(tokens: Sequence[Token], at: int) -> int:
    """The beginning of the noun phrase that ends at a token."""
    start = at
    while start > 0 and at - start < phrases.LONGEST_PHRASE and tokens[start].gap is Gap.NONE:
        before = tokens[start - 1].word
        if not any(before in words(name) for name in ("determiner", "modifier", "human", "owner")):
            break
        start -= 1
    return start
