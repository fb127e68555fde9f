"""Assess: what a person must decide, who may, and what stands.

Comes in: answers that named people give, with their reasons. Goes out: an `Assessment` each, and
the `Standing` of a threat: two separate answers, specific and credible, with every difference
between assessors kept. What can go wrong: a person without the right, an answer without a reason.
No machine reading enters here: nothing but `assess` makes an assessment, and it takes a person.
"""

from tocsin.assess.assessment import (
    Answer,
    Assessment,
    Opinion,
    Question,
    Standing,
    assess,
    standing_of,
)
from tocsin.assess.rights import Act, Assessor, Role, may, require

__all__ = [
    "Act",
    "Answer",
    "Assessment",
    "Assessor",
    "Opinion",
    "Question",
    "Role",
    "Standing",
    "assess",
    "may",
    "require",
    "standing_of",
]
