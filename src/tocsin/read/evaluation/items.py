"""A labelled text, and the same with what the reader made of it."""

from dataclasses import dataclass

from tocsin.read.statement import Field, Form, Kind, SpeechAct, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Words that a person marked: characters `start` to `end`, exclusive."""

    field: Field
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One text with what a person says of it.

    Attributes:
        id: its name in the file.
        kind: where it comes from.
        text: the text.
        speech_act: what its speaker does.
        form: how an own threat is put; NONE for anything else, and where nobody said.
        targets_police: whether the violence is aimed at police or call takers.
        marks: the words that say so.
    """

    id: str
    kind: Kind
    text: str
    speech_act: SpeechAct
    form: Form
    targets_police: bool
    marks: tuple[Mark, ...]

    @property
    def is_threat(self) -> bool:
        """Whether the label says that the caller himself threatens."""
        return self.speech_act is SpeechAct.OWN_THREAT


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A labelled text and the statement that the reader made of it."""

    item: Item
    statement: Statement
