"""Two questions a person answers about a threat, and what stands when several have answered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.assess.rights import Act, Assessor, require
from tocsin.errors import MissingReason


class Question(StrEnum):
    """What is asked; the two are answered apart (FBI guidance)."""

    SPECIFIC = "specific"
    CREDIBLE = "credible"


class Answer(StrEnum):
    """What may be answered."""

    YES = "yes"
    NO = "no"
    NOT_YET_KNOWN = "not_yet_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One person's answer to one question, with the reasons; never changed, only followed."""

    question: Question
    answer: Answer
    reasons: str
    person: Assessor
    assessed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What stands on one question: the last answer of each person, oldest first."""

    question: Question
    assessments: tuple[Assessment, ...]

    @property
    def is_assessed(self) -> bool:
        """Whether anybody has answered."""
        return bool(self.assessments)

    @property
    def is_disputed(self) -> bool:
        """Whether the people who answered differ."""
        return len({one.answer for one in self.assessments}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands on both questions."""

    specific: Opinion
    credible: Opinion

    @property
    def is_assessed(self) -> bool:
        """Whether anybody has answered either question."""
        return self.specific.is_assessed or self.credible.is_assessed


def assess(
    question: Question, answer: Answer, *, reasons: str, person: Assessor, now: datetime
) -> Assessment:
    """The person's answer, kept under his name.

    Raises:
        NotAllowed: the person may not assess.
        MissingReason: there are no reasons.
    """
    require(person, Act.ASSESS)
    if not reasons.strip():
        raise MissingReason(
            f"The answer to '{question}' has no reasons.",
            way_out="Say in a sentence what it rests on; 'not yet known' needs one too.",
        )
    return Assessment(
        question=question,
        answer=answer,
        reasons=reasons.strip(),
        person=person,
        assessed_at=now,
    )


def standing_of(assessments: Iterable[Assessment]) -> Standing:
    """What stands: the last answer of each person to each question; all of them side by side."""
    ordered = sorted(assessments, key=lambda one: one.assessed_at)

    def opinion(question: Question) -> Opinion:
        last = {one.person.key: one for one in ordered if one.question is question}
        return Opinion(
            question=question,
            assessments=tuple(sorted(last.values(), key=lambda one: one.assessed_at)),
        )

    return Standing(
        specific=opinion(Question.SPECIFIC),
        credible=opinion(Question.CREDIBLE),
    )
