"""What is kept of an alert from elsewhere: its words, facts of its signature, rules it breaks."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from tocsin.desk.people.models import Agency
from tocsin.desk.records.ground import Ring, home_of
from tocsin.desk.records.models import Bulletin, ForeignAlert, Publication
from tocsin.errors import BadAlert
from tocsin.evidence import open_store
from tocsin.warn.cap import CapMessage, CapReference, Finding, Verdict, parse_cap

MOST_COMPARED = 1_000_000
"""Corners of a message times corners of our ground, each of which costs a step."""

MOST_EARLIER = 50
"""Earlier messages that are read again to see whether they are referred to as they should be."""


def words_of_alert(message: CapMessage) -> dict[str, Any]:
    """The message's own words as JSON; files inside it are named, not kept twice."""
    kept = asdict(message)
    kept.pop("content")
    kept["sent"] = message.sent.text
    kept["expires_at"] = message.expires_at.isoformat() if message.expires_at else None
    kept["references"] = [str(one) for one in message.references]
    for block in kept["infos"]:
        for name in ("effective", "onset", "expires"):
            block[name] = block[name]["text"] if block[name] else ""
        for shown in block["resources"]:
            shown["content"] = len(shown["content"])
    return kept


def facts_of(verdict: Verdict, *, certificates: dict[str, str]) -> dict[str, Any]:
    """The signature's facts as JSON, each by itself.

    Args:
        verdict: what was found.
        certificates: names of the pinned certificates, by fingerprint.
    """
    return {
        "is_signed": verdict.is_signed,
        "is_covered": verdict.message is not None,
        "is_trusted": any(one.is_sound and one.is_trusted for one in verdict.signatures),
        "sentences": list(verdict.sentences()),
        "pinned_as": sorted(
            {
                certificates[one.fingerprint]
                for one in verdict.signatures
                if one.fingerprint in certificates
            }
        ),
        "signatures": [asdict(one) for one in verdict.signatures],
        "received_at": verdict.received_at.isoformat(),
    }


def found_in(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """The rules that it breaks as JSON, errors first."""
    return [
        {
            "level": one.rule.level.value,
            "place": one.place,
            "detail": one.detail,
            "rule": one.rule.sentence,
            "source": one.rule.source,
            "key": one.rule.key,
        }
        for one in findings
    ]


def earlier_alerts(message: CapMessage, center: Agency) -> list[CapMessage]:
    """The messages on record that this one refers to, read again."""
    rows = _referred(message.references, center)
    found = []
    for row in rows.select_related("exhibit")[:MOST_EARLIER]:
        with open_store(settings.TOCSIN_STORE).open(row.exhibit.sha256) as file:
            try:
                found.append(parse_cap(file.read()))
            except BadAlert:
                continue  # a feed's entry is kept apart from its feed; its row says what it was
    return found


def ground_for(message: CapMessage, center: Agency) -> tuple[Ring, ...]:
    """The center's ground with which the message's is compared.

    For a message with very many corners it is the box around our ground: nobody outside decides
    how long we compute.
    """
    home = home_of(center)
    corners = sum(
        shape.count(",") for info in message.infos for area in info.areas for shape in area.polygons
    )
    if corners * sum(map(len, home)) <= MOST_COMPARED:
        return home
    west, south = (min(pair[at] for ring in home for pair in ring) for at in (0, 1))
    east, north = (max(pair[at] for ring in home for pair in ring) for at in (0, 1))
    return (((west, south), (east, south), (east, north), (west, north), (west, south)),)


def where_on_record(reference: str, center: Agency) -> tuple[str, str]:
    """What a reference means here: what kind of thing, and its key or number; empty for nothing.

    The kinds are `alert` (from elsewhere), `threat` (of our bulletin) and `public`.
    """
    parts = reference.split(",")
    if len(parts) != 3:
        return "", ""
    sender, identifier, sent = parts
    row = ForeignAlert.objects.filter(
        center=center, sender=sender, identifier=identifier, sent=sent
    ).first()
    if row:
        return "alert", str(row.pk)
    if sender != settings.TOCSIN_CAP_SENDER:
        return "", ""
    return _our_own(identifier, center)


def _our_own(identifier: str, center: Agency) -> tuple[str, str]:
    number, _, version = identifier.rpartition(".")
    if not version.isdecimal() or len(version) > 4:
        return "", ""
    bulletin = Bulletin.objects.filter(
        number=number, version=int(version), cap__isnull=False, threat__center=center
    ).first()
    if bulletin:
        return "threat", bulletin.threat.number
    public = Publication.objects.filter(
        number=number, version=int(version), cap__isnull=False, bulletin__threat__center=center
    ).first()
    return ("public", public.identifier) if public else ("", "")


def _referred(references: Sequence[CapReference], center: Agency) -> QuerySet[ForeignAlert]:
    wanted = Q(pk__in=())
    for one in references[:MOST_EARLIER]:
        wanted |= Q(sender=one.sender, identifier=one.identifier)
    return ForeignAlert.objects.filter(wanted, center=center).order_by("pk")
