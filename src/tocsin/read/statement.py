"""What a text says of a threat, each claim tied to its characters and, when heard, its seconds."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Where a text comes from: it decides which marks and habits of writing to expect."""

    ASR = "asr"
    TRANSCRIPT = "transcript"
    NOTE = "note"


class SpeechAct(StrEnum):
    """What the speaker does with the violent words."""

    OWN_THREAT = "own_threat"
    THIRD_PARTY_REPORT = "third_party_report"
    VICTIM_EVENT = "victim_event"
    QUOTE_MEDIA = "quote_media"
    HYPERBOLE = "hyperbole"
    RETRACTION = "retraction"
    SELF_HARM = "self_harm"
    HYPOTHETICAL_FEAR = "hypothetical_fear"
    OFFICER_NOTICE = "officer_notice"
    OTHER = "other"


class Form(StrEnum):
    """How an own threat is put, in the FBI's terms (O'Toole): a description, not a rank."""

    DIRECT = "direct"
    CONDITIONAL = "conditional"
    VEILED = "veiled"
    INDIRECT = "indirect"
    NONE = "none"


class Level(StrEnum):
    """Two operating points: shown for review, or raised on the board."""

    NONE = "none"
    SUGGEST = "suggest"
    FLAG = "flag"


class Field(StrEnum):
    """What a span of text says."""

    HARM = "harm"
    TARGET = "target"
    CONDITION = "condition"
    PLACE = "place"
    TIME = "time"
    MEANS = "means"
    GRIEVANCE = "grievance"
    GROUP = "group"
    COMMITMENT = "commitment"
    ATTRIBUTION = "attribution"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words that say one thing.

    Attributes:
        field: what they say.
        start: index of the first character in the untouched text.
        end: index after the last.
        text: `text[start:end]`.
        normalised: the same in a fixed form: a place's key in the gazetteer, a time in RFC 3339,
            a kind of target, with the agency's key behind it where one is named; empty where
            there is none.
        rule: the rule that found it.
        start_at: seconds in the recording, None for a typed text.
        end_at: seconds.
    """

    field: Field
    start: int
    end: int
    text: str
    normalised: str = ""
    rule: str = ""
    start_at: float | None = None
    end_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One term of the score: the rule, the characters it rests on, and its weight."""

    rule: str
    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A reading of one text.

    Attributes:
        kind: where the text comes from.
        speech_act: what the speaker does.
        form: how an own threat is put; NONE for anything else.
        score: log-odds; the sum of the weights of `evidence` of the window that scored highest.
        level: which operating point the score reaches.
        review: True where a person should read it whatever the score: a reported threat, a
            retraction, harm to the speaker himself.
        spans: in order of their start.
        evidence: what the score is the sum of.
        not_said: fields of which the text says nothing, such as `time` or `means`.
    """

    kind: Kind
    speech_act: SpeechAct
    form: Form
    score: float
    level: Level
    review: bool
    spans: tuple[Span, ...]
    evidence: tuple[Evidence, ...]
    not_said: tuple[Field, ...]

    @property
    def is_own_threat(self) -> bool:
        """Whether the speaker, or a group he counts himself in, threatens."""
        return self.speech_act is SpeechAct.OWN_THREAT

    def of(self, field: Field) -> tuple[Span, ...]:
        """The spans of one field, in order."""
        return tuple(span for span in self.spans if span.field is field)
