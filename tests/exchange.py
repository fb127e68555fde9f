"""Builders of what is exchanged as CAP: proposals for the public, alerts of others, keys."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from django.conf import settings

from tests.alerts import (
    ENGLISH,
    SPANISH,
    PrivateKey,
    a_certificate,
    an_ec_key,
    an_ipaws_choice,
    as_pem,
    pem_of,
)
from tests.bulletins import a_bulletin
from tests.world import NOW, World, a_threat, the_draft
from tocsin.desk.records.commands import accounts, bulletins
from tocsin.desk.records.commands.exchange import pin_certificate, read_pem, switch_key
from tocsin.desk.records.commands.publications import approve_publication, ask_publication
from tocsin.desk.records.models import Bulletin, Certificate, Key, Publication
from tocsin.desk.records.publishing import Proposal
from tocsin.warn.cap import CapArea, Judgement, build_cap, sign_cap

JUDGED = Judgement(urgency="Immediate", severity="Severe", certainty="Likely", response="Shelter")
ABROAD_KEY: PrivateKey = an_ec_key()
ABROAD: x509.Certificate = a_certificate(ABROAD_KEY, name="Weld Communications")
ABROAD_PEM = as_pem(ABROAD).decode()


def a_proposal(**changes: Any) -> Proposal:
    """What a person might tell everybody in Harlow."""
    facts: dict[str, Any] = {
        "texts": (replace(ENGLISH, short="", long=""),),
        "judgement": JUDGED,
        "areas": ("harlow",),
    }
    return Proposal(**(facts | changes))


def an_ipaws_proposal(**changes: Any) -> Proposal:
    """The same, written for IPAWS in two languages."""
    facts: dict[str, Any] = {
        "texts": (ENGLISH, SPANISH),
        "ipaws": an_ipaws_choice(),
        "counties": ("008059",),
        "minutes": 60,
    }
    return a_proposal(**(facts | changes))


def in_force(world: World, *, now: datetime = NOW, **changes: Any) -> Bulletin:
    """A released bulletin."""
    return bulletins.release(the_draft(a_threat(world, **changes)), person=world.ortiz, now=now)


def asked(world: World, bulletin: Bulletin, **changes: Any) -> Publication:
    """What Sato asked for."""
    return ask_publication(bulletin, a_proposal(**changes), person=world.sato, now=NOW)


def approved(world: World, bulletin: Bulletin, **changes: Any) -> Publication:
    """What Sato asked for and Ortiz approved half a minute later."""
    row = asked(world, bulletin, **changes)
    return approve_publication(row, person=world.ortiz, now=NOW + timedelta(seconds=30))


def an_alert(*, sender: str = "weld@example.org", number: int = 7, **changes: Any) -> bytes:
    """An unsigned alert of another center."""
    ground = changes.pop("areas", None) or (CapArea(name="Harlow", rings=(_square(),)),)
    references = changes.pop("references", ())
    words = a_bulletin(number=f"W-2026-{number:06}", center="Weld Communications", **changes)
    return build_cap(words, sender=sender, areas=ground, references=references)


def signed(content: bytes) -> bytes:
    """The alert with the other center's signature."""
    return sign_cap(content, key=pem_of(ABROAD_KEY), certificate=as_pem(ABROAD))


def pin(world: World, pem: str = ABROAD_PEM, *, name: str = "Weld") -> Certificate:
    """The certificate is pinned by Adams."""
    seen = read_pem(pem).fingerprint
    return pin_certificate(name, pem, confirmed=seen, person=world.adams, now=NOW)


def a_key(world: World, *, name: str = "weld", exchanges: bool = True, south: bool = False) -> str:
    """A key of a center's, with the right to exchange CAP or without it; its secret."""
    center = world.south if south else world.north
    secret = accounts.make_key(name, center, actor="system:test", now=NOW)
    if exchanges:
        row = Key.objects.get(name=name)
        switch_key(row, exchanges_cap=True, person=world.adams, now=NOW)
    return secret


def with_signature(directory: Any, monkeypatch: Any) -> bytes:
    """Our own messages are signed from now on; the certificate."""
    key = an_ec_key()
    pem = as_pem(a_certificate(key))
    (directory / "cap.key").write_bytes(pem_of(key))
    (directory / "cap.pem").write_bytes(pem)
    monkeypatch.setattr(settings, "TOCSIN_CAP_KEY", str(directory / "cap.key"))
    monkeypatch.setattr(settings, "TOCSIN_CAP_CERTIFICATE", str(directory / "cap.pem"))
    return pem


def _square() -> tuple[tuple[float, float], ...]:
    return (
        (-105.15, 39.15),
        (-105.05, 39.15),
        (-105.05, 39.25),
        (-105.15, 39.25),
        (-105.15, 39.15),
    )
