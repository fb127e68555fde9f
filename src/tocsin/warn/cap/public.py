"""CAP 1.2 for the public, and for IPAWS: words of its own, chosen by a person, never the caller's.

Nothing of a bulletin comes in here. There is no event code, no channel and no class of alert
unless a person names it. A Blue Alert (BLU) has criteria that an anonymous caller seldom meets
(83 FR 2557), so it is never a default: whoever wants it writes it. What the message then lacks
says `check_cap`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from tocsin.errors import OutOfTurn
from tocsin.warn.bulletin import BulletinKind
from tocsin.warn.cap.form import (
    CATEGORIES,
    CERTAINTIES,
    RESPONSES,
    SEVERITIES,
    STATUSES,
    URGENCIES,
    is_language,
)
from tocsin.warn.cap.ground import CapArea
from tocsin.warn.cap.message import CapReference
from tocsin.warn.cap.written import (
    add,
    add_areas,
    add_pair,
    add_references,
    add_some,
    cap_time,
    new_alert,
    require_names,
    to_bytes,
)

IPAWS_CODE = "IPAWSv1.0"


class Handling(StrEnum):
    """The class of a Wireless Emergency Alert (47 CFR 10.400), as IPAWS writes it."""

    IMMINENT_THREAT = "Imminent Threat"
    PUBLIC_SAFETY = "Public Safety"
    TEST = "WEA Test"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicText:
    """What the public reads, in one language, as a person wrote it.

    Attributes:
        event: the kind of event in that language, such as "Law Enforcement Warning".
        short, long: what phones show (at most 90 and 360 septets); for IPAWS alone.
        language: such as en-US or es-US.
    """

    event: str
    headline: str
    description: str
    instruction: str = ""
    short: str = ""
    long: str = ""
    language: str = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a named person says of the event; CAP's own words (3.2.2)."""

    urgency: str
    severity: str
    certainty: str
    response: str
    category: str = "Safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicWarning:
    """One version of a warning to the public, with all that its message names.

    Attributes:
        identifier: unique among the sender's messages.
        kind: what it does to those before.
        status: Actual, Exercise, System, Test or Draft.
        texts: one for each language, the first the main one.
        judgement: how soon, how grave, how sure.
        released_at, expires_at: aware.
        zone: IANA name of the zone in which its times are written.
        change: for an update what changed, for a cancel why.
    """

    identifier: str
    kind: BulletinKind
    status: str
    sender_name: str
    texts: tuple[PublicText, ...]
    judgement: Judgement
    released_at: datetime
    expires_at: datetime
    zone: str
    change: str = ""
    web: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IpawsChoice:
    """What a person chose for IPAWS; nothing here has a default that reaches more people.

    Attributes:
        event_code: three letters of 47 CFR 11.31(e), such as LEW or CEM.
        organisation: EAS originator: CIV, WXR, EAS or PEP.
        operator: number of the collaborative operating group.
        agency: its name.
        blocked: channels that are not to carry it: EAS, NWEM, CMAS, PUBLIC, CAPEXCH. A channel
            that is not named here carries it.
        handling: class of the alert on phones, or None.
        timezone: as EAS prints it, such as MST; empty to leave it out.
    """

    event_code: str
    organisation: str
    operator: str
    agency: str
    blocked: tuple[str, ...]
    handling: Handling | None
    timezone: str = ""


def build_public_cap(
    warning: PublicWarning,
    *,
    sender: str,
    areas: Sequence[CapArea],
    references: Sequence[CapReference] = (),
    ipaws: IpawsChoice | None = None,
) -> bytes:
    """The message's bytes, scope Public; they are kept and served as they are.

    Raises:
        OutOfTurn: it refers to nothing, has no text or ground, or says what CAP has no word for.
    """
    kind = {BulletinKind.ALERT: "Alert", BulletinKind.CANCEL: "Cancel"}.get(warning.kind, "Update")
    _require_whole(warning, kind, areas, references)
    require_names(sender, warning.identifier)
    if ipaws:
        _require_choice(ipaws)
    alert = new_alert()
    add(alert, "identifier", warning.identifier)
    add(alert, "sender", sender)
    add(alert, "sent", cap_time(warning.released_at, warning.zone))
    add(alert, "status", warning.status)
    add(alert, "msgType", kind)
    add(alert, "scope", "Public")
    add_some(alert, ("code", IPAWS_CODE if ipaws else ""), ("note", warning.change))
    add_references(alert, references)
    for text in warning.texts:
        _add_info(alert, warning, text, ipaws)
        add_areas(alert[-1], areas, otherwise="")
    return to_bytes(alert)


def _require_whole(
    warning: PublicWarning,
    kind: str,
    areas: Sequence[CapArea],
    references: Sequence[CapReference],
) -> None:
    judged = warning.judgement
    if kind != "Alert" and not references:
        raise OutOfTurn(f"A CAP {kind} must refer to an earlier message.")
    if not warning.texts or not all(text.headline.strip() for text in warning.texts):
        raise OutOfTurn("A message to the public needs words of its own.")
    for text in warning.texts:
        if not is_language(text.language):
            raise OutOfTurn(f"{text.language!r} is no language.", way_out="Write it as en-US.")
    if not areas:
        raise OutOfTurn("A message to the public must say for which ground it is.")
    for word, allowed in (
        (judged.urgency, URGENCIES),
        (judged.severity, SEVERITIES),
        (judged.certainty, CERTAINTIES),
        (judged.response, RESPONSES),
        (judged.category, CATEGORIES),
        (warning.status, STATUSES),
    ):
        if word not in allowed:
            raise OutOfTurn(
                f"CAP has no {word!r} here.", way_out=f"Choose of {', '.join(allowed)}."
            )


def _require_choice(ipaws: IpawsChoice) -> None:
    if not re.fullmatch(r"[A-Z]{3}", ipaws.event_code):
        raise OutOfTurn(
            f"{ipaws.event_code!r} is no event code.", way_out="Choose three letters such as LEW."
        )
    if not ipaws.operator.strip() or not ipaws.agency.strip() or "," in ipaws.operator:
        raise OutOfTurn("IPAWS needs the number of the operating group and the agency's name.")


def _add_info(
    alert: etree._Element, warning: PublicWarning, text: PublicText, ipaws: IpawsChoice | None
) -> None:
    judged = warning.judgement
    info = add(alert, "info")
    add(info, "language", text.language)
    add(info, "category", judged.category)
    add(info, "event", text.event)
    add(info, "responseType", judged.response)
    add(info, "urgency", judged.urgency)
    add(info, "severity", judged.severity)
    add(info, "certainty", judged.certainty)
    if ipaws:
        add_pair(info, "eventCode", "SAME", ipaws.event_code)
    add(info, "expires", cap_time(warning.expires_at, warning.zone))
    name = f"{ipaws.operator},{ipaws.agency}," if ipaws else warning.sender_name
    add_some(
        info,
        ("senderName", name),
        ("headline", text.headline),
        ("description", text.description),
        ("instruction", text.instruction),
        ("web", warning.web),
        ("contact", warning.contact),
    )
    for value_name, value in _parameters(text, ipaws):
        add_pair(info, "parameter", value_name, value)


def _parameters(text: PublicText, ipaws: IpawsChoice | None) -> list[tuple[str, str]]:
    if not ipaws:
        return []
    chosen = [
        ("EAS-ORG", ipaws.organisation),
        *(("BLOCKCHANNEL", channel) for channel in ipaws.blocked),
        ("WEAHandling", ipaws.handling.value if ipaws.handling else ""),
        ("CMAMtext", text.short),
        ("CMAMlongtext", text.long),
        ("timezone", ipaws.timezone),
    ]
    return [(name, value) for name, value in chosen if value.strip()]
