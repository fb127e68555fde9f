"""A card in sentences: what fails, what is open, what would change it, what it rests on.

Each sentence names the people whose answers it rests on. None says that an alert will be issued,
or that a threat is credible.
"""

from tocsin.assess import Answer
from tocsin.warn.blue.card import Asked, Card, Outcome, State
from tocsin.warn.blue.jurisdiction import Criterion, Group, Needs

VERIFY = "(verify)"
"""Stands behind every line whose source was not read."""

_WORDS = {Answer.YES: "yes", Answer.NO: "no", Answer.NOT_YET_KNOWN: "not yet known"}


def headline_of(card: Card) -> str:
    """The outcome in one sentence; that an agency decides, where the rule is met."""
    name = card.jurisdiction.name
    if card.outcome is not Outcome.ELIGIBLE:
        return f"{name}: {card.outcome}."
    return (
        f"{name}: eligible by the answers given. Whether an alert is issued is for the authorised "
        "agency."
    )


def fails_of(card: Card) -> tuple[str, ...]:
    """A sentence for each criterion that fails and counts."""
    return tuple(
        f"{_sentence(one.criterion.question.no)} ({_names(one)})."
        for one in _telling(card, State.FAILED)
    )


def open_of(card: Card) -> tuple[str, ...]:
    """A sentence for each criterion that is open and counts."""
    return tuple(_open(one) for one in _telling(card, State.OPEN))


def changes_of(card: Card) -> tuple[str, ...]:
    """What would change the outcome: one sentence for each part of the rule that is not met."""
    if card.outcome is Outcome.ELIGIBLE:
        return ("A single 'no' or 'not yet known' to a line that is needed ends it.",)
    unmet = [part for part in card.jurisdiction.rule.parts if _is_unmet(card, part)]
    ordered = sorted(unmet, key=lambda part: card.state_of(part) is not State.FAILED)
    return tuple(f"Eligible only if {_need(card, part)}." for part in ordered)


def rests_of(card: Card) -> tuple[str, ...]:
    """A sentence for each line that the outcome rests on and whose source was not read."""
    return tuple(
        f"This outcome rests on a line that is not verified: {one.criterion.question.text} "
        f"Source: {one.criterion.source}."
        for one in card.asked
        if one.criterion.key in card.doubtful
    )


def answers_sentence(asked: Asked) -> str:
    """The answers with their names: `yes (Ortiz), no (Vale)`; empty where nobody answered."""
    return ", ".join(f"{_WORDS[one.answer]} ({one.person.name})" for one in asked.answers)


def marked(text: str, *, is_verified: bool) -> str:
    """The text of a line, marked where its source was not read."""
    return text if is_verified else f"{text} {VERIFY}"


def _telling(card: Card, state: State) -> tuple[Asked, ...]:
    keys = {one.key for one in _counting(card, card.jurisdiction.rule, state)}
    return tuple(one for one in card.asked if one.criterion.key in keys)


def _counting(card: Card, part: Criterion | Group, state: State) -> list[Criterion]:
    """The criteria in this state that tell why the part stands as it does.

    What fails counts only inside what fails: another part may still meet the group. What is open
    counts wherever the group is not met yet.
    """
    found = card.state_of(part)
    if isinstance(part, Criterion):
        return [part] if found is state else []
    if found is State.MET or (state is State.FAILED and found is State.OPEN):
        return []
    return [one for inner in part.parts for one in _counting(card, inner, state)]


def _is_unmet(card: Card, part: Criterion | Group) -> bool:
    return card.state_of(part) is not State.MET


def _need(card: Card, part: Criterion | Group, *, is_inner: bool = False) -> str:
    """What the part still needs, as a clause."""
    if isinstance(part, Criterion):
        return marked(part.question.yes, is_verified=part.is_verified)
    needed = [one for one in part.parts if _is_unmet(card, one)]
    clauses = [_need(card, one, is_inner=part.needs is Needs.ALL) for one in needed]
    if part.needs is Needs.ALL:
        return " and ".join(clauses)
    if any(isinstance(one, Group) for one in needed):
        clause = f"one of these is so: {'; '.join(clauses)}"
    else:
        clause = " or ".join(clauses)
    return f"({clause})" if is_inner and len(clauses) > 1 else clause


def _open(one: Asked) -> str:
    question = one.criterion.question.text
    if not one.is_answered:
        return f"Nobody has answered: {question}"
    if one.is_disputed:
        return f"The answers differ, {answers_sentence(one)}: {question}"
    return f"Not yet known ({_names(one)}): {question}"


def _names(one: Asked) -> str:
    return ", ".join(answer.person.name for answer in one.answers)


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]
