"""Puts sealed bytes on record."""

from dataclasses import dataclass
from datetime import datetime

from tocsin.desk.people.models import Agency, Person
from tocsin.desk.records import log
from tocsin.desk.records.models import Exhibit
from tocsin.evidence import Sealed
from tocsin.evidence.chain import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Sealed bytes and what they are.

    Attributes:
        sealed: digests and size.
        kind: what the bytes are.
        name: for showing.
        parent: of a derivative: what it was made from.
        made_by: of a derivative: the tool and its settings.
    """

    sealed: Sealed
    kind: Exhibit.Kind
    name: str
    parent: Exhibit | None = None
    made_by: str = ""


def record_exhibit(piece: Piece, *, center: Agency, actor: Person | str, now: datetime) -> Exhibit:
    """The center has the bytes as an exhibit; the one it has already, where it has them."""
    exhibit, is_new = Exhibit.objects.get_or_create(
        center=center,
        sha256=piece.sealed.sha256,
        defaults={
            "sha512": piece.sealed.sha512,
            "size": piece.sealed.size,
            "kind": piece.kind,
            "name": piece.name,
            "parent": piece.parent,
            "made_by": piece.made_by,
            "sealed_at": now,
        },
    )
    if is_new:
        log.append(
            center,
            "sealed",
            f"exhibit:{piece.sealed.sha256}",
            actor=actor,
            now=now,
            facts=_facts(piece),
        )
    return exhibit


def _facts(piece: Piece) -> dict[str, Fact]:
    facts: dict[str, Fact] = {
        "sha256": piece.sealed.sha256,
        "sha512": piece.sealed.sha512,
        "size": piece.sealed.size,
        "kind": piece.kind.value,
    }
    if piece.parent:
        facts |= {"parent_sha256": piece.parent.sha256, "made_by": piece.made_by}
    return facts
