"""What the calling number is: a telephone number, or the marks of a 911-only phone."""

import re
from dataclasses import dataclass

_DIGITS = re.compile(r"\D+")
_PSEUDO = re.compile(r"\d{3}[25]11\d{4}")
"""Routing numbers (pANI, ESRK, ESQK) shown where a call-back number is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerNumber:
    """A calling number, understood.

    Attributes:
        text: as it arrived, for showing; empty where there was none.
        is_911_only: the phone has no service: the number cannot be called, texted or looked up.
        handset: the seven digits of the handset's own number, a lead to other calls of the same
            phone; empty where there are none.
        can_call_back: True only for what may be a telephone number.
        sentence: what a call taker should know of it.
    """

    text: str
    is_911_only: bool
    handset: str
    can_call_back: bool
    sentence: str


def recognise_number(text: str) -> CallerNumber:
    """Understand a calling number.

    A phone without service sends 911 and the seven least significant digits of its serial number
    (47 CFR 9.10(o)), or 123-456-7890 by the older rule.
    """
    digits = _DIGITS.sub("", text)
    if len(digits) == 11 and digits.startswith("1"):
        digits = digits[1:]
    if len(digits) == 10 and digits.startswith("911"):
        return _service_less(text, handset=digits[3:])
    if digits == "1234567890":
        return _service_less(text, handset="")
    if _PSEUDO.fullmatch(digits):
        return _no_call_back(text, "A routing number of the network, not the caller's.")
    if not 7 <= len(digits) <= 15:
        sentence = "No number arrived." if not digits else "Not a whole telephone number."
        return _no_call_back(text, sentence)
    return CallerNumber(
        text=text, is_911_only=False, handset="", can_call_back=True, sentence="Can be called back."
    )


def _service_less(text: str, *, handset: str) -> CallerNumber:
    lead = (
        f" The digits {handset} come from the handset itself: other calls that show them are "
        "normally from the same phone."
        if handset
        else ""
    )
    return CallerNumber(
        text=text,
        is_911_only=True,
        handset=handset,
        can_call_back=False,
        sentence="A 911-only phone: it cannot be called back; only the carrier can trace it."
        + lead,
    )


def _no_call_back(text: str, sentence: str) -> CallerNumber:
    return CallerNumber(
        text=text, is_911_only=False, handset="", can_call_back=False, sentence=sentence
    )
