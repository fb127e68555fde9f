"""The form of an alert: which elements stand where, how often, and what each may hold.

The same as the schema of CAP 1.2 (CAP-v1.2.xsd: a sequence, so the order matters), written as a
table so that a refusal can say which line is wrong and what should stand there. The schema of
CAP 1.1 differs in what `_leaf_of` and `_fields_of` say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from tocsin.errors import BadAlert
from tocsin.warn.cap.message import NAMESPACE, OLDER, SIGNATURE, read_time
from tocsin.warn.cap.tree import children_of, line_of, name_of, namespace_of, text_of

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldForm:
    """One element: its name, how often it stands there, and what it holds."""

    name: str
    least: int
    most: int | None
    holds: str


STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
MESSAGE_TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    *("Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport"),
    *("Infra", "CBRNE", "Other"),
)
RESPONSES = (
    *("Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear"),
    "None",
)
URGENCIES = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITIES = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTIES = ("Observed", "Likely", "Possible", "Unlikely", "Unknown")

_CHOICES = {
    "status": STATUSES,
    "msgType": MESSAGE_TYPES,
    "scope": SCOPES,
    "category": CATEGORIES,
    "responseType": RESPONSES,
    "urgency": URGENCIES,
    "severity": SEVERITIES,
    "certainty": CERTAINTIES,
}
_NEWER_RESPONSES = frozenset({"Avoid", "AllClear"})
"""Not yet in CAP 1.1."""

_TABLE = """
alert: identifier sender sent=time status=choice msgType=choice source? scope=choice restriction?
    addresses? code* note? references? incidents? info*=info
info: language?=language category+=choice event responseType*=choice urgency=choice severity=choice
    certainty=choice audience? eventCode*=pair effective?=time onset?=time expires?=time senderName?
    headline? description? instruction? web?=address contact? parameter*=pair resource*=resource
    area*=area
pair: valueName value
resource: resourceDesc mimeType size?=integer uri?=address derefUri? digest?
area: areaDesc polygon* circle* geocode*=pair altitude?=decimal ceiling?=decimal
"""
_COUNTS: dict[str, tuple[int, int | None]] = {"?": (0, 1), "*": (0, None), "+": (1, None)}


def _read_table(table: str) -> dict[str, tuple[FieldForm, ...]]:
    forms: dict[str, tuple[FieldForm, ...]] = {}
    for row in re.split(r"\n(?=\w)", table.strip()):
        name, _, fields = row.partition(":")
        forms[name] = tuple(_read_field(word) for word in fields.split())
    return forms


def _read_field(word: str) -> FieldForm:
    name, _, holds = word.partition("=")
    least, most = _COUNTS.get(name[-1], (1, 1))
    return FieldForm(name=name.rstrip("?*+"), least=least, most=most, holds=holds or "text")


FORMS = _read_table(_TABLE)


def require_form(alert: etree._Element) -> None:
    """Return when the alert has the form that its version of CAP demands.

    Raises:
        BadAlert: names the line, the element and what should stand there.
    """
    if name_of(alert) != "alert" or namespace_of(alert) not in {NAMESPACE, OLDER}:
        raise BadAlert(f"{_place(alert)} is no CAP alert.")
    _require_block(alert, "alert")


def is_language(text: str) -> bool:
    """The text has the form of a language, such as en-US."""
    return bool(re.fullmatch(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", text.strip(" \t\r\n")))


def _require_block(element: etree._Element, block: str) -> None:
    _require_bare(element)
    children = children_of(element)
    if block == "alert":
        children = _before_signatures(children)
    at = 0
    for form in _fields_of(element, block):
        count = 0
        while at < len(children) and _is_named(children[at], form.name, element):
            _require_holding(children[at], form)
            at, count = at + 1, count + 1
            if count == form.most:
                break
        if count < form.least:
            raise _missing(element, form.name, children[at] if at < len(children) else None)
    if at < len(children):
        raise BadAlert(
            f"{_place(children[at])} should not stand there: it is unknown, in the wrong order, "
            "or one too many.",
            way_out="CAP demands an order of its elements; ask the sender to keep it.",
        )


def _fields_of(element: etree._Element, block: str) -> tuple[FieldForm, ...]:
    fields = FORMS[block]
    if block == "resource" and namespace_of(element) == OLDER:
        return tuple(
            FieldForm(name=one.name, least=0, most=1, holds=one.holds)
            if one.name == "mimeType"
            else one
            for one in fields
        )
    return fields


def _before_signatures(children: list[etree._Element]) -> list[etree._Element]:
    """The children without the signatures at the end; anything after one of those stays."""
    end = len(children)
    while end and namespace_of(children[end - 1]) == SIGNATURE:
        end -= 1
    return children[:end]


def _is_named(child: etree._Element, name: str, parent: etree._Element) -> bool:
    return name_of(child) == name and namespace_of(child) == namespace_of(parent)


def _require_holding(element: etree._Element, form: FieldForm) -> None:
    if form.holds in FORMS:
        _require_block(element, form.holds)
        return
    if element.attrib or children_of(element):
        _require_no_attributes(element)
        raise BadAlert(f"{_place(children_of(element)[0])} stands where only text may.")
    text = text_of(element)
    if not _leaf_of(element, form.holds)(text):
        raise BadAlert(
            f"{_place(element)} holds {text.strip()[:60]!r}, which is not {_wanted(form)}.",
            way_out="Ask the sender to correct it.",
        )


def _leaf_of(element: etree._Element, holds: str) -> Check:
    if holds == "choice":
        allowed = set(_CHOICES[name_of(element)])
        if namespace_of(element) == OLDER:
            allowed -= _NEWER_RESPONSES
        return allowed.__contains__
    if holds == "decimal" and namespace_of(element) == OLDER:
        return _LEAVES["text"]
    return _LEAVES[holds]


def _require_bare(element: etree._Element) -> None:
    """An element that holds elements has no attributes and no words between them."""
    _require_no_attributes(element)
    between = (element.text or "") + "".join(child.tail or "" for child in element)
    if between.strip(" \t\r\n"):
        raise BadAlert(f"{_place(element)} has words that stand in no element.")


def _require_no_attributes(element: etree._Element) -> None:
    for name in element.attrib:
        if not str(name).startswith("{http://www.w3.org/2001/XMLSchema-instance}"):
            raise BadAlert(f"{_place(element)} has an attribute {str(name)[:60]!r}.")


def _missing(parent: etree._Element, name: str, found: etree._Element | None) -> BadAlert:
    instead = f"; {_place(found)} stands there instead" if found is not None else ""
    return BadAlert(
        f"{_place(parent)} has no <{name}> where one must stand{instead}.",
        way_out="Ask the sender to keep CAP's order and to leave nothing out.",
    )


def _place(element: etree._Element) -> str:
    return f"Line {line_of(element)}: <{name_of(element)[:60]}>"


def _wanted(form: FieldForm) -> str:
    if form.holds == "choice":
        return "one of " + ", ".join(_CHOICES[form.name])
    return _NAMES[form.holds]


_NAMES = {
    "text": "text",
    "time": "a time such as 2026-03-01T21:05:06-07:00",
    "language": "a language such as en-US",
    "integer": "a whole number",
    "decimal": "a number",
    "address": "an address",
}
_LEAVES: dict[str, Check] = {
    "text": lambda _: True,
    "time": lambda text: read_time(text) is not None,
    "language": is_language,
    "integer": lambda text: bool(re.fullmatch(r"[+-]?[0-9]{1,18}", text.strip(" \t\r\n"))),
    "decimal": lambda text: bool(
        re.fullmatch(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})", text.strip(" \t\r\n"))
    ),
    # Nothing here follows an address, so none is refused; whoever does follow one checks it then.
    "address": lambda _: True,
}
