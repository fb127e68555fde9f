"""What a new event changed on a card, in sentences."""

from tocsin.assess import Answer
from tocsin.errors import OutOfTurn
from tocsin.warn.blue.card import Asked, Card
from tocsin.warn.blue.saying import answers_sentence


def changed(before: Card, after: Card) -> tuple[str, ...]:
    """What differs: the outcome first, then each line of the rule; nothing where nothing does.

    Raises:
        OutOfTurn: the cards are of two jurisdictions.
    """
    if before.jurisdiction.key != after.jurisdiction.key:
        raise OutOfTurn(
            f"A card of {before.jurisdiction.name} and one of {after.jurisdiction.name} are not "
            "the same card at two times.",
            way_out="Compare two cards of one jurisdiction.",
        )
    told = []
    if before.outcome is not after.outcome:
        name = after.jurisdiction.name
        told.append(f"{name}: {after.outcome}; before it was '{before.outcome}'.")
    former = {one.criterion.key: one for one in before.asked}
    for one in after.asked:
        told += _line(former.pop(one.criterion.key, None), one)
    told += [f"The rule no longer asks: {one.criterion.question.text}" for one in former.values()]
    return tuple(told)


def _line(before: Asked | None, after: Asked) -> list[str]:
    question = after.criterion.question.text
    told = []
    if before is None:
        told.append(f"The rule now asks: {question}")
    elif before.criterion.is_verified is not after.criterion.is_verified:
        word = "now verified" if after.criterion.is_verified else "no longer verified"
        told.append(f"This line is {word}: {question}")
    if _given(before) != _given(after) and after.is_answered:
        now = answers_sentence(after)
        was = answers_sentence(before) if before and before.is_answered else "nobody had answered"
        told.append(f"{question} Now {now}; before: {was}.")
    known = before.hints if before else ()
    told += [f"New beside '{question}' {hint}" for hint in after.hints if hint not in known]
    return told


def _given(asked: Asked | None) -> dict[str, Answer]:
    """Who answers what; the order in which they did so is no change."""
    return {one.person.key: one.answer for one in asked.answers} if asked else {}
