"""Finds what a passage says beside the act: means, conditions, grievances, groups, commitment."""

from collections.abc import Iterable, Iterator

from tocsin.read.lexicon import words
from tocsin.read.passage import Mention, Passage
from tocsin.read.pattern import Hit, lexicon
from tocsin.read.statement import Field
from tocsin.read.tokens import Gap
from tocsin.read.voices import Voice

LONGEST_CLAUSE = 14
LONGEST_RELATIVE = 9
NEAR_START = 6  # tokens in which a clause shows its subject and verb
SHORTEST_WRONG = 4


def commitments(passage: Passage) -> list[Mention]:
    """Words that bind the speaker, firmly or weakly."""
    return _mentions(Field.COMMITMENT, lexicon("commitment.txt").search(passage.tokens))


def means(passage: Passage) -> list[Mention]:
    """Weapons named as in hand or for use."""
    return _mentions(Field.MEANS, lexicon("means.txt").search(passage.tokens))


def groups(passage: Passage) -> list[Mention]:
    """Words for the group that the speaker speaks for."""
    return _mentions(Field.GROUP, lexicon("groups.txt").search(passage.tokens))


def conditions(passage: Passage) -> list[Mention]:
    """What makes somebody a target, or on what the act depends."""
    hits = lexicon("conditions.txt").search(passage.tokens)
    found = [_reaching(passage, hit) for hit in hits]
    return _mentions(Field.CONDITION, [*found, *_demands(passage)])


def _demands(passage: Passage) -> Iterator[Hit]:
    """The clause before "or i will": what is to be done or left."""
    words_here = passage.words(0, len(passage.tokens))
    for at in range(1, len(words_here) - 1):
        if words_here[at] != "or" or words_here[at + 1] not in words("or_else"):
            continue
        start = at
        while start > 0 and at - start < LONGEST_CLAUSE and passage.tokens[start].gap < Gap.STOP:
            start -= 1
        if start < at:
            yield Hit(rule="deed", start=start, end=at)


def grievances(passage: Passage) -> list[Mention]:
    """The wrongs that the speaker names as his reason."""
    hits = lexicon("grievances.txt").search(passage.tokens)
    found = [_to_clause_end(passage, hit) for hit in hits]
    return _mentions(Field.GRIEVANCE, [*found, *_wrongs(passage)])


def _wrongs(passage: Passage) -> Iterator[Hit]:
    """Clauses in which somebody other than the speaker did something bad."""
    for clause in passage.clauses:
        at = _wrong_verb(passage, clause.start, clause.end)
        if at is not None and passage.voices[at] is Voice.SPEAKER:
            end = min(clause.end, clause.start + LONGEST_CLAUSE)
            yield Hit(rule="wrong", start=clause.start, end=end)


def _wrong_verb(passage: Passage, start: int, end: int) -> int | None:
    """The verb of a wrong near the start of a clause, its subject not being the speaker."""
    spoken = passage.words(start, min(end, start + NEAR_START))
    is_own = bool(set(spoken[:3]) & (words("own") | words("clause_opener")))
    if is_own or end - start < SHORTEST_WRONG:
        return None
    for at, word in enumerate(spoken[1:], start + 1):
        if word in words("wrong_verb") and _hurts(passage, at, end):
            return at
    return None


def _hurts(passage: Passage, at: int, end: int) -> bool:
    """Whether the speaker or his own are the ones it was done to."""
    return bool(set(passage.words(at + 1, end)) & words("mine"))


def merged(found: Iterable[Mention]) -> list[Mention]:
    """One mention where several of a field overlap: from the first's start to the last's end."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda mention: (mention.field, mention.start, -mention.end)):
        last = kept[-1] if kept else None
        if last and last.field is mention.field and mention.start < last.end:
            kept[-1] = _joined(last, mention)
        else:
            kept.append(mention)
    return sorted(kept, key=lambda mention: (mention.start, mention.end))


def _joined(first: Mention, second: Mention) -> Mention:
    return Mention(
        field=first.field,
        start=first.start,
        end=max(first.end, second.end),
        rule=first.rule,
        normalised=first.normalised or second.normalised,
    )


def _mentions(field: Field, hits: Iterable[Hit]) -> list[Mention]:
    return merged(_named(field, hits))


def _named(field: Field, hits: Iterable[Hit]) -> Iterator[Mention]:
    for hit in hits:
        yield Mention(field=field, start=hit.start, end=hit.end, rule=f"{field}_{hit.rule}")


def _reaching(passage: Passage, hit: Hit) -> Hit:
    if hit.rule == "state":
        return hit
    if hit.rule == "again":
        return _from_clause_start(passage, hit)
    limit = LONGEST_CLAUSE if hit.rule == "clause" else LONGEST_RELATIVE
    return _extended(passage, hit, limit)


def _from_clause_start(passage: Passage, hit: Hit) -> Hit:
    start = max(passage.clauses[passage.clause_of[hit.start]].start, hit.start - LONGEST_RELATIVE)
    return Hit(rule="deed", start=start, end=hit.end)


def _to_clause_end(passage: Passage, hit: Hit) -> Hit:
    return _extended(passage, hit, LONGEST_CLAUSE)


def _is_main(passage: Passage, at: int) -> bool:
    """Whether the main clause's verb stands here: "any cop who comes here | will be shot"."""
    spoken = passage.words(at, at + 2)
    is_future = len(spoken) > 1 and spoken[1] in {"going", "getting", "dead"}
    return spoken[0] in words("will") or (spoken[0] in words("be") and is_future)


def _extended(passage: Passage, hit: Hit, limit: int) -> Hit:
    """The hit up to the end of its clause, the first subject after it being its own."""
    end = hit.end
    own = passage.clause_of[end - 1]
    while end < len(passage.tokens) and end - hit.start < limit:
        token = passage.tokens[end]
        is_new = passage.clause_of[end] != own
        if token.gap >= Gap.PAUSE or (is_new and end > hit.start + 1) or _is_main(passage, end):
            break
        own = passage.clause_of[end]
        end += 1
    return Hit(rule=hit.rule, start=hit.start, end=end, slot=hit.slot, forms=hit.forms)
