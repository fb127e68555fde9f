"""Finds who or what is to be harmed, as said and by the fuller name that stands elsewhere."""

from collections.abc import Iterable, Sequence

from tocsin.read import phrases
from tocsin.read.harm import Harm, phrase_start
from tocsin.read.lexicon import words
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import Hit, lexicon
from tocsin.read.phrases import Thing
from tocsin.read.statement import Field
from tocsin.read.tokens import Gap

NEAREST = 45  # tokens in which a pronoun's name is looked for
_WORTH = {Thing.POLICE: 3, Thing.AGENCY: 3, Thing.ROLE: 2, Thing.PERSON: 1}


def targets(passage: Passage, harms: Sequence[Harm], implied: Sequence[Hit]) -> list[Mention]:
    """The targets of named acts, then of implied ones, each once and in order."""
    found = [_mention(passage, *harm.target) for harm in harms if harm.target]
    named = [person for person in people(passage) if not _is_teller(passage, person)]
    for harm in harms:
        if harm.target is None or harm.thing is Thing.PRONOUN:
            found.extend(_named(passage, harm.start, named))
    for hit in implied:
        found.extend(_implied(passage, hit, named))
    if harms:
        hits = lexicon("targets.txt").search(passage.tokens)
        found.extend(_mention(passage, *hit.slot) for hit in hits if hit.slot is not None)
    return _distinct(found)


def people(passage: Passage) -> list[tuple[int, int]]:
    """Every phrase that names people or their agencies, in order."""
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(passage.tokens):
        word = passage.tokens[at].word
        if word in words("human") or word in words("police_place"):
            start, end = phrase_start(passage.tokens, at), _end(passage, at)
            if not found or start >= found[-1][1]:
                found.append((start, end))
            at = end
        else:
            at += 1
    return found


def _end(passage: Passage, at: int) -> int:
    """After the head, with the rest of a compound or the name after a title."""
    tokens, end = passage.tokens, at + 1
    is_title = tokens[at].word in words("title")
    while end < len(tokens) and end - at < phrases.LONGEST_PHRASE and tokens[end].gap is Gap.NONE:
        word = tokens[end].word
        is_noun = word in words("human") or word in words("building")
        is_named = (is_title or tokens[end].is_name) and word not in words("stopper")
        if not is_noun and not is_named:
            break
        is_title = word in words("title")
        end += 1
    return end


def _is_teller(passage: Passage, person: tuple[int, int]) -> bool:
    """Whether a phrase names the speaker, his own people, or nobody in particular."""
    spoken = set(passage.words(*person))
    if passage.reporter is not None and spoken & words("reporter_strong"):
        return True
    is_reporter = passage.reporter is not None and person[0] <= passage.reporter.at < person[1]
    return is_reporter or bool(spoken & {"my", "our"} and spoken & words("own_group"))


def _named(passage: Passage, at: int, named: Sequence[tuple[int, int]]) -> list[Mention]:
    """The nearest name before a token, officers before others; else the first after it."""
    before = [person for person in named if at - NEAREST <= person[0] and person[1] <= at]
    after = [person for person in named if at <= person[0] <= at + NEAREST]
    if not before and not after:
        return []
    best = max(
        before or after[:1],
        key=lambda person: (_WORTH.get(phrases.kind_of(passage.tokens, *person), 0), person[0]),
    )
    return [_mention(passage, *best)]


def _implied(passage: Passage, hit: Hit, named: Sequence[tuple[int, int]]) -> list[Mention]:
    """Whom a veiled threat is about: who is named in its words or nearest before them."""
    if hit.slot is not None:
        return [_mention(passage, *hit.slot)]
    inside = [person for person in named if hit.start <= person[0] and person[1] <= hit.end]
    pronouns = [
        _mention(passage, at, at + 1)
        for at in range(max(0, hit.start - 2), hit.end)
        if passage.tokens[at].word in words("their_own")
    ][:1]
    about = [_mention(passage, *person) for person in inside]
    return [*about, *pronouns, *_named(passage, hit.start, named)]


def _mention(passage: Passage, start: int, end: int) -> Mention:
    kind = phrases.kind_of(passage.tokens, start, end)
    return Mention(field=Field.TARGET, start=start, end=end, rule="target", normalised=kind)


def _distinct(found: Iterable[Mention]) -> list[Mention]:
    by_place = {(mention.start, mention.end): mention for mention in found}
    return sorted(by_place.values(), key=lambda mention: (mention.start, mention.end))
