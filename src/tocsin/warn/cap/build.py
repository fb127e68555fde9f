"""CAP 1.2 of a bulletin: for agencies (scope Restricted) or for named addresses (Private).

Nothing here is for the public: its words are the bulletin's, and those may quote the caller.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from tocsin.errors import OutOfTurn
from tocsin.warn.bulletin import Bulletin, BulletinKind
from tocsin.warn.cap.ground import CapArea
from tocsin.warn.cap.message import CapReference, write_addresses
from tocsin.warn.cap.written import (
    add,
    add_areas,
    add_references,
    add_some,
    cap_time,
    new_alert,
    require_names,
    to_bytes,
)

RESTRICTION = "For law enforcement, fire and dispatch agencies only. Not for public release."
CATEGORY = "Security"
EVENTS = {"en-US": "Threat against persons", "es-US": "Amenaza contra personas"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanishText:
    """A bulletin's words in Spanish, as a person wrote them; they stand beside the English ones."""

    headline: str
    description: str
    instruction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapAudience:
    """For whom a bulletin's message is, and in which languages.

    Attributes:
        addresses: of those it is for; empty for every agency, which makes its scope Restricted.
        spanish: its words in Spanish, where somebody has written them.
    """

    addresses: tuple[str, ...] = ()
    spanish: SpanishText | None = None


EVERY_AGENCY = CapAudience()


def build_cap(
    bulletin: Bulletin,
    *,
    sender: str,
    areas: Sequence[CapArea],
    references: Sequence[CapReference] = (),
    audience: CapAudience = EVERY_AGENCY,
) -> bytes:
    """The message's bytes, UTF-8; they are kept and served as they are, never written anew.

    Raises:
        OutOfTurn: an update or cancel that refers to nothing, a sender CAP does not allow, or an
            address with a quote in it.
    """
    kind = type_of(bulletin)
    if kind != "Alert" and not references:
        raise OutOfTurn(f"A CAP {kind} must refer to an earlier message.")
    identifier = cap_identifier(bulletin)
    require_names(sender, identifier)
    alert = new_alert()
    add(alert, "identifier", identifier)
    add(alert, "sender", sender)
    add(alert, "sent", cap_time(bulletin.released_at, bulletin.zone))
    add(alert, "status", "Exercise" if bulletin.is_exercise else "Actual")
    add(alert, "msgType", kind)
    _add_scope(alert, audience.addresses)
    add_some(alert, ("note", bulletin.content.change))
    add_references(alert, references)
    _add_english(alert, bulletin, areas)
    if audience.spanish:
        _add_spanish(alert, bulletin, areas, audience.spanish)
    return to_bytes(alert)


def type_of(bulletin: Bulletin) -> str:
    """CAP's word for what the version does; a correction is an update that asks nothing anew."""
    types = {BulletinKind.ALERT: "Alert", BulletinKind.CANCEL: "Cancel"}
    return types.get(bulletin.kind, "Update")


def cap_identifier(bulletin: Bulletin) -> str:
    """The identifier of one version."""
    return f"{bulletin.number}.{bulletin.version}"


def _add_scope(alert: etree._Element, addresses: tuple[str, ...]) -> None:
    if not addresses:
        add(alert, "scope", "Restricted")
        add(alert, "restriction", RESTRICTION)
        return
    for one in addresses:
        if not one.strip() or '"' in one:
            raise OutOfTurn(
                f"CAP has no way to write the address {one!r}.",
                way_out="Write it without double quotes.",
            )
    add(alert, "scope", "Private")
    add(alert, "addresses", write_addresses(addresses))


def _add_english(alert: etree._Element, bulletin: Bulletin, areas: Sequence[CapArea]) -> None:
    content = bulletin.content
    info = _start_info(alert, bulletin, "en-US")
    add(info, "headline", content.safety_line)
    add(info, "description", _description(bulletin))
    add_some(info, ("instruction", content.advice))
    add_areas(info, areas, otherwise=f"All agencies served by {bulletin.center}")


def _add_spanish(
    alert: etree._Element, bulletin: Bulletin, areas: Sequence[CapArea], spanish: SpanishText
) -> None:
    info = _start_info(alert, bulletin, "es-US")
    add(info, "headline", spanish.headline)
    add(info, "description", spanish.description)
    add_some(info, ("instruction", spanish.instruction))
    add_areas(info, areas, otherwise=f"Todas las agencias atendidas por {bulletin.center}")


def _start_info(alert: etree._Element, bulletin: Bulletin, language: str) -> etree._Element:
    info = add(alert, "info")
    add(info, "language", language)
    add(info, "category", CATEGORY)
    add(info, "event", EVENTS[language])
    # A cancelled warning is not an all-clear: why it was cancelled is in the note.
    if bulletin.kind is not BulletinKind.CANCEL:
        add(info, "responseType", "Prepare")
    # How soon, and how likely, only a person may say; how grave it would be follows from the words.
    add(info, "urgency", "Unknown")
    add(info, "severity", "Severe")
    add(info, "certainty", "Unknown")
    add(info, "effective", cap_time(bulletin.released_at, bulletin.zone))
    add(info, "expires", cap_time(bulletin.expires_at, bulletin.zone))
    add(info, "senderName", bulletin.center)
    return info


def _description(bulletin: Bulletin) -> str:
    content = bulletin.content
    parts = [
        f'Said: "{content.said}"' if content.said else "",
        "Not known: " + " ".join(content.not_known) if content.not_known else "",
        content.assessed,
    ]
    return "\n".join(part for part in parts if part)
