"""The rules, one file for each jurisdiction, read into frozen facts.

A rule is a tree: a group needs all of its parts or any of them, a part is a criterion or a group.
A criterion is a question with a key. The same key is the same fact in every state, so one answer
serves everywhere; where a state means something narrower by its word it has a key of its own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from tocsin.errors import NotFound


class Needs(StrEnum):
    """How many parts of a group must be met."""

    ALL = "all"
    ANY = "any"


class FormField(StrEnum):
    """A fact that a request for an alert may carry."""

    AGENCY = "agency"
    OFFICIAL = "official"
    DESK_NUMBER = "desk_number"
    CASE_NUMBER = "case_number"
    HAPPENED_AT = "happened_at"
    PLACE = "place"
    CIRCUMSTANCES = "circumstances"
    THREAT_WORDS = "threat_words"
    OFFICER_CONDITION = "officer_condition"
    LAST_SEEN = "last_seen"
    SUSPECT = "suspect"
    VEHICLE = "vehicle"
    PLATE = "plate"
    DIRECTION = "direction"
    WEAPONS = "weapons"
    PHOTOGRAPHS = "photographs"
    PUBLIC_CONTACT = "public_contact"
    MEDIA_CONTACT = "media_contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fact that a person is asked for, in plain words.

    Attributes:
        key: the same in every jurisdiction that asks for this fact.
        text: the question; yes is what a rule needs.
        yes: the answer yes as a clause, such as `an officer was killed in the line of duty`.
        no: the answer no as a clause.
    """

    key: str
    text: str
    yes: str
    no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence of a rule with its source.

    Attributes:
        text: the sentence.
        source: law, rule or page that says so, as it is cited.
        is_verified: whether that source was read; False is shown as `verify`.
    """

    text: str
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A question as one jurisdiction asks it.

    Attributes:
        question: the fact.
        meaning: what this jurisdiction means by it; empty where its words say it all.
        source: law, rule or page that asks it.
        is_verified: whether that source was read; False is shown as `verify`.
    """

    question: Question
    meaning: str
    source: str
    is_verified: bool

    @property
    def key(self) -> str:
        """The key of the fact."""
        return self.question.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Parts of which all are needed, or any one.

    Attributes:
        needs: all or any.
        parts: criteria and further groups, in the order of the rule; at least one.
    """

    needs: Needs
    parts: tuple["Criterion | Group", ...]

    def criteria(self) -> Iterator[Criterion]:
        """Every criterion in it, in the order of the rule."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.criteria()
            else:
                yield part


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """The Blue Alert rule of a state, or the federal one.

    Attributes:
        key: such as `north-carolina`.
        name: as it is shown.
        law: what the rule rests on.
        requested_by: who asks for an alert.
        issued_by: who decides and issues; never Tocsin.
        steps: how it is asked for, in order.
        ends: how it ends.
        rule: what must be so; the outermost group needs all.
        fields: facts of the request with their labels, in order.
        notes: what else its reader should know.
    """

    key: str
    name: str
    law: Line
    requested_by: Line
    issued_by: Line
    steps: tuple[Line, ...]
    ends: tuple[Line, ...]
    rule: Group
    fields: tuple[tuple[FormField, str], ...]
    notes: tuple[Line, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion, in the order of the rule; each key once."""
        return tuple(self.rule.criteria())

    @property
    def lines(self) -> tuple[Line, ...]:
        """Everything that it says beside its criteria."""
        head = (self.law, self.requested_by, self.issued_by)
        return (*head, *self.steps, *self.ends, *self.notes)

    def criterion(self, key: str) -> Criterion:
        """The criterion with this key.

        Raises:
            NotFound: this rule does not ask it.
        """
        for one in self.criteria:
            if one.key == key:
                return one
        raise NotFound(
            f"The Blue Alert rule of {self.name} does not ask {key!r}.",
            way_out="Choose one of the questions on its card.",
        )
