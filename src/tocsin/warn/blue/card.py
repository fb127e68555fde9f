"""The card: what people's answers come to under the rule of one jurisdiction.

Every criterion is met, failed or open. Met or failed needs people who agree; no answer, `not yet
known` and answers that differ are open. A group that needs all fails with one failed part and is
met when all are; a group that needs any is met by one and fails when all fail. Nothing else counts:
no hint, no reading, no score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tocsin.assess import Answer
from tocsin.warn.blue.answers import Answered, last_answers
from tocsin.warn.blue.jurisdiction import Criterion, Group, Jurisdiction, Needs


class State(StrEnum):
    """How a criterion or a group stands."""

    MET = "met"
    FAILED = "failed"
    OPEN = "open"


class Outcome(StrEnum):
    """What a card comes to, as it is shown."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not eligible"
    NOT_YET = "cannot be said yet"


_OUTCOMES = {
    State.MET: Outcome.ELIGIBLE,
    State.FAILED: Outcome.NOT_ELIGIBLE,
    State.OPEN: Outcome.NOT_YET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What the record holds beside a question. It is shown there and changes nothing."""

    key: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One criterion with what people answered to it.

    Attributes:
        criterion: the question, as this jurisdiction asks it.
        answers: the last of each person, oldest first.
        hints: sentences from the record that stand beside it.
    """

    criterion: Criterion
    answers: tuple[Answered, ...]
    hints: tuple[str, ...]

    @property
    def is_answered(self) -> bool:
        """Whether anybody has answered."""
        return bool(self.answers)

    @property
    def is_disputed(self) -> bool:
        """Whether the people who answered differ."""
        return len({one.answer for one in self.answers}) > 1

    @property
    def state(self) -> State:
        """Met or failed only where everybody who answered says so."""
        given = {one.answer for one in self.answers}
        if given == {Answer.YES}:
            return State.MET
        return State.FAILED if given == {Answer.NO} else State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the answers come to under one rule; `tocsin.warn.blue.saying` puts it in sentences.

    Attributes:
        jurisdiction: whose rule.
        asked: every criterion of the rule, in its order.
        outcome: eligible, not eligible, or cannot be said yet.
        doubtful: keys of the criteria that the outcome rests on and whose source was not read.
    """

    jurisdiction: Jurisdiction
    asked: tuple[Asked, ...]
    outcome: Outcome
    doubtful: tuple[str, ...]

    @property
    def rests_on_unverified(self) -> bool:
        """Whether the outcome would not stand on verified lines alone."""
        return bool(self.doubtful)

    def of(self, key: str) -> Asked:
        """The criterion with this key.

        Raises:
            NotFound: the rule does not ask it.
        """
        self.jurisdiction.criterion(key)
        return next(one for one in self.asked if one.criterion.key == key)

    def state_of(self, part: Criterion | Group) -> State:
        """How a part of the rule stands."""
        return _state(part, {one.criterion.key: one.state for one in self.asked})


def card_of(
    jurisdiction: Jurisdiction, answers: Iterable[Answered], *, hints: Iterable[Hint] = ()
) -> Card:
    """What these answers come to.

    Answers and hints on facts that this jurisdiction does not ask for are another one's: they are
    left out.
    """
    given, beside = last_answers(answers), tuple(hints)
    asked = tuple(
        Asked(
            criterion=one,
            answers=given.get(one.key, ()),
            hints=tuple(hint.text for hint in beside if hint.key == one.key),
        )
        for one in jurisdiction.criteria
    )
    states = {one.criterion.key: one.state for one in asked}
    return Card(
        jurisdiction=jurisdiction,
        asked=asked,
        outcome=_OUTCOMES[_state(jurisdiction.rule, states)],
        doubtful=_doubtful(jurisdiction.rule, states),
    )


def _state(part: Criterion | Group, states: dict[str, State]) -> State:
    if isinstance(part, Criterion):
        return states[part.key]
    found = {_state(one, states) for one in part.parts}
    decisive = State.FAILED if part.needs is Needs.ALL else State.MET
    if decisive in found:
        return decisive
    return State.OPEN if State.OPEN in found else found.pop()


def _doubtful(part: Criterion | Group, states: dict[str, State]) -> tuple[str, ...]:
    """Unverified criteria on which the state of the part rests.

    Where one part decides a group, a wholly verified one carries it alone, and without one it
    rests on all that decide it. Where all had to agree it rests on every one of them. What is open
    rests on nothing yet.
    """
    state = _state(part, states)
    if state is State.OPEN:
        return ()
    if isinstance(part, Criterion):
        return () if part.is_verified else (part.key,)
    same = [_doubtful(one, states) for one in part.parts if _state(one, states) is state]
    decisive = State.FAILED if part.needs is Needs.ALL else State.MET
    if state is decisive and not all(same):
        return ()
    return tuple(key for one in same for key in one)
