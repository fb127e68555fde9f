"""What a CAP message says: its fields as they stood, and times that can be compared.

Source: CAP 1.2 (OASIS, 1 July 2010), 3.2. The order of the attributes is the order of the standard.
"""

import re
from dataclasses import dataclass
from datetime import datetime

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
OLDER = "urn:oasis:names:tc:emergency:cap:1.1"
OLDEST = frozenset({"http://www.incident.com/cap/1.0", "urn:oasis:names:tc:emergency:cap:1.0"})
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"

FORBIDDEN = frozenset(" ,<&\t\r\n")
"""Characters that CAP bars from identifiers and senders (3.2.1)."""

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapTime:
    """A moment, and the exact string that said it: references repeat the string."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CapReference:
    """An earlier message, by the exact strings it carried."""

    sender: str
    identifier: str
    sent: str

    def __str__(self) -> str:
        return f"{self.sender},{self.identifier},{self.sent}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedValue:
    """An event code, parameter or geocode: whose list it is from, and the value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceBlock:
    """A file that comes with the message.

    Attributes:
        size: bytes, as its sender says.
        content: base64 of the file itself, not decoded.
        digest: SHA-1 in hexadecimal, as its sender says.
    """

    description: str
    mime_type: str
    size: int | None
    address: str
    content: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaBlock:
    """Ground, as the message describes it.

    Attributes:
        polygons: `lat,lon lat,lon ...` in degrees; `tocsin.warn.cap.ground` reads them.
        circles: `lat,lon radius` in degrees and kilometres.
        altitude, ceiling: feet above mean sea level.
    """

    name: str
    polygons: tuple[str, ...]
    circles: tuple[str, ...]
    geocodes: tuple[NamedValue, ...]
    altitude: str
    ceiling: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoBlock:
    """What the message says about the event, in one language; `line` is where it begins."""

    line: int
    language: str
    categories: tuple[str, ...]
    event: str
    responses: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    audience: str
    event_codes: tuple[NamedValue, ...]
    effective: CapTime | None
    onset: CapTime | None
    expires: CapTime | None
    sender_name: str
    headline: str
    description: str
    instruction: str
    web: str
    contact: str
    parameters: tuple[NamedValue, ...]
    resources: tuple[ResourceBlock, ...]
    areas: tuple[AreaBlock, ...]

    def values(self, name: str) -> tuple[str, ...]:
        """Every value of the parameter with this name."""
        return tuple(one.value for one in self.parameters if one.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapMessage:
    """One alert, as it was read.

    Attributes:
        version: "1.2", or "1.1" for an older message.
        content: the bytes it was read from; the alert alone where it came inside something else.
        is_embedded: True where it came inside a feed or an envelope.
        addresses: each address by itself, without its quotes.
        references: the earlier messages that could be read out of `references_text`.
        is_signed: it carries a signature; whether that is good says `verify_cap`.
    """

    version: str
    content: bytes
    is_embedded: bool
    identifier: str
    sender: str
    sent: CapTime
    status: str
    msg_type: str
    source: str
    scope: str
    restriction: str
    addresses_text: str
    addresses: tuple[str, ...]
    codes: tuple[str, ...]
    note: str
    references_text: str
    references: tuple[CapReference, ...]
    incidents: str
    infos: tuple[InfoBlock, ...]
    is_signed: bool

    @property
    def reference(self) -> CapReference:
        """How a later message refers to this one: by the exact strings it carried."""
        return CapReference(sender=self.sender, identifier=self.identifier, sent=self.sent.text)

    @property
    def expires_at(self) -> datetime | None:
        """When the last of it is over; None where one part never says."""
        ends = [info.expires.at for info in self.infos if info.expires]
        return max(ends) if ends and len(ends) == len(self.infos) else None


def read_time(text: str) -> CapTime | None:
    """The moment that a text in CAP's own shape names; None for any other text."""
    trimmed = text.strip(" \t\r\n")
    if not _TIME.fullmatch(trimmed) or not -14 <= int(trimmed[-6:-3]) <= 14:
        return None
    try:
        return CapTime(text=trimmed, at=datetime.fromisoformat(trimmed))
    except ValueError:
        return None


def read_references(text: str) -> tuple[CapReference, ...]:
    """Every `sender,identifier,sent` of the text that has three parts; others are left out."""
    triples = (one.split(",") for one in text.split())
    return tuple(
        CapReference(sender=parts[0], identifier=parts[1], sent=parts[2])
        for parts in triples
        if len(parts) == 3 and all(parts)
    )


def read_addresses(text: str) -> tuple[str, ...]:
    """Each address by itself; one with spaces stands in double quotes (CAP 1.2, 3.2.1)."""
    return tuple(quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|([^\s"]+)', text))


def write_addresses(addresses: tuple[str, ...]) -> str:
    """The addresses as CAP lists them, quoted where they hold a space."""
    return " ".join(f'"{one}"' if " " in one else one for one in addresses)
