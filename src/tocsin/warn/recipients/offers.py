"""Which agencies a person may want to add: those that look like police, and the neighbours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tocsin.errors import InputError
from tocsin.warn.ground import Outline, overlaps, read_outline
from tocsin.warn.recipients.agencies import (
    AgencyFacts,
    Ground,
    Piece,
    concerned_ground,
    in_km,
    nearest_km,
    reasons_for,
    short_name,
)
from tocsin.warn.recipients.audience import Audience

OFFERED_WITHIN = 10.0
"""Km from the ground concerned within which agencies are offered."""

_NAMED = 3
"""Pieces of ground that an offer names."""


class OfferKind(StrEnum):
    """Why an agency is offered."""

    LOOK_ALIKE = "look-alike"
    NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An agency that is not concerned yet, and that a person may add.

    Attributes:
        agency: its key.
        name: its name.
        kind: a look-alike is accepted by its key; a neighbour is chosen like any agency.
        why: in words.
        distance_km: from the ground concerned to its own; None where that is not on record.
    """

    agency: str
    name: str
    kind: OfferKind
    why: str
    distance_km: float | None

    @property
    def sentence(self) -> str:
        """The offer in one line: who, why, and how far."""
        away = "" if self.distance_km is None else f"; {in_km(self.distance_km)}"
        return f"{self.name}: {self.why}{away}"


def offers(
    audience: Audience,
    *,
    agencies: Iterable[AgencyFacts],
    areas: Iterable[Ground],
    center: str,
    within: float = OFFERED_WITHIN,
) -> tuple[Offer, ...]:
    """Look-alikes and neighbours that are not concerned yet, the nearest first.

    A look-alike whose ground is not on record is offered where a center concerned serves it, or
    none does. An area whose outline cannot be read counts as not on record.

    Args:
        audience: what a person chose.
        agencies: all of the installation.
        areas: all of the installation.
        center: key of the dispatch center that has the threat.
        within: km from the ground concerned.

    Raises:
        InputError: a key of the audience is not on record, or its own ground cannot be measured.
    """
    known = {one.key: one for one in agencies}
    pairs = [(ground, _read(ground)) for ground in areas]
    grounds = [read or ground for ground, read in pairs]
    chosen = reasons_for(audience, agencies=known.values(), areas=grounds, center=center)
    centers = {center, "", *(known[key].center for key in chosen)}
    on_record = [read for _, read in pairs if read]
    concerned = concerned_ground(audience, on_record, chosen)
    found = []
    for key in known.keys() - chosen.keys():
        own = [ground.outline for ground in on_record if key in ground.agencies]
        away = [nearest_km(outline, concerned, km=within) for outline in own]
        nearest = min((one for one in away if one is not None), default=None)
        if nearest is not None:
            found.append(_offer(known[key], _where(own, concerned), nearest))
        elif not own and known[key].is_look_alike and known[key].center in centers:
            found.append(_offer(known[key], "; its ground is not on record", None))
    return tuple(sorted(found, key=_nearest_first))


def _offer(agency: AgencyFacts, where: str, away: float | None) -> Offer:
    kind = OfferKind.LOOK_ALIKE if agency.is_look_alike else OfferKind.NEIGHBOUR
    why = "may be taken for police" if agency.is_look_alike else "answers for ground"
    return Offer(
        agency=agency.key, name=agency.name, kind=kind, why=f"{why}{where}", distance_km=away
    )


def _where(own: Sequence[Outline], concerned: Sequence[Piece]) -> str:
    """The pieces of the ground concerned in which the agency's own ground lies, in words."""
    shared = dict.fromkeys(
        short_name(piece.name)
        for piece in concerned
        if any(overlaps(piece.shape, outline) for outline in own)
    )
    if not shared:
        return " nearby"
    rest = f" and {len(shared) - _NAMED} more" if len(shared) > _NAMED else ""
    return f" in {', '.join(list(shared)[:_NAMED])}{rest}"


def _read(ground: Ground) -> Ground | None:
    """The area with its outline read; None where that cannot be, so that others are offered."""
    try:
        return replace(ground, outline=read_outline(ground.outline))
    except InputError:
        return None


def _nearest_first(offer: Offer) -> tuple[bool, float, str]:
    return offer.distance_km is None, offer.distance_km or 0.0, offer.name
