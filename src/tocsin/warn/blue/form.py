"""The request for an alert, filled in with what the record holds, as text for copying."""

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.warn.blue.jurisdiction import FormField, Jurisdiction, Line
from tocsin.warn.blue.saying import marked

HEADER = "Prepared by Tocsin; an authorised agency issues. Not issued."
EXERCISE = "EXERCISE - THIS IS NOT A REAL REQUEST"
BLANK = "____________ (not known)"
"""Stands where the record holds nothing: a person fills it in, nothing is guessed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """One fact of the request; `value` is empty where it is not known."""

    label: str
    value: str

    @property
    def is_blank(self) -> bool:
        """Whether a person has to fill it in."""
        return not self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A request that a person completes and sends; Tocsin sends it to nobody.

    Attributes:
        jurisdiction: to whose rule it belongs.
        lines: its facts, in the order of the rule file.
        is_exercise: True for a demonstration or drill; its text says so.
    """

    jurisdiction: Jurisdiction
    lines: tuple[FormLine, ...]
    is_exercise: bool

    @property
    def text(self) -> str:
        """The request, for copying."""
        one = self.jurisdiction
        head = [EXERCISE] if self.is_exercise else []
        head += [
            HEADER,
            "These are the facts that the rule asks for; the issuer's own form comes first.",
            "",
            f"BLUE ALERT REQUEST: {one.name}",
            f"Law: {_said(one.law)}",
            f"Requested by: {_said(one.requested_by)}",
            f"Issued by: {_said(one.issued_by)}",
            "",
        ]
        facts = [f"{line.label}: {_indented(line.value or BLANK)}" for line in self.lines]
        steps = [f"{at}. {_said(line)}" for at, line in enumerate(one.steps, start=1)]
        ends = [f"- {_said(line)}" for line in one.ends]
        return "\n".join([*head, *facts, "", "HOW TO ASK FOR IT", *steps, "", "HOW IT ENDS", *ends])


def form_of(
    jurisdiction: Jurisdiction, facts: Mapping[FormField, str], *, is_exercise: bool
) -> Form:
    """The request with the facts that are known; the others are blank."""
    return Form(
        jurisdiction=jurisdiction,
        lines=tuple(
            FormLine(label=label, value=facts.get(field, "").strip())
            for field, label in jurisdiction.fields
        ),
        is_exercise=is_exercise,
    )


def _said(line: Line) -> str:
    return marked(line.text, is_verified=line.is_verified)


def _indented(value: str) -> str:
    """Further lines stand under the first, so that no value can look like a line of the form."""
    return "\n    ".join(value.splitlines())
