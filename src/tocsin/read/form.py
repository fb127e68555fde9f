"""Names how an own threat is put, by the rules of the FBI's terms, in their order."""

from collections.abc import Iterable

from tocsin.read.passage import Mention
from tocsin.read.statement import Evidence, Field, Form

_NAMED = (
    "own_will",
    "own_doing",
    "own_bare",
    "unsaid_will",
    "fate_will",
    "fate_doomed",
    "bomb_claim",
)
_VAGUE = ("own_may", "own_wants", "someone_", "unsaid_may", "unsaid_wants", "fate_may")
_DEPENDS = ("condition_clause", "condition_deed")


def form(evidence: Iterable[Evidence], conditions: Iterable[Mention]) -> Form:
    """The form of the threat that the evidence of its window and the conditions near it show."""
    rules = {term.rule for term in evidence}
    has_named = any(rule.startswith(_NAMED) for rule in rules)
    has_vague = any(rule.startswith(_VAGUE) for rule in rules)
    # 1. veiled: no violent act by anyone is named
    if not has_named and not has_vague:
        return Form.VEILED
    # 2. indirect: an act is named, but doer, plan or intent is left open
    if has_vague and not has_named:
        return Form.INDIRECT
    # 3. conditional: the act will follow if something happens or is not done
    if any(_depends(mention) for mention in conditions):
        return Form.CONDITIONAL
    # 4. direct: a named act against a stated target, put plainly
    return Form.DIRECT


def _depends(mention: Mention) -> bool:
    return mention.field is Field.CONDITION and mention.rule in _DEPENDS
