"""What people answered to the questions of a rule, and what stands of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tocsin.assess import Act, Answer, Assessor, require
from tocsin.errors import MissingReason, NotFound
from tocsin.warn.blue.reading import questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One person's answer to one question, with the reason; never changed, only followed.

    Attributes:
        key: the question's key; the answer serves every jurisdiction that asks it.
        answer: yes, no or not yet known.
        reason: what it rests on.
        person: who answered; a machine never does.
        answered_at: when, aware.
    """

    key: str
    answer: Answer
    reason: str
    person: Assessor
    answered_at: datetime


def answer_question(
    key: str, answer: Answer, *, reason: str, person: Assessor, now: datetime
) -> Answered:
    """The person's answer, kept under his name.

    Raises:
        NotAllowed: the person may not assess.
        NotFound: there is no such question.
        MissingReason: there is no reason.
    """
    require(person, Act.ASSESS)
    question = questions().get(key)
    if question is None:
        raise NotFound(
            f"No Blue Alert rule asks {key[:60]!r}.", way_out="Choose a question on the card."
        )
    if not reason.strip():
        raise MissingReason(
            f"The answer to '{question.text}' has no reason.",
            way_out="Say in a sentence what it rests on; 'not yet known' needs one too.",
        )
    return Answered(key=key, answer=answer, reason=reason.strip(), person=person, answered_at=now)


def last_answers(answers: Iterable[Answered]) -> dict[str, tuple[Answered, ...]]:
    """What stands on each question: the last answer of each person, oldest first."""
    ordered = sorted(answers, key=lambda one: one.answered_at)
    last = {(one.key, one.person.key): one for one in ordered}
    standing: dict[str, list[Answered]] = {}
    for one in sorted(last.values(), key=lambda one: one.answered_at):
        standing.setdefault(one.key, []).append(one)
    return {key: tuple(several) for key, several in standing.items()}
