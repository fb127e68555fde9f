"""XML from outside, read so that it can do no harm: bounded, and without a document type.

A document type can define entities, and those can grow without end or name files of this machine.
CAP, Atom, RSS and EDXL-DE need none, so a document that has one is refused before it is read.
"""

import re

from lxml import etree

from tocsin.errors import BadAlert, TooLarge

MOST_BYTES = 8 * 1024 * 1024
DEEPEST = 40
MOST_ELEMENTS = 200_000

_ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "windows-1252"})
"""Encodings in which `<!DOCTYPE` has the bytes of ASCII."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}[\"']([A-Za-z0-9._-]{1,40})")
_BYTE_ORDER = b"\xef\xbb\xbf"
_SPACE = re.compile(rb"[ \t\r\n]*")
_ASIDES = ((b"<!--", b"-->"), (b"<?", b"?>"))


def read_tree(content: bytes, *, limit: int = MOST_BYTES) -> etree._Element:
    """The root of a document that is safe to walk through.

    Raises:
        TooLarge: more bytes than `limit`.
        BadAlert: no XML, a document type or entity, or more depth or elements than any alert has.
    """
    if len(content) > limit:
        raise TooLarge(
            f"The message has {len(content)} bytes; at most {limit} are read.",
            way_out="Ask its sender for a smaller one.",
        )
    _require_plain_prolog(content)
    try:
        root = etree.fromstring(content, _parser())
    except etree.XMLSyntaxError as error:
        raise BadAlert(
            f"Line {error.lineno or 1}: this is not well-formed XML ({error.msg}).",
            way_out="Ask its sender for the message as it was sent.",
        ) from error
    _require_bounds(root)
    return root


def name_of(element: etree._Element) -> str:
    """The element's name without its namespace."""
    return str(etree.QName(element).localname)


def namespace_of(element: etree._Element) -> str:
    """The element's namespace; empty where it has none."""
    return str(etree.QName(element).namespace or "")


def line_of(element: etree._Element) -> int:
    """The line on which the element begins, counted from 1."""
    line: object = element.sourceline  # its stubs leave the type open
    return line if isinstance(line, int) else 1


def children_of(element: etree._Element) -> list[etree._Element]:
    """The elements directly inside, without comments and processing instructions."""
    return [child for child in element if type(child.tag) is str]


def text_of(element: etree._Element) -> str:
    """The text of an element that holds text alone, across comments."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )


def _require_plain_prolog(content: bytes) -> None:
    start = content.removeprefix(_BYTE_ORDER).lstrip(b" \t\r\n")
    if not start.startswith(b"<"):
        raise BadAlert(
            "Line 1: the message does not begin as XML in UTF-8 does.",
            way_out="Ask its sender for CAP in UTF-8.",
        )
    declared = _DECLARED.match(start)
    encoding = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    if encoding not in _ENCODINGS:
        raise BadAlert(
            f"Line 1: the encoding {encoding!r} is not read.",
            way_out="Ask its sender for CAP in UTF-8.",
        )
    at = _skip_prolog(start)
    if start[at : at + 2] == b"<!":
        line = content[: len(content) - len(start) + at].count(b"\n") + 1
        raise BadAlert(
            f"Line {line}: the message has a document type, which may hide anything.",
            way_out="Ask its sender for CAP without one.",
        )


def _skip_prolog(start: bytes) -> int:
    """Where the first thing stands that is no space, comment or processing instruction."""
    at = 0
    while True:
        at = _after_space(start, at)
        closing = next((end for sign, end in _ASIDES if start.startswith(sign, at)), b"")
        if not closing:
            return at
        end = start.find(closing, at + 2)
        if end < 0:
            return len(start)
        at = end + len(closing)


def _after_space(start: bytes, at: int) -> int:
    space = _SPACE.match(start, at)
    return space.end() if space else at


def _require_bounds(root: etree._Element) -> None:
    document = root.getroottree().docinfo
    if document.internalDTD is not None or document.externalDTD is not None:
        raise BadAlert("The message has a document type, which may hide anything.")
    for entity in root.iter(etree.Entity):
        raise BadAlert(f"Line {line_of(entity)}: the message has an entity of its own.")
    depth = count = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > DEEPEST:
            raise BadAlert(f"Line {line_of(element)}: elements lie more than {DEEPEST} deep.")
        if count > MOST_ELEMENTS:
            raise TooLarge(f"The message has more than {MOST_ELEMENTS} elements.")
