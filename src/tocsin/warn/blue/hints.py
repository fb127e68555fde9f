"""What the record holds beside a question: shown there, and nothing more."""

from tocsin.assess import Standing
from tocsin.intake import CallerNumber
from tocsin.read import Field, Form, Statement
from tocsin.warn.blue.card import Hint
from tocsin.warn.draft import assessed_sentence

_THREAT = "imminent_threat"
_CONFIRMED = "agency_confirms_threat"
_SUSPECT = "suspect_description"
_WANTED = "suspect_wanted"

_NOT_SAID = {
    Field.TIME: "No time was said.",
    Field.PLACE: "No place was said.",
    Field.MEANS: "No weapon was named.",
}


def hints_of(
    statement: Statement | None, *, caller: CallerNumber, standing: Standing
) -> tuple[Hint, ...]:
    """Sentences for the questions on the threat and on the suspect.

    Args:
        statement: the reading of the call; None where nothing was read.
        caller: the calling number, understood.
        standing: what people have answered about the threat.
    """
    return (
        *_on_threat(statement),
        Hint(key=_THREAT, text=assessed_sentence(standing)),
        Hint(key=_CONFIRMED, text=assessed_sentence(standing)),
        *_on_suspect(caller),
    )


def _on_threat(statement: Statement | None) -> tuple[Hint, ...]:
    if statement is None:
        return (Hint(key=_THREAT, text="What was said is not yet read."),)
    told = [_NOT_SAID[field] for field in statement.not_said if field in _NOT_SAID]
    if statement.form is Form.CONDITIONAL:
        told.insert(0, "The words are put as a condition.")
    return tuple(Hint(key=_THREAT, text=text) for text in told)


def _on_suspect(caller: CallerNumber) -> tuple[Hint, ...]:
    """The number alone: no reading looks for a description, so its silence says nothing."""
    if caller.can_call_back:
        return ()
    text = f"The calling number names nobody. {caller.sentence}"
    return (Hint(key=_SUSPECT, text=text), Hint(key=_WANTED, text=text))
