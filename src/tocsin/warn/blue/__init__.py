"""Blue Alert: what a jurisdiction's rule says to people's answers, and a request filled in.

Comes in: the rule files in `rules/` and the answers of named people. Goes out: a `Card` for each
jurisdiction (eligible, not eligible, cannot be said yet) with what fails, what is open and what
would change it, and a request form. Nothing is issued, nothing is sent, and no question is ever
answered by the machine. What can go wrong: a rule file that does not fit (`SetupError`), a person
without the right (`NotAllowed`), an answer without a reason (`MissingReason`).
"""

from tocsin.warn.blue.answers import Answered, answer_question
from tocsin.warn.blue.card import Asked, Card, Hint, Outcome, State, card_of
from tocsin.warn.blue.change import changed
from tocsin.warn.blue.form import Form, FormLine, form_of
from tocsin.warn.blue.hints import hints_of
from tocsin.warn.blue.jurisdiction import (
    Criterion,
    FormField,
    Group,
    Jurisdiction,
    Line,
    Needs,
    Question,
)
from tocsin.warn.blue.reading import jurisdiction, jurisdictions, questions, read_rules
from tocsin.warn.blue.saying import (
    VERIFY,
    answers_sentence,
    changes_of,
    fails_of,
    headline_of,
    open_of,
    rests_of,
)

__all__ = [
    "VERIFY",
    "Answered",
    "Asked",
    "Card",
    "Criterion",
    "Form",
    "FormField",
    "FormLine",
    "Group",
    "Hint",
    "Jurisdiction",
    "Line",
    "Needs",
    "Outcome",
    "Question",
    "State",
    "answer_question",
    "answers_sentence",
    "card_of",
    "changed",
    "changes_of",
    "fails_of",
    "form_of",
    "headline_of",
    "hints_of",
    "jurisdiction",
    "jurisdictions",
    "open_of",
    "questions",
    "read_rules",
    "rests_of",
]
