"""How an alert is put on paper: elements in the order the schema demands, times as CAP has them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from tocsin.errors import OutOfTurn
from tocsin.warn.cap.ground import CapArea, write_ring
from tocsin.warn.cap.message import FORBIDDEN, NAMESPACE, CapReference


def new_alert() -> etree._Element:
    """An alert with nothing in it."""
    # lxml writes the prefix None as the default namespace; its stubs know text alone.
    return etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]


def add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    """A new last element inside, with this text as far as XML can write it."""
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text:
        element.text = printable(text)
    return element


def add_some(parent: etree._Element, *fields: tuple[str, str]) -> None:
    """A new element for each field that has a text."""
    for name, text in fields:
        if text.strip():
            add(parent, name, text)


def add_pair(parent: etree._Element, name: str, value_name: str, value: str) -> None:
    """An event code, parameter or geocode."""
    pair = add(parent, name)
    add(pair, "valueName", value_name)
    add(pair, "value", value)


def add_references(alert: etree._Element, references: Iterable[CapReference]) -> None:
    """The earlier messages, by the exact strings they carried."""
    text = " ".join(str(one) for one in references)
    if text:
        add(alert, "references", text)


def add_areas(info: etree._Element, areas: Sequence[CapArea], *, otherwise: str) -> None:
    """The ground, or one area of that name alone where none is named."""
    for area in areas or (CapArea(name=otherwise, rings=()),):
        element = add(info, "area")
        add(element, "areaDesc", area.name)
        for ring in area.rings:
            # CAP writes latitude first; GeoJSON longitude.
            add(element, "polygon", write_ring(ring))
        for county in area.counties:
            add_pair(element, "geocode", "SAME", county)


def to_bytes(alert: etree._Element) -> bytes:
    """The alert as UTF-8; these bytes are kept and served as they are, never written anew."""
    return bytes(etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def require_names(sender: str, identifier: str) -> None:
    """Return when CAP allows both names.

    Raises:
        OutOfTurn: one is empty or holds a character that CAP bars from it.
    """
    for name in (sender, identifier):
        if not name or set(name) & FORBIDDEN:
            raise OutOfTurn(
                f"CAP does not allow {name!r} as sender or identifier.",
                way_out="Set TOCSIN_CAP_SENDER without space, comma, '<' or '&'.",
            )


def cap_time(moment: datetime, zone: str) -> str:
    """A moment as CAP writes it: local time, whole seconds, the offset; `-00:00` for UTC."""
    text = moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text


def printable(text: str) -> str:
    """The text without the characters that XML 1.0 has no way to write."""
    return "".join(c for c in text if c in "\t\n\r" or _is_written(ord(c)))


def _is_written(number: int) -> bool:
    return number >= 0x20 and not 0xD800 <= number <= 0xDFFF and number not in {0xFFFE, 0xFFFF}
