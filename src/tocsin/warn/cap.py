"""CAP 1.2 of a bulletin: scope Restricted, in the order the schema demands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from tocsin.errors import OutOfTurn
from tocsin.warn.bulletin import Bulletin, BulletinKind

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
RESTRICTION = "For law enforcement, fire and dispatch agencies only. Not for public release."

_TYPES = {
    BulletinKind.ALERT: "Alert",
    BulletinKind.UPDATE: "Update",
    BulletinKind.CANCEL: "Cancel",
}
_FORBIDDEN = frozenset(" ,<&\t\n")
"""Characters that CAP bars from identifiers and senders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapArea:
    """Ground as CAP says it.

    Attributes:
        name: as people call it.
        rings: outer rings of (longitude, latitude) pairs in degrees, first pair equal to the last,
            as GeoJSON has them.
    """

    name: str
    rings: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapReference:
    """An earlier message, by the exact strings it carried."""

    sender: str
    identifier: str
    sent: str


def build_cap(
    bulletin: Bulletin,
    *,
    sender: str,
    areas: Sequence[CapArea],
    references: Sequence[CapReference] = (),
) -> bytes:
    """The message's bytes, UTF-8; they are kept and served as they are, never written anew.

    Raises:
        OutOfTurn: an update or cancel that refers to nothing, or a sender CAP does not allow.
    """
    if bulletin.kind is not BulletinKind.ALERT and not references:
        raise OutOfTurn(f"A CAP {_TYPES[bulletin.kind]} must refer to an earlier message.")
    identifier = cap_identifier(bulletin)
    for name in (sender, identifier):
        if not name or set(name) & _FORBIDDEN:
            raise OutOfTurn(
                f"CAP does not allow {name!r} as sender or identifier.",
                way_out="Set TOCSIN_CAP_SENDER without space, comma, '<' or '&'.",
            )
    # lxml writes the prefix None as the default namespace; its stubs know text alone.
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    _add(alert, "identifier", identifier)
    _add(alert, "sender", sender)
    _add(alert, "sent", cap_time(bulletin.released_at, bulletin.zone))
    _add(alert, "status", "Exercise" if bulletin.is_exercise else "Actual")
    _add(alert, "msgType", _TYPES[bulletin.kind])
    _add(alert, "scope", "Restricted")
    _add(alert, "restriction", RESTRICTION)
    if bulletin.content.change:
        _add(alert, "note", bulletin.content.change)
    if references:
        triples = (f"{one.sender},{one.identifier},{one.sent}" for one in references)
        _add(alert, "references", " ".join(triples))
    _add_info(alert, bulletin, areas)
    return bytes(etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def reference_to(message: bytes) -> CapReference:
    """How a later message refers to this one: by the exact strings it carries."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    alert = etree.fromstring(message, parser)
    sender, identifier, sent = (
        alert.findtext(f"{{{NAMESPACE}}}{name}") or "" for name in ("sender", "identifier", "sent")
    )
    return CapReference(sender=sender, identifier=identifier, sent=sent)


def cap_identifier(bulletin: Bulletin) -> str:
    """The identifier of one version."""
    return f"{bulletin.number}.{bulletin.version}"


def cap_time(moment: datetime, zone: str) -> str:
    """A moment as CAP writes it: local time, whole seconds, the offset; `-00:00` for UTC."""
    text = moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text


def _add_info(alert: etree._Element, bulletin: Bulletin, areas: Sequence[CapArea]) -> None:
    content = bulletin.content
    info = _add(alert, "info")
    _add(info, "language", "en-US")
    _add(info, "category", "Security")
    _add(info, "event", "Threat against persons")
    # A cancelled warning is not an all-clear: why it was cancelled is in the note.
    if bulletin.kind is not BulletinKind.CANCEL:
        _add(info, "responseType", "Prepare")
    # How soon, and how likely, only a person may say; how grave it would be follows from the words.
    _add(info, "urgency", "Unknown")
    _add(info, "severity", "Severe")
    _add(info, "certainty", "Unknown")
    _add(info, "effective", cap_time(bulletin.released_at, bulletin.zone))
    _add(info, "expires", cap_time(bulletin.expires_at, bulletin.zone))
    _add(info, "senderName", bulletin.center)
    _add(info, "headline", content.safety_line)
    _add(info, "description", _description(bulletin))
    if content.advice:
        _add(info, "instruction", content.advice)
    for area in areas:
        _add_area(info, area)
    if not areas:
        _add(_add(info, "area"), "areaDesc", f"All agencies served by {bulletin.center}")


def _description(bulletin: Bulletin) -> str:
    content = bulletin.content
    parts = [
        f'Said: "{content.said}"' if content.said else "",
        "Not known: " + " ".join(content.not_known) if content.not_known else "",
        content.assessed,
    ]
    return "\n".join(part for part in parts if part)


def _add_area(info: etree._Element, area: CapArea) -> None:
    element = _add(info, "area")
    _add(element, "areaDesc", area.name)
    for ring in area.rings:
        # CAP writes latitude first; GeoJSON longitude.
        _add(element, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in ring))


def _add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    if text:
        element.text = _printable(text)
    return element


def _printable(text: str) -> str:
    """The text without the control characters that XML 1.0 has no way to write."""
    return "".join(c for c in text if c in "\t\n\r" or (ord(c) >= 32 and c not in "\ufffe\uffff"))
